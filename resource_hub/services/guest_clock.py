"""Remind people from outside by mail, on the days on which reviewers of the hub are reminded.

The day before and the day on which their opinion is wanted. A working day later they are reminded
once more, and who invited them is told: nobody else can be asked in a guest's place.
"""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from resource_hub.domain.deadlines import Nudge, nudge, working_days_late
from resource_hub.domain.review import OPERATOR
from resource_hub.models import Invitation, Notice, Revision, Submission, User
from resource_hub.services.holidays import working_calendar
from resource_hub.services.invitations import wanted_by, why_ended
from resource_hub.services.notices import tell
from resource_hub.services.unit_of_work import UnitOfWork

GUEST_LATE = "guest_late"


def remind_guests(uow: UnitOfWork, submission: Submission, revision: Revision) -> None:
    """What is due today; running twice on a day mails and tells nobody twice."""
    today, calendar = uow.today(), working_calendar(uow.session)
    asked = uow.session.scalars(
        select(Invitation)
        .where(Invitation.submission_id == submission.id)
        .order_by(Invitation.id)
        .options(
            joinedload(Invitation.guest),
            joinedload(Invitation.inviter).joinedload(User.school),
            joinedload(Invitation.submission),
        )
    )
    for invitation in asked.all():
        if why_ended(uow.session, invitation, uow.now()) is not None:
            continue
        due = wanted_by(uow.session, invitation, uow.zone)
        word = nudge(due, today, calendar)
        if word is None or (word is Nudge.LATE and working_days_late(due, today, calendar) > 1):
            continue
        uow.promise_once("mail_invitation", f"{invitation.id}:{today.isoformat()}")
        if word is Nudge.LATE and not _was_told(uow, submission, invitation):
            tell(
                uow,
                invitation.inviter_id,
                GUEST_LATE,
                by=OPERATOR,
                resource=revision.resource,
                revision=revision,
                submission=submission,
                comment=invitation.guest.name,
                due=due,
                turn=-invitation.id,
            )


def _was_told(uow: UnitOfWork, submission: Submission, invitation: Invitation) -> bool:
    """A guest has no turn; the invitation stands for it, below zero, so that it is no turn's."""
    found = uow.session.scalar(
        select(Notice.id).where(
            Notice.kind == GUEST_LATE,
            Notice.submission_id == submission.id,
            Notice.values["turn"].as_integer() == -invitation.id,
        )
    )
    return found is not None

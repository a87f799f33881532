"""Tell who looks after a review what is amiss with it: nobody is there, or somebody is late."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.people import Role
from resource_hub.domain.review import OPERATOR, Stage
from resource_hub.models import Appointed, AuditEvent, Revision, Submission, User
from resource_hub.services.closeness import co_author_ids
from resource_hub.services.notices import tell
from resource_hub.services.unit_of_work import UnitOfWork

NOBODY = "nobody_available"
"""The notice to the coordinators when a stage has too few people."""
LACK = "assignment:lack"
"""In the audit trail: how many people a stage lacks from now on."""


def note_lack(uow: UnitOfWork, submission: Submission, revision: Revision, number: int) -> None:
    """Keep how many people the stage lacks; where it lacks more than before, say so.

    So a lack is told once, however many days it lasts; and again when somebody came meanwhile and
    went, for then the coordinators believe it is in good hands.
    """
    before = _known_lack(uow.session, submission, revision)
    if number == before:
        return
    uow.record(
        LACK,
        by=OPERATOR,
        resource=revision.resource,
        submission=submission.id,
        stage=submission.stage.value,
        number=number,
    )
    if number > before:
        tell_coordinators(uow, NOBODY, submission, revision)


def _known_lack(session: Session, submission: Submission, revision: Revision) -> int:
    """What was noted of this stage last; of the whole resource there are a few at most."""
    notes = session.scalars(
        select(AuditEvent.detail)
        .where(AuditEvent.tag == LACK, AuditEvent.resource_id == revision.resource_id)
        .order_by(AuditEvent.id)
    ).all()
    here = {"submission": submission.id, "stage": submission.stage.value}
    if not notes or not here.items() <= notes[-1].items():
        return 0
    return int(notes[-1]["number"])


def tell_coordinators(
    uow: UnitOfWork,
    kind: str,
    submission: Submission,
    revision: Revision,
    *,
    comment: str = "",
    due: date | None = None,
    turn: int | None = None,
) -> None:
    """Tell who looks after the author's school; the administrators where nobody else does.

    At the alliance stage the school's coordinators may ask and remind, but choose nobody: that the
    alliance lacks people, the administrators read too.
    """
    resource = revision.resource
    serving = select(Appointed.user_id).join(Appointed.user).where(User.is_active).distinct()
    writers = {resource.owner_id, *co_author_ids(uow.session, revision.id)}
    people = set(
        uow.session.scalars(
            serving.where(
                Appointed.role == Role.COORDINATOR,
                Appointed.school_id == resource.school_id,
                Appointed.user_id.not_in(writers),
            )
        )
    )
    if not people or (kind == NOBODY and submission.stage is Stage.ALLIANCE):
        people |= set(uow.session.scalars(serving.where(Appointed.role == Role.ADMINISTRATOR)))
    for user_id in sorted(people):
        tell(
            uow,
            user_id,
            kind,
            by=OPERATOR,
            resource=resource,
            revision=revision,
            submission=submission,
            comment=comment,
            due=due,
            turn=turn,
        )

"""A coordinator's word to those who have a submission: it waits for you."""

from datetime import timedelta

from sqlalchemy import select

from resource_hub.domain.errors import N_, NotAllowed, WrongState
from resource_hub.domain.people import Person
from resource_hub.models import Notice, Submission
from resource_hub.services.assigning import holders
from resource_hub.services.notices import tell
from resource_hub.services.revisions import load_revision
from resource_hub.services.unit_of_work import UnitOfWork

KIND = "remind"
AGAIN_AFTER = timedelta(hours=20)
"""One reminder a day, whoever presses: more is nagging, and then nobody reads any."""


def remind(uow: UnitOfWork, person: Person, submission: Submission) -> list[str]:
    """Tell everybody whose turn it is; the names of those who were told.

    Raises:
        NotAllowed: the person answers neither for the school nor for the hub.
        WrongState: the round is over, nobody has it, or all have been reminded today.
    """
    revision = load_revision(uow.session, submission.revision_id)
    if not (person.is_administrator or person.coordinates(revision.resource.school_id)):
        raise NotAllowed(N_("Only the school's coordinator can remind the reviewers."))
    if submission.outcome is not None:
        raise WrongState(N_("This round is over: there is nothing to remind of."))
    waiting_for = [
        held
        for held in holders(uow.session, [submission.id])[submission.id]
        if held.reviewer_id != person.id
    ]
    if not waiting_for:
        raise WrongState(N_("Nobody else has it: hand it to somebody."))
    told = set(
        uow.session.scalars(
            select(Notice.user_id).where(
                Notice.submission_id == submission.id,
                Notice.kind == KIND,
                Notice.at > uow.now() - AGAIN_AFTER,
            )
        )
    )
    fresh = [held for held in waiting_for if held.reviewer_id not in told]
    if not fresh:
        raise WrongState(N_("%(name)s has been reminded today already."), name=waiting_for[0].name)
    for held in fresh:
        tell(
            uow,
            held.reviewer_id,
            KIND,
            by=person,
            resource=revision.resource,
            revision=revision,
            submission=submission,
        )
    uow.record(
        "submission:remind",
        by=person,
        resource=revision.resource,
        revision=revision,
        reminded=[held.reviewer_id for held in fresh],
    )
    return [held.name for held in fresh]

"""What a reviewer does at the desk: one submission, one button."""

from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import N_, Missing, NotAllowed, WrongState
from resource_hub.domain.people import Person
from resource_hub.domain.permissions import may_open_desk, wrote_it
from resource_hub.domain.review import DECISIONS, Action, Reason, Stage
from resource_hub.domain.review_form import Sheet
from resource_hub.models import HalfWritten, Revision, Submission
from resource_hub.services.faster import who_was_faster
from resource_hub.services.review import take_step
from resource_hub.services.revisions import hold_still, load_revision, readable
from resource_hub.services.unit_of_work import UnitOfWork

NO_SUCH = N_("There is no such submission, or it is not yours to judge.")

HOLDING = frozenset({Action.CLAIM, Action.RELEASE, Action.DECLINE, Action.HAND_OVER})
"""The actions that change who has a submission, and nothing else."""

AT_THE_DESK = HOLDING | frozenset(DECISIONS)
"""The actions that are about one submission and belong to those who judge it."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What was done: the revision in its new place, and the stage at which it was done."""

    revision: Revision
    stage: Stage


def submission_on_desk(session: Session, person: Person, submission_id: int) -> Submission:
    """The submission with its revision, open or closed, if ``person`` judges or answers for it.

    Raises:
        Missing: there is none, as far as this person may know.
        NotAllowed: it is the person's own work.
    """
    submission = session.scalar(
        select(Submission)
        .where(Submission.id == submission_id)
        .execution_options(populate_existing=True)
    )
    if submission is None:
        raise Missing(NO_SUCH)
    revision = load_revision(session, submission.revision_id)
    facts = readable(session, revision)
    if wrote_it(person, facts.item):
        raise NotAllowed(N_("You cannot review your own work."))
    if not may_open_desk(person, facts):
        raise Missing(NO_SUCH)
    return submission


def decide(
    uow: UnitOfWork,
    person: Person,
    submission_id: int,
    action: Action,
    *,
    comment: str = "",
    reason: Reason | None = None,
    sheet: Sheet | None = None,
    in_brief: bool = False,
    seen: int | None = None,
    successor: int | None = None,
) -> Decided:
    """Carry out one button of the desk; see ``services.review.take_step``.

    The address names the submission, so an opinion on one round never lands on the next.

    Raises:
        Missing: there is no such submission, or no such button on the desk.
        NotAllowed: it is the person's own work, or not theirs to judge.
        Invalid: a comment or reason is missing.
        WrongState: someone was faster; the sentence names them.
    """
    if action not in AT_THE_DESK:
        raise Missing(N_("There is no such button on this page."))
    revision_id = uow.session.scalar(
        select(Submission.revision_id).where(Submission.id == submission_id)
    )
    hold_still(uow.session, revision_id or 0)
    submission = submission_on_desk(uow.session, person, submission_id)
    if submission.outcome is not None:
        revision = load_revision(uow.session, submission.revision_id)
        over = WrongState(N_("This round is over; what you wrote is kept below."))
        raise who_was_faster(uow.session, person, revision, over)
    stage = submission.stage
    revision = take_step(
        uow,
        person,
        submission.revision_id,
        action,
        comment=comment,
        reason=reason,
        sheet=sheet,
        in_brief=in_brief,
        seen=seen,
        successor=successor,
    )
    if action in DECISIONS:
        forget_opinions(uow, person, submission_id)
    return Decided(revision, stage)


def forget_opinions(uow: UnitOfWork, person: Person, submission_id: int) -> None:
    """After the decision: what was half written stands in the review now."""
    uow.session.execute(
        delete(HalfWritten).where(
            HalfWritten.submission_id == submission_id, HalfWritten.reviewer_id == person.id
        )
    )

"""Give submissions to people: enough of them for each stage, and a coordinator told if not."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from resource_hub.domain.assignment import Ground, Why, propose
from resource_hub.domain.deadlines import due_on
from resource_hub.domain.people import Person
from resource_hub.domain.review import OPERATOR
from resource_hub.models import Assignment, EndedAs, Review, Revision, Submission, User
from resource_hub.services.available import candidates, work_of
from resource_hub.services.coordinators import note_lack
from resource_hub.services.holidays import working_calendar
from resource_hub.services.notices import tell
from resource_hub.services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Holder:
    """One person who has a submission now."""

    reviewer_id: int
    name: str
    since: datetime
    due_on: date
    has_claimed: bool
    """Nobody else may take this person's place."""
    why: Why | None
    has_opened: bool
    """The person had it on the desk."""


def holders(session: Session, submission_ids: Collection[int]) -> Mapping[int, list[Holder]]:
    """Who has each of these submissions now, the longest first; one query."""
    found: dict[int, list[Holder]] = {number: [] for number in submission_ids}
    if not found:
        return found
    for held in session.execute(
        select(
            Assignment.submission_id,
            Assignment.reviewer_id,
            User.name,
            func.coalesce(Assignment.claimed_at, Assignment.assigned_at).label("since"),
            Assignment.due_on,
            Assignment.claimed_at.is_not(None).label("has_claimed"),
            Assignment.why,
            Assignment.opened_at.is_not(None).label("has_opened"),
        )
        .join(Assignment.reviewer)
        .where(Assignment.submission_id.in_(found), Assignment.ended_at.is_(None))
        .order_by(Assignment.assigned_at, Assignment.id)
    ):
        found[held.submission_id].append(
            Holder(
                held.reviewer_id,
                held.name,
                held.since,
                held.due_on,
                bool(held.has_claimed),
                Why.from_json(held.why),
                bool(held.has_opened),
            )
        )
    return found


def expected_on(held: Collection[Holder]) -> date | None:
    """By what day a result is expected: when the last of them should have decided."""
    return max((each.due_on for each in held), default=None)


def open_assignments(session: Session, submission_id: int) -> list[Assignment]:
    """Those whose turn it is now, the longest first."""
    return list(
        session.scalars(
            select(Assignment)
            .where(Assignment.submission_id == submission_id, Assignment.ended_at.is_(None))
            .order_by(Assignment.assigned_at, Assignment.id)
        )
    )


def enter_stage(uow: UnitOfWork, submission: Submission | None, revision: Revision) -> None:
    """See to it that the stage has exactly as many people as it still wants opinions.

    Called whenever somebody came or went: when the stage begins, after a decision that leaves the
    stage open, when somebody gives it back. Where too few people are available the coordinators of
    the author's school are told. ``resource`` must be loaded.
    """
    if submission is None or submission.outcome is not None:
        return
    session = uow.session
    session.flush()
    judged = session.scalar(
        select(func.count(Review.id)).where(
            Review.submission_id == submission.id, Review.stage == submission.stage
        )
    )
    present = open_assignments(session, submission.id)
    wanted = submission.policy.approvals_at(submission.stage) - (judged or 0)
    if len(present) >= wanted:
        relieve(uow, submission, revision, present, len(present) - max(wanted, 0))
        note_lack(uow, submission, revision, 0)
        return
    chosen = propose(
        work_of(session, submission, revision),
        candidates(session, submission, revision.resource, uow.today()),
        wanted=wanted - len(present),
    )
    for proposal in chosen:
        give(uow, submission, revision, proposal.reviewer_id, proposal.why)
    note_lack(uow, submission, revision, wanted - len(present) - len(chosen))


def give(
    uow: UnitOfWork,
    submission: Submission,
    revision: Revision,
    reviewer_id: int,
    why: Why,
    *,
    by: Person = OPERATOR,
    note: str = "",
) -> Assignment:
    """Make it this person's turn, and say so to them."""
    now = uow.now()
    held = Assignment(
        submission_id=submission.id,
        stage=submission.stage,
        reviewer_id=reviewer_id,
        assigned_at=now,
        due_on=due_on(
            uow.today(),
            submission.policy.days_at(submission.stage),
            working_calendar(uow.session),
        ),
        why=why.to_json(),
    )
    uow.session.add(held)
    uow.session.flush()
    uow.record(
        "assignment:give",
        by=by,
        resource=revision.resource,
        submission=submission.id,
        reviewer=reviewer_id,
        why=why.to_json(),
    )
    tell(
        uow,
        reviewer_id,
        "handed_over" if why.ground is Ground.HANDED_OVER else "assigned",
        by=by,
        resource=revision.resource,
        revision=revision,
        submission=submission,
        comment=note,
        due=held.due_on,
    )
    return held


FREED = frozenset({EndedAs.DECIDED, EndedAs.CLOSED})
"""After these somebody has less to do, and may take over from others: see ``services.evening``."""

A_MINUTE = timedelta(minutes=1)
"""Not before: who goes through the inbox decides on several, and a publication comes first."""


def end(uow: UnitOfWork, held: Assignment, how: EndedAs, note: str = "") -> None:
    """End one turn, for whatever reason."""
    held.ended_at, held.ended_as, held.note = uow.now(), how, note
    uow.record(
        "assignment:end",
        by=OPERATOR,
        submission=held.submission_id,
        reviewer=held.reviewer_id,
        how=how.value,
    )
    if how in FREED:
        uow.promise("rebalance", held.reviewer_id, at=uow.now() + A_MINUTE)


def end_assignment(
    uow: UnitOfWork, submission: Submission, reviewer_id: int | None, how: EndedAs, note: str = ""
) -> None:
    """End the turn of one person; nothing happens when it was not theirs."""
    for held in open_assignments(uow.session, submission.id):
        if held.reviewer_id == reviewer_id:
            end(uow, held, how, note)


def close_assignments(
    uow: UnitOfWork, submission: Submission, how: EndedAs = EndedAs.CLOSED
) -> None:
    """End the turn of everybody who has it: the stage is over."""
    for held in open_assignments(uow.session, submission.id):
        end(uow, held, how)


def relieve(
    uow: UnitOfWork,
    submission: Submission,
    revision: Revision,
    present: Collection[Assignment],
    number: int,
) -> None:
    """End so many turns because others were faster: the last who came first, claims last."""
    for held in sorted(present, key=lambda one: (one.claimed_at is not None, -one.id))[:number]:
        end(uow, held, EndedAs.CLOSED)
        tell(
            uow,
            held.reviewer_id,
            "relieved",
            by=OPERATOR,
            resource=revision.resource,
            revision=revision,
            submission=submission,
        )

"""Every working day: remind reviewers, tell coordinators what is late, then ask somebody else.

On the working day before it is due and on the day, whoever has it is reminded. On the first working
day after, the coordinators are told; on the next one somebody else is asked, if anybody is
available. What has too few people is offered again: somebody may be newly appointed. Running twice
on a day tells nobody twice.

On the day on which a leave begins, working day or not, what the person has is passed on likewise
and the coordinators are told; what nobody else can take stays, and is reminded of as ever. Who has
become the author's mentor or mentee, is dismissed, reviews other subjects now, or has no account
any more gives it up at once.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from resource_hub.domain.assignment import PassedOn, propose
from resource_hub.domain.deadlines import Nudge, nudge
from resource_hub.domain.review import OPERATOR, is_reviewer_of_it
from resource_hub.models import Absence, Assignment, EndedAs, Notice, Revision, Submission
from resource_hub.services.absences import away
from resource_hub.services.assigning import end, enter_stage
from resource_hub.services.available import candidates, work_of
from resource_hub.services.coordinators import tell_coordinators
from resource_hub.services.guest_clock import remind_guests
from resource_hub.services.holidays import working_calendar
from resource_hub.services.notices import tell
from resource_hub.services.persons import load_person
from resource_hub.services.revisions import hold_still, load_revision, reviewable
from resource_hub.services.unit_of_work import UnitOfWork

ESCALATED = "review_late"
PASSED_ON = "passed_on"
AWAY = "reviewer_away"
"""To the coordinators, when somebody's leave begins who still has something to review."""
AWAY_PASSED_ON = "away_passed_on"
STANDS_ASIDE = "stands_aside"
"""To who became the author's mentor or mentee meanwhile."""
NO_REVIEWER = "no_reviewer"
"""To who may not judge it any more: dismissed, or for other subjects and stages now."""

KINDS: Mapping[PassedOn, str] = {
    PassedOn.LATE: PASSED_ON,
    PassedOn.AWAY: AWAY_PASSED_ON,
    PassedOn.TOO_CLOSE: STANDS_ASIDE,
    PassedOn.NO_REVIEWER: NO_REVIEWER,
}
"""What is said to the one from whom it is taken."""


def open_submissions(session: Session) -> list[int]:
    """Everything under review, the oldest first; each is looked at in a transaction of its own."""
    return list(
        session.scalars(
            select(Submission.id).where(Submission.outcome.is_(None)).order_by(Submission.id)
        )
    )


def submissions_of(session: Session, reviewer_id: int) -> list[int]:
    """What one person has to review now."""
    return list(
        session.scalars(
            select(Assignment.submission_id)
            .where(Assignment.reviewer_id == reviewer_id, Assignment.ended_at.is_(None))
            .order_by(Assignment.submission_id)
        )
    )


def look_at(uow: UnitOfWork, submission_id: int) -> None:
    """Say and do what is due today for one submission; nothing when it was closed meanwhile."""
    revision_id = uow.session.scalar(
        select(Submission.revision_id).where(Submission.id == submission_id)
    )
    hold_still(uow.session, revision_id or 0)
    submission = uow.session.get(Submission, submission_id, populate_existing=True)
    if submission is None or submission.outcome is not None:
        return
    revision = load_revision(uow.session, submission.revision_id)
    # An empty place comes first: who takes it cannot take over what is late as well.
    enter_stage(uow, submission, revision)
    remind_guests(uow, submission, revision)
    for held in uow.session.scalars(
        select(Assignment)
        .where(Assignment.submission_id == submission_id, Assignment.ended_at.is_(None))
        .order_by(Assignment.id)
        .options(joinedload(Assignment.reviewer))
    ).all():
        _look_at_turn(uow, submission, revision, held)


def _look_at_turn(
    uow: UnitOfWork, submission: Submission, revision: Revision, held: Assignment
) -> None:
    today = uow.today()
    if (why := _why_not(uow.session, revision, held)) is not None:
        _end(uow, submission, revision, held, why)
        return
    leave = away(uow.session, [held.reviewer_id], today).get(held.reviewer_id)
    if leave is not None and _was_given_before(held, leave, uow.zone):
        _note_leave(uow, submission, revision, held, leave)
        if _pass_on(uow, submission, revision, held, PassedOn.AWAY):
            return
    escalated_on = _last_told(uow, ESCALATED, held, since=held.assigned_at)
    word = nudge(held.due_on, today, working_calendar(uow.session), escalated_on=escalated_on)
    if word is Nudge.REASSIGN:
        _pass_on(uow, submission, revision, held, PassedOn.LATE)
        return
    midnight = datetime.combine(today, time(), uow.zone)
    if word is None or _last_told(uow, word.value, held, since=midnight):
        return
    _tell(uow, word.value, submission, revision, held)
    if word is Nudge.LATE:
        tell_coordinators(
            uow,
            ESCALATED,
            submission,
            revision,
            comment=held.reviewer.name,
            due=held.due_on,
            turn=held.id,
        )


def _why_not(session: Session, revision: Revision, held: Assignment) -> PassedOn | None:
    """Why somebody may not judge any more what they have; by the very rule of the desk."""
    item = reviewable(session, revision)
    if held.reviewer_id in item.barred | item.co_authors | item.paired:
        return PassedOn.TOO_CLOSE
    person = load_person(session, held.reviewer_id)
    if person is None or is_reviewer_of_it(person, item):
        return PassedOn.NO_REVIEWER
    return None


def _pass_on(
    uow: UnitOfWork, submission: Submission, revision: Revision, held: Assignment, why: PassedOn
) -> bool:
    """Ask the next one; where there is none it stays, for the coordinators know of it."""
    work = work_of(uow.session, submission, revision)
    if not propose(work, candidates(uow.session, submission, revision.resource, uow.today())):
        return False
    _end(uow, submission, revision, held, why)
    return True


def _end(
    uow: UnitOfWork, submission: Submission, revision: Revision, held: Assignment, why: PassedOn
) -> None:
    """Say so, and ask the next one at once: who is asked now is free for nobody else's turn."""
    end(uow, held, EndedAs.REASSIGNED, why.value)
    if held.reviewer.is_active:
        _tell(uow, KINDS[why], submission, revision, held)
    enter_stage(uow, submission, revision)


def _was_given_before(held: Assignment, leave: Absence, zone: tzinfo) -> bool:
    """Not what somebody took, or was asked for in so many words, although away."""
    return (held.claimed_at or held.assigned_at) <= _began(leave, zone)


def _began(leave: Absence, zone: tzinfo) -> datetime:
    """From when on the hub could know that the person is away."""
    return max(leave.entered_at, datetime.combine(leave.first_on, time(), zone))


def _note_leave(
    uow: UnitOfWork, submission: Submission, revision: Revision, held: Assignment, leave: Absence
) -> None:
    """Once for each leave of each who has it."""
    if _last_told(uow, AWAY, held, since=_began(leave, uow.zone)) is None:
        tell_coordinators(
            uow,
            AWAY,
            submission,
            revision,
            comment=held.reviewer.name,
            due=leave.last_on,
            turn=held.id,
        )


def _tell(
    uow: UnitOfWork, kind: str, submission: Submission, revision: Revision, held: Assignment
) -> None:
    tell(
        uow,
        held.reviewer_id,
        kind,
        by=OPERATOR,
        resource=revision.resource,
        revision=revision,
        submission=submission,
        due=held.due_on,
        turn=held.id,
    )


def _last_told(uow: UnitOfWork, kind: str, held: Assignment, *, since: datetime) -> date | None:
    """On what day this was last said of this very turn, for several may have the submission."""
    at = uow.session.scalar(
        select(Notice.at)
        .where(
            Notice.kind == kind,
            Notice.submission_id == held.submission_id,
            Notice.values["turn"].as_integer() == held.id,
            Notice.at >= since,
        )
        .order_by(Notice.at.desc())
        .limit(1)
    )
    return None if at is None else at.astimezone(uow.zone).date()

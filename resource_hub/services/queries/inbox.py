"""What a reviewer may judge: the condition that every list and figure of the inbox asks."""

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import N_, NotAllowed
from resource_hub.domain.people import Appointment, Person, Role
from resource_hub.domain.review import Stage, State
from resource_hub.models import Assignment, Resource, Review, Revision, Submission
from resource_hub.services.closeness import is_paired, wrote_it
from resource_hub.services.rounds import is_barred


def refuse_unless_reviewer(person: Person) -> None:
    """Raise ``NotAllowed`` for those who have no inbox."""
    if not person.is_reviewer:
        raise NotAllowed(N_("Only reviewers have an inbox."))


def may_judge(person: Person) -> ColumnElement[bool]:
    """What is open and this person may judge, less what they have approved at this stage.

    The workflow's ``is_reviewer_of_it`` as a condition on Submission, Revision and Resource;
    ``tests/services/test_inbox.py`` asks both about the same cast.
    """
    scopes = [_scope(person, held) for held in person.appointments]
    return and_(
        Submission.outcome.is_(None),
        Revision.state == State.IN_REVIEW,
        ~wrote_it(person),
        ~is_paired(person),
        or_(false(), *[scope for scope in scopes if scope is not None]),
        ~exists().where(
            Review.submission_id == Submission.id,
            Review.stage == Submission.stage,
            Review.reviewer_id == (person.id or 0),
        ),
        ~is_barred(person),
    )


def _scope(person: Person, held: Appointment) -> ColumnElement[bool] | None:
    if held.role is Role.COORDINATOR and held.school_id is not None:
        return and_(Submission.stage == Stage.SCHOOL, Resource.school_id == held.school_id)
    if held.role is not Role.REVIEWER:
        return None
    conditions: list[ColumnElement[bool]] = []
    if held.subjects:
        conditions.append(Revision.subject.in_(sorted(held.subjects)))
    if held.stages:
        conditions.append(Revision.school_stage.in_(sorted(held.stages)))
    if held.alliance_id is not None:
        return and_(
            Submission.stage == Stage.ALLIANCE,
            Submission.alliance_id == held.alliance_id,
            Resource.school_id != (person.school_id or 0),
            *conditions,
        )
    return and_(Submission.stage == Stage.SCHOOL, Resource.school_id == held.school_id, *conditions)


def count_waiting(session: Session, person: Person) -> int:
    """How many submissions this person could judge next: free, or held by this person."""
    return session.scalar(number_waiting(person)) or 0 if person.is_reviewer else 0


def number_waiting(person: Person) -> Select[int]:
    """``count_waiting`` as a query, to be asked together with others."""
    return (
        select(func.count(Submission.id))
        .join(Submission.revision)
        .join(Revision.resource)
        .where(may_judge(person), _free_or_mine(person))
    )


def _free_or_mine(person: Person) -> ColumnElement[bool]:
    held = select(Assignment.id).where(
        Assignment.submission_id == Submission.id, Assignment.ended_at.is_(None)
    )
    return or_(~held.exists(), held.where(Assignment.reviewer_id == (person.id or 0)).exists())

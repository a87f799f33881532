"""What waits for a reviewer."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from resource_hub.domain.people import Appointment, Person, Role
from resource_hub.domain.review import Stage, State
from resource_hub.models import Resource, Review, Revision, School, Submission, User
from resource_hub.services.queries.shelf import Paging

PER_PAGE = 30


@dataclass(frozen=True, slots=True)
class Waiting:
    """One submission in the inbox; codes, not labels."""

    submission_id: int
    revision_id: int
    public_id: str
    kind: str
    title: str
    subject: str
    school_stage: str
    grades: tuple[str, ...]
    stage: Stage
    round: int
    author_name: str
    school_name: str
    waiting_since: datetime
    holder_id: int | None
    holder_name: str | None


def may_judge(person: Person) -> ColumnElement[bool]:
    """The workflow's ``is_reviewer_of_it`` as a condition on Submission, Revision and Resource."""
    scopes = [_scope(person, held) for held in person.appointments]
    return and_(
        Submission.outcome.is_(None),
        Revision.state == State.IN_REVIEW,
        Resource.owner_id != (person.id or 0),
        or_(false(), *[scope for scope in scopes if scope is not None]),
        ~exists().where(
            Review.submission_id == Submission.id,
            Review.stage == Submission.stage,
            Review.reviewer_id == (person.id or 0),
        ),
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
    """The figure beside "Review" on every page: free, or held by this person."""
    if not person.is_reviewer:
        return 0
    return (
        session.scalar(
            select(func.count(Submission.id))
            .join(Submission.revision)
            .join(Revision.resource)
            .where(may_judge(person), _free_or_mine(person))
        )
        or 0
    )


def _free_or_mine(person: Person) -> ColumnElement[bool]:
    return or_(Submission.holder_id.is_(None), Submission.holder_id == person.id)


def inbox(
    session: Session,
    person: Person,
    *,
    subject: str = "",
    stage: Stage | None = None,
    mine: bool = False,
    page: int = 1,
) -> tuple[list[Waiting], Paging]:
    """What this person may judge now, longest waiting first; what others hold comes last."""
    conditions = [may_judge(person)]
    if subject:
        conditions.append(Revision.subject == subject)
    if stage is not None:
        conditions.append(Submission.stage == stage)
    if mine:
        conditions.append(Submission.holder_id == person.id)
    counted = (
        select(func.count(Submission.id))
        .join(Submission.revision)
        .join(Revision.resource)
        .where(*conditions)
    )
    paging = Paging.fit(page, PER_PAGE, session.scalar(counted) or 0)
    author, holder = aliased(User), aliased(User)
    rows = session.execute(
        select(Submission, Revision, Resource, author.name, School.name, holder.name)
        .join(Submission.revision)
        .join(Revision.resource)
        .join(author, Resource.owner_id == author.id)
        .join(School, Resource.school_id == School.id)
        .outerjoin(holder, Submission.holder_id == holder.id)
        .where(*conditions)
        .order_by(~_free_or_mine(person), Submission.stage_since, Submission.id)
        .offset(paging.offset)
        .limit(PER_PAGE)
    ).all()
    return [
        Waiting(
            submission_id=submission.id,
            revision_id=revision.id,
            public_id=resource.public_id,
            kind=resource.kind.value,
            title=revision.title,
            subject=revision.subject,
            school_stage=revision.school_stage,
            grades=revision.grades,
            stage=submission.stage,
            round=submission.round,
            author_name=author_name,
            school_name=school_name,
            waiting_since=submission.stage_since,
            holder_id=submission.holder_id,
            holder_name=holder_name,
        )
        for submission, revision, resource, author_name, school_name, holder_name in rows
    ], paging

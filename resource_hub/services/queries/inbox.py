"""What waits for a reviewer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from resource_hub.domain.errors import N_, NotAllowed
from resource_hub.domain.people import Appointment, Person, Role
from resource_hub.domain.review import (
    Action,
    Policy,
    Reviewable,
    Stage,
    State,
    possible_actions,
)
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
    actions: Sequence[Action]
    """Claim or release, whichever this person may do now."""


@dataclass(frozen=True, slots=True)
class Heap:
    """How many submissions of one subject wait at one stage, and how many of them one holds."""

    subject: str
    stage: Stage
    number: int
    mine: int


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


def heaps(session: Session, person: Person) -> list[Heap]:
    """What there is to filter by, in one query; the largest heap first.

    Raises:
        NotAllowed: the person reviews nothing.
    """
    refuse_unless_reviewer(person)
    mine = func.sum(case((Submission.holder_id == person.id, 1), else_=0))
    rows = session.execute(
        select(Revision.subject, Submission.stage, func.count(Submission.id), mine)
        .join(Submission.revision)
        .join(Revision.resource)
        .where(may_judge(person))
        .group_by(Revision.subject, Submission.stage)
        .order_by(func.count(Submission.id).desc(), Revision.subject, Submission.stage)
    )
    return [Heap(subject, stage, number, int(held)) for subject, stage, number, held in rows]


def inbox(
    session: Session,
    person: Person,
    *,
    subject: str = "",
    stage: Stage | None = None,
    mine: bool = False,
    page: int = 1,
) -> tuple[list[Waiting], Paging]:
    """What this person may judge now, longest waiting first; what others hold comes last.

    Raises:
        NotAllowed: the person reviews nothing.
    """
    refuse_unless_reviewer(person)
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
            actions=_holding(person, submission, revision, resource),
        )
        for submission, revision, resource, author_name, school_name, holder_name in rows
    ], paging


def _holding(
    person: Person, submission: Submission, revision: Revision, resource: Resource
) -> Sequence[Action]:
    item = Reviewable(
        author_id=resource.owner_id,
        school_id=resource.school_id,
        alliance_id=submission.alliance_id,
        subject=revision.subject,
        school_stage=revision.school_stage,
        state=revision.state,
        policy=Policy(tuple(Stage(name) for name in submission.stages), submission.approvals),
        stage=submission.stage,
        holder_id=submission.holder_id,
    )
    return [
        action
        for action in possible_actions(person, item)
        if action in {Action.CLAIM, Action.RELEASE}
    ]

"""A teacher's own work: what to finish, what is under review, what is published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from resource_hub.domain.people import Person
from resource_hub.domain.review import (
    EDITABLE,
    OPEN,
    Action,
    Reviewable,
    Stage,
    State,
    possible_actions,
    usual_policy,
)
from resource_hub.models import Alliance, Resource, Review, Revision, Submission, User
from resource_hub.services.assigning import expected_on, holders
from resource_hub.services.drafting import refuse_unless_editable
from resource_hub.services.queries.shelf import Paging, on_shelf
from resource_hub.services.revisions import readable_revision
from resource_hub.services.rounds import appealed

PER_PAGE = 20


class Group(StrEnum):
    """Where a piece of work stands, as its author thinks of it; in the order of the page."""

    TO_FINISH = "to_finish"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    OTHER = "other"


_GROUP = case(
    (Revision.state.in_(EDITABLE), Group.TO_FINISH.value),
    (Revision.state == State.IN_REVIEW, Group.IN_REVIEW.value),
    (Revision.state == State.PUBLISHED, Group.PUBLISHED.value),
    else_=Group.OTHER.value,
)
_RANK = case({group.value: rank for rank, group in enumerate(Group)}, value=_GROUP)


@dataclass(frozen=True, slots=True)
class Piece:
    """One version of the person's own work; codes, not labels."""

    group: Group
    revision_id: int
    number: int
    public_id: str
    kind: str
    title: str
    subject: str
    grades: tuple[str, ...]
    state: State
    stage: Stage | None
    updated_at: datetime
    stage_since: datetime | None
    holder_names: Sequence[str]
    expected_on: date | None
    """In review: by what day all who have it should have decided; None while nobody has it."""
    available_at: datetime | None
    views: int
    downloads: int
    actions: Sequence[Action]
    submission_id: int | None
    """The latest round, whose thread is the conversation about it."""


@dataclass(frozen=True, slots=True)
class LastWord:
    """The comment with which a reviewer sent a revision back."""

    name: str
    stage: Stage
    at: datetime
    comment: str
    submission_id: int


def own_work(
    session: Session,
    person: Person,
    *,
    group: Group | None = None,
    words: str = "",
    page: int = 1,
    counts: Mapping[Group, int] | None = None,
) -> tuple[list[Piece], Paging]:
    """One page of the person's own work, by group, the latest first; five queries at most.

    Earlier versions that something newer has replaced are on the resource's own page.

    Args:
        counts: ``count_own_work`` of the same words, if the caller has counted.
    """
    conditions = [_shown(person), *_title_has(words)]
    if group is not None:
        conditions.append(_GROUP.in_([group.value]))
    counted = count_own_work(session, person, words=words) if counts is None else counts
    total = sum(counted.values()) if group is None else counted.get(group, 0)
    paging = Paging.fit(page, PER_PAGE, total)
    other = aliased(Revision)
    has_open = exists().where(
        other.resource_id == Revision.resource_id,
        other.id != Revision.id,
        other.state.in_(OPEN),
    )
    latest = (
        select(func.max(Submission.id))
        .where(Submission.revision_id == Revision.id)
        .correlate(Revision)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Revision, Resource, Submission, _GROUP, has_open, latest)
        .join(Revision.resource)
        .outerjoin(
            Submission,
            and_(Submission.revision_id == Revision.id, Submission.outcome.is_(None)),
        )
        .where(*conditions)
        .order_by(_RANK, Revision.updated_at.desc(), Revision.id.desc())
        .offset(paging.offset)
        .limit(PER_PAGE)
    ).all()
    past_appeal = appealed(session, [row[0].id for row in rows if row[0].state is State.REJECTED])
    held = holders(session, [row[2].id for row in rows if row[2]])
    return [
        Piece(
            group=Group(group_name),
            revision_id=revision.id,
            number=revision.number,
            public_id=resource.public_id,
            kind=resource.kind.value,
            title=revision.title,
            subject=revision.subject,
            grades=revision.grades,
            state=revision.state,
            stage=revision.stage,
            updated_at=revision.updated_at,
            stage_since=submission.stage_since if submission else None,
            holder_names=[each.name for each in held[submission.id]] if submission else (),
            expected_on=expected_on(held[submission.id]) if submission else None,
            available_at=revision.available_at,
            views=resource.views,
            downloads=resource.downloads,
            actions=_actions(
                person,
                revision,
                resource,
                has_open=open_elsewhere,
                is_appealed=revision.id in past_appeal,
            ),
            submission_id=latest_id,
        )
        for revision, resource, submission, group_name, open_elsewhere, latest_id in rows
    ], paging


def count_own_work(session: Session, person: Person, *, words: str = "") -> Mapping[Group, int]:
    """How many pieces are in each group."""
    rows = session.execute(
        select(_GROUP, func.count(Revision.id))
        .join(Revision.resource)
        .where(_shown(person), *_title_has(words))
        .group_by(_GROUP)
    )
    return {Group(name): number for name, number in rows}


def _shown(person: Person) -> ColumnElement[bool]:
    """Own, and either current or the last there is."""
    newer = aliased(Revision)
    is_last = ~exists().where(
        newer.resource_id == Revision.resource_id, newer.number > Revision.number
    )
    return and_(
        Resource.owner_id == (person.id or 0),
        or_(
            Revision.state.in_(OPEN | {State.PUBLISHED}),
            and_(Revision.state.in_({State.REJECTED, State.WITHDRAWN}), is_last),
        ),
    )


def _title_has(words: str) -> list[ColumnElement[bool]]:
    return [Revision.title.icontains(word, autoescape=True) for word in words.split()]


def _actions(
    person: Person, revision: Revision, resource: Resource, *, has_open: bool, is_appealed: bool
) -> Sequence[Action]:
    """The author's buttons; a new version is not offered while one is being written."""
    item = Reviewable(
        author_id=resource.owner_id,
        school_id=resource.school_id,
        alliance_id=revision.alliance_id,
        subject=revision.subject,
        school_stage=revision.school_stage,
        state=revision.state,
        policy=usual_policy(revision.audience),
        stage=revision.stage,
        has_open_revision=has_open,
        is_appealed=is_appealed,
    )
    offered = possible_actions(person, item)
    return [action for action in offered if not (action is Action.REVISE and has_open)]


def own_draft(session: Session, person: Person, revision_id: int, now: datetime) -> Revision:
    """The revision for its author to write on, with its files.

    Raises:
        Missing: there is none, as far as this person may know.
        NotAllowed: it is another's.
        WrongState: it is under review or decided.
    """
    revision = readable_revision(session, person, revision_id, now)
    refuse_unless_editable(person, revision)
    return revision


def last_word(session: Session, revision_id: int) -> LastWord | None:
    """Why the revision was sent back, or None when nobody has reviewed it."""
    row = session.execute(
        select(User.name, Review.stage, Review.decided_at, Review.comment, Review.submission_id)
        .join(Review.reviewer)
        .join(Review.submission)
        .where(Submission.revision_id == revision_id, Review.decision == Action.REQUEST_CHANGES)
        .order_by(Review.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else LastWord(*row)


def own_alliances(session: Session, person: Person) -> list[tuple[int, str]]:
    """The alliances of the person's school, to choose whose reviewers judge."""
    rows = session.execute(
        select(Alliance.id, Alliance.name)
        .where(Alliance.id.in_(sorted(person.alliance_ids)))
        .order_by(Alliance.name)
    )
    return [(alliance_id, name) for alliance_id, name in rows]


def known_units(
    session: Session, person: Person, now: datetime, *, subject: str, most: int = 60
) -> list[str]:
    """Units that resources of this subject name already, to be offered while typing."""
    statement: Any = (  # Any: what select gives has a long type that says nothing more
        select(Revision.unit)
        .join(Revision.resource)
        .where(
            Revision.state == State.PUBLISHED,
            Revision.subject == subject,
            Revision.unit != "",
            on_shelf(person, now),
        )
        .group_by(Revision.unit)
        .order_by(func.count(Revision.id).desc(), Revision.unit)
        .limit(most)
    )
    return list(session.scalars(statement))

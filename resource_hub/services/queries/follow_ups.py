"""The tasks that rounds left to authors: those of a round, and those on the page of a resource."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session, joinedload

from resource_hub.domain.catalogue import Month
from resource_hub.domain.follow_ups import (
    SHOWN,
    TaskAct,
    TaskPart,
    TaskState,
    possible_task_acts,
)
from resource_hub.domain.people import Person
from resource_hub.domain.review import State
from resource_hub.models import CoAuthor, Entry, FollowUp, Issue, IssueRound, Resource, Revision
from resource_hub.services.round_access import parts_in, task_parts


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task, with what this person may do with it."""

    task: FollowUp
    title: str
    public_id: str
    month: str
    alliance_id: int
    parts: frozenset[TaskPart]
    acts: Sequence[TaskAct]


def tasks_of_round(session: Session, person: Person, found: IssueRound) -> list[TaskLine]:
    """All of a round, in the order in which they were asked; two queries."""
    return _lines(session, person, FollowUp.round_id == found.id)


def tasks_of_resource(session: Session, person: Person, resource: Resource) -> list[TaskLine]:
    """What is not confirmed yet, for its authors and the alliance of the round; two queries."""
    if not person.is_signed_in:
        return []
    wanted = (FollowUp.resource_id == resource.id) & FollowUp.state.in_(SHOWN)
    return [
        line
        for line in _lines(session, person, wanted)
        if line.parts or parts_in(person, line.task.round)
    ]


def tasks_of_person(session: Session, person: Person) -> list[TaskLine]:
    """What the person was asked to do and has not done, the most urgent first; one query."""
    written = (
        select(Revision.resource_id)
        .join(CoAuthor, CoAuthor.revision_id == Revision.id)
        .where(CoAuthor.user_id == person.id, Revision.state == State.PUBLISHED)
    )
    owned = select(Resource.id).where(Resource.owner_id == person.id)
    mine = FollowUp.resource_id.in_(owned.union(written))
    rows = _rows(session, mine & (FollowUp.state == TaskState.OPEN))
    lines = [_line(person, task, title, is_author=True) for task, title in rows]
    return sorted(lines, key=lambda line: line.task.due_on or date.max)


def round_of_task(session: Session, task_id: int) -> tuple[int, Month]:
    """Alliance and month of the round that left a task which there is."""
    alliance_id, month = session.execute(
        select(Issue.alliance_id, Issue.month)
        .join(IssueRound, IssueRound.issue_id == Issue.id)
        .join(FollowUp, FollowUp.round_id == IssueRound.id)
        .where(FollowUp.id == task_id)
    ).one()
    return alliance_id, Month.parse(month)


def _rows(session: Session, wanted: ColumnElement[bool]) -> Sequence[Row[FollowUp, str]]:
    """Tasks, each with the title of its resource in the issue; in the order of asking."""
    return session.execute(
        select(FollowUp, func.coalesce(Entry.title, ""))
        .join(FollowUp.round)
        .outerjoin(
            Entry,
            (Entry.issue_id == IssueRound.issue_id) & (Entry.resource_id == FollowUp.resource_id),
        )
        .where(wanted)
        .options(
            joinedload(FollowUp.resource),
            joinedload(FollowUp.round).joinedload(IssueRound.issue).joinedload(Issue.alliance),
        )
        .order_by(FollowUp.id)
    ).all()


def _lines(session: Session, person: Person, wanted: ColumnElement[bool]) -> list[TaskLine]:
    rows = _rows(session, wanted)
    if not rows:  # given no ids, SQLite reads every published revision to find none
        return []
    written_by_me = set(
        session.scalars(
            select(Revision.resource_id)
            .join(CoAuthor, CoAuthor.revision_id == Revision.id)
            .where(
                CoAuthor.user_id == (person.id or 0),
                Revision.state == State.PUBLISHED,
                Revision.resource_id.in_([task.resource_id for task, _title in rows]),
            )
        )
    )
    return [
        _line(
            person,
            task,
            title,
            is_author=task.resource.owner_id == person.id or task.resource_id in written_by_me,
        )
        for task, title in rows
    ]


def _line(person: Person, task: FollowUp, title: str, *, is_author: bool) -> TaskLine:
    issue = task.round.issue
    parts = task_parts(person, task.round, is_author=is_author)
    return TaskLine(
        task=task,
        title=title or task.resource.public_id,
        public_id=task.resource.public_id,
        month=issue.month,
        alliance_id=issue.alliance_id,
        parts=parts,
        acts=possible_task_acts(task.state, parts),
    )

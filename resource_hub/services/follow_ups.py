"""Tasks that a round leaves to authors: asked by the host, done by a word or a new revision."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from resource_hub.domain.catalogue import IssueEdition, Month
from resource_hub.domain.discussion_round import RoundAct
from resource_hub.domain.errors import N_, Invalid, Missing, Problem
from resource_hub.domain.follow_ups import (
    MAX_ANSWER,
    MAX_TASK,
    MOST_TASKS,
    TaskAct,
    TaskState,
    after,
    read_due,
)
from resource_hub.domain.people import STRANGER, Person
from resource_hub.domain.public_id import read_public_id
from resource_hub.models import Entry, FollowUp, Issue, IssueRound, Notice, Resource, Revision
from resource_hub.services.discussion_access import authors_of
from resource_hub.services.issue_figures import tokens_of
from resource_hub.services.notices import leave
from resource_hub.services.round_access import parts_in, round_for, task_parts
from resource_hub.services.unit_of_work import UnitOfWork

NO_TASK = N_("There is no such task, or it is not shared with you.")
TOO_LONG = N_("At most %(limit)s characters; this has %(length)s.")

ASKED, DONE, BACK = "task_asked", "task_done", "task_back"
"""Kinds of notices: to the authors, to the host, to the authors again."""


def ask(
    uow: UnitOfWork,
    by: Person,
    alliance_id: int,
    month: Month,
    public_id: str,
    words: str,
    *,
    due: str = "",
) -> FollowUp:
    """Ask the authors of a resource of the issue to do something; they are told.

    Args:
        due: the last day on which it is in time, as it was typed; empty: none.

    Raises:
        Missing: there is no round, as far as the person may know.
        NotAllowed: the person does not host it.
        WrongState: it has not begun, or its minutes are published.
        Invalid: no words, too many, or no such resource; or the round has a hundred tasks.
    """
    found = round_for(uow, by, alliance_id, month, RoundAct.ASK)
    words, named = words.strip(), read_public_id(public_id)
    problems = []
    if not words:
        problems.append(Problem("task", N_("Say what is to be done.")))
    if len(words) > MAX_TASK:
        problems.append(Problem("task", TOO_LONG, {"limit": MAX_TASK, "length": len(words)}))
    due_on, problem = read_due(due, uow.today())
    if problem is not None:
        problems.append(problem)
    number = select(func.count(FollowUp.id)).where(FollowUp.round_id == found.id)
    if (uow.session.scalar(number) or 0) >= MOST_TASKS:
        problems.append(Problem("task", N_("A round leaves a hundred tasks at most.")))
    resource = uow.session.scalar(
        select(Resource)
        .join(Entry, Entry.resource_id == Resource.id)
        .where(
            Entry.issue_id == found.issue_id,
            Entry.public_id == (named or ""),
            Entry.audience_token.in_(sorted(tokens_of(IssueEdition.ALLIANCE, alliance_id))),
        )
    )
    if resource is None:
        problems.append(Problem("resource", N_("This resource is not in the issue.")))
    if problems or resource is None:
        raise Invalid(problems)
    task = FollowUp(
        round_id=found.id,
        resource_id=resource.id,
        words=words,
        due_on=due_on,
        asked_at=uow.now(),
        asked_by_id=by.id,
    )
    uow.session.add(task)
    uow.session.flush()
    uow.record("round:ask", by=by, resource=resource, task=task.id, words=words)
    _tell(uow, by, authors_of(uow.session, resource), ASKED, resource, words, found.issue)
    return task


def take_task_step(
    uow: UnitOfWork, person: Person, task_id: int, act: TaskAct, words: str = ""
) -> FollowUp:
    """Say that a task is done, confirm it, open it again, or take it back.

    Args:
        words: of the author: what was done; of the host: why it is open again.

    Raises:
        Missing: there is no such task, as far as this person may know.
        NotAllowed: it is not this person's to say.
        WrongState: somebody was faster.
        Invalid: too many words.
    """
    task = _held_task(uow, task_id)
    resource, issue = task.resource, task.round.issue
    authors = authors_of(uow.session, resource)
    parts = task_parts(person, task.round, is_author=person.id in authors)
    if not parts and not parts_in(person, task.round):
        raise Missing(NO_TASK)
    words = words.strip()
    if len(words) > MAX_ANSWER:
        values: dict[str, object] = {"limit": MAX_ANSWER, "length": len(words)}
        raise Invalid([Problem("words", TOO_LONG, values)])
    state = after(act, task.state, parts)
    now = uow.now()
    task.state = state
    task.closed_at = now if state in {TaskState.CONFIRMED, TaskState.WITHDRAWN} else None
    if act is TaskAct.DO:
        task.done_at, task.done_by_id, task.done_words = now, person.id, words
        _tell(uow, person, _hosts(task), DONE, resource, words or task.words, issue)
    elif act is TaskAct.REOPEN:
        task.done_at = task.done_by_id = task.done_revision = None
        task.done_words, task.host_words = "", words
        _tell(uow, person, authors, BACK, resource, words or task.words, issue)
    uow.session.flush()
    uow.record(f"round:task_{act.value}", by=person, resource=resource, task=task.id)
    return task


def note_new_revision(uow: UnitOfWork, revision: Revision) -> None:
    """A version of a resource is published: its open tasks are done by it.

    So say its authors, in publishing it; the host looks, and confirms or opens them again.
    """
    if revision.number == 1:
        return
    tasks = uow.session.scalars(
        select(FollowUp)
        .where(FollowUp.resource_id == revision.resource_id, FollowUp.state == TaskState.OPEN)
        .options(
            joinedload(FollowUp.resource),
            joinedload(FollowUp.round).joinedload(IssueRound.issue).joinedload(Issue.alliance),
        )
        .order_by(FollowUp.id)
    ).all()
    for task in tasks:
        task.state = TaskState.DONE
        task.done_at, task.done_revision = uow.now(), revision.number
        _tell(uow, STRANGER, _hosts(task), DONE, task.resource, task.words, task.round.issue)


def _hosts(task: FollowUp) -> frozenset[int]:
    return frozenset({task.round.host_id})


def _held_task(uow: UnitOfWork, task_id: int) -> FollowUp:
    uow.session.execute(select(FollowUp.id).where(FollowUp.id == task_id).with_for_update())
    task = uow.session.scalar(
        select(FollowUp)
        .where(FollowUp.id == task_id)
        .options(
            joinedload(FollowUp.resource),
            joinedload(FollowUp.round).joinedload(IssueRound.issue).joinedload(Issue.alliance),
        )
        .execution_options(populate_existing=True)
    )
    if task is None:
        raise Missing(NO_TASK)
    return task


def _tell(
    uow: UnitOfWork,
    by: Person,
    people: Collection[int],
    kind: str,
    resource: Resource,
    words: str,
    issue: Issue,
) -> None:
    """Leave each of ``people`` a notice, but not who did it."""
    title = uow.session.scalar(
        select(Entry.title).where(Entry.issue_id == issue.id, Entry.resource_id == resource.id)
    )
    for user_id in sorted(people):
        if user_id != by.id:
            leave(
                uow,
                Notice(
                    user_id=user_id,
                    at=uow.now(),
                    kind=kind,
                    values={
                        "title": title or resource.public_id,
                        "by": by.name,
                        "comment": words,
                        "public_id": resource.public_id,
                        "month": issue.month,
                        "alliance": issue.alliance_id,
                    },
                    resource_id=resource.id,
                ),
            )

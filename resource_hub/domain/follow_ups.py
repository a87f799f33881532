"""Tasks that a round leaves to authors: open, done as its author says, confirmed by the host."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from resource_hub.domain.discussion_round import ONLY_HOST
from resource_hub.domain.errors import N_, NotAllowed, Problem, WrongState

MAX_TASK = 500
MAX_ANSWER = 1_000
MOST_TASKS = 100
"""Of one round."""


class TaskState(StrEnum):
    """How far a task is."""

    OPEN = "open"
    DONE = "done"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


TASK_LABELS: Mapping[TaskState, str] = {
    TaskState.OPEN: N_("to be done"),
    TaskState.DONE: N_("done, to be confirmed"),
    TaskState.CONFIRMED: N_("done"),
    TaskState.WITHDRAWN: N_("taken back"),
}

SHOWN = frozenset({TaskState.OPEN, TaskState.DONE})
"""These stand on the page of the resource."""


class TaskAct(StrEnum):
    """What can be done with a task."""

    DO = "do"
    CONFIRM = "confirm"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"


class TaskPart(StrEnum):
    """Who somebody is to a task."""

    AUTHOR = "author"
    HOST = "host"


@dataclass(frozen=True, slots=True)
class TaskStep:
    """From any of ``sources``, whoever has this part takes it to ``target``."""

    part: TaskPart
    sources: frozenset[TaskState]
    target: TaskState


TASK_STEPS: Mapping[TaskAct, TaskStep] = {
    TaskAct.DO: TaskStep(TaskPart.AUTHOR, frozenset({TaskState.OPEN}), TaskState.DONE),
    TaskAct.CONFIRM: TaskStep(
        TaskPart.HOST, frozenset({TaskState.OPEN, TaskState.DONE}), TaskState.CONFIRMED
    ),
    TaskAct.REOPEN: TaskStep(
        TaskPart.HOST,
        frozenset({TaskState.DONE, TaskState.CONFIRMED, TaskState.WITHDRAWN}),
        TaskState.OPEN,
    ),
    TaskAct.WITHDRAW: TaskStep(
        TaskPart.HOST, frozenset({TaskState.OPEN, TaskState.DONE}), TaskState.WITHDRAWN
    ),
}


def possible_task_acts(state: TaskState, parts: Collection[TaskPart]) -> list[TaskAct]:
    """The buttons."""
    return [act for act, step in TASK_STEPS.items() if step.part in parts and state in step.sources]


def after(act: TaskAct, state: TaskState, parts: Collection[TaskPart]) -> TaskState:
    """The state that the act leads to.

    Raises:
        NotAllowed: this person may not.
        WrongState: somebody was faster, or it was done before.
    """
    step = TASK_STEPS[act]
    if step.part not in parts:
        raise NotAllowed(
            N_("Only its authors can say that it is done.")
            if step.part is TaskPart.AUTHOR
            else ONLY_HOST
        )
    if state not in step.sources:
        raise WrongState(N_("This task stands differently by now. Look again."))
    return step.target


def read_due(typed: str, today: date) -> tuple[date | None, Problem | None]:
    """What the form's field holds, such as ``2026-11-30``; empty: no day. Or what is wrong."""
    if not typed.strip():
        return None, None
    try:
        due = date.fromisoformat(typed.strip())
    except ValueError:
        return None, Problem("due", N_("Choose a day, or leave it empty."))
    if due < today:
        return None, Problem("due", N_("This day is over: choose a later one."))
    return due, None

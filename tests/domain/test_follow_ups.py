"""From which state who takes a task to which."""

from datetime import date

import pytest

from resource_hub.domain.errors import NotAllowed, WrongState
from resource_hub.domain.follow_ups import (
    TaskAct,
    TaskPart,
    TaskState,
    after,
    possible_task_acts,
    read_due,
)

AUTHOR, HOST = frozenset({TaskPart.AUTHOR}), frozenset({TaskPart.HOST})


def test_the_buttons_of_author_and_host() -> None:
    found = {
        state: (possible_task_acts(state, AUTHOR), possible_task_acts(state, HOST))
        for state in TaskState
    }
    assert found == {
        TaskState.OPEN: ([TaskAct.DO], [TaskAct.CONFIRM, TaskAct.WITHDRAW]),
        TaskState.DONE: ([], [TaskAct.CONFIRM, TaskAct.REOPEN, TaskAct.WITHDRAW]),
        TaskState.CONFIRMED: ([], [TaskAct.REOPEN]),
        TaskState.WITHDRAWN: ([], [TaskAct.REOPEN]),
    }
    assert possible_task_acts(TaskState.OPEN, frozenset()) == []


def test_where_each_act_leads() -> None:
    assert after(TaskAct.DO, TaskState.OPEN, AUTHOR) is TaskState.DONE
    assert after(TaskAct.CONFIRM, TaskState.DONE, HOST) is TaskState.CONFIRMED
    assert after(TaskAct.REOPEN, TaskState.CONFIRMED, HOST) is TaskState.OPEN
    assert after(TaskAct.WITHDRAW, TaskState.OPEN, HOST) is TaskState.WITHDRAWN


def test_the_wrong_person_and_the_wrong_moment_are_told_apart() -> None:
    with pytest.raises(NotAllowed, match="authors"):
        after(TaskAct.DO, TaskState.OPEN, HOST)
    with pytest.raises(NotAllowed, match="host"):
        after(TaskAct.CONFIRM, TaskState.DONE, AUTHOR)
    with pytest.raises(WrongState, match="Look again"):
        after(TaskAct.DO, TaskState.DONE, AUTHOR)


def test_a_day_by_which_it_is_to_be_done_is_optional_and_not_over() -> None:
    today = date(2026, 11, 2)
    assert read_due(" ", today) == (None, None)
    assert read_due("2026-11-02", today) == (today, None)
    for typed in ("2026-11-01", "morgen", "2026-13-01"):
        due, problem = read_due(typed, today)
        assert (due, problem and problem.field) == (None, "due")

"""When a round is open, what its dates may be, and who may do what in which state."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from resource_hub.domain.discussion_round import (
    LONGEST,
    STEPS,
    Dates,
    Part,
    RoundAct,
    RoundState,
    possible_acts,
    problems_of_dates,
    read_moment,
    require,
)
from resource_hub.domain.errors import NotAllowed, WrongState

SHANGHAI = ZoneInfo("Asia/Shanghai")
OPENS = datetime(2026, 11, 2, 0, 0, tzinfo=UTC)
CLOSES = datetime(2026, 11, 16, 13, 0, tzinfo=UTC)
DATES = Dates(OPENS, CLOSES)
BRIEF = timedelta(microseconds=1)


def test_the_hour_opens_and_closes_a_round() -> None:
    assert [DATES.state(at) for at in (OPENS - BRIEF, OPENS, CLOSES - BRIEF, CLOSES)] == [
        RoundState.PLANNED,
        RoundState.OPEN,
        RoundState.OPEN,
        RoundState.CLOSED,
    ]
    frozen = Dates(OPENS, CLOSES, minutes_at=CLOSES)
    assert frozen.state(OPENS) is RoundState.PUBLISHED
    off = Dates(OPENS, CLOSES, called_off_at=OPENS - BRIEF)
    assert {off.state(at) for at in (OPENS - BRIEF, OPENS, CLOSES)} == {RoundState.CALLED_OFF}


def test_every_act_in_every_state_for_every_part() -> None:
    host, member, nobody = frozenset(Part), frozenset({Part.MEMBER}), frozenset[Part]()
    found = {
        state: "".join(
            "h" if act in possible_acts(state, host) - possible_acts(state, member)
            else "m" if act in possible_acts(state, member) else "-"
            for act in RoundAct
        )
        for state in RoundState
    }  # fmt: skip
    # prepare, talk, sign in, come, close, call off, ask, write, publish
    assert found == {
        RoundState.PLANNED: "h--m-h---",
        RoundState.OPEN: "hmm-hhhh-",
        RoundState.CLOSED: "h-----hhh",
        RoundState.PUBLISHED: "---------",
        RoundState.CALLED_OFF: "h--------",
    }
    assert not any(possible_acts(state, nobody) for state in RoundState)


def test_a_refusal_says_whether_it_is_the_person_or_the_moment() -> None:
    with pytest.raises(NotAllowed, match="Only the host"):
        require(RoundAct.PUBLISH, RoundState.CLOSED, frozenset({Part.MEMBER}))
    with pytest.raises(WrongState, match="close it first"):
        require(RoundAct.PUBLISH, RoundState.OPEN, frozenset(Part))
    assert all(step.otherwise for step in STEPS.values())


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2026-11-02T08:00", OPENS),
        (" 2026-11-02 08:00:59 ", OPENS),
        ("2026-11-02T08:00Z", None),
        ("0001-01-01T00:00", None),
        ("9999-12-31T23:59", None),
        ("morgen", None),
        ("", None),
    ],
)
def test_what_a_field_of_day_and_hour_holds(typed: str, moment: datetime | None) -> None:
    assert read_moment(typed, SHANGHAI) == moment


def named(*args: datetime | None, before: Dates | None = None, now: datetime) -> list[str]:
    return [problem.field for problem in problems_of_dates(*args, before=before, now=now)]


def test_dates_that_cannot_be() -> None:
    before_all = OPENS - timedelta(days=1)
    assert named(OPENS, CLOSES, now=before_all) == []
    assert named(None, None, now=before_all) == ["opens", "closes"]
    assert named(CLOSES, OPENS, now=before_all) == ["closes"]
    assert named(OPENS, OPENS, now=before_all) == ["closes"]
    assert named(OPENS, OPENS + LONGEST + BRIEF, now=before_all) == ["closes"]
    assert named(OPENS, CLOSES, now=CLOSES) == ["closes"], "a new one is not over already"


def test_a_round_that_has_opened_keeps_its_beginning_and_may_end_later() -> None:
    later = CLOSES + timedelta(days=7)
    assert named(OPENS - BRIEF, CLOSES, before=DATES, now=OPENS) == ["opens"]
    assert named(OPENS + BRIEF, CLOSES, before=DATES, now=OPENS - BRIEF) == []
    assert named(OPENS, later, before=DATES, now=CLOSES) == []
    assert named(OPENS, CLOSES, before=DATES, now=later) == [], "what stays needs no excuse"

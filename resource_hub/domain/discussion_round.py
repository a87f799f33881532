"""The discussion round of an issue: its states, which follow from its dates, and who may do what.

Nothing has to run for a round to open or to close: the hour decides. What a person does is to move
the dates, to call it off, and at the end to publish the minutes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum

from resource_hub.domain.errors import N_, NotAllowed, Problem, WrongState

MAX_PLACE = 200
MAX_INTRODUCTION = 2_000
MAX_TITLE = 200
MAX_WORDS = 1_000
MAX_REASON = 500
MAX_AGENDA = 30
MAX_MINUTES = 20_000
LONGEST = timedelta(days=92)
"""Of a round: a term's quarter; what lasts longer is no discussion of one month's issue."""

WARNING = timedelta(days=1)
"""So long before it closes, people are reminded."""


class RoundState(StrEnum):
    """Where a round stands."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    PUBLISHED = "published"
    CALLED_OFF = "called_off"


STATE_LABELS: Mapping[RoundState, str] = {
    RoundState.PLANNED: N_("planned"),
    RoundState.OPEN: N_("open now"),
    RoundState.CLOSED: N_("over"),
    RoundState.PUBLISHED: N_("minutes published"),
    RoundState.CALLED_OFF: N_("called off"),
}


class RoundAct(StrEnum):
    """What can be done with a round."""

    PREPARE = "prepare"
    TALK = "talk"
    SIGN_IN = "sign_in"
    COME = "come"
    CLOSE = "close"
    CALL_OFF = "call_off"
    ASK = "ask"
    WRITE = "write"
    PUBLISH = "publish"


class Part(StrEnum):
    """Who somebody is in a round."""

    HOST = "host"
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class Step:
    """In any of ``sources``, whoever has this part may do it; ``otherwise`` says why not now."""

    part: Part
    sources: frozenset[RoundState]
    otherwise: str


_PLANNED, _OPEN, _CLOSED = RoundState.PLANNED, RoundState.OPEN, RoundState.CLOSED
_CALLED_OFF = RoundState.CALLED_OFF
_FROZEN = N_("The minutes are published: this round is frozen.")
_NOT_OPEN = N_("This round is not open now; read when it opens and closes.")

STEPS: Mapping[RoundAct, Step] = {
    RoundAct.PREPARE: Step(Part.HOST, frozenset({_PLANNED, _OPEN, _CLOSED, _CALLED_OFF}), _FROZEN),
    RoundAct.TALK: Step(Part.MEMBER, frozenset({_OPEN}), _NOT_OPEN),
    RoundAct.SIGN_IN: Step(Part.MEMBER, frozenset({_OPEN}), _NOT_OPEN),
    RoundAct.COME: Step(
        Part.MEMBER,
        frozenset({_PLANNED}),
        N_("Who will come is asked before a round opens; while it is open, sign its list."),
    ),
    RoundAct.CALL_OFF: Step(
        Part.HOST,
        frozenset({_PLANNED, _OPEN}),
        N_("Only a round that is planned or open can be called off. Look where it stands now."),
    ),
    RoundAct.CLOSE: Step(Part.HOST, frozenset({_OPEN}), _NOT_OPEN),
    RoundAct.ASK: Step(
        Part.HOST,
        frozenset({_OPEN, _CLOSED}),
        N_("Tasks are given while a round is open, or after it, until its minutes are published."),
    ),
    RoundAct.WRITE: Step(
        Part.HOST,
        frozenset({_OPEN, _CLOSED}),
        N_("Minutes are written once a round has begun, and never changed when published."),
    ),
    RoundAct.PUBLISH: Step(
        Part.HOST,
        frozenset({_CLOSED}),
        N_("Minutes are published once, when the round is over: close it first."),
    ),
}

ONLY_HOST = N_("Only the host of this round and the catalogue's editors can do this.")


@dataclass(frozen=True, slots=True)
class Dates:
    """When a round opens and closes, when its minutes were published, when it was called off."""

    opens_at: datetime
    closes_at: datetime
    minutes_at: datetime | None = None
    called_off_at: datetime | None = None

    def has_begun(self, now: datetime) -> bool:
        """Whether its beginning is past and bound; that of a round called off may be set anew."""
        return self.called_off_at is None and self.opens_at <= now

    def state(self, now: datetime) -> RoundState:
        """A round is open from its first moment on, and over from its last one on."""
        if self.minutes_at is not None:
            return RoundState.PUBLISHED
        if self.called_off_at is not None:
            return RoundState.CALLED_OFF
        if now < self.opens_at:
            return RoundState.PLANNED
        return RoundState.OPEN if now < self.closes_at else RoundState.CLOSED


def possible_acts(state: RoundState, parts: frozenset[Part]) -> frozenset[RoundAct]:
    """The buttons."""
    return frozenset(
        act for act, step in STEPS.items() if step.part in parts and state in step.sources
    )


def require(act: RoundAct, state: RoundState, parts: frozenset[Part]) -> None:
    """Raise unless somebody with these parts may do it now.

    Raises:
        NotAllowed: this person may not.
        WrongState: not now.
    """
    step = STEPS[act]
    if step.part not in parts:
        raise NotAllowed(ONLY_HOST)
    if state not in step.sources:
        raise WrongState(step.otherwise)


def read_moment(typed: str, zone: tzinfo) -> datetime | None:
    """What a form's field of day and hour holds, such as ``2026-11-01T19:30``, as UTC.

    None when it is none, or lies where no calendar of a school does.
    """
    try:
        found = datetime.fromisoformat(typed.strip())
    except ValueError:
        return None
    if found.tzinfo is not None or not 2000 <= found.year <= 2999:  # noqa: PLR2004 - see above
        return None
    return found.replace(second=0, microsecond=0, tzinfo=zone).astimezone(UTC)


def problems_of_dates(
    opens_at: datetime | None,
    closes_at: datetime | None,
    *,
    before: Dates | None,
    now: datetime,
) -> list[Problem]:
    """What is wrong with the dates; ``before`` are those that the round has had so far."""
    problems = []
    if opens_at is None:
        problems.append(Problem("opens", N_("Say on which day and at what hour it opens.")))
    if closes_at is None:
        problems.append(Problem("closes", N_("Say on which day and at what hour it closes.")))
    if opens_at is None or closes_at is None:
        return problems
    if before is not None and before.has_begun(now) and opens_at != before.opens_at:
        problems.append(Problem("opens", N_("It has opened already: its beginning stays.")))
    if closes_at <= opens_at:
        problems.append(Problem("closes", N_("It closes before it opens: look at both dates.")))
    elif closes_at - opens_at > LONGEST:
        problems.append(Problem("closes", N_("A round lasts three months at most.")))
    elif closes_at <= now and (before is None or closes_at != before.closes_at):
        problems.append(Problem("closes", N_("This is over already: choose a later day.")))
    return problems

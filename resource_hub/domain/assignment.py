"""Who reviews what: the hub's proposal, the same for the same facts whoever asks and when."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from resource_hub.domain.errors import N_
from resource_hub.domain.review import Stage

CHINESE = "zh"
SUBJECT_OF = {"en": "english"}
"""The subject in which a language is taught."""

NEVER = datetime.min.replace(tzinfo=UTC)


class Ground(StrEnum):
    """What decided for this person."""

    ONLY = "only"
    LANGUAGE = "language"
    LEAST_WORK = "least_work"
    IDLE_LONGEST = "idle_longest"
    IN_TURN = "in_turn"
    CLAIMED = "claimed"
    HANDED_OVER = "handed_over"
    EVENED_OUT = "evened_out"


WORDS: Mapping[Ground, str] = {
    Ground.ONLY: N_("Nobody else who reviews this is available."),
    Ground.LANGUAGE: N_("Reads the language of this work (%(of)s people are available)."),
    Ground.LEAST_WORK: N_("Has the least to review: %(open)s, among %(of)s people."),
    Ground.IDLE_LONGEST: N_(
        "Nobody has less to review (%(open)s), and this was the longest wait for new work,"
        " among %(of)s people."
    ),
    Ground.IN_TURN: N_("Several of %(of)s people have equally little to review; it goes in turn."),
    Ground.CLAIMED: N_("Took it without being asked."),
    Ground.HANDED_OVER: N_("%(by)s handed it over."),
    Ground.EVENED_OUT: N_(
        "%(by)s had more to review and had not begun; here it was %(open)s, so it was moved."
    ),
}
"""One line for each ground; the values are those of ``Why``."""


class PassedOn(StrEnum):
    """Why the hub took something from who had it; kept as the note of the turn."""

    LATE = "late"
    AWAY = "away"
    TOO_CLOSE = "too_close"
    """Meanwhile the author's mentor or mentee, or a co-author."""
    NO_REVIEWER = "no_reviewer"
    """Dismissed, for other subjects or stages now, of another school, or the account is closed."""


@dataclass(frozen=True, slots=True)
class Why:
    """Why this person: a code, and the figures that its words name."""

    ground: Ground
    open: int = 0
    """What this person had to review before."""
    of: int = 1
    """How many people were available, this one included."""
    by: str = ""
    """Who handed it over, or had too many."""

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        return {"ground": self.ground.value, "open": self.open, "of": self.of, "by": self.by}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Why | None":  # Any: JSON
        """None for what was assigned before the hub noted it."""
        if "ground" not in kept:
            return None
        return cls(Ground(kept["ground"]), kept["open"], kept["of"], kept["by"])


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be reviewed at one stage."""

    stage: Stage
    author_id: int
    school_id: int
    subject: str
    school_stage: str
    language: str = "zh-Hans"
    barred: frozenset[int] = frozenset()
    """Too close to the author: who wrote it too, the author's mentors and mentees."""
    had_it: frozenset[int] = frozenset()
    """Who has it, judged it, declined it or let it lie at this stage."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One person with an appointment to review at this stage."""

    id: int
    school_id: int | None
    subjects: frozenset[str] = frozenset()
    """Empty: all; likewise ``school_stages``."""
    school_stages: frozenset[str] = frozenset()
    language: str = ""
    """The locale that the person chose for the hub; empty: no choice."""
    teaches: frozenset[str] = frozenset()
    """The subjects that the person teaches."""
    open: int = 0
    """How many submissions this person has to review now."""
    last_given: datetime | None = None
    """When the person last got one; None: never."""
    is_away: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    reviewer_id: int
    why: Why


def may_have(candidate: Candidate, work: Work) -> bool:
    """Whether the hub may give ``work`` to this person at all."""
    return (
        not candidate.is_away
        and candidate.id != work.author_id
        and candidate.id not in work.barred | work.had_it
        and not (work.stage is Stage.ALLIANCE and candidate.school_id == work.school_id)
        and (not candidate.subjects or work.subject in candidate.subjects)
        and (not candidate.school_stages or work.school_stage in candidate.school_stages)
    )


def reads(candidate: Candidate, written_in: str) -> bool:
    """Whether the hub may take it that the person reads this language.

    Everybody at these schools reads Chinese, in either script and whatever the language of their
    pages is. Another language reads who has chosen it for the hub, or teaches or judges it.
    """
    language = written_in[:2]
    return (
        language == CHINESE
        or language == candidate.language[:2]
        or SUBJECT_OF.get(language) in candidate.teaches | candidate.subjects
    )


def propose(work: Work, candidates: Collection[Candidate], *, wanted: int = 1) -> list[Proposal]:
    """Up to ``wanted`` different people for ``work``, each with the reason.

    Who reads its language comes before who does not; then who has the least to review; then who
    has waited longest for new work; then the lower number. The order of ``candidates`` is no
    matter. Fewer than ``wanted`` come back where fewer are available.
    """
    available = sorted((one for one in candidates if may_have(one, work)), key=_rank(work))
    return [
        Proposal(one.id, _why(one, available[place + 1 :], work, of=len(available)))
        for place, one in enumerate(available[:wanted])
    ]


def _rank(work: Work) -> Callable[[Candidate], tuple[bool, int, datetime, int]]:
    return lambda one: (not reads(one, work.language), one.open, one.last_given or NEVER, one.id)


def _why(chosen: Candidate, others: Sequence[Candidate], work: Work, *, of: int) -> Why:
    """What set ``chosen`` apart from the next in line."""
    if of == 1:
        return Why(Ground.ONLY, chosen.open, of)
    if not others:
        return Why(Ground.IN_TURN, chosen.open, of)
    following = others[0]
    if reads(chosen, work.language) and not reads(following, work.language):
        ground = Ground.LANGUAGE
    elif chosen.open < following.open:
        ground = Ground.LEAST_WORK
    elif (chosen.last_given or NEVER) < (following.last_given or NEVER):
        ground = Ground.IDLE_LONGEST
    else:
        ground = Ground.IN_TURN
    return Why(ground, chosen.open, of)

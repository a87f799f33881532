"""How many of those appointed may judge the same work: each for some subjects, stages of school."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import product


@dataclass(frozen=True, slots=True, order=True)
class Field:
    """What a work is about, as an appointment asks it."""

    subject: str
    school_stage: str


@dataclass(frozen=True, slots=True)
class Judge:
    """One appointment of one person."""

    person_id: int
    subjects: frozenset[str] = frozenset()
    """Empty: all; likewise ``school_stages``."""
    school_stages: frozenset[str] = frozenset()

    def covers(self, field: Field) -> bool:
        return (not self.subjects or field.subject in self.subjects) and (
            not self.school_stages or field.school_stage in self.school_stages
        )


def number_for(judges: Iterable[Judge], field: Field) -> int:
    """How many different people may judge such a work."""
    return len({judge.person_id for judge in judges if judge.covers(field)})


def most(judges: Collection[Judge]) -> int:
    """The greatest number for any work there could be.

    A subject or stage that no appointment names is like any other such: one stands for all.
    """
    subjects = {"", *(each for judge in judges for each in judge.subjects)}
    stages = {"", *(each for judge in judges for each in judge.school_stages)}
    return max(number_for(judges, Field(*pair)) for pair in product(subjects, stages))

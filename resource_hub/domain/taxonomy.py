"""The words by which resources are described: kinds and sections in code, terms as data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from resource_hub.domain.errors import N_


class Kind(StrEnum):
    LESSON_PLAN = "lesson_plan"
    MICRO_LESSON = "micro_lesson"
    CASE = "case"
    COURSEWARE = "courseware"
    EXERCISE = "exercise"
    OUTLINE = "outline"


KIND_LABELS: Mapping[Kind, str] = {
    Kind.LESSON_PLAN: N_("Lesson plan"),
    Kind.MICRO_LESSON: N_("Micro-lesson"),
    Kind.CASE: N_("Case"),
    Kind.COURSEWARE: N_("Courseware"),
    Kind.EXERCISE: N_("Exercise"),
    Kind.OUTLINE: N_("Course outline"),
}


class Section(StrEnum):
    """The named parts of a lesson plan, all optional."""

    TEXTBOOK = "textbook"
    LEARNERS = "learners"
    OBJECTIVES = "objectives"
    KEY_POINTS = "key_points"
    PROCEDURE = "procedure"
    BOARD = "board"
    HOMEWORK = "homework"
    REFLECTION = "reflection"


SECTION_LABELS: Mapping[Section, str] = {
    Section.TEXTBOOK: N_("Analysis of the textbook"),
    Section.LEARNERS: N_("Analysis of the learners"),
    Section.OBJECTIVES: N_("Objectives"),
    Section.KEY_POINTS: N_("Key and difficult points"),
    Section.PROCEDURE: N_("Procedure"),
    Section.BOARD: N_("Board design"),
    Section.HOMEWORK: N_("Homework"),
    Section.REFLECTION: N_("Reflection"),
}


class Language(StrEnum):
    SIMPLIFIED = "zh-Hans"
    TRADITIONAL = "zh-Hant"
    ENGLISH = "en"


LANGUAGE_LABELS: Mapping[Language, str] = {
    Language.SIMPLIFIED: N_("Simplified Chinese"),
    Language.TRADITIONAL: N_("Traditional Chinese"),
    Language.ENGLISH: N_("English"),
}


class AllianceKind(StrEnum):
    MERGED = "merged"
    CO_BUILT = "co_built"
    COOPERATIVE = "cooperative"
    GROUP = "group"
    PAIRED = "paired"


ALLIANCE_KIND_LABELS: Mapping[AllianceKind, str] = {
    AllianceKind.MERGED: N_("Merged alliance"),
    AllianceKind.CO_BUILT: N_("Co-built alliance"),
    AllianceKind.COOPERATIVE: N_("Cooperative alliance"),
    AllianceKind.GROUP: N_("School group"),
    AllianceKind.PAIRED: N_("Paired schools"),
}


class Scheme(StrEnum):
    """The lists of terms that an administrator may extend."""

    SCHOOL_STAGE = "school_stage"
    GRADE = "grade"
    SUBJECT = "subject"
    VOLUME = "volume"
    EDITION = "edition"


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of a list: a stable code and its label in each language.

    ``stages`` names the stages of school to which it belongs; empty means all of them.
    """

    scheme: Scheme
    code: str
    labels: Mapping[str, str]
    """By locale: ``zh_Hans``, ``zh_Hant``, ``en``."""
    stages: frozenset[str] = frozenset()
    colour: int = 0
    """1-16: which colour bar a subject carries."""
    hidden: bool = False
    """No longer offered, still shown where it was used."""


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All terms, in the order in which they are offered."""

    terms: tuple[Term, ...] = ()
    _by_code: dict[tuple[Scheme, str], Term] = field(default_factory=dict)
    _by_word: dict[tuple[Scheme, str], str] = field(default_factory=dict)

    @classmethod
    def of(cls, terms: Iterable[Term]) -> "Taxonomy":
        kept = tuple(terms)
        words: dict[tuple[Scheme, str], str] = {}
        for term in kept:
            for word in (term.code, *term.labels.values()):
                words.setdefault((term.scheme, word.casefold()), term.code)
        return cls(kept, {(term.scheme, term.code): term for term in kept}, words)

    def term(self, scheme: Scheme, code: str) -> Term | None:
        return self._by_code.get((scheme, code))

    def has(self, scheme: Scheme, code: str) -> bool:
        return (scheme, code) in self._by_code

    def offered(self, scheme: Scheme, *, school_stage: str = "") -> list[Term]:
        """The terms to choose from, for one stage of school if it is given."""
        return [
            term
            for term in self.terms
            if term.scheme is scheme
            and not term.hidden
            and (not school_stage or not term.stages or school_stage in term.stages)
        ]

    def label(self, scheme: Scheme, code: str, locale: str) -> str:
        """The word for ``code``; an unknown code is shown as it is."""
        term = self.term(scheme, code)
        return code if term is None else term.labels.get(locale) or term.labels["zh_Hans"]

    def find(self, scheme: Scheme, words: str) -> str | None:
        """The code that a person means by a code or by a label in any language."""
        return self._by_word.get((scheme, words.strip().casefold()))

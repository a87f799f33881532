"""Every refusal that the hub expects, in words that say what to do next."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


def N_(sentence: str) -> str:  # noqa: N802 - gettext's customary name for "translate this later"
    """Mark a sentence for translation; the edge that shows it translates it."""
    return sentence


class HubError(Exception):
    """Base of every expected failure.

    ``code`` is stable and machine-readable; ``title`` is the same for every instance; the sentence
    explains this one and says what to do next. It is an English msgid with ``%(name)s`` places, so
    that each edge can say it in the reader's language.
    """

    code: ClassVar[str] = "error"
    title: ClassVar[str] = N_("Something went wrong")

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence % values if values else sentence)
        self.sentence = sentence
        self.values = values


class Missing(HubError):
    """There is no such thing, as far as this person may know."""

    code = "not-found"
    title = N_("Not found")


class SignInNeeded(HubError):
    code = "sign-in-needed"
    title = N_("Please sign in")


class NotAllowed(HubError):
    code = "not-allowed"
    title = N_("You may not do that")


class WrongState(HubError):
    """Right person, wrong moment: someone was faster, or something must be done before."""

    code = "wrong-state"
    title = N_("Not at this moment")


class TooLarge(HubError):
    code = "too-large"
    title = N_("Too large")


class TooManyTries(HubError):
    code = "too-many-tries"
    title = N_("Too many tries")


class Unavailable(HubError):
    """A part of the hub (storage, index, mail) does not answer just now."""

    code = "unavailable"
    title = N_("Not available just now")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field, said beside it and in the list on top."""

    field: str
    sentence: str
    values: dict[str, object] = dataclasses.field(default_factory=dict)

    def __str__(self) -> str:
        return self.sentence % self.values if self.values else self.sentence


class Invalid(HubError):
    """Something that was typed cannot be taken; ``problems`` names each field."""

    code = "invalid"
    title = N_("Something is missing or wrong")

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


def problems_of_line(error: HubError) -> tuple[Problem, ...]:
    """Why a line of an import was refused; what concerns no field stands at the line."""
    if isinstance(error, Invalid):
        return error.problems
    return (Problem("line", error.sentence, error.values),)

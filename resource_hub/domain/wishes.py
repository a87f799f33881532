"""Wishes for resources that nobody has found: who may see one, join it, take it back, answer it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from resource_hub.domain.errors import N_, Missing, NotAllowed, WrongState
from resource_hub.domain.people import Person, Role
from resource_hub.domain.visibility import PUBLIC

MAX_TEXT = 200
MAX_NOTE = 1_000
MOST_OPEN = 50
"""Open wishes of one person."""

NO_SUCH_WISH = N_("There is no such wish.")
NEEDS_SCHOOL = N_("To wish for something, sign in with an account of a school.")


class WishState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class WishAction(StrEnum):
    JOIN = "join"
    WITHDRAW = "withdraw"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Wished:
    """What the rules need to know of a wish.

    ``tokens`` are audience tokens such as ``alliance:3``: whoever carries one of them may see it.
    """

    state: WishState
    tokens: frozenset[str]
    wisher_ids: frozenset[int]


def circle(person: Person) -> frozenset[str]:
    """Whom a person's wish is shown to: the alliances of the school, or else the school."""
    alliances = frozenset(token for token in person.tokens if token.startswith("alliance:"))
    return alliances or person.tokens - {PUBLIC}


def open_tokens(person: Person) -> frozenset[str]:
    """Wishes with one of these tokens are shown to ``person``: own ones, and those edited for."""
    edited = {
        f"alliance:{held.alliance_id}"
        for held in person.appointments
        if held.role is Role.EDITOR and held.alliance_id is not None
    }
    return (person.tokens - {PUBLIC}) | edited


def sees(person: Person, wish: Wished) -> bool:
    return person.is_administrator or bool(open_tokens(person) & wish.tokens)


Rule = Callable[[Person, Wished], str | None]
"""Answers None when content, else the reason to show to the person."""


def has_a_school(person: Person, _wish: Wished) -> str | None:
    return NEEDS_SCHOOL if person.school_id is None else None


def is_wisher(person: Person, wish: Wished) -> str | None:
    if person.id in wish.wisher_ids or person.is_administrator:
        return None
    return N_("Only who wishes this can take the wish back.")


def is_wisher_or_editor(person: Person, wish: Wished) -> str | None:
    if is_wisher(person, wish) is None:
        return None
    edits = any(
        held.role is Role.EDITOR and f"alliance:{held.alliance_id}" in wish.tokens
        for held in person.appointments
    )
    return None if edits else N_("Only who wishes this, or an editor, can say that it is answered.")


RULES: Mapping[WishAction, Rule] = {
    WishAction.JOIN: has_a_school,
    WishAction.WITHDRAW: is_wisher,
    WishAction.ANSWER: is_wisher_or_editor,
}
"""Only an open wish changes; the rest is who may."""


def require(action: WishAction, person: Person, wish: Wished) -> None:
    """Raise unless ``person`` may take ``action`` now.

    Raises:
        Missing: as far as this person may know, there is no such wish.
        NotAllowed: this person may not.
        WrongState: it is answered or withdrawn.
    """
    if not sees(person, wish):
        raise Missing(NO_SUCH_WISH)
    if reason := RULES[action](person, wish):
        raise NotAllowed(reason)
    if wish.state is not WishState.OPEN:
        raise WrongState(N_("This wish is answered or withdrawn already."))


def possible_actions(person: Person, wish: Wished) -> list[WishAction]:
    """The buttons; whoever wishes it already is not asked to join."""
    if wish.state is not WishState.OPEN or not sees(person, wish):
        return []
    found = [action for action, rule in RULES.items() if rule(person, wish) is None]
    if person.id in wish.wisher_ids and WishAction.JOIN in found:
        found.remove(WishAction.JOIN)
    return found

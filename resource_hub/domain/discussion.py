"""Talk about resources and in rounds: who may post, who moderates, who is named with an @."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from resource_hub.domain.errors import N_, HubError, Invalid, NotAllowed, Problem, WrongState
from resource_hub.domain.people import Person

MAX_TITLE = 120
"""Characters of the title of a free thread."""
MAX_REASON = 500
"""Of why a post is hidden, or reported."""
MOST_MENTIONS = 10
"""People who are told that one post names them."""
LONGEST_NAME = 20
"""Characters of a name that are looked up after an @."""

NO_SUCH_THREAD = N_("There is no such thread, or it is not shared with you.")
NO_SUCH_POST = N_("There is no such post, or it is not shared with you.")
TAKEN_DOWN = N_("The resource was taken down meanwhile, so nothing can be posted about it.")
LOCKED = N_("This thread is locked: it can be read, but nothing new can be posted.")
OWN_POST = N_("It is your own: take it back, or leave it to the others who moderate.")
ONLY_MODERATORS = N_(
    "Only the coordinators and editors of the alliance can do this, and not on their own work."
)


class PostKind(StrEnum):
    COMMENT = "comment"
    CLASS_USE = "class_use"
    """Says that the resource was used in class; what it says stands in ``ClassUse``."""


@dataclass(frozen=True, slots=True)
class TalkPlace:
    """What the rules need to know of a thread.

    Attributes:
        alliance_id: of the round, or of the live version of the resource; None: of none.
        school_id: of the resource; None for a thread that is about none.
        authors: the owner of the resource and its co-authors.
    """

    alliance_id: int | None = None
    school_id: int | None = None
    authors: frozenset[int] = frozenset()
    is_locked: bool = False


def why_no_post(person: Person, place: TalkPlace) -> HubError | None:
    """Why one who may read the thread may not post in it; None: they may."""
    if not person.is_signed_in:
        return NotAllowed(N_("Sign in with an account of your own to take part."))
    return WrongState(LOCKED) if place.is_locked else None


def moderates(person: Person, place: TalkPlace) -> bool:
    """The coordinators and editors of the alliance, and who runs the hub.

    What nobody shares beyond the school is left to the school's own coordinator. Nobody moderates
    what others say of the own work.
    """
    if not person.is_signed_in or person.id in place.authors:
        return False
    return person.is_administrator or _is_appointed_to(person, place)


def whom_to_ask(people: Iterable[Person], place: TalkPlace) -> list[Person]:
    """Those who moderate by an appointment there; where nobody does, those who run the hub."""
    found = [one for one in people if moderates(one, place)]
    return [one for one in found if _is_appointed_to(one, place)] or found


def _is_appointed_to(person: Person, place: TalkPlace) -> bool:
    if place.school_id is not None and person.coordinates(place.school_id):
        return True
    return place.alliance_id in alliances_moderated(person)


def alliances_moderated(person: Person) -> frozenset[int]:
    """Those that the person edits; a coordinator's also those of the own school."""
    coordinates = person.school_id is not None and person.coordinates(person.school_id)
    return person.edits | person.alliance_ids if coordinates else person.edits


def moderates_some(person: Person) -> bool:
    """Whether there may be anything at all that the person moderates."""
    return person.is_administrator or person.is_coordinator or person.is_editor


_AT = re.compile(r"(?<![A-Za-z0-9._%+-])[@＠]")
"""Not within an e-mail address."""


def named(text: str) -> list[str]:
    """What follows each ``@``: as many characters as a name may have, at most so many times."""
    tails = [text[found.end() : found.end() + LONGEST_NAME] for found in _AT.finditer(text)]
    return list(dict.fromkeys(tail for tail in tails if tail.strip()))[:MOST_MENTIONS]


def beginnings(tails: list[str]) -> set[str]:
    """Every name that could be meant: Chinese puts no blank after it."""
    return {tail[:length] for tail in tails for length in range(2, len(tail) + 1)}


def meant(tails: list[str], known: Mapping[str, frozenset[int]]) -> set[int]:
    """The people of the longest known name after each ``@``; Ann is not meant by ``@Anna``.

    Args:
        known: by name, who bears it; several may.
    """
    found: set[int] = set()
    for tail in tails:
        names = [name for name in known if tail.startswith(name) and not _goes_on(tail, name)]
        if names:
            found |= known[max(names, key=len)]
    return found


def _goes_on(tail: str, name: str) -> bool:
    """Whether the word goes on after the name; Chinese puts no blank there."""
    after = tail[len(name) : len(name) + 1]
    return (name[-1] + after).isascii() and name[-1].isalnum() and after.isalnum()


def checked_title(title: str, *, needed: bool) -> str:
    """One line.

    Raises:
        Invalid: it is too long, or missing where one is needed.
    """
    title = " ".join(title.split())
    if needed and not title:
        raise Invalid([Problem("title", N_("Say in a few words what it is about."))])
    return _not_too_long("title", title, MAX_TITLE)


def checked_reason(reason: str) -> str:
    """Why something is hidden or reported.

    Raises:
        Invalid: none is given, or it is too long.
    """
    reason = reason.replace("\r\n", "\n").strip()
    if not reason:
        raise Invalid([Problem("reason", N_("Say why, in a sentence that its author can read."))])
    return _not_too_long("reason", reason, MAX_REASON)


def _not_too_long(field: str, words: str, limit: int) -> str:
    if len(words) > limit:
        sentence = N_("At most %(limit)s characters; this has %(length)s.")
        raise Invalid([Problem(field, sentence, {"limit": limit, "length": len(words)})])
    return words

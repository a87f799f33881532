"""The editor's work on a draft: words, highlights, order, cover; building again keeps all of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from io import BytesIO
from typing import TypeVar

from resource_hub.domain.catalogue import Change, Month
from resource_hub.domain.errors import N_, Invalid, Missing, Problem, WrongState
from resource_hub.domain.people import Person
from resource_hub.files.guard import Unreadable
from resource_hub.files.preview import as_seen, webp
from resource_hub.models import Entry, Highlighted, Issue
from resource_hub.services.blob_uses import claim
from resource_hub.services.catalogue import FROZEN, checked_preface
from resource_hub.services.catalogue_filling import arrange
from resource_hub.services.issue_access import find_issue, require_editor
from resource_hub.services.unit_of_work import UnitOfWork
from storage import Storage

Thing = TypeVar("Thing")

MAX_HIGHLIGHTS = 12
MAX_WORDS = 300
"""Characters of what is said about a highlight."""

MAX_COVER = 10 * 1024 * 1024
"""Bytes of a picture for the cover."""

COVER_BOX = (1240, 1754)
"""Pixels: A4 at 150 dots an inch."""

OVERTAKEN = N_(
    "Somebody else changed the words of this draft meanwhile. Yours are still in the fields below:"
    " compare them with what is kept, and save again if yours shall stand."
)


class Act(StrEnum):
    """What a button of the draft does, beside saving the words."""

    UP = "up"
    DOWN = "down"
    HIGHLIGHT = "highlight"
    DROP = "drop"
    EARLIER = "earlier"
    LATER = "later"
    SUBJECT_UP = "subject_up"
    SUBJECT_DOWN = "subject_down"


@dataclass(frozen=True, slots=True)
class Words:
    """What the editor wrote, and which version of the words stood in the form.

    ``highlights`` are words by public id; what is not named stays as it is.
    """

    preface: str
    highlights: Mapping[str, str] = field(default_factory=dict)
    seen: int = 0


def save(
    uow: UnitOfWork,
    by: Person,
    alliance_id: int,
    month: Month,
    words: Words,
    act: tuple[Act, str] | None = None,
) -> Issue:
    """Keep the words; then do what the button says, to an entry, a highlight or a subject.

    Raises:
        NotAllowed: the person does not edit this catalogue.
        Missing: there is no draft, or nothing in it that the button names.
        WrongState: the issue is published; or somebody else changed the words meanwhile.
        Invalid: words that are too long, or too many highlights.
    """
    issue = draft_of(uow, by, alliance_id, month)
    _write(uow, by, issue, words)
    if act is not None:
        what, subject = act
        _ACTS[what](uow, issue, what, subject)
    uow.session.flush()
    return issue


def draft_of(uow: UnitOfWork, by: Person, alliance_id: int, month: Month) -> Issue:
    """The draft, for who may change it.

    Raises:
        NotAllowed, Missing, WrongState: see ``save``.
    """
    require_editor(by, alliance_id)
    issue = find_issue(uow.session, alliance_id, month)
    if issue is None:
        raise Missing(N_("There is no issue of this month yet; build it first."))
    if issue.published_at is not None:
        raise WrongState(FROZEN)
    return issue


def _write(uow: UnitOfWork, by: Person, issue: Issue, words: Words) -> None:
    preface = checked_preface(words.preface)
    said = {public_id: " ".join(text.split()) for public_id, text in words.highlights.items()}
    problems = [
        Problem(
            f"words-{public_id}",
            N_("At most %(limit)s characters; this has %(length)s."),
            {"limit": MAX_WORDS, "length": len(text)},
        )
        for public_id, text in said.items()
        if len(text) > MAX_WORDS
    ]
    if problems:
        raise Invalid(problems)
    changed = [
        chosen
        for chosen in issue.highlights
        if said.get(chosen.public_id, chosen.words) != chosen.words
    ]
    if preface == issue.preface and not changed:
        return
    if words.seen != issue.edits:
        raise WrongState(OVERTAKEN)
    issue.preface = preface
    for chosen in changed:
        chosen.words = said[chosen.public_id]
    issue.edits += 1
    uow.record("catalogue:write", by=by, alliance=issue.alliance_id, month=issue.month)


def _move(uow: UnitOfWork, issue: Issue, act: Act, public_id: str) -> None:
    """One place up or down within its subject, grade and school."""
    entry = _entry(issue, public_id)
    group = [other for other in issue.entries if _group(other) == _group(entry)]
    for rank, other in enumerate(_swapped(group, entry, up=act is Act.UP), start=1):
        other.rank = rank
    arrange(uow.session, issue)


def _group(entry: Entry) -> tuple[Change, str, str, str]:
    grade = entry.grades[0] if entry.grades else ""
    return entry.change, entry.subject, grade, entry.school_name


def _move_subject(uow: UnitOfWork, issue: Issue, act: Act, subject: str) -> None:
    subjects = list(dict.fromkeys(entry.subject for entry in issue.entries))
    if subject not in subjects:
        raise Missing(NOT_IN_IT)
    issue.subjects = tuple(_swapped(subjects, subject, up=act is Act.SUBJECT_UP))
    arrange(uow.session, issue)


def _choose(_uow: UnitOfWork, issue: Issue, _act: Act, public_id: str) -> None:
    entry = _entry(issue, public_id)
    if entry.change is Change.WITHDRAWN:
        raise Invalid([Problem("highlights", N_("What was withdrawn cannot be a highlight."))])
    if any(chosen.public_id == public_id for chosen in issue.highlights):
        return
    if len(issue.highlights) >= MAX_HIGHLIGHTS:
        sentence = N_("At most %(limit)s highlights; take one out first.")
        raise Invalid([Problem("highlights", sentence, {"limit": MAX_HIGHLIGHTS})])
    last = max((chosen.position for chosen in issue.highlights), default=0)
    issue.highlights.append(Highlighted(position=last + 1, public_id=public_id, words=""))


def _drop(_uow: UnitOfWork, issue: Issue, _act: Act, public_id: str) -> None:
    issue.highlights.remove(_highlight(issue, public_id))


def _move_highlight(_uow: UnitOfWork, issue: Issue, act: Act, public_id: str) -> None:
    chosen = _highlight(issue, public_id)
    ordered = _swapped(list(issue.highlights), chosen, up=act is Act.EARLIER)
    for position, each in enumerate(ordered, start=1):
        each.position = position


_ACTS = {
    Act.UP: _move,
    Act.DOWN: _move,
    Act.HIGHLIGHT: _choose,
    Act.DROP: _drop,
    Act.EARLIER: _move_highlight,
    Act.LATER: _move_highlight,
    Act.SUBJECT_UP: _move_subject,
    Act.SUBJECT_DOWN: _move_subject,
}

NOT_IN_IT = N_("This is not in the issue any more. Look again.")


def _entry(issue: Issue, public_id: str) -> Entry:
    for entry in issue.entries:
        if entry.public_id == public_id:
            return entry
    raise Missing(NOT_IN_IT)


def _highlight(issue: Issue, public_id: str) -> Highlighted:
    for chosen in issue.highlights:
        if chosen.public_id == public_id:
            return chosen
    raise Missing(NOT_IN_IT)


def _swapped(things: Sequence[Thing], thing: Thing, *, up: bool) -> list[Thing]:
    """With ``thing`` one place further up or down; at the end of the list, as they were."""
    found = list(things)
    at = found.index(thing)
    to = at - 1 if up else at + 1
    if 0 <= to < len(found):
        found[at], found[to] = found[to], found[at]
    return found


def choose_cover(
    uow: UnitOfWork,
    storage: Storage,
    by: Person,
    alliance_id: int,
    month: Month,
    picture: bytes | None,
) -> Issue:
    """Take a picture for the cover, made small; None: have it drawn again.

    Raises:
        NotAllowed, Missing, WrongState: see ``save``.
        Invalid: it is no picture, is damaged, or is too large.
    """
    issue = draft_of(uow, by, alliance_id, month)
    if picture is None:
        issue.cover_key = None
        return issue
    if len(picture) > MAX_COVER:
        raise Invalid([Problem("cover", N_("A picture of at most 10 MB, please."))])
    try:
        _size, small = as_seen(BytesIO(picture), box=COVER_BOX)
    except Unreadable as error:
        sentence = N_("This is no picture that can be read. A JPEG, PNG or WebP will do.")
        raise Invalid([Problem("cover", sentence)]) from error
    key = storage.put(BytesIO(webp(small))).key
    claim(uow, storage, key)
    issue.cover_key = key
    uow.record("catalogue:cover", by=by, alliance=alliance_id, month=issue.month)
    return issue

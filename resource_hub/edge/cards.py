"""A resource in a list, in words and addresses: the card, and where the words were found."""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import g, url_for
from flask_babel import gettext
from markupsafe import Markup

from resource_hub.domain.catalogue import Month
from resource_hub.domain.errors import N_
from resource_hub.edge.context import subject_colour
from resource_hub.edge.current import hub
from resource_hub.edge.durations import clock
from resource_hub.edge.words import day, label, month_words, translate
from resource_hub.edge.words import translate_count as ngettext
from resource_hub.services.queries.shelf import Card
from search_index import Highlighted, Hit, Passage, Place

PLACES: Mapping[str, str] = {
    "page": N_("in %(file)s, page %(label)s"),
    "slide": N_("in %(file)s, slide %(label)s"),
    "sheet": N_("in %(file)s, sheet %(label)s"),
    "second": N_("in %(file)s, at %(label)s"),
}
"""By kind of place: where in an attachment a passage stands."""

IN_FILE = N_("in %(file)s")

_BETWEEN = N_(", ")


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """Where the words were found: the text with its marks, and the place, empty if its own text."""

    text: Markup
    place: str
    url: str = ""
    """Where the place can be looked at: a page in the viewer, a film from that second on."""


@dataclass(frozen=True, slots=True)
class ShownCard:
    """What ``components/cards.html`` draws: nothing has to be looked up while it does.

    Twenty stand on a page of results, and the template is the slowest part of it.
    """

    url: str
    cover_url: str | None
    language: str
    title: str | Markup
    kind: str
    kind_label: str
    subject_label: str
    subject_colour: int
    what: tuple[str, ...]
    """Subject, grades, volume."""
    badge: str
    """See ``domain.endorsement.Badge``."""
    passages: Sequence[ShownPassage]
    whence: tuple[str, ...]
    """School, author, when, and numbers."""


def shown(card: Card, hit: Hit | None = None) -> ShownCard:
    """A card ready to be drawn. Among results the month of publication stands for the day."""
    subject = label(card.subject, "subject")
    when = month_words(Month.of(card.published_at, hub().zone)) if hit else day(card.published_at)
    return ShownCard(
        url=_card_url(card.public_id),
        cover_url=url_for("files.thumbnail", key=card.cover_key) if card.cover_key else None,
        language=card.language,
        title=marked(hit.title) if hit else card.title,
        kind=card.kind,
        kind_label=label(card.kind, "kind"),
        subject_label=subject,
        subject_colour=subject_colour(card.subject) if card.subject else 16,
        what=_given(
            subject,
            translate(_BETWEEN).join([label(grade, "grade") for grade in card.grades]),
            label(card.volume, "volume") if card.volume else "",
        ),
        badge=card.badge,
        passages=[_passage(card, passage) for passage in hit.passages] if hit else (),
        whence=_given(card.school_name, card.author_name, when, *_numbers(card)),
    )


def _numbers(card: Card) -> Sequence[str]:
    """How often it was used, and how much there is of it; "" for what is none."""
    in_class = ngettext(
        "used in class %(num)s time", "used in class %(num)s times", card.class_uses
    )
    return (
        _counted(in_class, card.class_uses),
        _counted(ngettext("%(num)s download", "%(num)s downloads", card.downloads), card.downloads),
        _counted(ngettext("%(num)s view", "%(num)s views", card.views), card.views),
        _counted(
            ngettext("%(num)s file", "%(num)s files", card.attachment_count), card.attachment_count
        ),
        clock(card.seconds) if card.seconds else "",
    )


def _counted(words: str, number: int) -> str:
    return words % {"num": number} if number else ""


def _given(*facts: str) -> tuple[str, ...]:
    return tuple(filter(None, facts))


def _card_url(public_id: str) -> str:
    """The address of the resource's page; only the first one of a request is asked for."""
    if "card_url" not in g:
        g.card_url = url_for("resource.show", public_id=public_id).removesuffix(public_id)
    return f"{g.card_url}{public_id}"


def _passage(card: Card, passage: Passage) -> ShownPassage:
    place = passage.place
    return ShownPassage(marked(passage), place_words(place), _place_url(card, place))


def place_words(place: Place | None) -> str:
    """In 课件.pptx, slide 3; in 月相.srt, at 1:20; empty for a summary and the own text."""
    if place is None or not place.file:
        return ""
    sentence = PLACES.get(place.kind, IN_FILE) if place.label else IN_FILE
    where = clock(int(place.label)) if _is_moment(place) else place.label
    return str(gettext(sentence, file=place.file, label=where))


def _is_moment(place: Place) -> bool:
    return place.kind == "second" and place.label.isdecimal()


def _place_url(card: Card, place: Place | None) -> str:
    if place is None or not place.file:
        return ""
    if _is_moment(place):
        return url_for("resource.show", public_id=card.public_id, t=int(place.label))
    page = place.label if place.kind in {"page", "slide"} and place.label.isdecimal() else None
    return url_for("viewer.named", public_id=card.public_id, file=place.file, page=page)


def marked(found: Highlighted) -> Markup:
    """The text with ``<mark>`` around what answers the query; everything else is escaped."""
    text, at = found.text, 0
    pieces: list[str] = []
    for start, end in found.marks:
        pieces += [_escaped(text[at:start]), "<mark>", _escaped(text[start:end]), "</mark>"]
        at = end
    return Markup("".join([*pieces, _escaped(text[at:])]))  # noqa: S704 - every piece is escaped


def _escaped(text: str) -> str:
    """Between tags alone, where quotes mean nothing; ``markupsafe.escape`` makes objects."""
    return html.escape(text, quote=False)

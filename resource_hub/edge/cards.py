"""A resource in a list, ready for its card: the cover's address, and where the words were found."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from flask import url_for
from flask_babel import gettext
from markupsafe import Markup, escape

from resource_hub.domain.catalogue import Month
from resource_hub.domain.errors import N_
from resource_hub.edge.current import hub
from resource_hub.services.queries.shelf import Card
from search_index import Highlighted, Hit, Place

PLACES: Mapping[str, str] = {
    "page": N_("in %(file)s, page %(label)s"),
    "slide": N_("in %(file)s, slide %(label)s"),
    "sheet": N_("in %(file)s, sheet %(label)s"),
}
"""By kind of place: where in an attachment a passage stands."""

IN_FILE = N_("in %(file)s")


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """Where the words were found: the text with its marks, and the place, empty if its own text."""

    text: Markup
    place: str


def shown(card: Card, hit: Hit | None = None) -> dict[str, Any]:  # Any: fields of every type
    """What ``components/cards.html`` draws: the card's fields, its cover, and what was found.

    Among results the month of publication stands for the day.
    """
    values: dict[str, Any] = {
        item.name: getattr(card, item.name) for item in fields(card)
    }  # Any: as above
    values["cover_url"] = url_for("files.thumbnail", key=card.cover_key) if card.cover_key else None
    values["month"] = Month.of(card.published_at, hub().zone) if hit else None
    values["title_html"] = marked(hit.title) if hit else None
    values["passages"] = (
        [ShownPassage(marked(passage), place_words(passage.place)) for passage in hit.passages]
        if hit
        else []
    )
    return values


def place_words(place: Place | None) -> str:
    """In 课件.pptx, slide 3; empty for a summary and for the resource's own text."""
    if place is None or not place.file:
        return ""
    sentence = PLACES.get(place.kind, IN_FILE) if place.label else IN_FILE
    return str(gettext(sentence, file=place.file, label=place.label))


def marked(found: Highlighted) -> Markup:
    """The text with ``<mark>`` around what answers the query; everything else is escaped."""
    pieces, at = [], 0
    for start, end in found.marks:
        pieces += [
            escape(found.text[at:start]),
            Markup("<mark>{}</mark>").format(found.text[start:end]),
        ]
        at = end
    return Markup("").join([*pieces, escape(found.text[at:])])

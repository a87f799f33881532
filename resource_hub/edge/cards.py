"""A resource in a list, ready for its card: the cover's address, and where the words were found."""

from dataclasses import fields
from typing import Any

from flask import url_for
from markupsafe import Markup, escape

from resource_hub.services.queries.shelf import Card
from search_index import Highlighted, Hit


def shown(card: Card, hit: Hit | None = None) -> dict[str, Any]:  # Any: fields of every type
    """What ``components/cards.html`` draws: the card's fields, its cover, and what was found."""
    values: dict[str, Any] = {
        item.name: getattr(card, item.name) for item in fields(card)
    }  # Any: as above
    values["cover_url"] = url_for("files.thumbnail", key=card.cover_key) if card.cover_key else None
    values["title_html"] = marked(hit.title) if hit else None
    values["passages"] = [marked(passage) for passage in hit.passages] if hit else []
    return values


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

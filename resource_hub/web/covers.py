"""A cover for every resource: a picture out of its files, or one that the hub draws.

Cards of the hub itself draw the second kind by style, which costs a weak line nothing. This one is
for whoever shows a link to the resource: chats, portals, other catalogues.
"""

import hashlib
from functools import lru_cache
from http import HTTPStatus

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from resource_hub.domain.errors import Missing
from resource_hub.edge.colours import SUBJECT_COLOURS
from resource_hub.edge.context import subject_colour
from resource_hub.edge.current import current_person, hub, reading
from resource_hub.edge.words import label
from resource_hub.files.cover import drawn_cover
from resource_hub.services.queries.shelf import card_on_shelf
from resource_hub.services.queries.stored_files import NO_SUCH_FILE

blueprint = Blueprint("covers", __name__)

HOUR_SECONDS = 3600
_KEPT = 200  # covers of at most 15 kB

_drawn = lru_cache(_KEPT)(drawn_cover)


@blueprint.get("/r/<public_id:public_id>/cover.webp")
def show(public_id: str) -> ResponseReturnValue:
    """The cover of what stands on the reader's shelf."""
    card = card_on_shelf(reading(), current_person(), hub().now(), public_id)
    if card is None:
        raise Missing(NO_SUCH_FILE)
    drawn_from = (
        card.title,
        label(card.kind, "kind"),
        label(card.subject, "subject"),
        SUBJECT_COLOURS[subject_colour(card.subject) - 1],
    )
    answer = Response(mimetype="image/webp")
    answer.headers["Cache-Control"] = f"private, max-age={HOUR_SECONDS}"
    answer.set_etag(card.cover_key or hashlib.sha256(repr(drawn_from).encode()).hexdigest())
    answer.make_conditional(request)
    if answer.status_code != HTTPStatus.NOT_MODIFIED:
        if card.cover_key is None:
            answer.set_data(_drawn(*drawn_from))
        else:
            with hub().storage.open(card.cover_key) as stream:
                answer.set_data(stream.read())
    return answer

"""Atom feeds: the issues of the catalogue, and what is new on each shelf, as far as one may see."""

from datetime import UTC, datetime

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from resource_hub.catalogue.feed import MEDIA_TYPE, Feed, FeedItem, as_atom
from resource_hub.domain.catalogue import CHANGE_LABELS
from resource_hub.domain.errors import N_, Missing
from resource_hub.edge.current import current_person, hub, reading
from resource_hub.edge.words import LANGUAGES, label, locale_name, month_words
from resource_hub.services.queries import browse
from resource_hub.services.queries.axes import WAYS_IN, Axis
from resource_hub.services.queries.errata import last_errata
from resource_hub.services.queries.issues import issues
from resource_hub.services.queries.shelf import Card
from resource_hub.web.browse import shelf_name

blueprint = Blueprint("feeds", __name__)

MOST_ITEMS = 30
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
"""When a feed without items changed last: a fixed moment, so that it is the same for ever."""


@blueprint.get("/browse/<axis:axis>/<code>/feed.atom")
def shelf(axis: Axis, code: str) -> ResponseReturnValue:
    """The newest resources of a subject, a grade or a school."""
    name = shelf_name(axis, code) if axis in WAYS_IN else None
    if name is None:
        raise Missing(N_("There is no such shelf."))
    cards = browse.newest(reading(), current_person(), hub().now(), {axis: code}, most=MOST_ITEMS)
    return _answer(
        title=_("New resources: %(name)s", name=name),
        address=url_for(".shelf", axis=axis, code=code),
        page=url_for("browse.shelf", axis=axis, code=code),
        items=[_item(card) for card in cards],
    )


def _item(card: Card) -> FeedItem:
    return FeedItem(
        address=f"{hub().public_url}/r/{card.public_id}",
        title=card.title,
        updated=card.published_at,
        summary=card.summary,
        author=card.author_name,
        categories=(
            label(card.subject, "subject"),
            label(card.kind, "kind"),
            *(label(grade, "grade") for grade in card.grades),
            card.school_name,
        ),
    )


@blueprint.get("/catalogue/feed.atom")
def catalogue() -> ResponseReturnValue:
    """The published issues of the catalogue."""
    found = issues(reading(), current_person(), drafts=False, most=MOST_ITEMS)
    corrected = last_errata(reading(), current_person(), {it.month for it in found})
    return _answer(
        title=_("Catalogue"),
        address=url_for(".catalogue"),
        page=url_for("catalogue.index"),
        items=[
            FeedItem(
                address=hub().public_url
                + url_for("catalogue.issue", month=it.month, alliance_id=it.alliance_id),
                title=f"{it.alliance_name} {_('Catalogue')} {month_words(it.month)}",
                updated=corrected.get((it.alliance_id, it.month)) or it.published_at or it.built_at,
                summary=_(", ").join(
                    f"{_(CHANGE_LABELS[change])} {count}" for change, count in it.counts.items()
                ),
            )
            for it in found
        ],
    )


def _answer(*, title: str, address: str, page: str, items: list[FeedItem]) -> Response:
    feed = Feed(
        address=hub().public_url + address,
        page=hub().public_url + page,
        title=title,
        author=_("School Resource Hub"),
        language=LANGUAGES[locale_name()],
        began=BEGAN,
        items=tuple(items),
    )
    answer = Response(as_atom(feed), content_type=f"{MEDIA_TYPE}; charset=utf-8")
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.vary.update(("Accept-Language", "Cookie"))
    answer.last_modified = feed.updated
    answer.add_etag()
    answer.make_conditional(request)
    return answer

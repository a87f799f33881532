"""Search: the whole state is in the address, so a result can be sent to a colleague."""

import time
from functools import partial
from typing import Any

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    get_template_attribute,
    make_response,
    render_template,
    request,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from resource_hub.domain.errors import N_
from resource_hub.edge.blocks import render_block, wants_block
from resource_hub.edge.cards import shown
from resource_hub.edge.current import current_person, hub, reading, writing
from resource_hub.edge.pages import LinkedPages
from resource_hub.services.queries.search import (
    Answer,
    Relaxed,
    Sort,
    TitlesAlone,
    completions,
    search_or_titles,
)
from resource_hub.services.queries.shelf import Paging
from resource_hub.services.searching import note_fruitless
from resource_hub.web import completing
from resource_hub.web.asked import Asked, read_address
from resource_hub.web.completing import guess_of
from resource_hub.web.facets import FACETS, chosen_of, facets_of
from resource_hub.web.wish_offer import wish_offer

blueprint = Blueprint("search", __name__)

SORTS = {
    Sort.RELEVANCE: N_("By relevance"),
    Sort.NEWEST: N_("Newest first"),
    Sort.MOST_USED: N_("Most used first"),
    Sort.TITLE: N_("By title"),
}


@blueprint.get("/search")
def results() -> ResponseReturnValue:
    """One page of answers, the filters, and what to try where there is nothing."""
    started = time.perf_counter()
    asked = read_address(FACETS)
    answer = search_or_titles(
        reading(),
        hub().search,
        current_person(),
        hub().now(),
        query=asked.query,
        filters=asked.filters,
        sort=asked.sort,
        page=asked.page,
        today=hub().now().astimezone(hub().zone).date(),
        relax=not asked.is_exact,
    )
    values = (
        _titles_alone(asked, answer) if isinstance(answer, TitlesAlone) else _found(asked, answer)
    )
    values |= {
        "asked": asked,
        "seconds": time.perf_counter() - started,
        "sorts": [(sort.value, _(sentence)) for sort, sentence in SORTS.items()],
    }
    if wants_block("results"):
        page = str(render_block("search/results.html", "results", **values, oob=True))
    else:
        page = render_template("search/results.html", **values, oob=False)
    response = _told_apart(page)
    if isinstance(answer, Answer) and _is_fruitless(asked, answer):
        hub_itself = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask's own way to pass it on
        response.call_on_close(partial(_count_fruitless, hub_itself, asked.query))
    return response


@blueprint.get("/search/complete")
def complete() -> ResponseReturnValue:
    """How what is being typed may go on: the options of the list below the search box."""
    typed = request.args.get("q", "").strip()[: completing.LONGEST]
    found = completions(hub().search, current_person(), typed) if typed else ()
    draw = get_template_attribute("components/completions.html", "completion_options")
    return str(draw([guess_of(completion) for completion in found]))


def _is_fruitless(asked: Asked, answer: Answer) -> bool:
    """Whether the words found nothing: not because of the choices, and not for a second time."""
    if not asked.query or asked.is_exact or asked.page > 1:
        return False
    return not answer.paging.total or answer.relaxed is Relaxed.WORDS


def _count_fruitless(app: Flask, query: str) -> None:
    """Count it once the answer is on its way: nobody who searches waits for a disk that writes.

    A process that dies in between loses this one count, and nothing else: so nothing that was
    promised to anybody may be done here.
    """
    with app.app_context(), writing() as uow:
        note_fruitless(uow, query)


def _told_apart(page: str) -> Response:
    """Page and fragment share an address: no cache may mistake one for the other."""
    answer = make_response(page)
    answer.vary.update(("HX-Request", "HX-Target"))
    return answer


def _found(asked: Asked, answer: Answer) -> dict[str, Any]:  # Any: variables of the template
    """What the index finds."""
    facets = facets_of(asked, answer.facets)
    nearest = answer.corrections[0] if answer.relaxed is Relaxed.SPELLING else ""
    return {
        "cards": [shown(found.card, found.hit) for found in answer.found],
        "pages": _pages(asked, answer.paging),
        "facets": facets,
        "chosen": chosen_of(asked, facets),
        "understood": answer.understood,
        "relaxed": answer.relaxed,
        "gave_up_filters": answer.gave_up_filters,
        "nearest": nearest,
        "corrections": [
            (words, asked.for_words(words)) for words in answer.corrections if words != nearest
        ],
        "wish": wish_offer(asked, answer),
        "titles_alone": False,
    }


def _titles_alone(asked: Asked, answer: TitlesAlone) -> dict[str, Any]:  # Any: as above
    """What the database finds by title while the index does not answer."""
    return {
        "cards": [shown(card) for card in answer.cards],
        "pages": _pages(asked, answer.paging),
        "facets": [],
        "chosen": chosen_of(asked, facets_of(asked, {})),
        "understood": "",
        "relaxed": None,
        "gave_up_filters": False,
        "nearest": "",
        "corrections": [],
        "wish": None,
        "titles_alone": True,
    }


def _pages(asked: Asked, paging: Paging) -> LinkedPages:
    return LinkedPages(paging, lambda number: asked.url(page=number))

"""Search: the whole state is in the address, so a result can be sent to a colleague."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from resource_hub.domain.errors import N_
from resource_hub.domain.taxonomy import Kind, Scheme
from resource_hub.edge.blocks import render_block, wants_block
from resource_hub.edge.cards import shown
from resource_hub.edge.current import current_person, hub, reading, taxonomy
from resource_hub.edge.pages import LinkedPages
from resource_hub.edge.words import label
from resource_hub.services.queries.browse import school_names
from resource_hub.services.queries.search import Answer, Sort, TitlesAlone, search_or_titles
from resource_hub.services.queries.shelf import Paging

blueprint = Blueprint("search", __name__)

FACETS = {
    "subject": N_("Subject"),
    "grade": N_("Grade"),
    "school": N_("School"),
    "kind": N_("Kind"),
}

SORTS = {
    Sort.RELEVANCE: N_("By relevance"),
    Sort.NEWEST: N_("Newest first"),
    Sort.MOST_USED: N_("Most used first"),
    Sort.TITLE: N_("By title"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands in the address."""

    query: str
    filters: Mapping[str, frozenset[str]]
    sort: Sort
    page: int

    def url(self, **changes: Any) -> str:  # Any: as url_for takes them
        """The address with something changed; it begins at the first page again."""
        values: dict[str, Any] = {"q": self.query or None}  # Any: as above
        values |= {name: sorted(codes) for name, codes in self.filters.items()}
        values |= {"sort": None if self.sort is Sort.RELEVANCE else self.sort.value}
        return url_for("search.results", **(values | changes))

    def without(self, name: str, code: str) -> str:
        return self.url(**{name: sorted(self.filters[name] - {code})})


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    count: int
    checked: bool


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    label: str
    options: list[Option]


@blueprint.get("/search")
def results() -> ResponseReturnValue:
    """One page of answers, the filters, and what to try where there is nothing."""
    started = time.perf_counter()
    asked = _asked()
    answer = search_or_titles(
        reading(),
        hub().search,
        current_person(),
        hub().now(),
        query=asked.query,
        filters=asked.filters,
        sort=asked.sort,
        page=asked.page,
    )
    values = (
        _titles_alone(asked, answer) if isinstance(answer, TitlesAlone) else _found(asked, answer)
    )
    values |= {
        "asked": asked,
        "seconds": time.perf_counter() - started,
        "sorts": [(sort.value, _(sentence)) for sort, sentence in SORTS.items()],
        "kept": [("q", asked.query)] if asked.query else [],
        "clear_url": url_for(".results", q=asked.query or None),
    }
    values["kept_filters"] = [
        (name, code) for name, codes in asked.filters.items() for code in sorted(codes)
    ]
    if wants_block("results"):
        return _told_apart(render_block("search/results.html", "results", **values, oob=True))
    return _told_apart(render_template("search/results.html", **values, oob=False))


def _told_apart(page: str) -> Response:
    """Page and fragment share an address: no cache may mistake one for the other."""
    answer = make_response(page)
    answer.vary.update(("HX-Request", "HX-Target"))
    return answer


def _asked() -> Asked:
    """Read the address; what is no code of a list is left out."""
    filters = {
        "subject": _known(Scheme.SUBJECT, "subject"),
        "grade": _known(Scheme.GRADE, "grade"),
        "school": frozenset(school_names(reading(), request.args.getlist("school"))),
        "kind": frozenset(set(request.args.getlist("kind")) & set(Kind)),
    }
    sort = request.args.get("sort", "")
    return Asked(
        query=request.args.get("q", "").strip(),
        filters={name: codes for name, codes in filters.items() if codes},
        sort=Sort(sort) if sort in set(Sort) else Sort.RELEVANCE,
        page=request.args.get("page", 1, type=int),
    )


def _known(scheme: Scheme, name: str) -> frozenset[str]:
    codes = request.args.getlist(name)
    return frozenset(code for code in codes if taxonomy().has(scheme, code))


def _found(asked: Asked, answer: Answer) -> dict[str, Any]:  # Any: variables of the template
    """What the index finds."""
    facets = _facets(asked, answer.facets)
    return {
        "cards": [shown(found.card, found.hit) for found in answer.found],
        "pages": _pages(asked, answer.paging),
        "facets": facets,
        "chosen": [
            (option.label, asked.without(facet.name, option.value))
            for facet in facets
            for option in facet.options
            if option.checked
        ],
        "understood": answer.understood,
        "titles_alone": False,
    }


def _titles_alone(asked: Asked, answer: TitlesAlone) -> dict[str, Any]:  # Any: as above
    """What the database finds by title while the index does not answer."""
    facets = _facets(asked, {})
    return {
        "cards": [shown(card) for card in answer.cards],
        "pages": _pages(asked, answer.paging),
        "facets": [],
        "chosen": [
            (option.label, asked.without(facet.name, option.value))
            for facet in facets
            for option in facet.options
        ],
        "understood": "",
        "titles_alone": True,
    }


def _pages(asked: Asked, paging: Paging) -> LinkedPages:
    return LinkedPages(paging, lambda number: asked.url(page=number))


def _facets(asked: Asked, counts: Mapping[str, Mapping[str, int]]) -> list[Facet]:
    """The filters in words; what is chosen stays, even where nothing is left behind it."""
    order = {term.code: place for place, term in enumerate(taxonomy().terms)}
    order |= {kind.value: place for place, kind in enumerate(Kind)}
    facets = []
    for name, sentence in FACETS.items():
        chosen = asked.filters.get(name, frozenset())
        found = dict.fromkeys(chosen, 0) | dict(counts.get(name, {}))
        words = (
            school_names(reading(), found)
            if name == "school"
            else {code: label(code, name) for code in found}
        )
        by_count = name in {"subject", "school"}
        codes = sorted(
            words,
            key=lambda code: (-found[code] if by_count else 0, order.get(code, 0), words[code]),
        )
        options = [Option(code, words[code], found[code], code in chosen) for code in codes]
        facets.append(Facet(name, _(sentence), options))
    return facets

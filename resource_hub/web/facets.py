"""The filters beside the results, in words: what can be chosen, and how much lies behind it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from resource_hub.domain.errors import N_
from resource_hub.domain.taxonomy import Kind
from resource_hub.edge.current import reading, taxonomy
from resource_hub.edge.words import label, locale_name
from resource_hub.services.queries.browse import school_names
from resource_hub.web.asked import SCHEMES, Asked
from resource_hub.web.file_words import type_word

FACETS = {
    "subject": N_("Subject"),
    "stage": N_("Stage of school"),
    "grade": N_("Grade"),
    "school": N_("School"),
    "kind": N_("Kind"),
    "edition": N_("Edition"),
    "year": N_("Year of publication"),
    "format": N_("Format"),
}
"""In the order of the page; the names are those of ``search_index.FACETS``."""

MOST_OPTIONS = 60
"""A facet shows no more, the fullest first: a province has five thousand schools."""

_BY_COUNT = {"subject", "school", "edition", "format"}


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


def facets_of(asked: Asked, counts: Mapping[str, Mapping[str, int]]) -> list[Facet]:
    """The filters; what is chosen stays, even where nothing is left behind it."""
    return [
        Facet(name, _(sentence), _options(name, asked.filters.get(name, frozenset()), counts))
        for name, sentence in FACETS.items()
    ]


def chosen_of(asked: Asked, facets: list[Facet]) -> list[tuple[str, str]]:
    """What is chosen, each with the address without it."""
    return [
        (option.label, asked.without(facet.name, option.value))
        for facet in facets
        for option in facet.options
        if option.checked
    ]


def _options(
    name: str, chosen: frozenset[str], counts: Mapping[str, Mapping[str, int]]
) -> list[Option]:
    found = dict(counts.get(name, {}))
    fullest = sorted(found, key=lambda code: (-found[code], code))[:MOST_OPTIONS]
    shown = dict.fromkeys(chosen, 0) | {
        code: found[code] for code in {*fullest, *(chosen & found.keys())}
    }
    words = _labels(name, shown)
    order = _order(name, shown)
    codes = sorted(
        words,
        key=lambda code: (
            -shown[code] if name in _BY_COUNT else 0,
            order.get(code, 0),
            words[code],
        ),
    )
    return [Option(code, words[code], shown[code], code in chosen) for code in codes]


def _labels(name: str, codes: Mapping[str, int]) -> dict[str, str]:
    """Code → its word in the reader's language; a school that is no more has none."""
    if name == "school":
        return school_names(reading(), codes)
    if name == "year":
        return {code: _("%(year)s", year=code) for code in codes}
    if name == "format":
        return {code: type_word(code) for code in codes}
    if name not in SCHEMES:
        return {code: label(code, name) for code in codes}
    terms, scheme, locale = taxonomy(), SCHEMES[name], locale_name()
    return {code: terms.label(scheme, code, locale) for code in codes}


def _order(name: str, codes: Iterable[str]) -> dict[str, int]:
    """Code → its place: as terms are offered; of years the latest first."""
    if name == "kind":
        return {kind.value: place for place, kind in enumerate(Kind)}
    if name == "year":
        return {code: -int(code) for code in codes}
    if name not in SCHEMES:
        return {}
    terms = [term.code for term in taxonomy().terms if term.scheme is SCHEMES[name]]
    return dict(zip(terms, range(len(terms)), strict=True))

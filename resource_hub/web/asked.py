"""What the address of the search page says, read and written."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from resource_hub.domain.taxonomy import Kind, Scheme
from resource_hub.edge.current import reading, taxonomy
from resource_hub.files import TYPES
from resource_hub.services.queries.browse import school_names
from resource_hub.services.queries.search import Sort

LONGEST = 1_000
"""Characters of a query that an address carries, and that are read."""

_YEAR = re.compile(r"(19|20|21)\d\d")

SCHEMES: Mapping[str, Scheme] = {
    "subject": Scheme.SUBJECT,
    "stage": Scheme.SCHOOL_STAGE,
    "grade": Scheme.GRADE,
    "edition": Scheme.EDITION,
}
"""The facets whose codes are terms of the taxonomy."""

_KNOWN: Mapping[str, Callable[[str], object]] = {
    "kind": lambda code: code in set(Kind),
    "year": _YEAR.fullmatch,
    "format": lambda code: code in TYPES,
}
"""By facet: whether something is a code of it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands in the address: the words, the choices beside them, order and page."""

    query: str
    filters: Mapping[str, frozenset[str]]
    sort: Sort
    page: int
    is_exact: bool
    """Nothing may be given up for the sake of a nearest answer."""

    def url(self, **changes: Any) -> str:  # Any: as url_for takes them
        """The address with something changed; it begins at the first page again."""
        values: dict[str, Any] = {"q": self.query[:LONGEST] or None}  # Any: as above
        values |= {name: sorted(codes) for name, codes in self.filters.items()}
        values |= {"sort": None if self.sort is Sort.RELEVANCE else self.sort.value}
        values |= {"exact": 1 if self.is_exact else None}
        return url_for("search.results", **(values | changes))

    def without(self, name: str, code: str) -> str:
        """The address with one choice taken back."""
        return self.url(**{name: sorted(self.filters[name] - {code})})

    def for_words(self, query: str) -> str:
        """The address with other words and the same choices."""
        return self.url(q=query, exact=None)

    @property
    def clear_url(self) -> str:
        """The same words with nothing chosen."""
        return self.url(**dict.fromkeys(self.filters), sort=None, exact=None)

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """The choices as fields of a form."""
        return [(name, code) for name, codes in self.filters.items() for code in sorted(codes)]


def read_address(facets: Mapping[str, str]) -> Asked:
    """Read the request; what is no code of one of ``facets`` is left out."""
    filters = {name: _known(name) for name in facets}
    sort = request.args.get("sort", "")
    return Asked(
        query=request.args.get("q", "").strip(),
        filters={name: codes for name, codes in filters.items() if codes},
        sort=Sort(sort) if sort in set(Sort) else Sort.RELEVANCE,
        page=request.args.get("page", 1, type=int),
        is_exact=request.args.get("exact") == "1",
    )


def _known(name: str) -> frozenset[str]:
    codes = request.args.getlist(name)
    if not codes:
        return frozenset()
    if name == "school":
        return frozenset(school_names(reading(), codes))
    if name in SCHEMES:
        return frozenset(code for code in codes if taxonomy().has(SCHEMES[name], code))
    return frozenset(code for code in codes if _KNOWN[name](code))

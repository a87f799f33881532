"""The neutral tree compiled to OpenSearch's query language, and what surrounds it in a request."""

import math
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any as Json

from search_index import ranking
from search_index.base import Sort
from search_index.copies import Question
from search_index.fields import CODES, DAY, character_term, index_field
from search_index.tree import (
    All,
    Any,
    Best,
    Code,
    Everything,
    Has,
    Node,
    Not,
    Occurs,
    Range,
    Some,
    Words,
)

Query = dict[str, Json]

SCALE = 2.2
"""Lucene leaves out BM25's constant factor k1 + 1, tantivy and the paper do not: scores are
multiplied by it when they are read, and whatever does not come from BM25 is divided by it here."""

MOST_CODES = 10_000
"""Codes of one facet that are counted."""

MOST_CLAUSES = 1_000
"""Leaves of a query; a cluster refuses more than 1,024. Beyond, what only lifts is left out."""

_LIFT = f"""
    params.used * Math.log(1 + Math.max(0, Math.min(doc['used'].value, params.many)))
    + params.recent * Math.pow(params.daily, Math.max(0, params.today - doc['{DAY}'].value))
"""
"""``ranking.lift`` less one: only the cluster can put any number of equal scores in its order."""

_ORDERS: Mapping[Sort, list[Query]] = {
    Sort.NEWEST: [{"newest": "desc"}, {"resource_id": "asc"}],
    Sort.MOST_USED: [{"used": "desc"}, {"resource_id": "asc"}],
    Sort.TITLE: [{"by_title": "asc"}, {"resource_id": "asc"}],
}


def asked(question: Question) -> Query:
    """Give the parts of a request that say what is looked for, counted and in which order.

    Choices that are facets too come after the counting (``post_filter``), so that one request
    counts each facet as if nothing were chosen in itself.
    """
    counted = {name: codes for name, codes in question.filters.items() if name in question.facets}
    others = [_one_of(n, codes) for n, codes in question.filters.items() if n not in counted]
    lifting = _leaves(question.tree) <= MOST_CLAUSES
    request: Query = {
        "query": {
            "bool": {
                "must": [query_of(question.tree, lifting=lifting)],
                "filter": [_one_of("visible_to", question.seen_by), *others],
            }
        },
        "sort": _ORDERS.get(question.sort) or _ranked(question.today),
        "track_total_hits": True,
    }
    if counted:
        request["post_filter"] = _filter(counted)
    if question.facets:
        request["aggs"] = {name: _facet(name, counted) for name in question.facets}
    return request


def _ranked(today: date | None) -> list[Query]:
    params = {
        "used": ranking.USED / math.log1p(ranking.MANY_USES),
        "many": ranking.MANY_USES,
        "recent": ranking.RECENT if today else 0.0,
        "today": today.toordinal() if today else 0,
        "daily": 0.5 ** (1 / ranking.HALF_LIFE),
    }
    lift = {"type": "number", "script": {"source": _LIFT, "params": params}, "order": "desc"}
    return [{"_score": "desc"}, {"_script": lift}, {"resource_id": "asc"}]


def counts(name: str, answer: Mapping[str, Json]) -> dict[str, int]:
    """Read from an answer how often each code of the facet ``name`` was counted."""
    found = answer["aggregations"][name]
    return {bucket["key"]: bucket["doc_count"] for bucket in found["codes"]["buckets"]}


def _facet(name: str, chosen: Mapping[str, frozenset[str]]) -> Query:
    others = {other: codes for other, codes in chosen.items() if other != name}
    codes = {"terms": {"field": name, "size": MOST_CODES}}
    return {"filter": _filter(others), "aggs": {"codes": codes}}


def _filter(chosen: Mapping[str, frozenset[str]]) -> Query:
    if not chosen:
        return {"match_all": {}}
    return {"bool": {"filter": [_one_of(name, codes) for name, codes in chosen.items()]}}


def _one_of(name: str, values: Collection[str]) -> Query:
    return {"terms": {name: sorted(values)}}


def query_of(node: Node, *, lifting: bool = True) -> Query:  # noqa: C901, PLR0911 - one answer for each kind of node
    """Compile ``node``; without ``lifting`` only what must occur."""

    def each(parts: Collection[Node]) -> list[Query]:
        return [query_of(part, lifting=lifting) for part in parts]

    def weighted(parts: Collection[tuple[Node, float]]) -> list[Query]:
        return [_weighted(part, weight, lifting=lifting) for part, weight in parts]

    match node:
        case Occurs():
            return _occurs(node)
        case Words(needed, lifts=lifts):
            return {"bool": {"must": each(needed), "should": weighted(lifts) if lifting else []}}
        case Best(options):
            return {"dis_max": {"queries": weighted(options)}}
        case Some(parts, least):
            return {"bool": {"should": each(parts), "minimum_should_match": least}}
        case Code(field, code):
            return _constant(_one_of(field, (code,)), 0.0)
        case Has(field):
            return _constant(_has(field), 0.0)
        case Range(first, last):
            return _constant({"range": {DAY: {"gte": first, "lte": last}}}, 0.0)
        case Not(part):
            return _constant({"bool": {"must_not": each((part,))}}, 0.0)
        case All(parts):
            wanted = [part for part in parts if not isinstance(part, Not)]
            banned = [part.part for part in parts if isinstance(part, Not)]
            return {"bool": {"must": each(wanted or (Everything(),)), "must_not": each(banned)}}
        case Any(parts):
            return {"bool": {"should": each(parts), "minimum_should_match": 1}}
        case Everything():
            return _constant({"match_all": {}}, 0.0)


def _weighted(node: Node, weight: float, *, lifting: bool) -> Query:
    if isinstance(node, Code):
        return _constant(_one_of(node.field, (node.code,)), weight)
    compiled = query_of(node, lifting=lifting)
    return compiled if weight == 1.0 else {"bool": {"must": [compiled], "boost": weight}}


def _occurs(node: Occurs) -> Query:
    literal, name = node.literal, index_field(node)
    if name == "characters":
        return _constant(_term(name, character_term(literal.text, node.place)), 1.0)
    if literal.distance:
        near = {"value": literal.text, "fuzziness": literal.distance, "transpositions": True}
        return _constant({"fuzzy": {name: {**near, "rewrite": "constant_score"}}}, 1.0)
    if literal.is_pattern:
        pattern = literal.text + ("*" if literal.prefix else "")
        return _constant({"wildcard": {name: {"value": pattern}}}, 1.0)
    if literal.prefix:
        return _constant({"prefix": {name: {"value": literal.text}}}, 1.0)
    if len(literal.terms) > 1:
        return {"match_phrase": {name: {"query": " ".join(literal.terms)}}}
    found = _term(name, literal.terms[0])
    return _constant(found, 1.0) if name == "whole" else found


def _has(field: str) -> Query:
    if field in CODES:
        return {"exists": {"field": field}}
    return {"wildcard": {f"{field}_terms": {"value": "?*"}}}  # an empty text exists, too


def _term(name: str, term: str) -> Query:
    return {"term": {name: {"value": term}}}


def _constant(query: Query, score: float) -> Query:
    return {"constant_score": {"filter": query, "boost": score / SCALE}}


def _leaves(node: Node) -> int:
    return sum(1 for _ in _each_leaf(node))


def _each_leaf(node: Node) -> Iterator[Node]:
    match node:
        case Words(needed, lifts=lifts):
            parts: tuple[Node, ...] = (*needed, *(lift for lift, _ in lifts))
        case Best(options):
            parts = tuple(option for option, _ in options)
        case Some(parts) | All(parts) | Any(parts):
            pass
        case Not(part):
            parts = (part,)
        case _:
            parts = ()
            yield node
    for part in parts:
        yield from _each_leaf(part)

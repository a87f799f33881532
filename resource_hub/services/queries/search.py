"""Search as pages and the command line do it: the engine finds, the database has the last word."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.models import Resource
from resource_hub.services.queries.shelf import Card, Paging, cards, on_shelf
from search_index import Hit, SearchEngine, SearchRequest, Sort


@dataclass(frozen=True, slots=True)
class Found:
    card: Card
    hit: Hit
    """Score and highlights."""


@dataclass(frozen=True, slots=True)
class Answer:
    found: list[Found]
    paging: Paging
    facets: Mapping[str, Mapping[str, int]]
    understood: str
    """How the query was read; empty when word for word."""


def search(
    session: Session,
    engine: SearchEngine,
    person: Person,
    now: datetime,
    *,
    query: str,
    filters: Mapping[str, frozenset[str]],
    sort: Sort = Sort.RELEVANCE,
    page: int = 1,
    per_page: int = 20,
) -> Answer:
    """What ``person`` may find. The audience is part of the query, so totals and facets are right.

    A hit that was withdrawn in the last moment, and is still in the index, is left out.

    Raises:
        IndexUnavailable: the index does not answer.
    """
    request = SearchRequest(
        query=query,
        seen_by=person.tokens,
        filters=filters,
        sort=sort,
        page=max(1, page),
        per_page=per_page,
    )
    result = engine.search(request)
    ids = [hit.resource_id for hit in result.hits]
    visible = set(
        session.scalars(select(Resource.id).where(Resource.id.in_(ids), on_shelf(person, now)))
    )
    by_id = cards(session, [resource_id for resource_id in ids if resource_id in visible])
    return Answer(
        found=[
            Found(by_id[hit.resource_id], hit) for hit in result.hits if hit.resource_id in by_id
        ],
        paging=Paging.fit(page, per_page, result.total),
        facets=result.facets,
        understood=result.understood,
    )

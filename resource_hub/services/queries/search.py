"""Search as pages and the command line do it: the engine finds, the database has the last word."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.domain.review import State
from resource_hub.models import Resource, Revision, RevisionGrade, School
from resource_hub.services.queries.shelf import Card, Paging, cards, on_shelf
from search_index import Hit, IndexUnavailable, SearchEngine, SearchRequest, Sort

__all__ = [
    "Answer", "Found", "Sort", "TitlesAlone", "search", "search_or_titles", "search_titles",
]  # fmt: skip

MOST_WORDS = 8
"""Words that are looked for in titles while the index does not answer."""


MOST_PAGES = 100_000
"""An address may ask for a page beyond all reason."""


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


@dataclass(frozen=True, slots=True)
class TitlesAlone:
    """The answer of the database while the index does not answer."""

    cards: list[Card]
    paging: Paging


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
        page=min(max(1, page), MOST_PAGES),
        per_page=per_page,
    )
    result = engine.search(request)
    paging = Paging.fit(page, per_page, result.total)
    if paging.number != request.page:  # an old link to a page that is no more
        result = engine.search(replace(request, page=paging.number))
    ids = [hit.resource_id for hit in result.hits]
    visible = set(
        session.scalars(select(Resource.id).where(Resource.id.in_(ids), on_shelf(person, now)))
    )
    by_id = cards(session, [resource_id for resource_id in ids if resource_id in visible])
    return Answer(
        found=[
            Found(by_id[hit.resource_id], hit) for hit in result.hits if hit.resource_id in by_id
        ],
        paging=paging,
        facets=result.facets,
        understood=result.understood,
    )


def search_or_titles(
    session: Session,
    engine: SearchEngine,
    person: Person,
    now: datetime,
    *,
    query: str,
    filters: Mapping[str, frozenset[str]],
    sort: Sort = Sort.RELEVANCE,
    page: int = 1,
) -> Answer | TitlesAlone:
    """What ``person`` may find; while the index does not answer, what titles alone tell."""
    try:
        return search(
            session, engine, person, now, query=query, filters=filters, sort=sort, page=page
        )
    except IndexUnavailable:
        return search_titles(session, person, now, query=query, filters=filters, page=page)


def search_titles(
    session: Session,
    person: Person,
    now: datetime,
    *,
    query: str,
    filters: Mapping[str, frozenset[str]],
    page: int = 1,
    per_page: int = 20,
) -> TitlesAlone:
    """What the database alone can find: words in titles, newest first, without facets."""
    wanted = (
        select(Resource.id)
        .join(
            Revision, and_(Revision.resource_id == Resource.id, Revision.state == State.PUBLISHED)
        )
        .join(School, Resource.school_id == School.id)
        .where(
            on_shelf(person, now),
            *[
                Revision.title.icontains(word, autoescape=True)
                for word in query.replace("\x00", " ").split()[:MOST_WORDS]
            ],
        )
    )
    columns = {"subject": Revision.subject, "kind": Resource.kind, "school": School.code}
    for name, column in columns.items():
        if filters.get(name):
            wanted = wanted.where(column.in_(sorted(filters[name])))
    if filters.get("grade"):
        wanted = wanted.where(
            Revision.id.in_(
                select(RevisionGrade.revision_id).where(
                    RevisionGrade.grade.in_(sorted(filters["grade"]))
                )
            )
        )
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    paging = Paging.fit(page, per_page, total)
    ids = session.scalars(
        wanted.order_by(Resource.available_at.desc(), Resource.id.desc())
        .offset(paging.offset)
        .limit(per_page)
    ).all()
    found = cards(session, ids)
    return TitlesAlone([found[resource_id] for resource_id in ids if resource_id in found], paging)

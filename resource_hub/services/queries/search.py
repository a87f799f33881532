"""Search as pages and the command line do it: the engine finds, the database has the last word."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.services.queries.shelf import Card, Paging, visible_cards
from resource_hub.services.queries.titles import TitlesAlone, search_titles
from resource_hub.services.search_words import lexicon
from search_index import (
    Completion,
    CompletionKind,
    Hit,
    IndexUnavailable,
    Relaxed,
    SearchEngine,
    SearchRequest,
    Sort,
)

MOST_PAGES = 100_000
"""An address may ask for a page beyond all reason."""

MOST_ALIKE = 6

MOST_COMPLETIONS = 8


@dataclass(frozen=True, slots=True)
class Found:
    card: Card
    hit: Hit
    """Score and highlights."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One page of what was found.

    ``facets`` maps name → code → resources. ``understood`` says how the query was read, empty when
    word for word; ``relaxed`` what was given up for want of an exact answer, and
    ``gave_up_filters`` whether the choices beside the query were, too; ``corrections`` are whole
    queries that may have been meant.
    """

    found: list[Found]
    paging: Paging
    facets: Mapping[str, Mapping[str, int]]
    understood: str
    relaxed: Relaxed | None
    gave_up_filters: bool
    corrections: tuple[str, ...]


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
    today: date | None = None,
    relax: bool = True,
) -> Answer:
    """What ``person`` may find. The audience is part of the query, so totals and facets are right.

    ``today`` is the hub's day, from which recent is measured; without it age does not count. A hit
    that was withdrawn in the last moment, and is still in the index, is left out.

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
        today=today,
        own_words=lexicon(session),
        relax=relax,
    )
    result = engine.search(request)
    paging = Paging.fit(page, per_page, result.total)
    if paging.number != request.page:  # an old link to a page that is no more
        result = engine.search(replace(request, page=paging.number))
    by_id = visible_cards(session, person, now, [hit.resource_id for hit in result.hits])
    return Answer(
        found=[
            Found(by_id[hit.resource_id], hit) for hit in result.hits if hit.resource_id in by_id
        ],
        paging=paging,
        facets=result.facets,
        understood=result.understood,
        relaxed=result.relaxed,
        gave_up_filters=result.gave_up_filters,
        corrections=result.corrections,
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
    today: date | None = None,
    relax: bool = True,
) -> Answer | TitlesAlone:
    """What ``person`` may find; while the index does not answer, what titles alone tell.

    So it is, too, while the index is not known to be complete: it would find a part and not say so.
    """
    try:
        if engine.needs_rebuild:
            return search_titles(session, person, now, query=query, filters=filters, page=page)
        return search(
            session,
            engine,
            person,
            now,
            query=query,
            filters=filters,
            sort=sort,
            page=page,
            today=today,
            relax=relax,
        )
    except IndexUnavailable:
        return search_titles(session, person, now, query=query, filters=filters, page=page)


def completions(engine: SearchEngine, person: Person, typed: str) -> tuple[Completion, ...]:
    """How what is typed may go on, from what ``person`` may see; nothing without the index."""
    try:
        return engine.complete(typed, person.tokens, limit=MOST_COMPLETIONS)
    except IndexUnavailable:
        return ()


def more_like(
    session: Session, engine: SearchEngine, person: Person, now: datetime, resource_id: int
) -> list[Card]:
    """What is like this resource, the nearest first; nothing while the index does not answer."""
    try:
        ids = engine.more_like(resource_id, person.tokens, limit=MOST_ALIKE)
    except IndexUnavailable:
        return []
    by_id = visible_cards(session, person, now, ids)
    return [by_id[alike] for alike in ids if alike in by_id]


__all__ = [
    "Answer", "Completion", "CompletionKind", "Found", "Relaxed", "Sort", "TitlesAlone",
    "completions", "more_like", "search", "search_or_titles", "search_titles",
]  # fmt: skip

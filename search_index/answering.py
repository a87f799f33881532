"""Requests to pages, the same for every engine: what was meant, found, or comes nearest."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from search_index import analysis, regions
from search_index.analysis import Literal, fold, is_ideographic, literal
from search_index.base import Hit, Page, Relaxed, SearchRequest, Sort
from search_index.copies import Finder, Found, Question
from search_index.corrections import FEW, corrections
from search_index.fields import CODES
from search_index.highlight import Highlighter
from search_index.language import QueryReader, Reading
from search_index.questions import subjects
from search_index.tree import (
    All,
    Any,
    Best,
    Code,
    Has,
    Node,
    Not,
    Occurs,
    Range,
    Some,
    Words,
    positive_literals,
    positive_words,
)

MOST_PER_PAGE = 1_000

ENOUGH = (0.4, 0.2)
"""Share of a query's words that the nearest answers must have; less only where none has as many."""

MOST_UNITS = 96
"""Words of a query that are looked for when not all of them need occur."""

ELSEWHERE = 0.8
"""What a pair counts in the nearest answers if only another region writes it so."""

_FUZZY_LEAST = 5  # letters


@dataclass(frozen=True, slots=True)
class _Answer:
    reading: Reading
    found: Found
    relaxed: Relaxed | None = None
    gave_up_filters: bool = False
    corrections: tuple[str, ...] = ()


def answer(finder: Finder, reader: QueryReader, request: SearchRequest) -> Page:
    """Answer ``request``: exactly, else loosely, else with what is nearest."""
    best = _best(finder, reader, request)
    highlighter = Highlighter(best.reading.tree)
    hits = tuple(
        Hit(
            resource_id=document.resource_id,
            score=score,
            title=highlighter.title(document),
            passages=highlighter.passages(document),
        )
        for score, document in best.found.hits
    )
    return Page(
        best.found.total,
        hits,
        best.found.facets,
        best.reading.understood,
        best.relaxed,
        best.gave_up_filters,
        best.corrections,
    )


def _best(finder: Finder, reader: QueryReader, request: SearchRequest) -> _Answer:
    reading = reader.read(request.query, own_words=request.own_words)
    found = finder.find(_question(request, reading.tree))
    ranked = any(True for _ in positive_literals(reading.tree))
    if found.total == 0 and ranked:
        loose = reader.read(request.query, own_words=request.own_words, loose=True)
        if loose.tree != reading.tree:
            reading, found = loose, finder.find(_question(request, loose.tree))
    if not ranked or not request.relax or found.total >= FEW:
        return _Answer(reading, found)
    return _nearest(finder, reader, request, _Answer(reading, found))


def _nearest(
    finder: Finder, reader: QueryReader, request: SearchRequest, exact: _Answer
) -> _Answer:
    """Give something up, the least first, until something is found."""
    words = reader.dictionary(request.own_words)
    like = corrections(finder, exact.reading.tree, request.seen_by, request.query, words)
    readings = {query: reader.read(query, own_words=request.own_words) for query in like.queries}
    meant = tuple(
        query
        for query, reading in readings.items()
        if finder.find(_counting(request, reading.tree)).total
    )
    if exact.found.total and not (meant and like.certain and _is_literal(exact.reading.tree)):
        return _Answer(exact.reading, exact.found, corrections=meant)
    for tree, filters, relaxed in _steps(request, exact, [readings[query].tree for query in meant]):
        found = finder.find(_question(request, tree, filters))
        if found.total:
            as_read = relaxed not in {Relaxed.FIELDS, Relaxed.WORDS}
            understood = exact.reading.understood if as_read else ""
            gave_up = filters != request.filters
            return _Answer(Reading(tree, understood), found, relaxed, gave_up, meant)
    return exact


def _steps(
    request: SearchRequest, exact: _Answer, meant: list[Node]
) -> Iterator[tuple[Node, Mapping[str, frozenset[str]], Relaxed]]:
    """Yield what may be asked for instead, and among what.

    A few hits give way to what sounds the same: they have the characters of the mistaken word here
    and there.
    """
    if request.filters and not exact.found.total:
        yield exact.reading.tree, {}, Relaxed.FILTERS
    words = _without_conditions(exact.reading.tree)
    for tree, relaxed in (
        *((tree, Relaxed.FIELDS) for tree in words if not exact.found.total),
        *((tree, Relaxed.SPELLING) for tree in meant[:1]),
        *((_some(exact.reading.tree, share), Relaxed.WORDS) for share in ENOUGH),
        *((_some(tree, share), Relaxed.FIELDS) for tree in words for share in ENOUGH),
    ):
        yield tree, request.filters, relaxed
        if request.filters:
            yield tree, {}, relaxed


def _is_literal(tree: Node) -> bool:
    """Say whether only the words as typed can have been found, not another form of them."""
    return not any(
        isinstance(part, Best) for words in positive_words(tree) for part in words.needed
    )


def _question(
    request: SearchRequest, tree: Node, filters: Mapping[str, frozenset[str]] | None = None
) -> Question:
    per_page = min(max(request.per_page, 0), MOST_PER_PAGE)
    chosen = request.filters if filters is None else filters
    unranked = not any(True for _ in positive_literals(tree))
    return Question(
        tree=tree,
        seen_by=request.seen_by,
        filters={name: codes for name, codes in chosen.items() if name in CODES},
        sort=Sort.NEWEST if request.sort is Sort.RELEVANCE and unranked else request.sort,
        offset=(max(request.page, 1) - 1) * per_page,
        limit=per_page,
        facets=tuple(name for name in request.facets if name in CODES),
        today=request.today,
    )


def _counting(request: SearchRequest, tree: Node) -> Question:
    return Question(tree, request.seen_by, {}, Sort.NEWEST, 0, 0, ())


def _some(node: Node, share: float) -> Node:
    """Ask for a share of the words wherever all of them had to occur."""
    match node:
        case Words(typed=typed, field=None):
            units = list(dict.fromkeys(_units(typed)))[:MOST_UNITS]
            least = max(1, round(len(units) * share + 0.1))
            return Some(tuple(units), least) if units else node
        case All(parts):
            kept = tuple(part for part in parts if _is_condition(part))
            wanted = tuple(_some(part, share) for part in parts if not _is_condition(part))
            return All((Some(wanted, max(1, len(wanted) // 2)), *kept)) if wanted else node
        case Any(parts):
            return Any(tuple(_some(part, share) for part in parts))
        case _:
            return node


def _is_condition(node: Node) -> bool:
    """Whether it says among what is searched: a field of codes, a range, or what is excluded."""
    match node:
        case Not() | Code() | Has() | Range():
            return True
        case All(parts) | Any(parts):
            return all(map(_is_condition, parts))
        case _:
            return False


def _without_conditions(node: Node) -> tuple[Node, ...]:
    """What is asked for among everything, but for what is excluded; () if that is the same."""
    if not isinstance(node, All):
        return ()
    left = tuple(part for part in node.parts if isinstance(part, Not) or not _is_condition(part))
    return (All(left),) if len(left) < len(node.parts) else ()


def _units(typed: str) -> Iterator[Node]:
    """Yield what the nearest answers may have of the words: pairs, and words nearly as typed.

    The words by which a question is asked are left out, unless there is nothing else.
    """
    folded = fold(typed)
    typed_runs = analysis.runs(folded)
    elsewhere = [
        runs
        for runs in map(analysis.runs, regions.variants(folded))
        if list(map(len, runs)) == list(map(len, typed_runs))
    ]
    asked = [list(subjects(run)) if is_ideographic(run) else [(0, len(run))] for run in typed_runs]
    if not any(asked):
        asked = [[(0, len(run))] for run in typed_runs]
    for place, run in enumerate(typed_runs):
        if is_ideographic(run):
            written = (run, *(runs[place] for runs in elsewhere))
            for begin, end in asked[place]:
                forms = [analysis.pairs(form[begin:end]) for form in written]
                yield from map(_pair, zip(*forms, strict=True))
        elif len(run) >= _FUZZY_LEAST and run.isalpha():
            near = Occurs(Literal(run, (run,), distance=1), "words")
            yield Best(((Occurs(literal(run)), 1.0), (near, 0.5)))
        else:
            yield Occurs(literal(run))


def _pair(forms: tuple[str, ...]) -> Node:
    """Ask for a pair as it was typed, or as another region writes it in the same place."""
    typed, *others = (Occurs(literal(form)) for form in dict.fromkeys(forms))
    return Best(((typed, 1.0), *((other, ELSEWHERE) for other in others))) if others else typed

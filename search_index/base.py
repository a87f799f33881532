"""What every search engine promises: the documents it takes, the questions it answers."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from search_index.lexicon import NO_WORDS, Lexicon

BODY_LIMIT = 200_000
"""Characters of a document's body that are indexed; what follows is left out."""


class SearchIndexError(Exception):
    """Base of what an engine may raise; ``str(error)`` is one plain sentence."""


class IndexUnavailable(SearchIndexError):
    """There is no index that can be read: rebuild it, and answer from elsewhere meanwhile."""


class IndexBusy(SearchIndexError):
    """Another process has been writing for too long: try the same change again later."""


class Sort(StrEnum):
    RELEVANCE = "relevance"
    NEWEST = "newest"
    TITLE = "title"
    MOST_USED = "most_used"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a piece of a body comes from: it reaches from ``start`` to the next place's start.

    ``file`` is the name of an attachment, "" for the resource's own text; ``kind`` is ``page``,
    ``slide``, ``sheet`` or "", ``label`` its number or name.
    """

    start: int
    file: str
    kind: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class IndexDocument:
    """A snapshot of the live revision of one resource, safe to rebuild from the database.

    ``sequence`` grows with every change of the resource: an older one than the indexed one is
    ignored, an equal one is applied again. Names (author, school, alliances) are searched as text;
    codes (``school_code`` to ``formats``) are what filters and facets compare. ``places`` say, in
    rising order, which file and page the pieces of ``body`` are from.
    """

    resource_id: int
    sequence: int
    title: str
    summary: str
    keywords: tuple[str, ...]
    unit: str
    body: str
    author: str
    school: str
    alliances: tuple[str, ...]
    school_code: str
    subject: str
    grades: tuple[str, ...]
    school_stage: str
    kind: str
    edition: str
    volume: str
    language: str
    formats: tuple[str, ...]
    published_at: datetime
    year: int
    views: int
    downloads: int
    visible_to: frozenset[str]
    places: tuple[Place, ...] = ()


FACETS = ("subject", "stage", "grade", "school", "kind", "edition", "year", "format")
"""The facets that are counted unless a request says otherwise."""


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One question: what was typed, who asks, what is chosen beside it.

    ``filters`` maps a facet's name to the chosen codes: OR inside one facet, AND across them. A
    facet that does not exist is ignored. ``page`` counts from 1; beyond the last there are no hits.
    ``today`` is what recent is measured from; None means that age does not count. ``own_words`` are
    the administrator's additions to the dictionary. ``relax`` allows a nearest answer where nothing
    fits exactly.
    """

    query: str
    seen_by: frozenset[str]
    filters: Mapping[str, frozenset[str]] = field(default_factory=dict)
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    per_page: int = 20
    facets: tuple[str, ...] = FACETS
    today: date | None = None
    own_words: Lexicon = NO_WORDS
    relax: bool = True


@dataclass(frozen=True, slots=True)
class Highlighted:
    """A piece of the original text and the half-open ranges in it that answer the query."""

    text: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Passage(Highlighted):
    """A piece of a summary (``place`` is None) or of a body."""

    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer; ``passages`` are at most two pieces of its summary and body."""

    resource_id: int
    score: float
    title: Highlighted
    passages: tuple[Passage, ...]


class Relaxed(StrEnum):
    """What was given up because nothing fitted exactly; the hits are the nearest ones."""

    FILTERS = "filters"
    """The choices beside the query."""

    FIELDS = "fields"
    """What the query says of fields of codes and of days."""

    SPELLING = "spelling"
    """The words as typed: the first of ``corrections`` was searched."""

    WORDS = "words"
    """That every word must occur."""


class CompletionKind(StrEnum):
    TITLE = "title"
    UNIT = "unit"
    AUTHOR = "author"
    SCHOOL = "school"


@dataclass(frozen=True, slots=True)
class Completion:
    """What a person may be about to type, as it is written in a document that they may see."""

    text: str
    kind: CompletionKind


@dataclass(frozen=True, slots=True)
class Page:
    """One page of answers.

    ``total`` and ``facets`` (name -> code -> documents) know only what the asker may see; each
    facet is counted as if nothing were chosen in itself. ``understood`` shows how the query was
    read, in the words that were typed; "" when every word simply had to occur. ``relaxed`` says
    what was given up, and ``gave_up_filters`` whether the choices were, too. ``corrections`` are
    whole queries that the person may have meant, the likeliest first; all of them find something.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Mapping[str, int]]
    understood: str
    relaxed: Relaxed | None = None
    gave_up_filters: bool = False
    corrections: tuple[str, ...] = ()


class SearchEngine(Protocol):
    """A disposable index: deleting it loses nothing but time.

    One object may be used by many threads. Several processes may open the same index: one writes at
    a time, the others see a commit at their next search.
    """

    def prepare(self) -> None:
        """Load word lists and tables now rather than in the first search; never raises.

        A server does so once, before it makes processes of itself that share them.
        """
        ...

    @property
    def needs_rebuild(self) -> bool:
        """Whether the index is new, damaged or of another version, so not known to be complete.

        It is asked before every search, which must not pass off a part as all there is: so it costs
        next to nothing where the answer is no.
        """
        ...

    def apply(self, upserts: Iterable[IndexDocument], deletes: Iterable[int]) -> None:
        """Make both changes visible together, or neither; they are on disk when this returns.

        A batch of 500 costs little more than one document. Raises ``IndexBusy`` or
        ``IndexUnavailable``; the same batch may then be applied again.
        """
        ...

    def search(self, request: SearchRequest) -> Page:
        """Answer ``request``; no text is an error. Raises ``IndexUnavailable`` only."""
        ...

    def complete(
        self, text: str, seen_by: frozenset[str], *, limit: int = 8
    ) -> tuple[Completion, ...]:
        """Guess how ``text`` goes on: titles, units, people, schools; in characters or pinyin.

        Only from what ``seen_by`` may see. Raises ``IndexUnavailable`` only.
        """
        ...

    def more_like(
        self, resource_id: int, seen_by: frozenset[str], *, limit: int = 6
    ) -> tuple[int, ...]:
        """Give the ids of resources like this one that ``seen_by`` may see, the nearest first.

        Nothing is like a resource that is not indexed or may not be seen.
        """
        ...

    def indexed(self) -> Mapping[int, int]:
        """Give the sequence of every indexed resource, by its id, for reconciling."""
        ...

    def count(self) -> int:
        """Count the indexed resources, whoever may see them."""
        ...

    def rebuild(self, documents: Iterable[IndexDocument]) -> Iterator[int]:
        """Index ``documents`` aside, then swap; yields how many are done, now and then.

        Searches go on in the old index until the swap. What ``apply`` changes meanwhile is carried
        over. Nothing changes unless the iterator is exhausted. Raises ``IndexBusy`` when another
        rebuild is running.
        """
        ...

    def check(self) -> None:
        """Raise ``IndexUnavailable`` with a plain sentence if searches would fail."""
        ...

    def close(self) -> None:
        """Let go of files; the engine is not used afterwards."""
        ...

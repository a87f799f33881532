"""Full-text search for teaching resources: a library of its own, with one contract for engines."""

from search_index.base import (
    FACETS,
    Completion,
    CompletionKind,
    Highlighted,
    Hit,
    IndexBusy,
    IndexDocument,
    IndexUnavailable,
    Page,
    Passage,
    Place,
    Relaxed,
    SearchEngine,
    SearchIndexError,
    SearchRequest,
    Sort,
)
from search_index.from_url import engine_from_url
from search_index.lexicon import NO_WORDS, Lexicon
from search_index.vocabulary import Vocabulary

__all__ = [
    "FACETS",
    "NO_WORDS",
    "Completion",
    "CompletionKind",
    "Highlighted",
    "Hit",
    "IndexBusy",
    "IndexDocument",
    "IndexUnavailable",
    "Lexicon",
    "Page",
    "Passage",
    "Place",
    "Relaxed",
    "SearchEngine",
    "SearchIndexError",
    "SearchRequest",
    "Sort",
    "Vocabulary",
    "engine_from_url",
]

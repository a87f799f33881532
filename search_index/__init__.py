"""Full-text search for teaching resources: a library of its own, with one contract for engines."""

from search_index.base import (
    Highlighted,
    Hit,
    IndexBusy,
    IndexDocument,
    IndexUnavailable,
    Page,
    SearchEngine,
    SearchIndexError,
    SearchRequest,
    Sort,
)
from search_index.from_url import engine_from_url
from search_index.vocabulary import Vocabulary

__all__ = [
    "Highlighted",
    "Hit",
    "IndexBusy",
    "IndexDocument",
    "IndexUnavailable",
    "Page",
    "SearchEngine",
    "SearchIndexError",
    "SearchRequest",
    "Sort",
    "Vocabulary",
    "engine_from_url",
]

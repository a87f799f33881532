"""The engine for many machines: an OpenSearch cluster, which several hubs' processes may share."""

import time
from collections.abc import Iterable, Iterator, Mapping

from search_index import answering, completion, likeness
from search_index.base import (
    Completion,
    IndexBusy,
    IndexDocument,
    IndexUnavailable,
    Page,
    SearchRequest,
    Sort,
)
from search_index.copies import Question
from search_index.fields import entry_of
from search_index.language import QueryReader
from search_index.opensearch_address import Address
from search_index.opensearch_cluster import Cluster
from search_index.opensearch_finder import OpenSearchFinder
from search_index.opensearch_generations import SECONDS, Generations
from search_index.opensearch_mapping import SCHEMA
from search_index.opensearch_rebuild import fill_and_switch, note_deletions
from search_index.opensearch_writing import Change, portions, send
from search_index.tree import Everything
from search_index.vocabulary import Vocabulary

_PATIENCE = 3.0  # times the seconds of a search that a check may take
_TRUSTED = 1.0  # seconds in which searches do not look again which copy is in use, and how whole
_MOVES = 8  # swaps that may happen while one batch is written
_READ_AT_ONCE = 10_000


class OpenSearchEngine:
    """A ``SearchEngine``; see ``base.SearchEngine`` for the contract.

    Any process may write at any time: every change carries the resource's sequence, and the cluster
    keeps the newest. While a rebuild is on, changes go to both copies.
    """

    def __init__(self, address: Address, *, vocabulary: Vocabulary) -> None:
        self._address = address
        self._reader = QueryReader(vocabulary)
        self._seconds = address.seconds
        self._cluster = Cluster(address)
        self._generations = Generations(self._cluster, address)
        self._trusted_until = 0.0
        self._complete_until = 0.0

    @property
    def needs_rebuild(self) -> bool:
        if time.monotonic() < self._complete_until:
            return False
        try:
            standing = self._generations.standing(time.monotonic() + self._seconds)
        except IndexUnavailable:
            return True
        if standing.used is None or standing.schema != SCHEMA or not standing.complete:
            return True
        self._complete_until = time.monotonic() + _TRUSTED
        return False

    def prepare(self) -> None:
        self._reader.prepare()

    def check(self) -> None:
        """Search, and be patient: a cluster that is merely slow need not be filled anew."""
        self._trusted_until = 0.0
        anything = Question(Everything(), frozenset({"public"}), {}, Sort.NEWEST, 0, 1, ())
        self._finder(patience=_PATIENCE).find(anything)

    def count(self) -> int:
        deadline = time.monotonic() + self._seconds
        self._generations.usable(deadline)
        answer = self._cluster.ask("GET", (self._address.index, "_count"), deadline=deadline)
        return int(answer["count"])

    def indexed(self) -> Mapping[int, int]:
        self._generations.usable()
        return dict(self._sequences())

    def close(self) -> None:
        self._cluster.close()

    def search(self, request: SearchRequest) -> Page:
        return answering.answer(self._finder(), self._reader, request)

    def complete(
        self, text: str, seen_by: frozenset[str], *, limit: int = 8
    ) -> tuple[Completion, ...]:
        return completion.complete(self._finder(), text, seen_by, limit=limit)

    def more_like(
        self, resource_id: int, seen_by: frozenset[str], *, limit: int = 6
    ) -> tuple[int, ...]:
        return likeness.more_like(self._finder(), resource_id, seen_by, limit=limit)

    def apply(self, upserts: Iterable[IndexDocument], deletes: Iterable[int]) -> None:
        newest: dict[int, IndexDocument] = {}
        for document in sorted(upserts, key=lambda document: document.sequence):
            newest[document.resource_id] = document
        removed = set(deletes) - newest.keys()
        changes = [Change.upsert(entry_of(document)) for document in newest.values()]
        changes += map(Change.delete, sorted(removed))
        if changes:
            self._write(list(portions(changes)), removed)
            self._show()

    def rebuild(self, documents: Iterable[IndexDocument]) -> Iterator[int]:
        return fill_and_switch(self._cluster, self._generations, documents)

    def _write(self, batch: list[list[Change]], removed: set[int]) -> None:
        """Bring a batch to every copy that is in use or being filled by the time it is done.

        A copy that comes into being while we write may miss what we wrote to the others; so we look
        again afterwards, until no copy is without it.
        """
        written: set[str] = set()
        for _ in range(_MOVES):
            standing = self._generations.usable()
            behind = {
                self._generations.used_alias: standing.used,
                self._generations.filled_alias: standing.filled,
            }
            missing = [alias for alias, name in behind.items() if name and name not in written]
            if not missing:
                return
            if standing.filled and self._generations.filled_alias in missing:
                note_deletions(self._cluster, self._generations, standing.filled, removed)
            for alias in missing:
                took = [send(self._cluster, alias, portion) for portion in batch]
                if took and all(names == took[0] and len(names) == 1 for names in took):
                    written |= took[0]
        raise IndexBusy("The search index is being moved again and again. Try again in a moment.")

    def _show(self) -> None:
        """Let searches see what was written, in every copy."""
        both = f"{self._generations.used_alias},{self._generations.filled_alias}"
        self._cluster.ask(
            "POST",
            (both, "_refresh"),
            deadline=time.monotonic() + SECONDS,
            writing=True,
            options={"ignore_unavailable": "true"},
        )

    def _finder(self, *, patience: float = 1.0) -> OpenSearchFinder:
        deadline = time.monotonic() + self._seconds * patience
        if time.monotonic() >= self._trusted_until:
            self._generations.usable(deadline)
            self._trusted_until = time.monotonic() + _TRUSTED
        return OpenSearchFinder(self._cluster, self._address.index, deadline=deadline)

    def _sequences(self) -> Iterator[tuple[int, int]]:
        after: list[int] = []
        while True:
            answer = self._cluster.ask(
                "POST",
                (self._address.index, "_search"),
                deadline=time.monotonic() + SECONDS,
                body={
                    "size": _READ_AT_ONCE,
                    "sort": [{"resource_id": "asc"}],
                    "_source": False,
                    "docvalue_fields": ["sequence"],
                    "track_total_hits": False,
                    **({"search_after": after} if after else {}),
                },
                options={"allow_partial_search_results": "false"},
            )
            hits = answer["hits"]["hits"]
            for hit in hits:
                after = hit["sort"]
                yield after[0], hit["fields"]["sequence"][0]
            if len(hits) < _READ_AT_ONCE:
                return

"""Answers of an OpenSearch cluster to questions, each within the time that a search may take."""

import json
import time
import zlib
from collections.abc import Collection, Iterator, Mapping
from functools import partial
from typing import Any

from search_index.base import IndexDocument, IndexUnavailable, Sort
from search_index.copies import Found, Question
from search_index.opensearch_cluster import NO_OPTIONS, Answer, Cluster, IndexMissing
from search_index.opensearch_mapping import DEEPEST
from search_index.opensearch_queries import SCALE, asked, counts
from search_index.ranking import WINDOW, Candidate, in_order
from search_index.snapshot import Shown, document_of, shown_of


class OpenSearchFinder:
    """A ``Finder`` for one search; ``deadline`` is a moment of ``time.monotonic``."""

    def __init__(self, cluster: Cluster, alias: str, *, deadline: float) -> None:
        self._cluster = cluster
        self._alias = alias
        self._deadline = deadline

    def documents(self, resource_ids: Collection[int]) -> Iterator[IndexDocument]:
        return map(document_of, self._kept(resource_ids))

    def _kept(self, resource_ids: Collection[int]) -> Iterator[bytes]:
        if resource_ids:
            body = {"ids": [str(resource_id) for resource_id in resource_ids]}
            answer = self._ask("_mget", body)
            for found in answer["docs"]:
                if found.get("found"):
                    yield _read(found)

    def find(self, question: Question) -> Found:
        request = asked(question)
        start = min(question.offset, DEEPEST)
        end = min(question.offset + question.limit, DEEPEST)
        if question.sort is Sort.RELEVANCE and start < end:
            answer, hits = self._ranked(request, start, end)
        else:
            answer = self._search(request, start if start < end else 0, end - start)
            hits = tuple((0.0, shown_of(_read(hit))) for hit in answer["hits"]["hits"])
        facets = {name: counts(name, answer) for name in question.facets}
        return Found(answer["hits"]["total"]["value"], hits, facets)

    def _ranked(
        self, request: Answer, start: int, end: int
    ) -> tuple[Answer, tuple[tuple[float, Shown], ...]]:
        """Rank the best hits by all that counts, then read only those of the page."""
        first = 0 if start < WINDOW else start
        size = max(end, WINDOW) - first
        answer = self._search({**request, **_UNREAD}, first, size, _ALIKE)
        candidates = [_candidate(hit) for hit in answer["hits"]["hits"]]
        best = 0 if first else WINDOW
        wanted = (in_order(candidates[:best]) + candidates[best:])[start - first : end - first]
        read = {
            shown.resource_id: shown
            for shown in map(shown_of, self._kept([c.handle for c in wanted]))
        }
        # What was deleted between the two requests is no hit any more.
        return answer, tuple(
            (candidate.score, read[candidate.handle])
            for candidate in wanted
            if candidate.handle in read
        )

    def _search(
        self, request: Answer, start: int, size: int, search_type: str = "query_then_fetch"
    ) -> Answer:
        left = max(self._deadline - time.monotonic(), 0.0)
        answer = self._ask(
            "_search",
            {**request, "from": start, "size": size, "timeout": f"{1 + int(left * 1_000)}ms"},
            {
                "allow_partial_search_results": "false",
                "search_type": search_type,
                # The same question goes to the same replicas, so that its pages fit each other.
                "preference": str(zlib.crc32(json.dumps(request["query"]).encode())),
            },
        )
        if answer["timed_out"]:
            raise IndexUnavailable("The search cluster takes too long.")
        return answer

    def _ask(
        self, what: str, body: Answer, options: Mapping[str, str | int] = NO_OPTIONS
    ) -> Answer:
        """Ask the copy in use; once more where it was removed, after a swap, while it answered."""
        ask = partial(
            self._cluster.ask,
            "POST",
            (self._alias, what),
            deadline=self._deadline,
            body=body,
            options=options,
        )
        try:
            return ask()
        except IndexMissing:
            return ask()


_UNREAD: Answer = {"_source": False, "stored_fields": "_none_"}
"""What a hit is ranked by comes with it; not even its id is read from where snapshots lie."""

_ALIKE = "dfs_query_then_fetch"
"""Count words over all shards before scoring, so that it does not matter where a document lies."""


def _candidate(hit: dict[str, Any]) -> Candidate[int]:  # Any: JSON
    score, lift, resource_id = hit["sort"]
    return Candidate(score * SCALE, resource_id, 1 + lift, resource_id)


def _read(hit: dict[str, Any]) -> bytes:  # Any: JSON
    return str(hit["_source"]["snapshot"]).encode()

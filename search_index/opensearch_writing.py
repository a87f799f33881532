"""Changes on their way into the copies of an index: in portions, in any order, the newest wins."""

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from search_index.base import IndexBusy, IndexUnavailable
from search_index.fields import Entry
from search_index.opensearch_cluster import Cluster
from search_index.opensearch_mapping import source_of

PORTION = 500
"""Changes that are sent together, at most."""

PORTION_SIZE = 4_000_000
"""Characters that are sent together, at most, unless one document is longer."""

SECONDS = 60.0
"""For one portion."""

_PAUSE = 0.1  # seconds before what a busy cluster did not take is sent again
_CONFLICT, _NOT_FOUND = 409, 404
_PASSING = frozenset({429, 500, 503})
_NO_ROOM = "cluster_block_exception"  # a disk is nearly full; that does not pass by itself
_FILTER = "items.*.status,items.*._index,items.*.error.type,items.*.error.reason"


@dataclass(frozen=True, slots=True)
class Change:
    """One line that says what to do and, unless it is a deletion, the line of the document."""

    lines: str

    @classmethod
    def upsert(cls, entry: Entry) -> "Change":
        """Put ``entry`` there unless something newer is: its version is its sequence."""
        version = {"version": entry.sequence, "version_type": "external_gte"}
        action = {"index": {"_id": str(entry.resource_id), **version}}
        return cls(f"{json.dumps(action)}\n{source_of(entry)}\n")

    @classmethod
    def delete(cls, resource_id: int, **condition: int) -> "Change":
        return cls(json.dumps({"delete": {"_id": str(resource_id), **condition}}) + "\n")

    @classmethod
    def note(cls, name: str, content: dict[str, Any]) -> "Change":  # Any: JSON
        return cls(f"{json.dumps({'index': {'_id': name}})}\n{json.dumps(content)}\n")


def portions(changes: Iterable[Change]) -> Iterator[list[Change]]:
    """Split ``changes`` into portions that a cluster takes in one request."""
    portion: list[Change] = []
    size = 0
    for change in changes:
        if portion and (len(portion) == PORTION or size + len(change.lines) > PORTION_SIZE):
            yield portion
            portion, size = [], 0
        portion.append(change)
        size += len(change.lines)
    if portion:
        yield portion


def send(cluster: Cluster, name: str, portion: list[Change], *, alias: bool = True) -> set[str]:
    """Bring one portion to the copy behind the alias ``name``; gives the names of who took it.

    None took it if there is no such alias; no index may come into being by mistake. Not visible
    before a refresh. Raises ``IndexBusy`` if the cluster takes too long, ``IndexUnavailable`` if it
    refuses a change.
    """
    deadline = time.monotonic() + SECONDS
    names: set[str] = set()
    while portion:
        answer = cluster.ask(
            "POST",
            (name, "_bulk"),
            deadline=deadline,
            body="".join(change.lines for change in portion),
            writing=True,
            options={"require_alias": "true" if alias else "false", "filter_path": _FILTER},
        )
        results = [next(iter(item.values())) for item in answer["items"]]
        if any(_has_no_alias(result) for result in results):
            return set()
        waiting = []
        for change, result in zip(portion, results, strict=True):
            names.add(result["_index"])
            error = result.get("error", {})
            if result["status"] in _PASSING and error.get("type") != _NO_ROOM:
                waiting.append(change)
            elif error and result["status"] not in {_CONFLICT, _NOT_FOUND}:
                reason = error.get("reason", "")
                raise IndexUnavailable(f"The search cluster refuses a change: {reason}")
        portion = waiting
        if portion:
            if time.monotonic() + _PAUSE >= deadline:
                raise IndexBusy("The search cluster has too much to do. Try again in a moment.")
            time.sleep(_PAUSE)  # what it has too much of, it tells nobody when that is done
    return names


def _has_no_alias(result: dict[str, Any]) -> bool:  # Any: JSON
    return bool(result.get("error", {}).get("type") == "index_not_found_exception")

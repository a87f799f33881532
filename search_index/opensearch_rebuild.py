"""Filling another copy of an index in a cluster while the old one is searched, then the swap.

Whoever changes something meanwhile writes to both copies. The one change that could be undone is a
deletion: the rebuild may have read a resource just before it was withdrawn, and add it just after
the deletion. So deletions are noted too, and repeated at the end unless the resource came back.
"""

import time
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from search_index.analysts import entries
from search_index.base import IndexBusy, IndexDocument
from search_index.opensearch_cluster import Answer, Cluster
from search_index.opensearch_generations import SECONDS, Generations
from search_index.opensearch_writing import Change, portions, send

SENDERS = 2
"""Portions that are on their way while the next one is analysed."""

_AT_ONCE = 1_000


def fill_and_switch(
    cluster: Cluster, generations: Generations, documents: Iterable[IndexDocument]
) -> Iterator[int]:
    """Fill another copy with ``documents``, then let it be searched; yields how many are in."""
    with generations.rebuilding() as lease:
        name = generations.aside()
        try:
            done = 0
            changes = (Change.upsert(entry) for entry in entries(documents))
            for count, took in _sent(cluster, generations.filled_alias, changes):
                _must_be(took, name)
                lease.renew()
                done += count
                yield done
            lease.hold()
            _repeat_deletions(cluster, generations, name)
            _refresh(cluster, generations.filled_alias)
            lease.hold()
            generations.switch_to(name)
            _refresh(cluster, generations.used_alias)  # what came between the two last steps
        except BaseException:
            generations.abandon(name)
            raise


def note_deletions(
    cluster: Cluster, generations: Generations, name: str, resource_ids: Collection[int]
) -> None:
    """Note what is about to be deleted while the copy ``name`` is being filled."""
    notes = (
        Change.note(f"gone-{resource_id}", {"gone": resource_id, "copy": name})
        for resource_id in sorted(resource_ids)
    )
    for portion in portions(notes):
        send(cluster, generations.state, portion, alias=False)


def _must_be(took: set[str], name: str) -> None:
    if took != {name}:
        raise IndexBusy("Another rebuild of the search index has taken over.")


def _sent(
    cluster: Cluster, alias: str, changes: Iterable[Change]
) -> Iterator[tuple[int, set[str]]]:
    """Send all ``changes``; yields, in order, how many each portion had and who took them."""
    with ThreadPoolExecutor(SENDERS) as senders:
        waiting: deque[tuple[int, Future[set[str]]]] = deque()
        for portion in portions(changes):
            waiting.append((len(portion), senders.submit(send, cluster, alias, portion)))
            if len(waiting) > SENDERS:
                count, sending = waiting.popleft()
                yield count, sending.result()
        for count, sending in waiting:
            yield count, sending.result()


def _repeat_deletions(cluster: Cluster, generations: Generations, name: str) -> None:
    """Delete from the copy ``name`` what was noted, as far as the copy in use lacks it.

    A resource that comes back this very moment is kept: the deletion holds only for the version
    that we saw.
    """
    _refresh(cluster, generations.state)
    for noted in _noted(cluster, generations.state):
        gone = [hit["_source"]["gone"] for hit in noted if hit["_source"]["copy"] == name]
        seen = _versions(cluster, generations.filled_alias, gone)
        kept = _versions(cluster, generations.used_alias, gone)
        deletions = [Change.delete(n, **seen[n]) for n in gone if n in seen and n not in kept]
        for portion in portions(deletions):
            send(cluster, generations.filled_alias, portion)
        notes = [Change(f'{{"delete":{{"_id":"{hit["_id"]}"}}}}\n') for hit in noted]
        for portion in portions(notes):
            send(cluster, generations.state, portion, alias=False)


def _noted(cluster: Cluster, state: str) -> Iterator[list[Answer]]:
    after: list[int] = []
    while True:
        answer = cluster.ask(
            "POST",
            (state, "_search"),
            deadline=time.monotonic() + SECONDS,
            body={
                "query": {"exists": {"field": "gone"}},
                "size": _AT_ONCE,
                "sort": [{"gone": "asc"}],
                **({"search_after": after} if after else {}),
            },
            options={"allow_partial_search_results": "false"},
        )
        hits = answer["hits"]["hits"]
        if not hits:
            return
        after = hits[-1]["sort"]
        yield hits


def _versions(cluster: Cluster, alias: str, resource_ids: list[int]) -> dict[int, dict[str, int]]:
    """Give, of those that are there, the versions on which a deletion may depend."""
    if not resource_ids:
        return {}
    answer = cluster.ask(
        "POST",
        (alias, "_mget"),
        deadline=time.monotonic() + SECONDS,
        body={"ids": [str(resource_id) for resource_id in resource_ids]},
        options={"_source": "false"},
    )
    return {
        int(found["_id"]): {
            "if_seq_no": found["_seq_no"],
            "if_primary_term": found["_primary_term"],
        }
        for found in answer["docs"]
        if found.get("found")
    }


def _refresh(cluster: Cluster, index: str) -> None:
    cluster.ask("POST", (index, "_refresh"), deadline=time.monotonic() + SECONDS, writing=True)

"""The copies of one index in a cluster, told apart by aliases, and who may fill another one.

    hub                      alias: the copy in use; searches ask it
    hub-next                 alias: the copy that a rebuild fills; whoever writes, writes there too
    hub-20261101t080000-1f   a copy; its ``_meta`` has the schema and whether it is complete
    hub-state                one document says who rebuilds and until when that holds, and one for
                             each resource that was deleted meanwhile

A swap moves the aliases in one step of the cluster.
"""

import re
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from search_index.base import IndexBusy, IndexUnavailable
from search_index.opensearch_address import Address
from search_index.opensearch_cluster import NO_OPTIONS, Answer, Cluster
from search_index.opensearch_mapping import SCHEMA, layout

LEASE = 120.0
"""Seconds without a sign of life after which a rebuild counts as dead; clocks differ by less."""

SECONDS = 30.0
"""For one request about copies and aliases; a cluster that just lost a node takes its time."""

_STATE: Answer = {
    "settings": {"index": {"number_of_shards": 1, "auto_expand_replicas": "0-1"}},
    "mappings": {
        "dynamic": False,
        "properties": {"gone": {"type": "long"}, "copy": {"type": "keyword"}},
    },
}
_LEASE_ID = "rebuild"
_CONFLICT, _NOT_FOUND, _BAD = 409, 404, 400


@dataclass(frozen=True, slots=True)
class Standing:
    """Names of the copies: the one in use and the one that is being filled, if any."""

    used: str | None
    filled: str | None
    schema: str | None
    complete: bool


class Generations:
    """The copies of the index that ``address`` names."""

    def __init__(self, cluster: Cluster, address: Address) -> None:
        self._cluster = cluster
        self._address = address
        self.used_alias = address.index
        self.filled_alias = f"{address.index}-next"
        self.state = f"{address.index}-state"
        self._own = re.compile(rf"{re.escape(address.index)}-(first|\d{{8}}t\d{{6}}-[0-9a-f]+)")

    def standing(self, deadline: float | None = None) -> Standing:
        """Look at the aliases as they are now; ``deadline`` as for ``Cluster.ask``."""
        answer = self._ask(
            "GET",
            f"{self.used_alias},{self.filled_alias}",
            deadline=deadline,
            options={"ignore_unavailable": "true", "filter_path": "*.aliases,*.mappings._meta"},
        )
        used = self._behind(answer, self.used_alias)
        meta = answer[used].get("mappings", {}).get("_meta", {}) if used else {}
        return Standing(
            used,
            self._behind(answer, self.filled_alias),
            meta.get("schema"),
            meta.get("complete") is True,
        )

    def usable(self, deadline: float | None = None) -> Standing:
        """Give the standing once there is a copy that this version can use.

        A new index begins empty, so that a new hub can search and write before its first rebuild.
        Raises ``IndexUnavailable`` if the copy in use is of another version.
        """
        standing = self.standing(deadline)
        if standing.used is None:
            first = layout(self._address, complete=False, alias=self.used_alias)
            self._create(f"{self._address.index}-first", first, deadline)
            standing = self.standing(deadline)
        if standing.used is None:
            raise IndexUnavailable("The search index has lost its name and must be rebuilt.")
        if standing.schema != SCHEMA:
            raise IndexUnavailable("The search index is of another version and must be rebuilt.")
        return standing

    def aside(self) -> str:
        """Make an empty copy that everybody writes to from now on; gives its name."""
        self._remove_all_but(self.standing().used)
        stamp = f"{datetime.now(UTC):%Y%m%dt%H%M%S}"
        name = f"{self._address.index}-{stamp}-{secrets.token_hex(2)}"
        self._create(name, layout(self._address, complete=True, alias=self.filled_alias))
        return name

    def switch_to(self, name: str) -> None:
        """Make the copy ``name`` the one in use, for everybody at once, and remove the others."""
        old = self.standing().used
        actions = [{"add": {"index": name, "alias": self.used_alias}}]
        if old:
            actions.append({"remove": {"index": old, "alias": self.used_alias}})
        actions.append({"remove": {"index": name, "alias": self.filled_alias}})
        self._ask("POST", "_aliases", body={"actions": actions})
        self._remove_all_but(name)

    def abandon(self, name: str) -> None:
        """Remove a copy that was not finished; what is left behind, the next rebuild removes."""
        with suppress(IndexUnavailable):
            if self.standing().used != name:
                self._remove(name)

    @contextmanager
    def rebuilding(self) -> Iterator["Lease"]:
        """Be the only one who fills another copy, or raise ``IndexBusy`` at once."""
        self._create(self.state, _STATE)
        lease = Lease(self._cluster, self.state)
        lease.take()
        try:
            yield lease
        finally:
            lease.give_back()

    def _remove_all_but(self, kept: str | None) -> None:
        """Remove old copies and what dead rebuilds left; other indexes with such a name stay."""
        found = self._ask("GET", f"{self._address.index}-*", options={"filter_path": "*.aliases"})
        for name in found:
            if name != kept and self._own.fullmatch(name):
                self._remove(name)

    def _remove(self, name: str) -> None:
        self._ask("DELETE", name, ignore=(_NOT_FOUND,))

    def _create(self, name: str, body: Answer, deadline: float | None = None) -> None:
        answer = self._ask("PUT", name, body=body, ignore=(_BAD,), deadline=deadline)
        kind = answer.get("error", {}).get("type")
        if kind and kind != "resource_already_exists_exception":  # another process was faster
            raise IndexUnavailable(f"The search cluster cannot make an index: {kind}")

    @staticmethod
    def _behind(answer: Answer, alias: str) -> str | None:
        return next((name for name, one in answer.items() if alias in one["aliases"]), None)

    def _ask(
        self,
        method: str,
        name: str,
        body: object = None,
        ignore: tuple[int, ...] = (),
        options: Mapping[str, str | int] = NO_OPTIONS,
        deadline: float | None = None,
    ) -> Answer:
        return self._cluster.ask(
            method,
            (name,),
            deadline=deadline or time.monotonic() + SECONDS,
            body=body,
            ignore=ignore,
            options=options,
        )


class Lease:
    """The right to rebuild, held as long as it is renewed; a dead process loses it by itself."""

    def __init__(self, cluster: Cluster, state: str) -> None:
        self._cluster = cluster
        self._state = state
        self._owner = secrets.token_hex(8)
        self._version: Mapping[str, str | int] = {}
        self._renewed = 0.0

    def take(self) -> None:
        """Take the lease if nobody holds it, or raise ``IndexBusy``."""
        held = self._ask("GET", ignore=(_NOT_FOUND,))
        if held.get("found"):
            if held["_source"]["until"] > time.time():
                raise IndexBusy("The search index is being rebuilt already. Try again in a moment.")
            self._write(_version_of(held))
        else:
            self._write({"op_type": "create"})

    def renew(self) -> None:
        """Show now and then that we are alive; raises ``IndexBusy`` if somebody took over."""
        if time.monotonic() - self._renewed > LEASE / 10:
            self.hold()

    def hold(self) -> None:
        """Make sure that we still have it; raises ``IndexBusy`` if somebody took over."""
        self._write(self._version)

    def give_back(self) -> None:
        with suppress(IndexUnavailable, IndexBusy):
            self._ask("DELETE", ignore=(_NOT_FOUND, _CONFLICT), options=self._version)

    def _write(self, condition: Mapping[str, str | int]) -> None:
        body = {"owner": self._owner, "until": time.time() + LEASE}
        answer = self._ask("PUT", body, ignore=(_CONFLICT,), options=condition)
        if answer.get("status") == _CONFLICT:
            raise IndexBusy("Another rebuild of the search index was faster.")
        self._version = _version_of(answer)
        self._renewed = time.monotonic()

    def _ask(
        self,
        method: str,
        body: object = None,
        ignore: tuple[int, ...] = (),
        options: Mapping[str, str | int] = NO_OPTIONS,
    ) -> Answer:
        return self._cluster.ask(
            method,
            (self._state, "_doc", _LEASE_ID),
            deadline=time.monotonic() + SECONDS,
            body=body,
            ignore=ignore,
            writing=True,
            options=options,
        )


def _version_of(answer: Answer) -> Mapping[str, str | int]:
    return {"if_seq_no": answer["_seq_no"], "if_primary_term": answer["_primary_term"]}

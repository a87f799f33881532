"""Spreads the suite over processes: a file stays together, and what takes longest begins first.

For ``pytest -n 2 --no-loadscope-reorder``; without ``-n`` the tests come as written.
"""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

LONGEST = (
    "search_index/test_opensearch_cluster.py",
    "search_index/test_contract.py",
    "crash",
    "journeys",
    "uploads",
    "cli/test_importing.py",
    "search_index",
    "services/test_workflow_machine.py",
    "services/test_no_leak.py",
)
"""Files and folders below ``tests`` in the order in which they begin; the rest follows."""

TOGETHER = {
    "search_index/test_opensearch_cluster.py": "cluster",
    "search_index/test_contract.py": "cluster",
}
"""Files that share a process, since both start the same three Java machines."""


class ByFile(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types for it
    def _split_scope(self, nodeid: str) -> str:
        place = nodeid.partition("::")[0].removeprefix("tests/")
        return TOGETHER.get(place, place)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:  # Any: of xdist alone
    return ByFile(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):
        items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    place = item.path.as_posix().rpartition("/tests/")[2]
    begins = [turn for turn, name in enumerate(LONGEST) if f"{place}/".startswith(f"{name}/")]
    return min(begins, default=len(LONGEST))

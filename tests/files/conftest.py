"""A file on disk, and what is found in it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from resource_hub.files.facts import Facts
from resource_hub.files.inspection import inspect

FactsOf = Callable[[bytes, str], Facts]


@pytest.fixture
def facts_of(tmp_path: Path) -> FactsOf:
    def look(content: bytes, name: str) -> Facts:
        path = tmp_path / "blob"
        path.write_bytes(content)
        return inspect(path, name)

    return look

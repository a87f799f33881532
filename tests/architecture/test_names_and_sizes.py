"""Files are short, say what they are about, and carry names that mean something."""

import ast
import re
from pathlib import Path

from tests.architecture.checkout import ROOT, python_files, short, sources

MOST_LINES = 300
EMPTY_NAMES = frozenset({"utils", "util", "common", "helpers", "helper", "misc", "core", "manager"})

BARE_NOQA = re.compile(r"# noqa(?!: [A-Z]+\d+(, [A-Z]+\d+)* - \S)")
BARE_IGNORE = re.compile(r"# type: ignore(?!\[[\w, -]+\]\s+# \w)")


def test_no_source_file_is_longer_than_three_hundred_lines() -> None:
    long = {short(path): count for path in sources() if (count := _lines(path)) > MOST_LINES}
    assert long == {}


def test_no_file_or_folder_has_a_name_that_says_nothing() -> None:
    empty = [
        short(path)
        for path in python_files()
        if EMPTY_NAMES.intersection(
            word for part in path.relative_to(ROOT).with_suffix("").parts for word in _words(part)
        )
    ]
    assert empty == []


def test_every_module_begins_by_saying_what_it_is_about() -> None:
    silent = [
        short(path)
        for path in sources()
        if (text := path.read_text("utf-8")).strip() and not ast.get_docstring(ast.parse(text))
    ]
    assert silent == []


def test_every_exception_from_a_rule_carries_its_reason() -> None:
    """``# noqa: E501 - a URL`` and ``# type: ignore[misc]  # no types``."""
    bare = [
        f"{short(path)}:{number}: {line.strip()}"
        for path in python_files()
        if path != Path(__file__)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if BARE_NOQA.search(line) or BARE_IGNORE.search(line)
    ]
    assert bare == []


def test_every_folder_of_tests_is_a_package() -> None:
    """Without ``__init__.py`` two test files of one name would hide each other."""
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")}
    assert [short(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []


def _lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def _words(name: str) -> list[str]:
    return name.lower().split("_")

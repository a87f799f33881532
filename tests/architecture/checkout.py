"""Where the checkout is, and which of its files are the project's own source."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("resource_hub", "storage", "search_index")


def sources() -> Iterator[Path]:
    """The modules that make up the hub, without tests and migrations."""
    yield ROOT / "config.py"
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


def python_files() -> Iterator[Path]:
    """Every module that somebody here wrote."""
    yield from sources()
    for folder in ("tests", "benchmarks", "migrations"):
        yield from sorted((ROOT / folder).rglob("*.py"))


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()

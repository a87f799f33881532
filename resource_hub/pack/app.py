"""The pages of a pack with their scripts and style sheets: the same on every stick."""

from collections.abc import Iterator, Mapping
from importlib.resources import files as package_files
from pathlib import Path

SCRIPTS = {
    "index.html": ("lists", "resource", "search", "start"),
    "check.html": ("sha256", "check"),
    "submit.html": ("sha256", "zip", "submit"),
}
"""By page: what it loads after ``pack`` and ``frame``, which every page stands on."""

STYLES = ("hub.css", "shelf.css", "reading.css")
"""Of the hub itself, so that the pack looks like it."""

BASE = "base.html"
"""What the pages share: ``PLACE`` in it is where the scripts of each stand."""

PLACE = "<!-- scripts -->\n"


def pages() -> Mapping[str, bytes]:
    """Path in the pack → what lies there."""
    hub = Path(str(package_files("resource_hub")))
    own = hub / "pack" / "pages"
    base = (own / BASE).read_text("utf-8")
    found = {
        name: base.replace(PLACE, "".join(map(_tag, scripts))).encode()
        for name, scripts in SCRIPTS.items()
    }
    for path in (*_parts(own), *(hub / "static" / "css" / name for name in STYLES)):
        found[f"app/{path.name}"] = path.read_bytes()
    return found


def _parts(folder: Path) -> Iterator[Path]:
    for ending in ("*.css", "*.js"):
        yield from folder.glob(ending)


def _tag(script: str) -> str:
    return f'<script src="app/{script}.js"></script>\n'

"""Text out of OpenDocument: odt and odp, read as the zipped XML that they are."""

import zipfile
from typing import BinaryIO

from resource_hub.files.facts import PlaceKind, Trouble
from resource_hub.files.gathering import Gathering
from resource_hub.files.guard import Unreadable, open_office, read_xml

_CONTENT, _STYLES, _MANIFEST = "content.xml", "styles.xml", "META-INF/manifest.xml"
# The reading above a character, words of others about the text, fields, and what is not shown.
_SKIPPED = frozenset(
    {
        "annotation", "tracked-changes", "ruby-text", "note-citation", "script", "forms",
        "page-number", "title", "desc", "header-decl", "footer-decl", "date-time-decl",
    }
)  # fmt: skip
_MARGINS = frozenset(
    f"{margin}{which}" for margin in ("header", "footer") for which in ("", "-left", "-first")
)


def read_odt(stream: BinaryIO, gathering: Gathering) -> None:
    """Gather body, tables, notes, text boxes, headers and footers; raises ``Unreadable``."""
    with open_office(stream) as packed:
        refuse_locked(packed)
        gathering.add(_text_of(packed, _CONTENT, gathering, frozenset())[0])
        if _STYLES in packed.namelist():
            lines = _text_of(packed, _STYLES, gathering, _MARGINS)[0].splitlines()
            # Headers of several styles of page mostly repeat each other.
            gathering.add("\n".join(dict.fromkeys(line.strip() for line in lines)))


def read_odp(stream: BinaryIO, gathering: Gathering) -> int:
    """Gather each slide with its notes, and say how many slides there are.

    Raises:
        Unreadable: it is damaged, too large, or asks for a password.
    """
    with open_office(stream) as packed:
        refuse_locked(packed)
        rest, slides = _text_of(packed, _CONTENT, gathering, frozenset())
    for number, text in enumerate(slides, start=1):
        gathering.add(text, PlaceKind.SLIDE, str(number))
    gathering.add(rest)
    return len(slides)


def refuse_locked(packed: zipfile.ZipFile) -> None:
    """Raise ``Unreadable`` for content under a password; the list of parts says so."""
    locked = False

    def start(tag: str, _: dict[str, str]) -> None:
        nonlocal locked
        locked = locked or tag == "encryption-data"

    if _MANIFEST in packed.namelist():
        read_xml(packed, _MANIFEST, start=start, end=_ignore, characters=_ignore)
    if locked:
        raise Unreadable(Trouble.ENCRYPTED)


def _ignore(_: str) -> None:
    return


def _text_of(
    packed: zipfile.ZipFile, name: str, gathering: Gathering, only_inside: frozenset[str]
) -> tuple[str, list[str]]:
    """The text of a part beyond its slides, and that of each slide.

    Args:
        only_inside: Elements whose text counts; none: all.
    """
    reader = _Reader(only_inside)
    read_xml(
        packed,
        name,
        start=reader.start,
        end=reader.end,
        characters=reader.characters,
        enough=lambda: reader.length > 2 * gathering.limit,
    )
    return "".join(reader.out), reader.slides


class _Reader:
    """Listens to the events of OpenDocument's text, drawings and tables alike."""

    def __init__(self, only_inside: frozenset[str]) -> None:
        self.out: list[str] = []
        self.slides: list[str] = []
        self.length = 0
        self._only_inside = only_inside
        self._inside = 0
        self._skipping = 0
        self._paragraphs = 0  # one inside another: a text box in a line
        self._before_slide: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._skipping or tag in _SKIPPED:
            self._skipping += 1
            return
        self._inside += tag in self._only_inside
        if tag in {"p", "h"}:
            if self._paragraphs:
                self._end_line("\n")
            self._paragraphs += 1
        elif tag == "page":
            self._before_slide, self.out = self.out, []
        elif tag in {"tab", "line-break"}:
            self.out.append("\t" if tag == "tab" else "\n")
        elif tag == "s":
            self.out.append(" " * _count(attributes))

    def end(self, tag: str) -> None:
        if self._skipping:
            self._skipping -= 1
            return
        self._inside -= tag in self._only_inside
        if tag in {"p", "h"}:
            self._paragraphs -= 1
            self._end_line("\n")
        elif tag == "table-cell":
            self._close("\n", "\t")
        elif tag == "table-row":
            self._close("\t", "\n")
        elif tag == "page":
            self.slides.append("".join(self.out))
            self.out = self._before_slide

    def characters(self, text: str) -> None:
        if not self._paragraphs or self._skipping:
            return
        if self._inside or not self._only_inside:
            self.out.append(text)
            self.length += len(text)

    def _end_line(self, mark: str) -> None:
        if self.out and self.out[-1] != mark:
            self.out.append(mark)

    def _close(self, instead_of: str, mark: str) -> None:
        """End a cell or row; its mark replaces that of what it contains."""
        if self.out and self.out[-1] == instead_of:
            self.out.pop()
        self.out.append(mark)


def _count(attributes: dict[str, str]) -> int:
    found = next((value for name, value in attributes.items() if name.endswith(":c")), "1")
    return min(int(found), 80) if found.isdigit() else 1

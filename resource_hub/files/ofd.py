"""Text out of OFD, the format of China's official papers and invoices: zipped XML, page by page."""

import posixpath
import zipfile
from typing import BinaryIO

from resource_hub.files.facts import PlaceKind, Trouble
from resource_hub.files.gathering import Gathering
from resource_hub.files.guard import Unreadable, open_office, read_xml

_ROOT = "OFD.xml"
_SAME_LINE = 1.0  # millimetres


def read_ofd(stream: BinaryIO, gathering: Gathering) -> int:
    """Gather each page, and say how many there are; raises ``Unreadable``."""
    with open_office(stream) as packed:
        names = {name.lower().lstrip("/"): name for name in packed.namelist()}
        pages = []
        for document in _locations(packed, names, "", _ROOT.lower(), "DocRoot"):
            pages += _locations(packed, names, posixpath.dirname(document), document, "Page")
        if not pages:
            raise Unreadable(Trouble.DAMAGED)
        for number, page in enumerate(pages, start=1):
            if gathering.full:
                break
            gathering.add(_text_of(packed, names[page], gathering), PlaceKind.PAGE, str(number))
        return len(pages)


def _locations(
    packed: zipfile.ZipFile, names: dict[str, str], folder: str, part: str, element: str
) -> list[str]:
    """The parts that an element of this part names, as its text or where it is based."""
    found: list[str] = []
    is_inside = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal is_inside
        is_inside = tag == element
        if is_inside:
            found.append(attributes.get("BaseLoc", ""))

    def end(_: str) -> None:
        nonlocal is_inside
        is_inside = False

    def characters(text: str) -> None:
        if is_inside:
            found[-1] += text

    if part not in names:
        raise Unreadable(Trouble.DAMAGED)
    read_xml(packed, names[part], start=start, end=end, characters=characters)
    full = [
        posixpath.normpath(posixpath.join("/", folder, each.strip())).lstrip("/").lower()
        for each in found
    ]
    return [each for each in full if each in names]


def _text_of(packed: zipfile.ZipFile, name: str, gathering: Gathering) -> str:
    """The words of a page; those at one height are a line."""
    out: list[str] = []
    length = 0
    top = height = 0.0
    is_inside = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal top, height, is_inside
        if tag == "TextObject":
            top = _number(attributes.get("Boundary", "").split()[1:2])
        elif tag == "TextCode":
            is_inside = True
            here = top + _number([attributes.get("Y", "")])
            if out and abs(here - height) > _SAME_LINE:
                out.append("\n")
            height = here

    def end(_: str) -> None:
        nonlocal is_inside
        is_inside = False

    def characters(text: str) -> None:
        nonlocal length
        if is_inside:
            out.append(text)
            length += len(text)

    def enough() -> bool:
        return length > 2 * gathering.limit

    read_xml(packed, name, start=start, end=end, characters=characters, enough=enough)
    return "".join(out)


def _number(written: list[str]) -> float:
    try:
        return float(written[0])
    except (IndexError, ValueError):
        return 0.0

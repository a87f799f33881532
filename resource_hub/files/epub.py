"""Text out of EPUB: the web pages inside, in the order in which they are read."""

import posixpath
import zipfile
import zlib
from typing import BinaryIO
from urllib.parse import unquote

from resource_hub.files.facts import Trouble
from resource_hub.files.gathering import Gathering
from resource_hub.files.guard import MAX_SUM, MIB, Unreadable, is_our_own, open_office, read_xml
from resource_hub.files.plain import html_text

_CONTAINER, _LOCKS = "META-INF/container.xml", "META-INF/encryption.xml"
_MOST = 8 * MIB  # bytes of one page, unpacked
_PAGES = (".xhtml", ".html", ".htm")


def read_epub(stream: BinaryIO, gathering: Gathering) -> None:
    """Gather every chapter; raises ``Unreadable``."""
    with open_office(stream) as packed:
        names = set(packed.namelist())
        pages = _in_order(packed, names)
        if names & {_LOCKS} and set(pages) & _locked(packed):
            raise Unreadable(Trouble.ENCRYPTED)
        left = MAX_SUM
        for name in pages:
            if gathering.full or left <= 0:
                break
            page = _unpacked(packed, name)
            left -= len(page)
            gathering.add(html_text(page))


def _in_order(packed: zipfile.ZipFile, names: set[str]) -> list[str]:
    """The pages as the book lists them; all pages by name where it lists none."""
    package = next((path for path in _attributes(packed, _CONTAINER, "rootfile", "full-path")), "")
    found: list[str] = []
    if package in names:
        hrefs: dict[str, str] = {}
        order: list[str] = []

        def start(tag: str, attributes: dict[str, str]) -> None:
            if tag == "item":
                hrefs[attributes.get("id", "")] = attributes.get("href", "")
            elif tag == "itemref":
                order.append(attributes.get("idref", ""))

        read_xml(packed, package, start=start, end=_ignore, characters=_ignore)
        folder = posixpath.dirname(package)
        for each in order:
            path = unquote(hrefs.get(each, "").partition("#")[0])
            found.append(posixpath.normpath(posixpath.join(folder, path)))
    found = [name for name in dict.fromkeys(found) if name in names]
    return found or sorted(name for name in names if name.lower().endswith(_PAGES))


def _locked(packed: zipfile.ZipFile) -> set[str]:
    """What only the reader of one seller can open; fonts are often hidden, which is no matter."""
    return set(_attributes(packed, _LOCKS, "CipherReference", "URI"))


def _attributes(packed: zipfile.ZipFile, name: str, element: str, attribute: str) -> list[str]:
    found: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == element:
            found.append(attributes.get(attribute, ""))

    if name in packed.namelist():
        read_xml(packed, name, start=start, end=_ignore, characters=_ignore)
    return found


def _ignore(_: str) -> None:
    return


def _unpacked(packed: zipfile.ZipFile, name: str) -> bytes:
    try:
        with packed.open(name) as member:
            return member.read(_MOST)
    except (EOFError, OSError, NotImplementedError, zipfile.BadZipFile, zlib.error) as error:
        if is_our_own(error):
            raise
        raise Unreadable(Trouble.DAMAGED) from error

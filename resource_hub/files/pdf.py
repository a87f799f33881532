"""Text and a first page out of PDF files."""

import re
from itertools import pairwise
from pathlib import Path

import pypdfium2
from PIL import Image

from resource_hub.files.facts import PlaceKind, Trouble
from resource_hub.files.gathering import Gathering, clean
from resource_hub.files.guard import Unreadable

_WRONG_PASSWORD = 4  # FPDF_ERR_PASSWORD
_CJK = "\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WRAPPED = re.compile(f"(?<=[{_CJK}，、；])$")
_CONTINUES = re.compile(f"[{_CJK}，。、；：？！）》”]")
_FULL_LINE = 0.8  # of the longest line of the page: it ended because the page did


def open_pdf(path: Path) -> pypdfium2.PdfDocument:
    """Open a PDF; raises ``Unreadable`` when it is damaged or asks for a password."""
    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        locked = error.err_code == _WRONG_PASSWORD
        raise Unreadable(Trouble.ENCRYPTED if locked else Trouble.DAMAGED) from error


def read_pdf(document: pypdfium2.PdfDocument, gathering: Gathering) -> None:
    """Gather the text of each page; a page that cannot be read is passed over."""
    for number in range(len(document)):
        if gathering.full:
            return
        try:
            page = document[number]
            text = page.get_textpage().get_text_range()
        except pypdfium2.PdfiumError:
            continue
        gathering.add(_unwrapped(text), PlaceKind.PAGE, str(number + 1))
        page.close()


def first_page(document: pypdfium2.PdfDocument, *, longest: int) -> Image.Image:
    """Draw the first page, its longer side ``longest`` pixels; raises ``Unreadable``."""
    try:
        page = document[0]
        width, height = page.get_size()
        side = max(width, height, 1)
        drawn: Image.Image = page.render(scale=longest / side).to_pil()
        return drawn.convert("RGB")
    except (pypdfium2.PdfiumError, IndexError, ValueError) as error:
        raise Unreadable(Trouble.DAMAGED) from error


def _unwrapped(text: str) -> str:
    """Join what a Chinese line break cut in two, so that a word is found across it."""
    # U+FFFE is how pdfium writes a hyphen that ends a line.
    lines = clean(text.replace("\ufffe\r\n", "").replace("\ufffe", "")).split("\n")
    longest = max(map(len, lines))
    joined = lines[:1]
    for before, line in pairwise(lines):
        full = len(before) >= _FULL_LINE * longest
        if full and _WRAPPED.search(before) and _CONTINUES.match(line):
            joined.append(line)
        else:
            joined += ["\n", line]
    return "".join(joined)

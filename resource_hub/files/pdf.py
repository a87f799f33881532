"""Text and a first page out of PDF files."""

import ctypes
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pypdfium2.raw
from PIL import Image

from resource_hub.files.facts import PlaceKind, Trouble
from resource_hub.files.gathering import Gathering, clean
from resource_hub.files.guard import Unreadable

_WRONG_PASSWORD = 4  # FPDF_ERR_PASSWORD
_CJK = "\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WRAPPED = re.compile(f"(?<=[{_CJK}，、；])$")
_CONTINUES = re.compile(f"[{_CJK}，。、；：？！）》”]")
_SAMPLED = 200  # characters of a page that are asked for their meaning
_MOST_FIELDS = 2_000  # of a page
_FILLED_IN = frozenset(
    {
        pypdfium2.raw.FPDF_FORMFIELD_TEXTFIELD,
        pypdfium2.raw.FPDF_FORMFIELD_COMBOBOX,
        pypdfium2.raw.FPDF_FORMFIELD_LISTBOX,
    }
)
_FULL_LINE = 0.8  # of the longest line of the page: it ended because the page did


def open_pdf(path: Path) -> pypdfium2.PdfDocument:
    """Open a PDF; raises ``Unreadable`` when it is damaged or asks for a password."""
    try:
        document = pypdfium2.PdfDocument(path)
        # What is filled in is drawn and read only by those who ask for it before the first page.
        document.init_forms()
    except pypdfium2.PdfiumError as error:
        locked = error.err_code == _WRONG_PASSWORD
        raise Unreadable(Trouble.ENCRYPTED if locked else Trouble.DAMAGED) from error
    return document


def read_pdf(document: pypdfium2.PdfDocument, gathering: Gathering) -> None:
    """Gather the text of each page, what is filled into its form and typed onto it.

    A page that cannot be read is passed over.
    """
    for number in range(len(document)):
        if gathering.full:
            return
        try:
            page = document[number]
            text = unwrapped(_printed(page.get_textpage()))
            beside = _typed_on(document, page)
        except pypdfium2.PdfiumError:
            continue
        gathering.add("\n".join((text, *beside)), PlaceKind.PAGE, str(number + 1))
        page.close()


def _printed(page: pypdfium2.PdfTextPage) -> str:
    """The text of a page; none where most of it has no meaning that its fonts would tell.

    Programs leave out the table of meanings to save room: the shapes are all there, and a reader
    who copies them gets signs by chance.
    """
    count = page.count_chars()
    asked = range(0, count, max(1, count // _SAMPLED))
    unknown = sum(pypdfium2.raw.FPDFText_HasUnicodeMapError(page, at) == 1 for at in asked)
    return "" if 2 * unknown > len(asked) else page.get_text_range()


def _typed_on(document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage) -> Iterator[str]:
    """What stands in the fields of a form, and in boxes of text above the page."""
    raw = pypdfium2.raw
    for number in range(min(raw.FPDFPage_GetAnnotCount(page), _MOST_FIELDS)):
        annotation = raw.FPDFPage_GetAnnot(page, number)
        if not annotation:
            continue
        form = document.formenv
        if raw.FPDFAnnot_GetSubtype(annotation) == raw.FPDF_ANNOT_FREETEXT:
            yield _wide(raw.FPDFAnnot_GetStringValue, annotation, b"Contents")
        elif form and raw.FPDFAnnot_GetFormFieldType(form, annotation) in _FILLED_IN:
            yield _wide(raw.FPDFAnnot_GetFormFieldValue, form, annotation)
        raw.FPDFPage_CloseAnnot(annotation)


def _wide(get: Callable[..., int], *which: object) -> str:
    """What pdfium writes into a place that is given to it, after it was asked how large."""
    length = get(*which, None, 0)
    place = ctypes.create_string_buffer(length)
    get(*which, ctypes.cast(place, ctypes.POINTER(pypdfium2.raw.FPDF_WCHAR)), length)
    return place.raw.decode("utf-16-le", "replace").rstrip("\0")


def first_page(document: pypdfium2.PdfDocument, *, longest: int) -> Image.Image:
    """Draw the first page, its longer side ``longest`` pixels; raises ``Unreadable``."""
    return page_picture(document, 0, longest=longest)


def page_picture(document: pypdfium2.PdfDocument, index: int, *, longest: int) -> Image.Image:
    """Draw page ``index``, from 0, its longer side ``longest`` pixels; raises ``Unreadable``."""
    try:
        page = document[index]
        width, height = page.get_size()
        side = max(width, height, 1)
        drawn: Image.Image = page.render(scale=longest / side).to_pil()
        return drawn.convert("RGB")
    except (pypdfium2.PdfiumError, IndexError, ValueError) as error:
        raise Unreadable(Trouble.DAMAGED) from error


def unwrapped(text: str) -> str:
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

"""Which reader makes a manuscript of which type of file."""

from dataclasses import dataclass
from pathlib import Path

from resource_hub.files.facts import Trouble
from resource_hub.files.guard import Unreadable
from resource_hub.files.inspection import inspect
from resource_hub.files.types import TYPES, Family
from resource_hub.files.typesetting.blocks import Manuscript, Slides
from resource_hub.files.typesetting.compose import compose
from resource_hub.files.typesetting.documents import read_document
from resource_hub.files.typesetting.open_documents import read_open_document, read_open_slides
from resource_hub.files.typesetting.pictures import Pictures
from resource_hub.files.typesetting.slides import read_slides
from resource_hub.files.typesetting.texts import text_document, text_slides
from resource_hub.files.typesetting.workbooks import read_csv, read_workbook

_DOCUMENTS = {"docx": read_document, "docm": read_document, "odt": read_open_document}
_SLIDES = {"pptx": read_slides, "pptm": read_slides, "odp": read_open_slides}
_OLE_BOOKS = {"xls", "et"}


@dataclass(frozen=True, slots=True)
class Typeset:
    """Pages that were set from what is in a file.

    Attributes:
        pdf: The pages from number ``first`` on.
        first: From 1.
        count: How many there are in all; None: as many as the PDF has.
    """

    pdf: bytes
    first: int = 1
    count: int | None = None


def typeset(path: Path, code: str, *, first: int, last: int) -> Typeset:
    """Set the text of an office file, a table or a text with the pictures that are inside.

    Args:
        path: The bytes.
        code: What it is, as in ``TYPES``.
        first: Of a presentation these slides alone are set; all else is set from its beginning.
        last: Likewise.

    Raises:
        Unreadable: there is nothing in it that could be set, or it cannot be read.
    """
    pictures = Pictures()
    manuscript = _manuscript(path, code, pictures, first, last)
    try:
        pdf = compose(manuscript, pictures.kept)
    except Unreadable:
        # Something in its layout that typst refuses: the words alone are better than nothing.
        manuscript = _of_text(path, code, first, last)
        pdf = compose(manuscript, {})
    if isinstance(manuscript, Slides):
        return Typeset(pdf, manuscript.first, manuscript.count)
    return Typeset(pdf)


def _manuscript(path: Path, code: str, pictures: Pictures, first: int, last: int) -> Manuscript:
    family = TYPES[code].family
    with path.open("rb") as stream:
        if code in _DOCUMENTS:
            return _DOCUMENTS[code](stream, pictures)
        if code in _SLIDES:
            return _some(_SLIDES[code](stream, pictures, first=first, last=last))
        if family is Family.SHEET and code != "xls-xml":
            return read_workbook(stream, zipped=code not in _OLE_BOOKS)
    return _of_text(path, code, first, last)


def _of_text(path: Path, code: str, first: int, last: int) -> Manuscript:
    """Of a file whose layout is not read, only its words."""
    facts = inspect(path, f"file.{code}")
    if not facts.text:
        raise Unreadable(facts.trouble or Trouble.NO_TEXT)
    if TYPES[code].family is Family.SLIDES:
        return _some(text_slides(facts, first=first, last=last))
    if code == "csv":
        return read_csv(facts.text)
    return text_document(facts.text, marked_up=code == "md")


def _some(slides: Slides) -> Slides:
    if not slides.slides:
        raise Unreadable(Trouble.DAMAGED if slides.count == 0 else Trouble.NO_TEXT)
    return slides

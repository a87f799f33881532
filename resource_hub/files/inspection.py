"""Everything about one file, in this process; ``workshop`` does the same at a safe distance."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from resource_hub.files.detection import detect
from resource_hub.files.facts import THUMBNAIL_BOX, Facts, Trouble
from resource_hub.files.gathering import Gathering
from resource_hub.files.guard import Unreadable
from resource_hub.files.office import read_docx, read_pptx
from resource_hub.files.pdf import first_page, open_pdf, read_pdf
from resource_hub.files.plain import read_html, read_text
from resource_hub.files.preview import shrink_picture, webp
from resource_hub.files.sheets import read_sheets
from resource_hub.files.types import Family

_SHEETS = {"xlsx", "xlsm", "xlsb", "xls", "et", "ods"}
_OLE_SHEETS = {"xls", "et"}
_NO_PICTURE = {"svg", "heic"}


def inspect(path: Path, name: str) -> Facts:
    """Find out what is inside a file; bad content becomes a ``trouble``, never an exception.

    Args:
        path: The bytes.
        name: What the author calls the file.

    Raises:
        OSError: the file cannot be opened.
    """
    facts = None
    for facts in inspect_in_steps(path, name):  # noqa: B007 - the last one is the fullest
        pass
    assert facts is not None  # noqa: S101 - the first step never fails
    return facts


def inspect_in_steps(path: Path, name: str) -> Iterator[Facts]:
    """Yield what is known so far: the type, then the text, then all of it.

    Whoever ends this half-way has the last step.
    """
    with path.open("rb") as stream:
        facts = Facts(detect(stream, name))
        yield facts
        if stream.seek(0, 2) == 0:
            yield replace(facts, trouble=Trouble.EMPTY)
            return
        if facts.file_type.encrypted:
            yield replace(facts, trouble=Trouble.ENCRYPTED)
            return
        try:
            for step in _look_inside(facts, path, stream):
                facts = step
                yield facts
        except BaseException as error:  # a panic of Rust is not an Exception
            trouble = _trouble_of(error)
            if trouble is None:
                raise
            yield replace(facts, trouble=trouble)


def _trouble_of(error: BaseException) -> Trouble | None:
    """Why content could not be read, or None for what has nothing to do with it."""
    if isinstance(error, Unreadable):
        return error.trouble
    if isinstance(error, MemoryError):
        return Trouble.TOO_LARGE
    if isinstance(error, Exception) or type(error).__name__ == "PanicException":
        return Trouble.DAMAGED
    return None


def _look_inside(facts: Facts, path: Path, stream: BinaryIO) -> Iterator[Facts]:
    code, family = facts.file_type.code, facts.file_type.family
    if family is Family.PDF:
        yield from _look_at_pdf(facts, path)
    elif family is Family.IMAGE and code not in _NO_PICTURE:
        width, height, thumbnail = shrink_picture(stream)
        yield replace(facts, width=width, height=height, thumbnail=thumbnail)
    elif family in {Family.VIDEO, Family.AUDIO}:
        yield facts
    else:
        gathering = Gathering()
        pages = _gather(code, family, stream, gathering)
        yield _with_text(facts, gathering, pages)


def _gather(code: str, family: Family, stream: BinaryIO, gathering: Gathering) -> int | None:
    """Gather the text of what is neither PDF nor picture, and say how many pages it has."""
    if code in {"docx", "docm"}:
        read_docx(stream, gathering)
    elif code in {"pptx", "pptm"}:
        return read_pptx(stream, gathering)
    elif code in _SHEETS:
        return read_sheets(stream, gathering, zipped=code not in _OLE_SHEETS)
    elif family is Family.TEXT:
        read_text(stream, gathering)
    elif family is Family.WEB:
        read_html(stream, gathering)
    else:
        raise Unreadable(Trouble.UNSUPPORTED)
    return None


def _look_at_pdf(facts: Facts, path: Path) -> Iterator[Facts]:
    document = open_pdf(path)
    try:
        gathering = Gathering()
        read_pdf(document, gathering)
        facts = _with_text(facts, gathering, len(document))
        yield facts
        page = first_page(document, longest=THUMBNAIL_BOX)
        yield replace(facts, thumbnail=webp(page))
    finally:
        document.close()


def _with_text(facts: Facts, gathering: Gathering, pages: int | None) -> Facts:
    text = gathering.text
    trouble = None if text else Trouble.NO_TEXT
    return replace(facts, text=text, parts=gathering.parts, pages=pages, trouble=trouble)

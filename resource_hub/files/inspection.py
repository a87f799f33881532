"""Everything about one file, in this process; ``workshop`` does the same at a safe distance."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from resource_hub.files.archive import list_zip
from resource_hub.files.detection import detect
from resource_hub.files.epub import read_epub
from resource_hub.files.excel_xml import read_excel_xml
from resource_hub.files.facts import THUMBNAIL_BOX, Facts, Finding, PersonalData, Trouble
from resource_hub.files.gathering import Gathering
from resource_hub.files.guard import Unreadable, open_office, trouble_of
from resource_hub.files.mht import read_mht
from resource_hub.files.odf import read_odp, read_odt, refuse_locked
from resource_hub.files.ofd import read_ofd
from resource_hub.files.office import read_docx, read_pptx, read_word_xml
from resource_hub.files.pdf import first_page, open_pdf, read_pdf
from resource_hub.files.personal_data import findings
from resource_hub.files.plain import read_html, read_svg, read_text
from resource_hub.files.powerpoint import read_ppt
from resource_hub.files.preview import shrink_picture, tells_place, webp
from resource_hub.files.rtf import read_rtf
from resource_hub.files.sheets import read_sheets
from resource_hub.files.subtitles import gather_subtitles
from resource_hub.files.types import Family
from resource_hub.files.word import read_doc, read_works

Reader = Callable[[BinaryIO, Gathering], int | None]

_PLACE_TAKEN = Finding(PersonalData.PLACE_TAKEN, None, "", "")
_OLE_SLIDES = {"ppt", "dps"}
NO_PICTURE = frozenset({"heic"})
"""Pictures that nothing here decodes."""


def inspect(path: Path, name: str) -> Facts:
    """Find out what is inside a file; bad content becomes a ``trouble``, never an exception.

    Args:
        path: The bytes.
        name: What the author calls the file.

    Raises:
        OSError: the file cannot be opened, or our disk failed while it was read.
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
            trouble = trouble_of(error)
            if trouble is None:
                raise
            yield replace(facts, trouble=trouble)


def _look_inside(facts: Facts, path: Path, stream: BinaryIO) -> Iterator[Facts]:
    code, family = facts.file_type.code, facts.file_type.family
    if family is Family.PDF:
        yield from _look_at_pdf(facts, path)
    elif code == "svg":
        # Its drawing is made with the pages of other files.
        for found in _read_with(read_svg, facts, stream):
            yield replace(found, trouble=None)
    elif family is Family.IMAGE and code not in NO_PICTURE:
        width, height, thumbnail = shrink_picture(stream)
        place = (_PLACE_TAKEN,) if tells_place(stream) else ()
        yield replace(facts, width=width, height=height, thumbnail=thumbnail, findings=place)
    elif family in {Family.VIDEO, Family.AUDIO}:
        yield from _look_at_media(facts, path)
    elif code in _OLE_SLIDES:
        yield from _look_at_ppt(facts, stream)
    elif code == "zip":
        listing, trouble = list_zip(stream)
        gathering = Gathering()
        gathering.add("\n".join(member.name for member in listing.members))
        facts = _with_text(facts, gathering, None)
        yield replace(facts, listing=listing, trouble=trouble)
    elif (read := _READERS.get(code)) is not None:
        yield from _read_with(read, facts, stream)
    else:
        closed = family is Family.ARCHIVE
        raise Unreadable(Trouble.CLOSED_ARCHIVE if closed else Trouble.UNSUPPORTED)


def _read_with(read: Reader, facts: Facts, stream: BinaryIO) -> Iterator[Facts]:
    """Gather text; what was read before something went wrong is kept."""
    gathering = Gathering()
    try:
        pages = read(stream, gathering)
    except BaseException:  # a panic of Rust is not an Exception
        if gathering.text:
            yield _with_text(facts, gathering, None)
        raise
    yield _with_text(facts, gathering, pages)


def _read_ole_sheets(stream: BinaryIO, gathering: Gathering) -> int:
    return read_sheets(stream, gathering, zipped=False)


def _read_zipped_sheets(stream: BinaryIO, gathering: Gathering) -> int:
    return read_sheets(stream, gathering, zipped=True)


def _read_ods(stream: BinaryIO, gathering: Gathering) -> int:
    with open_office(stream) as packed:
        refuse_locked(packed)
    return read_sheets(stream, gathering, zipped=True)


# Each gathers text and says how many slides or sheets there are, where there are any.
_READERS: dict[str, Reader] = {
    **dict.fromkeys(("docx", "docm"), read_docx),
    **dict.fromkeys(("pptx", "pptm"), read_pptx),
    **dict.fromkeys(("xlsx", "xlsm", "xlsb"), _read_zipped_sheets),
    "ods": _read_ods,
    **dict.fromkeys(("xls", "et"), _read_ole_sheets),
    **dict.fromkeys(("doc", "wps"), read_doc),
    "works": read_works,
    "odt": read_odt,
    "odp": read_odp,
    "rtf": read_rtf,
    "epub": read_epub,
    **dict.fromkeys(("txt", "md", "csv"), read_text),
    "html": read_html,
    "mht": read_mht,
    "doc-xml": read_word_xml,
    "xls-xml": read_excel_xml,
    "ofd": read_ofd,
    **dict.fromkeys(("srt", "vtt"), gather_subtitles),
}


def _look_at_ppt(facts: Facts, stream: BinaryIO) -> Iterator[Facts]:
    macros = False

    def read(stream: BinaryIO, gathering: Gathering) -> int:
        nonlocal macros
        pages, macros = read_ppt(stream, gathering)
        return pages

    for found in _read_with(read, facts, stream):
        yield replace(found, file_type=replace(found.file_type, macros=macros))


def _look_at_media(facts: Facts, path: Path) -> Iterator[Facts]:
    from resource_hub.files.media import (  # noqa: PLC0415 - FFmpeg is large: only who meets a film
        media_facts_in_steps,
    )

    for found in media_facts_in_steps(path):
        yield replace(
            facts,
            width=found.width,
            height=found.height,
            duration=found.duration,
            video_codec=found.video_codec,
            audio_codec=found.audio_codec,
            playable=found.playable,
            thumbnail=found.poster,
            trouble=None if found.whole else Trouble.DAMAGED,
        )


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
    text, parts = gathering.text, gathering.parts
    return replace(
        facts,
        text=text,
        parts=parts,
        pages=pages,
        findings=findings(text, parts),
        trouble=None if text else Trouble.NO_TEXT,
    )

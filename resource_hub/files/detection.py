"""The true type of a file, by its content."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import BinaryIO

from resource_hub.files.charset import text_encoding
from resource_hub.files.ole import MAGIC, OleFile, read_ole
from resource_hub.files.packed import declared_media_type, names_in_zip
from resource_hub.files.types import EXTENSIONS, TYPES, FileType, extension_of

_HEAD = 64 * 1024  # bytes

# How files begin that need no second look; longer marks come first where one contains another.
_MARKS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"II+\x00", "tiff"),
    (b"MM\x00+", "tiff"),
    (b"\x00\x00\x01\x00", "ico"),
    (b"{\\rtf", "rtf"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b\x08", "gz"),
    (b"ID3", "mp3"),
    (b"fLaC", "flac"),
    (b"OggS", "ogg"),
    (b"FLV\x01", "flv"),
    (b".RMF", "rm"),
    (b"MAC ", "ape"),
    (b"#!AMR", "amr"),
    (b"\x00\x00\x01\xba", "mpg"),
    (b"\x00\x00\x01\xb3", "mpg"),
    (b"FWS", "swf"),
    (b"CWS", "swf"),
    (b"ZWS", "swf"),
)
_RIFF = {b"WEBP": "webp", b"AVI ": "avi", b"WAVE": "wav"}
_BRANDS = {
    b"M4A ": "m4a",
    b"M4B ": "m4a",
    b"qt  ": "mov",
    b"heic": "heic",
    b"heix": "heic",
    b"mif1": "heic",
    b"avif": "avif",
    b"avis": "avif",
}
_BOXES = {b"moov", b"mdat", b"wide", b"free", b"skip"}
_DECLARED = {
    "application/epub+zip": "epub",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
}
_MANY_PARTS = re.compile(r"^content-type:\s*multipart/related", re.MULTILINE)
_BMP_HEADERS = {12, 16, 40, 52, 56, 64, 108, 124}  # bytes
# The mark of a stream of pictures inside Windows Media.
_ASF_PICTURES = bytes.fromhex("c0ef19bc4d5bcf11a8fd00805f5c442b")
_LAYER = 0x06  # two bits of an MPEG audio frame


def detect(stream: BinaryIO, name: str) -> FileType:
    """Say what a file is; reads a few hundred kilobytes at most and never raises for its content.

    Args:
        stream: Seekable; its position is moved.
        name: What the author calls it; only the extension counts.

    Returns:
        An empty file is what its extension says.
    """
    stream.seek(0)
    head = stream.read(_HEAD)
    extension = extension_of(name)
    promised = EXTENSIONS.get(extension, ())
    if not head:
        return TYPES[promised[0] if promised else "other"]
    encrypted = macros = False
    if head.startswith(MAGIC):
        ole = read_ole(stream)
        code, encrypted = _of_ole(ole, stream, extension)
        macros = bool(_OLE_MACROS & ole.starts.keys())
    elif head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        code, macros = _of_zip(stream, head)
    else:
        code = next((found for look in _LOOKS if (found := look(head))), "")
        code = code or _of_text(head, extension)
    misnamed = bool(promised) and code not in promised
    return replace(TYPES[code], misnamed=misnamed, encrypted=encrypted, macros=macros)


def is_misnamed(name: str, code: str) -> bool:
    """Whether a name promises something else than bytes that are known to be ``code``.

    The same bytes may come under several names, each of which is right or wrong by itself.
    """
    promised = EXTENSIONS.get(extension_of(name), ())
    alike = next((codes for codes in _AS_NAMED if code in codes), frozenset({code}))
    return bool(promised) and alike.isdisjoint(promised)


_AS_NAMED = (
    frozenset({"txt", "md", "csv", "srt"}),
    frozenset({"doc", "wps"}),
    frozenset({"ppt", "dps"}),
    frozenset({"xls", "et"}),
)
# Nothing but the name tells these apart.


def _of_ole(ole: OleFile, stream: BinaryIO, extension: str) -> tuple[str, bool]:
    """The code of an OLE file, and whether it asks for a password."""
    names = ole.starts.keys()
    promised = EXTENSIONS.get(extension, ("",))[0]
    if "EncryptedPackage" in names:
        # Which program it belongs to is itself a secret: believe the extension.
        return (promised if promised in _OPEN_XML else "office"), True
    if "WordDocument" in names:
        return ("wps" if promised == "wps" else "doc"), _word_is_locked(ole, stream)
    if "PowerPoint Document" in names:
        return ("dps" if promised == "dps" else "ppt"), "EncryptedSummary" in names
    if book := {"Workbook", "Book"} & names:
        return ("et" if promised == "et" else "xls"), _book_is_locked(ole, stream, book.pop())
    if "MatOST" in names or "CONTENTS" in names:
        return "works", False
    return "other", False


# Folders at the root in which Word and Excel keep programs; PowerPoint hides them in its stream.
_OLE_MACROS = frozenset({"Macros", "_VBA_PROJECT_CUR", "_VBA_PROJECT"})
_OPEN_XML = frozenset({"docx", "docm", "pptx", "pptm", "xlsx", "xlsm", "xlsb"})


def _word_is_locked(ole: OleFile, stream: BinaryIO) -> bool:
    head = ole.head(stream, "WordDocument")
    return len(head) > 12 and bool(head[11] & 0x01)  # noqa: PLR2004 - bit 8 of the flags at 10


def _book_is_locked(ole: OleFile, stream: BinaryIO, name: str) -> bool:
    """Look for the FILEPASS record, which stands among the first of a workbook."""
    head, at = ole.head(stream, name), 0
    while at + 4 <= len(head):
        kind = int.from_bytes(head[at : at + 2], "little")
        if kind == 0x002F:  # noqa: PLR2004 - FILEPASS
            return True
        at += 4 + int.from_bytes(head[at + 2 : at + 4], "little")
    return False


def _of_zip(stream: BinaryIO, head: bytes) -> tuple[str, bool]:
    """The code of a zip file, and whether it is an office file with macros."""
    declared = declared_media_type(head).removesuffix("-template")
    names = names_in_zip(stream, head)
    if declared in _DECLARED:
        return _DECLARED[declared], any(name.startswith(("basic/", "scripts/")) for name in names)
    if "ofd.xml" in names:
        return "ofd", False
    if "meta-inf/container.xml" in names:
        return "epub", False  # packed by hand, so that what it is does not stand first
    if not names & {"[content_types].xml", "_rels/.rels"}:
        return "zip", False
    macros = any(name.endswith("/vbaproject.bin") for name in names)
    for start, ending, plain, with_macros in _MAIN_PARTS:
        if any(name.startswith(start) and name.endswith(ending) for name in names):
            return (with_macros if macros else plain), macros
    return "zip", False


# How the main part begins and ends, and the code without and with macros.
_MAIN_PARTS = (
    ("word/document", ".xml", "docx", "docm"),
    ("ppt/presentation", ".xml", "pptx", "pptm"),
    ("xl/workbook", ".bin", "xlsb", "xlsb"),
    ("xl/workbook", ".xml", "xlsx", "xlsm"),
    # A cut file may have lost the main part: any part of the folder tells.
    ("word/", "", "docx", "docm"),
    ("ppt/", "", "pptx", "pptm"),
    ("xl/", "", "xlsx", "xlsm"),
)


def _of_mark(head: bytes) -> str:
    return next((code for mark, code in _MARKS if head.startswith(mark)), "")


def _of_pdf(head: bytes) -> str:
    return "pdf" if b"%PDF-" in head[:1024] else ""


def _of_tar(head: bytes) -> str:
    return "tar" if head[257:262] == b"ustar" else ""


def _of_riff(head: bytes) -> str:
    return _RIFF.get(head[8:12], "") if head.startswith(b"RIFF") else ""


def _of_boxes(head: bytes) -> str:
    """MP4, QuickTime and their relatives, which are made of boxes with four-letter names."""
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "mp4")
    return "mov" if head[4:8] in _BOXES and len(head) > 16 else ""  # noqa: PLR2004 - two box heads


def _of_asf(head: bytes) -> str:
    if not head.startswith(b"\x30\x26\xb2\x75\x8e\x66\xcf\x11"):
        return ""
    return "wmv" if _ASF_PICTURES in head else "wma"


def _of_transport_stream(head: bytes) -> str:
    """Packets that begin with a G, of 188 bytes, or of 192 from the cameras."""
    for first, length in ((0, 188), (4, 192)):
        begins = head[first : first + 5 * length : length]
        if len(head) >= 5 * length and begins == b"GGGGG":
            return "ts"
    return ""


def _of_matroska(head: bytes) -> str:
    if not head.startswith(b"\x1a\x45\xdf\xa3"):
        return ""
    return "webm" if b"webm" in head[:128] else "mkv"


def _of_bmp(head: bytes) -> str:
    header = int.from_bytes(head[14:18], "little")
    return "bmp" if head.startswith(b"BM") and header in _BMP_HEADERS else ""


def _of_mpeg_audio(head: bytes) -> str:
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:  # noqa: PLR2004 - frame sync
        return ""
    if head[1] & _LAYER == _LAYER:
        return ""  # layer I, which nobody uses: the mark of UTF-16 looks like it
    if head[1] & _LAYER == 0:
        return "aac" if head[1] & 0xF6 == 0xF0 else ""  # noqa: PLR2004 - ADTS
    # An impossible bit rate or sample rate: not a frame, but a UTF-16 mark, say.
    return "mp3" if head[2] >> 4 != 15 and head[2] >> 2 & 3 != 3 else ""  # noqa: PLR2004 - reserved


_LOOKS: tuple[Callable[[bytes], str], ...] = (
    _of_mark,
    _of_tar,
    _of_riff,
    _of_boxes,
    _of_asf,
    _of_transport_stream,
    _of_matroska,
    _of_bmp,
    _of_mpeg_audio,
    _of_pdf,
)


def _of_office_xml(start: str) -> str:
    """A document or workbook that is one file of XML, by the first of it in lower case."""
    if any(sign in start for sign in ('progid="word.document"', "<w:worddocument", "<pkg:package")):
        return "doc-xml"
    is_book = "urn:schemas-microsoft-com:office:spreadsheet" in start and "<workbook" in start
    return "xls-xml" if is_book or 'progid="excel.sheet"' in start else ""


def _of_markup(start: str) -> str:
    if "<svg" in start and start.startswith(("<?xml", "<svg", "<!--", "<!doctype svg")):
        return "svg"
    if start.startswith("<?xml") and (code := _of_office_xml(start)):
        return code
    if start.startswith(("<!doctype html", "<html", "<head", "<body", "<script", "<meta")) or (
        start.startswith(("<?xml", "<!--")) and "<html" in start
    ):
        return "html"
    if "mime-version:" in start and _MANY_PARTS.search(start):
        return "mht"
    return "vtt" if start.startswith("webvtt") else ""


def _of_text(head: bytes, extension: str) -> str:
    encoding = text_encoding(head)
    if encoding is None:
        return "other"
    start = head[:4096].decode(encoding, "replace").lstrip("\ufeff \t\r\n").lower()
    if code := _of_markup(start):
        return code
    promised = EXTENSIONS.get(extension, ("txt",))[0]
    # An HTML fragment, a list without quotes: of text, the author knows best.
    return promised if promised in {"md", "csv", "html", "srt", "vtt"} else "txt"

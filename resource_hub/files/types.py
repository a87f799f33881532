"""The kinds of files that schools exchange, and the extensions they go by."""

from dataclasses import dataclass
from enum import StrEnum


class Family(StrEnum):
    """What a file is to a person who looks for one."""

    DOCUMENT = "document"
    SLIDES = "slides"
    SHEET = "sheet"
    PDF = "pdf"
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    TEXT = "text"
    WEB = "web"
    ARCHIVE = "archive"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class FileType:
    """What a file is by its content.

    Attributes:
        code: A short stable name such as ``docx``; a key of ``TYPES``.
        media_type: For the Content-Type header.
        misnamed: The extension promises something else.
        encrypted: A password is asked for. Known here only of Office files: of a PDF it shows when
            it is opened.
        macros: There are programs inside.
    """

    code: str
    media_type: str
    family: Family
    misnamed: bool = False
    encrypted: bool = False
    macros: bool = False


_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_MACRO = "application/vnd.ms-"
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."

# code: (media type, family, extensions it may honestly have)
_TABLE: dict[str, tuple[str, Family, str]] = {
    "docx": (f"{_OPEN_XML}wordprocessingml.document", Family.DOCUMENT, "docx dotx wps wpt"),
    "docm": (f"{_MACRO}word.document.macroenabled.12", Family.DOCUMENT, "docm dotm"),
    "doc": ("application/msword", Family.DOCUMENT, "doc dot"),
    "wps": ("application/wps-office.wps", Family.DOCUMENT, "wps wpt"),
    "works": ("application/vnd.ms-works", Family.DOCUMENT, "wps"),
    "odt": (f"{_OPEN_DOCUMENT}text", Family.DOCUMENT, "odt ott"),
    "rtf": ("application/rtf", Family.DOCUMENT, "rtf doc"),
    "pptx": (f"{_OPEN_XML}presentationml.presentation", Family.SLIDES, "pptx ppsx potx dps dpt"),
    "pptm": (f"{_MACRO}powerpoint.presentation.macroenabled.12", Family.SLIDES, "pptm ppsm potm"),
    "ppt": ("application/vnd.ms-powerpoint", Family.SLIDES, "ppt pps pot"),
    "dps": ("application/wps-office.dps", Family.SLIDES, "dps dpt"),
    "odp": (f"{_OPEN_DOCUMENT}presentation", Family.SLIDES, "odp otp"),
    "xlsx": (f"{_OPEN_XML}spreadsheetml.sheet", Family.SHEET, "xlsx xltx et ett"),
    "xlsm": (f"{_MACRO}excel.sheet.macroenabled.12", Family.SHEET, "xlsm xltm"),
    "xlsb": (f"{_MACRO}excel.sheet.binary.macroenabled.12", Family.SHEET, "xlsb"),
    "xls": ("application/vnd.ms-excel", Family.SHEET, "xls xlt"),
    "et": ("application/wps-office.et", Family.SHEET, "et ett"),
    "ods": (f"{_OPEN_DOCUMENT}spreadsheet", Family.SHEET, "ods ots"),
    "mht": ("multipart/related", Family.DOCUMENT, "mht mhtml doc"),
    "doc-xml": ("application/msword", Family.DOCUMENT, "doc"),
    "xls-xml": ("application/vnd.ms-excel", Family.SHEET, ""),
    "ofd": ("application/ofd", Family.DOCUMENT, "ofd"),
    "office": ("application/x-ole-storage", Family.DOCUMENT, ""),
    "pdf": ("application/pdf", Family.PDF, "pdf ai"),
    "jpg": ("image/jpeg", Family.IMAGE, "jpg jpeg jpe jfif"),
    "png": ("image/png", Family.IMAGE, "png"),
    "gif": ("image/gif", Family.IMAGE, "gif"),
    "webp": ("image/webp", Family.IMAGE, "webp"),
    "bmp": ("image/bmp", Family.IMAGE, "bmp dib"),
    "tiff": ("image/tiff", Family.IMAGE, "tif tiff"),
    "ico": ("image/vnd.microsoft.icon", Family.IMAGE, "ico"),
    "heic": ("image/heic", Family.IMAGE, "heic heif"),
    "avif": ("image/avif", Family.IMAGE, "avif"),
    "svg": ("image/svg+xml", Family.IMAGE, "svg"),
    "mp4": ("video/mp4", Family.VIDEO, "mp4 m4v f4v m4a 3gp"),
    "mov": ("video/quicktime", Family.VIDEO, "mov qt mp4"),
    "webm": ("video/webm", Family.VIDEO, "webm"),
    "mkv": ("video/x-matroska", Family.VIDEO, "mkv mka"),
    "avi": ("video/x-msvideo", Family.VIDEO, "avi"),
    "wmv": ("video/x-ms-asf", Family.VIDEO, "wmv asf"),
    "flv": ("video/x-flv", Family.VIDEO, "flv"),
    "mpg": ("video/mpeg", Family.VIDEO, "mpg mpeg vob dat"),
    "ts": ("video/mp2t", Family.VIDEO, "ts mts m2ts"),
    "rm": ("application/vnd.rn-realmedia", Family.VIDEO, "rm rmvb"),
    "mp3": ("audio/mpeg", Family.AUDIO, "mp3 mp2"),
    "m4a": ("audio/mp4", Family.AUDIO, "m4a m4b mp4"),
    "wav": ("audio/wav", Family.AUDIO, "wav"),
    "aac": ("audio/aac", Family.AUDIO, "aac"),
    "ogg": ("audio/ogg", Family.AUDIO, "ogg oga opus ogv"),
    "flac": ("audio/flac", Family.AUDIO, "flac"),
    "wma": ("audio/x-ms-wma", Family.AUDIO, "wma asf"),
    "ape": ("audio/x-ape", Family.AUDIO, "ape"),
    "amr": ("audio/amr", Family.AUDIO, "amr"),
    "txt": ("text/plain", Family.TEXT, "txt text log"),
    "md": ("text/markdown", Family.TEXT, "md markdown"),
    "csv": ("text/csv", Family.TEXT, "csv tsv"),
    "srt": ("application/x-subrip", Family.TEXT, "srt"),
    "vtt": ("text/vtt", Family.TEXT, "vtt"),
    "html": ("text/html", Family.WEB, "html htm xhtml"),
    "epub": ("application/epub+zip", Family.DOCUMENT, "epub"),
    "zip": ("application/zip", Family.ARCHIVE, "zip"),
    "rar": ("application/vnd.rar", Family.ARCHIVE, "rar"),
    "7z": ("application/x-7z-compressed", Family.ARCHIVE, "7z"),
    "gz": ("application/gzip", Family.ARCHIVE, "gz tgz"),
    "tar": ("application/x-tar", Family.ARCHIVE, "tar"),
    "swf": ("application/x-shockwave-flash", Family.OTHER, "swf"),
    "other": ("application/octet-stream", Family.OTHER, ""),
}

TYPES: dict[str, FileType] = {
    code: FileType(code, media_type, family) for code, (media_type, family, _) in _TABLE.items()
}


def _codes_by_extension() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for code, (_, _, extensions) in _TABLE.items():
        for extension in extensions.split():
            before = found.get(extension, ())
            # The type that is called like the extension comes first.
            found[extension] = (code, *before) if code == extension else (*before, code)
    return found


EXTENSIONS: dict[str, tuple[str, ...]] = _codes_by_extension()
"""Extension, lower case, without dot -> the codes it may stand for, the usual one first."""


def extension_of(name: str) -> str:
    """The lower-case extension of a file name without its dot, or ``""``."""
    stem, dot, extension = name.rpartition(".")
    return extension.strip().lower() if dot and stem else ""

"""All formats of an issue in one table: what each is called, and how it is written."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

from resource_hub.catalogue.data import IssueData
from resource_hub.catalogue.feed import issue_as_atom
from resource_hub.catalogue.labels import Labels
from resource_hub.catalogue.page import as_html
from resource_hub.catalogue.print.binding import booklet, first_page
from resource_hub.catalogue.print.pdf import as_pdf
from resource_hub.catalogue.table import as_csv, as_json
from resource_hub.catalogue.workbook import as_xlsx
from resource_hub.domain.errors import N_


@dataclass(frozen=True, slots=True)
class Pictures:
    """What a format shows beside the words: thumbnails by their hash, and a cover or none."""

    thumbnails: Mapping[str, bytes] = field(default_factory=dict)
    cover: bytes | None = None


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file of an issue in one of ``FORMATS``."""

    format: str
    media_type: str
    content: bytes


Progress = Callable[[int, int], None]
Writer = Callable[[IssueData, Labels], bytes]

SIMPLE: Mapping[str, tuple[Writer, str]] = {
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "html": (as_html, "text/html; charset=utf-8"),
    "json": (as_json, "application/json"),
    "atom": (issue_as_atom, "application/atom+xml; charset=utf-8"),
}
"""Those that are one file, written at once."""

PDF, BOOKLET, COVER = "pdf", "booklet", "cover"
PRINTED: Mapping[str, str] = {
    PDF: "application/pdf",
    BOOKLET: "application/pdf",
    COVER: "image/webp",
}
"""Those that are made of the printed pages, which are set once for all of them."""

FORMATS = (PDF, BOOKLET, *SIMPLE, COVER)
FORMAT_LABELS: Mapping[str, str] = {
    PDF: N_("For print (PDF)"),
    BOOKLET: N_("As a booklet to fold (PDF)"),
    "xlsx": N_("Table (XLSX)"),
    "csv": N_("Table (CSV)"),
    "html": N_("One page for a stick (HTML)"),
    "json": N_("For programs (JSON)"),
    "atom": N_("Feed (Atom)"),
    COVER: N_("Cover as a picture (WebP)"),
}
"""In the order in which readers are offered them: what is for people first."""

MINUTES = "minutes"
"""Of the discussion round: a file beside those of the issue, PDF."""

ENDINGS = {BOOKLET: "-booklet.pdf", COVER: "-cover.webp", MINUTES: "-minutes.pdf"}
"""Of the names of files, where it is not the format's name behind a full stop."""


def ending(name: str) -> str:
    """What the name of a file ends in: ``.xlsx``, ``-booklet.pdf``."""
    return ENDINGS.get(name, f".{name}")


def media_type_of(name: str) -> str:
    if name == MINUTES:
        name = PDF
    return PRINTED[name] if name in PRINTED else SIMPLE[name][1]


def write_formats(
    issue: IssueData,
    labels: Labels,
    formats: Collection[str] = FORMATS,
    *,
    pictures: Pictures | None = None,
    progress: Progress = lambda _done, _total: None,
) -> Iterator[WrittenFile]:
    """Write an issue in some formats, one after the other; the pages are set once.

    What is no page comes first, so that it is there even if the pages cannot be set.

    Args:
        formats: Of ``FORMATS``; any other name raises ``KeyError``.
        progress: Told how much of the pages is done, and of how much; the rest takes no time.

    Raises:
        NotSet: typst could not set the pages.
    """
    pictures = pictures or Pictures()
    for name in formats:
        if name not in PRINTED:
            write, media_type = SIMPLE[name]
            yield WrittenFile(name, media_type, write(issue, labels))
    if PRINTED.keys().isdisjoint(formats):
        return
    whole = as_pdf(
        issue, labels, thumbnails=pictures.thumbnails, cover=pictures.cover, progress=progress
    )
    if PDF in formats:
        yield WrittenFile(PDF, PRINTED[PDF], whole)
    if BOOKLET in formats:
        yield WrittenFile(BOOKLET, PRINTED[BOOKLET], booklet(whole))
    if COVER in formats:
        yield WrittenFile(COVER, PRINTED[COVER], first_page(whole))

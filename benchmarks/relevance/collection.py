"""The real items and files that are searched, as the hub would index them and as plain text."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from benchmarks.relevance.letters import letters, titles_within
from resource_hub.domain.description import Description
from resource_hub.domain.taxonomy import Taxonomy
from resource_hub.files.inspection import inspect
from resource_hub.services.document_body import body_of
from resource_hub.services.manifest_words import COLUMNS
from resource_hub.services.manifests import Defaults, read_line
from resource_hub.services.taxonomy import shipped_terms
from search_index.base import BODY_LIMIT, IndexDocument

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples"
FILE_FOLDERS = ("doc", "docx", "image", "pdf", "ppt", "pptx", "video", "xlsx", "zip")
FIRST_FILE = 100_001
"""The items are numbered by their lines, from 1; the files begin here."""

TITLE_LENGTH = 40
PUBLISHED = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Record:
    """What a judge knows of one resource: the words as they stand in the sample, nothing else."""

    number: int
    title: str
    """Empty where the item has none: a question is found by its text."""
    author: str
    subject: str
    text: str
    notes: str
    """Answer and analysis."""
    file: str
    """Name of the attachment, or empty."""
    document: IndexDocument

    @cached_property
    def shown(self) -> str:
        return self.document.title

    @cached_property
    def titles(self) -> frozenset[str]:
        """The title and the names within it, letters only: 相和歌辭 長門怨 is also 長門怨."""
        return titles_within(self.title)

    @cached_property
    def author_letters(self) -> str:
        return letters(self.author)

    @cached_property
    def names(self) -> frozenset[str]:
        return self.titles | {self.author_letters}

    @cached_property
    def text_letters(self) -> str:
        return letters(f"{self.title}\n{self.text}\n{self.notes}\n{self.author}")


def collection(samples: Path = SAMPLES) -> list[Record]:
    """Read everything, in the order of its numbers."""
    return [*items(samples), *files(samples)]


def items(samples: Path) -> Iterator[Record]:
    """One for each line; ``hub import`` decides about codes, summary and keywords."""
    taxonomy, defaults = Taxonomy.of(shipped_terms()), Defaults()
    with (samples / "items.jsonl").open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            item = {name: value for name, value in json.loads(line).items() if value}
            title, author = item.get("title", ""), item.get("author", "")
            cells = {COLUMNS[name]: value for name, value in item.items()}
            described = read_line(cells, (), taxonomy, defaults).description
            text = item["text"]
            notes = f"{item.get('answer', '')}\n{item.get('analysis', '')}"
            document = _document(
                number,
                described,
                title=title or text[:TITLE_LENGTH],
                author=author,
                body=f"{text}\n{notes}",
            )
            yield Record(number, title, author, item["subject"], text, notes, "", document)


def files(samples: Path) -> Iterator[Record]:
    """A resource for each file, called as the file is; the nasty ones are left out."""
    taxonomy, defaults = Taxonomy.of(shipped_terms()), Defaults()
    paths = [path for folder in FILE_FOLDERS for path in sorted((samples / folder).iterdir())]
    for number, path in enumerate(paths, FIRST_FILE):
        described = read_line({}, (path,), taxonomy, defaults).description
        facts = inspect(path, path.name)
        inside = [(part.start, part.kind.value, part.label) for part in facts.parts]
        body, places = body_of((), [_FileWords(path.name, facts.text or None, inside)])
        document = _document(number, described, title=described.title, author="", body=body)
        document = replace(document, places=places, formats=(facts.file_type.code,))
        yield Record(number, described.title, "", "", facts.text, "", path.name, document)


@dataclass(frozen=True, slots=True)
class _FileWords:
    filename: str
    text: str | None
    places: Sequence[tuple[int, str, str]]


def _document(
    number: int, described: Description, *, title: str, author: str, body: str
) -> IndexDocument:
    return IndexDocument(
        resource_id=number,
        sequence=1,
        title=title,
        summary=described.summary,
        keywords=described.keywords,
        unit=described.unit,
        body=body[:BODY_LIMIT],
        author=author,
        school="云岭中学",
        alliances=("云岭教共体",),
        school_code="S1",
        subject=described.subject,
        grades=described.grades,
        school_stage=described.school_stage,
        kind=described.kind.value,
        edition=described.edition,
        volume=described.volume,
        language=described.language.value,
        formats=(),
        published_at=PUBLISHED,
        year=PUBLISHED.year,
        views=0,
        downloads=0,
        visible_to=frozenset({"public"}),
    )

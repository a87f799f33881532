"""Import a collection: line by line, in transactions of many, safe to repeat after any end."""

import hashlib
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from enum import StrEnum

from sqlalchemy.orm import Session

from resource_hub.domain.description import MAX_TEXT, format_problems
from resource_hub.domain.errors import HubError, Invalid, Problem, problems_of_line
from resource_hub.domain.people import Person
from resource_hub.domain.taxonomy import Taxonomy
from resource_hub.domain.uploads import UploadLimits, check_room
from resource_hub.models import User
from resource_hub.services.admission import admit, admit_new, lacking
from resource_hub.services.contents import Content, content_hash, contents_of
from resource_hub.services.drafting import create_draft, create_drafts
from resource_hub.services.import_sources import Line, Measured, measure, open_file
from resource_hub.services.manifests import Defaults, Reading, read_line
from resource_hub.services.taxonomy import read_taxonomy
from resource_hub.services.unit_of_work import UnitOfWork
from resource_hub.services.uploading import Kept, attach, keep
from resource_hub.services.wording import readable_name
from storage import Storage

BATCH = 200
"""Lines of one transaction; a file counts as ten lines."""


Begin = Callable[[], AbstractContextManager[UnitOfWork]]
"""Opens a unit of work, such as ``edge.current.writing``."""


class Verdict(StrEnum):
    IMPORTED = "imported"
    SKIPPED = "skipped"
    """Its owner has the same already."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one line; when it is handed out, it is on disk."""

    number: int
    title: str
    verdict: Verdict
    public_id: str = ""
    problems: tuple[Problem, ...] = ()
    """Why it was refused."""
    assumed: Mapping[str, str] = field(default_factory=dict)
    """By field: the code that the line did not give."""
    shortened: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Collector:
    """What an import works with, and in whose name."""

    person: Person
    storage: Storage
    limits: UploadLimits
    taxonomy: Taxonomy
    defaults: Defaults
    publish: bool


def collector_for(
    session: Session,
    person: Person,
    *,
    storage: Storage,
    limits: UploadLimits,
    defaults: Defaults,
    publish: bool,
) -> Collector:
    """Complete the defaults by what the person teaches and where the school belongs."""
    user = session.get_one(User, person.id)
    alliance_id = min(person.alliance_ids, default=None)
    return Collector(
        person=person,
        storage=storage,
        limits=limits,
        taxonomy=read_taxonomy(session),
        defaults=replace(
            defaults,
            alliance_id=alliance_id,
            taught_subjects=user.subjects,
            taught_grades=user.grades,
        ),
        publish=publish,
    )


def import_lines(
    lines: Iterable[Line],
    collector: Collector,
    begin: Begin,
) -> Iterator[Outcome]:
    """Make a resource of each line; one that cannot be taken does not stop the others.

    What the owner has already, by title and content, is skipped, each copy once: two equal lines
    make two resources, and a second run makes none.

    Yields:
        The outcomes in the order of the lines, each after the commit that made it lasting.
    """
    with begin() as uow:
        known = contents_of(uow.session, collector.person)
    batch: list[Ready | Outcome] = []
    weight = 0
    for line in lines:
        batch.append(prepare(line, collector, known))
        weight += 1 + 10 * len(line.files)
        if weight >= BATCH:
            yield from _write(batch, collector, begin)
            batch, weight = [], 0
    yield from _write(batch, collector, begin)


@dataclass(frozen=True, slots=True)
class Ready:
    """A line that has passed every check which needs no database; its bytes are stored."""

    number: int
    reading: Reading
    kept: tuple[Kept, ...]


def prepare(line: Line, collector: Collector, known: Counter[Content]) -> Ready | Outcome:
    """Read, compare and store; nothing is written to the database, so nobody waits.

    Args:
        known: what the owner has already; one that is met is counted off.

    Returns:
        What can be made in a transaction; else why nothing will be.
    """
    title = _name_of(line)
    try:
        if line.trouble is not None:
            raise Invalid([line.trouble])
        files = [measure(path) for path in line.files]
        for file in files:
            check_room(collector.limits, size=file.size, files=0, revision=0, unpublished=0)
        reading = read_line(line.cells, line.files, collector.taxonomy, collector.defaults)
        title = reading.description.title or title
        long_text = _take_long_text(reading)
        content = (
            reading.description.title,
            content_hash(
                reading.description.text,
                reading.description.sections.values(),
                [file.digest for file in files]
                + [hashlib.sha256(text).hexdigest() for _name, text in long_text],
            ),
        )
        if known[content] > 0:
            known[content] -= 1
            return Outcome(line.number, title, Verdict.SKIPPED)
        kept = [_keep(collector.storage, file) for file in files]
        kept += [keep(collector.storage, io.BytesIO(text), name) for name, text in long_text]
    except HubError as error:
        return _refused(line.number, title, error)
    return Ready(line.number, reading, tuple(kept))


def _name_of(line: Line) -> str:
    if title := line.cells.get("title", ""):
        return title[:80]
    if line.files:
        return readable_name(line.files[0].name)
    return " ".join(line.cells.get("text", "")[:40].split())


def _take_long_text(reading: Reading) -> list[tuple[str, bytes]]:
    """A text that is too long for a page becomes a file, so that nothing of it is lost."""
    description = reading.description
    if len(description.text) <= MAX_TEXT:
        return []
    reading.description = replace(description, text="")
    reading.assumed["text"] = f"{description.title[:60]}.txt"
    return [(reading.assumed["text"], description.text.encode())]


def _keep(storage: Storage, file: Measured) -> Kept:
    with open_file(file.path) as stream:
        return keep(storage, stream, readable_name(file.path.name))


def _write(
    batch: list[Ready | Outcome],
    collector: Collector,
    begin: Begin,
) -> Iterator[Outcome]:
    """One transaction; the outcomes are handed out once it is committed."""
    ready = [item for item in batch if isinstance(item, Ready)]
    made: dict[int, Outcome] = {}
    if ready:
        with begin() as uow:
            # The texts first: they go together, in a handful of statements.
            made = _make_texts(uow, [item for item in ready if not item.kept], collector)
            for item in ready:
                if item.kept:
                    made[item.number] = make(uow, item, collector)
    for known in batch:
        yield made[known.number] if isinstance(known, Ready) else known


def _make_texts(uow: UnitOfWork, items: list[Ready], collector: Collector) -> dict[int, Outcome]:
    """Resources without files, by their line; each is checked before the first is written."""
    person, taxonomy = collector.person, collector.taxonomy
    outcomes: dict[int, Outcome] = {}
    fit: list[Ready] = []
    for item in items:
        description = item.reading.description
        problems = format_problems(description, taxonomy)
        if collector.publish:
            problems += lacking(
                description, taxonomy, file_count=0, alliance_ids=person.alliance_ids
            )
        if problems:
            outcomes[item.number] = _refused(item.number, description.title, Invalid(problems))
        else:
            fit.append(item)
    if fit:
        revisions = create_drafts(uow, person, [item.reading.description for item in fit])
        if collector.publish:
            admit_new(uow, revisions)
        for item, revision in zip(fit, revisions, strict=True):
            outcomes[item.number] = _imported(item, revision.resource.public_id)
    return outcomes


def make(uow: UnitOfWork, item: Ready, collector: Collector) -> Outcome:
    """A resource of its own savepoint: a refusal takes back only what it had begun."""
    description = item.reading.description
    try:
        with uow.session.begin_nested():
            revision = create_draft(
                uow,
                collector.person,
                description.kind,
                description,
                taxonomy=collector.taxonomy,
            )
            public_id = revision.resource.public_id
            for kept in item.kept:
                attach(uow, collector.person, revision.id, kept, limits=collector.limits)
            if collector.publish:
                admit(uow, revision, taxonomy=collector.taxonomy)
    except HubError as error:
        return _refused(item.number, description.title, error)
    return _imported(item, public_id)


def _imported(item: Ready, public_id: str) -> Outcome:
    return Outcome(
        item.number,
        item.reading.description.title,
        Verdict.IMPORTED,
        public_id,
        assumed=item.reading.assumed,
        shortened=tuple(item.reading.shortened),
    )


def _refused(number: int, title: str, error: HubError) -> Outcome:
    return Outcome(number, title, Verdict.REFUSED, problems=problems_of_line(error))

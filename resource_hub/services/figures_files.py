"""The files of a statement: a workbook, and a PDF to sign; written once, kept by their hash."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.catalogue.labels import Labels
from resource_hub.catalogue.print.statement import statement_pdf
from resource_hub.catalogue.statement import StatementData, read_statement
from resource_hub.catalogue.statement_book import statement_xlsx
from resource_hub.domain.errors import N_, Missing
from resource_hub.domain.people import Person
from resource_hub.models import School, Statement, StatementFile
from resource_hub.services.blob_uses import claim
from resource_hub.services.figures import Scope, may_see
from resource_hub.services.unit_of_work import UnitOfWork
from storage import Storage

SCRIPTS = ("zh-Hans", "zh-Hant")
WRITERS: Mapping[str, Callable[[StatementData, Labels, str], bytes]] = {
    "pdf": statement_pdf,
    "xlsx": statement_xlsx,
}


@dataclass(frozen=True, slots=True)
class WrittenStatement:
    """A file that lies in the storage and waits for its row."""

    format: str
    script: str
    key: str
    size: int


def write_statement(
    session: Session, storage: Storage, statement_id: int, labels_of: Callable[[str], Labels]
) -> list[WrittenStatement]:
    """Write what is missing of a statement; safe to run twice."""
    statement = session.get(Statement, statement_id)
    if statement is None:
        return []
    there = set(
        session.execute(
            select(StatementFile.format, StatementFile.script).where(
                StatementFile.statement_id == statement_id
            )
        ).all()
    )
    data, digest = read_statement(statement.content), statement.digest
    session.rollback()
    return [
        WrittenStatement(name, script, storage.put(BytesIO(content)).key, len(content))
        for name, script, content in _contents(data, digest, labels_of)
        if (name, script) not in there
    ]


def _contents(
    data: StatementData, digest: str, labels_of: Callable[[str], Labels]
) -> Iterator[tuple[str, str, bytes]]:
    for script in SCRIPTS:
        for name, write in WRITERS.items():
            yield name, script, write(data, labels_of(script), digest)


def note_statement(
    uow: UnitOfWork, storage: Storage, statement_id: int, written: Sequence[WrittenStatement]
) -> None:
    """Give the files their rows.

    Raises:
        BytesGone: one was removed meanwhile; the job writes it again.
    """
    for file in written:
        claim(uow, storage, file.key)
        uow.session.add(
            StatementFile(
                statement_id=statement_id,
                format=file.format,
                script=file.script,
                blob_hash=file.key,
                size=file.size,
                made_at=uow.now(),
            )
        )
    uow.session.flush()


def files_of(session: Session, person: Person, statement: Statement) -> Sequence[StatementFile]:
    """The files of a statement that ``person`` may see as a whole; else none."""
    if not may_see(person, Scope(statement.alliance_id, statement.school_id)):
        return ()
    return session.scalars(
        select(StatementFile)
        .where(StatementFile.statement_id == statement.id)
        .order_by(StatementFile.format, StatementFile.script)
    ).all()


def find_file(
    session: Session, person: Person, scope: Scope, period: str, file_id: int
) -> tuple[StatementFile, str]:
    """A file of the statement of a school, and the school's name.

    Raises:
        Missing: there is none, as far as ``person`` may know.
    """
    found = session.execute(
        select(StatementFile, School.name)
        .join(Statement, Statement.id == StatementFile.statement_id)
        .join(School, School.id == Statement.school_id)
        .where(
            StatementFile.id == file_id,
            Statement.alliance_id == scope.alliance_id,
            Statement.school_id == scope.school_id,
            Statement.period == period,
        )
    ).one_or_none()
    if found is None or not may_see(person, Scope(scope.alliance_id, scope.school_id)):
        raise Missing(N_("There is no such file of these figures."))
    return found[0], found[1]

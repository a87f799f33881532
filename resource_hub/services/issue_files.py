"""The files of a published issue: written once, kept by their hash, handed out with permission.

A file never changes. With every erratum, files that say it are added beside the first ones.
"""

from collections.abc import Callable, Collection, Container, Iterator
from dataclasses import dataclass
from io import BytesIO

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from resource_hub.catalogue.data import IssueData, to_json
from resource_hub.catalogue.formats import FORMAT_LABELS, MINUTES, Pictures, write_formats
from resource_hub.catalogue.formats import FORMATS as WORDED
from resource_hub.catalogue.labels import Labels
from resource_hub.catalogue.print.pdf import NotSet
from resource_hub.domain.catalogue import IssueEdition, Month
from resource_hub.domain.errors import N_, Invalid, Missing, Problem, WrongState
from resource_hub.domain.people import Person
from resource_hub.models import Artefact, Issue, IssueErratum, Job, JobState
from resource_hub.services.blob_uses import claim
from resource_hub.services.issue_access import find_issue, may_edit, require_editor, seen_by
from resource_hub.services.issue_pictures import pictures_of
from resource_hub.services.unit_of_work import UnitOfWork
from storage import Storage

JOB = "issue_files"
"""The job that writes them; its subject is the number of the issue."""

SCRIPTS = ("zh-Hans", "zh-Hant")

MAX_ERRATUM = 1_000
"""Characters."""


FORMATS = ("json", *(name for name in WORDED if name != "json"))
"""What is kept of an issue: the data file, and each other format in each script."""


LabelsOf = Callable[[str], Labels]
"""The words of a script, brought by the edge."""

DataOf = Callable[[Issue, IssueEdition], IssueData]


@dataclass(frozen=True, slots=True)
class Written:
    """A file that lies in the storage and waits for its row."""

    edition: IssueEdition
    format: str
    script: str
    errata: int
    key: str
    size: int


def write_files(
    session: Session, storage: Storage, issue_id: int, data_of: DataOf, labels_of: LabelsOf
) -> Iterator[Written]:
    """Write what is missing of a published issue, a file at a time; safe to run twice.

    Everything is read before the first file, so that each may be noted in its own transaction.

    Raises:
        NotSet: some pages could not be set; it comes last, after all other files.
    """
    issue = session.scalar(
        select(Issue)
        .where(Issue.id == issue_id, Issue.published_at.is_not(None))
        .options(joinedload(Issue.alliance), selectinload(Issue.entries))
    )
    if issue is None:
        return
    errata = _number_of_errata(session, issue_id)
    there = set(
        session.execute(
            select(Artefact.edition, Artefact.format, Artefact.script).where(
                Artefact.issue_id == issue_id, Artefact.errata == errata
            )
        )
    )
    editions = []
    for edition in IssueEdition:
        data = data_of(issue, edition)
        editions.append((edition, data, pictures_of(issue, data, storage)))
    failures: list[NotSet] = []
    for edition, data, pictures in editions:
        wanted = _contents(edition, data, pictures, there, labels_of, failures)
        for name, script, content in wanted:
            blob = storage.put(BytesIO(content))
            yield Written(edition, name, script, errata, blob.key, len(content))
    if failures:
        raise failures[0]


def _contents(
    edition: IssueEdition,
    data: IssueData,
    pictures: Pictures,
    there: Container[tuple[IssueEdition, str, str]],
    labels_of: LabelsOf,
    failures: list[NotSet],
) -> Iterator[tuple[str, str, bytes]]:
    """Format, script and content of each file that is not there; the data file has no words."""
    if (edition, "json", "") not in there:
        yield "json", "", to_json(data)
    for script in SCRIPTS:
        wanted = [name for name in FORMATS[1:] if (edition, name, script) not in there]
        try:
            for file in write_formats(data, labels_of(script), wanted, pictures=pictures):
                yield file.format, script, file.content
        except NotSet as error:
            failures.append(error)


def note_file(uow: UnitOfWork, storage: Storage, issue_id: int, file: Written) -> None:
    """Give a file its row.

    Raises:
        BytesGone: it was removed meanwhile; the job writes it again.
    """
    claim(uow, storage, file.key)
    uow.session.add(
        Artefact(
            issue_id=issue_id,
            edition=file.edition,
            format=file.format,
            script=file.script,
            errata=file.errata,
            blob_hash=file.key,
            size=file.size,
            made_at=uow.now(),
        )
    )
    uow.session.flush()


def _number_of_errata(session: Session, issue_id: int) -> int:
    wanted = select(func.count(IssueErratum.id)).where(IssueErratum.issue_id == issue_id)
    return session.scalar(wanted) or 0


def readable_editions(person: Person, alliance_id: int) -> tuple[IssueEdition, ...]:
    """The public one for everybody, that of the alliance for its people and editors."""
    is_inside = f"alliance:{alliance_id}" in seen_by(person, alliance_id)
    return tuple(IssueEdition) if is_inside else (IssueEdition.PUBLIC,)


def newest_files(issue_ids: Collection[int], edition: IssueEdition) -> Select[Artefact]:
    """Of each format and script the file that knows most errata."""
    newer = aliased(Artefact)
    return select(Artefact).where(
        Artefact.issue_id.in_(issue_ids),
        Artefact.edition == edition,
        ~exists().where(
            newer.issue_id == Artefact.issue_id,
            newer.edition == Artefact.edition,
            newer.format == Artefact.format,
            newer.script == Artefact.script,
            newer.errata > Artefact.errata,
        ),
    )


def files_of(session: Session, person: Person, issue: Issue) -> list[Artefact]:
    """What ``person`` may fetch: of the best edition, as it is offered; one query."""
    edition = readable_editions(person, issue.alliance_id)[-1]
    found = session.scalars(newest_files([issue.id], edition).where(Artefact.format != MINUTES))
    order = list(FORMAT_LABELS)
    return sorted(found, key=lambda file: (order.index(file.format), file.script))


@dataclass(frozen=True, slots=True)
class Making:
    """How far the files of an issue are: so many are made, of so many."""

    made: int
    whole: int
    is_given_up: bool
    """Some could not be made, however often it was tried; an administrator sees why."""


def being_made(session: Session, person: Person, issue: Issue) -> Making | None:
    """For those who edit the catalogue, as long as files are promised."""
    if issue.published_at is None or not may_edit(person, issue.alliance_id):
        return None
    states = session.scalars(
        select(Job.state).where(Job.kind == JOB, Job.subject == str(issue.id))
    ).all()
    if not states:
        return None
    made = session.scalar(
        select(func.count(Artefact.id)).where(
            Artefact.issue_id == issue.id,
            Artefact.format != MINUTES,
            Artefact.errata == _number_of_errata(session, issue.id),
        )
    )
    whole = len(IssueEdition) * (1 + len(SCRIPTS) * len(FORMATS[1:]))
    return Making(made or 0, whole, all(state is JobState.SET_ASIDE for state in states))


def minutes_of(session: Session, issue_id: int) -> list[Artefact]:
    """The minutes of the round in each script; ask only for who takes part in it.

    They belong to the alliance's edition, and know no errata.
    """
    wanted = select(Artefact).where(Artefact.issue_id == issue_id, Artefact.format == MINUTES)
    return list(session.scalars(wanted.order_by(Artefact.script)))


def find_file(
    session: Session, person: Person, alliance_id: int, month: Month, artefact_id: int
) -> Artefact:
    """A file of the issue, also one from before an erratum.

    Raises:
        Missing: there is none, as far as ``person`` may know.
    """
    found = session.scalar(
        select(Artefact)
        .join(Issue, Issue.id == Artefact.issue_id)
        .where(
            Artefact.id == artefact_id,
            Artefact.edition.in_(readable_editions(person, alliance_id)),
            Issue.alliance_id == alliance_id,
            Issue.month == str(month),
        )
    )
    if found is None:
        raise Missing(N_("There is no such file of this issue."))
    return found


def add_erratum(
    uow: UnitOfWork,
    by: Person,
    alliance_id: int,
    month: Month,
    words: str,
    public_id: str = "",
) -> IssueErratum:
    """Say a mistake beside the published issue, which stays as it is.

    Args:
        public_id: of the entry that is meant; empty: the whole issue.

    Raises:
        NotAllowed: the person does not edit this catalogue.
        Missing: there is no such issue.
        WrongState: it is a draft, in which mistakes are mended.
        Invalid: no words, too many, or no such entry.
    """
    require_editor(by, alliance_id)
    issue = find_issue(uow.session, alliance_id, month)
    if issue is None:
        raise Missing(N_("There is no issue of this month."))
    if issue.published_at is None:
        raise WrongState(N_("This is a draft: mend the mistake in it."))
    words, public_id = words.strip(), public_id.strip()
    problems = []
    if not words:
        problems.append(Problem("erratum", N_("Say what is wrong, and what is right.")))
    if len(words) > MAX_ERRATUM:
        problems.append(
            Problem(
                "erratum",
                N_("At most %(limit)s characters; this has %(length)s."),
                {"limit": MAX_ERRATUM, "length": len(words)},
            )
        )
    if public_id and public_id not in {entry.public_id for entry in issue.entries}:
        problems.append(Problem("entry", N_("This resource is not in the issue.")))
    if problems:
        raise Invalid(problems)
    erratum = IssueErratum(
        issue_id=issue.id, at=uow.now(), by_id=by.id or None, public_id=public_id, words=words
    )
    uow.session.add(erratum)
    uow.session.flush()
    uow.record("catalogue:erratum", by=by, alliance=alliance_id, month=issue.month, words=words)
    uow.promise(JOB, issue.id)
    return erratum

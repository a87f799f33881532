"""Submissions that came on a stick: whose they are, and that each is taken in once."""

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from resource_hub.domain.errors import N_, HubError, Missing, Problem, problems_of_line
from resource_hub.domain.file_policy import FilePolicy
from resource_hub.domain.people import Person
from resource_hub.domain.review import Action
from resource_hub.domain.uploads import UploadLimits
from resource_hub.models import Resource, Revision, StickSubmission, User
from resource_hub.pack.submission import Submission, is_submission, read_submission, unpack
from resource_hub.services import review
from resource_hub.services.contents import contents_of
from resource_hub.services.import_sources import Line
from resource_hub.services.importing import Begin, Outcome, Verdict, collector_for, make, prepare
from resource_hub.services.manifests import Defaults
from resource_hub.services.persons import load_person
from resource_hub.services.unit_of_work import UnitOfWork
from storage import Storage


@dataclass(frozen=True, slots=True)
class Reception:
    """What submissions from sticks are taken in with."""

    begin: Begin
    storage: Storage
    limits: UploadLimits
    instead: Person | None = None
    """Whose they are, whatever e-mail they name."""
    submit: bool = False
    """Send to review what is complete; else all become drafts."""


def submissions_in(source: Path) -> list[Path]:
    """The file itself, or the files of a folder, if they are submissions and nothing else."""
    if source.is_dir():
        files = sorted(path for path in source.iterdir() if not path.name.startswith("."))
    else:
        files = [source]
    return files if all(map(is_submission, files)) else []


def take_in(sources: Iterable[Path], reception: Reception) -> Iterator[Outcome]:
    """Make a draft of each submission, in the name of its author; one taken in is skipped."""
    for number, path in enumerate(sources, start=1):
        try:
            yield _take_in(number, path, reception)
        except HubError as error:
            yield Outcome(number, path.name, Verdict.REFUSED, problems=problems_of_line(error))


def _take_in(number: int, path: Path, reception: Reception) -> Outcome:
    """The draft, the memory of it and its way to review are one transaction."""
    limits = reception.limits
    sent = read_submission(path, most_files=limits.files, most_bytes=limits.revision)
    with reception.begin() as uow:
        before = uow.session.get(StickSubmission, sent.submission_id)
        if before is not None:
            sentence = N_("It was taken in before, as %(number)s.")
            was = Problem("line", sentence, {"number": before.public_id})
            title = sent.cells.get("title", path.name)
            return Outcome(number, title, Verdict.SKIPPED, problems=(was,))
        person = reception.instead or author_of(uow.session, sent)
        known = contents_of(uow.session, person)
        collector = collector_for(
            uow.session,
            person,
            storage=reception.storage,
            limits=limits,
            defaults=Defaults(),
            publish=False,
        )
    with tempfile.TemporaryDirectory(prefix="stick-") as folder:
        ready = prepare(
            Line(number, sent.cells, unpack(path, sent, Path(folder))), collector, known
        )
    if isinstance(ready, Outcome):
        return ready
    with reception.begin() as uow:
        outcome = make(uow, ready, collector)
        if outcome.verdict is not Verdict.IMPORTED:
            return outcome
        revision = _note(uow, sent, person, outcome.public_id)
        if reception.submit and sent.rights_declared:
            return replace(outcome, problems=_submit(uow, person, revision, limits.policy))
    return outcome


def author_of(session: Session, submission: Submission) -> Person:
    """The person with the e-mail that the submission names.

    Raises:
        Missing: nobody has it, or the account is closed.
    """
    user_id = session.scalar(select(User.id).where(User.email == submission.email))
    person = load_person(session, user_id) if user_id is not None else None
    if person is None:
        raise Missing(
            N_(
                "Nobody in the hub has the e-mail %(email)s (%(name)s): add the person first,"
                " or name the account by --as."
            ),
            email=submission.email,
            name=submission.author,
        )
    return person


def _note(uow: UnitOfWork, submission: Submission, person: Person, public_id: str) -> Revision:
    """Remember it; of two that take it in at the same instant, the second one makes nothing."""
    uow.session.add(
        StickSubmission(key=submission.submission_id, public_id=public_id, at=uow.now())
    )
    revision = uow.session.scalars(
        select(Revision)
        .join(Revision.resource)
        .where(Resource.public_id == public_id)
        .options(contains_eager(Revision.resource))
    ).one()
    uow.record(
        "submission:take_in",
        by=person,
        resource=revision.resource,
        revision=revision,
        submission=submission.submission_id,
    )
    return revision


def _submit(
    uow: UnitOfWork, person: Person, revision: Revision, policy: FilePolicy
) -> tuple[Problem, ...]:
    """Send it to review for its author, who declared the rights; why not, if it stays a draft."""
    try:
        with uow.session.begin_nested():
            review.take_step(
                uow, person, revision.id, Action.SUBMIT, rights_declared=True, file_policy=policy
            )
    except HubError as error:
        return problems_of_line(error)
    return ()

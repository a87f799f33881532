"""What came on a stick is taken in once, whole or not at all."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.domain.review import State
from resource_hub.models import AuditEvent, Resource, Revision, StickSubmission, User
from resource_hub.services.importing import Begin, Outcome, Verdict
from resource_hub.services.stick_submissions import Reception, take_in
from resource_hub.services.unit_of_work import UnitOfWork, unit_of_work
from storage import Storage
from tests.conftest import SHANGHAI
from tests.given import LIMITS, Clock, Given
from tests.pack.sent import RESOURCE, manifest, write

PLAN = {"files/1/教案.txt": b"plan"}
OPEN_AND_CLOSED = {"title": "缺许可", "audience": "public", "licence": "alliance-only"}


@pytest.fixture
def wang(given: Given, session: Session) -> Person:
    """The person whose e-mail the submissions name."""
    person = given.teacher("王敏", school=given.home())
    session.get_one(User, person.id).email = "wang@example.org"
    session.commit()
    return person


@pytest.fixture
def begin(engine: Engine, clock: Clock) -> Begin:
    """Transactions of their own, as at the command line."""

    def begun() -> AbstractContextManager[UnitOfWork]:
        return unit_of_work(Session(engine), clock, SHANGHAI)

    return begun


@pytest.fixture
def reception(begin: Begin, storage: Storage) -> Reception:
    return Reception(begin, storage, LIMITS)


def taken(reception: Reception, *paths: Path) -> list[Outcome]:
    return list(take_in(paths, reception))


def test_it_becomes_a_draft_of_its_author_with_its_trace(
    wang: Person, reception: Reception, session: Session, tmp_path: Path
) -> None:
    [outcome] = taken(reception, write(tmp_path / "s.zip", PLAN))
    resource = session.scalars(select(Resource)).one()
    revision = session.scalars(select(Revision)).one()
    assert (outcome.verdict, outcome.public_id) == (Verdict.IMPORTED, resource.public_id)
    assert (resource.owner_id, revision.title, revision.state) == (wang.id, "认识角", State.DRAFT)
    noted = session.scalars(select(AuditEvent).where(AuditEvent.tag == "submission:take_in")).one()
    assert (noted.actor_id, noted.resource_id) == (wang.id, resource.id)
    assert noted.detail == {"submission": manifest(PLAN)["id"]}


@pytest.mark.usefixtures("wang")
def test_a_second_time_it_is_skipped_even_when_its_draft_was_changed(
    reception: Reception, session: Session, tmp_path: Path
) -> None:
    path = write(tmp_path / "s.zip", PLAN)
    [first] = taken(reception, path)
    session.scalars(select(Revision)).one().title = "认识锐角"
    session.commit()
    [second] = taken(reception, path)
    assert (second.verdict, second.problems[0].values) == (
        Verdict.SKIPPED,
        {"number": first.public_id},
    )
    assert len(session.scalars(select(Resource.id)).all()) == 1


@pytest.mark.usefixtures("wang")
def test_of_two_that_take_it_in_at_once_one_makes_a_draft(
    begin: Begin, storage: Storage, session: Session, tmp_path: Path
) -> None:
    """The other one looks before this one has written, and writes after it."""
    path = write(tmp_path / "s.zip", PLAN)
    meanwhile: list[Outcome] = []
    steps = iter((False, True))

    @contextmanager
    def late() -> Iterator[UnitOfWork]:
        if next(steps):
            meanwhile.extend(take_in([path], Reception(begin, storage, LIMITS)))
        with begin() as uow:
            yield uow

    [slower] = taken(Reception(late, storage, LIMITS), path)
    [faster] = meanwhile
    assert (faster.verdict, slower.verdict) == (Verdict.IMPORTED, Verdict.REFUSED)
    assert session.scalars(select(Resource.public_id)).all() == [faster.public_id]
    assert session.scalars(select(StickSubmission.public_id)).all() == [faster.public_id]


@pytest.mark.usefixtures("wang")
def test_what_ends_before_it_is_remembered_makes_nothing(
    begin: Begin, storage: Storage, session: Session, tmp_path: Path
) -> None:
    """The draft and the memory of it are one transaction: no draft that could come again."""
    path = write(tmp_path / "s.zip", PLAN)
    steps = iter((False, True))

    @contextmanager
    def killed() -> Iterator[UnitOfWork]:
        ends = next(steps)
        with begin() as uow:
            yield uow
            if ends:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        taken(Reception(killed, storage, LIMITS), path)
    assert session.scalars(select(Resource.id)).all() == []
    [again] = taken(Reception(begin, storage, LIMITS), path)
    assert again.verdict == Verdict.IMPORTED


@pytest.mark.usefixtures("wang")
def test_what_is_complete_goes_to_review_and_what_is_not_stays_a_draft(
    begin: Begin, storage: Storage, session: Session, tmp_path: Path
) -> None:
    reception = Reception(begin, storage, LIMITS, submit=True)
    bare = manifest(PLAN, id="f" * 32, resource=RESOURCE | OPEN_AND_CLOSED)
    whole, lacking = taken(
        reception, write(tmp_path / "1.zip", PLAN), write(tmp_path / "2.zip", PLAN, said=bare)
    )
    assert (whole.verdict, whole.problems) == (Verdict.IMPORTED, ())
    assert lacking.verdict == Verdict.IMPORTED
    assert [problem.field for problem in lacking.problems] == ["licence"]
    assert session.execute(select(Revision.title, Revision.state).order_by(Revision.id)).all() == [
        ("认识角", State.IN_REVIEW),
        ("缺许可", State.DRAFT),
    ]


def test_somebody_whom_nobody_knows_is_said(
    given: Given, reception: Reception, session: Session, tmp_path: Path
) -> None:
    given.teacher(school=given.home())
    session.commit()
    [outcome] = taken(reception, write(tmp_path / "s.zip", PLAN))
    assert outcome.verdict == Verdict.REFUSED
    assert outcome.problems[0].values == {"email": "wang@example.org", "name": "王敏"}

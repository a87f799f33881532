"""Import: each line ends somewhere, and nothing is imported twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from resource_hub.domain.description import MAX_TEXT
from resource_hub.domain.people import Person
from resource_hub.domain.review import State
from resource_hub.domain.visibility import Audience
from resource_hub.models import Attachment, AuditEvent, Job, Resource, Revision
from resource_hub.services import drafting
from resource_hub.services.import_sources import Line
from resource_hub.services.importing import Outcome, Verdict, collector_for, import_lines
from resource_hub.services.manifests import Defaults
from resource_hub.services.unit_of_work import UnitOfWork
from storage import Storage
from tests.given import LIMITS, Given


class Import:
    """Imports lines in the name of one teacher; counts the transactions."""

    def __init__(self, given: Given, person: Person, storage: Storage, uow: UnitOfWork) -> None:
        self.given, self.person, self.storage, self.uow = given, person, storage, uow
        self.transactions = 0

    @contextmanager
    def begin(self) -> Iterator[UnitOfWork]:
        self.transactions += 1
        yield self.uow
        self.uow.session.flush()
        self.uow.session.expunge_all()

    def __call__(
        self, *lines: Line, publish: bool = True, audience: Audience = Audience.SCHOOL
    ) -> list[Outcome]:
        collector = collector_for(
            self.uow.session,
            self.person,
            storage=self.storage,
            limits=LIMITS,
            defaults=Defaults(audience=audience),
            publish=publish,
        )
        return list(import_lines(lines, collector, self.begin))


@pytest.fixture
def bring(given: Given, storage: Storage, uow: UnitOfWork) -> Import:
    return Import(given, given.teacher(school=given.school()), storage, uow)


def text(number: int = 1, title: str = "诗", content: str = "床前明月光") -> Line:
    return Line(number, {"title": title, "text": content})


def verdicts(outcomes: list[Outcome]) -> list[str]:
    return [outcome.verdict.value for outcome in outcomes]


def test_a_text_is_published_with_its_trace_and_promised_to_search(
    bring: Import, session: Session
) -> None:
    (outcome,) = bring(text())
    resource = session.scalars(select(Resource)).one()
    revision = session.scalars(select(Revision)).one()
    assert (outcome.verdict, outcome.public_id) == (Verdict.IMPORTED, resource.public_id)
    assert (revision.state, revision.basis) == (State.PUBLISHED, "import")
    assert resource.audience_token == f"school:{bring.person.school_id}"
    tags = session.scalars(select(AuditEvent.tag).where(AuditEvent.resource_id == resource.id))
    assert list(tags) == ["resource:create", "revision:admit"]
    jobs = session.execute(select(Job.kind, Job.subject)).all()
    assert [tuple(job) for job in jobs] == [
        ("index", str(resource.id)),
        ("compare", str(revision.id)),
    ]


def test_a_repeat_is_skipped_and_a_change_is_not(bring: Import) -> None:
    assert verdicts(bring(text(), text(2, "词"))) == ["imported", "imported"]
    assert verdicts(bring(text(), text(2, "词", "大江东去"))) == ["skipped", "imported"]


def test_equal_lines_make_as_many_resources_and_a_repeat_none(
    bring: Import, session: Session
) -> None:
    assert verdicts(bring(text(1), text(2))) == ["imported", "imported"]
    assert verdicts(bring(text(1), text(2))) == ["skipped", "skipped"]
    assert verdicts(bring(text(1), text(2), text(3))) == ["skipped", "skipped", "imported"]
    assert len(session.scalars(select(Resource.id)).all()) == 3


def test_what_another_person_owns_is_no_repeat(
    bring: Import, given: Given, storage: Storage, uow: UnitOfWork
) -> None:
    bring(text())
    other = Import(given, given.teacher("李岚", school=given.school()), storage, uow)
    assert verdicts(other(text())) == ["imported"]


def test_what_was_revised_since_is_not_brought_back(bring: Import, session: Session) -> None:
    bring(text())
    revision = session.scalars(select(Revision)).one()
    drafting.revise(bring.uow, bring.person, revision.id).title = "静夜思"
    session.flush()
    assert verdicts(bring(text())) == ["skipped"]


def test_the_same_file_under_the_same_title_is_skipped(bring: Import, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("床前")
    (tmp_path / "b.txt").write_text("床前")
    line = Line(1, {"title": "诗"}, (tmp_path / "a.txt",))
    assert verdicts(bring(line)) == ["imported"]
    assert verdicts(bring(Line(1, {"title": "诗"}, (tmp_path / "b.txt",)))) == ["skipped"]
    assert verdicts(bring(Line(1, {"title": "词"}, (tmp_path / "a.txt",)))) == ["imported"]


def test_a_bad_line_does_not_stop_the_others(bring: Import, tmp_path: Path) -> None:
    outcomes = bring(
        text(1),
        Line(2, {"title": "无"}, (tmp_path / "nowhere.txt",)),
        Line(3, {"title": "空白"}),
        Line(4, {"title": "不合", "subject": "物理", "stage": "小学", "text": "x"}),
        text(5, "词"),
    )
    assert verdicts(outcomes) == ["imported", "refused", "refused", "refused", "imported"]
    assert [str(problem) for outcome in outcomes for problem in outcome.problems] == [
        "There is no file “nowhere.txt”.",
        "Say in a sentence or two what it is good for.",
        "Add a file, or write the text.",
        "This subject is not taught at the chosen stage.",
    ]


def test_a_file_beyond_the_limit_is_refused_before_it_is_stored(
    bring: Import, tmp_path: Path, storage: Storage
) -> None:
    big = tmp_path / "big.bin"
    with big.open("wb") as file:
        file.truncate(LIMITS.file + 1)
    (outcome,) = bring(Line(1, {}, (big,)))
    assert [str(problem) for problem in outcome.problems] == [
        "One file may have 1 MiB; this one is larger."
    ]
    assert list(storage.keys()) == []


def test_a_text_too_long_for_a_page_becomes_a_file(
    bring: Import, session: Session, storage: Storage
) -> None:
    long = "床" * (MAX_TEXT + 1)
    (outcome,) = bring(text(1, "长诗", long))
    assert (outcome.verdict, outcome.assumed["text"]) == (Verdict.IMPORTED, "长诗.txt")
    (attachment,) = session.scalars(select(Attachment))
    with storage.open(attachment.blob_key) as stream:
        assert stream.read().decode() == long
    assert verdicts(bring(text(1, "长诗", long))) == ["skipped"]


def test_an_audience_that_the_school_cannot_reach_is_refused(bring: Import) -> None:
    (outcome,) = bring(text(), audience=Audience.ALLIANCE)
    assert [str(problem) for problem in outcome.problems] == [
        "Your school is in no alliance yet: choose your own school."
    ]


def test_a_draft_may_lack_what_a_publication_needs(bring: Import, session: Session) -> None:
    (outcome,) = bring(Line(1, {"title": "空白"}), publish=False)
    assert outcome.verdict is Verdict.IMPORTED
    assert session.scalars(select(Revision.state)).all() == [State.DRAFT]


def test_many_lines_share_a_transaction_and_each_is_acknowledged_after_it(
    bring: Import,
) -> None:
    lines = [text(number, f"第{number}首") for number in range(1, 451)]
    assert verdicts(bring(*lines)) == ["imported"] * 450
    assert bring.transactions == 1 + 3  # one to look what is there already


def test_a_text_more_costs_a_handful_of_statements(bring: Import, session: Session) -> None:
    def statements(lines: list[Line]) -> int:
        counted = 0

        def count(*_: object) -> None:
            nonlocal counted
            counted += 1

        engine = session.get_bind()
        event.listen(engine, "before_cursor_execute", count)
        bring(*lines)
        event.remove(engine, "before_cursor_execute", count)
        return counted

    few = statements([text(number, f"第{number}首") for number in range(50)])
    many = statements([text(number, f"第{number}首") for number in range(100, 200)])
    assert many - few < 50 * 7

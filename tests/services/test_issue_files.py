"""A published issue is frozen: its files are written once, and a mistake is said beside it."""

import hashlib
import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from resource_hub.catalogue.data import FiguresData, IssueData, Tally, Used, from_json, to_json
from resource_hub.catalogue.labels import Labels
from resource_hub.catalogue.print import pdf
from resource_hub.domain.catalogue import IssueEdition, Month
from resource_hub.domain.errors import Invalid, Missing, NotAllowed, WrongState
from resource_hub.domain.people import STRANGER, Person
from resource_hub.domain.review import Action
from resource_hub.domain.visibility import Audience
from resource_hub.models import Artefact, AuditEvent, Blob, Entry, Issue, Job, JobState
from resource_hub.services import catalogue, issue_files, review, usage
from resource_hub.services.blob_uses import used
from resource_hub.services.issue_access import find_issue
from resource_hub.services.issue_data import issue_data
from resource_hub.services.unit_of_work import UnitOfWork
from resource_hub.services.wishes import join_wish, leave_wish, withdraw_wish
from storage import Storage
from tests.conftest import SHANGHAI
from tests.given import Clock, Given

OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)


def labels(language: str) -> Labels:
    return Labels(label=lambda code, _scheme: code, say=lambda text: text, language=language)


class Cast:
    """Two schools of an alliance; one resource for everybody, one for the alliance."""

    def __init__(self, given: Given) -> None:
        self.alliance = given.alliance(name="城乡联盟")
        self.village = given.school("青石小学", alliance=self.alliance)
        self.town = given.school("实验小学", alliance=self.alliance)
        self.wang = given.teacher("王敏", school=self.village)
        self.zhao = given.teacher("赵雷", school=self.town)
        self.editor = given.editor(alliance=self.alliance, school=self.town)
        self.open = given.published(by=self.wang, title="公开的", audience=Audience.PUBLIC)
        self.shared = given.published(by=self.wang, title="=1+1 联盟的", grades=("g4", "g3"))


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


def data_of(session: Session, issue: Issue, edition: IssueEdition) -> IssueData:
    return issue_data(session, issue, edition, public_url="https://hub", zone=SHANGHAI)


def both(session: Session, cast: Cast, month: Month = OCTOBER) -> list[bytes]:
    """The data files of a month, as they would be written now."""
    issue = find_issue(session, cast.alliance.id, month)
    assert issue is not None
    return [to_json(data_of(session, issue, edition)) for edition in IssueEdition]


def written(uow: UnitOfWork, storage: Storage, issue: Issue) -> list[Artefact]:
    """What the job does, twice."""
    for _ in range(2):
        for file in issue_files.write_files(
            uow.session, storage, issue.id,
            lambda issue, edition: data_of(uow.session, issue, edition), labels,
        ):  # fmt: skip
            issue_files.note_file(uow, storage, issue.id, file)
    wanted = select(Artefact).where(Artefact.issue_id == issue.id).order_by(Artefact.id)
    return list(uow.session.scalars(wanted))


def published(uow: UnitOfWork, cast: Cast, clock: Clock) -> Issue:
    clock.at = NOVEMBER.start(SHANGHAI) + timedelta(hours=1)
    return catalogue.publish(uow, cast.editor, cast.alliance.id, OCTOBER, preface="好")


def test_every_edition_is_written_once_and_kept_by_its_hash(
    session: Session, uow: UnitOfWork, cast: Cast, clock: Clock, storage: Storage
) -> None:
    issue = published(uow, cast, clock)
    assert (issue_files.JOB, str(issue.id)) in session.execute(select(Job.kind, Job.subject)).all()
    files = written(uow, storage, issue)
    assert [(file.edition.value, file.format, file.script) for file in files] == [
        (edition, form, script)
        for edition in ("public", "alliance")
        for form, script in [
            ("json", ""),
            *(
                (form, script)
                for script in ("zh-Hans", "zh-Hant")
                for form in ("xlsx", "csv", "html", "atom", "pdf", "booklet", "cover")
            ),
        ]
    ]
    for file in files:
        with storage.open(file.blob_hash) as stored:
            content = stored.read()
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (file.blob_hash, file.size)
    assert {file.blob_hash for file in files} <= {
        key for key, _use, _size in session.execute(used())
    }


def test_pages_that_cannot_be_set_hold_up_nothing_else(
    session: Session, uow: UnitOfWork, cast: Cast, clock: Clock, storage: Storage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    issue = published(uow, cast, clock)

    def progress(person: Person = cast.editor) -> issue_files.Making | None:
        return issue_files.being_made(session, person, issue)

    assert (progress(), progress(cast.wang)) == (issue_files.Making(0, 30, is_given_up=False), None)
    monkeypatch.setattr(pdf, "_SECONDS", 0.001)  # nobody sets a page so fast
    with pytest.raises(pdf.NotSet, match="it was not done"):
        written(uow, storage, issue)
    assert progress() == issue_files.Making(18, 30, is_given_up=False)
    job = session.scalars(select(Job).where(Job.kind == issue_files.JOB)).one()
    job.state = JobState.SET_ASIDE
    session.flush()
    assert progress() == issue_files.Making(18, 30, is_given_up=True)
    monkeypatch.undo()
    first = {file.id for file in session.scalars(select(Artefact))}
    whole = written(uow, storage, issue)
    assert {file.format for file in whole if file.id not in first} == {"pdf", "booklet", "cover"}
    assert len(whole) == 30
    session.delete(job)
    session.flush()
    assert progress() is None


def test_each_edition_holds_what_its_readers_may_see(
    session: Session, uow: UnitOfWork, cast: Cast, clock: Clock
) -> None:
    leave_wish(uow, cast.zhao, text="圆的面积", subject="math", grade="g6")
    issue = published(uow, cast, clock)
    public, alliance = (data_of(session, issue, edition) for edition in IssueEdition)
    assert [entry.title for entry in public.entries] == ["公开的"]
    assert [entry.title for entry in alliance.entries] == ["=1+1 联盟的", "公开的"]
    assert alliance.entries[0].grades == ("g3", "g4")
    assert (public.asked_for, [asked.text for asked in alliance.asked_for]) == ((), ["圆的面积"])
    assert (alliance.alliance, alliance.year, alliance.number, alliance.running_number) == (
        "城乡联盟", 2026, 10, 1,
    )  # fmt: skip
    assert alliance.address == f"https://hub/catalogue/2026-10/{cast.alliance.id}"
    assert from_json(to_json(alliance)) == alliance


def test_who_may_fetch_which_file(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast, clock: Clock, storage: Storage
) -> None:
    issue = published(uow, cast, clock)
    files = {file.edition: file for file in written(uow, storage, issue)}
    outsider = given.teacher(school=given.home())
    other_editor = given.editor(alliance=given.alliance(), school=given.school())
    for person, may in (
        (STRANGER, False), (outsider, False), (other_editor, False),
        (cast.zhao, True), (cast.editor, True), (given.administrator(), True),
    ):  # fmt: skip
        found = [
            issue_files.find_file(
                session, person, cast.alliance.id, OCTOBER, files[IssueEdition.PUBLIC].id
            ).edition
        ]
        wanted = (session, person, cast.alliance.id, OCTOBER, files[IssueEdition.ALLIANCE].id)
        if may:
            found.append(issue_files.find_file(*wanted).edition)
        else:
            with pytest.raises(Missing):
                issue_files.find_file(*wanted)
        assert {file.edition for file in issue_files.files_of(session, person, issue)} == {
            found[-1]
        }


def test_a_past_month_that_is_built_again_gives_the_same_bytes(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast, clock: Clock, storage: Storage
) -> None:
    """First a draft, then published: whatever happens afterwards, the data files stay."""
    wish = leave_wish(uow, cast.zhao, text="圆的面积", subject="math", grade="g6").wish
    given.submitted(by=cast.wang, title="在审的")
    illustrated = given.draft(by=cast.wang, title="有图的")
    given.file(illustrated, by=cast.wang, name="图.txt")
    given.admit(illustrated)
    clock.at = NOVEMBER.start(SHANGHAI) + timedelta(minutes=5)
    catalogue.build(uow, cast.editor, cast.alliance.id, OCTOBER)
    draft = both(session, cast)

    def life_goes_on() -> None:
        clock.pass_(days=2)
        usage.count_view(uow, cast.open.resource_id)
        for blob in session.scalars(select(Blob)):  # previews that took their time
            blob.thumbnail_key = f"{clock.at.day:064x}"
        given.published(by=cast.zhao, title="后来的")
        given.draft(by=cast.zhao)
        session.flush()

    life_goes_on()
    join_wish(uow, cast.wang, wish.id)
    review.take_step(uow, cast.wang, cast.open.id, Action.WITHDRAW, comment="有错")
    catalogue.build(uow, cast.editor, cast.alliance.id, OCTOBER)
    assert both(session, cast) == draft
    issue = catalogue.publish(uow, cast.editor, cast.alliance.id, OCTOBER)
    first = both(session, cast)
    kept = [file.blob_hash for file in written(uow, storage, issue) if file.format == "json"]
    life_goes_on()
    cast.village.name = "青石中心小学"
    cast.alliance.name = "青石教育集团"
    withdraw_wish(uow, cast.zhao, wish.id)
    catalogue.build(uow, cast.editor, cast.alliance.id, OCTOBER)
    assert both(session, cast) == first
    assert [hashlib.sha256(content).hexdigest() for content in first] == kept


def test_an_erratum_stands_beside_and_rewrites_nothing(
    session: Session, uow: UnitOfWork, cast: Cast, clock: Clock, storage: Storage
) -> None:
    issue = published(uow, cast, clock)
    before = {file.id: file.blob_hash for file in written(uow, storage, issue)}
    alliance_id = cast.alliance.id
    issue_files.add_erratum(uow, cast.editor, alliance_id, OCTOBER, " 卷首语有错字 ")
    issue_files.add_erratum(
        uow, cast.editor, alliance_id, OCTOBER, "作者应为李明", cast.shared.resource.public_id
    )
    meanwhile = issue_files.files_of(session, cast.zhao, issue)  # theirs are not written yet
    assert (len(meanwhile), {file.errata for file in meanwhile}) == (15, {0})
    after = written(uow, storage, issue)
    assert {file.id: file.blob_hash for file in after if file.errata == 0} == before
    assert {file.errata for file in after} == {0, 2}
    public, alliance = (data_of(session, issue, edition) for edition in IssueEdition)
    assert [erratum.words for erratum in public.errata] == ["卷首语有错字"]
    assert [erratum.words for erratum in alliance.errata] == ["卷首语有错字", "作者应为李明"]
    newest = issue_files.files_of(session, cast.zhao, issue)
    assert {file.errata for file in newest} == {2}
    with storage.open(next(file.blob_hash for file in newest if file.format == "xlsx")) as stored:
        book = load_workbook(io.BytesIO(stored.read()))
    assert book.worksheets[0]["C2"].value.endswith("=1+1 联盟的")


def test_an_erratum_needs_words_an_editor_and_a_published_issue(
    uow: UnitOfWork, cast: Cast, clock: Clock
) -> None:
    def add(words: str, public_id: str = "") -> None:
        issue_files.add_erratum(uow, cast.editor, cast.alliance.id, OCTOBER, words, public_id)

    with pytest.raises(Missing):
        add("错")
    catalogue.build(uow, cast.editor, cast.alliance.id, OCTOBER)
    with pytest.raises(WrongState, match="This is a draft"):
        add("错")
    published(uow, cast, clock)
    for words, public_id in (("  ", ""), ("错" * 1_001, ""), ("错", "R-000000")):
        with pytest.raises(Invalid):
            add(words, public_id)
    with pytest.raises(NotAllowed):
        issue_files.add_erratum(uow, cast.wang, cast.alliance.id, OCTOBER, "错")


def test_the_tables_refuse_to_change_the_entries_of_a_published_issue(
    session: Session, uow: UnitOfWork, cast: Cast, clock: Clock
) -> None:
    published(uow, cast, clock)
    catalogue.build(uow, cast.editor, cast.alliance.id, NOVEMBER)
    for statement in (update(Entry).values(title="别的"), delete(Entry)):
        with pytest.raises(DBAPIError, match="published"), session.begin_nested():
            session.execute(statement)
    assert sorted(session.scalars(select(Entry.title))) == ["=1+1 联盟的", "公开的"]


def test_the_figures_are_those_of_the_audit_trail(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> None:
    judges = (
        given.reviewer(school=cast.village),
        given.reviewer(school=cast.town, alliance=cast.alliance),
    )
    accepted = given.submitted(by=cast.wang, title="通过的")
    clock.pass_(days=1)
    given.through_review(accepted, *judges)
    sent_back = given.submitted(by=cast.wang, title="退回的", subject="music")
    clock.pass_(days=3)
    review.take_step(uow, judges[0], sent_back.id, Action.REQUEST_CHANGES, comment="改")
    given.submitted(by=cast.zhao, title="在审的", audience=Audience.PUBLIC)
    given.submitted(by=cast.zhao, title="本校的", audience=Audience.SCHOOL, alliance_id=None)
    for _ in range(3):
        usage.count_view(uow, cast.shared.resource_id)
    usage.count_download(uow, cast.open.resource_id)
    issue = published(uow, cast, clock)
    figures = data_of(session, issue, IssueEdition.ALLIANCE).figures
    shared, open_ = cast.shared.resource.public_id, cast.open.resource.public_id
    assert figures == FiguresData(
        submitted=3,
        accepted=1,
        days=2.0,
        by_school=(Tally("青石小学", 2, 1, 2.0), Tally("实验小学", 1, 0)),
        by_subject=(Tally("math", 2, 1, 1.0), Tally("music", 1, 0, 3.0)),
        most_used=(
            Used(shared, "=1+1 联盟的", f"https://hub/r/{shared}", 3),
            Used(open_, "公开的", f"https://hub/r/{open_}", 1),
        ),
        months=(Tally("2026-10", 3, 1, 2.0),),
    )
    public = data_of(session, issue, IssueEdition.PUBLIC).figures
    assert (public.submitted, public.accepted, public.by_school) == (1, 0, ())
    assert [used.public_id for used in public.most_used] == [open_]
    tags = session.scalars(select(AuditEvent.tag)).all()
    assert tags.count("revision:submit") == figures.submitted + 1

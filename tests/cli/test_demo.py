"""``hub demo``: a whole hub is filled once, and every test looks at it from another side."""

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import Settings
from resource_hub.app import create_app
from resource_hub.cli import hub_command
from resource_hub.cli.demo import PASSWORD, one_for_each_role
from resource_hub.cli.discussing import CONCLUDED, TASK
from resource_hub.cli.looking import how_often_used
from resource_hub.cli.missing import MISSED
from resource_hub.demo.content import LIVE, Fate
from resource_hub.demo.load import load
from resource_hub.domain.discussion_round import RoundState
from resource_hub.domain.follow_ups import TaskState
from resource_hub.domain.people import Person
from resource_hub.domain.review import State
from resource_hub.edge.extensions import db
from resource_hub.models import (
    Attachment,
    AuditEvent,
    Blob,
    FollowUp,
    FruitlessSearch,
    Invitation,
    Issue,
    IssueRound,
    Job,
    Notice,
    Objection,
    Resource,
    Revision,
    Statement,
    Submission,
    User,
)
from resource_hub.services import indexing, passwords
from resource_hub.services.absences import away, held_by
from resource_hub.services.figures import Scope
from resource_hub.services.figures_sheets import school_sheet
from resource_hub.services.invitations import invited
from resource_hub.services.mentoring import pairs_of
from resource_hub.services.persons import find_person
from resource_hub.services.queries.inbox import count_waiting, may_judge
from resource_hub.services.queries.rounds import attendees
from resource_hub.services.queries.search import search
from resource_hub.services.queries.wishes import wishes_for
from search_index.analysis import fold
from tests.conftest import SHANGHAI
from tests.documents_by_objects import documents_by_objects
from tests.given import PASSWORD_HASH, Clock

NOW = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
DEMO = load()
ENDS = {
    Fate.DRAFT: [State.DRAFT],
    Fate.IN_REVIEW_SCHOOL: [State.IN_REVIEW],
    Fate.IN_REVIEW_ALLIANCE: [State.IN_REVIEW],
    Fate.CHANGES_REQUESTED: [State.CHANGES_REQUESTED],
    Fate.REJECTED: [State.REJECTED],
    Fate.PUBLISHED: [State.PUBLISHED],
    Fate.REVISED: [State.SUPERSEDED, State.PUBLISHED],
    Fate.REVISING: [State.PUBLISHED, State.IN_REVIEW],
    Fate.EMBARGOED: [State.PUBLISHED],
    Fate.WITHDRAWN: [State.WITHDRAWN],
}


def type_hub_demo(app: Flask, *options: str) -> Result:
    return CliRunner().invoke(hub_command, ["demo", *options], obj=lambda: app)


@pytest.fixture(scope="module")
def app(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A hub in which ``hub demo`` has just been typed; it takes seconds, so all tests share it."""
    data = tmp_path_factory.mktemp("demo")
    shutil.copy(sqlite_template, data / "hub.db")
    app = create_app(Settings(data=data, secret_key="test", ocr=False).with_defaults())
    app.extensions["hub"] = replace(app.extensions["hub"], now=Clock(NOW))
    result = type_hub_demo(app)
    assert (result.exit_code, result.stderr) == (0, "")
    yield app
    app.extensions["hub"].search.close()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    with app.app_context(), Session(db.engine) as session:
        yield session


def person(session: Session, account: str) -> Person:
    found = find_person(session, account)
    assert found is not None
    return found


def found_by(app: Flask, session: Session, who: Person, query: str) -> set[str]:
    """Titles of what the search page would answer."""
    engine = app.extensions["hub"].search
    answer = search(session, engine, who, NOW, query=query, filters={}, per_page=100)
    return {found.card.title for found in answer.found}


def test_everybody_is_of_the_demo_and_has_its_password(session: Session) -> None:
    invited = select(Invitation.guest_id)
    people = session.scalars(select(User).where(User.id.not_in(invited))).all()
    assert {user.account for user in people} == {person.account for person in DEMO.people}
    assert all(user.is_demo and user.is_active for user in people)
    hashes = {user.password_hash for user in people}
    assert [passwords.matches(stored, PASSWORD) for stored in hashes] == [True]


def test_readers_of_traditional_chinese_get_it(session: Session) -> None:
    chosen = dict(session.execute(select(User.account, User.language)).all())
    assert {account for account, language in chosen.items() if language == "zh_Hant"} == {
        "lin.shufen",
        "chang.chiahao",
        "wu.yijun",
        "hsu.peiyu",
    }


def test_every_revision_ends_as_the_story_says(session: Session) -> None:
    told = session.execute(
        select(Revision.title, Revision.number, Revision.state).join(Revision.resource)
    )
    assert Counter(tuple(row) for row in told) == Counter(
        (revision.title, number, state)
        for resource in DEMO.resources
        for number, (revision, state) in enumerate(
            zip(resource.revisions, ENDS[resource.fate], strict=True), start=1
        )
    )


def test_every_revision_has_its_files(session: Session) -> None:
    kept = session.execute(
        select(Revision.title, Revision.number, Attachment.filename).join(Revision.attachments)
    )
    assert Counter(tuple(row) for row in kept) == Counter(
        (revision.title, number, spec.name)
        for resource in DEMO.resources
        for number, revision in enumerate(resource.revisions, start=1)
        for spec in revision.files
    )


def test_every_file_was_looked_into_without_trouble(session: Session) -> None:
    files = session.execute(select(Blob.inspected_at, Blob.trouble)).all()
    assert Counter(tuple(row) for row in files) == {(NOW, None): 85}


def test_only_the_day_of_release_is_still_waited_for(session: Session) -> None:
    # Pages are drawn and compared and issues printed by the worker, when the hub is up; it finds
    # that nobody here gets mail, and whether open reviews are even. Fixed figures are printed, too.
    of_rounds = ("round_minutes", "round_opens", "round_closes")
    later = Job.kind.in_(
        (
            "preview",
            "page_prints",
            "issue_files",
            "issue_out",
            "mail_notice",
            "mail_invitation",
            "statement_files",
            "rebalance",
            *of_rounds,
        )
    )
    waiting = session.execute(select(Job.kind, Job.run_at).where(~later)).all()
    assert waiting == [("index", datetime(2026, 12, 26, 16, 0, tzinfo=UTC))]


def test_it_lasts_from_the_first_account_to_the_last_submission(session: Session) -> None:
    first, last = session.execute(select(func.min(AuditEvent.at), func.max(AuditEvent.at))).one()
    assert first == datetime(2026, 8, 13, 1, 0, tzinfo=UTC)
    assert last == max(step.at(NOW) for resource in DEMO.resources for step in resource.steps)
    assert last < NOW


def test_every_reviewer_finds_work_and_most_were_given_some(session: Session) -> None:
    reviewers = [
        found for known in DEMO.people if (found := person(session, known.account)).is_reviewer
    ]
    assert len(reviewers) == 21
    for who in reviewers:
        waiting = select(Submission.id).join(Submission.revision).join(Revision.resource)
        assert session.scalars(waiting.where(may_judge(who))).all(), who.name
    # A fifteenth is on leave.
    assert sum(bool(count_waiting(session, who)) for who in reviewers) == 14


def test_two_issues_are_published_with_a_preface(session: Session) -> None:
    issues = session.scalars(select(Issue).order_by(Issue.number)).all()
    assert [(issue.number, issue.month, issue.published_at) for issue in issues] == [
        (1, "2026-09", datetime(2026, 10, 2, 1, 10, tzinfo=UTC)),
        (2, "2026-10", datetime(2026, 11, 2, 1, 10, tzinfo=UTC)),
    ]
    for issue in issues:
        assert issue.preface
        session.refresh(issue, ["entries"])
        assert len(issue.entries) > 15


def test_of_two_rounds_one_is_minuted_and_one_is_open(session: Session) -> None:
    rounds = session.scalars(select(IssueRound).order_by(IssueRound.opens_at)).all()
    assert [found.dates.state(NOW) for found in rounds] == [RoundState.PUBLISHED, RoundState.OPEN]
    over = rounds[0]
    for words in (*CONCLUDED, TASK, "杨柳", "苏萍"):
        assert words in over.minutes.replace("\\", "")
    assert session.scalars(select(FollowUp.state)).all() == [TaskState.OPEN]
    people = {each.name for each in attendees(session, rounds[1])}
    assert people == {"谢雨婷", "林晓芸", "彭飞"}


def test_the_task_of_a_round_is_due_when_the_open_round_closes(session: Session) -> None:
    due = session.scalars(select(FollowUp.due_on)).one()
    assert due == date(2026, 11, 27)


def test_of_a_past_month_one_school_has_fixed_its_figures(session: Session) -> None:
    statement = session.scalars(select(Statement)).one()
    coordinator = person(session, "zhou.wenqing")
    assert (statement.period, statement.school_id) == ("2026-09", coordinator.school_id)
    assert statement.fixed_at == datetime(2026, 10, 10, 8, 40, tzinfo=UTC)
    scope = Scope(statement.alliance_id, statement.school_id)
    sheet = school_sheet(session, coordinator, scope, "2026-09", SHANGHAI)
    assert sheet.is_sound
    assert sheet.points > 0


def test_one_objection_is_answered_and_one_is_open(session: Session) -> None:
    told = session.execute(
        select(User.account, Objection.period, Objection.answered_at)
        .join(User, User.id == Objection.person_id)
        .order_by(Objection.id)
    )
    assert [tuple(row) for row in told] == [
        ("su.ping", "2026-09", datetime(2026, 10, 5, 8, 40, tzinfo=UTC)),
        ("wang.dashan", "2026-10", None),
    ]


def test_a_reviewer_is_on_leave_and_nothing_waits_for_him(session: Session) -> None:
    who = person(session, "tan.siyuan")
    today = NOW.astimezone(SHANGHAI).date()
    assert set(away(session, {who.id or 0}, today)) == {who.id}
    assert held_by(session, who, who.id or 0) == []


def test_a_mentor_and_somebody_from_outside_are_there(session: Session) -> None:
    mentor = person(session, "zhao.min")
    assert [(pair.name, pair.is_mentor) for pair in pairs_of(session, mentor.id or 0)] == [
        ("杨柳", False)
    ]
    number = session.scalars(select(Invitation.submission_id)).one()
    _submission, asked, refusal = invited(session, person(session, "xu.guodong"), number, NOW)
    assert [(each.email, each.is_open, each.has_decided) for each in asked] == [
        ("qin.yuanzhi@example.org", True, False)
    ]
    assert refusal is None


def test_the_index_agrees_with_the_database(app: Flask, session: Session) -> None:
    hub = app.extensions["hub"]
    assert not indexing.compare(session, hub.search, now=NOW)
    assert indexing.count_findable(session, now=NOW) == sum(
        resource.fate in LIVE for resource in DEMO.resources
    )


def test_the_documents_say_what_the_objects_say(session: Session) -> None:
    read = indexing.all_documents(session, now=NOW)
    assert {
        document.resource_id: replace(document, places=()) for document in read
    } == documents_by_objects(session, NOW)


def test_a_title_is_found_in_either_script(app: Flask, session: Session) -> None:
    who = person(session, "su.ping")
    assert "《草船借箭》教学设计（第二课时）" in found_by(app, session, who, "草船借箭")
    assert "〈靜夜思〉註釋與朗讀指引" in found_by(app, session, who, "静夜思")
    assert found_by(app, session, who, "静夜思") == found_by(app, session, who, "靜夜思")


def test_words_that_stand_only_inside_a_file_are_found(app: Flask, session: Session) -> None:
    lost = []
    for resource in DEMO.resources:
        if resource.fate not in LIVE:
            continue
        who = person(session, resource.author)
        live = resource.revisions[ENDS[resource.fate].index(State.PUBLISHED)]
        lost += [
            (live.title, word)
            for spec in live.files
            for word in spec.words
            if live.title not in found_by(app, session, who, f'"{word}"')
        ]
    assert lost == []


def test_the_embargoed_one_is_not_found_yet(app: Flask, session: Session) -> None:
    kept_back = DEMO.resource("final-math")
    assert kept_back.title not in found_by(
        app, session, person(session, "he.zhiyuan"), kept_back.title
    )


def test_what_is_used_most_is_the_same_everywhere(session: Session) -> None:
    used = session.execute(
        select(Revision.title, Resource.views, Resource.downloads)
        .join(Revision.resource)
        .where(Revision.number == 1)
    ).all()
    assert Counter(tuple(row) for row in used) == Counter(
        (resource.title, *(how_often_used(resource) if resource.fate in LIVE else (0, 0)))
        for resource in DEMO.resources
    )


def test_only_what_came_lately_is_news(session: Session) -> None:
    """Else whoever signs in first would be met by three months of notices."""
    unread = session.scalars(select(Notice.at).where(Notice.read_at.is_(None))).all()
    read = session.scalars(select(Notice.at).where(Notice.read_at.is_not(None))).all()
    assert len(unread) > 2
    assert max(read) < min(unread)


def test_what_was_missed_and_is_wished_for_is_not_there(session: Session) -> None:
    missed = dict(session.execute(select(FruitlessSearch.query, FruitlessSearch.times)).all())
    everything = "".join(session.scalars(select(Revision.title + Revision.text)))
    assert set(missed) == {fold(one.words) for one in MISSED}
    assert [words for words in missed if words in everything] == []
    shown, _paging = wishes_for(session, person(session, "wu.yijun"), NOW)
    assert [(wish.text, len(wish.wishers)) for wish in shown] == [
        ("立体几何入门微课", 1), ("校园广播剧的剧本", 1), ("皮影戏", 2),
    ]  # fmt: skip


def test_one_account_of_each_role_is_named() -> None:
    assert [(role, who.account) for role, who in one_for_each_role(DEMO)] == [
        ("Teacher", "su.ping"),
        ("Reviewer of a school", "peng.fei"),
        ("Reviewer of the alliance", "lin.xiaoyun"),
        ("School coordinator", "zhou.wenqing"),
        ("Catalogue editor", "tang.yalan"),
        ("Administrator", "he.zhiyuan"),
    ]


def everything(session: Session) -> list[int | None]:
    tables = (User, Resource, Revision, Job, AuditEvent, Issue, Blob)
    return [session.scalar(select(func.count()).select_from(table)) for table in tables]


def test_typed_again_it_refuses_or_shows_the_accounts(app: Flask, session: Session) -> None:
    before = everything(session)
    refused = type_hub_demo(app)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "HUB_DATA" in refused.stderr
    again = type_hub_demo(app, "--if-empty", "--port", "8123")
    assert (again.exit_code, again.stderr) == (0, "")
    for _role, who in one_for_each_role(DEMO):
        assert who.account in again.stdout
    assert PASSWORD in again.stdout
    assert "http://127.0.0.1:8123" in again.stdout
    session.rollback()
    assert everything(session) == before


def test_who_has_another_password_by_now_is_not_shown(app: Flask, session: Session) -> None:
    editor = session.scalars(select(User).where(User.account == "tang.yalan")).one()
    shared, editor.password_hash = editor.password_hash, PASSWORD_HASH
    session.commit()
    try:
        shown = type_hub_demo(app, "--if-empty").stdout
    finally:
        editor.password_hash = shared
        session.commit()
    assert "tang.yalan" not in shown
    assert "su.ping" in shown

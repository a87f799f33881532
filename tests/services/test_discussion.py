"""People talk about a resource and in a round: who reads, who posts, who is told, who moderates."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from resource_hub.domain.catalogue import Month
from resource_hub.domain.errors import HubError, Invalid, Missing, NotAllowed, WrongState
from resource_hub.domain.people import STRANGER, Person
from resource_hub.domain.review import OPERATOR, Action
from resource_hub.domain.visibility import Audience
from resource_hub.models import AuditEvent, Issue, Mention, Notice, Post, PostReport, Thread
from resource_hub.services import catalogue, mentions, organisations
from resource_hub.services.discussion import comment, open_thread, post, standing_thread
from resource_hub.services.moderation import (
    conclude_thread,
    hide_post,
    lock_thread,
    report_post,
    settle_reports,
    show_post,
    take_back,
    unlock_thread,
)
from resource_hub.services.muting import mute, unmute
from resource_hub.services.queries.discussion import (
    PER_PAGE,
    Veil,
    comments_page,
    page_of_post,
    talk_page,
    threads_of_round,
)
from resource_hub.services.review import take_step
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import NOON, Clock, Given


class Staff:
    """Two schools of one alliance, one of another, and a work of the first."""

    def __init__(self, given: Given, **changes: object) -> None:
        self.school, self.other_school = given.school("枫林小学"), given.school("白云小学")
        self.alliance = given.alliance(self.school, self.other_school)
        self.far = given.home()
        self.author = given.teacher("王敏", school=self.school)
        self.colleague = given.teacher("李强", school=self.school)
        self.neighbour = given.teacher("周玲", school=self.other_school)
        self.foreigner = given.teacher("外人", school=self.far)
        self.coordinator = given.coordinator("陈主任", school=self.other_school)
        self.editor = given.editor("编辑", alliance=self.alliance, school=self.school)
        self.foreign_coordinator = given.coordinator("外校管理员", school=self.far)
        self.revision = given.published(by=self.author, **changes)
        self.resource = self.revision.resource


@pytest.fixture
def staff(given: Given) -> Staff:
    return Staff(given)


@pytest.fixture
def issue(session: Session, staff: Staff, uow: UnitOfWork) -> Issue:
    """A published issue of the alliance."""
    catalogue.build(uow, staff.editor, staff.alliance.id, Month(2026, 9))
    catalogue.publish(uow, staff.editor, staff.alliance.id, Month(2026, 9))
    return session.scalars(select(Issue)).one()


def told(session: Session) -> list[tuple[int, str, str]]:
    rows = session.scalars(select(Notice).order_by(Notice.id))
    return [
        (notice.user_id, notice.kind, notice.values["comment"])
        for notice in rows
        if "post" in notice.values
    ]


def read(session: Session, person: Person, staff: Staff) -> list[str]:
    return [shown.text for shown in comments_page(session, person, staff.resource.id, NOON).posts]


def refusals(people: Sequence[Person], act: Callable[[Person], object]) -> list[type[HubError]]:
    found = []
    for person in people:
        with pytest.raises(HubError) as refused:
            act(person)
        found.append(type(refused.value))
    return found


def test_a_comment_is_read_by_all_who_may_see_the_resource_and_have_an_account(
    session: Session, staff: Staff, uow: UnitOfWork
) -> None:
    said = comment(uow, staff.neighbour, staff.resource.id, "月饼换成**披萨**也行。")
    assert (said.text, said.thread.resource_id, said.thread.issue_id) == (
        "月饼换成**披萨**也行。",
        staff.resource.id,
        None,
    )
    for person in (staff.author, staff.colleague, staff.neighbour, staff.coordinator):
        assert read(session, person, staff) == ["月饼换成**披萨**也行。"]
    for person in (staff.foreigner, staff.foreign_coordinator, STRANGER):
        assert read(session, person, staff) == []
        with pytest.raises(Missing):
            talk_page(session, person, said.thread_id, NOON)


def test_who_may_not_see_the_resource_says_nothing_about_it(
    session: Session, staff: Staff, uow: UnitOfWork
) -> None:
    people = [staff.foreigner, staff.foreign_coordinator, STRANGER]
    assert refusals(people, lambda one: comment(uow, one, staff.resource.id, "你好")) == [
        Missing,
        Missing,
        NotAllowed,
    ]
    thread = standing_thread(uow, staff.author, staff.resource.id)
    assert refusals(people, lambda one: post(uow, one, thread.id, "你好")) == [Missing] * 3
    assert session.scalars(select(Post)).all() == []


def test_a_resource_of_the_school_is_talked_about_in_the_school(
    session: Session, given: Given, uow: UnitOfWork
) -> None:
    staff = Staff(given, audience=Audience.SCHOOL)
    comment(uow, staff.colleague, staff.resource.id, "好")
    assert read(session, staff.author, staff) == ["好"]
    assert read(session, staff.neighbour, staff) == read(session, staff.coordinator, staff) == []
    said = session.scalars(select(Post)).one()
    people = [staff.coordinator, staff.editor]
    assert refusals(people, lambda one: hide_post(uow, one, said.id, "不当")) == [
        Missing,  # of another school
        NotAllowed,  # of this one, but it is not the alliance's
    ]


def test_the_authors_who_is_answered_and_who_is_named_are_told_once_each(
    session: Session, given: Given, staff: Staff, uow: UnitOfWork
) -> None:
    namesake = given.teacher("李强", school=staff.far)
    first = comment(uow, staff.neighbour, staff.resource.id, "怎么分？")
    answer = comment(
        uow, staff.author, staff.resource.id, "先折纸。@李强 你试过吗？", reply_to=first.id
    )
    comment(uow, staff.colleague, staff.resource.id, "@王敏 @李强 试过。", reply_to=answer.id)
    assert told(session) == [
        (staff.author.id, "post_on_work", "怎么分？"),
        (staff.colleague.id, "post_mention", "先折纸。@李强 你试过吗？"),
        (staff.neighbour.id, "post_answer", "先折纸。@李强 你试过吗？"),
        (staff.author.id, "post_answer", "@王敏 @李强 试过。"),
    ]
    named = session.scalars(select(Mention.person_id).order_by(Mention.post_id)).all()
    assert named == [staff.colleague.id, staff.author.id]
    assert namesake.id not in named
    shown = comments_page(session, staff.author, staff.resource.id, NOON).posts
    assert [each.names for each in shown] == [(), ["李强"], ["王敏"]]
    assert shown[1].answers is not None
    assert (shown[1].answers.by, shown[1].answers.words) == ("周玲", "怎么分？")


def test_who_may_not_read_it_any_more_is_not_told_what_was_answered(
    session: Session, staff: Staff, uow: UnitOfWork
) -> None:
    said = comment(uow, staff.neighbour, staff.resource.id, "怎么分？")
    left = {"alliance_id": staff.alliance.id, "school_id": staff.other_school.id}
    organisations.leave(uow, OPERATOR, **left)
    comment(uow, staff.colleague, staff.resource.id, "先折纸。", reply_to=said.id)
    assert told(session) == [
        (staff.author.id, "post_on_work", "怎么分？"),
        (staff.author.id, "post_on_work", "先折纸。"),
    ]


def test_of_very_many_namesakes_those_of_the_own_school_are_found(
    session: Session,
    given: Given,
    staff: Staff,
    uow: UnitOfWork,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mentions, "MOST_NAMESAKES", 1)
    given.teacher("李强", school=staff.other_school)
    comment(uow, staff.author, staff.resource.id, "@李强 你试过吗？")
    assert session.scalars(select(Mention.person_id)).all() == [staff.colleague.id]


def test_who_muted_a_thread_is_told_of_it_only_when_named(
    session: Session, staff: Staff, uow: UnitOfWork
) -> None:
    first = comment(uow, staff.neighbour, staff.resource.id, "怎么分？")
    for person in (staff.author, staff.author, staff.neighbour):
        mute(uow, person, first.thread_id)
    comment(uow, staff.colleague, staff.resource.id, "先折纸。", reply_to=first.id)
    comment(uow, staff.colleague, staff.resource.id, "@周玲 试过吗？", reply_to=first.id)
    unmute(uow, staff.author, first.thread_id)
    unmute(uow, staff.author, first.thread_id)
    comment(uow, staff.colleague, staff.resource.id, "好")
    assert told(session) == [
        (staff.author.id, "post_on_work", "怎么分？"),
        (staff.neighbour.id, "post_mention", "@周玲 试过吗？"),
        (staff.author.id, "post_on_work", "好"),
    ]
    muted = [
        talk_page(session, person, first.thread_id, NOON).is_muted
        for person in (staff.author, staff.neighbour, staff.colleague)
    ]
    assert muted == [False, True, False]
    assert refusals([staff.foreigner, STRANGER], lambda one: mute(uow, one, first.thread_id)) == [
        Missing,
        Missing,
    ]


def test_the_same_form_pressed_twice_is_one_post_and_written_on_another(
    session: Session, staff: Staff, uow: UnitOfWork
) -> None:
    said = [
        comment(uow, staff.neighbour, staff.resource.id, words, key="form-1").id
        for words in ("好", "好", "好极了")
    ]
    assert said[0] == said[1] != said[2]
    assert comment(uow, staff.colleague, staff.resource.id, "好", key="form-1").id not in said
    assert read(session, staff.author, staff) == ["好", "好极了", "好"]


@pytest.mark.parametrize("text", ["", " \r\n\t", "长" * 5_001, "x" * 1_000_000])
def test_nothing_and_too_much_are_refused_in_a_sentence(
    session: Session, staff: Staff, uow: UnitOfWork, text: str
) -> None:
    with pytest.raises(Invalid) as refused:
        comment(uow, staff.neighbour, staff.resource.id, text)
    assert [problem.field for problem in refused.value.problems] == ["text"]
    assert session.scalars(select(Thread)).all() == []


def test_a_locked_thread_is_read_and_not_added_to(
    session: Session, staff: Staff, uow: UnitOfWork
) -> None:
    said = comment(uow, staff.neighbour, staff.resource.id, "好")
    assert refusals(
        [staff.author, staff.colleague, staff.foreign_coordinator, STRANGER],
        lambda one: lock_thread(uow, one, said.thread_id),
    ) == [NotAllowed, NotAllowed, Missing, Missing]
    lock_thread(uow, staff.coordinator, said.thread_id)
    lock_thread(uow, staff.coordinator, said.thread_id)
    with pytest.raises(WrongState, match="locked"):
        post(uow, staff.neighbour, said.thread_id, "再说一句")
    assert read(session, staff.colleague, staff) == ["好"]
    unlock_thread(uow, staff.editor, said.thread_id)
    post(uow, staff.neighbour, said.thread_id, "再说一句")
    events = session.scalars(select(AuditEvent.tag).where(AuditEvent.tag.like("discussion:%lock")))
    assert events.all() == ["discussion:lock", "discussion:unlock"]


def test_what_was_taken_down_takes_its_comments_with_it(
    session: Session, staff: Staff, uow: UnitOfWork
) -> None:
    said = comment(uow, staff.neighbour, staff.resource.id, "好")
    take_step(uow, staff.author, staff.revision.id, Action.WITHDRAW, comment="有错")
    assert read(session, staff.neighbour, staff) == []
    for act in (
        lambda: comment(uow, staff.neighbour, staff.resource.id, "可惜"),
        lambda: post(uow, staff.neighbour, said.thread_id, "可惜"),
        lambda: talk_page(session, staff.author, said.thread_id, NOON),
    ):
        with pytest.raises(WrongState, match="taken down"):
            act()
    assert refusals([staff.foreigner], lambda one: post(uow, one, said.thread_id, "可惜")) == [
        Missing
    ]


def test_a_hidden_post_says_why_to_its_author_and_that_it_was_to_the_others(
    session: Session, staff: Staff, uow: UnitOfWork
) -> None:
    said = comment(uow, staff.neighbour, staff.resource.id, "买卷子加我微信")
    comment(uow, staff.colleague, staff.resource.id, "这是广告吧", reply_to=said.id)
    with pytest.raises(Invalid):
        hide_post(uow, staff.coordinator, said.id, " ")
    assert refusals(
        [staff.author, staff.colleague, staff.foreign_coordinator, STRANGER],
        lambda one: hide_post(uow, one, said.id, "广告"),
    ) == [NotAllowed, NotAllowed, Missing, Missing]
    hide_post(uow, staff.coordinator, said.id, "广告")
    with pytest.raises(WrongState):
        hide_post(uow, staff.editor, said.id, "广告")

    def seen(person: Person) -> tuple[str, str, str, Veil]:
        shown = comments_page(session, person, staff.resource.id, NOON).posts
        assert shown[1].answers is not None
        assert shown[1].answers.words == ""
        return shown[0].by, shown[0].text, shown[0].reason, shown[0].veil

    assert seen(staff.colleague) == seen(staff.author) == ("", "", "", Veil.HIDDEN)
    whole = ("周玲", "买卷子加我微信", "广告", Veil.HIDDEN)
    assert seen(staff.neighbour) == seen(staff.coordinator) == seen(staff.editor) == whole
    assert (staff.neighbour.id, "post_hidden", "广告") in told(session)
    assert (staff.author.id, "post_on_work", "…") in told(session)
    show_post(uow, staff.editor, said.id)
    show_post(uow, staff.editor, said.id)
    assert read(session, staff.colleague, staff) == ["买卷子加我微信", "这是广告吧"]


def test_the_words_of_a_hidden_post_leave_the_notices_also_where_time_goes_by(
    session: Session, staff: Staff, uow: UnitOfWork
) -> None:
    seconds = count()

    def ticking() -> datetime:
        return NOON + timedelta(seconds=next(seconds))

    real = replace(uow, now=ticking)
    said = comment(real, staff.neighbour, staff.resource.id, "买卷子加我微信")
    comment(real, staff.neighbour, staff.resource.id, "折纸")
    hide_post(real, staff.coordinator, said.id, "广告")
    assert told(session) == [
        (staff.author.id, "post_on_work", "…"),
        (staff.author.id, "post_on_work", "折纸"),
        (staff.neighbour.id, "post_hidden", "广告"),
    ]


def test_who_said_it_takes_it_back_and_only_they_can(
    session: Session, staff: Staff, uow: UnitOfWork
) -> None:
    said = comment(uow, staff.neighbour, staff.resource.id, "我们班的小明……")
    assert refusals(
        [staff.author, staff.coordinator], lambda one: take_back(uow, one, said.id)
    ) == [NotAllowed, NotAllowed]
    take_back(uow, staff.neighbour, said.id)
    take_back(uow, staff.neighbour, said.id)
    with pytest.raises(WrongState):
        show_post(uow, staff.coordinator, said.id)
    [shown] = comments_page(session, staff.coordinator, staff.resource.id, NOON).posts
    assert (shown.by, shown.text, shown.veil) == ("周玲", "", Veil.TAKEN_BACK)


def test_a_report_reaches_those_who_moderate_and_is_settled(
    session: Session, given: Given, staff: Staff, uow: UnitOfWork
) -> None:
    given.administrator()
    said = comment(uow, staff.neighbour, staff.resource.id, "胡说")
    with pytest.raises(WrongState):
        report_post(uow, staff.neighbour, said.id, "不文明")
    with pytest.raises(Missing):
        report_post(uow, staff.foreigner, said.id, "不文明")
    report_post(uow, staff.colleague, said.id, "不文明")
    report_post(uow, staff.colleague, said.id, "很不文明")
    assert [row for row in told(session) if row[1] == "post_reported"] == [
        (staff.coordinator.id, "post_reported", "不文明"),
        (staff.editor.id, "post_reported", "不文明"),
    ]
    [shown] = comments_page(session, staff.editor, staff.resource.id, NOON).posts
    assert [(report.by, report.reason) for report in shown.reports] == [("李强", "很不文明")]
    [shown] = comments_page(session, staff.author, staff.resource.id, NOON).posts
    assert list(shown.reports) == []
    settle_reports(uow, staff.editor, said.id)
    assert session.scalars(select(PostReport.settled_by_id)).all() == [staff.editor.id]


def test_when_the_only_one_who_moderates_wrote_it_those_who_run_the_hub_are_asked(
    session: Session, given: Given, uow: UnitOfWork
) -> None:
    school = given.school("独立小学")
    coordinator = given.coordinator("马主任", school=school)
    colleague = given.teacher("马老师", school=school)
    administrator = given.administrator()
    work = given.published(by=colleague, audience=Audience.SCHOOL)
    said = comment(uow, coordinator, work.resource_id, "胡说")
    report_post(uow, colleague, said.id, "不文明")
    assert told(session)[-1] == (administrator.id, "post_reported", "不文明")


def test_who_leaves_a_post_that_was_hidden_meanwhile_is_told_so(
    session: Session, staff: Staff, uow: UnitOfWork
) -> None:
    said = comment(uow, staff.neighbour, staff.resource.id, "胡说")
    settle_reports(uow, staff.editor, said.id)  # nobody has reported it
    report_post(uow, staff.colleague, said.id, "不文明")
    hide_post(uow, staff.coordinator, said.id, "不文明")
    with pytest.raises(WrongState, match="hidden already"):
        settle_reports(uow, staff.editor, said.id)
    tags = session.scalars(select(AuditEvent.tag).order_by(AuditEvent.id)).all()
    assert [tag for tag in tags if tag.startswith("discussion:")] == [
        "discussion:comment",
        "discussion:report",
        "discussion:hide",
    ]


def test_of_two_who_conclude_a_thread_one_is_told_who_was_faster(
    staff: Staff, issue: Issue, uow: UnitOfWork
) -> None:
    thread = open_thread(uow, staff.neighbour, issue_id=issue.id, title="分数怎么教")
    seen = thread.version
    conclude_thread(uow, staff.editor, thread.id, "先折后画", seen=seen)
    conclude_thread(uow, staff.coordinator, thread.id, "先折后画", seen=seen)
    with pytest.raises(WrongState, match="a moment ago"):
        conclude_thread(uow, staff.coordinator, thread.id, "先画后折", seen=seen)
    assert thread.concluded == "先折后画"
    conclude_thread(uow, staff.coordinator, thread.id, "", seen=thread.version)
    assert thread.concluded == ""


def test_a_round_has_free_threads_and_one_for_each_resource(
    session: Session, staff: Staff, issue: Issue, uow: UnitOfWork
) -> None:
    free = open_thread(uow, staff.neighbour, issue_id=issue.id, title="分数怎么教")
    about = open_thread(uow, staff.editor, issue_id=issue.id, resource_id=staff.resource.id)
    again = open_thread(uow, staff.colleague, issue_id=issue.id, resource_id=staff.resource.id)
    assert about is again
    post(uow, staff.neighbour, free.id, "大家说说")
    post(uow, staff.colleague, free.id, "折纸")
    hide_post(uow, staff.editor, post(uow, staff.colleague, free.id, "广告").id, "广告")
    lines = threads_of_round(session, staff.colleague, issue.id, NOON)
    assert [(line.title, line.posts, line.people, line.public_id) for line in lines] == [
        ("分数怎么教", 2, 2, None),
        ("分数的初步认识", 0, 0, staff.resource.public_id),
    ]
    for person in (staff.foreigner, staff.foreign_coordinator, STRANGER):
        assert threads_of_round(session, person, issue.id, NOON) == []
        with pytest.raises(Missing):
            open_thread(uow, person, issue_id=issue.id, title="混进来")
        with pytest.raises(Missing):
            post(uow, person, free.id, "混进来")
    with pytest.raises(Invalid):
        open_thread(uow, staff.colleague, issue_id=issue.id)
    with pytest.raises(NotAllowed):
        conclude_thread(uow, staff.neighbour, free.id, "先折后画", seen=free.version)
    conclude_thread(uow, staff.editor, free.id, " 先折后画 ", seen=free.version)
    assert threads_of_round(session, staff.author, issue.id, NOON)[0].concluded == "先折后画"


def test_there_is_no_round_before_the_issue_is_published(
    session: Session, staff: Staff, uow: UnitOfWork
) -> None:
    catalogue.build(uow, staff.editor, staff.alliance.id, Month(2026, 9))
    draft = session.scalars(select(Issue)).one()
    with pytest.raises(Missing):
        open_thread(uow, staff.editor, issue_id=draft.id, title="太早")


def test_a_long_thread_comes_in_pages_the_latest_first_shown(
    session: Session,
    staff: Staff,
    uow: UnitOfWork,
    clock: Clock,
    queries: Callable[[Callable[[], object]], int],
) -> None:
    said = comment(uow, staff.neighbour, staff.resource.id, "0")

    def look() -> object:
        return comments_page(session, staff.editor, staff.resource.id, NOON)

    alone = queries(look)
    for number in range(1, 2 * PER_PAGE + 3):
        clock.pass_(minutes=1)
        text = f"{number} @王敏"
        said = comment(uow, staff.neighbour, staff.resource.id, text, reply_to=said.id)
    assert queries(look) == alone
    page = comments_page(session, staff.editor, staff.resource.id, NOON)
    assert (page.paging.number, page.paging.pages, len(page.posts)) == (3, 3, 3)
    assert page_of_post(session, said) == 3
    first = comments_page(session, staff.editor, staff.resource.id, NOON, page=1)
    assert [shown.text[:2].strip() for shown in first.posts] == [str(n) for n in range(PER_PAGE)]


@pytest.mark.parametrize(
    "broken",
    [
        {"text": ""},
        {"hidden_at": NOON},
        {"hidden_reason": "广告"},
        {"hidden_at": NOON, "other_hides": True},
    ],
)
def test_the_tables_refuse_what_the_rules_forbid(
    session: Session, staff: Staff, uow: UnitOfWork, broken: dict[str, object]
) -> None:
    said = comment(uow, staff.neighbour, staff.resource.id, "好")
    if broken.pop("other_hides", False):
        said.hidden_by_id = staff.editor.id
    for name, value in broken.items():
        setattr(said, name, value)
    with pytest.raises(IntegrityError):
        session.flush()

"""A published issue reaches its people and its groups, each once, and what failed is said."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from resource_hub.domain.catalogue import Month
from resource_hub.domain.errors import Invalid, Missing, NotAllowed, WrongState
from resource_hub.domain.people import STRANGER, Person
from resource_hub.domain.robots import Service
from resource_hub.domain.telling import How, Topic
from resource_hub.domain.visibility import Audience
from resource_hub.jobs.worker import Worker
from resource_hub.models import Job, JobState, Notice, Posting, RobotRow
from resource_hub.services import catalogue, catalogue_draft, delivering, mailing, robots
from resource_hub.services.catalogue_draft import Act, Words
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Clock, Given
from tests.jobs.mail_server import Mailbox, mail_server, part
from tests.notifications.robot_server import SECRET, Group, robot_server

OCTOBER = Month(2026, 10)
PUBLIC = "https://hub.school.example"
KINDS = ("issue_out", "mail_notice", "post_card")


@pytest.fixture
def group() -> Iterator[Group]:
    with robot_server() as group:
        yield group


@pytest.fixture
def mailbox(app: Flask, group: Group) -> Iterator[Mailbox]:
    with mail_server() as mailbox:
        app.extensions["hub"] = replace(
            app.extensions["hub"],
            smtp_url=mailbox.url,
            public_url=PUBLIC,
            robot_hosts=frozenset({group.url.removeprefix("http://")}),
        )
        yield mailbox


@pytest.fixture
def work(app: Flask, session: Session, mailbox: Mailbox) -> Callable[[], int]:
    """Lets the worker do what is due now."""
    del mailbox

    def drain() -> int:
        session.commit()
        return Worker(app).drain(KINDS)

    return drain


class Cast:
    """Wang writes, Zhao of another school reads, Sun is of no alliance; one issue, not out yet."""

    def __init__(self, given: Given) -> None:
        self.alliance = given.alliance()
        self.village = given.school("青石小学", alliance=self.alliance)
        self.town = given.school("实验小学", alliance=self.alliance)
        self.wang = given.teacher("王敏", school=self.village, account="wang")
        self.zhao = given.teacher("赵雷", school=self.town, account="zhao")
        self.sun = given.teacher("孙外", school=given.school("别处小学"), account="sun")
        self.coordinator = given.coordinator("钱协调", school=self.village)
        self.editor = given.editor(alliance=self.alliance, school=self.town)
        self.open = given.published(by=self.wang, title="公开的课", audience=Audience.PUBLIC)
        self.shared = given.published(by=self.wang, title="联盟的课")


@pytest.fixture
def cast(given: Given, clock: Clock) -> Cast:
    cast = Cast(given)
    clock.pass_(hours=1)
    given.session.execute(delete(Job))
    given.session.execute(delete(Notice))
    return cast


def set_up(uow: UnitOfWork, cast: Cast, group: Group, service: Service, name: str) -> RobotRow:
    query = {"dingtalk": "?access_token=t", "wecom": "?key=of-the-group", "feishu": ""}[service]
    return robots.add_robot(
        uow,
        cast.editor,
        cast.alliance.id,
        service=service,
        name=name,
        address=f"{group.url}/{service}{query}",
        secret="" if service is Service.WECOM else SECRET,
        others=frozenset({group.url.removeprefix("http://")}),
    )


def publish(uow: UnitOfWork, cast: Cast) -> int:
    """With both lessons as highlights."""
    catalogue.build(uow, cast.editor, cast.alliance.id, OCTOBER)
    for seen, lesson in enumerate((cast.open, cast.shared)):
        act = (Act.HIGHLIGHT, lesson.resource.public_id)
        words = Words(seen=seen, preface="秋天好。", highlights={})
        catalogue_draft.save(uow, cast.editor, cast.alliance.id, OCTOBER, words, act)
    return catalogue.publish(uow, cast.editor, cast.alliance.id, OCTOBER).id


def test_everybody_of_the_alliance_gets_one_mail_that_one_click_ends(
    uow: UnitOfWork, cast: Cast, mailbox: Mailbox, work: Callable[[], int]
) -> None:
    mailing.choose(uow, cast.coordinator.id or 0, {Topic.CATALOGUE: How.NEVER})
    number = publish(uow, cast)
    work()
    assert sorted(mail["To"] for mail in mailbox.arrived) == [
        "wang@example.org",
        "zhao@example.org",
    ]
    [mail] = mailbox.to("zhao@example.org")
    text = part(mail, "plain")
    assert "2026年10月" in mail["Subject"]
    assert "> 秋天好。" in text
    assert "> - 联盟的课 (青石小学)" in text
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    uow.promise(delivering.JOB, number)
    work()
    assert len(mailbox.arrived) == 2


@pytest.mark.parametrize("service", Service)
def test_a_group_gets_one_card_that_names_only_what_everybody_may_see(
    uow: UnitOfWork,
    cast: Cast,
    group: Group,
    work: Callable[[], int],
    service: Service,
) -> None:
    set_up(uow, cast, group, service, "全体教师")
    number = publish(uow, cast)
    work()
    [card] = group.arrived
    assert "公开的课" in str(card)
    assert "联盟的课" not in str(card)
    assert f"{PUBLIC}/catalogue/2026-10/{cast.alliance.id}" in str(card)
    uow.promise(delivering.JOB, number)
    work()
    assert len(group.arrived) == 1


def test_a_busy_service_is_asked_again_ever_more_slowly(
    uow: UnitOfWork,
    cast: Cast,
    group: Group,
    work: Callable[[], int],
    session: Session,
    clock: Clock,
) -> None:
    set_up(uow, cast, group, Service.WECOM, "全体教师")
    group.answers += [(200, {"errcode": 45009, "errmsg": "api freq out of limit"}), (503, {})]
    publish(uow, cast)
    pauses = []
    for _attempt in range(2):
        work()
        job = session.scalars(select(Job).where(Job.kind == "post_card")).one()
        session.refresh(job)
        assert job.state is JobState.WAITING
        pauses.append((job.run_at - clock()).total_seconds())
        clock.pass_(hours=1)
    assert pauses == [60, 120]
    work()
    assert (len(group.arrived), group.asked) == (1, 3)
    posting = session.scalars(select(Posting)).one()
    session.refresh(posting)
    assert (posting.sent_at, posting.error) == (clock(), "")


def test_what_is_refused_is_said_and_posted_again_when_an_editor_says_so(
    uow: UnitOfWork, cast: Cast, group: Group, work: Callable[[], int], session: Session
) -> None:
    set_up(uow, cast, group, Service.FEISHU, "全体教师")
    group.answers.append((200, {"code": 19021, "msg": "sign match fail"}))
    publish(uow, cast)
    work()
    session.expire_all()
    seen = delivering.delivery_of(session, cast.coordinator, cast.alliance.id, OCTOBER)
    [posting] = seen.postings
    assert (posting.is_refused, posting.error) == (True, "19021 sign match fail")
    assert (seen.told, seen.mailed, seen.refused) == (3, 3, [])
    again = cast.alliance.id, OCTOBER, posting.id
    with pytest.raises(NotAllowed):
        delivering.post_again(uow, cast.coordinator, *again)
    delivering.post_again(uow, cast.editor, *again)
    work()
    assert len(group.arrived) == 1
    session.expire_all()
    with pytest.raises(WrongState):
        delivering.post_again(uow, cast.editor, *again)


def test_a_worker_that_dies_while_posting_leaves_it_to_the_editor(
    uow: UnitOfWork, cast: Cast, group: Group, work: Callable[[], int], session: Session
) -> None:
    """Nobody knows whether the group had it: it is not posted twice by itself."""
    set_up(uow, cast, group, Service.WECOM, "全体教师")
    publish(uow, cast)
    session.commit()
    delivering.go_out(uow, 1)
    posting = session.scalars(select(Posting)).one()
    assert delivering.begin(uow, posting.id) is not None
    work()
    assert group.arrived == []
    assert posting.may_be_repeated


def test_a_refused_address_is_named(
    uow: UnitOfWork,
    cast: Cast,
    mailbox: Mailbox,
    work: Callable[[], int],
    session: Session,
) -> None:
    mailbox.refuses = "550 no such user"
    publish(uow, cast)
    work()
    session.expire_all()
    seen = delivering.delivery_of(session, cast.editor, cast.alliance.id, OCTOBER)
    assert {name for name, _reason in seen.refused} == {"王敏", "赵雷", "钱协调"}
    assert {reason for _name, reason in seen.refused} == {"550 no such user"}
    assert seen.mailed == 0


@pytest.mark.parametrize("who", ["wang", "sun"])
def test_delivery_is_for_editors_and_coordinators(
    uow: UnitOfWork, cast: Cast, session: Session, who: str
) -> None:
    publish(uow, cast)
    person: Person = getattr(cast, who)
    for asking in (person, STRANGER):
        with pytest.raises(NotAllowed):
            delivering.delivery_of(session, asking, cast.alliance.id, OCTOBER)
        with pytest.raises(NotAllowed):
            robots.robots_of(session, asking, cast.alliance.id)


def test_a_draft_has_not_gone_out(uow: UnitOfWork, cast: Cast, session: Session) -> None:
    issue = catalogue.build(uow, cast.editor, cast.alliance.id, OCTOBER)
    with pytest.raises(Missing):
        delivering.delivery_of(session, cast.editor, cast.alliance.id, OCTOBER)
    delivering.go_out(uow, issue.id)
    assert session.scalars(select(Notice.kind)).all() == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"service": "pager"}, "service"),
        ({"name": " "}, "name"),
        ({"name": "群" * 61}, "name"),
        ({"name": "有了"}, "name"),
        ({"address": "https://127.0.0.1/hook"}, "address"),
        ({"address": "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k"}, "address"),
        ({"secret": "s"}, "secret"),
    ],
)
def test_a_robot_that_cannot_work_is_refused_in_words(
    uow: UnitOfWork, cast: Cast, changed: dict[str, str], field: str
) -> None:
    def add(**fields: str) -> None:
        right = {
            "service": "wecom",
            "name": "全体教师",
            "address": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k",
            "secret": "",
        }
        given = right | fields
        robots.add_robot(
            uow,
            cast.editor,
            cast.alliance.id,
            service=given["service"],
            name=given["name"],
            address=given["address"],
            secret=given["secret"],
            others=frozenset(),
        )

    add(name="有了")
    with pytest.raises(Invalid) as refused:
        add(**changed)
    assert [problem.field for problem in refused.value.problems] == [field]


def test_a_removed_robot_leaves_what_it_posted(
    uow: UnitOfWork, cast: Cast, group: Group, work: Callable[[], int], session: Session
) -> None:
    robot = set_up(uow, cast, group, Service.WECOM, "全体教师")
    publish(uow, cast)
    work()
    assert robots.remove_robot(uow, cast.editor, cast.alliance.id, robot.id) == "全体教师"
    session.flush()
    session.expire_all()
    seen = delivering.delivery_of(session, cast.editor, cast.alliance.id, OCTOBER)
    assert [(each.robot_name, each.robot_id) for each in seen.postings] == [("全体教师", None)]

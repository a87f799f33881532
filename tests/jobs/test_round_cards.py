"""Cards of a round arrive in the groups as each service wants them, and hold nobody's words."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.catalogue import Month
from resource_hub.domain.robots import CardTopic, Service
from resource_hub.jobs.worker import Worker
from resource_hub.models import Job, Posting
from resource_hub.services import catalogue, delivering, robots, round_minutes
from resource_hub.services.round_calling_off import call_off
from resource_hub.services.round_planning import Plan, change_round, close_now, plan_round
from resource_hub.services.unit_of_work import UnitOfWork
from tests.conftest import SHANGHAI
from tests.given import Clock, Given
from tests.notifications.robot_server import SECRET, Group, robot_server

OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)
PUBLIC = "https://hub.school.example"
PLAN = Plan(
    opens="2026-11-02T08:00",
    closes="2026-11-16T21:00",
    place="三楼*会议室*",
    introduction="别外传的话",
)


@pytest.fixture
def group(app: Flask) -> Iterator[Group]:
    with robot_server() as group:
        app.extensions["hub"] = replace(
            app.extensions["hub"],
            public_url=PUBLIC,
            robot_hosts=frozenset({group.url.removeprefix("http://")}),
        )
        yield group


class Cast:
    """An alliance whose October issue is out; its editor plans and hosts."""

    def __init__(self, given: Given, uow: UnitOfWork, clock: Clock) -> None:
        alliance = given.alliance(name="城乡联盟")
        school = given.school("青石小学", alliance=alliance)
        given.published(by=given.teacher("王敏", school=school), title="联盟的课")
        self.editor = given.editor(alliance=alliance, school=school)
        self.at = alliance.id, OCTOBER
        clock.at = NOVEMBER.start(SHANGHAI) + timedelta(hours=1)
        catalogue.build(uow, self.editor, *self.at)
        catalogue.publish(uow, self.editor, *self.at)

    def sets_up(self, uow: UnitOfWork, group: Group, service: Service) -> None:
        query = {"dingtalk": "?access_token=t", "wecom": "?key=of-the-group", "feishu": ""}
        robots.add_robot(
            uow,
            self.editor,
            self.at[0],
            service=service,
            name="全体教师",
            address=f"{group.url}/{service}{query[service]}",
            secret="" if service is Service.WECOM else SECRET,
            others=frozenset({group.url.removeprefix("http://")}),
        )


@pytest.fixture
def cast(given: Given, uow: UnitOfWork, clock: Clock) -> Cast:
    return Cast(given, uow, clock)


@pytest.fixture
def work(app: Flask, session: Session) -> Callable[[], None]:
    """Lets the worker do what is due now of rounds and of cards."""

    def drain() -> None:
        session.commit()
        Worker(app).drain(("round_opens", "post_card"))
        session.expire_all()

    return drain


def read(card: dict[str, Any]) -> tuple[str, str, str]:  # Any: JSON
    """Heading, text and address, as the service of this card has them."""
    if "actionCard" in card:
        action = card["actionCard"]
        heading, text = action["text"].split("\n\n", 1)
        return heading.removeprefix("### "), text.replace("\n\n", "\n"), action["singleURL"]
    if "template_card" in card:
        inside = card["template_card"]
        return (
            inside["main_title"]["title"], inside["sub_title_text"], inside["card_action"]["url"],
        )  # fmt: skip
    *lines, action = card["card"]["elements"]
    return (
        card["card"]["header"]["title"]["content"],
        "\n".join(line["text"]["content"] for line in lines),
        action["actions"][0]["url"],
    )


@pytest.mark.parametrize("service", Service)
def test_the_group_reads_dates_place_and_link_and_nobody_s_words(
    uow: UnitOfWork,
    cast: Cast,
    group: Group,
    work: Callable[[], None],
    clock: Clock,
    service: Service,
) -> None:
    cast.sets_up(uow, group, service)
    plan_round(uow, cast.editor, *cast.at, PLAN)
    work()
    change_round(uow, cast.editor, *cast.at, replace(PLAN, opens="2026-11-03T08:00"))
    work()
    clock.at = NOVEMBER.start(SHANGHAI) + timedelta(days=3)
    work()
    close_now(uow, cast.editor, *cast.at)
    round_minutes.publish_minutes(uow, cast.editor, *cast.at, "不给外人看的纪要", seen=0)
    work()
    place = "三楼\\*会议室\\*" if service is Service.DINGTALK else "三楼*会议室*"
    link = f"{PUBLIC}/catalogue/2026-10/{cast.at[0]}/round"
    assert [read(card) for card in group.arrived] == [
        (
            "研讨预告：2026年第10期",
            f"城乡联盟\n时间：11月2日 08:00 至 11月16日 21:00\n地点：{place}",
            link,
        ),
        (
            "研讨变更：2026年第10期",
            f"城乡联盟\n时间改为：11月3日 08:00 至 11月16日 21:00\n地点：{place}",
            link,
        ),
        (
            "研讨开始：2026年第10期",
            f"城乡联盟\n时间：11月3日 08:00 至 11月16日 21:00\n地点：{place}",
            link,
        ),
        ("研讨纪要已发布：2026年第10期", "城乡联盟\n时间：11月3日 08:00 至 11月4日 00:00", link),
    ]


def test_a_group_reads_that_it_is_called_off_but_not_why(
    uow: UnitOfWork, cast: Cast, group: Group, work: Callable[[], None]
) -> None:
    cast.sets_up(uow, group, Service.FEISHU)
    plan_round(uow, cast.editor, *cast.at, PLAN)
    call_off(uow, cast.editor, *cast.at, "王老师病了")
    work()
    [card] = group.arrived
    assert read(card)[:2] == (
        "研讨取消：2026年第10期",
        "城乡联盟\n原定时间：11月2日 08:00 至 11月16日 21:00",
    )
    assert "病" not in str(card)


def test_a_busy_service_hears_of_the_latest_dates_alone(
    uow: UnitOfWork,
    cast: Cast,
    group: Group,
    work: Callable[[], None],
    session: Session,
    clock: Clock,
) -> None:
    cast.sets_up(uow, group, Service.WECOM)
    group.answers.append((200, {"errcode": 45009, "errmsg": "api freq out of limit"}))
    plan_round(uow, cast.editor, *cast.at, PLAN)
    work()
    [waiting] = delivering.delivery_of(session, cast.editor, *cast.at).postings
    assert (waiting.topic, waiting.error) == (CardTopic.ROUND, "45009 api freq out of limit")
    change_round(uow, cast.editor, *cast.at, replace(PLAN, closes="2026-11-17T21:00"))
    work()
    clock.pass_(hours=1)
    work()
    assert [read(card)[0] for card in group.arrived] == ["研讨变更：2026年第10期"]
    assert group.asked == 2, "the overtaken card was not even tried"
    assert session.scalars(select(Job).where(Job.kind == "post_card")).all() == []
    first, second = session.scalars(select(Posting).order_by(Posting.id))
    assert (first.sent_at, first.dropped_at, second.dropped_at) == (None, clock(), None)
    assert second.sent_at is not None


def test_what_a_service_refuses_stands_in_the_list_and_is_posted_again(
    uow: UnitOfWork, cast: Cast, group: Group, work: Callable[[], None], session: Session
) -> None:
    cast.sets_up(uow, group, Service.DINGTALK)
    group.answers.append((200, {"errcode": 310000, "errmsg": "sign not match"}))
    plan_round(uow, cast.editor, *cast.at, PLAN)
    work()
    [refused] = delivering.delivery_of(session, cast.editor, *cast.at).postings
    assert (refused.is_refused, refused.error) == (True, "310000 sign not match")
    delivering.post_again(uow, cast.editor, *cast.at, refused.id)
    work()
    assert [read(card)[0] for card in group.arrived] == ["研讨预告：2026年第10期"]
    assert refused.sent_at is not None

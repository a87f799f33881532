"""A reviewer's opinion outlives a broken line, a reload and a second window; thumb and keys."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from resource_hub.domain.people import Role
from tests.given import Given
from tests.journeys.conftest import Desk, LiveHub

pytestmark = pytest.mark.browser


def the_cast(given: Given) -> None:
    school = given.school("石桥小学")
    given.alliance(school)
    given.submitted(by=given.teacher("王敏", school=school))
    li = given.teacher("李老师", school=school, account="li")
    given.with_role(li, Role.REVIEWER, school=school)


@pytest.fixture
def people(
    arrange: Callable[[Callable[[Given], None]], Path],
    start: Callable[[Path], LiveHub],
    desk: Callable[[LiveHub], Desk],
) -> Desk:
    return desk(start(arrange(the_cast)))


def open_at(page: Page, path: str) -> None:
    page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + path)
    page.wait_for_load_state("load")


def open_form(page: Page) -> None:
    open_at(page, "/review/1")
    expect(page.locator("form[data-opinion]")).to_be_visible()
    page.wait_for_load_state("load")


def test_an_opinion_outlives_line_reload_and_second_window(people: Desk) -> None:
    page = people.page("li", width=390)
    open_form(page)
    page.get_by_role("button", name="全部符合").click()
    expect(page.locator("[data-answered]")).to_contain_text("已填 7 项，共 12 项")
    page.locator("[name=comment]").fill("请补板书设计")
    expect(page.locator("[data-draft-status]")).to_contain_text("已保存")
    page.reload()
    expect(page.locator("[name=comment]")).to_have_value("请补板书设计")
    expect(page.locator("[data-answered]")).to_contain_text("已填 7 项，共 12 项")

    page.context.set_offline(True)
    page.locator("[name=comment]").fill("请补板书设计和作业")
    expect(page.locator("[data-draft-status]")).to_contain_text("网络不通")
    page.context.set_offline(False)
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.locator("[name=comment]")).to_have_value("请补板书设计和作业")
    expect(page.locator("[data-draft-status]")).to_contain_text("已保存")

    other = page.context.new_page()
    other.goto(page.url)
    other.locator("[name=comment]").fill("另一个窗口的意见")
    expect(other.locator("[data-draft-status]")).to_contain_text("已保存")
    page.locator("[name=comment]").fill("这个窗口的意见")
    expect(page.locator("[data-other-window]")).to_be_visible()
    page.get_by_role("link", name="两份都看看").click()
    page.wait_for_load_state("load")
    page.reload()
    expect(page.locator("[name=comment]")).to_have_value("这个窗口的意见")
    expect(page.locator(".older-words")).to_have_text("另一个窗口的意见")


def test_the_form_is_answered_by_keys_alone_and_by_a_thumb(people: Desk) -> None:
    page = people.page("li")
    open_form(page)
    page.keyboard.press("f")
    for key in "yyyyyyn45354":
        page.keyboard.press(key)
    expect(page.locator("[data-answered]")).to_contain_text("已填 12 项，共 12 项")
    expect(page.locator("[name=strengths]")).to_be_focused()
    page.keyboard.type("情境好")
    expect(page.locator("[name=strengths]")).to_have_value("情境好")
    assert page.locator("[name=pass-public_good]:checked").get_attribute("value") == "0"
    for row in page.locator(".answer").all():
        box = row.bounding_box()
        assert box
        assert box["height"] >= 44
        assert box["width"] >= 44
    found = Axe().run(page)
    assert [each["id"] for each in found.response["violations"]] == []


def three_works(given: Given) -> None:
    school = given.school("石桥小学")
    given.alliance(school)
    wang = given.teacher("王敏", school=school)
    for title in ("第一课", "第二课", "第三课"):
        given.submitted(by=wang, title=title)
    li = given.teacher("李老师", school=school, account="li")
    given.with_role(li, Role.REVIEWER, school=school)


def test_j_and_k_walk_through_the_inbox_and_from_desk_to_desk(
    arrange: Callable[[Callable[[Given], None]], Path],
    start: Callable[[Path], LiveHub],
    desk: Callable[[LiveHub], Desk],
) -> None:
    page = desk(start(arrange(three_works))).page("li")
    open_at(page, "/review")
    here, lines = page.locator("[data-line] a:focus"), page.locator("[data-line]")
    for key, title in (
        ("j", "第一课"),
        ("j", "第二课"),
        ("j", "第三课"),
        ("j", "第三课"),
        ("k", "第二课"),
    ):
        page.keyboard.press(key)
        expect(here).to_contain_text(title)
    page.keyboard.press("x")
    expect(lines.nth(1).locator("input[type=checkbox]")).to_be_checked()
    expect(page.locator("[data-together] [data-number]")).to_have_text("1")
    page.keyboard.press("Enter")
    for key, number in (("", 2), ("j", 3), ("j", 3), ("k", 2), ("k", 1), ("k", 1), ("j", 2)):
        if key:
            page.keyboard.press(key)
        expect(page).to_have_url(re.compile(rf"/review/{number}\b"))
        expect(page.locator("form[data-opinion]")).to_be_visible()
        page.wait_for_load_state("load")
    page.locator("[name=comment]").press_sequentially("jk")
    expect(page.locator("[name=comment]")).to_have_value("jk")
    expect(page).to_have_url(re.compile(r"/review/2\b"))

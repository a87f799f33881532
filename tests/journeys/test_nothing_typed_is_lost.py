"""What a teacher typed stays on the page when the line breaks, or the sign-in ends, under it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.given import PASSWORD, Given
from tests.journeys.conftest import Desk, LiveHub

pytestmark = pytest.mark.browser

SUMMARY = "每天五分钟，配答案。"


def the_teacher(given: Given) -> None:
    given.teacher("王敏", school=given.school("石桥小学"), account="wangmin")


@pytest.fixture
def teacher(
    arrange: Callable[[Callable[[Given], None]], Path],
    start: Callable[[Path], LiveHub],
    desk: Callable[[LiveHub], Desk],
) -> Page:
    """A teacher before the form of a new draft."""
    page = desk(start(arrange(the_teacher))).page("wangmin", width=360)
    page.get_by_role("link", name="上传").first.click()
    page.get_by_role("button", name="试题/作业").click()
    expect(page.locator(".drop-zone.is-live")).to_be_visible()
    page.wait_for_load_state("load")
    return page


def test_on_a_broken_line_the_form_stays_and_is_saved_when_the_line_is_back(
    teacher: Page,
) -> None:
    status = teacher.locator("[data-draft-status]")
    teacher.context.set_offline(True)
    teacher.get_by_label("摘要").fill(SUMMARY)
    teacher.locator(".action-bar").get_by_text("保存草稿").click()
    expect(status).to_contain_text("网络不通")
    expect(teacher.get_by_label("摘要")).to_have_value(SUMMARY)

    teacher.context.set_offline(False)
    teacher.locator(".action-bar").get_by_text("保存草稿").click()
    expect(teacher.locator(".flash-success")).to_contain_text("草稿已保存")
    expect(teacher.get_by_label("摘要")).to_have_value(SUMMARY)


def test_a_form_that_outlived_its_sign_in_stays_and_goes_on_after_the_next(
    teacher: Page,
) -> None:
    other = teacher.context.new_page()  # (a cookie only taken away may be back with a late answer)
    other.goto(teacher.url)
    menu = other.locator(".menu.narrow-only")
    menu.locator("summary").click()
    menu.get_by_role("button", name="退出登录").click()
    expect(other.locator(".flash-success")).to_be_visible()
    teacher.get_by_label("摘要").fill(SUMMARY)
    teacher.locator(".action-bar").get_by_text("保存草稿").click()
    expect(teacher.locator("[data-draft-status]")).to_contain_text("您已退出登录")
    expect(teacher.get_by_label("摘要")).to_have_value(SUMMARY)

    other.goto(teacher.url)
    other.locator("input[name=login]").fill("wangmin")
    other.locator("input[name=password]").fill(PASSWORD)
    other.locator("main form button").last.click()
    other.wait_for_url(teacher.url)

    teacher.locator(".action-bar").get_by_text("保存草稿").click()
    expect(teacher.locator(".flash-success")).to_contain_text("草稿已保存")
    expect(teacher.get_by_label("摘要")).to_have_value(SUMMARY)


def test_a_button_pressed_twice_sends_its_form_once(teacher: Page) -> None:
    teacher.get_by_role("link", name="我的资源").first.click()
    teacher.get_by_text("删除草稿").first.click()
    posted: list[str] = []
    teacher.on("request", lambda sent: posted.append(sent.url) if sent.method == "POST" else None)
    teacher.locator("main form button:visible").last.dblclick()
    expect(teacher.locator(".flash-success")).to_be_visible()
    assert len(posted) == 1

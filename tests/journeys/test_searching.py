"""Searching with the keyboard: pinyin, a completion, filters, pages, a slip of the fingers."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Route, expect

from resource_hub.domain.taxonomy import Kind
from resource_hub.domain.visibility import Audience
from tests.given import Given
from tests.journeys.conftest import Desk, LiveHub

pytestmark = pytest.mark.browser

EXERCISES = 22


def the_shelf(given: Given) -> None:
    """Twenty-two exercises and three lessons on fractions, and one on Pythagoras."""
    school = given.school("石桥小学")
    given.alliance(school)
    wang = given.teacher("王敏", school=school, account="wangmin")
    for number in range(1, EXERCISES + 1):
        given.published(
            by=wang,
            audience=Audience.PUBLIC,
            title=f"分数练习第{number}组",
            kind=Kind.EXERCISE,
            grades=("g3",) if number > 1 else ("g4",),
        )
    for title in ("分数的初步认识", "分数的意义", "分数与除法"):
        given.published(by=wang, audience=Audience.PUBLIC, title=title)
    given.published(
        by=wang,
        audience=Audience.PUBLIC,
        title="勾股定理的证明",
        summary="赵爽弦图。",
        text="用四个全等的直角三角形拼图。",
        school_stage="junior",
        grades=("g8",),
    )


@pytest.fixture
def reader(
    arrange: Callable[[Callable[[Given], None]], Path],
    start: Callable[[Path], LiveHub],
    desk: Callable[[LiveHub], Desk],
) -> Desk:
    """A stranger's desk before a hub whose index holds everything."""
    people = desk(start(arrange(the_shelf)))
    page = people.page()
    for _look in range(80):
        page.goto(f"{people.hub.url}/search?q=弦图")
        if page.locator("main mark").count():
            break
        page.wait_for_timeout(250)
    page.close()
    return people


def test_from_pinyin_to_the_second_page_and_back_from_a_slip(reader: Desk) -> None:
    page = reader.page()
    take_a_completion(page)
    narrow(page)
    turn_the_page(page)
    misspell(page)


def the_box(page: Page) -> Locator:
    return page.get_by_role("combobox", name="搜索资源库")


def take_a_completion(page: Page) -> None:
    """``/`` leads to the box; the list follows the typing, and Escape closes it alone."""
    page.keyboard.press("/")
    box = the_box(page)
    expect(box).to_be_focused()
    box.press_sequentially("fenshudechubu", delay=30)
    first = page.get_by_role("option").first
    expect(first).to_contain_text("分数的初步认识")
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_value("fenshudechubu")

    page.keyboard.type("r")
    expect(page.get_by_role("listbox")).to_be_visible()
    choose_before_the_answer(page)
    expect(first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", first.get_attribute("id") or "none")
    assert [found["id"] for found in Axe().run(page).response["violations"]] == []
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/search\?q="))
    expect(the_box(page)).to_have_value("分数的初步认识")
    expect(page.locator("#results .resource-card h2").first).to_have_text("分数的初步认识")


def choose_before_the_answer(page: Page) -> None:
    """An answer that comes after ArrowDown leaves the chosen one as it is."""
    late: list[Route] = []
    page.route("**/search/complete*", lambda route: late.append(route))  # noqa: PLW0108 - Playwright marks the function, a method cannot be marked
    with page.expect_request("**/search/complete*"):
        page.keyboard.type("e")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    page.evaluate(
        "() => { window.answered = new Promise((done) =>"
        " addEventListener('htmx:afterRequest', () => done(true), { once: true })) }"
    )
    late[0].continue_()
    assert page.evaluate("window.answered")
    page.unroute("**/search/complete*")


def narrow(page: Page) -> None:
    """Each choice is in the address at once, has its chip, and leaves the focus where it was."""
    the_box(page).fill("分数")
    page.keyboard.press("Enter")
    expect(page.locator("#results")).to_contain_text("25 条")
    exercise = page.get_by_role("checkbox", name=re.compile("^试题"))
    exercise.focus()
    page.keyboard.press("Space")
    page.wait_for_url(re.compile("kind=exercise"))
    expect(page.locator("#results")).to_contain_text(f"{EXERCISES} 条")
    expect(exercise).to_be_focused()
    page.get_by_role("checkbox", name=re.compile("^三年级")).check()
    page.wait_for_url(re.compile("grade=g3"))
    expect(page.locator("#results")).to_contain_text(f"{EXERCISES - 1} 条")
    expect(page.locator(".chosen li")).to_have_text(
        [re.compile("三年级"), re.compile("试题"), "清除"]
    )


def turn_the_page(page: Page) -> None:
    """The second page comes alone; arrows lead from the box through the cards and back."""
    page.evaluate("window.stayed = true")
    page.locator(".pager a[rel=next]").click()
    page.wait_for_url(re.compile("page=2"))
    expect(page.locator(".resource-card")).to_have_count(1)
    page.locator(".pager a[rel=prev]").click()
    expect(page.locator(".resource-card")).to_have_count(20)
    assert page.evaluate("window.stayed")
    titles = page.locator("#results .resource-card h2 a")
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    expect(titles.nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(titles.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(the_box(page)).to_be_focused()
    page.locator(".chosen").get_by_role("link", name="清除").click()
    expect(page.locator("#results")).to_contain_text("25 条")
    page.go_back()
    expect(page.locator("#results")).to_contain_text(f"{EXERCISES - 1} 条")


def misspell(page: Page) -> None:
    """The nearest is shown and said; what was typed can still be insisted on."""
    page.locator(".chosen").get_by_role("link", name="清除").click()
    expect(page.locator(".chosen")).to_have_count(0)
    the_box(page).fill("勾股定里")
    page.keyboard.press("Enter")
    expect(page.locator(".how-read")).to_contain_text("没有找到“勾股定里”")
    expect(page.locator("#results .resource-card h2")).to_have_text(["勾股定理的证明"])
    page.get_by_role("link", name="仍然搜索“勾股定里”").click()
    expect(page.locator("#results")).to_contain_text("0 条")
    assert "exact=1" in page.url


def test_without_a_script_and_on_a_phone_all_but_the_completion_is_there(reader: Desk) -> None:
    page = reader.page(script=False)
    the_box(page).fill("分数")
    page.locator("main").get_by_role("button", name="搜索").click()
    page.get_by_role("checkbox", name=re.compile("^试题")).check()
    page.get_by_role("button", name="查看结果").click()
    expect(page.locator("#results")).to_contain_text(f"{EXERCISES} 条")
    page.locator(".pager a[rel=next]").click()
    expect(page.locator(".resource-card")).to_have_count(EXERCISES - 20)

    phone = reader.page(width=360)
    phone.goto(f"{reader.hub.url}/search?q=分数")
    phone.get_by_role("link", name="筛选条件").click()
    phone.get_by_role("checkbox", name=re.compile("^教案")).check()
    phone.get_by_role("button", name="查看结果").click()
    expect(phone.locator("#results")).to_contain_text("3 条")
    expect(phone.locator(".filter-sheet")).to_be_hidden()

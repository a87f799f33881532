"""Looking into a file: with the keyboard, on a projector, on a phone, without a script."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from resource_hub.domain.visibility import Audience
from tests.files.made import pdf
from tests.given import Given
from tests.journeys.conftest import Desk, LiveHub

pytestmark = pytest.mark.browser

PAGES = 14
PATIENCE = 15_000  # milliseconds for a page to be drawn on a busy machine


def the_shelf(given: Given) -> None:
    """A lesson with slides as a PDF; nobody has looked into it yet."""
    school = given.school("石桥小学")
    given.alliance(school)
    wang = given.teacher("王敏", school=school, account="wangmin")
    draft = given.draft(by=wang, audience=Audience.PUBLIC, title="植物的一生")
    pages = [f"Seed and plant, step {number}" for number in range(1, PAGES + 1)]
    given.file(draft, by=wang, name="课件.pdf", content=pdf(*pages))
    given.admit(draft)


@pytest.fixture
def people(
    arrange: Callable[[Callable[[Given], None]], Path],
    start: Callable[[Path], LiveHub],
    desk: Callable[[LiveHub], Desk],
) -> Desk:
    return desk(start(arrange(the_shelf)))


def open_file(page: Page) -> None:
    """From the front page to the file, by its name beside the resource."""
    page.get_by_role("link", name="植物的一生").last.click()
    page.locator(".files .file-name a").click()
    shows(page, 1)


def shows(page: Page, number: int) -> None:
    """Page ``number`` is there, and its picture has come."""
    expect(page.locator("#stage")).to_have_attribute("data-page", str(number), timeout=PATIENCE)
    picture = page.locator("#sheet img")
    expect(picture).to_have_attribute(
        "src", re.compile(rf"/{number}/large\.webp"), timeout=PATIENCE
    )
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("picture => picture.naturalWidth") > 0


@pytest.mark.parametrize("width", [1280, 360])
def test_the_keyboard_turns_pages_and_sizes(people: Desk, width: int) -> None:
    page = people.page(width=width)
    seen: list[str] = []
    page.on("console", lambda message: seen.append(message.text))
    open_file(page)

    expect(page.get_by_text("键盘：← 和 → 翻页")).to_be_visible()
    page.keyboard.press("ArrowRight")
    shows(page, 2)
    assert page.url.endswith("?page=2")
    expect(page.locator("#thumbs [aria-current]")).to_have_attribute("data-page", "2")
    expect(page.locator("#said")).to_have_text(f"第 2 页，共 {PAGES} 页")
    page.keyboard.press("ArrowLeft")
    shows(page, 1)
    page.keyboard.press("End")
    shows(page, PAGES)
    page.keyboard.press("ArrowRight")
    shows(page, PAGES)
    page.keyboard.press("Home")
    shows(page, 1)

    page.keyboard.press("+")
    expect(page.locator(".tool-size")).to_have_text("100 %")
    page.keyboard.press("+")
    expect(page.locator("#sheet img")).to_have_js_property("width", 1800)
    page.keyboard.press("ArrowRight")
    shows(page, 2)
    assert page.url.endswith("?page=2&zoom=150")
    page.keyboard.press("-")
    expect(page.locator(".tool-size")).to_have_text("100 %")
    page.keyboard.press("-")
    expect(page.locator("#sheet")).to_have_class(re.compile("zoom-fit"))

    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert Axe().run(page).response["violations"] == []
    assert seen == []
    page.keyboard.press("Escape")
    expect(page.locator("h1")).to_have_text("植物的一生")


def test_the_screen_stays_full_while_pages_are_turned(people: Desk) -> None:
    page = people.page()
    open_file(page)

    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement?.id === 'desk'")
    page.keyboard.press("ArrowRight")
    shows(page, 2)
    page.keyboard.press(" ")
    shows(page, 3)
    assert page.evaluate("document.fullscreenElement?.id") == "desk"
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement === null")
    shows(page, 3)


def test_a_number_and_a_small_page_lead_to_a_page_and_back_leads_back(people: Desk) -> None:
    page = people.page()
    open_file(page)

    page.get_by_label("转到第几页").fill("5")
    page.keyboard.press("Enter")
    shows(page, 5)
    page.locator("#thumbs a[data-page='7']").click()
    shows(page, 7)
    page.go_back()
    shows(page, 5)
    page.reload()
    shows(page, 5)
    page.get_by_text("这一页的文字").click()
    expect(page.locator(".stage-text .as-written")).to_have_text("Seed and plant, step 5")


def test_everything_works_without_a_script(people: Desk) -> None:
    page = people.page(width=360, script=False)
    page.get_by_role("link", name="植物的一生").last.click()
    page.locator(".files .file-name a").click()
    expect(page.locator("#sheet img")).to_have_attribute(
        "src", re.compile("/1/large"), timeout=PATIENCE
    )

    page.get_by_role("link", name="下一页").click()
    expect(page.locator("#sheet img")).to_have_attribute("src", re.compile("/2/large"))
    page.get_by_role("link", name="放大").click()
    expect(page.locator(".tool-size")).to_have_text("100 %")
    page.get_by_label("转到第几页").fill("14")
    page.get_by_role("button", name="前往").click()
    expect(page.locator("#sheet img")).to_have_attribute(
        "src", re.compile("/14/large"), timeout=PATIENCE
    )
    assert page.url.endswith("?page=14&zoom=100")

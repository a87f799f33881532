"""Titles that nobody expected, on a phone: from right to left, without an end, like a formula."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from resource_hub.domain.catalogue import Month
from resource_hub.domain.visibility import Audience
from resource_hub.pack.data import PackEntry, PackIssue
from resource_hub.pack.sinks import opened
from resource_hub.pack.writer import write_pack
from resource_hub.services import catalogue
from resource_hub.services.ratings import rate
from tests.conftest import SHANGHAI
from tests.given import Given
from tests.journeys.conftest import Desk, LiveHub
from tests.pack.props import NOON, Bytes, contents, index_of, resource

pytestmark = [pytest.mark.browser, pytest.mark.long]

PHONE = 360
ARABIC = "مقدمة في الكسور (الدرس 1)"
TITLES = (ARABIC, "长" * 200, "Pneumono" * 25, "=1+1")

TURNED = """() => [...document.querySelectorAll("bdi")]
    .filter(each => each.textContent && getComputedStyle(each).direction === "rtl")
    .map(each => each.textContent)"""
TOO_WIDE = """() => [...document.querySelectorAll("body *")]
    .filter(each => each.getBoundingClientRect().right > innerWidth + 1)
    .filter(each => !each.closest(".pack-nav, .visually-hidden, [hidden]"))
    .map(each => each.outerHTML.slice(0, 120))"""


def is_well_laid_out(page: Page, *, turned: int) -> None:
    """Nothing sticks out of the phone, and Arabic alone runs from right to left."""
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE
    assert page.evaluate(TOO_WIDE) == []
    assert page.evaluate(TURNED) == [ARABIC] * turned


def test_pages_of_the_hub_bear_any_title(
    arrange: Callable[[Callable[[Given], None]], Path],
    start: Callable[[Path], LiveHub],
    desk: Callable[[LiveHub], Desk],
) -> None:
    places: dict[str, str] = {}

    def story(given: Given) -> None:
        school = given.school("实验小学")
        alliance = given.alliance(school)
        author, reader = given.teacher("أمينة", school=school), given.teacher(school=school)
        for title in TITLES:
            live = given.published(by=author, title=title, audience=Audience.PUBLIC)
            places[title] = f"/r/{live.resource.public_id}"
            rate(given.uow, reader, live.resource_id, 5)
        month = Month.of(given.uow.now(), SHANGHAI)
        issue = catalogue.publish(given.uow, given.administrator(), alliance.id, month)
        places["issue"] = f"/catalogue/{month}/{issue.alliance_id}"

    hub = start(arrange(story))
    page = desk(hub).page(width=PHONE)
    for title in TITLES:
        page.goto(hub.url + places[title])
        assert page.locator("h1").inner_text() == title
        assert page.locator("h1 bdi").count() == 1
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE
        assert page.evaluate(TOO_WIDE) == []
    page.goto(hub.url + places["issue"])
    titles = page.locator(".entry-title a").all_inner_texts()
    assert sorted(titles) == sorted(TITLES)
    csv = page.request.get(f"{hub.url}{places['issue']}/entries.csv").text()
    assert (ARABIC in csv, "'=1+1" in csv, ",=1+1" in csv) == (True, True, False)
    for path in (places["issue"], "/browse/subject/math", "/search?q=1"):
        page.goto(hub.url + path)
        assert page.locator("bdi", has_text=ARABIC).first.is_visible()
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE
        assert page.evaluate(TOO_WIDE) == []


@pytest.fixture
def on_stick(tmp_path: Path) -> str:
    """The address of a pack with these titles."""
    kept = Bytes()
    works = [
        resource(number, title=title, summary=title, author_name="王敏")
        for number, title in enumerate(TITLES, 1)
    ]
    entries = tuple(
        PackEntry(
            each.public_id, "new", each.title, "", "lesson_plan", "math", ("g3",), "一小", "王敏"
        )
        for each in works
    )
    issue = PackIssue("2026-10", 2, NOON.date(), "", entries, highlights=(("R-000001", "=1+1"),))
    it = contents(*works, issues=(issue,), index=index_of(*works))
    with opened(tmp_path / "资源包") as sink:
        write_pack(it, sink, kept.read, lambda _done: None)
    return (tmp_path / "资源包" / "index.html").as_uri()


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(
        offline=True, locale="zh-CN", viewport={"width": PHONE, "height": 800}
    )
    yield context.new_page()
    context.close()


def test_pages_of_the_pack_bear_any_title(on_stick: str, phone: Page) -> None:
    for place, turned in (("/", 1), ("/browse", 1), ("/issue/2026-10", 2), ("/search?q=1", 1)):
        phone.goto(f"{on_stick}#{place}")
        phone.wait_for_selector(f"html[data-drawn='#{place}'] bdi")
        is_well_laid_out(phone, turned=turned)
    for number, title in enumerate(TITLES, 1):
        phone.goto(f"{on_stick}#/r/R-00000{number}")
        phone.wait_for_selector(f"html[data-drawn='#/r/R-00000{number}'] bdi")
        assert phone.locator("h1 bdi").inner_text() == title
        is_well_laid_out(phone, turned=1 if title == ARABIC else 0)

"""Every kind of page, as people meet it: light, lined up, accessible, and without a script too."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.models import User
from resource_hub.models.database import open_database
from tests.journeys.conftest import Desk, LiveHub, serving
from tests.web.world import World, make_world

pytestmark = [pytest.mark.browser, pytest.mark.long]

MOST_BYTES = 100_000

PAGES = {
    "anonymous": [
        "/", "/search?q=课", "/search?q=没有这样的词", "/browse/subject", "/browse/grade",
        "/browse/school", "/browse/subject/math", "/r/{open}", "/r/{open}/view/{open_file}",
        "/catalogue", "/catalogue/{published}/{alliance}",
        "/help", "/help/teacher", "/help/search", "/help/errors", "/review-rules",
        "/sign-in", "/forgotten", "/reset/{token}", "/invited/forged", "/no/such/page",
    ],
    "author": [
        "/", "/search?q=没有这样的词", "/submit", "/submit/{draft}",
        "/submit/{draft}/authors?q=同事", "/my", "/my/notices",
        "/r/{shared}", "/r/{gone}", "/r/{waiting_id}", "/account", "/account/password", "/wishes",
        "/away", "/submit/{waiting}/alike",
        "/wishes/{wish}/answer", "/catalogue/{published}/{alliance}/round",
        "/my/figures?period={term}",
    ],
    "reviewer": [
        "/review", "/review/{waiting_submission}", "/review/{waiting_submission}/alike/{open}",
    ],
    "editor": [
        "/catalogue", "/catalogue/{unpublished}/{alliance}",
        "/catalogue/{unpublished}/{alliance}/draft", "/searches",
        "/catalogue/{published}/{alliance}/round/plan",
        "/catalogue/{published}/{alliance}/round/minutes",
        "/figures", "/figures/{alliance}/{term}", "/figures/{alliance}/{term}/list/submitted",
        "/figures/{alliance}/{school_year}/annual", "/figures/{alliance}/rules",
    ],
    "coordinator": [
        "/admin", "/admin/people", "/admin/people/{person}", "/away/{person}",
        "/inbox/how-reviews-go", "/inbox/reported", "/review/{waiting_submission}/invitations",
        "/figures", "/figures/{alliance}/{term}/schools/{school_id}",
    ],
    "administrator": [
        "/admin", "/admin/schools", "/admin/alliances/{alliance}", "/admin/people",
        "/admin/people/{person}", "/admin/terms/subject", "/admin/search-words",
        "/admin/holidays/2027", "/admin/jobs",
        "/admin/forms/all",
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> World:
    return make_world(tmp_path_factory.mktemp("world"), sqlite_template)


@pytest.fixture(scope="module")
def hub(world: World) -> Iterator[LiveHub]:
    with serving(world.folder) as live:
        yield live


@pytest.fixture(scope="module")
def account(world: World) -> Callable[[str], str]:
    """The account name of one of the world's people; empty for the anonymous."""

    def find(name: str) -> str:
        engine = open_database(f"sqlite:///{world.folder / 'hub.db'}")
        with Session(engine) as session:
            found = session.scalar(select(User.account).where(User.id == world.people[name].id))
        engine.dispose()
        return found or ""

    return find


@pytest.mark.parametrize("name", PAGES)
def test_each_page_is_light_and_without_a_violation(
    world: World, hub: LiveHub, chromium: Browser, account: Callable[[str], str], name: str
) -> None:
    people = Desk(hub, chromium, [])
    page = people.page(account(name))
    seen: list[str] = []
    page.on("console", lambda message: seen.append(f"{page.url}: {message.text}"))
    for path in PAGES[name]:
        weight = weigh(page, hub.url + path.format(**world.places))
        if weight > MOST_BYTES:
            seen.append(f"{path} weighs {weight} bytes")
        result = Axe().run(page)
        seen += [
            f"{path}: {violation['id']} {violation['nodes'][0]['target']}"
            for violation in result.response["violations"]
        ]
    people.leave()
    expected = "Failed to load resource"  # the browser's own line for a 404 or 410 page
    assert [line for line in seen if expected not in line] == []


def weigh(page: Page, url: str) -> int:
    """Open ``url`` with an empty cache; the bytes that came over the line, without previews."""
    sizes: list[int] = []

    def add(answer: Response) -> None:
        kind = answer.headers.get("content-type", "")
        if not kind.startswith(("image/webp", "image/png", "image/jpeg", "video/")):
            sizes.append(answer.request.sizes()["responseBodySize"])

    client = page.context.new_cdp_session(page)
    client.send("Network.setCacheDisabled", {"cacheDisabled": True})
    answers: list[Response] = []

    def note(answer: Response) -> None:
        answers.append(answer)

    page.on("response", note)
    page.goto(url, wait_until="load")
    page.remove_listener("response", note)
    for answer in answers:
        add(answer)
    client.detach()
    return sum(sizes)


@pytest.mark.parametrize("width", [360, 768])
@pytest.mark.parametrize("name", PAGES)
def test_no_page_scrolls_sideways(
    world: World,
    hub: LiveHub,
    chromium: Browser,
    account: Callable[[str], str],
    name: str,
    width: int,
) -> None:
    people = Desk(hub, chromium, [])
    page = people.page(account(name), width=width)
    wide = []
    for path in PAGES[name]:
        page.goto(hub.url + path.format(**world.places))
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(path)
    people.leave()
    assert wide == []


@pytest.mark.parametrize(
    ("locale", "lang", "word"),
    [("zh-CN", "zh-Hans", "搜索"), ("zh-TW", "zh-Hant", "搜尋"), ("en-GB", "zh-Hans", "搜索")],
)
def test_a_page_speaks_the_language_of_the_browser_else_the_hubs(
    hub: LiveHub, chromium: Browser, locale: str, lang: str, word: str
) -> None:
    context = chromium.new_context(locale=locale)
    page = context.new_page()
    page.goto(hub.url)
    assert page.locator("html").get_attribute("lang") == lang
    assert page.locator("form[role=search] button, .search-box button").first.inner_text() == word
    context.close()

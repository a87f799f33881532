"""A film of an old camera, with subtitles in Big5, in a browser that cannot play either."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from resource_hub.domain.visibility import Audience
from tests.files.films import Film
from tests.given import Given
from tests.journeys.conftest import Desk, LiveHub

pytestmark = pytest.mark.browser

SAID = (
    "1\n00:00:00,200 --> 00:00:01,500\n我們看月亮。\n\n2\n00:00:02,000 --> 00:00:02,800\n下課。\n"
)


def test_an_old_film_plays_with_its_subtitles(
    arrange: Callable[[Callable[[Given], None]], Path],
    start: Callable[[Path], LiveHub],
    desk: Callable[[LiveHub], Desk],
    tmp_path: Path,
) -> None:
    film = Film("moon.avi", "mpeg4", "mp3").write(tmp_path).read_bytes()
    addresses: list[str] = []

    def story(given: Given) -> None:
        wang = given.teacher("王敏", school=given.home())
        draft = given.draft(by=wang, audience=Audience.PUBLIC, title="月相")
        given.file(draft, by=wang, name="月相.avi", content=film)
        given.file(draft, by=wang, name="月相.srt", content=SAID.encode("big5"))
        revision = given.admit(draft)
        given.session.refresh(revision, ["resource"])
        addresses.append(f"/r/{revision.resource.public_id}")

    hub = start(arrange(story))
    page = desk(hub).page()
    _wait_for_the_film(page, f"{hub.url}{addresses[0]}")

    playing = _played(page)

    assert playing == {"error": None, "width": 160, "cues": ["我們看月亮。", "下課。"]}
    assert Axe().run(page).violations_count == 0
    page.goto(f"{hub.url}{addresses[0]}?t=2")
    _played(page)
    assert page.evaluate("document.querySelector('video').currentTime") >= 2
    without = desk(hub).page(script=False, width=360)
    without.goto(f"{hub.url}{addresses[0]}")
    expect(without.locator("video")).to_have_attribute("preload", "none")
    page.goto(f"{hub.url}/search?q=看月亮")
    page.get_by_role("link", name="0:00").click()
    expect(page.locator("video")).to_be_visible()


def _wait_for_the_film(page: Page, url: str) -> None:
    """The page says that it is being prepared, then it is there."""
    deadline = time.monotonic() + 60
    while True:
        page.goto(url)
        if page.locator("video").count():
            return
        assert time.monotonic() < deadline
        page.wait_for_timeout(300)  # between two looks at a condition, with a deadline


def _played(page: Page) -> Any:  # Any: what the browser says
    """Press play, and wait until something has been seen."""
    return page.evaluate(
        """() => new Promise((done) => {
            const video = document.querySelector('video');
            const track = video.textTracks[0];
            const seen = () => {
                if (video.error || (video.currentTime > 0.3 && track.cues?.length)) {
                    done({error: video.error?.message ?? null, width: video.videoWidth,
                          cues: [...track.cues].map((cue) => cue.text)});
                } else { setTimeout(seen, 50); }
            };
            video.muted = true;
            video.play().catch(() => undefined);
            seen();
        })"""
    )

"""Who stands behind a resource is said on its card, wherever the card is, and on its page."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from resource_hub.domain.catalogue import Month
from resource_hub.domain.visibility import Audience
from resource_hub.services import catalogue
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Clock, Given
from tests.web.conftest import SignsIn
from tests.web.reading import in_english, read

ALLIANCE = 1
"""The number of the only alliance."""


@pytest.fixture
def reader(given: Given, browser_as: SignsIn, settle: Callable[[], None]) -> FlaskClient:
    """A colleague of the author, with a work of every badge that one school can have."""
    village, town = given.school(), given.school()
    alliance = given.alliance(village, town)
    author = given.teacher(school=village)
    first = given.reviewer(school=village)
    final = given.reviewer(school=town, alliance=alliance)
    given.published(by=author, title="分数一")
    own = given.submitted(by=author, title="分数二", audience=Audience.SCHOOL)
    given.through_review(own, first)
    given.through_review(given.submitted(by=author, title="分数三"), first, final)
    settle()
    return in_english(browser_as(given.teacher(school=village)))


@pytest.mark.parametrize("address", ["/search?q=分数", "/browse/subject/math"])
def test_each_card_says_who_stands_behind_it(reader: FlaskClient, address: str) -> None:
    page = read(reader, address).text
    for badge in ("Not reviewed", "Endorsed by the school", "Endorsed by the alliance"):
        assert page.count(badge) == 1


def test_each_entry_of_the_monthly_issue_says_it_too(
    reader: FlaskClient, uow: UnitOfWork, given: Given, clock: Clock
) -> None:
    clock.pass_(hours=1)
    catalogue.publish(uow, given.administrator(), ALLIANCE, Month(2026, 10))
    issue = reader.get(f"/catalogue/2026-10/{ALLIANCE}").text
    entries = [line for line in issue.split("<li>\n") if 'class="entry-title"' in line]
    chips = {
        re.findall(r"分数.", entry)[0]: re.findall(r'class="(trust[^"]*)">.*?</svg>([^<]*)', entry)
        for entry in entries
    }
    assert chips == {
        "分数一": [("trust", "Not reviewed")],
        "分数三": [("trust trust-alliance", "Endorsed by the alliance")],
    }


def test_the_page_shows_every_badge_with_what_it_means(reader: FlaskClient) -> None:
    page = read(reader, read(reader, "/search?q=分数三").links["分数三"]).text
    assert "Members of the alliance, from other schools, judged this version" in page
    assert "Members of the author’s school judged this version" in page
    assert "nobody in the hub has reviewed it" not in page

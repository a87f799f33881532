"""From one submission to the next, in the list from which a reviewer came."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.models import Submission, User
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Clock, Given
from tests.opinions import ANSWERS
from tests.services.turns import give
from tests.web.conftest import SignsIn
from tests.web.test_inbox import Cast


@pytest.fixture
def cast(given: Given, session: Session) -> Cast:
    return Cast(given, session)


@pytest.fixture
def four(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> dict[str, int]:
    """Two that nobody has, one of the reviewer, one of the colleague; one an hour."""
    found = {}
    for title, holder in (
        ("第一课", None), ("第二课", cast.second), ("第三课", cast.reviewer), ("第四课", None),
    ):  # fmt: skip
        revision = given.submitted(by=cast.author, title=title)
        submission = session.scalars(
            select(Submission).where(Submission.revision_id == revision.id)
        ).one()
        give(uow, submission, holder)
        found[title] = submission.id
        clock.pass_(hours=1)
    return found


def links(page: str) -> dict[str, str]:
    """Where the keys of the desk lead."""
    found = re.findall(r'href="([^"]+)" data-beside="([jk])"', page)
    return {key: address.replace("&amp;", "&") for address, key in found}


def walked(browser: FlaskClient, start: str, key: str) -> list[str]:
    """The headings on the way, from the desk at ``start``."""
    titles, address = [], start
    while address:
        page = browser.get(address).text
        titles.append(re.findall(r"<h1[^>]*><bdi>([^ <]+)", page)[0])
        address = links(page).get(key, "")
    return titles


def first_line(browser: FlaskClient, path: str) -> str:
    found: list[str] = re.findall(r'<h2><a href="(/review/[^"]+)"', browser.get(path).text)
    return found[0].replace("&amp;", "&")


def test_the_keys_go_through_the_list_as_it_was_filtered_and_sorted(
    browser_as: SignsIn, cast: Cast, four: dict[str, int]
) -> None:
    browser = browser_as(cast.reviewer)
    assert walked(browser, first_line(browser, "/review"), "j") == [
        "第三课", "第一课", "第四课", "第二课",
    ]  # fmt: skip
    by_age = first_line(browser, "/review?order=age")
    assert by_age == f"/review/{four['第一课']}?list=order%3Dage"
    assert walked(browser, by_age, "j") == ["第一课", "第二课", "第三课", "第四课"]
    last = f"/review/{four['第四课']}?list=order%3Dage"
    assert walked(browser, last, "k") == ["第四课", "第三课", "第二课", "第一课"]
    free = first_line(browser, "/review?whose=free")
    assert walked(browser, free, "j") == ["第一课", "第四课"]
    assert '<a href="/review?whose=free">Back to the list</a>' in browser.get(free).text


def test_a_coordinator_walks_through_what_a_person_holds(
    browser_as: SignsIn, cast: Cast, four: dict[str, int]
) -> None:
    browser = browser_as(cast.coordinator)
    path = f"/inbox/held?holder={cast.second.id}"
    start = first_line(browser, path)
    assert start == f"/review/{four['第二课']}?list=holder%3D{cast.second.id}"
    assert walked(browser, start, "j") == ["第二课"]
    assert f'<a href="{path}">Back to the list</a>' in browser.get(start).text
    assert len(walked(browser, first_line(browser, "/inbox/held"), "j")) == 4


@pytest.mark.parametrize("number", ["2147483648", "9" * 250, "٣"])
def test_a_holder_whom_nobody_can_be_is_passed_over(
    browser_as: SignsIn, cast: Cast, four: dict[str, int], number: str
) -> None:
    page = browser_as(cast.coordinator).get(f"/review/{four['第二课']}?list=holder%3D{number}")
    assert (page.status_code, '<a href="/inbox/held">' in page.text) == (200, True)


def decide(browser: FlaskClient, number: int, action: str, **form: object) -> str:
    """Where a decision leads."""
    page = browser.get(f"/review/{number}").text
    digest = re.findall(r'name="form" value="([^"]+)"', page)[0]
    answer = browser.post(
        f"/review/{number}/{action}", data=ANSWERS | {"form": digest, "comment": "很好"} | form
    )
    assert answer.status_code == 303
    return str(answer.location)


def test_after_a_decision_comes_the_next_that_is_mine_or_free(
    browser_as: SignsIn, cast: Cast, four: dict[str, int]
) -> None:
    browser = browser_as(cast.reviewer)
    age = "order=age"
    following = decide(browser, four["第一课"], "request_changes", list=age)
    assert following == f"/review/{four['第三课']}?list=order%3Dage"
    page = browser.get(following).text
    assert "“第一课” is back with 王敏" in page
    assert f'data-forget-opinion="opinion:{cast.reviewer.id}:{four["第一课"]}"' in page
    following = decide(browser, four["第三课"], "request_changes", list=age)
    assert following == f"/review/{four['第四课']}?list=order%3Dage"
    assert decide(browser, four["第四课"], "request_changes", list=age) == "/review?order=age"


def test_at_the_end_of_the_list_it_goes_on_at_its_beginning(
    browser_as: SignsIn, cast: Cast, four: dict[str, int]
) -> None:
    browser = browser_as(cast.reviewer)
    following = decide(browser, four["第四课"], "request_changes", list="")
    assert following == f"/review/{four['第三课']}"


def test_a_refused_decision_keeps_the_list_and_nonsense_is_the_usual_one(
    browser_as: SignsIn, cast: Cast, four: dict[str, int]
) -> None:
    browser = browser_as(cast.reviewer)
    refused = browser.post(
        f"/review/{four['第一课']}/reject", data={"list": "order=age", "comment": ""}
    )
    assert refused.status_code == 422
    assert '<input type="hidden" name="list" value="order=age">' in refused.text
    for nonsense in ("%3Dx%26order%3Dup", "holder%3D1", "x" * 5_000):
        page = browser.get(f"/review/{four['第三课']}?list={nonsense}")
        assert (page.status_code, "第一课" in browser.get(links(page.text)["j"]).text) == (
            200,
            True,
        )


def test_holding_leads_back_to_the_list(
    browser_as: SignsIn, cast: Cast, four: dict[str, int]
) -> None:
    browser = browser_as(cast.reviewer)
    desk = f"/review/{four['第三课']}"
    taken = browser.post(f"{desk}/claim", data={"list": "whose=mine"})
    assert taken.location == f"{desk}?list=whose%3Dmine"
    given_back = browser.post(f"{desk}/release", data={"list": "whose=mine"})
    assert given_back.location == "/review?whose=mine"


def test_an_authors_own_work_has_no_list(
    browser_as: SignsIn, cast: Cast, session: Session, four: dict[str, int]
) -> None:
    session.get_one(User, cast.author.id).language = "en"
    assert browser_as(cast.author).get(f"/review/{four['第一课']}").status_code == 403

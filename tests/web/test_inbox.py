"""The inbox as people use it: ticks, the bar, and who holds what."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.domain.policy import Policy
from resource_hub.domain.review import Action, Reason, Stage, State
from resource_hub.models import Revision, Submission, User
from resource_hub.services.assigning import holders
from resource_hub.services.review import take_step
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Given
from tests.services.turns import TODAY, give
from tests.web.conftest import SignsIn


class Cast:
    def __init__(self, given: Given, session: Session) -> None:
        self.town, self.village = given.school("镇中心小学"), given.school("山口小学")
        self.alliance = given.alliance(self.town, self.village)
        self.author = given.teacher("王敏", school=self.village)
        self.reviewer = given.reviewer("李老师", school=self.village)
        self.second = given.reviewer("周老师", school=self.village)
        self.coordinator = given.coordinator("校管理员", school=self.village)
        for person in (self.author, self.reviewer, self.second, self.coordinator):
            session.get_one(User, person.id).language = "en"


@pytest.fixture
def cast(given: Given, session: Session) -> Cast:
    return Cast(given, session)


@pytest.fixture
def two(session: Session, uow: UnitOfWork, given: Given, cast: Cast) -> list[Submission]:
    for title in ("第一课", "第二课"):
        given.submitted(by=cast.author, title=title)
    found = list(session.scalars(select(Submission).order_by(Submission.id)))
    for submission in found:
        give(uow, submission)
    return found


def ticks(browser: FlaskClient, path: str = "/review") -> list[str]:
    """The values of the boxes on the page, in their order."""
    return re.findall(r'name="chosen" value="([^"]+)" form="together"', browser.get(path).text)


def press(browser: FlaskClient, act: str, chosen: list[str], path: str = "/review") -> str:
    """The page after the button."""
    answer = browser.post("/inbox/together", data={"act": act, "chosen": chosen, "next": path})
    assert (answer.status_code, answer.location) == (303, path)
    return browser.get(path).text


def names(session: Session, submission: Submission) -> list[str]:
    session.rollback()
    return [held.name for held in holders(session, [submission.id])[submission.id]]


def test_what_is_ticked_is_taken_and_given_back(
    browser_as: SignsIn, cast: Cast, session: Session, two: list[Submission]
) -> None:
    browser = browser_as(cast.reviewer)
    chosen = ticks(browser)
    assert len(chosen) == 2
    page = press(browser, "claim", chosen)
    assert "2 are yours to judge now." in page
    assert [names(session, each) for each in two] == [["李老师"], ["李老师"]]
    assert "1 is given back; another reviewer takes over." in press(browser, "release", chosen[:1])
    assert sorted("李老师" in names(session, each) for each in two) == [False, True]


def test_a_colleague_who_was_faster_is_named_and_the_rest_is_done(
    browser_as: SignsIn, cast: Cast, uow: UnitOfWork, two: list[Submission]
) -> None:
    browser = browser_as(cast.reviewer)
    chosen = ticks(browser)
    take_step(uow, cast.second, two[0].revision_id, Action.CLAIM)
    page = press(browser, "claim", chosen)
    assert "1 is yours to judge now." in page
    assert "“第一课”: 周老师 was faster." in page


def test_nothing_ticked_and_nonsense_are_answered_with_a_sentence(
    browser_as: SignsIn, cast: Cast, two: list[Submission]
) -> None:
    del two
    browser = browser_as(cast.reviewer)
    assert "Tick the lines first that you mean." in press(browser, "claim", [])
    assert "Tick the lines first" in press(browser, "claim", ["x:1", "", "1:", "9" * 40 + ":1"])
    assert browser.post("/inbox/together", data={"act": "burn"}).status_code == 404


def test_a_stranger_learns_no_title_by_ticking(
    browser_as: SignsIn, given: Given, cast: Cast, two: list[Submission]
) -> None:
    stranger = given.reviewer("外校", school=cast.town)
    page = press(browser_as(stranger), "claim", [f"{two[0].id}:1"])
    assert "第一课" not in page
    assert "没有这份送审的资源，或者它不归您审核。" in page


def test_small_changes_are_named_before_they_are_approved_together(
    browser_as: SignsIn, cast: Cast, session: Session, two: list[Submission]
) -> None:
    browser = browser_as(cast.reviewer)
    assert 'value="approve"' not in browser.get("/review").text
    two[0].fast_lane, two[0].policy = True, Policy((Stage.SCHOOL,), {Stage.SCHOOL: 1})
    chosen = ticks(browser)
    assert 'value="approve"' in browser.get("/review").text
    form = {"act": "approve", "chosen": chosen, "next": "/review"}
    page = browser.post("/inbox/together", data=form)
    assert page.status_code == 200
    assert "Approve 1 small change?" in page.text
    assert "第一课" in page.text
    assert "1 that you ticked is no small change" in page.text
    session.rollback()
    assert session.get_one(Revision, two[0].revision_id).state is State.IN_REVIEW
    sure = form | {"chosen": chosen[:1], "sure": "1"}
    criteria = re.findall(r'name="(met-0)" value="([^"]+)"', page.text)
    assert len(criteria) == 7
    open_still = browser.post(
        "/inbox/together", data=sure | {"met-0": [value for _name, value in criteria[1:]]}
    )
    assert open_still.status_code == 422
    assert "Tick each criterion that all of these meet." in open_still.text
    assert open_still.text.count(" checked") == 6
    session.rollback()
    assert session.get_one(Revision, two[0].revision_id).state is State.IN_REVIEW
    browser.post("/inbox/together", data=sure | {"met-0": [value for _name, value in criteria]})
    session.rollback()
    assert session.get_one(Revision, two[0].revision_id).state is State.PUBLISHED
    refused = press(browser, "approve", chosen[1:])
    assert "Only small changes are approved together" in refused


def test_the_page_says_why_a_small_change_must_be_opened(
    browser_as: SignsIn, cast: Cast, two: list[Submission]
) -> None:
    two[0].fast_lane, two[0].policy = True, Policy((Stage.SCHOOL,), lowest_mean=3.0)
    two[1].fast_lane, two[1].policy = True, Policy((Stage.SCHOOL,), vetoes=frozenset())
    browser = browser_as(cast.reviewer)
    why = "By its rules the scores decide too, and they are given one by one. Open it and judge"
    chosen = [f"{each.id}:1" for each in two]
    page = browser.post("/inbox/together", data={"act": "approve", "chosen": chosen}).text
    assert f"{why} it: “第一课”" in page
    assert "Approve 1 small change?" in page
    assert "met-0" not in page
    assert why in press(browser, "approve", chosen[:1])


def test_filters_stay_in_the_address_and_nonsense_is_no_failure(
    browser_as: SignsIn, cast: Cast, uow: UnitOfWork, two: list[Submission]
) -> None:
    give(uow, two[0], cast.reviewer, due=TODAY)
    browser = browser_as(cast.reviewer)
    page = browser.get("/review?whose=mine&order=due&subject=math").text
    assert "第一课" in page
    assert "第二课" not in page
    assert "due today" in page
    assert "/review?subject=math&amp;whose=free&amp;order=due" in page
    for query in ("?whose=x&order=y&kind=z&stage=q&late=2&page=99", "?page=-1&subject='"):
        assert browser.get(f"/review{query}").status_code == 200


def test_the_coordinator_sees_who_has_what_and_reminds_them(
    browser_as: SignsIn, cast: Cast, uow: UnitOfWork, two: list[Submission]
) -> None:
    give(uow, two[0], cast.second, due=TODAY)
    browser = browser_as(cast.coordinator)
    page = browser.get("/inbox/held").text
    for words in ("周老师", "1 submission", "Nobody", "第一课", "第二课"):
        assert words in page
    theirs = f"/inbox/held?holder={cast.second.id}"
    assert "第二课" not in browser.get(theirs).text
    assert "第一课" not in browser.get("/inbox/held?holder=0").text
    assert browser.get("/inbox/held?holder=999999").status_code == 200
    page = press(browser, "remind", ticks(browser, theirs), theirs)
    assert "The reviewers of 1 submission are reminded." in page
    told = browser_as(cast.second).get("/my/notices").text
    assert "校管理员 asks you to look at “第一课”: it waits for your review." in told
    assert f"/review/{two[0].id}" in told


def test_the_inbox_leads_to_the_box_in_which_something_waits(
    browser_as: SignsIn, cast: Cast, uow: UnitOfWork, two: list[Submission]
) -> None:
    def leads(person: Person) -> str:
        return browser_as(person).get("/inbox").location

    assert leads(cast.reviewer) == "/review"
    take_step(uow, cast.reviewer, two[0].revision_id, Action.REQUEST_CHANGES, comment="请补充板书")
    assert leads(cast.author) == "/inbox/answer"
    page = browser_as(cast.author).get("/inbox/answer").text
    assert "李老师 writes: 请补充板书" in page
    assert f"/submit/{two[0].revision_id}" in page


def test_what_is_ticked_is_handed_over_after_a_person_was_chosen(
    browser_as: SignsIn, cast: Cast, uow: UnitOfWork, session: Session, two: list[Submission]
) -> None:
    give(uow, two[0], cast.second)
    browser = browser_as(cast.coordinator)
    chosen = ticks(browser, "/inbox/held")
    form = {"act": "hand_over", "chosen": chosen, "next": "/inbox/held"}
    page = browser.post("/inbox/together", data=form)
    assert (page.status_code, "Hand over 2 submissions" in page.text) == (200, True)
    assert "李老师 (0 to review)" in page.text
    assert "第一课" in page.text
    again = browser.post("/inbox/together", data=form | {"note": "请尽快", "successor": ""})
    assert again.status_code == 422
    assert "Choose a person from the list." in again.text
    assert "请尽快</textarea>" in again.text
    long = browser.post(
        "/inbox/together", data=form | {"note": "字" * 1_001, "successor": cast.reviewer.id}
    )
    assert (long.status_code, "字" * 1_001 in long.text) == (422, True)
    browser.post("/inbox/together", data=form | {"successor": cast.second.id, "note": "请尽快"})
    page = browser.get("/inbox/held")
    assert "1 is handed over." in page.text
    assert "“第一课”: This person may not review it, or had it already" in page.text
    assert [names(session, each) for each in two] == [["周老师"], ["周老师"]]


def test_who_has_nothing_to_hand_over_is_told_so(
    browser_as: SignsIn, cast: Cast, two: list[Submission]
) -> None:
    browser = browser_as(cast.reviewer)
    assert 'value="hand_over"' not in browser.get("/review").text
    page = press(browser, "hand_over", [f"{each.id}:1" for each in two])
    assert "None of these is yours to hand over: you do not have it to review." in page


def test_a_rejection_stands_among_what_is_to_be_answered_with_the_appeal(
    browser_as: SignsIn, cast: Cast, uow: UnitOfWork, two: list[Submission]
) -> None:
    take_step(
        uow, cast.reviewer, two[0].revision_id, Action.REJECT,
        comment="第三页有误", reason=Reason.CORRECTNESS,
    )  # fmt: skip
    browser = browser_as(cast.author)
    page = browser.get("/inbox/answer").text
    assert "第三页有误" in page
    appeal = f"/my/{two[0].revision_id}/appeal"
    assert f'action="{appeal}"' in page
    assert f'href="/thread/{two[0].id}"' in page
    browser.post(appeal, data={"comment": "请再看一遍"})
    assert "Nothing waits for your answer" in browser.get("/inbox/answer").text

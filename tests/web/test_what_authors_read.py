"""What an author reads of a review, on every page; and the note that stands on none of them."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.domain.review import Action, Reason
from resource_hub.domain.review_form import Sheet
from resource_hub.domain.visibility import Audience
from resource_hub.models import Resource, Revision
from resource_hub.services.review import take_step
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Given
from tests.opinions import ANSWERED
from tests.web.conftest import SignsIn
from tests.web.test_review_pages import Cast, number_of, speak_english

HIDDEN = "像是别处抄来的"
SHEET = Sheet(
    {**ANSWERED.passes, "science": False},
    {**ANSWERED.scores, "effect": 1},
    strengths="情境贴近生活",
    changes="请补板书设计",
    hidden_note=HIDDEN,
)


@pytest.fixture
def cast(given: Given, session: Session) -> Cast:
    cast = Cast(given)
    speak_english(cast.author, session)
    return cast


@pytest.mark.parametrize("action", [Action.REQUEST_CHANGES, Action.REJECT, Action.APPROVE])
def test_the_hidden_note_is_on_no_page_of_the_author(
    uow: UnitOfWork, given: Given, cast: Cast, session: Session, browser_as: SignsIn,
    action: Action,
) -> None:  # fmt: skip
    revision = given.submitted(by=cast.author, audience=Audience.SCHOOL)
    number = number_of(session, revision)
    sheet = SHEET if action is not Action.APPROVE else replace(SHEET, passes=ANSWERED.passes)
    take_step(uow, cast.reviewer, revision.id, action, sheet=sheet, reason=Reason.QUALITY)
    public_id = session.get_one(Resource, revision.resource_id).public_id
    author, read = browser_as(cast.author), {}
    for address in (
        "/my", "/my/notices", f"/r/{public_id}", f"/r/{public_id}/v/1", f"/submit/{revision.id}",
        f"/my/{revision.id}/remarks", f"/thread/{number}", "/inbox/answer", f"/review/{number}",
        "/account",
    ):  # fmt: skip
        read[address] = author.get(address, follow_redirects=True).text
    assert [address for address, page in read.items() if HIDDEN in page] == []
    assert "情境贴近生活" in read["/my"]
    assert HIDDEN in browser_as(cast.second).get(f"/review/{number}").text


def test_the_author_reads_criteria_scores_strengths_and_what_to_change(
    uow: UnitOfWork, given: Given, cast: Cast, session: Session, browser_as: SignsIn
) -> None:
    revision = given.submitted(by=cast.author, audience=Audience.SCHOOL)
    take_step(uow, cast.reviewer, revision.id, Action.REQUEST_CHANGES, sheet=SHEET)
    public_id = session.get_one(Resource, revision.resource_id).public_id
    author = browser_as(cast.author)
    for address in ("/my", f"/r/{public_id}/v/1", f"/submit/{revision.id}"):
        page = author.get(address).text
        for words in ("Not met: Correctness", "Mean 3.4", "Effect <b>1</b>", "情境贴近生活",
                      "请补板书设计"):  # fmt: skip
            assert words in page, (address, words)


def test_what_one_stage_said_is_read_while_the_next_one_judges(
    uow: UnitOfWork, given: Given, cast: Cast, session: Session, browser_as: SignsIn
) -> None:
    revision = given.submitted(by=cast.author)
    take_step(uow, cast.reviewer, revision.id, Action.APPROVE, sheet=ANSWERED)
    public_id = session.get_one(Resource, revision.resource_id).public_id
    page = browser_as(cast.author).get(f"/r/{public_id}/v/1").text
    assert "What reviewers said" in page  # the school's stage is over
    assert "Mean 4.0" in page


def test_others_read_nothing_of_how_it_was_judged(
    uow: UnitOfWork, given: Given, cast: Cast, session: Session, browser_as: SignsIn
) -> None:
    revision = given.submitted(by=cast.author, audience=Audience.SCHOOL)
    sheet = Sheet(ANSWERED.passes, ANSWERED.scores, "情境贴近生活", hidden_note=HIDDEN)
    take_step(uow, cast.reviewer, revision.id, Action.APPROVE, sheet=sheet)
    colleague = given.teacher(school=cast.village)
    page = _page(browser_as, colleague, session, revision)
    assert "情境贴近生活" not in page
    assert HIDDEN not in page


def _page(browser_as: SignsIn, person: Person, session: Session, revision: Revision) -> str:
    public_id = session.get_one(Resource, revision.resource_id).public_id
    return browser_as(person).get(f"/r/{public_id}").text

"""The page of wishes: one list for the schools of an alliance, from a wish to its answer."""

from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.domain.visibility import Audience
from resource_hub.edge.extensions import db
from resource_hub.models import Revision, Wish
from resource_hub.services.queries.wishes import PER_PAGE, count_open_wishes
from resource_hub.services.unit_of_work import UnitOfWork
from resource_hub.services.wishes import leave_wish
from tests.given import Clock, Given
from tests.web.conftest import SignsIn
from tests.web.reading import Page, Statements, in_english, read

WORDS = {"text": "圆的面积", "subject": "math", "grade": "g6", "note": "要有动画"}


@dataclass
class Cast:
    """People of two schools in one alliance, and one of a school outside it."""

    wang: Person
    colleague: Person
    neighbour: Person
    stranger: Person


@pytest.fixture
def cast(given: Given) -> Cast:
    village, town = given.school("山口小学"), given.school("镇中心小学")
    given.alliance(village, town)
    return Cast(
        given.teacher("王敏", school=village),
        given.teacher("李强", school=village),
        given.teacher("赵云", school=town),
        given.teacher("远方", school=given.school()),
    )


@pytest.fixture
def wang(cast: Cast, browser_as: SignsIn) -> FlaskClient:
    return in_english(browser_as(cast.wang))


@pytest.fixture
def neighbour(cast: Cast, browser_as: SignsIn) -> FlaskClient:
    return in_english(browser_as(cast.neighbour))


def only_wish(session: Session) -> int:
    session.rollback()
    return session.scalars(select(Wish.id)).one()


def test_a_wish_is_seen_by_the_alliance_and_by_nobody_else(
    wang: FlaskClient, cast: Cast, browser_as: SignsIn, session: Session
) -> None:
    answer = wang.post("/wishes", data=WORDS)
    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        f"/wishes#wish-{only_wish(session)}",
    )
    page = read(wang, "/wishes")
    assert page.headings == ["1 wish", "圆的面积 You wish this", "Leave a wish"]
    for person in (cast.colleague, cast.neighbour):
        page = read(browser_as(person), "/wishes")
        assert "圆的面积" in page.headings
        assert "王敏山口小学since 12 Oct" in page.text
        assert "要有动画" in page.text
    page = read(browser_as(cast.stranger), "/wishes")
    assert page.headings == ["Nobody wishes for anything", "Leave a wish"]


def test_pressing_twice_is_one_wish_and_a_neighbour_joins_it(
    wang: FlaskClient, neighbour: FlaskClient, session: Session
) -> None:
    for _ in range(2):
        answer = wang.post("/wishes", data=WORDS, follow_redirects=True)
        assert "“圆的面积” is on the list of wishes." in answer.text
    answer = neighbour.post("/wishes", data=WORDS | {"note": ""}, follow_redirects=True)
    assert "2 people wish for “圆的面积” now." in answer.text
    assert "2 people wish this" in Page(answer).text
    only_wish(session)


def test_a_wish_is_joined_and_taken_back_with_a_button(
    wang: FlaskClient, neighbour: FlaskClient, session: Session
) -> None:
    wang.post("/wishes", data=WORDS)
    wish = only_wish(session)
    assert f"/wishes/{wish}/join" in read(neighbour, "/wishes").forms
    assert f"/wishes/{wish}/withdraw" not in read(neighbour, "/wishes").forms
    neighbour.post(f"/wishes/{wish}/join")
    assert f"/wishes/{wish}/join" not in read(neighbour, "/wishes").forms
    answer = wang.post(f"/wishes/{wish}/withdraw", follow_redirects=True)
    assert "You do not wish for “圆的面积” any more." in answer.text
    assert "圆的面积" in read(wang, "/wishes").headings
    neighbour.post(f"/wishes/{wish}/withdraw")
    assert read(wang, "/wishes").headings == ["Nobody wishes for anything", "Leave a wish"]
    assert wang.post(f"/wishes/{wish}/join").status_code == 409


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(wang: FlaskClient) -> None:
    page = Page(wang.post("/wishes", data=WORDS | {"text": " ", "subject": "alchemy"}))
    assert page.status == 422
    assert "Say what you wish for." in page.text
    assert "Choose one of the list." in page.text
    assert page.typed["note"] == "要有动画"


def test_an_address_may_fill_in_the_form(wang: FlaskClient) -> None:
    assert read(wang, "/wishes?text=圆周率&note=x").typed["text"] == "圆周率"


def test_an_answer_is_named_told_and_shown(
    wang: FlaskClient, neighbour: FlaskClient, given: Given, cast: Cast, session: Session
) -> None:
    wang.post("/wishes", data=WORDS)
    wish = only_wish(session)
    resource = given.published(by=cast.colleague, title="圆面积的推导").resource
    assert neighbour.get(f"/wishes/{wish}/answer").status_code == 403
    form = read(wang, f"/wishes/{wish}/answer")
    assert form.heading == "What answers “圆的面积”?"
    page = Page(wang.post(f"/wishes/{wish}/answer", data={"public_id": "R-000000"}))
    assert page.status == 422
    assert "There is no published resource with this number" in page.text
    assert page.typed["public_id"] == "R-000000"
    neighbour.post("/wishes", data=WORDS)
    data = {"public_id": f" http://localhost/r/{resource.public_id.lower()} "}
    answer = wang.post(f"/wishes/{wish}/answer", data=data, follow_redirects=True)
    assert "The wish is answered; everybody who wished for it is told." in answer.text
    assert Page(answer).headings == ["1 wish", "圆的面积 Answered", "Leave a wish"]
    assert Page(answer).links["圆面积的推导"] == f"/r/{resource.public_id}"
    told = read(neighbour, "/my/notices").links
    words = "Your wish “圆的面积” is answered: “圆面积的推导” (王敏)."
    assert told[words] == f"/r/{resource.public_id}/v/1"
    assert neighbour.get(f"/wishes/{wish}/answer").status_code == 409


def test_a_title_that_one_may_not_see_is_not_shown(
    wang: FlaskClient, given: Given, cast: Cast, session: Session, browser_as: SignsIn
) -> None:
    wang.post("/wishes", data=WORDS)
    wish = only_wish(session)
    own = given.published(by=cast.wang, title="本校的", audience=Audience.SCHOOL).resource.public_id
    wang.post(f"/wishes/{wish}/answer", data={"public_id": own})
    assert "本校的" in read(browser_as(cast.colleague), "/wishes").links
    page = read(browser_as(cast.neighbour), "/wishes")
    assert "圆的面积 Answered" in page.headings
    assert "本校的" not in page.text


def test_open_wishes_stand_before_answered_ones_the_newest_first(
    wang: FlaskClient, uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> None:
    first = leave_wish(uow, cast.wang, text="第一课").wish.id
    public_id = given.published(by=cast.wang).resource.public_id
    for text in ("第二课", "第三课"):
        clock.pass_(hours=1)
        leave_wish(uow, cast.neighbour, text=text)
    clock.pass_(hours=1)
    wang.post(f"/wishes/{first}/answer", data={"public_id": public_id})
    assert read(wang, "/wishes").headings[1:-1] == ["第三课", "第二课", "第一课 Answered"]


def test_whoever_has_one_goes_on_to_upload_it_with_the_title_filled_in(
    wang: FlaskClient, neighbour: FlaskClient, session: Session
) -> None:
    wang.post("/wishes", data=WORDS)
    address = read(neighbour, "/wishes").links["Upload one: 圆的面积"]
    page = read(neighbour, address)
    assert {name: page.typed[name] for name in ("title", "subject", "grade")} == {
        "title": "圆的面积",
        "subject": "math",
        "grade": "g6",
    }
    neighbour.post("/submit", data=page.typed | {"kind": "courseware"})
    session.rollback()
    draft = session.scalars(select(Revision)).one()
    assert (draft.title, draft.subject, draft.school_stage, draft.grades) == (
        "圆的面积",
        "math",
        "primary",
        ("g6",),
    )
    assert draft.alliance_id is not None


def test_nonsense_in_the_address_of_the_upload_page_begins_an_empty_draft(
    wang: FlaskClient, session: Session
) -> None:
    known = {"title": "圆" * 900, "subject": "alchemy", "grade": "g99", "kind": "case"}
    assert wang.post("/submit", data=known).status_code == 303
    session.rollback()
    draft = session.scalars(select(Revision)).one()
    assert (len(draft.title), draft.subject, draft.grades) == (200, "", ())


def test_a_long_list_has_pages_and_takes_as_many_queries_as_a_short_one(
    wang: FlaskClient, uow: UnitOfWork, given: Given, cast: Cast, session: Session
) -> None:
    public_id = given.published(by=cast.wang).resource.public_id
    wish = leave_wish(uow, cast.wang, text="甲课").wish.id
    wang.post(f"/wishes/{wish}/answer", data={"public_id": public_id})
    leave_wish(uow, cast.wang, text="乙课", note="说明")
    with wang.application.app_context():
        statements = Statements(db.engine)
    two = statements.for_page(wang, "/wishes")
    for number in range(PER_PAGE):
        leave_wish(uow, cast.neighbour, text=f"第{number}课", note="说明")
    assert statements.for_page(wang, "/wishes") <= two
    assert read(wang, "/wishes?page=2").headings[1:-1] == ["乙课 You wish this", "甲课 Answered"]
    session.rollback()
    assert count_open_wishes(session, cast.wang) == PER_PAGE + 1
    assert count_open_wishes(session, cast.stranger) == 0

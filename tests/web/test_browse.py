"""The shelves: by subject, grade and school, and inside each by the others."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from resource_hub.domain.people import Person
from resource_hub.domain.taxonomy import Kind
from resource_hub.domain.visibility import Audience
from resource_hub.edge.extensions import db
from resource_hub.models import Resource
from resource_hub.services.usage import count_download
from tests.given import Clock, Given
from tests.web.conftest import SignsIn
from tests.web.reading import Statements, read


@pytest.fixture(params=["the index", "the database"])
def counts_are_settled(
    request: pytest.FixtureRequest, settle: Callable[[], None]
) -> Callable[[], None]:
    """Makes whichever counts know what there is; both count the same."""
    if request.param == "the database":
        request.getfixturevalue("no_index")
        return lambda: None
    return settle


@pytest.fixture
def wang(given: Given) -> Person:
    school = given.school("青石小学")
    given.alliance(school, name="青石教共体")
    return given.teacher("王敏", school=school)


def test_subjects_stand_by_stage_of_school_with_their_counts(
    given: Given, wang: Person, browser: FlaskClient, counts_are_settled: Callable[[], None]
) -> None:
    given.published(by=wang, audience=Audience.PUBLIC)
    given.published(
        by=wang, audience=Audience.PUBLIC, school_stage="junior", grades=("g7",), title="方程"
    )
    given.published(by=wang, audience=Audience.PUBLIC, subject="class_meeting")
    given.published(by=wang, title="联盟的")
    counts_are_settled()
    page = read(browser, "/browse/subject")
    assert page.headings == [
        "Preschool", "Primary", "Junior secondary", "Senior secondary", "At every stage",
    ]  # fmt: skip
    assert {words: url for words, url in page.links.items() if "/browse/subject/" in url} == {
        "Class meeting and moral education1": "/browse/subject/class_meeting",
        "Mathematics1": "/browse/subject/math?stage=junior",
    }
    assert page.text.count("Mathematics") == 3
    shelf = read(browser, "/browse/subject/math?stage=junior")
    assert (shelf.heading, shelf.cards, list(shelf.chips)) == (
        "Mathematics", ["方程"], ["Junior secondary"],
    )  # fmt: skip


def test_grades_stand_by_stage_and_schools_by_alliance(
    given: Given, wang: Person, browser: FlaskClient, counts_are_settled: Callable[[], None]
) -> None:
    given.school("独立小学")
    given.published(by=wang, audience=Audience.PUBLIC, grades=("g3", "g4"))
    counts_are_settled()
    grades, schools = read(browser, "/browse/grade"), read(browser, "/browse/school")
    assert {words: url for words, url in grades.links.items() if "/grade/" in url} == {
        "Grade 31": "/browse/grade/g3",
        "Grade 41": "/browse/grade/g4",
    }
    assert schools.headings == ["青石教共体", "In no alliance"]
    assert schools.links["青石小学1"] == "/browse/school/s1"
    assert "独立小学0" in schools.text


def test_inside_a_shelf_the_other_ways_are_links_with_counts(
    given: Given, wang: Person, browser: FlaskClient, counts_are_settled: Callable[[], None]
) -> None:
    given.published(by=wang, audience=Audience.PUBLIC, title="甲", grades=("g3",))
    given.published(by=wang, audience=Audience.PUBLIC, title="乙", grades=("g4",))
    given.published(by=wang, audience=Audience.PUBLIC, title="丙", kind=Kind.EXERCISE)
    given.published(by=wang, audience=Audience.PUBLIC, title="丁", subject="chinese")
    counts_are_settled()
    page = read(browser, "/browse/subject/math")
    assert page.heading == "Mathematics"
    assert page.links["Grade 32"] == "/browse/subject/math?grade=g3"
    assert page.links["Grade 41"] == "/browse/subject/math?grade=g4"
    assert page.links["Exercise1"] == "/browse/subject/math?kind=exercise"
    assert "青石小学3" not in page.links, "the only school: choosing it would change nothing"
    narrowed = read(browser, "/browse/subject/math?grade=g3&sort=title")
    assert narrowed.cards == ["丙", "甲"]
    assert narrowed.chips == {"Grade 3": "/browse/subject/math?sort=title"}
    assert narrowed.links["Exercise1"] == "/browse/subject/math?grade=g3&sort=title&kind=exercise"


def test_a_shelf_is_sorted_by_newest_title_or_use(
    given: Given, wang: Person, browser: FlaskClient, clock: Clock
) -> None:
    for title in ("B", "C", "A"):
        last = given.published(by=wang, audience=Audience.PUBLIC, title=title)
        clock.pass_(hours=1)
        if title == "C":
            count_download(given.uow, last.resource_id)
    orders = {"": "ACB", "newest": "ACB", "title": "ABC", "most_used": "CAB", "nonsense": "ACB"}
    assert {
        order: "".join(read(browser, f"/browse/grade/g3?sort={order}").cards) for order in orders
    } == orders


def test_a_shelf_has_pages(given: Given, wang: Person, browser: FlaskClient) -> None:
    for number in range(25):
        given.published(by=wang, audience=Audience.PUBLIC, title=f"{number:02}")
    wanted = [f"{number:02}" for number in range(25)]
    first = read(browser, "/browse/subject/math?sort=title")
    assert first.cards == wanted[:24]
    assert first.links["Nextpage"] == "/browse/subject/math?sort=title&page=2"
    for page in ("2", "99", "99999999999999999999999"):
        assert read(browser, f"/browse/subject/math?sort=title&page={page}").cards == wanted[24:]
    for page in ("0", "-3", "x"):
        assert read(browser, f"/browse/subject/math?sort=title&page={page}").cards == wanted[:24]


def test_what_was_published_just_now_stands_on_the_shelf_before_the_index_knows(
    given: Given, wang: Person, browser: FlaskClient, settle: Callable[[], None]
) -> None:
    for number in range(24):
        given.published(by=wang, audience=Audience.PUBLIC, title=f"{number:02}")
    settle()
    given.published(by=wang, audience=Audience.PUBLIC, title="24")
    first = read(browser, "/browse/subject/math?sort=title")
    assert (len(first.cards), "25 resources" in first.text) == (24, True)
    assert first.links["Nextpage"] == "/browse/subject/math?sort=title&page=2"
    assert read(browser, "/browse/subject/math?sort=title&page=2").cards == ["24"]


def test_what_was_withdrawn_just_now_leaves_no_empty_page(
    given: Given, wang: Person, browser: FlaskClient, settle: Callable[[], None]
) -> None:
    made = [
        given.published(by=wang, audience=Audience.PUBLIC, title=f"{number:02}").resource_id
        for number in range(26)
    ]
    settle()
    for resource_id in made[24:]:
        resource = given.session.get_one(Resource, resource_id)
        resource.audience_token = resource.available_at = None
    page = read(browser, "/browse/subject/math?sort=title&page=2")
    assert (len(page.cards), "24 resources" in page.text) == (24, True)
    assert "Nextpage" not in page.links


@pytest.mark.parametrize(
    "address",
    [
        "/browse/kind",
        "/browse/stage",
        "/browse/author",
        "/browse/subject/nothing",
        "/browse/school/s99",
        "/browse/school/%00",
        "/browse/stage/primary",
        "/browse/grade/math",
    ],
)
def test_a_shelf_that_there_is_not_is_not_found(browser: FlaskClient, address: str) -> None:
    assert browser.get(address).status_code == 404


def test_a_choice_that_there_is_not_is_left_out(
    given: Given, wang: Person, browser: FlaskClient
) -> None:
    given.published(by=wang, audience=Audience.PUBLIC)
    page = read(browser, "/browse/subject/math?grade=zz&kind=x&school=%00&stage=&page=x")
    assert (len(page.cards), page.chips) == (1, {})


def test_an_empty_shelf_says_what_to_do(
    given: Given, wang: Person, browser: FlaskClient, browser_as: SignsIn
) -> None:
    given.published(by=wang, audience=Audience.PUBLIC)
    assert read(browser, "/browse/subject/art").links["Sign in"] == (
        "/sign-in?next=/browse/subject/art"
    )
    assert read(browser_as(wang), "/browse/subject/art").links["Upload"] == "/submit"
    narrowed = read(browser, "/browse/subject/math?kind=case")
    assert narrowed.links["Show the whole shelf"] == "/browse/subject/math"


def test_nothing_on_a_shelf_reveals_what_is_not_shared(
    given: Given,
    wang: Person,
    browser: FlaskClient,
    browser_as: SignsIn,
    counts_are_settled: Callable[[], None],
) -> None:
    given.published(by=wang, audience=Audience.SCHOOL, title="本校的")
    stranger = given.teacher(school=given.school())
    counts_are_settled()
    for client in (browser, browser_as(stranger)):
        assert "Mathematics1" not in read(client, "/browse/subject").links
        page = read(client, "/browse/subject/math")
        assert (page.cards, page.links.get("Lesson plan1")) == ([], None)
    assert read(browser_as(wang), "/browse/subject/math").cards == ["本校的"]
    assert "Mathematics1" in read(browser_as(wang), "/browse/subject").links


def test_a_full_shelf_asks_as_often_as_a_nearly_empty_one(
    app: Flask, given: Given, wang: Person, browser: FlaskClient
) -> None:
    given.published(by=wang, audience=Audience.PUBLIC)
    with app.app_context():
        statements = Statements(db.engine)
    one = statements.for_page(browser, "/browse/subject/math")
    given.published(by=wang, audience=Audience.PUBLIC, grades=("g4",), kind=Kind.CASE)
    given.published(by=wang, audience=Audience.PUBLIC, grades=("g5",), kind=Kind.OUTLINE)
    assert statements.for_page(browser, "/browse/subject/math") == one

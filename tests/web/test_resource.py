"""The page of a resource: for everyone what is theirs to see, and a tombstone where it was."""

import json
import re
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.domain.review import Action
from resource_hub.domain.taxonomy import Section
from resource_hub.domain.visibility import Audience
from resource_hub.models import Resource, Revision
from resource_hub.services import drafting, review
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Clock, Given
from tests.web.conftest import SignsIn


@pytest.fixture
def wang(given: Given) -> Person:
    school = given.school("实验小学")
    given.alliance(school, given.school("清溪小学"))
    return given.teacher("王敏", school=school)


def address(revision: Revision) -> str:
    return f"/r/{revision.resource.public_id}"


def views(session: Session, resource_id: int) -> int:
    session.rollback()
    session.expire_all()
    resource = session.get(Resource, resource_id)
    assert resource is not None
    return resource.views


def test_the_page_tells_what_it_is(given: Given, wang: Person, browser: FlaskClient) -> None:
    revision = given.published(
        by=wang,
        audience=Audience.PUBLIC,
        sections={Section.OBJECTIVES: "会读写几分之一"},
        keywords=("月饼",),
        source="教研组",
    )
    url = address(revision)

    answer = browser.get(url)

    assert answer.status_code == 200
    for words in (
        "分数的初步认识", "从分月饼开始，认识几分之一。", "王敏", "实验小学", "三年级", "数学",
        "会读写几分之一", "把一个月饼平均分成两份", "月饼", "教研组", "CC BY 4.0",
    ):  # fmt: skip
        assert words in answer.text
    assert 'href="https://creativecommons.org/licenses/by/4.0/"' in answer.text
    assert browser.get(url.lower()).status_code == 200


def test_who_reviewed_it_is_named(
    given: Given, wang: Person, browser_as: SignsIn, browser: FlaskClient
) -> None:
    revision = given.submitted(by=wang, audience=Audience.SCHOOL)
    school = revision.resource.school
    given.through_review(revision, given.reviewer("李文", school=school))
    url = address(revision)
    colleague = given.teacher(school=school)

    page = browser_as(colleague).get(url)

    assert 'class="approvals"' in page.text
    assert "李文" in page.text
    assert browser.get(url).status_code == 404


def test_an_imported_one_says_that_nobody_reviewed_it(
    given: Given, wang: Person, browser: FlaskClient
) -> None:
    url = address(given.published(by=wang, audience=Audience.PUBLIC))

    page = browser.get(url).text

    assert 'class="approvals"' not in page
    assert page.count("未审核</span>") == 2


def test_the_alliance_sees_what_is_for_the_alliance(
    given: Given, wang: Person, browser: FlaskClient, browser_as: SignsIn
) -> None:
    revision = given.published(by=wang)
    given.session.refresh(revision, ["alliance"])
    url = address(revision)
    stranger = given.teacher(school=given.school())
    colleague = given.teacher(school=revision.resource.school)
    ally = given.teacher(school=given.school(alliance=revision.alliance))

    assert browser_as(colleague).get(url).status_code == 200
    assert browser_as(ally).get(url).status_code == 200
    assert browser_as(stranger).get(url).status_code == 404
    assert browser.get(url).status_code == 404


def test_machines_read_it_too_and_cannot_be_tricked(
    given: Given, wang: Person, browser: FlaskClient
) -> None:
    title = "</script><script>alert(1)</script>&《分数》"
    draft = given.draft(by=wang, audience=Audience.PUBLIC, title=title)
    given.file(draft, by=wang, name="教案.txt")
    revision = given.admit(draft)
    public_id = revision.resource.public_id

    page = browser.get(f"/r/{public_id}").text
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    data = json.loads(found[0])

    assert len(found) == 1
    assert data["@type"] == "LearningResource"
    assert data["name"] == title
    assert data["identifier"] == public_id
    assert data["url"] == f"http://127.0.0.1:8000/r/{public_id}"
    assert data["author"] == {"@type": "Person", "name": "王敏"}
    assert data["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert data["educationalLevel"] == ["三年级"]
    assert data["datePublished"] == "2026-10-12"
    assert [file["name"] for file in data["encoding"]] == ["教案.txt"]
    assert "<script>alert" not in page


def test_a_draft_is_seen_by_its_author_alone(
    given: Given, wang: Person, browser: FlaskClient, browser_as: SignsIn
) -> None:
    draft = given.draft(by=wang)
    url = address(draft)
    colleague = given.teacher(school=draft.resource.school)

    page = browser_as(wang).get(url)

    assert page.status_code == 200
    assert 'content="noindex"' in page.text
    assert "application/ld+json" not in page.text
    assert browser_as(colleague).get(url).status_code == 404
    assert browser.get(url).status_code == 404


def test_what_is_under_review_is_seen_by_its_reviewers(
    given: Given, wang: Person, browser: FlaskClient, browser_as: SignsIn
) -> None:
    revision = given.submitted(by=wang)
    url, school = address(revision), revision.resource.school
    reviewer, colleague = given.reviewer(school=school), given.teacher(school=school)

    page = browser_as(reviewer).get(url)

    assert page.status_code == 200
    assert 'aria-current="step"' in page.text
    assert browser_as(colleague).get(url).status_code == 404
    assert browser.get(url).status_code == 404


def test_a_view_is_counted_once_a_day_and_the_authors_never(
    given: Given,
    wang: Person,
    clock: Clock,
    session: Session,
    browser: FlaskClient,
    browser_as: SignsIn,
) -> None:
    revision = given.published(by=wang, audience=Audience.PUBLIC)
    url, resource_id = address(revision), revision.resource_id
    robot = {"User-Agent": "Mozilla/5.0 (compatible; Somebot/2.1)"}

    browser_as(wang).get(url)
    browser.head(url)
    browser_as(given.teacher(school=given.school())).get(url, headers=robot)
    assert views(session, resource_id) == 0
    browser.get(url)
    browser.get(url)
    assert views(session, resource_id) == 1
    clock.pass_(days=1)
    browser.get(url)
    assert views(session, resource_id) == 2


def test_an_earlier_version_says_so_and_leads_to_the_present_one(
    given: Given, wang: Person, uow: UnitOfWork, browser: FlaskClient
) -> None:
    first = given.published(by=wang, audience=Audience.PUBLIC, title="第一稿")
    url = address(first)
    second = drafting.revise(uow, wang, first.id)
    drafting.describe(
        uow, wang, second.id,
        given.description(
            title="第二稿", audience=Audience.PUBLIC, alliance_id=min(wang.alliance_ids)
        ),
    )  # fmt: skip
    given.admit(second)

    present, earlier = browser.get(url).text, browser.get(f"{url}/v/1").text

    assert "第二稿" in present
    assert f'href="{url}/v/1"' in present
    assert "第一稿" in earlier
    assert 'class="flash flash-warning"' in earlier
    assert f'href="{url}"' in earlier
    assert browser.get(f"{url}/v/3").status_code == 404


def test_while_the_next_version_is_written_readers_see_nothing_of_it(
    given: Given, wang: Person, uow: UnitOfWork, browser: FlaskClient, browser_as: SignsIn
) -> None:
    first = given.published(by=wang, audience=Audience.PUBLIC)
    url = address(first)
    drafting.revise(uow, wang, first.id)

    own, other = browser_as(wang).get(url).text, browser.get(url).text

    assert f'href="{url}/v/2"' in own
    assert f'href="{url}/v/2"' not in other
    assert browser.get(f"{url}/v/2").status_code == 404


def test_what_is_not_released_yet_waits(
    given: Given, wang: Person, clock: Clock, browser: FlaskClient, browser_as: SignsIn
) -> None:
    revision = given.published(by=wang, audience=Audience.PUBLIC, release_on=date(2026, 11, 1))
    url = address(revision)

    assert browser.get(url).status_code == 404
    assert browser_as(wang).get(url).status_code == 200
    clock.pass_(days=20)
    assert browser.get(url).status_code == 200


def test_a_next_version_takes_the_place_of_the_first_at_once(
    given: Given, wang: Person, uow: UnitOfWork, browser: FlaskClient
) -> None:
    first = given.published(by=wang, audience=Audience.PUBLIC, title="第一稿")
    url = address(first)
    second = drafting.revise(uow, wang, first.id)
    drafting.describe(
        uow,
        wang,
        second.id,
        given.description(
            title="第二稿", audience=Audience.PUBLIC, alliance_id=min(wang.alliance_ids)
        ),
    )
    given.admit(second)

    page = browser.get(url)

    assert page.status_code == 200
    assert "第二稿" in page.text
    assert "第一稿" in browser.get(f"{url}/v/1").text


def test_a_withdrawn_one_leaves_a_tombstone_that_says_why(
    given: Given, wang: Person, uow: UnitOfWork, browser: FlaskClient, browser_as: SignsIn
) -> None:
    revision = given.published(by=wang)
    url, school = address(revision), revision.resource.school
    colleague = given.teacher(school=school)
    review.take_step(uow, wang, revision.id, Action.WITHDRAW, comment="第二题有错")

    tombstone = browser_as(colleague).get(url)

    assert tombstone.status_code == 410
    assert "第二题有错" in tombstone.text
    assert "把一个月饼平均分成两份" not in tombstone.text
    assert browser.get(url).status_code == 404
    own = browser_as(wang).get(url)
    assert own.status_code == 410
    assert "/revise" in own.text


def test_buttons_are_shown_to_those_who_may_press_them(
    given: Given, wang: Person, browser: FlaskClient, browser_as: SignsIn
) -> None:
    revision = given.published(by=wang, audience=Audience.PUBLIC)
    url, school = address(revision), revision.resource.school
    colleague, coordinator = given.teacher(school=school), given.coordinator(school=school)

    def buttons(client: FlaskClient) -> list[str]:
        return re.findall(r'action="/my/\d+/(\w+)"', client.get(url).text)

    assert buttons(browser_as(wang)) == ["revise", "withdraw"]
    assert buttons(browser_as(coordinator)) == ["withdraw"]
    assert buttons(browser_as(colleague)) == []
    assert buttons(browser) == []


def test_why_a_file_has_no_preview_is_said_to_its_author(
    given: Given, wang: Person, session: Session, clock: Clock, browser: FlaskClient,
    browser_as: SignsIn,
) -> None:  # fmt: skip
    draft = given.draft(by=wang, audience=Audience.PUBLIC)
    given.file(draft, by=wang, name="教案.txt")
    session.refresh(draft, ["attachments"])
    session.refresh(draft.attachments[0], ["blob"])
    blob = draft.attachments[0].blob
    blob.trouble, blob.inspected_at = "encrypted", clock()
    url = address(given.admit(draft))

    assert 'class="file-note"' in browser_as(wang).get(url).text
    assert 'class="file-note"' not in browser.get(url).text

"""The page that says what changed, the old beside the new."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.domain.review import Action
from resource_hub.models import BlobText, PageComparison, Resource, Revision, User
from resource_hub.services import drafting
from resource_hub.services.review import take_step
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Clock, Given
from tests.services.test_comparisons import drawn, picture
from tests.services.test_inbox import Cast
from tests.web.conftest import SignsIn

PLAN = "".join(f"第{number}步：把月饼平均分成{number}份，说一说。\n" for number in range(1, 30))


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


@pytest.fixture
def second(session: Session, uow: UnitOfWork, given: Given, cast: Cast) -> Revision:
    """A second version: title, text, grades and one file are different; one file is new."""
    draft = given.draft(by=cast.author, text=PLAN)
    given.file(draft, by=cast.author, name="教案.txt", content=b"1")
    session.add(BlobText(blob_key=draft.attachments[0].blob_key, text=PLAN, places=[]))
    live = given.admit(draft)
    second = drafting.revise(uow, cast.author, live.id)
    description = given.description(
        alliance_id=cast.alliance.id,
        title="分数的<b>再认识",
        grades=("g3", "g4"),
        text=PLAN.replace("第9步：把月饼", "第9步：把苹果"),
    )
    drafting.describe(uow, cast.author, second.id, description)
    second.attachments.clear()
    session.flush()
    given.file(second, by=cast.author, name="教案.txt", content=b"2")
    given.file(second, by=cast.author, name="练习.txt", content=b"3")
    session.refresh(second, ["attachments"])
    session.add(
        BlobText(
            blob_key=second.attachments[0].blob_key, text=PLAN + "板书设计：二分之一", places=[]
        )
    )
    return take_step(uow, cast.author, second.id, Action.SUBMIT, rights_declared=True)


def english(person: Person, session: Session) -> Person:
    user = session.get(User, person.id)
    assert user is not None
    user.language = "en"
    session.flush()
    return person


def test_fields_texts_and_files_stand_side_by_side(
    browser_as: SignsIn, cast: Cast, session: Session, second: Revision
) -> None:
    address = f"/r/{second.resource.public_id}/v/2/changes"
    page = browser_as(english(cast.reviewer, session)).get(address).text
    for words in (
        "<strong>Version 2</strong> compared with <strong>Version 1 (public now)</strong>",
        "Public now: version 1, since",
        "<del>Grade 3</del>",
        "<ins>Grade 3、Grade 4</ins>",
        "分数的<del>初步</del>认识",
        "分数的<ins>&lt;b&gt;再</ins>认识",
        "第9步：把<del>月饼</del>平均分成9份",
        "第9步：把<ins>苹果</ins>平均分成9份",
        "7 paragraphs unchanged",
        "<ins>板书设计：二分之一</ins>",
        '练习.txt</a> <span class="chip diff-chip-added">added</span>',
    ):
        assert words in page, words
    assert "<b>再" not in page
    assert "第15步" not in page


def test_a_text_in_full_stands_on_a_page_of_its_own(
    browser_as: SignsIn, cast: Cast, session: Session, second: Revision
) -> None:
    browser = browser_as(english(cast.reviewer, session))
    address = f"/r/{second.resource.public_id}/v/2/changes"
    page = browser.get(f"{address}?text=text").text
    assert "第15步" in page
    assert "<ins>苹果</ins>" in page
    for wrong in ("text=nothing", "text=grades", "since=v2", "since=s1", "to=99"):
        assert browser.get(f"{address}?{wrong}").status_code == 404
    assert browser.get(f"{address}?text=text&part=999").status_code == 200


def test_the_page_stays_small_however_long_the_texts(
    browser_as: SignsIn, given: Given, cast: Cast, session: Session, uow: UnitOfWork
) -> None:
    live = given.published(by=cast.author, text="很长的课文。\n" * 20_000)
    second = drafting.revise(uow, cast.author, live.id)
    description = given.description(
        alliance_id=cast.alliance.id,
        text="".join(f"第{number}行与以前不同。\n" for number in range(12_000)),
    )
    drafting.describe(uow, cast.author, second.id, description)
    browser = browser_as(english(cast.author, session))
    address = f"/r/{second.resource.public_id}/v/2/changes"
    page = browser.get(address).text
    assert "more changed paragraphs." in page
    assert len(page.encode()) < 100_000
    assert len(browser.get(f"{address}?text=text&part=2").text.encode()) < 100_000


def test_the_author_finds_it_from_the_own_work(
    browser_as: SignsIn, cast: Cast, second: Revision
) -> None:
    address = f"/r/{second.resource.public_id}/v/2/changes"
    assert f'href="{address}"' in browser_as(cast.author).get("/my").text


def test_pages_that_look_different_are_shown_with_what_differs_marked(
    browser_as: SignsIn,
    given: Given,
    cast: Cast,
    session: Session,
    uow: UnitOfWork,
    clock: Clock,
) -> None:
    draft = given.draft(by=cast.author)
    given.file(draft, by=cast.author, name="教案.pdf", content=b"%PDF-1.4\n%%EOF\n")
    before = draft.attachments[0].blob_key
    take_step(uow, cast.author, draft.id, Action.SUBMIT, rights_declared=True)
    take_step(uow, cast.reviewer, draft.id, Action.REQUEST_CHANGES, comment="请补板书")
    draft.attachments.clear()
    session.flush()
    given.file(draft, by=cast.author, name="教案.pdf", content=b"%PDF-1.4\n\n%%EOF\n")
    session.refresh(draft, ["attachments"])
    after = draft.attachments[0].blob_key
    take_step(uow, cast.author, draft.id, Action.SUBMIT, rights_declared=True)
    browser = browser_as(english(cast.reviewer, session))
    address = f"/r/{session.get_one(Resource, draft.resource_id).public_id}/v/1/changes"
    assert "Its pages are being compared" in browser.get(address).text
    session.expire_all()
    row = session.scalars(select(PageComparison)).one()
    assert (row.before_key, row.after_key) == (before, after)
    for key in (before, after):
        drawn(session, given.storage, key, [picture()], clock())
    row.pages, row.made_at = [[1, 1, [[100, 200, 300, 50]]]], clock()
    session.commit()
    page = browser.get(address).text
    assert '<rect x="100" y="200" width="300" height="50"></rect>' in page
    old, new = re.findall(r'<img src="([^"]+)"', page)
    assert browser.get(old).mimetype == browser.get(new).mimetype == "image/webp"
    session.expire_all()
    stranger = browser_as(given.teacher(school=cast.town))
    assert [stranger.get(each).status_code for each in (old, new)] == [404, 404]

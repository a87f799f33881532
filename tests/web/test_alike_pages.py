"""The reviewer sees which page looks like which, and only who may open both sees a picture."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.review import Action
from resource_hub.models import Job, Relation, Submission
from resource_hub.services import kinships
from resource_hub.services.previews import UNASKED, make_pages, note_pages
from resource_hub.services.review import take_step
from resource_hub.services.revisions import load_revision
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Given
from tests.services.sheets import Printer
from tests.services.test_same_pages import original, scanned
from tests.services.test_similarity import Cast, do_comparisons
from tests.web.conftest import SignsIn


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


def draw_what_is_promised(uow: UnitOfWork, given: Given) -> int:
    jobs = uow.session.scalars(select(Job).where(Job.kind == UNASKED)).all()
    subjects = [job.subject for job in jobs]
    uow.session.commit()
    for subject in subjects:
        stored = make_pages(uow.session, given.storage, Printer(pages=3), subject)
        assert stored is not None
        note_pages(uow, given.storage, stored)
        uow.session.commit()
    return len(subjects)


def test_pages_that_look_the_same_stand_side_by_side(
    browser_as: SignsIn, given: Given, cast: Cast, uow: UnitOfWork, session: Session
) -> None:
    source = original(given, uow, cast)
    public_id = load_revision(session, source.id).resource.public_id
    draft = scanned(given, uow, cast.copier)
    kinships.look_for_alike(uow, cast.copier, draft)
    author = browser_as(cast.copier)
    assert "有 3 页看起来一样" in author.get(f"/submit/{draft.id}").text
    kinships.answer(uow, cast.copier, draft.id, public_id, Relation.DERIVED)
    take_step(uow, cast.copier, draft.id, Action.SUBMIT, rights_declared=True)
    do_comparisons(uow)
    submission = session.scalars(select(Submission.id)).one()
    reviewer = browser_as(given.reviewer(school=cast.village))
    address = f"/review/{submission}/alike/{public_id}"
    assert "有 3 页看起来一样" in reviewer.get(f"/review/{submission}").text
    before = reviewer.get(address).text
    assert "看起来一样的页" in before
    assert before.count("扫描.pdf") == 3
    assert "第4页.png" in before
    assert "<img" not in before.split("看起来一样的页")[1]
    assert draw_what_is_promised(uow, given) == 4
    after = reviewer.get(address).text.split("看起来一样的页")[1]
    assert after.count("<img") == 6
    picture = after.split('src="')[1].split('"')[0]
    assert reviewer.get(picture).status_code == 200
    elsewhere = browser_as(given.teacher("外人", school=cast.outside))
    assert elsewhere.get(address).status_code == 404
    assert elsewhere.get(picture).status_code == 404

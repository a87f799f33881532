"""Pages that look different are found once, in the background."""

import io
from datetime import datetime

import pytest
from PIL import Image, ImageDraw
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import Missing
from resource_hub.domain.people import Person
from resource_hub.domain.review import Action
from resource_hub.models import (
    Attachment,
    Job,
    JudgedFile,
    Rendition,
    RenditionKind,
    Resource,
    Revision,
)
from resource_hub.services import comparisons
from resource_hub.services.review import take_step
from resource_hub.services.unit_of_work import UnitOfWork
from storage import Storage
from tests.given import Clock, Given
from tests.services.test_inbox import Cast


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


def picture(*, dot: bool = False) -> bytes:
    page = Image.new("RGB", (600, 800), "white")
    ImageDraw.Draw(page).rectangle((50, 50, 550, 200), fill="black")
    if dot:
        ImageDraw.Draw(page).rectangle((300, 600, 330, 630), fill="black")
    kept = io.BytesIO()
    page.save(kept, "WEBP")
    return kept.getvalue()


def drawn(session: Session, storage: Storage, key: str, pages: list[bytes], now: datetime) -> None:
    """Pages as the worker has drawn them."""
    for number, page in enumerate(pages, start=1):
        blob = storage.put(io.BytesIO(page))
        for variant in ("small", "large"):
            session.add(
                Rendition(
                    blob_key=key,
                    kind=RenditionKind.PAGE,
                    number=number,
                    variant=variant,
                    key=blob.key,
                    media_type="image/webp",
                    size=blob.size,
                    width=600,
                    height=800,
                    made_at=now,
                )
            )
    session.flush()


def key_of(session: Session, revision: Revision) -> str:
    return session.scalars(
        select(Attachment.blob_key).where(Attachment.revision_id == revision.id)
    ).one()


@pytest.fixture
def keys(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast, storage: Storage, clock: Clock
) -> tuple[str, str]:
    """The file of the first round, and the one that replaced it in the second."""
    draft = given.draft(by=cast.author)
    given.file(draft, by=cast.author, name="教案.pdf", content=b"%PDF-1.4\n%%EOF\n")
    before = key_of(session, draft)
    take_step(uow, cast.author, draft.id, Action.SUBMIT, rights_declared=True)
    take_step(uow, cast.reviewer, draft.id, Action.REQUEST_CHANGES, comment="请补板书")
    draft.attachments.clear()
    session.flush()
    given.file(draft, by=cast.author, name="教案.pdf", content=b"%PDF-1.4\n\n%%EOF\n")
    after = key_of(session, draft)
    take_step(uow, cast.author, draft.id, Action.SUBMIT, rights_declared=True)
    drawn(session, storage, before, [picture(), picture()], clock())
    drawn(session, storage, after, [picture(), picture(dot=True)], clock())
    return before, after


def test_two_files_are_compared_once_and_the_result_is_kept(
    session: Session, uow: UnitOfWork, storage: Storage, keys: tuple[str, str]
) -> None:
    comparisons.promise_comparisons(uow, [keys])
    comparisons.promise_comparisons(uow, [keys])
    (subject,) = session.scalars(select(Job.subject).where(Job.kind == comparisons.COMPARE))
    session.commit()
    assert comparisons.waiting(session, subject) == keys
    found = comparisons.compare(session, storage, keys)
    comparisons.note_comparison(uow, subject, found)
    session.flush()
    (first, second) = comparisons.comparisons(session, [keys])[keys].pages
    assert first == [1, 1, []]
    assert (second[0], second[1], len(second[2])) == (2, 2, 1)
    left, top, width, height = second[2][0]
    assert (left <= 500, left + width >= 550, top <= 750, top + height >= 787) == (True,) * 4
    assert comparisons.waiting(session, subject) is None


def test_a_page_as_it_was_judged_is_shown_to_those_alone_who_may_see_the_round(
    session: Session, given: Given, cast: Cast, clock: Clock, keys: tuple[str, str]
) -> None:
    file = session.scalars(select(JudgedFile).where(JudgedFile.blob_key == keys[0])).one()
    public_id = session.scalars(select(Resource.public_id)).one()

    def see(person: Person, number: int = 1) -> Rendition:
        return comparisons.judged_page(
            session,
            person,
            public_id,
            1,
            file.id,
            number=number,
            now=clock(),
        )

    for person in (cast.reviewer, cast.author, given.administrator()):
        assert see(person).number == 1
    for stranger in (given.teacher(school=cast.village), given.teacher(school=cast.town)):
        with pytest.raises(Missing):
            see(stranger)
    with pytest.raises(Missing):
        see(cast.reviewer, 3)

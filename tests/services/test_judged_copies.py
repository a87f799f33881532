"""What a round of review was about stays, whatever its author does afterwards."""

import dataclasses
from datetime import date

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, selectinload

from resource_hub.domain.description import Description
from resource_hub.domain.quotas import Quotas
from resource_hub.domain.review import Action
from resource_hub.domain.taxonomy import Kind, Section
from resource_hub.edge.migrating import downgrade, upgrade
from resource_hub.models import JudgedCopy
from resource_hub.services import drafting
from resource_hub.services.blob_uses import used
from resource_hub.services.judged_copies import packed, unpacked
from resource_hub.services.quotas import person_room, school_rooms
from resource_hub.services.review import take_step
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Given
from tests.services.test_inbox import Cast, submission_of


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


def copies(session: Session) -> list[tuple[int, str, list[str]]]:
    """Of each copy its round, its title and the names of its files."""
    rows = session.scalars(
        select(JudgedCopy)
        .order_by(JudgedCopy.submission_id)
        .options(selectinload(JudgedCopy.files))
    )
    return [
        (number, str(row.description["title"]), [file.filename for file in row.files])
        for number, row in enumerate(rows, start=1)
    ]


def test_a_description_goes_into_a_copy_and_comes_out() -> None:
    full = Description(
        kind=Kind.LESSON_PLAN,
        title="课",
        grades=("g3", "g4"),
        keywords=("分数", "月饼"),
        alliance_id=7,
        release_on=date(2026, 12, 1),
        sections={Section.OBJECTIVES: "目标", Section.PROCEDURE: "流程"},
        text="文",
    )
    assert unpacked(packed(full)) == full
    assert {field.name for field in dataclasses.fields(Description)} == packed(full).keys()


def test_each_round_keeps_what_was_submitted(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    draft = given.draft(by=cast.author, title="第一稿")
    given.file(draft, by=cast.author, name="教案.txt", content=b"one")
    take_step(uow, cast.author, draft.id, Action.SUBMIT, rights_declared=True)
    take_step(uow, cast.reviewer, draft.id, Action.REQUEST_CHANGES, comment="请补板书")
    drafting.describe(
        uow,
        cast.author,
        draft.id,
        given.description(alliance_id=cast.alliance.id, title="第二稿"),
    )
    draft.attachments.clear()
    session.flush()
    given.file(draft, by=cast.author, name="新教案.txt", content=b"two")
    assert copies(session) == [(1, "第一稿", ["教案.txt"])]
    take_step(uow, cast.author, draft.id, Action.SUBMIT, rights_declared=True)
    assert copies(session) == [(1, "第一稿", ["教案.txt"]), (2, "第二稿", ["新教案.txt"])]
    keys = used().subquery()
    assert len(set(session.scalars(select(keys.c.key)))) == 2
    assert person_room(session, cast.author.id or 0, Quotas()).used == len(b"one" + b"two")
    by_school = school_rooms(session, given.administrator(), Quotas())
    assert max(each.room.used for each in by_school) == len(b"one" + b"two")


def test_what_was_taken_back_before_anybody_judged_it_leaves_no_copy(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    draft = given.submitted(by=cast.author)
    take_step(uow, cast.author, draft.id, Action.TAKE_BACK)
    assert copies(session) == []
    take_step(uow, cast.author, draft.id, Action.SUBMIT, rights_declared=True)
    take_step(uow, cast.reviewer, draft.id, Action.APPROVE)
    take_step(uow, cast.author, draft.id, Action.TAKE_BACK)
    assert len(copies(session)) == 1


def test_an_upgrade_copies_the_last_round_of_what_is_no_draft(
    engine: Engine, session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    draft = given.draft(by=cast.author, title="在审", grades=("g3", "g4"))
    given.file(draft, by=cast.author, name="教案.txt", content=b"one")
    take_step(uow, cast.author, draft.id, Action.SUBMIT, rights_declared=True)
    back = given.submitted(by=cast.author, title="退回")
    take_step(uow, cast.reviewer, back.id, Action.REQUEST_CHANGES, comment="请补板书")
    submission_id = submission_of(session, draft).id
    session.commit()
    downgrade(engine, "0013")
    upgrade(engine)
    copy = session.scalars(select(JudgedCopy).options(selectinload(JudgedCopy.files))).one()
    assert copy.submission_id == submission_id
    assert unpacked(copy.description) == given.description(
        alliance_id=cast.alliance.id, title="在审", grades=("g3", "g4")
    )
    assert [(file.filename, file.position) for file in copy.files] == [("教案.txt", 0)]

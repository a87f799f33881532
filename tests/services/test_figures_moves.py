"""Figures of those who went: a school left the alliance, a person moved to another school."""

import pytest
from sqlalchemy import delete, update

from resource_hub.domain.errors import Missing
from resource_hub.domain.points import Figure
from resource_hub.domain.review import Action
from resource_hub.models import Membership, User
from resource_hub.services.co_authors import name_co_author
from resource_hub.services.discussion import comment
from resource_hub.services.figures import Scope
from resource_hub.services.figures_lists import list_behind
from resource_hub.services.figures_sheets import alliance_sheet, own_sheets, school_sheet
from resource_hub.services.review import take_step
from resource_hub.services.unit_of_work import UnitOfWork
from tests.conftest import SHANGHAI
from tests.given import Given
from tests.services.test_figures import MONTH, Cast


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


def leave(cast: Cast) -> None:
    """The school of the author leaves the alliance."""
    session = cast.given.session
    session.execute(delete(Membership).where(Membership.school_id == cast.home.id))
    session.expire_all()


def test_a_school_that_left_keeps_its_sheet_and_every_figure_opens_its_list(
    cast: Cast, uow: UnitOfWork
) -> None:
    leave(cast)
    author = cast.given.again(cast.author.id)
    (own,) = own_sheets(uow.session, author, MONTH, SHANGHAI)
    assert own.total[Figure.ACCEPTED] == 1
    listed = list_behind(
        uow.session, author, cast.own, MONTH, Figure.ACCEPTED, zone=SHANGHAI, now=uow.now()
    )
    assert [line.public_id for line in listed.lines] == [cast.public_id]
    whole = alliance_sheet(uow.session, cast.editor, cast.alliance.id, MONTH, SHANGHAI)
    assert {line.id: line.tally[Figure.ACCEPTED] for line in whole.lines} == {
        cast.home.id: 1,
        cast.other.id: 0,
    }


def test_of_a_school_outside_only_those_stand_there_who_did_something(
    cast: Cast, uow: UnitOfWork
) -> None:
    leave(cast)
    sheet = school_sheet(uow.session, cast.editor, cast.school, MONTH, SHANGHAI)
    assert {line.name for line in sheet.lines} == {"王敏", "李审"}
    with pytest.raises(Missing):  # nothing was done in this month, and it is no member
        school_sheet(uow.session, cast.editor, cast.school, "2026-08", SHANGHAI)


def test_who_moved_away_sees_what_was_said_and_written_with_others(
    cast: Cast, uow: UnitOfWork
) -> None:
    session, given = uow.session, cast.given
    draft = given.draft(by=cast.author)
    name_co_author(uow, cast.author, draft.id, cast.colleague.id or 0)
    take_step(uow, cast.author, draft.id, Action.SUBMIT, rights_declared=True)
    given.through_review(draft, cast.reviewer, cast.judge)
    speaker = given.teacher("说者", school=cast.home)
    comment(uow, speaker, cast.work.resource_id, "好")
    moved = [cast.colleague.id, speaker.id]
    session.execute(update(User).where(User.id.in_(moved)).values(school_id=cast.far.id))
    session.expire_all()
    counts = []
    for number in moved:
        (own,) = own_sheets(session, given.again(number), MONTH, SHANGHAI)
        assert own.school is not None
        counts.append((own.school.id, dict(own.total.counts)))
    assert counts == [(cast.far.id, {Figure.CO_AUTHORED: 1}), (cast.far.id, {Figure.POSTS: 1})]


def test_a_list_of_a_person_belongs_to_a_school(cast: Cast, uow: UnitOfWork) -> None:
    nowhere = Scope(cast.alliance.id, None, cast.author.id)
    with pytest.raises(Missing):
        list_behind(
            uow.session, cast.editor, nowhere, MONTH, Figure.ACCEPTED, zone=SHANGHAI, now=uow.now()
        )


def test_an_alliance_that_is_not_there_has_no_figures(cast: Cast, uow: UnitOfWork) -> None:
    head = cast.given.editor(alliance=cast.alliance, school=cast.other)
    with pytest.raises(Missing):
        alliance_sheet(uow.session, head, cast.alliance.id + 999, MONTH, SHANGHAI)

"""A work is like one that its author may not read: somebody who may see both is told."""

import pytest
from sqlalchemy import select

from resource_hub.domain.people import Person, Role
from resource_hub.domain.visibility import Audience
from resource_hub.models import Notice, Revision
from resource_hub.services.queries.alike import AlikeWorks
from resource_hub.services.revisions import load_revision
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Given
from tests.services.test_similarity import (
    LESSON,
    Cast,
    copy,
    do_comparisons,
    seen_by,
    submit,
)


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


@pytest.fixture
def hidden(uow: UnitOfWork, given: Given, cast: Cast) -> Revision:
    """What the town has published for itself alone."""
    revision = given.published(by=cast.author, audience=Audience.SCHOOL, text=LESSON, title="机密")
    do_comparisons(uow)
    return revision


def told(uow: UnitOfWork) -> list[tuple[int, str]]:
    rows = uow.session.scalars(select(Notice).where(Notice.kind == "hidden_alike"))
    return sorted((notice.user_id, notice.values["title"]) for notice in rows)


def seen(uow: UnitOfWork, person: Person, revision: Revision) -> list[str]:
    return [each.title for each in seen_by(uow, person, revision).known]


def test_the_administrators_are_told_once_of_a_copy_that_nobody_else_may_compare(
    uow: UnitOfWork, given: Given, cast: Cast, hidden: Revision
) -> None:
    given.reviewer(school=cast.village)
    coordinator = given.coordinator(school=cast.village)
    administrator = given.administrator()
    draft = submit(uow, cast.copier, copy(given, cast.copier))
    do_comparisons(uow)
    assert told(uow) == [(administrator.id, draft.title)]
    assert seen(uow, administrator, draft) == [hidden.title]
    uow.promise("compare", draft.id)
    do_comparisons(uow)
    assert told(uow) == [(administrator.id, draft.title)]
    for person in (cast.copier, coordinator):
        assert seen_by(uow, person, draft) == AlikeWorks((), 1)
    words = [
        str(notice.values)
        for notice in uow.session.scalars(select(Notice).where(Notice.user_id != administrator.id))
    ]
    public_id = load_revision(uow.session, hidden.id).resource.public_id
    assert [text for text in words if "机密" in text or public_id in text] == []


def test_a_coordinator_who_may_read_both_is_told_rather_than_the_administrators(
    uow: UnitOfWork, given: Given, cast: Cast, hidden: Revision
) -> None:
    given.administrator()
    both = given.with_role(
        given.coordinator(school=cast.village), Role.COORDINATOR, school=cast.town
    )
    draft = submit(uow, cast.copier, copy(given, cast.copier))
    do_comparisons(uow)
    assert told(uow) == [(both.id, draft.title)]
    assert seen(uow, both, draft) == [hidden.title]


def test_nobody_is_told_where_the_reviewer_has_both_on_the_desk(
    uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    given.administrator()
    first = submit(uow, cast.author, given.draft(by=cast.author, text=LESSON))
    reviewer = given.reviewer(school=cast.town)
    colleague = given.teacher("同事", school=cast.town)
    second = submit(uow, colleague, copy(given, colleague))
    do_comparisons(uow)
    assert seen_by(uow, colleague, second) == AlikeWorks((), 1)
    assert seen(uow, reviewer, second) == [first.title]
    assert told(uow) == []

"""A draft that is a new version of the author's own work moves there, and nothing of it is lost."""

import pytest
from sqlalchemy import select

from resource_hub.domain.errors import Invalid
from resource_hub.domain.people import Person
from resource_hub.domain.review import Action, State
from resource_hub.domain.visibility import Audience
from resource_hub.models import AuditEvent, Kinship, Relation, Resource, Revision
from resource_hub.services import drafting, kinships
from resource_hub.services.review import take_step
from resource_hub.services.revisions import load_revision
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Given
from tests.services.test_similarity import (
    IN_TRADITIONAL,
    Cast,
    copy,
    do_comparisons,
    original,
    submit,
)


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


@pytest.fixture
def live(uow: UnitOfWork, given: Given, cast: Cast) -> Revision:
    """What the author has published."""
    revision = original(given, cast)
    do_comparisons(uow)
    return revision


def say_new_version(uow: UnitOfWork, person: Person, draft: Revision, live: Revision) -> None:
    kinships.look_for_alike(uow, person, load_revision(uow.session, draft.id))
    kinships.answer(uow, person, draft.id, live.resource.public_id, Relation.NEW_VERSION)


def refusal(caught: pytest.ExceptionInfo[Invalid]) -> tuple[str, str]:
    [problem] = caught.value.problems
    return problem.field, problem.sentence.split(".")[0]


def test_the_draft_becomes_the_next_version_with_its_words_and_files(
    uow: UnitOfWork, given: Given, cast: Cast, live: Revision
) -> None:
    draft = given.draft(by=cast.author, title="認識幾分之一", text=IN_TRADITIONAL)
    given.file(draft, by=cast.author, name="教案.txt", content="新的".encode())
    left = draft.resource.public_id
    say_new_version(uow, cast.author, draft, live)
    moved = load_revision(uow.session, draft.id)
    assert (moved.resource_id, moved.number, moved.state) == (live.resource_id, 2, State.DRAFT)
    assert (moved.title, moved.text) == ("認識幾分之一", IN_TRADITIONAL)
    assert [file.filename for file in moved.attachments] == ["教案.txt"]
    assert uow.session.scalar(select(Resource).where(Resource.public_id == left)) is None
    event = uow.session.scalars(select(AuditEvent).where(AuditEvent.tag == "resource:join")).one()
    assert (event.actor_id, event.resource_id, event.revision_id, event.detail) == (
        cast.author.id, live.resource_id, draft.id, {"draft": left},
    )  # fmt: skip
    assert submit(uow, cast.author, moved).state is State.IN_REVIEW
    assert load_revision(uow.session, live.id).state is State.PUBLISHED


def test_it_is_published_in_the_place_of_the_one_before(
    uow: UnitOfWork, given: Given, cast: Cast, live: Revision
) -> None:
    draft = given.draft(by=cast.author, title="新版", text=IN_TRADITIONAL)
    say_new_version(uow, cast.author, draft, live)
    submit(uow, cast.author, draft)
    given.through_review(
        draft,
        given.reviewer(school=cast.town),
        given.reviewer("陈老师", school=cast.village, alliance=cast.alliance),
    )
    states = uow.session.execute(
        select(Revision.number, Revision.state)
        .where(Revision.resource_id == live.resource_id)
        .order_by(Revision.number)
    ).all()
    assert [tuple(row) for row in states] == [(1, State.SUPERSEDED), (2, State.PUBLISHED)]


def test_what_the_live_version_said_of_others_holds_for_it(
    uow: UnitOfWork, given: Given, cast: Cast, live: Revision
) -> None:
    mine = copy(given, cast.copier)
    kinships.look_for_alike(uow, cast.copier, mine)
    kinships.answer(uow, cast.copier, mine.id, live.resource.public_id, Relation.DERIVED, why="改")
    given.admit(load_revision(uow.session, mine.id))
    do_comparisons(uow)
    draft = given.draft(by=cast.copier, title="再改", text=IN_TRADITIONAL)
    say_new_version(uow, cast.copier, draft, load_revision(uow.session, mine.id))
    said = uow.session.execute(
        select(Kinship.other_id, Kinship.relation, Kinship.why).where(
            Kinship.revision_id == draft.id
        )
    ).all()
    assert [tuple(row) for row in said] == [(live.resource_id, Relation.DERIVED, "改")]


def test_somebody_elses_work_gets_no_version(
    uow: UnitOfWork, given: Given, cast: Cast, live: Revision
) -> None:
    draft = copy(given, cast.copier)
    with pytest.raises(Invalid) as caught:
        say_new_version(uow, cast.copier, draft, live)
    assert refusal(caught) == (
        f"alike_{live.resource.public_id}",
        "Only what you have published yourself can get a new version from you",
    )
    assert load_revision(uow.session, draft.id).resource_id != live.resource_id


def test_while_another_version_is_under_way_the_draft_stays_as_it_is(
    uow: UnitOfWork, given: Given, cast: Cast, live: Revision
) -> None:
    drafting.revise(uow, cast.author, live.id)
    draft = given.draft(by=cast.author, title="新版", text=IN_TRADITIONAL)
    with pytest.raises(Invalid) as caught:
        say_new_version(uow, cast.author, draft, live)
    assert refusal(caught) == (
        f"alike_{live.resource.public_id}",
        "Another version of it is being written or reviewed already",
    )
    stays = load_revision(uow.session, draft.id)
    assert (stays.number, stays.title, stays.text) == (1, "新版", IN_TRADITIONAL)


def test_what_was_under_review_stays_a_work_of_its_own(
    uow: UnitOfWork, given: Given, cast: Cast, live: Revision
) -> None:
    draft = given.draft(by=cast.author, title="短", text="不同的话。")
    take_step(uow, cast.author, draft.id, Action.SUBMIT, rights_declared=True)
    draft.text = IN_TRADITIONAL
    uow.session.flush()
    with pytest.raises(Invalid) as caught:
        say_new_version(uow, cast.author, draft, live)
    assert refusal(caught)[1].startswith("This work has versions or a review of its own")
    assert draft.audience is Audience.ALLIANCE

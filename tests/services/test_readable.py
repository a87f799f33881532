"""The rule about reading and the condition in queries say the same of everybody and everything."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from resource_hub.domain.people import STRANGER, Person, Role
from resource_hub.domain.permissions import may_open_files, may_read
from resource_hub.domain.review import Action, Reason, State
from resource_hub.domain.visibility import Audience
from resource_hub.models import CoAuthor, MentorPair, Resource, Revision
from resource_hub.services import drafting, review
from resource_hub.services.queries.readable import files_open_to, readable_by
from resource_hub.services.revisions import load_revision, readable
from tests.given import NOON, Given

RELEASE = date(2026, 12, 1)
AFTER_RELEASE = NOON + timedelta(days=60)


@dataclass
class Cast:
    people: dict[str, Person]
    revisions: dict[str, int]


@pytest.fixture
def cast(given: Given) -> Cast:
    """Every role, and a revision in every place."""
    own, other, far = given.school(), given.school(), given.school()
    alliance, elsewhere = given.alliance(own, other), given.alliance(far)
    wang = given.teacher("王敏", school=own)
    school_reviewer = given.reviewer("李文", school=own)
    alliance_reviewer = given.reviewer("陈静", school=other, alliance=alliance)
    people = {
        "stranger": STRANGER,
        "author": wang,
        "colleague": given.teacher(school=own),
        "school reviewer": school_reviewer,
        "school reviewer of Chinese": given.reviewer(school=own, subjects=("chinese",)),
        "school reviewer of mathematics": given.reviewer(school=own, subjects=("math",)),
        "coordinator": given.coordinator(school=own),
        "alliance reviewer": alliance_reviewer,
        "alliance reviewer for seniors": given.reviewer(
            school=other, alliance=alliance, stages=("senior",)
        ),
        "alliance reviewer of the own school": given.reviewer(school=own, alliance=alliance),
        "teacher of the alliance": given.teacher(school=other),
        "coordinator of another school": given.coordinator(school=other),
        "teacher of another alliance": given.teacher(school=far),
        "reviewer of another alliance": given.reviewer(school=far, alliance=elsewhere),
        "administrator": given.with_role(given.teacher(school=far), Role.ADMINISTRATOR),
        "co-author": given.teacher(school=far),
        "co-author who reviews": given.reviewer(school=own),
        "mentor who reviews": given.reviewer(school=other, alliance=alliance),
    }
    mentor = people["mentor who reviews"]
    given.session.add(MentorPair(mentor_id=mentor.id, mentee_id=wang.id, since=NOON))
    uow = given.uow
    returned = given.submitted(by=wang)
    review.take_step(uow, school_reviewer, returned.id, Action.REQUEST_CHANGES, comment="目标")
    discarded = given.submitted(by=wang)
    review.take_step(uow, school_reviewer, discarded.id, Action.REQUEST_CHANGES, comment="目标")
    drafting.discard(uow, wang, discarded.id)
    rejected = given.submitted(by=wang)
    review.take_step(
        uow, school_reviewer, rejected.id, Action.REJECT, comment="重复", reason=Reason.DUPLICATE
    )
    at_alliance = given.submitted(by=wang)
    review.take_step(uow, school_reviewer, at_alliance.id, Action.APPROVE)
    revised = given.published(by=wang, audience=Audience.PUBLIC)
    narrowed = drafting.revise(uow, wang, revised.id)
    drafting.describe(
        uow, wang, narrowed.id, given.description(audience=Audience.SCHOOL, alliance_id=alliance.id)
    )
    review.take_step(uow, wang, narrowed.id, Action.SUBMIT, rights_declared=True)
    review.take_step(uow, school_reviewer, narrowed.id, Action.APPROVE)
    replaced = given.published(by=wang)
    last = drafting.revise(uow, wang, replaced.id)
    review.take_step(uow, wang, last.id, Action.SUBMIT, rights_declared=True)
    given.through_review(last, school_reviewer, alliance_reviewer)
    review.take_step(uow, wang, last.id, Action.WITHDRAW, comment="有错")
    updated = given.published(by=wang, audience=Audience.PUBLIC)
    update = drafting.revise(uow, wang, updated.id)
    review.take_step(uow, wang, update.id, Action.SUBMIT, rights_declared=True)
    given.through_review(update, school_reviewer, alliance_reviewer)
    unseen = given.published(by=wang, audience=Audience.PUBLIC, release_on=RELEASE)
    review.take_step(uow, wang, unseen.id, Action.WITHDRAW, comment="有错")
    revisions = {
        "draft": given.draft(by=wang),
        "for the school, in review": given.submitted(by=wang, audience=Audience.SCHOOL),
        "for the alliance, in school review": given.submitted(by=wang),
        "in alliance review": at_alliance,
        "changes requested": returned,
        "rejected": rejected,
        "discarded after review": discarded,
        "published for the school": given.published(by=wang, audience=Audience.SCHOOL),
        "published for the alliance": given.published(by=wang),
        "published for everyone": given.published(by=wang, audience=Audience.PUBLIC),
        "not released yet": given.published(by=wang, audience=Audience.PUBLIC, release_on=RELEASE),
        "earlier, and since narrowed": revised,
        "narrowed to the school": narrowed,
        "earlier, of what was withdrawn": replaced,
        "withdrawn": last,
        "withdrawn before its release": unseen,
        "earlier, for everyone": updated,
        "later, for everyone": update,
    }
    given.session.add_all(
        CoAuthor(revision_id=revision.id, user_id=people[name].id)
        for revision in revisions.values()
        for name in ("co-author", "co-author who reviews")
    )
    given.session.flush()
    return Cast(people, {name: revision.id for name, revision in revisions.items()})


@pytest.mark.parametrize("now", [NOON, AFTER_RELEASE])
def test_the_query_and_the_rule_agree_about_pages_and_about_files(
    given: Given, cast: Cast, now: datetime
) -> None:
    found, expected = {}, {}
    for who, person in cast.people.items():
        for condition, rule, of in (
            (readable_by, may_read, "page"),
            (files_open_to, may_open_files, "files"),
        ):
            ids = set(
                given.session.scalars(
                    select(Revision.id).join(Revision.resource).where(condition(person, now))
                )
            )
            for what, revision_id in cast.revisions.items():
                item = readable(given.session, load_revision(given.session, revision_id))
                found[who, what, of] = revision_id in ids
                expected[who, what, of] = rule(person, item, now)
    assert found == expected


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("stranger", {"published for everyone", "earlier, for everyone", "later, for everyone"}),
        (
            "teacher of the alliance",
            {
                "published for everyone",
                "earlier, for everyone",
                "later, for everyone",
                "published for the alliance",
                "withdrawn",
            },
        ),
    ],
)
def test_what_readers_see_is_what_is_shared_with_them(
    given: Given, cast: Cast, who: str, seen: set[str]
) -> None:
    ids = set(
        given.session.scalars(
            select(Revision.id).join(Revision.resource).where(readable_by(cast.people[who], NOON))
        )
    )

    assert {what for what, revision_id in cast.revisions.items() if revision_id in ids} == seen


def test_what_was_withdrawn_before_its_release_is_never_heard_of(given: Given, cast: Cast) -> None:
    reads = select(Revision.id).join(Revision.resource)
    unseen = Revision.id == cast.revisions["withdrawn before its release"]
    who = {
        name
        for name, person in cast.people.items()
        if given.session.scalar(reads.where(unseen, readable_by(person, AFTER_RELEASE)))
    }

    authors = {"author", "co-author", "co-author who reviews"}
    assert who == authors | {"coordinator", "administrator"}


def test_nobody_but_those_who_answer_for_it_gets_the_files_of_what_was_withdrawn(
    given: Given, cast: Cast
) -> None:
    withdrawn = cast.revisions["withdrawn"]
    who = {
        name
        for name, person in cast.people.items()
        if given.session.scalar(
            select(Revision.id)
            .join(Revision.resource)
            .where(Revision.id == withdrawn, files_open_to(person, NOON))
        )
    }

    assert who == {"author", "coordinator", "administrator"}


def test_every_state_is_in_the_cast(given: Given, cast: Cast) -> None:
    states = set(
        given.session.scalars(
            select(Revision.state).where(Revision.id.in_(cast.revisions.values()))
        )
    )

    assert states == set(State)
    assert given.session.scalar(select(Resource.id)) is not None

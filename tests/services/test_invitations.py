"""Somebody from outside judges one submission, and sees nothing else."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import Invalid, Missing, NotAllowed, WrongState
from resource_hub.domain.people import Person
from resource_hub.domain.review import Action, Stage, State
from resource_hub.domain.review_rules import is_reviewer_of_it
from resource_hub.domain.visibility import Audience
from resource_hub.models import Invitation, Job, Notice, Resource, Review, Revision, Submission
from resource_hub.services.deciding import decide
from resource_hub.services.invitations import (
    find_invitation,
    guest,
    invite,
    invited,
    revoke,
    token_of,
    wanted_by,
)
from resource_hub.services.queries.readable import readable_by
from resource_hub.services.queries.submission_page import submission_page
from resource_hub.services.review import take_step
from resource_hub.services.review_clock import look_at
from resource_hub.services.revisions import load_revision, reviewable
from resource_hub.services.thread import say
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Clock, Given
from tests.services.test_inbox import Cast, submission_of

SECRET = "the hub's key"


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


@pytest.fixture
def coordinator(given: Given, cast: Cast) -> Person:
    return given.coordinator("赵主任", school=cast.village)


@pytest.fixture
def submission(session: Session, given: Given, cast: Cast) -> Submission:
    """One that may be judged by people from outside."""
    found = submission_of(session, given.submitted(by=cast.author))
    found.policy = replace(found.policy, externals=True)
    session.flush()
    return found


def asked(uow: UnitOfWork, by: Person, submission: Submission) -> tuple[Person, str]:
    made = invite(uow, by, submission.id, name="钱教授", email="Qian@Example.com", secret=SECRET)
    token = token_of(SECRET, made)
    return guest(uow.session, token, uow.now()), token


def test_a_guest_judges_that_submission_by_the_one_road(
    session: Session, uow: UnitOfWork, coordinator: Person, submission: Submission, cast: Cast
) -> None:
    person, token = asked(uow, coordinator, submission)
    decide(uow, person, submission.id, Action.APPROVE, comment="")
    review = session.scalars(select(Review)).one()
    assert (review.reviewer_id, review.reviewer_school_id, review.decision) == (
        person.id,
        None,
        Action.APPROVE,
    )
    revision = session.get_one(Revision, submission.revision_id)
    assert (revision.state, revision.stage) == (State.IN_REVIEW, Stage.ALLIANCE)
    with pytest.raises(WrongState, match=f"review is over.*{coordinator.name}"):
        guest(session, token, uow.now())
    with pytest.raises(NotAllowed, match="another submission, or at another stage"):
        take_step(uow, person, submission.revision_id, Action.APPROVE)
    del cast


def test_a_guest_sees_that_submission_alone_and_nobodys_opinion(
    session: Session,
    given: Given,
    uow: UnitOfWork,
    coordinator: Person,
    submission: Submission,
    cast: Cast,
    clock: Clock,
) -> None:
    other = given.submitted(by=cast.author, title="另一课")
    shared = given.published(by=cast.author, title="联盟的课")
    public = given.published(by=cast.author, title="公开的课", audience=Audience.PUBLIC)
    person, _token = asked(uow, coordinator, submission)
    seen = session.scalars(
        select(Revision.id).join(Resource).where(readable_by(person, clock()))
    ).all()
    assert sorted(seen) == sorted([submission.revision_id, public.id])
    assert shared.id not in seen
    page = submission_page(session, person, submission.id, clock())
    assert (list(page.rounds), page.live, page.content_is_open) == ([], None, True)
    assert set(page.actions) == {Action.APPROVE, Action.REQUEST_CHANGES, Action.REJECT}
    there = submission_of(session, other)
    for refused in (
        lambda: submission_page(session, person, there.id, clock()),
        lambda: decide(uow, person, there.id, Action.APPROVE),
        lambda: take_step(uow, person, other.id, Action.APPROVE),
        lambda: say(uow, person, there.id, "您好"),
    ):
        with pytest.raises(Missing):
            refused()
    take_step(uow, cast.reviewer, submission.revision_id, Action.REQUEST_CHANGES, comment="再改")
    take_step(uow, cast.author, submission.revision_id, Action.SUBMIT, rights_declared=True)
    for number in session.scalars(select(Submission.id)).all():
        with pytest.raises(Missing):
            submission_page(session, person, number, clock())


def test_only_who_answers_for_the_review_invites_and_only_where_the_policy_says_so(
    session: Session,
    given: Given,
    uow: UnitOfWork,
    coordinator: Person,
    submission: Submission,
    cast: Cast,
) -> None:
    def may(person: Person) -> bool:
        try:
            asked(uow, person, submission)
        except (NotAllowed, Missing):
            return False
        return True

    administrator = given.administrator()
    people = (cast.author, cast.reviewer, cast.alliance_reviewer, coordinator, administrator)
    assert [may(person) for person in people] == [False, False, False, True, True]
    take_step(uow, cast.reviewer, submission.revision_id, Action.APPROVE)
    assert [may(person) for person in people] == [False, False, True, False, True]
    submission.policy = replace(submission.policy, externals=False)
    assert [may(person) for person in people] == [False] * 5
    revision = load_revision(session, submission.revision_id)
    stranger = Person(id=99, guest_of=submission.id, guest_stage=Stage.ALLIANCE)
    assert is_reviewer_of_it(stranger, reviewable(session, revision)) is not None


def test_a_link_that_is_good_no_more_says_whom_to_ask(
    session: Session,
    uow: UnitOfWork,
    coordinator: Person,
    submission: Submission,
    clock: Clock,
) -> None:
    _person, first = asked(uow, coordinator, submission)
    _person, second = asked(uow, coordinator, submission)
    with pytest.raises(WrongState, match=r"taken back.*ask 赵主任 \("):
        guest(session, first, clock())
    clock.pass_(days=15)
    with pytest.raises(WrongState, match=r"has expired. Ask 赵主任 \(.*who invited you"):
        guest(session, second, clock())
    _person, third = asked(uow, coordinator, submission)
    last = session.scalars(select(Invitation).order_by(Invitation.id.desc())).first()
    assert last is not None
    revoke(uow, coordinator, submission.id, last.id)
    with pytest.raises(WrongState, match="taken back"):
        guest(session, third, clock())
    with pytest.raises(Missing, match="not known"):
        guest(session, third + "x", clock())
    _submission, found, refusal = invited(session, coordinator, submission.id, clock())
    assert ([each.is_open for each in found], refusal) == ([False, False, False], None)


def test_the_table_knows_the_token_by_its_hash_alone(
    session: Session, uow: UnitOfWork, coordinator: Person, submission: Submission
) -> None:
    _person, token = asked(uow, coordinator, submission)
    kept = session.scalars(select(Invitation)).one()
    assert token not in {kept.nonce, kept.token_hash}
    assert token_of("another key", kept) != token


@pytest.mark.parametrize(
    ("name", "email", "sentence"),
    [
        ("", "a@example.org", "person's name"),
        ("钱教授", "nowhere", "an address"),
        ("钱教授", "a@b.org, c@d.org", "an address"),
    ],
)
def test_a_wrong_name_or_address_is_refused(
    uow: UnitOfWork,
    coordinator: Person,
    submission: Submission,
    name: str,
    email: str,
    sentence: str,
) -> None:
    with pytest.raises(Invalid, match=sentence):
        invite(uow, coordinator, submission.id, name=name, email=email, secret=SECRET)


def test_who_has_an_account_is_not_let_in_by_the_back_door(
    session: Session, uow: UnitOfWork, coordinator: Person, submission: Submission, given: Given
) -> None:
    given.teacher(account="colleague")
    with pytest.raises(Invalid, match="has an account here"):
        invite(
            uow,
            coordinator,
            submission.id,
            name="同事",
            email="COLLEAGUE@example.org",
            secret=SECRET,
        )
    del session


def test_a_guest_is_reminded_as_reviewers_are_and_who_invited_is_told_when_it_is_late(
    session: Session, uow: UnitOfWork, coordinator: Person, submission: Submission, clock: Clock
) -> None:
    submission.policy = replace(submission.policy, days={Stage.SCHOOL: 3})
    asked(uow, coordinator, submission)
    invitation = session.scalars(select(Invitation)).one()
    found = find_invitation(session, invitation.id)
    assert found is not None
    assert wanted_by(session, found, uow.zone) == date(2026, 10, 15)
    for _day in range(10):
        for _twice in range(2):
            look_at(uow, submission.id)
        clock.pass_(days=1)
    jobs = session.scalars(select(Job.subject).where(Job.kind == "mail_invitation"))
    number = invitation.id
    assert sorted(jobs) == [
        str(number), f"{number}:2026-10-14", f"{number}:2026-10-15", f"{number}:2026-10-16",
    ]  # fmt: skip
    told = session.scalars(select(Notice).where(Notice.kind == "guest_late"))
    assert [(each.user_id, each.values["comment"], each.values["due"]) for each in told] == [
        (coordinator.id, "钱教授", "2026-10-15")
    ]


def test_who_has_decided_or_is_asked_no_more_is_not_reminded(
    session: Session, uow: UnitOfWork, coordinator: Person, submission: Submission, clock: Clock
) -> None:
    submission.policy = replace(
        submission.policy, days={Stage.SCHOOL: 3}, approvals={Stage.SCHOOL: 2}
    )
    person, _token = asked(uow, coordinator, submission)
    decide(uow, person, submission.id, Action.APPROVE)
    other = invite(uow, coordinator, submission.id, name="孙", email="s@example.com", secret=SECRET)
    revoke(uow, coordinator, submission.id, other.id)
    for _day in range(6):
        look_at(uow, submission.id)
        clock.pass_(days=1)
    jobs = session.scalars(select(Job.subject).where(Job.kind == "mail_invitation"))
    assert [subject for subject in jobs if ":" in subject] == []

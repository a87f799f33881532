"""Who wrote it too, and mentors and mentees: they never review it, by whatever road."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from resource_hub.domain.anchors import AnchorKind
from resource_hub.domain.errors import Invalid, Missing, NotAllowed, WrongState
from resource_hub.domain.people import STRANGER, Person, Role
from resource_hub.domain.remarks import Weight
from resource_hub.domain.review import Action, Stage
from resource_hub.domain.visibility import Audience
from resource_hub.models import CoAuthor, Job, MentorPair, Notice, Remark, Review, Revision, User
from resource_hub.services import drafting
from resource_hub.services.co_authors import (
    MOST,
    co_authors,
    look_for,
    name_co_author,
    remove_co_author,
)
from resource_hub.services.mentoring import pair, pairs_of, part, possible
from resource_hub.services.queries.inbox import may_judge
from resource_hub.services.queries.queues import Queue
from resource_hub.services.queries.sheets import heaps
from resource_hub.services.queries.shelf import cards
from resource_hub.services.queries.submission_page import submission_page
from resource_hub.services.review import take_step
from resource_hub.services.review_clock import look_at
from resource_hub.services.revisions import load_revision, readable_revision
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import NOON, Given
from tests.services.test_assigning import Cast, submission_of, told, who_has


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


def named(uow: UnitOfWork, given: Given, cast: Cast, *people: Person) -> Revision:
    draft = given.draft(by=cast.author, title="分数")
    for person in people:
        name_co_author(uow, cast.author, draft.id, person.id or 0)
    return draft


def test_who_may_see_a_draft(session: Session, uow: UnitOfWork, given: Given, cast: Cast) -> None:
    colleague = given.teacher("同事", school=cast.village)
    neighbour = given.teacher("邻校", school=cast.town)
    draft = named(uow, given, cast, given.teacher("合著", school=cast.town))
    writer = given.again(co_authors(session, draft)[0].id)
    open_to = []
    for person in (cast.author, writer, colleague, neighbour, cast.coordinator, STRANGER):
        try:
            readable_revision(session, person, draft.id, NOON)
        except Missing:
            continue
        open_to.append(person.name)
    assert open_to == ["王敏", "合著"]


def test_the_owner_alone_changes_submits_and_names(
    uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    writer = given.teacher("合著", school=cast.village)
    draft = named(uow, given, cast, writer)
    with pytest.raises(NotAllowed, match="Only the author"):
        drafting.describe(uow, writer, draft.id, given.description(title="改"))
    with pytest.raises(NotAllowed, match="Only the author"):
        take_step(uow, writer, draft.id, Action.SUBMIT, rights_declared=True)
    for person, refusal in ((writer, NotAllowed), (cast.second, Missing), (STRANGER, Missing)):
        with pytest.raises(refusal):
            name_co_author(uow, person, draft.id, cast.first.id or 0)
        with pytest.raises(refusal):
            remove_co_author(uow, person, draft.id, writer.id or 0)


def test_co_authors_are_never_asked_and_may_not_judge_by_any_road(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    chief = cast.coordinator
    draft = named(uow, given, cast, cast.first, chief)
    take_step(uow, cast.author, draft.id, Action.SUBMIT, rights_declared=True)
    number = submission_of(session, draft).id
    assert who_has(session, draft) == ["周老师"]
    for person in (cast.first, chief):
        for action in (Action.CLAIM, Action.APPROVE, Action.REJECT, Action.REQUEST_CHANGES):
            with pytest.raises(NotAllowed, match="your own work"):
                take_step(uow, person, draft.id, action, comment="好")
        with pytest.raises(NotAllowed, match="your own work"):
            submission_page(session, person, number, NOON)
        assert heaps(session, Queue(person, may_judge(person), NOON.date())).heaps == []
    with pytest.raises(NotAllowed, match="choose who reviews"):
        take_step(uow, chief, draft.id, Action.HAND_OVER, successor=cast.second.id)
    with pytest.raises(Invalid, match="from the list"):
        take_step(uow, cast.second, draft.id, Action.HAND_OVER, successor=cast.first.id)
    take_step(uow, cast.second, draft.id, Action.DECLINE, comment="不熟悉")
    assert told(session, chief) == ["co_author"]  # that nobody is there, others are told


def test_a_mentor_and_a_mentee_are_never_asked_and_may_not_judge(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    pair(uow, cast.coordinator, mentor_id=cast.first.id or 0, mentee_id=cast.author.id or 0)
    revision = given.submitted(by=cast.author)
    theirs = given.submitted(by=cast.first)
    assert who_has(session, revision) == ["周老师"]
    assert who_has(session, theirs) == ["周老师"]
    with pytest.raises(Missing):  # it is not shown to a mentor who has nothing else to do with it
        take_step(uow, cast.first, revision.id, Action.APPROVE)
    assert heaps(session, Queue(cast.first, may_judge(cast.first), NOON.date())).heaps == []
    both = given.with_role(cast.first, Role.COORDINATOR, school=cast.village)
    with pytest.raises(NotAllowed, match="mentor or mentee"):
        take_step(uow, both, revision.id, Action.APPROVE)


def test_who_becomes_a_mentor_meanwhile_gives_it_up(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    revision = given.submitted(by=cast.author)
    made = pair(uow, cast.coordinator, mentor_id=cast.first.id or 0, mentee_id=cast.author.id or 0)
    jobs = session.execute(select(Job.kind, Job.subject).where(Job.kind == "turns")).all()
    assert jobs == [("turns", str(cast.first.id))]
    look_at(uow, submission_of(session, revision).id)
    assert who_has(session, revision) == ["周老师"]
    assert told(session, cast.first) == ["assigned", "stands_aside"]
    part(uow, cast.coordinator, made.id)
    assert who_has(session, given.submitted(by=cast.author)) == ["李老师"]


def judged_past_the_rules(session: Session, revision: Revision, by: Person) -> str:
    """What the database itself says to an approval and a remark that no service would take."""
    number, owner = submission_of(session, revision).id, revision.resource.owner_id
    later = NOON + timedelta(minutes=1)
    review = Review(
        submission_id=number, stage=Stage.SCHOOL, reviewer_id=by.id, author_id=owner,
        reviewer_school_id=by.school_id, author_school_id=revision.resource.school_id,
        decision=Action.APPROVE, decided_at=later,
    )  # fmt: skip
    remark = Remark(
        submission_id=number, stage=Stage.SCHOOL, writer_id=by.id, author_id=owner, text="好",
        weight=Weight.SUGGESTION, kind=AnchorKind.FIELD, field="title", created_at=later,
    )  # fmt: skip
    said = []
    for row in (review, remark):
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError as error:
            said.append(str(error.orig).partition("\n")[0])
    return " / ".join(said)


def test_the_database_keeps_out_co_authors_mentors_and_mentees_too(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    pair(uow, cast.coordinator, mentor_id=cast.first.id or 0, mentee_id=cast.author.id or 0)
    draft = named(uow, given, cast, cast.second)
    revision = take_step(uow, cast.author, draft.id, Action.SUBMIT, rights_declared=True)
    barred = "co-authors, mentors and mentees do not judge"
    for person in (cast.first, cast.second):
        assert judged_past_the_rules(session, revision, person) == f"{barred} / {barred}"
    other = given.reviewer(school=cast.village)
    assert judged_past_the_rules(session, revision, other) == ""


def test_pairs_are_entered_by_who_manages_one_of_the_two(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    mentor, mentee = cast.judge.id or 0, cast.author.id or 0
    far = given.coordinator("远方", school=given.school())
    for by in (far, cast.first, cast.author):
        with pytest.raises(NotAllowed):
            pair(uow, by, mentor_id=mentor, mentee_id=mentee)
    for wrong, sentence in ((mentee, "their own mentor"), (999, "from the list"), (far.id, "list")):
        with pytest.raises(Invalid, match=sentence):
            pair(uow, cast.coordinator, mentor_id=wrong or 0, mentee_id=mentee)
    made = pair(uow, cast.coordinator, mentor_id=mentor, mentee_id=mentee)
    assert pair(uow, cast.coordinator, mentor_id=mentor, mentee_id=mentee) is made
    assert [(one.name, one.is_mentor) for one in pairs_of(session, mentee)] == [("陈老师", True)]
    assert [(one.name, one.is_mentor) for one in pairs_of(session, mentor)] == [("王敏", False)]
    assert [name for _id, name in possible(session, mentee)] == [
        "何校", "周老师", "李老师", "陈老师 · 镇中心小学",
    ]  # fmt: skip
    with pytest.raises(NotAllowed):
        part(uow, far, made.id)
    part(uow, given.administrator(), made.id)
    with pytest.raises(Missing, match="not entered any more"):
        part(uow, cast.coordinator, made.id)
    assert session.scalars(select(MentorPair)).all() == []


def test_a_new_version_keeps_them_and_the_card_names_them(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    draft = named(uow, given, cast, cast.first, cast.judge)
    live = given.admit(draft)
    assert load_revision(session, live.id).authors == ["王敏", "李老师", "陈老师"]
    card = cards(session, [live.resource_id])[live.resource_id]
    assert sorted(card.author_name.split("、")) == sorted(["王敏", "李老师", "陈老师"])
    new = drafting.revise(uow, cast.author, live.id)
    assert [one.name for one in co_authors(session, new)] == ["李老师", "陈老师"]
    remove_co_author(uow, cast.author, new.id, cast.judge.id or 0)
    assert load_revision(session, new.id).authors == ["王敏", "李老师"]
    assert load_revision(session, live.id).authors == ["王敏", "李老师", "陈老师"]


def test_only_a_draft_takes_co_authors_and_only_people_of_the_hub(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    draft = named(uow, given, cast)
    for wrong, sentence in ((cast.author.id, "author already"), (999, "from the list")):
        with pytest.raises(Invalid, match=sentence):
            name_co_author(uow, cast.author, draft.id, wrong or 0)
    for _ in range(MOST):
        one = given.teacher(school=cast.town).id or 0
        name_co_author(uow, cast.author, draft.id, one)
        name_co_author(uow, cast.author, draft.id, one)  # twice is once
    with pytest.raises(Invalid, match="At most 10"):
        name_co_author(uow, cast.author, draft.id, cast.first.id or 0)
    assert len(session.scalars(select(CoAuthor)).all()) == MOST
    assert len(session.scalars(select(Notice).where(Notice.kind == "co_author")).all()) == MOST
    take_step(uow, cast.author, draft.id, Action.SUBMIT, rights_declared=True)
    with pytest.raises(WrongState):
        name_co_author(uow, cast.author, draft.id, cast.first.id or 0)


def test_people_are_found_by_name_or_by_the_whole_address(
    session: Session, given: Given, cast: Cast
) -> None:
    far = given.teacher("李四", school=given.school("远方小学"))

    def found(words: str) -> list[tuple[str, str]]:
        return [(one.name, one.school_name) for one in look_for(session, cast.author, words)]

    assert found("李老") == [("李老师", "山口小学")]
    assert found("李") == []
    assert found("王敏") == []  # oneself
    assert found(" 李四 ") == [("李四", "远方小学")]
    address = session.get_one(User, far.id).email or ""
    assert found(address.upper()) == [("李四", "远方小学")]
    assert found("@example") == []
    assert found("%%") == []


def test_a_co_author_of_another_school_sees_it_in_review_too(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    writer = given.teacher("合著", school=given.school())
    draft = given.draft(by=cast.author, audience=Audience.SCHOOL)
    name_co_author(uow, cast.author, draft.id, writer.id or 0)
    take_step(uow, cast.author, draft.id, Action.SUBMIT, rights_declared=True)
    assert readable_revision(session, writer, draft.id, NOON).id == draft.id
    take_step(uow, cast.first, draft.id, Action.APPROVE)
    assert readable_revision(session, writer, draft.id, NOON).id == draft.id

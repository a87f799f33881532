"""Two people press at the same moment: one wins, the other is told, nothing is half done."""

import io
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import HubError, WrongState
from resource_hub.domain.people import Person
from resource_hub.domain.policy import Policy, Stage
from resource_hub.domain.review import Action, Reason, State
from resource_hub.domain.verdict import Decision, Opinion, verdict
from resource_hub.domain.visibility import Audience
from resource_hub.models import (
    Attachment,
    AuditEvent,
    Blob,
    PolicyRow,
    Review,
    Revision,
    Submission,
    User,
)
from resource_hub.services import drafting, people, uploading
from resource_hub.services.deciding import decide
from resource_hub.services.review import take_step
from resource_hub.services.unit_of_work import unit_of_work
from tests.conftest import SHANGHAI
from tests.given import LIMITS, Clock, Given


def outcome(act: object) -> str:
    """What a thread reports: done, or the kind of refusal."""
    try:
        act()  # type: ignore[operator]  # a function of no arguments
    except HubError as error:
        return type(error).__name__
    return "done"


def at_once(*acts: object) -> list[str]:
    """Run all at the same moment; their outcomes, sorted."""
    barrier = Barrier(len(acts))

    def run(act: object) -> str:
        barrier.wait()
        return outcome(act)

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


@pytest.mark.parametrize("repeat", range(3))
def test_two_reviewers_decide_at_once_and_one_decision_stands(
    engine: Engine, session: Session, given: Given, clock: Clock, repeat: int
) -> None:
    del repeat
    school = given.school()
    author = given.teacher(school=school)
    reviewers = [given.reviewer(f"审核{n}", school=school) for n in range(4)]
    revision_id = given.submitted(by=author, audience=Audience.SCHOOL).id
    submission_id = session.scalars(select(Submission.id)).one()
    session.commit()

    def decision(reviewer: Person, action: Action) -> object:
        def act() -> None:
            with (
                Session(engine) as own,
                unit_of_work(own, clock, SHANGHAI) as uow,
            ):
                decide(
                    uow, reviewer, submission_id, action, comment="请修改", reason=Reason.QUALITY
                )

        return act

    outcomes = at_once(
        decision(reviewers[0], Action.APPROVE),
        decision(reviewers[1], Action.REJECT),
        decision(reviewers[2], Action.REQUEST_CHANGES),
        decision(reviewers[3], Action.APPROVE),
    )
    assert outcomes == ["WrongState", "WrongState", "WrongState", "done"]
    session.rollback()
    assert session.scalar(select(func.count(Review.id))) == 1
    [submission] = session.scalars(select(Submission)).all()
    assert submission.outcome is not None
    state = session.scalar(select(Revision.state).where(Revision.id == revision_id))
    assert state in {State.PUBLISHED, State.REJECTED, State.CHANGES_REQUESTED}


def test_two_claims_at_once_give_one_holder(
    engine: Engine, session: Session, given: Given, clock: Clock
) -> None:
    school = given.school()
    revision_id = given.submitted(by=given.teacher(school=school), audience=Audience.SCHOOL).id
    reviewers = [given.reviewer(f"审核{n}", school=school) for n in range(3)]
    session.commit()

    def claim(reviewer: Person) -> object:
        def act() -> None:
            with Session(engine) as own, unit_of_work(own, clock, SHANGHAI) as uow:
                take_step(uow, reviewer, revision_id, Action.CLAIM)

        return act

    assert at_once(*map(claim, reviewers)) == ["WrongState", "WrongState", "done"]


def test_pressing_new_version_twice_opens_one(
    engine: Engine, session: Session, given: Given, clock: Clock
) -> None:
    author = given.teacher(school=given.school())
    revision_id = given.published(by=author, audience=Audience.SCHOOL).id
    session.commit()

    def revise() -> None:
        with Session(engine) as own, unit_of_work(own, clock, SHANGHAI) as uow:
            drafting.revise(uow, author, revision_id)

    assert at_once(revise, revise) == ["WrongState", "done"]
    session.rollback()
    assert session.scalar(select(func.count(Revision.id))) == 2


def test_the_same_bytes_arrive_in_two_drafts_at_once_and_both_have_them(
    engine: Engine, session: Session, given: Given, clock: Clock
) -> None:
    school = given.school()
    author = given.teacher(school=school)
    drafts = [given.draft(by=author).id for _ in range(2)]
    session.commit()

    def upload(revision_id: int) -> object:
        def act() -> None:
            kept = uploading.keep(given.storage, io.BytesIO(b"same"), "课件.txt")
            with Session(engine) as own, unit_of_work(own, clock, SHANGHAI) as uow:
                uploading.attach(uow, author, revision_id, kept, limits=LIMITS)

        return act

    assert at_once(*map(upload, drafts)) == ["done", "done"]
    session.rollback()
    assert session.scalar(select(func.count(Blob.key))) == 1
    assert session.scalar(select(func.count(Attachment.id))) == 2


def test_of_two_uses_of_one_link_at_once_one_sets_the_password(
    engine: Engine, session: Session, given: Given, clock: Clock
) -> None:
    wang = given.teacher(school=given.school())
    present = session.get_one(User, wang.id).password_hash
    session.commit()

    def use(new_hash: str) -> object:
        def act() -> None:
            with Session(engine) as own, unit_of_work(own, clock, SHANGHAI) as uow:
                people.set_password(
                    uow, wang, wang.id or 0, present_hash=present, new_hash=new_hash
                )

        return act

    hashes = [f"hash {number}" for number in range(4)]
    assert at_once(*map(use, hashes)) == ["WrongState", "WrongState", "WrongState", "done"]
    session.expire_all()
    assert session.get_one(User, wang.id).password_hash in hashes
    tags = session.scalars(select(AuditEvent.tag).where(AuditEvent.tag == "person:password"))
    assert len(tags.all()) == 1


@pytest.mark.long
@pytest.mark.parametrize("approvals", [1, 3])
def test_thirty_reviewers_decide_on_the_same_ten_and_each_decision_is_made_once(
    engine: Engine, session: Session, given: Given, clock: Clock, approvals: int
) -> None:
    policy = Policy((Stage.SCHOOL,), {Stage.SCHOOL: approvals})
    session.add(PolicyRow(kind="", policy=policy, changed_at=clock()))
    school = given.school()
    author = given.teacher(school=school)
    reviewers = [given.reviewer(f"审核{n}", school=school) for n in range(30)]
    for _ in range(10):
        given.submitted(by=author, audience=Audience.SCHOOL)
    submissions = list(session.scalars(select(Submission.id).order_by(Submission.id)))
    session.commit()
    barrier = Barrier(len(reviewers))
    actions = [Action.APPROVE, Action.REQUEST_CHANGES, Action.REJECT]

    def judge(number: int) -> list[tuple[int, str]]:
        """All ten, each thread beginning at another; what came of each."""
        barrier.wait()
        told = []
        for submission_id in submissions[number % 10 :] + submissions[: number % 10]:
            try:
                with Session(engine) as own, unit_of_work(own, clock, SHANGHAI) as uow:
                    decide(
                        uow,
                        reviewers[number],
                        submission_id,
                        actions[number % 3],
                        comment="请修改",
                        reason=Reason.QUALITY,
                    )
                told.append((submission_id, "done"))
            except WrongState as error:
                told.append((submission_id, error.sentence))
        return told

    with ThreadPoolExecutor(len(reviewers)) as pool:
        told = Counter(line for lines in pool.map(judge, range(30)) for line in lines)
    faster = "%(name)s was faster. Look again, then decide; what you wrote is kept."
    assert told == Counter(
        {(number, "done"): approvals for number in submissions}
        | {(number, faster): 30 - approvals for number in submissions}
    )
    session.rollback()
    decided: dict[int, list[Decision]] = {number: [] for number in submissions}
    for number, action in session.execute(select(Review.submission_id, Review.decision)):
        decided[number].append(Decision(action.value))
    for submission in session.scalars(select(Submission)):
        opinions = [Opinion(decision) for decision in decided[submission.id]]
        assert len(opinions) == approvals
        assert str(submission.outcome) == str(verdict(policy, Stage.SCHOOL, opinions).decision)
    tags = [f"revision:{action}" for action in actions]
    events = select(func.count(AuditEvent.id)).where(AuditEvent.tag.in_(tags))
    assert session.scalar(events) == 10 * approvals

"""The reviewer's inbox: who finds what in it, and in which order."""

from dataclasses import replace
from itertools import combinations, product

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import NotAllowed
from resource_hub.domain.people import Appointment, Person, Role
from resource_hub.domain.review import (
    Action,
    Policy,
    Stage,
    is_reviewer_of_it,
)
from resource_hub.models import Alliance, Resource, Revision, Submission
from resource_hub.services.queries.inbox import (
    count_waiting,
    may_judge,
    refuse_unless_reviewer,
)
from resource_hub.services.queries.queues import Order, Queue, Sought
from resource_hub.services.queries.waiting import lines
from resource_hub.services.review import take_step
from resource_hub.services.revisions import load_revision, reviewable
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import NOON, Given
from tests.services.turns import give


class Cast:
    """A village and a town in one alliance, with an author and reviewers of both stages."""

    def __init__(self, given: Given) -> None:
        self.town, self.village = given.school("镇中心小学"), given.school("山口小学")
        self.alliance = given.alliance(self.town, self.village)
        self.author = given.teacher("王敏", school=self.village)
        self.reviewer = given.reviewer("李老师", school=self.village)
        self.second = given.reviewer("周老师", school=self.village)
        self.alliance_reviewer = given.reviewer("陈老师", school=self.town, alliance=self.alliance)


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


def submission_of(session: Session, revision: Revision) -> Submission:
    found = session.scalars(
        select(Submission)
        .where(Submission.revision_id == revision.id)
        .order_by(Submission.round.desc())
    ).first()
    assert found is not None
    return found


def test_the_inbox_and_the_workflow_agree_about_everybody(session: Session, given: Given) -> None:
    """Every person of four, with every pair of twelve appointments, and twelve submissions."""
    town, village = given.school(), given.school()
    alliances = [given.alliance(town, village), given.alliance(town, village)]
    authors = [given.teacher(school=town), given.teacher(school=village)]
    for author, alliance, (subject, stage) in product(
        authors, alliances, [("math", "primary"), ("art", "primary"), ("math", "junior")]
    ):
        grade = {"primary": "g3", "junior": "g7"}[stage]
        revision = given.submitted(
            by=author,
            alliance_id=alliance.id,
            subject=subject,
            school_stage=stage,
            grades=(grade,),
        )
        if alliance is alliances[1]:
            given.through_review(
                revision,
                given.reviewer(school=town if author is authors[0] else village),
            )
    rows = session.execute(
        select(Submission.id, Submission.revision_id).order_by(Submission.id)
    ).all()
    items = {
        submission_id: reviewable(session, load_revision(session, revision_id))
        for submission_id, revision_id in rows
    }
    assert {item.stage for item in items.values()} == set(Stage)
    everything: frozenset[str] = frozenset()
    narrowings = [
        (everything, everything),
        (frozenset({"math"}), everything),
        (frozenset({"art"}), frozenset({"primary"})),
    ]
    appointments = [
        *(
            Appointment(Role.REVIEWER, None, alliance.id, *narrowed)
            for alliance in alliances
            for narrowed in narrowings
        ),
        *(Appointment(Role.REVIEWER, village.id, None, *narrowed) for narrowed in narrowings),
        Appointment(Role.REVIEWER, school_id=town.id),
        Appointment(Role.COORDINATOR, school_id=village.id),
        Appointment(Role.ADMINISTRATOR),
    ]
    stranger = Person(id=9_999, school_id=None)
    people = [*authors, replace(authors[1], id=9_998), stranger]
    differ = []
    for person, held in product(people, combinations(appointments, 2)):
        who = replace(person, appointments=held)
        found = set(
            session.scalars(
                select(Submission.id)
                .join(Submission.revision)
                .join(Revision.resource)
                .where(may_judge(who))
            )
        )
        allowed = {number for number, item in items.items() if not is_reviewer_of_it(who, item)}
        if found != allowed:
            differ.append((who, found ^ allowed))
    assert differ == []


def titles(session: Session, person: Person) -> list[str]:
    queue = Queue(person, may_judge(person), NOON.date())
    shown, _ = lines(session, queue, Sought(order=Order.AGE), page=1)
    return [line.title for line in shown]


def test_what_one_has_approved_waits_for_another(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    revision = given.submitted(by=cast.author)
    submission_of(session, revision).policy = Policy((Stage.SCHOOL,), {Stage.SCHOOL: 2})
    take_step(uow, cast.reviewer, revision.id, Action.APPROVE)
    assert titles(session, cast.reviewer) == []
    assert titles(session, cast.second) == [revision.title]


def test_only_reviewers_have_a_box_of_what_to_review(
    session: Session, given: Given, cast: Cast
) -> None:
    for person in (cast.author, given.administrator()):
        with pytest.raises(NotAllowed, match="Only reviewers"):
            refuse_unless_reviewer(person)
        assert count_waiting(session, person) == 0


def test_an_alliance_judges_what_was_submitted_to_it(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    other: Alliance = given.alliance(cast.town, cast.village)
    elsewhere = given.reviewer("别盟", school=cast.town, alliance=other)
    revision = given.submitted(by=cast.author)
    take_step(uow, cast.reviewer, revision.id, Action.APPROVE)
    assert titles(session, cast.alliance_reviewer) == [revision.title]
    assert titles(session, elsewhere) == []
    assert session.scalar(select(Resource.audience_token)) is None


def test_the_figure_of_the_navigation_leaves_out_what_others_have(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    for _ in range(3):
        given.submitted(by=cast.author)
    nobodys, mine, theirs = session.scalars(select(Submission).order_by(Submission.id))
    give(uow, nobodys)
    give(uow, mine, cast.reviewer)
    give(uow, theirs, cast.second)
    assert count_waiting(session, cast.reviewer) == 2
    assert count_waiting(session, cast.second) == 2
    assert count_waiting(session, given.coordinator(school=cast.village)) == 1

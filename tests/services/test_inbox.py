"""The reviewer's inbox: who finds what in it, and in which order."""

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations, product

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import NotAllowed
from resource_hub.domain.people import Appointment, Person, Role
from resource_hub.domain.review import (
    Action,
    Stage,
    is_reviewer_of_it,
)
from resource_hub.models import Alliance, Resource, Revision, Submission
from resource_hub.services.queries.inbox import Heap, count_waiting, heaps, inbox, may_judge
from resource_hub.services.review import take_step
from resource_hub.services.revisions import load_revision, reviewable
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import NOON, Clock, Given


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


def test_the_longest_waiting_comes_first_and_what_others_hold_last(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> None:
    for title in ("第一课", "第二课", "第三课"):
        given.submitted(by=cast.author, title=title)
        clock.pass_(days=1)
    lines, paging = inbox(session, cast.reviewer)
    assert [line.title for line in lines] == ["第一课", "第二课", "第三课"]
    assert (lines[0].waiting_since, paging.total) == (NOON, 3)
    assert [list(line.actions) for line in lines] == [[Action.CLAIM]] * 3
    take_step(uow, cast.second, lines[0].revision_id, Action.CLAIM)
    take_step(uow, cast.reviewer, lines[1].revision_id, Action.CLAIM)
    lines, _ = inbox(session, cast.reviewer)
    assert [(line.title, line.holder_name, list(line.actions)) for line in lines] == [
        ("第二课", "李老师", [Action.RELEASE]),
        ("第三课", None, [Action.CLAIM]),
        ("第一课", "周老师", []),
    ]
    assert count_waiting(session, cast.reviewer) == 2


def test_the_coordinator_may_release_what_another_holds(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    revision = given.submitted(by=cast.author)
    take_step(uow, cast.reviewer, revision.id, Action.CLAIM)
    lines, _ = inbox(session, given.coordinator(school=cast.village))
    assert [list(line.actions) for line in lines] == [[Action.RELEASE]]


def test_the_inbox_is_filtered_by_subject_stage_and_holder(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    given.submitted(by=cast.author, title="数学课")
    science = given.submitted(by=cast.author, title="科学课", subject="science")
    given.submitted(by=cast.author, title="第二节科学课", subject="science")
    take_step(uow, cast.reviewer, science.id, Action.CLAIM)

    def titles(**filters: object) -> list[str]:
        lines, _ = inbox(session, cast.reviewer, **filters)  # type: ignore[arg-type]  # any filter
        return [line.title for line in lines]

    assert titles(subject="science") == ["科学课", "第二节科学课"]
    assert titles(subject="math") == ["数学课"]
    assert titles(stage=Stage.ALLIANCE) == []
    assert titles(mine=True) == ["科学课"]
    assert heaps(session, cast.reviewer) == [
        Heap("science", Stage.SCHOOL, 2, 1),
        Heap("math", Stage.SCHOOL, 1, 0),
    ]


def test_what_one_has_approved_waits_for_another(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    revision = given.submitted(by=cast.author)
    submission_of(session, revision).approvals = 2
    take_step(uow, cast.reviewer, revision.id, Action.APPROVE)
    assert inbox(session, cast.reviewer)[0] == []
    assert [line.title for line in inbox(session, cast.second)[0]] == [revision.title]


def test_only_reviewers_have_an_inbox(session: Session, given: Given, cast: Cast) -> None:
    for person in (cast.author, given.administrator()):
        with pytest.raises(NotAllowed, match="Only reviewers"):
            inbox(session, person)
        with pytest.raises(NotAllowed, match="Only reviewers"):
            heaps(session, person)
        assert count_waiting(session, person) == 0


@pytest.fixture
def queries(session: Session) -> Callable[[Callable[[], object]], int]:
    """Counts the statements that an act sends to the database."""

    def count(act: Callable[[], object]) -> int:
        session.flush()
        session.expire_all()
        sent: list[str] = []

        def note(*details: object) -> None:
            sent.append(str(details[2]))

        connection = session.connection()
        event.listen(connection, "before_cursor_execute", note)
        try:
            act()
        finally:
            event.remove(connection, "before_cursor_execute", note)
        return len(sent)

    return count


def test_one_line_costs_as_many_queries_as_three(
    session: Session,
    given: Given,
    cast: Cast,
    queries: Callable[[Callable[[], object]], int],
) -> None:
    given.submitted(by=cast.author)
    one = queries(lambda: inbox(session, cast.reviewer))
    given.submitted(by=cast.author)
    given.submitted(by=cast.author)
    assert queries(lambda: inbox(session, cast.reviewer)) == one
    assert len(inbox(session, cast.reviewer)[0]) == 3


def test_an_alliance_judges_what_was_submitted_to_it(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    other: Alliance = given.alliance(cast.town, cast.village)
    elsewhere = given.reviewer("别盟", school=cast.town, alliance=other)
    revision = given.submitted(by=cast.author)
    take_step(uow, cast.reviewer, revision.id, Action.APPROVE)
    assert [line.title for line in inbox(session, cast.alliance_reviewer)[0]] == [revision.title]
    assert inbox(session, elsewhere)[0] == []
    assert session.scalar(select(Resource.audience_token)) is None

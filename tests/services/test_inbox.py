"""The reviewer's inbox: who finds what in it, in which order, and what lies on the desk."""

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations, product

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from resource_hub.domain.differences import Difference, FileDifferences
from resource_hub.domain.errors import Missing, NotAllowed, WrongState
from resource_hub.domain.people import Appointment, Person, Role
from resource_hub.domain.review import (
    Action,
    Place,
    Reason,
    Stage,
    State,
    is_reviewer_of_it,
)
from resource_hub.domain.visibility import Audience
from resource_hub.models import Alliance, Resource, Revision, Submission
from resource_hub.services import drafting
from resource_hub.services.deciding import AT_THE_DESK, decide
from resource_hub.services.queries.inbox import Heap, count_waiting, heaps, inbox, may_judge
from resource_hub.services.queries.submission_page import submission_page
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


def test_the_desk_opens_for_those_who_judge_or_answer_for_it_alone(
    session: Session, given: Given, cast: Cast, clock: Clock
) -> None:
    submission = submission_of(session, given.submitted(by=cast.author))
    open_to = {
        "reviewer": cast.reviewer,
        "reviewer of the next stage": cast.alliance_reviewer,
        "coordinator": given.coordinator(school=cast.village),
        "administrator": given.administrator(),
    }
    offered = {
        name: set(submission_page(session, person, submission.id, clock()).actions)
        for name, person in open_to.items()
    }
    judging = {Action.CLAIM, Action.APPROVE, Action.REQUEST_CHANGES, Action.REJECT}
    assert offered == {
        "reviewer": judging,
        "reviewer of the next stage": set(),
        "coordinator": judging,
        "administrator": set(),
    }
    with pytest.raises(NotAllowed, match="your own work"):
        submission_page(session, cast.author, submission.id, clock())
    for person in (
        given.teacher(school=cast.village),
        given.teacher(school=cast.town),
        given.coordinator(school=cast.town),
        given.editor(alliance=cast.alliance, school=cast.town),
        given.reviewer(school=cast.village, subjects=("art",)),
    ):
        with pytest.raises(Missing):
            submission_page(session, person, submission.id, clock())
    with pytest.raises(Missing):
        submission_page(session, cast.reviewer, submission.id + 99, clock())


def test_readers_of_what_is_published_do_not_see_how_it_was_judged(
    session: Session, given: Given, cast: Cast, clock: Clock
) -> None:
    revision = given.submitted(by=cast.author, audience=Audience.PUBLIC)
    given.through_review(revision, cast.reviewer, cast.alliance_reviewer)
    submission = submission_of(session, revision)
    with pytest.raises(Missing):
        submission_page(session, given.teacher(school=cast.town), submission.id, clock())
    page = submission_page(session, cast.second, submission.id, clock())
    assert (page.is_closed, page.content_is_open, dict(page.actions)) == (True, True, {})


def test_each_button_says_where_it_leads(
    session: Session, given: Given, cast: Cast, clock: Clock
) -> None:
    revision = given.submitted(by=cast.author)
    page = submission_page(session, cast.reviewer, submission_of(session, revision).id, clock())
    assert dict(page.actions) == {
        Action.CLAIM: Place(State.IN_REVIEW, Stage.SCHOOL),
        Action.APPROVE: Place(State.IN_REVIEW, Stage.ALLIANCE),
        Action.REQUEST_CHANGES: Place(State.CHANGES_REQUESTED),
        Action.REJECT: Place(State.REJECTED),
    }
    assert page.live is None
    assert (list(page.differences), bool(page.file_differences)) == ([], False)


def test_the_desk_says_what_differs_from_the_live_version(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> None:
    draft = given.draft(by=cast.author)
    for name, content in (("教案.txt", b"one"), ("课件.txt", b"two"), ("旧.txt", b"three")):
        given.file(draft, by=cast.author, name=name, content=content)
    take_step(uow, cast.author, draft.id, Action.SUBMIT, rights_declared=True)
    live = given.through_review(draft, cast.reviewer, cast.alliance_reviewer)
    second = drafting.revise(uow, cast.author, live.id)
    drafting.describe(
        uow,
        cast.author,
        second.id,
        given.description(alliance_id=cast.alliance.id, title="分数的再认识", grades=("g3", "g4")),
    )
    for attachment in list(second.attachments):
        if attachment.filename != "课件.txt":
            second.attachments.remove(attachment)
    session.flush()
    given.file(second, by=cast.author, name="教案.txt", content=b"one, better")
    given.file(second, by=cast.author, name="练习.txt", content=b"four")
    take_step(uow, cast.author, second.id, Action.SUBMIT, rights_declared=True)
    page = submission_page(session, cast.reviewer, submission_of(session, second).id, clock())
    assert page.live is not None
    assert page.live.id == live.id
    assert list(page.differences) == [
        Difference("title", "分数的初步认识", "分数的再认识"),
        Difference("grades", ("g3",), ("g3", "g4")),
    ]
    assert page.file_differences == FileDifferences(
        added=("练习.txt",), removed=("旧.txt",), replaced=("教案.txt",)
    )


def test_earlier_rounds_are_on_the_desk_the_latest_first(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> None:
    revision = given.submitted(by=cast.author)
    first = submission_of(session, revision)
    take_step(uow, cast.reviewer, revision.id, Action.REQUEST_CHANGES, comment="请补板书设计")
    closed = submission_page(session, cast.reviewer, first.id, clock())
    assert (closed.is_closed, dict(closed.actions), closed.open_round) == (True, {}, None)
    take_step(uow, cast.author, revision.id, Action.SUBMIT, rights_declared=True, comment="已补")
    page = submission_page(session, cast.second, submission_of(session, revision).id, clock())
    assert [
        (each.round, each.message, [(seen.reviewer.name, seen.comment) for seen in each.reviews])
        for each in page.rounds
    ] == [(2, "已补", []), (1, "", [("李老师", "请补板书设计")])]
    earlier = submission_page(session, cast.second, first.id, clock())
    assert earlier.open_round is not None
    assert earlier.open_round.id == page.submission.id


def test_what_went_back_to_its_author_is_closed_to_who_did_not_judge_it(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> None:
    revision = given.submitted(by=cast.author)
    take_step(uow, cast.reviewer, revision.id, Action.REQUEST_CHANGES, comment="请补板书设计")
    submission = submission_of(session, revision)
    shown = {
        person.name: submission_page(session, person, submission.id, clock()).content_is_open
        for person in (cast.reviewer, cast.second)
    }
    assert shown == {"李老师": True, "周老师": False}


@pytest.mark.parametrize("first", [Action.APPROVE, Action.REQUEST_CHANGES, Action.REJECT])
def test_who_decides_second_is_told_by_name_however_the_first_decided(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast, first: Action
) -> None:
    revision = given.submitted(by=cast.author, audience=Audience.SCHOOL)
    submission = submission_of(session, revision)
    decide(uow, cast.reviewer, submission.id, first, comment="看过了", reason=Reason.OTHER)
    with pytest.raises(WrongState, match="李老师 was faster"):
        decide(uow, cast.second, submission.id, Action.APPROVE)


def test_an_opinion_on_one_round_never_lands_on_the_next(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    revision = given.submitted(by=cast.author)
    first = submission_of(session, revision)
    take_step(uow, cast.author, revision.id, Action.TAKE_BACK)
    take_step(uow, cast.author, revision.id, Action.SUBMIT, rights_declared=True)
    with pytest.raises(WrongState, match="王敏 was faster"):
        decide(uow, cast.reviewer, first.id, Action.APPROVE)
    assert (revision.state, revision.stage) == (State.IN_REVIEW, Stage.SCHOOL)


@pytest.mark.parametrize("action", sorted(set(Action) - AT_THE_DESK))
def test_what_is_not_about_judging_is_no_button_of_the_desk(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast, action: Action
) -> None:
    revision = given.submitted(by=cast.author)
    with pytest.raises(Missing, match="no such button"):
        decide(uow, cast.reviewer, submission_of(session, revision).id, action, comment="x")


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

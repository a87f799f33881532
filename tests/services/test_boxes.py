"""The boxes of the inbox: who has which, and what stands in them."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from resource_hub.domain.catalogue import Month
from resource_hub.domain.people import STRANGER, Person
from resource_hub.domain.review import OPERATOR, Action, Reason, Stage
from resource_hub.services import catalogue, drafting
from resource_hub.services.queries.boxes import Box, boxes_of, sent_back
from resource_hub.services.queries.counts import Counts, counts_of
from resource_hub.services.review import take_step
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import NOON, Clock, Given

Count = Callable[[Callable[[], object]], int]


def test_everybody_has_the_boxes_of_their_roles(given: Given) -> None:
    school = given.school()
    alliance = given.alliance(school)
    assert boxes_of(STRANGER) == []
    assert boxes_of(given.teacher(school=school)) == [Box.ANSWER, Box.TOLD]
    assert boxes_of(given.reviewer(school=school)) == [Box.REVIEW, Box.ANSWER, Box.TOLD]
    assert boxes_of(given.coordinator(school=school)) == [
        Box.REVIEW,
        Box.ANSWER,
        Box.REPORTED,
        Box.TOLD,
    ]
    assert boxes_of(given.editor(school=school, alliance=alliance)) == [
        Box.ANSWER,
        Box.PUBLISH,
        Box.REPORTED,
        Box.TOLD,
    ]


def test_what_reviewers_sent_back_waits_for_its_author_with_their_words(
    session: Session, uow: UnitOfWork, given: Given, clock: Clock
) -> None:
    school = given.home()
    author, other = given.teacher("王敏", school=school), given.teacher("李明", school=school)
    reviewer = given.reviewer("赵老师", school=school)
    for title in ("第一课", "第二课"):
        revision = given.submitted(by=author, title=title)
        clock.pass_(days=1)
        take_step(uow, reviewer, revision.id, Action.REQUEST_CHANGES, comment=f"请改{title}")
    given.draft(by=author)
    lines, paging = sent_back(session, author, NOON)
    assert [(line.title, line.reviewer_names, line.comment) for line in lines] == [
        ("第一课", ("赵老师",), "请改第一课"),
        ("第二课", ("赵老师",), "请改第二课"),
    ]
    assert (lines[0].stage, (lines[0].since - NOON).days, paging.total) == (Stage.SCHOOL, 1, 2)
    assert sent_back(session, other, NOON)[0] == []
    assert counts_of(session, author, clock()) == Counts(to_answer=2, notices=2)


def test_a_second_round_shows_its_own_words_only(
    session: Session, uow: UnitOfWork, given: Given
) -> None:
    school = given.home()
    author = given.teacher(school=school)
    reviewers = [given.reviewer(name, school=school) for name in ("赵老师", "钱老师")]
    revision = given.submitted(by=author)
    take_step(uow, reviewers[0], revision.id, Action.REQUEST_CHANGES, comment="第一次")
    take_step(uow, author, revision.id, Action.SUBMIT, rights_declared=True)
    assert sent_back(session, author, NOON)[0] == []
    take_step(uow, reviewers[1], revision.id, Action.REQUEST_CHANGES, comment="第二次")
    assert [
        (line.reviewer_names, line.comment) for line in sent_back(session, author, NOON)[0]
    ] == [(("钱老师",), "第二次")]


def test_an_issue_waits_for_its_editor_once_its_month_is_over(
    session: Session, uow: UnitOfWork, given: Given, clock: Clock
) -> None:
    school = given.school()
    alliance = given.alliance(school)
    editor = given.editor(school=school, alliance=alliance)
    other = given.editor(school=school, alliance=given.alliance())
    catalogue.build(uow, OPERATOR, alliance.id, Month.parse("2026-09"))
    catalogue.build(uow, OPERATOR, alliance.id, Month.parse("2026-10"))
    assert counts_of(session, editor, clock()) == Counts(to_publish=1)
    clock.pass_(days=30)
    assert counts_of(session, editor, clock()).to_publish == 2
    for person in (given.teacher(school=school), other):
        assert counts_of(session, person, clock()).to_publish == 0


def test_the_figures_of_all_boxes_are_one_query(
    session: Session, given: Given, clock: Clock, queries: Count
) -> None:
    school = given.home()
    reviewer = given.reviewer(school=school)
    given.submitted(by=given.teacher(school=school))
    assert queries(lambda: counts_of(session, reviewer, clock())) == 1
    assert counts_of(session, reviewer, clock()) == Counts(to_review=1, notices=1)
    assert counts_of(session, STRANGER, clock()) == Counts()


def test_many_that_came_back_cost_as_many_queries_as_one(
    session: Session, uow: UnitOfWork, given: Given, queries: Count
) -> None:
    school = given.home()
    author, reviewer = given.teacher(school=school), given.reviewer(school=school)

    def send_back() -> None:
        revision = given.submitted(by=author)
        take_step(uow, reviewer, revision.id, Action.REQUEST_CHANGES, comment="请改")

    send_back()
    one = queries(lambda: sent_back(session, author, NOON))
    send_back()
    send_back()
    assert queries(lambda: sent_back(session, author, NOON)) == one
    assert len(sent_back(session, author, NOON)[0]) == 3


def test_the_right_to_appeal_stands_there_until_it_is_used_or_a_month_has_passed(
    session: Session, uow: UnitOfWork, given: Given, clock: Clock
) -> None:
    school = given.home()
    author = given.teacher(school=school)
    first, second = (given.reviewer(name, school=school) for name in ("赵老师", "钱老师"))
    revision = given.submitted(by=author, title="第一课")

    def reject(by: Person) -> None:
        take_step(uow, by, revision.id, Action.REJECT, comment="有误", reason=Reason.CORRECTNESS)

    def waiting() -> list[tuple[str, bool, tuple[str, ...], str]]:
        return [
            (line.title, line.is_rejected, line.reviewer_names, line.comment)
            for line in sent_back(session, author, clock())[0]
        ]

    reject(first)
    assert waiting() == [("第一课", True, ("赵老师",), "有误")]
    assert counts_of(session, author, clock()).to_answer == 1
    clock.pass_(days=30)
    assert (waiting(), counts_of(session, author, clock()).to_answer) == ([], 0)
    clock.pass_(days=-29)
    assert len(waiting()) == 1
    take_step(uow, author, revision.id, Action.APPEAL, comment="请再看第三页")
    assert waiting() == []
    reject(second)
    assert waiting() == []


def test_a_newer_version_leaves_the_appeal_behind(
    session: Session, uow: UnitOfWork, given: Given, clock: Clock
) -> None:
    school = given.home()
    author, reviewer = given.teacher(school=school), given.reviewer(school=school)
    revision = given.submitted(by=author)
    take_step(uow, reviewer, revision.id, Action.REJECT, comment="有误", reason=Reason.CORRECTNESS)
    assert len(sent_back(session, author, clock())[0]) == 1
    drafting.revise(uow, author, revision.id)
    assert sent_back(session, author, clock())[0] == []


def test_second_rounds_of_others_take_no_appeal_away(
    session: Session, uow: UnitOfWork, given: Given, clock: Clock
) -> None:
    school = given.home()
    author, reviewer = given.teacher(school=school), given.reviewer(school=school)
    rejected, returned = given.submitted(by=author), given.submitted(by=author)
    take_step(uow, reviewer, rejected.id, Action.REJECT, comment="有误", reason=Reason.CORRECTNESS)
    take_step(uow, reviewer, returned.id, Action.REQUEST_CHANGES, comment="请改")
    take_step(uow, author, returned.id, Action.SUBMIT, rights_declared=True)
    assert [line.revision_id for line in sent_back(session, author, clock())[0]] == [rejected.id]
    assert counts_of(session, author, clock()).to_answer == 1

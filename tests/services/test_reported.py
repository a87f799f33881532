"""What is reported stands in one list for those who moderate, and for nobody else."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.catalogue import Month
from resource_hub.domain.discussion import moderates
from resource_hub.domain.errors import NotAllowed
from resource_hub.domain.people import STRANGER, Person, Role
from resource_hub.domain.visibility import Audience
from resource_hub.models import CoAuthor, Post, Thread
from resource_hub.services import catalogue
from resource_hub.services.discussion import comment, open_thread, post
from resource_hub.services.discussion_access import find_thread, moderated_by, open_to, place_of
from resource_hub.services.moderation import hide_post, report_post, settle_reports, show_post
from resource_hub.services.queries.counts import counts_of
from resource_hub.services.queries.reported import PER_PAGE, reported_posts
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import NOON, Given
from tests.services.test_discussion import Staff


@pytest.fixture
def staff(given: Given) -> Staff:
    return Staff(given)


def listed(session: Session, person: Person) -> list[tuple[str, str]]:
    lines, _paging = reported_posts(session, person, NOON)
    return [(line.title, line.post.text) for line in lines]


def test_a_reported_post_waits_for_those_who_moderate_until_one_of_them_decides(
    session: Session, staff: Staff, uow: UnitOfWork
) -> None:
    first = comment(uow, staff.neighbour, staff.resource.id, "胡说")
    second = comment(uow, staff.neighbour, staff.resource.id, "广告")
    comment(uow, staff.neighbour, staff.resource.id, "好")
    for one in (first, second):
        report_post(uow, staff.colleague, one.id, "不文明")
        report_post(uow, staff.author, one.id, "不好")
    for person in (staff.coordinator, staff.editor):
        assert listed(session, person) == [
            ("分数的初步认识", "胡说"),
            ("分数的初步认识", "广告"),
        ]
        assert counts_of(session, person, NOON).reported == 2
    assert listed(session, staff.foreign_coordinator) == []
    for person in (staff.author, staff.colleague, staff.neighbour, STRANGER):
        with pytest.raises(NotAllowed):
            reported_posts(session, person, NOON)
    settle_reports(uow, staff.editor, first.id)
    assert listed(session, staff.coordinator) == [("分数的初步认识", "广告")]
    [line] = reported_posts(session, staff.coordinator, NOON)[0]
    assert [(one.by, one.reason) for one in line.post.reports] == [
        ("王敏", "不好"),
        ("李强", "不文明"),
    ]
    hide_post(uow, staff.coordinator, second.id, "广告")
    assert listed(session, staff.editor) == []
    assert counts_of(session, staff.editor, NOON).reported == 0


def test_nobody_decides_about_the_own_post(session: Session, staff: Staff, uow: UnitOfWork) -> None:
    said = comment(uow, staff.coordinator, staff.resource.id, "大家都应该买这本书")
    report_post(uow, staff.colleague, said.id, "广告")
    assert (listed(session, staff.coordinator), len(listed(session, staff.editor))) == ([], 1)
    for act in (settle_reports, show_post):
        with pytest.raises(NotAllowed, match="your own"):
            act(uow, staff.coordinator, said.id)
    hide_post(uow, staff.editor, said.id, "广告")
    with pytest.raises(NotAllowed, match="your own"):
        show_post(uow, staff.coordinator, said.id)


def test_the_rule_and_the_list_say_the_same_of_everybody_and_every_thread(
    session: Session, given: Given, staff: Staff, uow: UnitOfWork
) -> None:
    co_author = given.coordinator("合作", school=staff.other_school)
    session.add(CoAuthor(revision_id=staff.revision.id, user_id=co_author.id))
    works = [
        staff.revision,
        given.published(by=staff.author, title="公开", audience=Audience.PUBLIC),
        given.published(by=staff.author, title="校内", audience=Audience.SCHOOL),
        given.published(by=staff.foreigner, title="别处", audience=Audience.SCHOOL),
    ]
    for work in works:
        comment(
            uow, staff.author if work is not works[3] else staff.foreigner, work.resource_id, "好"
        )
    catalogue.build(uow, staff.editor, staff.alliance.id, Month(2026, 9))
    issue = catalogue.publish(uow, staff.editor, staff.alliance.id, Month(2026, 9))
    free = open_thread(uow, staff.neighbour, issue_id=issue.id, title="自由")
    about = open_thread(uow, staff.editor, issue_id=issue.id, resource_id=staff.resource.id)
    for thread in (free, about):
        post(uow, staff.neighbour, thread.id, "好")
    people = [
        staff.author, staff.colleague, staff.neighbour, staff.coordinator, staff.editor, co_author,
        staff.foreigner, staff.foreign_coordinator, STRANGER, given.administrator(),
        given.coordinator("本校", school=staff.school),
        given.with_role(staff.author, Role.EDITOR, alliance=staff.alliance),
    ]  # fmt: skip
    agreed = set()
    for person in people:
        readable = session.scalars(select(Thread.id).where(open_to(person, NOON))).all()
        by_list = session.scalars(
            select(Thread.id).where(open_to(person, NOON), moderated_by(person))
        ).all()
        found = [find_thread(session, person, number, NOON) for number in readable]
        by_rule = [one.id for one in found if moderates(person, place_of(session, one))]
        assert sorted(by_list) == sorted(by_rule), person
        agreed.add(len(by_rule))
    assert agreed >= {0, 1, len(works) + 2}


def test_the_list_asks_the_same_number_of_questions_however_long_it_is(
    session: Session, staff: Staff, uow: UnitOfWork, queries: Callable[[Callable[[], object]], int]
) -> None:
    def report() -> Post:
        said = comment(uow, staff.neighbour, staff.resource.id, "胡说")
        report_post(uow, staff.colleague, said.id, "不文明")
        return said

    def look() -> object:
        return reported_posts(session, staff.editor, NOON)

    report()
    alone = queries(look)
    last = [report() for _ in range(PER_PAGE)][-1]
    assert queries(look) == alone
    lines, paging = reported_posts(session, staff.editor, NOON, page=2)
    assert ([line.post.id for line in lines], paging.total) == ([last.id], PER_PAGE + 1)

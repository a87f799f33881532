"""Figures: who sees whose, what stays fixed, what rules, terms and objections do."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from resource_hub.domain.errors import Invalid, Missing, NotAllowed, WrongState
from resource_hub.domain.people import STRANGER, Person, Role
from resource_hub.domain.points import Figure
from resource_hub.domain.review import OPERATOR, Action
from resource_hub.domain.visibility import Audience
from resource_hub.models import Notice, Objection, Statement
from resource_hub.services.class_uses import Lesson, used_in_class
from resource_hub.services.discussion import comment
from resource_hub.services.figures import Scope, may_see, places_of
from resource_hub.services.figures_fixing import answer, fix, object_to, objections
from resource_hub.services.figures_lists import list_behind
from resource_hub.services.figures_rules import (
    rule_on,
    save_rule,
    save_terms,
    school_calendar,
    versions,
)
from resource_hub.services.figures_sheets import alliance_sheet, own_sheets, school_sheet
from resource_hub.services.moderation import hide_post
from resource_hub.services.review import take_step
from resource_hub.services.unit_of_work import UnitOfWork
from resource_hub.services.usage import count_download
from tests.conftest import SHANGHAI
from tests.given import Clock, Given

MONTH = "2026-10"
RULE = {"accepted": "5", "reviews": "1", "open_days": "7", "valid_from": "2026-09-01"}


class Cast:
    """Two schools of an alliance, one outside; a teacher whose work was accepted in October."""

    def __init__(self, given: Given) -> None:
        self.given = given
        self.home, self.other, self.far = given.school(), given.school(), given.school()
        self.alliance = given.alliance(self.home, self.other)
        self.author = given.teacher("王敏", school=self.home)
        self.colleague = given.teacher("同事", school=self.home)
        self.coordinator = given.coordinator(school=self.home)
        self.reviewer = given.reviewer("李审", school=self.home)
        self.judge = given.reviewer("赵审", school=self.other, alliance=self.alliance)
        self.neighbour = given.coordinator("邻校", school=self.other)
        self.editor = given.editor(alliance=self.alliance, school=self.other)
        self.stranger = given.coordinator("外人", school=self.far)
        self.work = given.through_review(given.submitted(by=self.author), self.reviewer, self.judge)
        self.public_id = self.work.resource.public_id
        self.own = Scope(self.alliance.id, self.home.id, self.author.id)
        self.school = Scope(self.alliance.id, self.home.id)
        self.whole = Scope(self.alliance.id)

    def count(self, person: Person, scope: Scope) -> dict[str, dict[Figure, int]]:
        sheet = school_sheet(self.given.session, person, scope, MONTH, SHANGHAI)
        return {line.name: dict(line.tally.counts) for line in sheet.lines if line.tally.counts}


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


def see(cast: Cast, scope: Scope) -> list[str]:
    people = {
        "author": cast.author,
        "colleague": cast.colleague,
        "coordinator": cast.coordinator,
        "reviewer": cast.reviewer,
        "judge": cast.judge,
        "neighbour": cast.neighbour,
        "editor": cast.editor,
        "stranger": cast.stranger,
        "administrator": cast.given.administrator(),
        "nobody": STRANGER,
    }
    return [name for name, person in people.items() if may_see(person, scope)]


def test_a_teacher_sees_the_own_figures_and_only_those_who_answer_for_them_see_more(
    cast: Cast,
) -> None:
    assert see(cast, cast.own) == ["author", "coordinator", "editor"]
    assert see(cast, cast.school) == ["coordinator", "editor"]
    assert see(cast, cast.whole) == ["editor"]
    assert see(cast, Scope(cast.alliance.id, cast.far.id)) == ["editor", "stranger"]


def test_what_one_may_not_see_is_not_there(cast: Cast) -> None:
    session = cast.given.session
    for person in (cast.colleague, cast.neighbour, cast.stranger, STRANGER):
        with pytest.raises(Missing):
            school_sheet(session, person, cast.own, MONTH, SHANGHAI)
    with pytest.raises(Missing):
        alliance_sheet(session, cast.coordinator, cast.alliance.id, MONTH, SHANGHAI)
    far = Scope(cast.alliance.id, cast.far.id)
    with pytest.raises(Missing):  # the school is not in this alliance
        school_sheet(session, cast.stranger, far, MONTH, SHANGHAI)


def test_coordinators_answer_for_schools_and_editors_for_alliances(cast: Cast) -> None:
    alliances, schools = places_of(cast.given.session, cast.coordinator)
    assert ([one.id for one in alliances], [school.id for _, school in schools]) == (
        [],
        [cast.home.id],
    )
    alliances, schools = places_of(cast.given.session, cast.editor)
    assert ([one.id for one in alliances], list(schools)) == ([cast.alliance.id], [])


def test_a_school_counts_its_people_and_the_alliance_its_schools(
    cast: Cast, uow: UnitOfWork
) -> None:
    count_download(uow, cast.work.resource_id)
    works = {
        Figure.SUBMITTED: 1,
        Figure.ACCEPTED: 1,
        Figure.FIRST_TIME: 1,
        Figure.USED: 1,
    }
    reviews = {Figure.REVIEWS: 1, Figure.IN_TIME: 1}
    assert cast.count(cast.coordinator, cast.school) == {"王敏": works, "李审": reviews}
    assert cast.count(cast.author, cast.own) == {"王敏": works}
    whole = alliance_sheet(uow.session, cast.editor, cast.alliance.id, MONTH, SHANGHAI)
    assert {line.id: dict(line.tally.counts) for line in whole.lines} == {
        cast.home.id: works | reviews,
        cast.other.id: reviews,
    }
    assert whole.points == sum(line.points for line in whole.lines) == 61 + 30
    (own,) = own_sheets(uow.session, cast.judge, MONTH, SHANGHAI)
    assert dict(own.total.counts) == reviews


def test_what_is_said_counts_where_it_is_said_until_it_is_hidden(
    cast: Cast, uow: UnitOfWork
) -> None:
    resource_id = cast.work.resource_id
    said = [comment(uow, cast.judge, resource_id, words) for words in ("好", "可用", "广告")]
    own = Scope(cast.alliance.id, cast.other.id, cast.judge.id)
    assert cast.count(cast.judge, own)["赵审"][Figure.POSTS] == 3
    hide_post(uow, cast.editor, said[2].id, "广告")
    assert cast.count(cast.judge, own)["赵审"][Figure.POSTS] == 2
    seen = cast.count(cast.coordinator, cast.school)
    assert all(Figure.POSTS not in counts for counts in seen.values())


def test_a_lesson_of_somebody_else_counts_for_the_owner_of_the_work(
    cast: Cast, uow: UnitOfWork
) -> None:
    held_on = date(2026, 10, 12)
    for person in (cast.judge, cast.author):  # the own lesson is told, and not counted
        used_in_class(uow, person, cast.work.resource_id, Lesson("g3", held_on, "好", ""))
    assert cast.count(cast.author, cast.own)["王敏"][Figure.TAUGHT] == 1
    whole = alliance_sheet(uow.session, cast.editor, cast.alliance.id, MONTH, SHANGHAI)
    assert whole.total[Figure.TAUGHT] == 1


def test_what_is_for_the_own_school_alone_counts_for_no_alliance(
    cast: Cast, uow: UnitOfWork
) -> None:
    before = cast.count(cast.coordinator, cast.school)
    given, alliance_id = cast.given, cast.alliance.id  # the form keeps what was chosen in it before
    kept = given.submitted(by=cast.author, audience=Audience.SCHOOL, alliance_id=alliance_id)
    given.through_review(kept, cast.reviewer)
    comment(uow, cast.colleague, kept.resource_id, "好")
    used_in_class(uow, cast.colleague, kept.resource_id, Lesson("g3", date(2026, 10, 12), "好", ""))
    count_download(uow, kept.resource_id)
    assert cast.count(cast.coordinator, cast.school) == before
    take_step(uow, cast.author, kept.id, Action.WITHDRAW, comment="有误")
    assert cast.count(cast.coordinator, cast.school) == before


def test_everybody_of_the_school_stands_on_the_sheet_and_nobody_else(cast: Cast) -> None:
    sheet = school_sheet(cast.given.session, cast.coordinator, cast.school, MONTH, SHANGHAI)
    names = {line.name for line in sheet.lines}
    assert names == {"王敏", "同事", "校管理员", "李审"}


def test_the_list_behind_a_figure_hides_titles_that_one_may_not_read(cast: Cast) -> None:
    given, session = cast.given, cast.given.session
    shy = given.submitted(by=given.teacher("邻师", school=cast.other), title="未公开")
    local = given.reviewer("邻审", school=cast.other)
    take_step(given.uow, local, shy.id, Action.REQUEST_CHANGES, comment="再改")
    facts = {"zone": SHANGHAI, "now": given.uow.now()}
    seen = list_behind(session, cast.editor, cast.whole, MONTH, Figure.REVIEWS, **facts)  # type: ignore[arg-type]  # a zone and a moment
    assert [line.title for line in seen.lines] == ["分数的初步认识", "分数的初步认识", None]
    assert seen.total == len(seen.lines) == 3
    own = Scope(cast.alliance.id, cast.other.id, local.id)
    (line,) = list_behind(session, local, own, MONTH, Figure.REVIEWS, **facts).lines  # type: ignore[arg-type]  # as above
    assert (line.title, line.public_id) == ("未公开", shy.resource.public_id)


def test_a_longer_list_needs_no_more_queries(
    cast: Cast, queries: Callable[[Callable[[], object]], int], uow: UnitOfWork
) -> None:
    def look() -> object:
        return list_behind(
            uow.session,
            cast.editor,
            cast.whole,
            MONTH,
            Figure.SUBMITTED,
            zone=SHANGHAI,
            now=uow.now(),
        )

    few = queries(look)
    for n in range(3):
        cast.given.submitted(by=cast.given.teacher(f"又{n}", school=cast.home))
    assert queries(look) == few


def test_a_new_rule_applies_to_times_that_begin_on_its_day_or_later(
    cast: Cast, uow: UnitOfWork
) -> None:
    first = save_rule(uow, cast.editor, cast.alliance.id, RULE, seen=0)
    later = RULE | {"accepted": "8", "valid_from": "2026-10-02"}
    second = save_rule(uow, cast.editor, cast.alliance.id, later, seen=1)
    one = cast.alliance.id
    assert rule_on(uow.session, one, date(2026, 10, 1)) == first
    assert rule_on(uow.session, one, date(2026, 11, 1)) == second
    assert rule_on(uow.session, one, date(2026, 8, 1)).number == 0
    assert [each.number for each in versions(uow.session, one)] == [2, 1]


def test_who_may_change_rules_and_what_is_no_rule(cast: Cast, uow: UnitOfWork) -> None:
    for person in (cast.author, cast.coordinator, cast.given.administrator()):
        with pytest.raises(NotAllowed):
            save_rule(uow, person, cast.alliance.id, RULE, seen=0)
    with pytest.raises(Invalid) as refused:
        save_rule(uow, cast.editor, cast.alliance.id, RULE | {"valid_from": "bald"}, seen=0)
    assert [problem.field for problem in refused.value.problems] == ["valid_from"]
    save_rule(uow, cast.editor, cast.alliance.id, RULE, seen=0)
    with pytest.raises(WrongState):
        save_rule(uow, cast.editor, cast.alliance.id, RULE, seen=0)


def fixed(cast: Cast, clock: Clock) -> Statement:
    clock.at = clock.at.replace(month=11, day=9)
    return fix(cast.given.uow, cast.coordinator, cast.school, MONTH)


def test_what_is_fixed_never_changes(cast: Cast, uow: UnitOfWork, clock: Clock) -> None:
    before = cast.count(cast.coordinator, cast.school)
    statement = fixed(cast, clock)
    digest = statement.digest
    take_step(uow, cast.author, cast.work.id, Action.WITHDRAW, comment="有误")
    save_rule(uow, cast.editor, cast.alliance.id, RULE | {"accepted": "9"}, seen=0)
    uow.session.expire_all()
    after = school_sheet(uow.session, cast.coordinator, cast.school, MONTH, SHANGHAI)
    assert cast.count(cast.coordinator, cast.school) == before
    assert [line.points for line in after.lines if line.tally.counts] == [60, 15]
    assert (after.is_sound, after.statement and after.statement.digest) == (True, digest)
    (own,) = own_sheets(uow.session, cast.author, MONTH, SHANGHAI)
    assert (own.lines[0].points, own.lines[0].is_fixed) == (60, True)
    whole = alliance_sheet(uow.session, cast.editor, cast.alliance.id, MONTH, SHANGHAI)
    assert [(line.id, line.is_fixed) for line in whole.lines] == [
        (cast.home.id, True),
        (cast.other.id, False),
    ]
    told = uow.session.scalars(select(Notice.user_id).where(Notice.kind == "figures_fixed"))
    assert set(told) == {cast.author.id, cast.reviewer.id}


def test_whoever_changes_what_is_kept_is_found_out(
    cast: Cast, uow: UnitOfWork, clock: Clock
) -> None:
    statement = fixed(cast, clock)
    uow.session.execute(
        update(Statement).values(content=statement.content.replace('"points":60', '"points":90'))
    )
    uow.session.expire_all()
    sheet = school_sheet(uow.session, cast.coordinator, cast.school, MONTH, SHANGHAI)
    assert (sheet.lines[0].points, sheet.is_sound) == (90, False)
    whole = alliance_sheet(uow.session, cast.editor, cast.alliance.id, MONTH, SHANGHAI)
    (own,) = own_sheets(uow.session, cast.author, MONTH, SHANGHAI)
    assert (whole.is_sound, own.is_sound) == (False, False)


def test_nobody_fixes_before_teachers_had_their_days(
    cast: Cast, uow: UnitOfWork, clock: Clock
) -> None:
    for day in (1, 7):
        clock.at = clock.at.replace(month=11, day=day)
        with pytest.raises(WrongState, match="until 2026-11-07"):
            fix(uow, cast.coordinator, cast.school, MONTH)
    clock.pass_(days=1)
    fix(uow, cast.coordinator, cast.school, MONTH)
    with pytest.raises(WrongState, match="校管理员 has fixed"):
        fix(uow, cast.editor, cast.school, MONTH)


def test_only_those_who_answer_for_the_school_fix_its_figures(cast: Cast, clock: Clock) -> None:
    clock.at = clock.at.replace(month=11, day=9)
    for person in (cast.author, cast.reviewer, cast.neighbour, cast.stranger, STRANGER):
        with pytest.raises(Missing):
            fix(cast.given.uow, person, cast.school, MONTH)
    assert fix(cast.given.uow, cast.editor, cast.school, MONTH).fixed_by_id == cast.editor.id


def test_an_objection_is_answered_before_anything_is_fixed(
    cast: Cast, uow: UnitOfWork, clock: Clock
) -> None:
    with pytest.raises(WrongState, match="not over yet"):
        object_to(uow, cast.author, cast.own, MONTH, "少了一篇")
    clock.at = clock.at.replace(month=11, day=2)
    objection = object_to(uow, cast.author, cast.own, MONTH, " 少了一篇 ")
    with pytest.raises(WrongState, match="objected already"):
        object_to(uow, cast.author, cast.own, MONTH, "还有")
    clock.pass_(days=10)
    with pytest.raises(WrongState, match="objection of 王敏"):
        fix(uow, cast.coordinator, cast.school, MONTH)
    for person in (cast.author, cast.colleague, cast.neighbour, cast.stranger):
        with pytest.raises(Missing):
            answer(uow, person, objection.id, "不行")
    answer(uow, cast.coordinator, objection.id, "那篇在九月")
    with pytest.raises(WrongState, match="Somebody else has answered"):
        answer(uow, cast.editor, objection.id, "也答")
    (seen,) = objections(uow.session, cast.author, cast.own, MONTH)
    assert (seen.note, seen.answer, seen.answered_by) == ("少了一篇", "那篇在九月", "校管理员")
    fix(uow, cast.coordinator, cast.school, MONTH)
    with pytest.raises(WrongState, match="are fixed"):
        object_to(uow, cast.author, cast.own, MONTH, "太晚")
    kinds = uow.session.execute(
        select(Notice.kind, Notice.user_id).where(Notice.kind.startswith("figures_o"))
    )
    assert [tuple(row) for row in kinds] == [("figures_objection", cast.coordinator.id)]


def test_a_coordinator_does_not_answer_the_own_objection(
    cast: Cast, uow: UnitOfWork, clock: Clock
) -> None:
    clock.at = clock.at.replace(month=11, day=2)
    own = Scope(cast.alliance.id, cast.home.id, cast.coordinator.id)
    objection = object_to(uow, cast.coordinator, own, MONTH, "我也审了")
    with pytest.raises(NotAllowed):
        answer(uow, cast.coordinator, objection.id, "对")
    told = uow.session.scalars(select(Notice.user_id).where(Notice.kind == "figures_objection"))
    assert list(told) == [cast.editor.id]
    assert answer(uow, cast.editor, objection.id, "已核").answered_by_id == cast.editor.id


def test_nobody_objects_for_others(cast: Cast, uow: UnitOfWork, clock: Clock) -> None:
    clock.at = clock.at.replace(month=11, day=2)
    object_to(uow, cast.colleague, cast.own, MONTH, "别人的")
    (row,) = uow.session.scalars(select(Objection))
    assert row.person_id == cast.colleague.id  # about the own figures, whatever was asked
    for person in (cast.stranger, STRANGER):
        with pytest.raises(Missing):
            object_to(uow, person, cast.own, MONTH, "外人")


def test_terms_are_entered_until_something_in_them_is_fixed(
    cast: Cast, uow: UnitOfWork, clock: Clock
) -> None:
    one = cast.alliance.id
    usual = "2026-09-01 2027-02-01"
    save_terms(uow, cast.editor, one, 2026, first="2026-09-01", second="2027-02-22", seen=usual)
    seen = "2026-09-01 2027-02-22"
    assert school_calendar(uow.session, one).period("2026-2027-1").last == date(2027, 2, 21)
    with pytest.raises(WrongState, match="a moment ago"):  # its page showed the usual days still
        save_terms(uow, cast.editor, one, 2026, first="2026-09-01", second="2027-02-15", seen=usual)
    with pytest.raises(NotAllowed):
        save_terms(
            uow, cast.coordinator, one, 2026, first="2026-09-01", second="2027-02-15", seen=seen
        )
    with pytest.raises(Invalid):
        save_terms(uow, cast.editor, one, 2026, first="2026-09-01", second="2027-09-01", seen=seen)
    clock.at = clock.at.replace(year=2027, month=3, day=9)
    fix(uow, cast.editor, cast.school, "2026-2027-1")
    with pytest.raises(WrongState, match="2026-2027-1 are fixed"):
        save_terms(uow, cast.editor, one, 2026, first="2026-09-01", second="2027-02-15", seen=seen)
    with pytest.raises(WrongState):
        save_terms(uow, cast.editor, one, 2026, first="2026-09-02", second="2027-02-22", seen=seen)
    save_terms(
        uow,
        cast.editor,
        one,
        2027,
        first="2027-09-01",
        second="2028-02-15",
        seen="2027-09-01 2028-02-01",
    )


def test_at_the_command_line_everything_is_seen(cast: Cast) -> None:
    assert may_see(OPERATOR, cast.whole)
    sheet = school_sheet(cast.given.session, OPERATOR, cast.school, MONTH, SHANGHAI)
    assert sheet.open_until == date(2026, 10, 31) + timedelta(days=7)


def test_an_alliances_coordinator_sees_as_much_as_its_editor(cast: Cast) -> None:
    head = cast.given.with_role(cast.colleague, Role.COORDINATOR, alliance=cast.alliance)
    assert may_see(head, cast.whole)
    assert not may_see(head, Scope(cast.given.alliance(cast.far).id))

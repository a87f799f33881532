"""How reviews go: who does how much, how old the open work is, how far reviewers agree."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from resource_hub.domain.agreement import FEWEST_PAIRS
from resource_hub.domain.errors import NotAllowed
from resource_hub.domain.people import Person
from resource_hub.domain.policy import Policy, Stage
from resource_hub.domain.review import Action
from resource_hub.domain.review_form import Sheet
from resource_hub.domain.visibility import Audience
from resource_hub.models import PolicyRow
from resource_hub.services.queries.agreement import CriterionAgreement, agreements
from resource_hub.services.queries.review_load import open_ages, reviewer_loads
from resource_hub.services.review import take_step
from resource_hub.services.review_forms import shipped_form
from tests.given import NOON, Clock, Given

TWO = Policy((Stage.SCHOOL,), {Stage.SCHOOL: 2}, vetoes=frozenset())
FORM = shipped_form()
FIRST_SCORE = FORM.scores[0]


class Cast:
    """A school where two judge each work, and another school beside it."""

    def __init__(self, given: Given) -> None:
        self.given, self.uow = given, given.uow
        given.session.add(PolicyRow(kind="", policy=TWO, changed_at=NOON))
        self.school, self.other = given.school("山口小学"), given.school("镇中心小学")
        self.author = given.teacher("王敏", school=self.school)
        self.judges = [given.reviewer(name, school=self.school) for name in ("甲", "乙")]
        self.coordinator = given.coordinator("赵主任", school=self.school)
        self.neighbour = given.coordinator("钱主任", school=self.other)
        self.stranger = given.reviewer("外校", school=self.other)

    def sheet(self, score: int, *, met: bool = True) -> Sheet:
        return Sheet(
            {item.code: met for item in FORM.criteria},
            {item.code: score for item in FORM.scores},
            form=FORM.digest,
        )

    def judged(self, *scores: int) -> None:
        """One work, judged by as many as there are scores; 1 and 2 ask for changes."""
        revision = self.given.submitted(by=self.author, audience=Audience.SCHOOL)
        for judge, score in zip(self.judges, scores, strict=False):
            action = Action.APPROVE if score > 2 else Action.REQUEST_CHANGES
            sheet = self.sheet(score, met=score > 2)
            comment = "" if score > 2 else "再改"
            changed = Sheet(sheet.passes, sheet.scores, changes=comment, form=sheet.form)
            take_step(self.uow, judge, revision.id, action, sheet=changed)


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


def lines(session: Session, person: Person, clock: Clock) -> list[tuple[str, int, int]]:
    found, _paging = reviewer_loads(session, person, now=clock())
    return [(each.name, each.open, each.decided) for each in found]


def test_a_coordinator_finds_everybody_of_the_school_and_nobody_else(
    session: Session, cast: Cast, clock: Clock
) -> None:
    cast.judged(4, 4)
    cast.judged(4)
    assert lines(session, cast.coordinator, clock) == [("乙", 1, 1), ("甲", 0, 1)]
    assert lines(session, cast.neighbour, clock) == [("外校", 0, 0)]


def test_a_reviewer_finds_the_own_line_alone(session: Session, cast: Cast, clock: Clock) -> None:
    cast.judged(4, 4)
    assert lines(session, cast.judges[0], clock) == [("甲", 0, 1)]
    assert lines(session, cast.stranger, clock) == [("外校", 0, 0)]
    assert open_ages(session, cast.judges[0], now=clock()) == ()


def test_an_administrator_finds_every_reviewer(
    session: Session, given: Given, cast: Cast, clock: Clock
) -> None:
    cast.judged(4, 4)
    names = [name for name, _open, _decided in lines(session, given.administrator(), clock)]
    assert sorted(names) == sorted(["甲", "乙", "外校"])


def test_nobody_else_finds_anything(
    session: Session, given: Given, cast: Cast, clock: Clock
) -> None:
    for person in (cast.author, given.teacher(school=cast.school)):
        with pytest.raises(NotAllowed, match="Only reviewers and coordinators"):
            reviewer_loads(session, person, now=clock())
        with pytest.raises(NotAllowed, match="Only reviewers and coordinators"):
            agreements(session, person, now=clock(), locale="en")


def test_days_run_from_being_given_it_and_old_decisions_fall_out(
    session: Session, cast: Cast, clock: Clock
) -> None:
    for days in (1, 2, 6):
        revision = cast.given.submitted(by=cast.author, audience=Audience.SCHOOL)
        clock.pass_(days=days)
        for judge in cast.judges:
            take_step(cast.uow, judge, revision.id, Action.APPROVE)
    [first, _second] = reviewer_loads(session, cast.coordinator, now=clock())[0]
    assert first.median is not None
    assert (first.decided, first.median.number, round(first.median.days, 6)) == (3, 3, 2.0)
    clock.pass_(days=31)
    assert lines(session, cast.coordinator, clock) == [("甲", 0, 0), ("乙", 0, 0)]


def test_open_work_is_counted_by_its_age(session: Session, cast: Cast, clock: Clock) -> None:
    for days in (20, 0, 3, 2):
        cast.given.submitted(by=cast.author, audience=Audience.SCHOOL)
        clock.pass_(days=days)
    found = open_ages(session, cast.coordinator, now=clock())
    assert [(each.least, each.most, each.number) for each in found] == [
        (0, 2, 1),
        (3, 5, 2),
        (6, 10, 0),
        (11, 20, 0),
        (21, None, 1),
    ]
    assert sum(each.number for each in open_ages(session, cast.neighbour, now=clock())) == 0


def of(found: list[CriterionAgreement], label: str) -> CriterionAgreement:
    return next(each for each in found if each.label == label)


def measured(session: Session, person: Person, clock: Clock) -> list[CriterionAgreement]:
    return list(agreements(session, person, now=clock(), locale="en"))


def test_agreement_is_told_from_ten_rounds_on(session: Session, cast: Cast, clock: Clock) -> None:
    for _ in range(FEWEST_PAIRS - 1):
        cast.judged(5, 4)
    early = of(measured(session, cast.coordinator, clock), FIRST_SCORE.label("en"))
    assert (early.agreement.pairs, early.agreement.kappa) == (9, None)
    cast.judged(3, 3)
    cast.judged(4)  # the second is not in
    found = of(measured(session, cast.coordinator, clock), FIRST_SCORE.label("en"))
    assert found.is_scored
    assert (found.agreement.pairs, found.agreement.same) == (10, 0.1)
    # By hand: nine pairs are a point apart; of 20 answers in both orders 9 are 5, 9 are 4, 2 are 3.
    expected = 2 * (9 * 9 * 1 + 9 * 2 * 4 + 9 * 2 * 1) / 400
    assert found.agreement.kappa == pytest.approx(1 - 0.9 / expected)


def test_criteria_are_met_or_not_and_come_first(session: Session, cast: Cast, clock: Clock) -> None:
    for _ in range(5):
        cast.judged(5, 5)
        cast.judged(1, 2)
    found = measured(session, cast.coordinator, clock)
    assert [each.label for each in found] == [
        *(item.label("en") for item in FORM.criteria),
        *(item.label("en") for item in FORM.scores),
    ]
    assert {each.agreement.kappa for each in found if not each.is_scored} == {1.0}


def test_a_reviewer_finds_how_far_others_agree_and_others_find_nothing(
    session: Session, cast: Cast, clock: Clock
) -> None:
    for _ in range(10):
        cast.judged(5, 4)
    for judge in cast.judges:
        found = of(measured(session, judge, clock), FIRST_SCORE.label("en"))
        assert (found.agreement.pairs, found.agreement.same) == (10, 0.0)
    for person in (cast.stranger, cast.neighbour):
        assert measured(session, person, clock) == []


def test_more_reviews_cost_no_more_queries(
    session: Session, cast: Cast, clock: Clock, queries: Callable[[Callable[[], object]], int]
) -> None:
    def all_of_it() -> None:
        reviewer_loads(session, cast.coordinator, now=clock())
        open_ages(session, cast.coordinator, now=clock())
        agreements(session, cast.coordinator, now=clock(), locale="en")

    cast.judged(5, 4)
    few = queries(all_of_it)
    for _ in range(4):
        cast.judged(4, 4)
        cast.judged(4)
    assert queries(all_of_it) == few
    assert few == 8

"""How long decisions took: the middle of them, by subject, and never one person's."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.domain.review import Action
from resource_hub.domain.visibility import Audience
from resource_hub.services.queries.speed import Median, SubjectSpeed, subject_speeds
from resource_hub.services.review import take_step
from tests.given import NOON, Clock, Given

YEAR_AGO = NOON - timedelta(days=365)


class Cast:
    def __init__(self, given: Given, clock: Clock) -> None:
        self.given, self.clock = given, clock
        school = given.school()
        self.author = given.teacher(school=school)
        self.judges = [given.reviewer(name, school=school) for name in "甲乙丙"]

    def decided(self, days: Sequence[float], judges: Sequence[Person], subject: str) -> None:
        """One submission after the other, each decided after so many days."""
        for number, each in enumerate(days):
            revision = self.given.submitted(
                by=self.author, subject=subject, audience=Audience.SCHOOL
            )
            self.clock.pass_(days=each)
            judge = judges[number % len(judges)]
            take_step(self.given.uow, judge, revision.id, Action.APPROVE)


def test_half_of_the_decisions_came_within(given: Given, clock: Clock, session: Session) -> None:
    cast = Cast(given, clock)
    cast.decided([1, 9, 2.5, 3, 30], cast.judges, "math")
    cast.decided([1, 2, 3, 4, 5, 6], cast.judges, "music")
    found = subject_speeds(session, since=YEAR_AGO)
    assert [(each.subject, each.median.number) for each in found] == [("music", 6), ("math", 5)]
    assert [round(each.median.days, 6) for each in found] == [3.5, 3.0]
    assert [each.median.whole_days for each in found] == [4, 3]


def test_four_decisions_or_two_people_say_nothing(
    given: Given, clock: Clock, session: Session
) -> None:
    cast = Cast(given, clock)
    cast.decided([1, 2, 3, 4], cast.judges, "math")
    cast.decided([1, 2, 3, 4, 5, 6], cast.judges[:2], "music")
    assert subject_speeds(session, since=YEAR_AGO) == []


def test_what_is_open_was_taken_back_or_is_long_ago_does_not_count(
    given: Given, clock: Clock, session: Session
) -> None:
    cast = Cast(given, clock)
    cast.decided([1, 1, 1, 1, 1], cast.judges, "math")
    given.submitted(by=cast.author, subject="math", audience=Audience.SCHOOL)
    back = given.submitted(by=cast.author, subject="math", audience=Audience.SCHOOL)
    take_step(given.uow, cast.author, back.id, Action.TAKE_BACK)
    [found] = subject_speeds(session, since=YEAR_AGO)
    assert found == SubjectSpeed("math", Median(5, found.median.days))
    assert found.median.whole_days == 1
    assert subject_speeds(session, since=clock() + timedelta(days=1)) == []

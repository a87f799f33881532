"""What the demo's schools arrange: mentors, a leave, a guest who reviews, figures of a month."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from functools import partial
from importlib import resources
from tomllib import loads
from typing import Any

from resource_hub.cli.cast import Cast
from resource_hub.demo.content import moment
from resource_hub.domain.catalogue import Month
from resource_hub.domain.people import Person
from resource_hub.services.absences import go_away
from resource_hub.services.figures import Scope
from resource_hub.services.figures_fixing import answer, fix, object_to
from resource_hub.services.invitations import invite
from resource_hub.services.mentoring import pair
from resource_hub.services.rounds import last_round
from resource_hub.services.unit_of_work import UnitOfWork

NOON, EVENING = 12 * 60 + 30, 21 * 60
"""Minutes after midnight; in the evening what was submitted that day is with its reviewer."""

AFTER_LESSONS = time(16, 40)

Play = Callable[[UnitOfWork], object]
Table = Mapping[str, Any]  # Any: what TOML holds is only known once it is read


@dataclass(frozen=True, slots=True)
class Office:
    """Plays what stands in ``demo/data/office.toml``.

    Args:
        cast: asked when a scene is played, for nobody has an account before.
        newest: the number of the newest revision of a resource, by its key.
        secret: of the hub, with which the link of an invitation is made.
    """

    cast: Callable[[], Cast]
    newest: Callable[[str], int]
    now: datetime
    zone: tzinfo
    secret: str

    def what_is_arranged(self) -> Iterator[tuple[datetime, Play]]:
        """Give the moment and the play of each scene."""
        told = loads(
            resources.files("resource_hub.demo.data").joinpath("office.toml").read_text("utf-8")
        )
        for line in told["pair"]:
            yield moment(line["day"], NOON, self.now), partial(self._pair, told=line)
        for line in told["leave"]:
            # Entered before it begins, so that no turn has to be looked at again.
            at = moment(line["entered"], NOON, self.now)
            yield at, partial(self._leave, told=line)
        for line in told["invitation"]:
            at = moment(line["day"], EVENING, self.now)
            yield at, partial(self._invite, told=line)
        yield from self._fixed(told["fixed"])
        line = told["objection"]
        at = moment(line["day"], NOON, self.now)
        over = Month.of(at, self.zone).previous
        yield at, partial(self._object, told=line, month=over)

    def _fixed(self, told: Table) -> Iterator[tuple[datetime, Play]]:
        """An objection, its answer, and then the figures of the month are fixed."""
        month = Month.of(self.now, self.zone).previous.previous
        objection, answered = told["objection"], told["answer"]

        def at(day: int) -> datetime:
            last = month.next.first_day - timedelta(days=1)
            return datetime.combine(last + timedelta(days=day), AFTER_LESSONS, self.zone)

        numbers: list[int] = []

        def ask(uow: UnitOfWork) -> None:
            numbers.append(self._object(uow, objection, month))

        def reply(uow: UnitOfWork) -> None:
            answer(uow, self._person(told["by"]), numbers[0], answered["words"])

        def fix_them(uow: UnitOfWork) -> None:
            by = self._person(told["by"])
            fix(uow, by, self._school_of(by), str(month))

        yield at(objection["day"]), ask
        yield at(answered["day"]), reply
        yield at(told["day"]), fix_them

    def _person(self, account: str) -> Person:
        return self.cast().people[account]

    def _school_of(self, person: Person) -> Scope:
        return Scope(self.cast().alliance_id, person.school_id)

    def _object(self, uow: UnitOfWork, told: Table, month: Month) -> int:
        by = self._person(told["by"])
        return object_to(uow, by, self._school_of(by), str(month), told["note"]).id

    def _pair(self, uow: UnitOfWork, told: Table) -> None:
        mentor, mentee = self._person(told["mentor"]), self._person(told["mentee"])
        by = self._person(told["by"])
        pair(uow, by, mentor_id=mentor.id or 0, mentee_id=mentee.id or 0)

    def _leave(self, uow: UnitOfWork, told: Table) -> None:
        today = self.now.astimezone(self.zone).date()
        first, last = (today + timedelta(days=told[name]) for name in ("first", "last"))
        who = self._person(told["who"])
        go_away(uow, who, who.id or 0, first, last, told["note"])

    def _invite(self, uow: UnitOfWork, told: Table) -> None:
        submission = last_round(uow.session, self.newest(told["resource"]))
        if submission is not None:
            invite(
                uow,
                self._person(told["by"]),
                submission.id,
                name=told["name"],
                email=told["email"],
                secret=self.secret,
            )

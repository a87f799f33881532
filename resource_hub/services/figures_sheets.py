"""Figures as people read them: the own ones, a school's by person, an alliance's by school.

What is fixed is read from its statement; everything else is counted now.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from operator import attrgetter

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, joinedload

from resource_hub.catalogue.statement import RuleData, StatementData, digest_of, read_statement
from resource_hub.domain.errors import Missing
from resource_hub.domain.people import Person, Role
from resource_hub.domain.points import Item, PointsRule, Tally, points, tally
from resource_hub.domain.school_year import Period
from resource_hub.models import Alliance, Appointed, Membership, School, Statement, User
from resource_hub.services.figures import NO_FIGURES, Place, Scope, own_alliances, require
from resource_hub.services.figures_counting import count_items, in_order
from resource_hub.services.figures_rules import rule_on, school_calendar


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of one person or one school."""

    id: int
    name: str
    tally: Tally
    points: int
    """In tenths; of a school those of its people together."""
    is_fixed: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """Lines over a period, their sum, and the rule of the points."""

    alliance: Place
    school: Place | None
    """None: the lines are the schools of the alliance."""
    period: Period
    rule: RuleData
    lines: Sequence[Line]
    items: Sequence[Item]
    statement: Statement | None = None
    is_sound: bool = True
    """Whether what was fixed still is what its digest says."""

    @property
    def total(self) -> Tally:
        return tally(self.items)

    @property
    def points(self) -> int:
        return sum(line.points for line in self.lines)

    @property
    def open_until(self) -> date:
        """The last day on which teachers alone are asked."""
        return self.period.last + timedelta(days=self.rule.open_days)


def statements_of(
    session: Session, alliance_id: int, period: str, school_ids: Collection[int] | None = None
) -> Mapping[int, Statement]:
    """What is fixed, by school; one query."""
    wanted = (
        select(Statement)
        .where(Statement.alliance_id == alliance_id, Statement.period == period)
        .options(joinedload(Statement.fixed_by))
    )
    if school_ids is not None:
        wanted = wanted.where(Statement.school_id.in_(school_ids))
    return {row.school_id: row for row in session.scalars(wanted)}


def school_sheet(session: Session, person: Person, scope: Scope, key: str, zone: tzinfo) -> Sheet:
    """The figures of a school by person; with ``person_id`` in the scope, of that person alone.

    Raises:
        Missing: no such figures, as far as ``person`` may know.
    """
    require(person, scope)
    school = session.get(School, scope.school_id or 0)
    alliance = session.get(Alliance, scope.alliance_id)
    if school is None or alliance is None:
        raise Missing(NO_FIGURES)
    period = school_calendar(session, alliance.id).period(key)
    statement = statements_of(session, alliance.id, key, [school.id]).get(school.id)
    place, home = Place(alliance.id, alliance.name), Place(school.id, school.name)
    if statement is not None:
        return _fixed_sheet(place, home, statement, period, scope.person_id)
    rule = rule_on(session, alliance.id, period.first)
    items = count_items(session, scope, period, zone)
    if not (items or _is_or_was_in(session, alliance.id, school.id)):
        raise Missing(NO_FIGURES)
    names = _people(session, scope, items)
    return Sheet(place, home, period, rule, _lines(items, names, rule), items)


def _is_or_was_in(session: Session, alliance_id: int, school_id: int) -> bool:
    """Whether the school is in the alliance, or was when something was fixed."""
    found = select(
        or_(
            exists().where(
                Membership.alliance_id == alliance_id, Membership.school_id == school_id
            ),
            exists().where(Statement.alliance_id == alliance_id, Statement.school_id == school_id),
        )
    )
    return bool(session.scalar(found))


def _people(session: Session, scope: Scope, items: Iterable[Item]) -> Mapping[int, str]:
    """Who stands on the sheet: the school's teachers, and whoever did something as one of them.

    Of a school that is not in the alliance (somebody moved there, say) only the latter.
    """
    if scope.person_id is not None:
        wanted = select(User.id, User.name).where(User.id == scope.person_id)
        return dict(session.execute(wanted).all())
    teaching = select(Appointed.user_id).where(Appointed.role == Role.TEACHER)
    members = select(Membership.school_id).where(Membership.alliance_id == scope.alliance_id)
    did_something = {item.person_id for item in items}
    rows = session.execute(
        select(User.id, User.name, User.is_active)
        .where(
            User.id.in_(did_something)
            | (
                (User.school_id == scope.school_id)
                & User.school_id.in_(members)
                & User.id.in_(teaching)
            )
        )
        .order_by(User.name, User.id)
    )
    return {number: name for number, name, active in rows if active or number in did_something}


def _lines(items: Iterable[Item], names: Mapping[int, str], rule: RuleData) -> list[Line]:
    """A line for everybody named, also for those with nothing; the most points first."""
    of, counting = _grouped(items, attrgetter("person_id")), rule.rule
    found = []
    for number, name in names.items():
        counted = tally(of.get(number, ()))
        found.append(Line(number, name, counted, points(counted, counting)))
    return sorted(found, key=lambda line: (-line.points, line.name, line.id))


def _grouped(items: Iterable[Item], key: Callable[[Item], int]) -> Mapping[int, list[Item]]:
    of: dict[int, list[Item]] = defaultdict(list)
    for item in items:
        of[key(item)].append(item)
    return of


def _is_sound(statement: Statement) -> bool:
    return digest_of(statement.content) == statement.digest


def _fixed_sheet(
    alliance: Place, school: Place, statement: Statement, period: Period, person_id: int | None
) -> Sheet:
    data = read_statement(statement.content)
    items = [each for each in data.counted() if person_id in {None, each.person_id}]
    return Sheet(
        alliance,
        school,
        Period(
            period.key,
            period.span,
            date.fromisoformat(data.first),
            date.fromisoformat(data.last),
        ),
        data.rule,
        [
            Line(line.person_id, line.name, counted, line.points, is_fixed=True)
            for line, counted in data.tallies()
            if person_id in {None, line.person_id}
        ],
        items,
        statement,
        _is_sound(statement),
    )


def alliance_sheet(
    session: Session, person: Person, alliance_id: int, key: str, zone: tzinfo
) -> Sheet:
    """The figures of an alliance by school: what is fixed as it was fixed, the rest as it is.

    Raises:
        Missing: no such figures, as far as ``person`` may know.
    """
    require(person, Scope(alliance_id))
    alliance = session.get(Alliance, alliance_id)
    if alliance is None:
        raise Missing(NO_FIGURES)
    period = school_calendar(session, alliance_id).period(key)
    rule = rule_on(session, alliance_id, period.first)
    statements = statements_of(session, alliance_id, key)
    fixed = {number: read_statement(row.content) for number, row in statements.items()}
    counted = count_items(session, Scope(alliance_id), period, zone)
    items = [item for item in counted if item.school_id not in fixed]
    for data in fixed.values():
        items += data.counted()
    of = _grouped(items, attrgetter("school_id"))
    members = select(Membership.school_id).where(Membership.alliance_id == alliance_id)
    concerned = of.keys() | fixed.keys()
    rows = session.execute(
        select(School.id, School.name)
        .where(School.id.in_(members) | School.id.in_(concerned))
        .order_by(School.name)
    ).all()
    lines = [
        _school_line(number, name, of.get(number, ()), rule.rule, fixed.get(number))
        for number, name in rows
    ]
    lines.sort(key=lambda line: (-line.points, line.name))
    return Sheet(
        Place(alliance.id, alliance.name),
        None,
        period,
        rule,
        lines,
        in_order(items),
        is_sound=all(map(_is_sound, statements.values())),
    )


def _school_line(
    number: int, name: str, mine: Sequence[Item], rule: PointsRule, data: StatementData | None
) -> Line:
    if data is not None:
        earned = sum(line.points for line in data.lines)
        return Line(number, data.school, tally(mine), earned, is_fixed=True)
    people = _grouped(mine, attrgetter("person_id"))
    earned = sum(points(tally(done), rule) for done in people.values())
    return Line(number, name, tally(mine), earned)


def own_sheets(session: Session, person: Person, key: str, zone: tzinfo) -> Sequence[Sheet]:
    """The own figures, for each alliance and each school in which something was done.

    The present school's sheet is there also when it is empty.
    """
    found = []
    for alliance in own_alliances(session, person):
        schools: set[int] = set()
        if person.school_id is not None and alliance.id in person.alliance_ids:
            schools.add(person.school_id)
        period = school_calendar(session, alliance.id).period(key)
        counted = count_items(session, Scope(alliance.id, None, person.id), period, zone)
        schools |= {item.school_id for item in counted}
        rule = rule_on(session, alliance.id, period.first)
        fixed = statements_of(session, alliance.id, key, schools)
        names = dict(
            session.execute(select(School.id, School.name).where(School.id.in_(schools))).all()
        )
        for number, name in sorted(names.items()):
            place = Place(number, name)
            if number in fixed:
                sheet = _fixed_sheet(alliance, place, fixed[number], period, person.id)
                if sheet.lines:
                    found.append(sheet)
                continue
            items = [item for item in counted if item.school_id == number]
            lines = _lines(items, {person.id or 0: person.name}, rule)
            found.append(Sheet(alliance, place, period, rule, lines, items))
    return found

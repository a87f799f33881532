"""An alliance's rule of points, version by version, and the dates of its terms."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from resource_hub.catalogue.records import as_plain, from_plain
from resource_hub.catalogue.statement import RuleData, rule_data
from resource_hub.domain import school_year
from resource_hub.domain.errors import N_, Invalid, Missing, NotAllowed, Problem, WrongState
from resource_hub.domain.people import Person
from resource_hub.domain.points import USUAL_RULE, typed_rule
from resource_hub.domain.school_year import SchoolCalendar, TermDates
from resource_hub.models import Alliance, PointsRuleRow, SchoolYear, Statement
from resource_hub.services.figures import Scope, hold, may_see
from resource_hub.services.unit_of_work import FASTER, UnitOfWork

USUAL = rule_data(0, None, USUAL_RULE)
"""Until the alliance has a rule of its own."""


def require_rule_maker(session: Session, by: Person, alliance_id: int) -> Alliance:
    """The alliance, for its coordinators and editors.

    Raises:
        NotAllowed: ``by`` is neither.
        Missing: there is no such alliance.
    """
    if not may_see(by, Scope(alliance_id)):
        raise NotAllowed(N_("Only the alliance's coordinators and editors can do this."))
    alliance = session.get(Alliance, alliance_id)
    if alliance is None:
        raise Missing(N_("There is no such alliance."))
    return alliance


def rule_on(session: Session, alliance_id: int, day: date) -> RuleData:
    """The rule for a period that begins on ``day``: the newest version that is valid by then."""
    row = session.scalar(
        select(PointsRuleRow)
        .where(PointsRuleRow.alliance_id == alliance_id, PointsRuleRow.valid_from <= day)
        .order_by(PointsRuleRow.number.desc())
        .limit(1)
    )
    return USUAL if row is None else _read(row)


def _read(row: PointsRuleRow) -> RuleData:
    return from_plain(RuleData, row.rule, f"rule {row.number}")


def versions(session: Session, alliance_id: int) -> Sequence[RuleData]:
    """All versions of an alliance, the newest first."""
    rows = session.scalars(
        select(PointsRuleRow)
        .where(PointsRuleRow.alliance_id == alliance_id)
        .order_by(PointsRuleRow.number.desc())
    )
    return [_read(row) for row in rows]


def save_rule(
    uow: UnitOfWork, by: Person, alliance_id: int, typed: Mapping[str, str], *, seen: int
) -> RuleData:
    """Add a version, which applies to periods that begin on its day or later.

    What was fixed keeps the rule by which it was counted.

    Args:
        typed: as ``domain.points.typed_rule`` reads it, and ``valid_from``.
        seen: the number of the newest version on the page on which it was typed.

    Raises:
        NotAllowed, Missing: see ``require_rule_maker``.
        Invalid: something is no number, or no day.
        WrongState: somebody else was faster.
    """
    require_rule_maker(uow.session, by, alliance_id)
    rule, problems = typed_rule(typed)
    valid_from = _day(typed.get("valid_from", ""), "valid_from", problems)
    newest = uow.session.scalar(
        select(func.max(PointsRuleRow.number)).where(PointsRuleRow.alliance_id == alliance_id)
    )
    if problems or valid_from is None:
        raise Invalid(problems)
    if seen != (newest or 0):
        raise WrongState(FASTER)
    found = rule_data((newest or 0) + 1, valid_from, rule)
    uow.session.add(
        PointsRuleRow(
            alliance_id=alliance_id,
            number=found.number,
            valid_from=valid_from,
            rule=as_plain(found),
            made_at=uow.now(),
            made_by_id=by.id or None,
        )
    )
    uow.session.flush()
    uow.record("figures:rule", by=by, alliance=alliance_id, rule=as_plain(found))
    return found


def _day(text: str, field: str, problems: list[Problem]) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        problems.append(Problem(field, N_("Write the day as YYYY-MM-DD, such as 2026-09-01.")))
        return None


def school_calendar(session: Session, alliance_id: int) -> SchoolCalendar:
    """The terms of an alliance; one query."""
    rows = session.scalars(select(SchoolYear).where(SchoolYear.alliance_id == alliance_id))
    return SchoolCalendar({row.year: TermDates(row.year, row.first, row.second) for row in rows})


def save_terms(
    uow: UnitOfWork, by: Person, alliance_id: int, year: int, *, first: str, second: str, seen: str
) -> TermDates:
    """Enter on which days the two terms of a school year begin.

    Args:
        seen: the two days, with a space between them, as they stood on the page of the form.

    Raises:
        NotAllowed, Missing: see ``require_rule_maker``; or there is no such year.
        Invalid: something is no day, or cannot be so.
        WrongState: figures of a term that would change are fixed, or somebody else was faster.
    """
    require_rule_maker(uow.session, by, alliance_id)
    if not school_year.FIRST_YEAR <= year < school_year.LAST_YEAR:
        raise Missing(N_("There is no such month, term or year."))
    problems: list[Problem] = []
    days = _day(first, "first", problems), _day(second, "second", problems)
    if days[0] is None or days[1] is None:
        raise Invalid(problems)
    dates = TermDates(year, days[0], days[1])
    if problems := school_year.flaws(dates):
        raise Invalid(problems)
    hold(uow.session, alliance_id)
    before = school_calendar(uow.session, alliance_id).dates(year)
    if before == dates:
        return dates
    if seen.split() != [before.first.isoformat(), before.second.isoformat()]:
        raise WrongState(FASTER)
    _refuse_if_fixed(uow.session, alliance_id, year)
    row = uow.session.get(SchoolYear, (alliance_id, year))
    if row is None:
        row = SchoolYear(alliance_id=alliance_id, year=year)
        uow.session.add(row)
    row.first, row.second = dates.first, dates.second
    uow.session.flush()
    uow.record(
        "figures:terms",
        by=by,
        alliance=alliance_id,
        year=year,
        first=dates.first.isoformat(),
        second=dates.second.isoformat(),
    )
    return dates


def _refuse_if_fixed(session: Session, alliance_id: int, year: int) -> None:
    touched = [f"{year}-{year + 1}{end}" for end in ("", "-1", "-2")]
    touched += [f"{year - 1}-{year}{end}" for end in ("", "-2")]
    fixed = session.scalar(
        select(Statement.period)
        .where(Statement.alliance_id == alliance_id, Statement.period.in_(touched))
        .limit(1)
    )
    if fixed is not None:
        raise WrongState(
            N_("Figures of %(period)s are fixed, so its days cannot be changed any more."),
            period=fixed,
        )

"""The annual report of an alliance, from the same items as its figures."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.catalogue.annual import AnnualData, Part
from resource_hub.domain.catalogue import Month
from resource_hub.domain.errors import Missing
from resource_hub.domain.people import Person
from resource_hub.domain.points import Figure, Item, tally
from resource_hub.domain.school_year import Period, Span
from resource_hub.models import Revision
from resource_hub.services.figures import NO_FIGURES
from resource_hub.services.figures_sheets import alliance_sheet

WORKS = frozenset({Figure.SUBMITTED, Figure.ACCEPTED})


def annual_report(
    session: Session, person: Person, alliance_id: int, key: str, *, zone: tzinfo, today: date
) -> AnnualData:
    """A year or a school year; one query more than the alliance's figures.

    Raises:
        Missing: it is no year, or not for ``person`` to see.
    """
    sheet = alliance_sheet(session, person, alliance_id, key, zone)
    if sheet.period.span not in {Span.YEAR, Span.SCHOOL_YEAR}:
        raise Missing(NO_FIGURES)
    return AnnualData(
        alliance=sheet.alliance.name,
        period=key,
        first=sheet.period.first.isoformat(),
        last=sheet.period.last.isoformat(),
        total=sheet.total,
        fixed=sum(line.is_fixed for line in sheet.lines),
        is_sound=sheet.is_sound,
        months=tuple(_months(sheet.period, sheet.items, today)),
        schools=tuple(Part(line.name, line.tally) for line in sheet.lines),
        subjects=tuple(_subjects(session, sheet.items)),
    )


def _months(period: Period, items: Iterable[Item], today: date) -> Iterable[Part]:
    """Every month that has begun, also an empty one; downloads have no day."""
    of: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        if item.on is not None:
            of[f"{item.on:%Y-%m}"].append(item)
    month = Month(period.first.year, period.first.month)
    while month.first_day <= min(period.last, today):
        yield Part(str(month), tally(of[str(month)]))
        month = month.next


def _subjects(session: Session, items: Sequence[Item]) -> Iterable[Part]:
    """Works by the subject of their version, the most accepted first."""
    works = [item for item in items if item.figure in WORKS]
    rows = session.execute(
        select(Revision.id, Revision.subject).where(
            Revision.id.in_({item.revision_id for item in works})
        )
    )
    subjects = dict(rows.all())
    of: dict[str, list[Item]] = defaultdict(list)
    for item in works:
        of[subjects.get(item.revision_id or 0, "")].append(item)
    parts = [Part(subject, tally(found)) for subject, found in of.items()]
    return sorted(
        parts,
        key=lambda part: (-part.tally[Figure.ACCEPTED], -part.tally[Figure.SUBMITTED], part.name),
    )

"""The list behind a figure: a page of the very items counted, with titles where they may be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import Missing
from resource_hub.domain.people import Person
from resource_hub.domain.points import Figure, Item
from resource_hub.models import Resource, Revision, User
from resource_hub.services.figures import NO_FIGURES, Scope
from resource_hub.services.figures_sheets import Sheet, alliance_sheet, school_sheet
from resource_hub.services.queries.readable import readable_by
from resource_hub.services.queries.shelf import Paging

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Counted:
    """One item as it is shown; ``title`` is None when the reader may not read the work."""

    item: Item
    person: str
    title: str | None
    public_id: str
    number: int | None
    """Of the version; None: the resource as a whole."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the list behind a figure, and the sheet that it stands on."""

    sheet: Sheet
    figure: Figure
    lines: Sequence[Counted]
    paging: Paging
    total: int
    """What the figure is: the numbers of all items together."""


def list_behind(
    session: Session,
    person: Person,
    scope: Scope,
    key: str,
    figure: Figure,
    *,
    zone: tzinfo,
    now: datetime,
    page: int = 1,
) -> Listed:
    """What a figure is made of, as many queries whatever it is.

    Raises:
        Missing: no such figures, as far as ``person`` may know.
    """
    if scope.school_id is None and scope.person_id is not None:
        raise Missing(NO_FIGURES)  # a person's figures stand on the sheet of a school
    sheet = (
        alliance_sheet(session, person, scope.alliance_id, key, zone)
        if scope.school_id is None
        else school_sheet(session, person, scope, key, zone)
    )
    items = [item for item in sheet.items if item.figure is figure]
    paging = Paging.fit(page, PER_PAGE, len(items))
    shown = items[paging.offset : paging.offset + PER_PAGE]
    return Listed(
        sheet,
        figure,
        _named(session, person, shown, now),
        paging,
        sum(item.number for item in items),
    )


def _named(session: Session, person: Person, items: Sequence[Item], now: datetime) -> list[Counted]:
    people = dict(
        session.execute(
            select(User.id, User.name).where(User.id.in_({item.person_id for item in items}))
        ).all()
    )
    resources = {item.resource_id for item in items}
    public_ids = dict(
        session.execute(
            select(Resource.id, Resource.public_id).where(Resource.id.in_(resources))
        ).all()
    )
    newest = select(func.max(Revision.id)).where(Revision.resource_id.in_(resources))
    wanted = {item.revision_id for item in items if item.revision_id is not None}
    rows = session.execute(
        select(Revision.id, Revision.resource_id, Revision.number, Revision.title)
        .join(Revision.resource)
        .where(
            Revision.id.in_(wanted) | Revision.id.in_(newest.group_by(Revision.resource_id)),
            readable_by(person, now),
        )
    ).all()
    by_revision = {number: (version, title) for number, _, version, title in rows}
    by_resource = {resource: title for _, resource, _, title in sorted(rows)}
    found = []
    for item in items:
        version, title = by_revision.get(item.revision_id or 0, (None, None))
        if item.revision_id is None:
            title = by_resource.get(item.resource_id)
        found.append(
            Counted(
                item,
                people.get(item.person_id, ""),
                title,
                public_ids.get(item.resource_id, ""),
                version,
            )
        )
    return found

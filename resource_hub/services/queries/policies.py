"""The policies on the administrator's pages: what applies where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import N_, Missing
from resource_hub.domain.people import Person
from resource_hub.domain.policy import Policy, usual_policy
from resource_hub.domain.taxonomy import Kind
from resource_hub.domain.visibility import Audience
from resource_hub.models import Alliance, PolicyRow
from resource_hub.services.organisations import require_administrator

USUAL = usual_policy(Audience.ALLIANCE)


@dataclass(frozen=True, slots=True)
class Line:
    """What one kind must pass in one place; ``kind`` None stands for all kinds."""

    kind: Kind | None
    policy: Policy
    version: int
    """Of the row; 0 where there is none and a wider policy applies."""

    @property
    def is_own(self) -> bool:
        return self.version > 0


@dataclass(frozen=True, slots=True)
class PlacePolicies:
    """The policies of an alliance, or of the hub: that for all kinds first, then by kind."""

    alliance_id: int | None
    name: str
    lines: Sequence[Line]

    def line(self, kind: Kind | None) -> Line:
        return next(line for line in self.lines if line.kind is kind)


def policies(session: Session, person: Person) -> list[PlacePolicies]:
    """The hub's, then every alliance's by name, to be changed; two queries.

    Raises:
        NotAllowed: the person is no administrator.
    """
    require_administrator(person)
    return published_policies(session)


def published_policies(session: Session) -> list[PlacePolicies]:
    """The hub's, then every alliance's by name, for everybody to read; two queries."""
    rows = {(row.alliance_id, row.kind): row for row in session.scalars(select(PolicyRow))}
    names = session.execute(select(Alliance.id, Alliance.name).order_by(Alliance.name))
    hub = _place(None, "", rows)
    return [hub, *(_place(number, name, rows) for number, name in names)]


def policies_of(session: Session, person: Person, alliance_id: int | None) -> PlacePolicies:
    """Those of one alliance, or of the hub.

    Raises:
        NotAllowed: the person is no administrator.
        Missing: there is no such alliance.
    """
    for place in policies(session, person):
        if place.alliance_id == alliance_id:
            return place
    raise Missing(N_("There is no such alliance."))


def _place(
    alliance_id: int | None, name: str, rows: Mapping[tuple[int | None, str], PolicyRow]
) -> PlacePolicies:
    return PlacePolicies(
        alliance_id, name, [_line(alliance_id, kind, rows) for kind in (None, *Kind)]
    )


def _line(
    alliance_id: int | None, kind: Kind | None, rows: Mapping[tuple[int | None, str], PolicyRow]
) -> Line:
    code = kind.value if kind else ""
    own = rows.get((alliance_id, code))
    for place in ((alliance_id, code), (alliance_id, ""), (None, code), (None, "")):
        if place in rows:
            return Line(kind, rows[place].policy, own.version if own else 0)
    return Line(kind, USUAL, 0)

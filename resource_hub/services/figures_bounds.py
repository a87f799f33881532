"""Whose items are counted, and over which time: the conditions that every query has."""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from sqlalchemy import ColumnElement, and_, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from resource_hub.domain.points import Item
from resource_hub.domain.school_year import Period
from resource_hub.domain.visibility import Audience
from resource_hub.models import Resource, Revision, User
from resource_hub.services.figures import Scope


def is_shared(revision: type[Revision]) -> ColumnElement[bool]:
    """The condition on a version: it is not for its own school alone.

    That counts for nobody, although it and its rounds keep the alliance that the form had chosen.
    """
    return revision.audience != Audience.SCHOOL


@dataclass(frozen=True, slots=True)
class Bounds:
    """One count: of whom, over which time."""

    session: Session
    scope: Scope
    period: Period
    zone: tzinfo

    def fits(self, item: Item) -> bool:
        """A query may bring more: with a co-author's work its owner's, say."""
        scope = self.scope
        return (
            scope.alliance_id == item.alliance_id
            and scope.school_id in {None, item.school_id}
            and scope.person_id in {None, item.person_id}
        )

    def within(self, moment: datetime | None) -> bool:
        if moment is None:
            return False
        return self.period.start(self.zone) <= moment < self.period.end(self.zone)

    def during(
        self,
        column: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None],
    ) -> ColumnElement[bool]:
        return and_(column >= self.period.start(self.zone), column < self.period.end(self.zone))

    def day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def shared_here(self, revision: type[Revision]) -> ColumnElement[bool]:
        """The condition on a version: it is for the alliance, and not for its own school alone."""
        return and_(revision.alliance_id == self.scope.alliance_id, is_shared(revision))

    def by_owner(self) -> ColumnElement[bool]:
        """The condition on Resource."""
        conditions: list[ColumnElement[bool]] = [true()]
        if self.scope.school_id is not None:
            conditions.append(Resource.school_id == self.scope.school_id)
        if self.scope.person_id is not None:
            conditions.append(Resource.owner_id == self.scope.person_id)
        return and_(*conditions)

    def by_person(self) -> ColumnElement[bool]:
        """The condition on User."""
        conditions: list[ColumnElement[bool]] = [true()]
        if self.scope.school_id is not None:
            conditions.append(User.school_id == self.scope.school_id)
        if self.scope.person_id is not None:
            conditions.append(User.id == self.scope.person_id)
        return and_(*conditions)

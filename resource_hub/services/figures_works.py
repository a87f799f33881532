"""Count works: submitted, accepted, rejected, taken down; each version once, by its last word."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import aliased

from resource_hub.domain.points import Figure, Item
from resource_hub.domain.review import DECISIONS, Action, State
from resource_hub.models import CoAuthor, Resource, Revision, Submission, User
from resource_hub.services.figures_bounds import Bounds, is_shared


@dataclass(frozen=True, slots=True)
class _Round:
    revision_id: int
    alliance_id: int | None
    opened_at: datetime
    closed_at: datetime | None
    outcome: Action | None
    resource_id: int
    owner_id: int
    school_id: int


def works(bounds: Bounds) -> Iterator[Item]:
    """Works by their rounds, less those that were taken back; two queries."""
    co_authors = _co_authors(bounds)
    for _, group in groupby(_rounds(bounds), key=lambda each: each.revision_id):
        rounds = list(group)
        last = rounds[-1]
        if last.alliance_id is None:
            continue
        if bounds.within(rounds[0].opened_at):
            yield _work(bounds, Figure.SUBMITTED, last, rounds[0].opened_at)
        decided = [each for each in rounds if each.outcome in DECISIONS]
        if not decided or not bounds.within(decided[-1].closed_at):
            continue
        closed_at = decided[-1].closed_at or last.opened_at
        if decided[-1].outcome is Action.REJECT and decided[-1] is last:
            yield _work(bounds, Figure.REJECTED, last, closed_at)
        elif decided[-1].outcome is Action.APPROVE:
            number = len(rounds)
            yield _work(bounds, Figure.ACCEPTED, last, closed_at, rounds=number)
            if number == 1:
                yield _work(bounds, Figure.FIRST_TIME, last, closed_at)
            for person_id, school_id in co_authors.get(last.revision_id, ()):
                yield Item(
                    Figure.CO_AUTHORED,
                    last.alliance_id,
                    school_id,
                    person_id,
                    last.resource_id,
                    last.revision_id,
                    bounds.day(closed_at),
                )


def _work(
    bounds: Bounds, figure: Figure, last: _Round, moment: datetime, *, rounds: int | None = None
) -> Item:
    return Item(
        figure,
        last.alliance_id or 0,
        last.school_id,
        last.owner_id,
        last.resource_id,
        last.revision_id,
        bounds.day(moment),
        rounds=rounds,
    )


def _rounds(bounds: Bounds) -> Iterable[_Round]:
    """All rounds of what was touched, less those that the author took back, in their order."""
    written_with = (
        select(CoAuthor.revision_id)
        .join(User, User.id == CoAuthor.user_id)
        .where(bounds.by_person())
    )
    rows = bounds.session.execute(
        select(
            Submission.revision_id,
            Submission.alliance_id,
            Submission.opened_at,
            Submission.closed_at,
            Submission.outcome,
            Resource.id,
            Resource.owner_id,
            Resource.school_id,
        )
        .join(Submission.revision)
        .join(Revision.resource)
        .where(
            Submission.revision_id.in_(_touched(bounds)),
            is_shared(Revision),
            or_(Submission.outcome.is_(None), Submission.outcome != Action.TAKE_BACK),
            or_(bounds.by_owner(), Submission.revision_id.in_(written_with)),
        )
        .order_by(Submission.revision_id, Submission.round)
    )
    return [_Round(*row) for row in rows]


def _co_authors(bounds: Bounds) -> Mapping[int, list[tuple[int, int]]]:
    """By revision, who wrote it too, each with the present school."""
    found: dict[int, list[tuple[int, int]]] = {}
    rows = bounds.session.execute(
        select(CoAuthor.revision_id, User.id, User.school_id)
        .join(User, User.id == CoAuthor.user_id)
        .where(
            CoAuthor.revision_id.in_(_touched(bounds)),
            User.school_id.is_not(None),
            bounds.by_person(),
        )
        .order_by(CoAuthor.id)
    )
    for revision_id, person_id, school_id in rows:
        found.setdefault(revision_id, []).append((person_id, school_id or 0))
    return found


def _touched(bounds: Bounds) -> Select[Any]:  # Any: SQLAlchemy's row of one number
    """Revisions of which a round began or ended in the period."""
    wanted = select(Submission.revision_id).where(
        or_(bounds.during(Submission.opened_at), bounds.during(Submission.closed_at))
    )
    every = aliased(Submission)  # another round may have gone to another alliance
    here = select(every.revision_id).where(every.alliance_id == bounds.scope.alliance_id)
    return wanted.where(Submission.revision_id.in_(here))


def withdrawn(bounds: Bounds) -> Iterator[Item]:
    """What had been accepted, and was taken down in the period."""
    rows = bounds.session.execute(
        select(
            Revision.alliance_id,
            Resource.school_id,
            Resource.owner_id,
            Resource.id,
            Revision.id,
            Revision.withdrawn_at,
        )
        .join(Revision.resource)
        .where(
            Revision.state == State.WITHDRAWN,
            Revision.basis == "review",
            bounds.shared_here(Revision),
            bounds.during(Revision.withdrawn_at),
            bounds.by_owner(),
        )
    )
    for alliance_id, school_id, owner_id, resource_id, revision_id, moment in rows:
        yield Item(
            Figure.WITHDRAWN,
            alliance_id or 0,
            school_id,
            owner_id,
            resource_id,
            revision_id,
            bounds.day(moment or bounds.period.start(bounds.zone)),
        )

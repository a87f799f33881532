"""What stands under posts: names, pictures, lessons, reports; each in one query for a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.models import ClassUse, Mention, PostPicture, PostReport, User


@dataclass(frozen=True, slots=True)
class Reported:
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class ShownUse:
    """The lesson that a post tells of."""

    grade: str
    held_on: date
    worked: str
    changed: str


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture; in pixels."""

    id: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Parts:
    """By post."""

    names: Mapping[int, Sequence[str]]
    pictures: Mapping[int, Sequence[ShownPicture]]
    uses: Mapping[int, ShownUse]
    reports: Mapping[int, Sequence[Reported]]


def parts_of(session: Session, ids: Sequence[int], *, with_reports: bool) -> Parts:
    """What belongs to these posts."""
    return Parts(
        names=_names(session, ids),
        pictures=_pictures(session, ids),
        uses=_uses(session, ids),
        reports=_reports(session, ids) if with_reports else {},
    )


def _pictures(session: Session, ids: Sequence[int]) -> Mapping[int, Sequence[ShownPicture]]:
    found: dict[int, list[ShownPicture]] = {}
    rows = session.execute(
        select(PostPicture.post_id, PostPicture.id, PostPicture.width, PostPicture.height)
        .where(PostPicture.post_id.in_(ids))
        .order_by(PostPicture.post_id, PostPicture.position)
    )
    for post_id, *picture in rows:
        found.setdefault(post_id, []).append(ShownPicture(*picture))
    return found


def _uses(session: Session, ids: Sequence[int]) -> Mapping[int, ShownUse]:
    rows = session.execute(
        select(
            ClassUse.post_id, ClassUse.grade, ClassUse.held_on, ClassUse.worked, ClassUse.changed
        ).where(ClassUse.post_id.in_(ids))
    )
    return {
        post_id: ShownUse(grade, held_on, worked, changed)
        for post_id, grade, held_on, worked, changed in rows
    }


def _names(session: Session, ids: Sequence[int]) -> Mapping[int, Sequence[str]]:
    found: dict[int, list[str]] = {}
    rows = session.execute(
        select(Mention.post_id, User.name)
        .join(Mention.person)
        .where(Mention.post_id.in_(ids))
        .order_by(Mention.post_id, Mention.person_id)
    )
    for post_id, name in rows:
        found.setdefault(post_id, []).append(name)
    return found


def _reports(session: Session, ids: Sequence[int]) -> Mapping[int, Sequence[Reported]]:
    found: dict[int, list[Reported]] = {}
    rows = session.execute(
        select(PostReport.post_id, User.name, PostReport.reason)
        .join(User, User.id == PostReport.person_id)
        .where(PostReport.post_id.in_(ids), PostReport.settled_at.is_(None))
        .order_by(PostReport.at, PostReport.person_id)
    )
    for post_id, name, reason in rows:
        found.setdefault(post_id, []).append(Reported(name, reason))
    return found

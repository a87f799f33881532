"""What is wished for, as far as a person may see it: open wishes first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, select, true
from sqlalchemy.orm import Session, selectinload

from resource_hub.domain.errors import Missing
from resource_hub.domain.people import Person
from resource_hub.domain.wishes import (
    NO_SUCH_WISH,
    WishAction,
    WishState,
    open_tokens,
    possible_actions,
    require,
)
from resource_hub.models import Resource, Revision, School, User, Wish, WishAudience, Wisher
from resource_hub.services.queries.shelf import Paging, is_live, on_shelf
from resource_hub.services.wishes import wished

PER_PAGE = 30


@dataclass(frozen=True, slots=True)
class WisherLine:
    """One person who wishes it, and what they say."""

    name: str
    school: str
    note: str


@dataclass(frozen=True, slots=True)
class WishLine:
    """One wish; codes, not labels. ``wishers`` begin with who made it."""

    id: int
    text: str
    subject: str
    grade: str
    state: WishState
    created_at: datetime
    closed_at: datetime | None
    wishers: Sequence[WisherLine]
    is_mine: bool
    actions: Sequence[WishAction]
    answer: tuple[str, str] | None
    """Public id and title of the resource, while it is on this person's shelf."""


def wishes_for(
    session: Session, person: Person, now: datetime, *, page: int = 1
) -> tuple[Sequence[WishLine], Paging]:
    """One page of the wishes that ``person`` may see, in a constant number of queries.

    Open ones come first, then answered ones; each the newest first. What was withdrawn is gone.
    """
    wanted = and_(Wish.state != WishState.WITHDRAWN, _seen_by(person))
    paging = Paging.fit(
        page, PER_PAGE, session.scalar(select(func.count(Wish.id)).where(wanted)) or 0
    )
    found = session.scalars(
        select(Wish)
        .where(wanted)
        .order_by(
            case((Wish.state == WishState.OPEN, 0), else_=1),
            func.coalesce(Wish.closed_at, Wish.created_at).desc(),
            Wish.id.desc(),
        )
        .offset(paging.offset)
        .limit(PER_PAGE)
        .options(selectinload(Wish.audience), selectinload(Wish.wishers))
        .execution_options(populate_existing=True)
    ).all()
    return _lines(session, person, now, found), paging


def answerable_wish(session: Session, person: Person, now: datetime, wish_id: int) -> WishLine:
    """An open wish of which ``person`` may say that it is answered.

    Raises:
        Missing, NotAllowed, WrongState: see ``domain.wishes.require``.
    """
    found = session.scalars(
        select(Wish)
        .where(Wish.id == wish_id, _seen_by(person))
        .options(selectinload(Wish.audience), selectinload(Wish.wishers))
        .execution_options(populate_existing=True)
    ).all()
    if not found:
        raise Missing(NO_SUCH_WISH)
    require(WishAction.ANSWER, person, wished(found[0]))
    return _lines(session, person, now, found)[0]


def count_open_wishes(session: Session, person: Person) -> int:
    """How many open wishes ``person`` may see."""
    counted = select(func.count(Wish.id)).where(Wish.state == WishState.OPEN, _seen_by(person))
    return session.scalar(counted) or 0


def _seen_by(person: Person) -> ColumnElement[bool]:
    """``domain.wishes.sees`` as a condition."""
    if person.is_administrator:
        return true()
    return Wish.id.in_(
        select(WishAudience.wish_id).where(WishAudience.token.in_(sorted(open_tokens(person))))
    )


def _lines(
    session: Session, person: Person, now: datetime, found: Sequence[Wish]
) -> Sequence[WishLine]:
    wishers = _wishers(session, [wish.id for wish in found])
    answers = _answers(session, person, now, [wish.answer_id for wish in found if wish.answer_id])
    return [
        WishLine(
            id=wish.id,
            text=wish.text,
            subject=wish.subject,
            grade=wish.grade,
            state=wish.state,
            created_at=wish.created_at,
            closed_at=wish.closed_at,
            wishers=wishers.get(wish.id, ()),
            is_mine=any(one.person_id == person.id for one in wish.wishers),
            actions=possible_actions(person, wished(wish)),
            answer=answers.get(wish.answer_id or 0),
        )
        for wish in found
    ]


def _wishers(session: Session, wish_ids: Sequence[int]) -> dict[int, list[WisherLine]]:
    lines: dict[int, list[WisherLine]] = {}
    rows = session.execute(
        select(Wisher.wish_id, User.name, School.name, Wisher.note)
        .join(Wisher.person)
        .outerjoin(User.school)
        .where(Wisher.wish_id.in_(wish_ids))
        .order_by(Wisher.id)
    )
    for wish_id, name, school, note in rows:
        lines.setdefault(wish_id, []).append(WisherLine(name, school or "", note))
    return lines


def _answers(
    session: Session, person: Person, now: datetime, resource_ids: Sequence[int]
) -> dict[int, tuple[str, str]]:
    if not resource_ids:  # given none, SQLite reads the whole shelf to find none
        return {}
    rows = session.execute(
        select(Resource.id, Resource.public_id, Revision.title)
        .join(Revision, is_live())
        .where(Resource.id.in_(resource_ids), on_shelf(person, now))
    )
    return {resource_id: (public_id, title) for resource_id, public_id, title in rows}

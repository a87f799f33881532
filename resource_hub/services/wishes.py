"""Leave a wish for what search did not find, join somebody else's, take it back."""

import re
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from resource_hub.domain.errors import N_, Invalid, Missing, NotAllowed, Problem
from resource_hub.domain.people import Person
from resource_hub.domain.taxonomy import Scheme
from resource_hub.domain.wishes import (
    MAX_NOTE,
    MAX_TEXT,
    MOST_OPEN,
    NEEDS_SCHOOL,
    NO_SUCH_WISH,
    WishAction,
    Wished,
    WishState,
    circle,
    require,
)
from resource_hub.models import Alliance, School, Wish, WishAudience, Wisher
from resource_hub.services.taxonomy import read_taxonomy
from resource_hub.services.unit_of_work import UnitOfWork
from resource_hub.services.wording import one_line
from search_index.analysis import fold

_NO_WORD = re.compile(r"[\s《》〈〉「」『』“”‘’\"'。、?()\[\]【】·…—]+")
"""What makes no other wish; signs of arithmetic and decimal points do."""


@dataclass(frozen=True, slots=True)
class Left:
    """The wish, and how many people wish it now."""

    wish: Wish
    people: int


def leave_wish(
    uow: UnitOfWork,
    person: Person,
    *,
    text: str,
    subject: str = "",
    grade: str = "",
    note: str = "",
) -> Left:
    """Wish for a resource; the same wish of somebody else in the alliance is joined, not doubled.

    Cases, scripts, blanks and punctuation do not make another wish; another subject or grade does.
    Pressing twice is one wish.

    Args:
        text: what is wished for, one line, at most 200 characters.
        subject: a code of the taxonomy, or nothing; likewise ``grade``.
        note: a few words of this person's own, at most 1,000 characters.

    Raises:
        NotAllowed: the person belongs to no school.
        Invalid: something is missing, too long or not in the lists; or the person has 50 open ones.
    """
    if person.id is None or person.school_id is None:
        raise NotAllowed(NEEDS_SCHOOL)
    text, note = _clean(one_line(text)), _clean(note)
    _check(uow.session, text, subject, grade, note)
    _hold_circle_still(uow.session, person)
    key = f"{_NO_WORD.sub('', fold(text)) or text}|{subject}|{grade}"
    same = uow.session.scalar(
        select(WishAudience.wish_id)
        .where(WishAudience.open_key == key, WishAudience.token.in_(sorted(person.tokens)))
        .order_by(WishAudience.wish_id)
        .limit(1)
    )
    if same is not None:
        return join_wish(uow, person, same, note=note)
    _leave_room(uow.session, person.id)
    wish = Wish(
        text=text,
        subject=subject,
        grade=grade,
        created_at=uow.now(),
        audience=[WishAudience(token=token, open_key=key) for token in sorted(circle(person))],
        wishers=[Wisher(person_id=person.id, note=note, at=uow.now())],
    )
    uow.session.add(wish)
    uow.session.flush()
    uow.record("wish:leave", by=person, wish=wish.id, text=text)
    return Left(wish, 1)


def join_wish(uow: UnitOfWork, person: Person, wish_id: int, *, note: str = "") -> Left:
    """Wish it too; joining twice changes nothing but the note, if there is a new one.

    Raises:
        Missing: there is no such wish, as far as this person may know.
        NotAllowed: the person belongs to no school.
        WrongState: it is answered or withdrawn.
        Invalid: the note is too long; or the person has 50 open wishes.
    """
    wish = held_still(uow.session, wish_id)
    require(WishAction.JOIN, person, wished(wish))
    note = _clean(note)
    if len(note) > MAX_NOTE:
        raise Invalid([Problem("note", TOO_LONG, {"limit": MAX_NOTE, "length": len(note)})])
    mine = next((one for one in wish.wishers if one.person_id == person.id), None)
    if mine is None:
        _leave_room(uow.session, person.id or 0)
        wish.wishers.append(Wisher(person_id=person.id or 0, note=note, at=uow.now()))
        uow.record("wish:join", by=person, wish=wish.id)
    elif note:
        mine.note = note
    uow.session.flush()
    return Left(wish, len(wish.wishers))


def withdraw_wish(uow: UnitOfWork, person: Person, wish_id: int) -> Wish:
    """Take the own wish back; while others wish the same it stays theirs.

    An administrator who does not wish it takes it off the list for everybody.

    Raises:
        Missing, NotAllowed, WrongState: see ``domain.wishes.require``.
    """
    wish = held_still(uow.session, wish_id)
    require(WishAction.WITHDRAW, person, wished(wish))
    others = [one for one in wish.wishers if one.person_id != person.id]
    if others and len(others) < len(wish.wishers):
        wish.wishers = others
    else:
        close(uow, wish, WishState.WITHDRAWN)
    uow.record("wish:withdraw", by=person, wish=wish.id)
    uow.session.flush()
    return wish


def wished(wish: Wish) -> Wished:
    """The wish as the rules see it."""
    return Wished(
        wish.state,
        frozenset(row.token for row in wish.audience),
        frozenset(row.person_id for row in wish.wishers),
    )


TOO_LONG = N_("At most %(limit)s characters; this has %(length)s.")


def _clean(text: str) -> str:
    """Without what no database takes."""
    return text.encode("utf-8", "replace").decode().replace("\0", "").strip()


def _check(session: Session, text: str, subject: str, grade: str, note: str) -> None:
    problems = []
    if not text:
        problems.append(Problem("text", N_("Say what you wish for.")))
    for name, words, limit in (("text", text, MAX_TEXT), ("note", note, MAX_NOTE)):
        if len(words) > limit:
            problems.append(Problem(name, TOO_LONG, {"limit": limit, "length": len(words)}))
    if subject or grade:
        taxonomy = read_taxonomy(session)
        for name, scheme, code in (
            ("subject", Scheme.SUBJECT, subject),
            ("grade", Scheme.GRADE, grade),
        ):
            if code and not taxonomy.has(scheme, code):
                problems.append(Problem(name, N_("Choose one of the list.")))
    if problems:
        raise Invalid(problems)


def _leave_room(session: Session, person_id: int) -> None:
    mine = (
        select(func.count(Wisher.id))
        .join(Wisher.wish)
        .where(Wisher.person_id == person_id, Wish.state == WishState.OPEN)
    )
    if (session.scalar(mine) or 0) >= MOST_OPEN:
        sentence = N_("You have %(limit)s open wishes; take one back first.")
        raise Invalid([Problem("text", sentence, {"limit": MOST_OPEN})])


def _hold_circle_still(session: Session, person: Person) -> None:
    """The same wish, pressed at the same moment in one alliance, is then seen by the second.

    On SQLite a writing transaction is alone anyway.
    """
    own = select(School.id).where(School.id == person.school_id)
    session.execute(own.with_for_update(key_share=True))
    together = select(Alliance.id).where(Alliance.id.in_(sorted(person.alliance_ids)))
    session.execute(together.order_by(Alliance.id).with_for_update(key_share=True))


def held_still(session: Session, wish_id: int) -> Wish:
    """The wish with all that belongs to it; others wait until this transaction ends.

    Raises:
        Missing: there is none.
    """
    session.execute(select(Wish.id).where(Wish.id == wish_id).with_for_update(key_share=True))
    wish = session.scalar(
        select(Wish)
        .where(Wish.id == wish_id)
        .options(selectinload(Wish.audience), selectinload(Wish.wishers))
        .execution_options(populate_existing=True)
    )
    if wish is None:
        raise Missing(NO_SUCH_WISH)
    return wish


def close(uow: UnitOfWork, wish: Wish, state: WishState) -> None:
    """End it: the same may be wished anew."""
    wish.state, wish.closed_at = state, uow.now()
    for row in wish.audience:
        row.open_key = None

"""Which notices go out by mail, to whom, and that none goes out twice.

A mail and a database cannot be changed in one transaction. So a letter is written down first, sent,
and marked as sent. When the server refuses it, the letter is taken back and the job tries again.
When the worker dies in between, nobody knows whether the server had it: it is not sent again, and
its notices stand in the next morning's letter, if they were not read meanwhile. What remains is a
server that took a mail and whose answer was lost: the same mail, under the same Message-ID, comes
again, and most mailboxes show it once.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.domain.telling import How, Topic, chosen, topic_of
from resource_hub.models import Letter, LetterNotice, MailChoice, Notice, User
from resource_hub.services.unit_of_work import UnitOfWork

OLDEST = timedelta(days=14)
"""A notice that is older is not mailed any more; it stands in the hub."""

MOST_LINES = 50
"""Notices in one morning's letter; the others are counted."""


@dataclass(frozen=True, slots=True)
class Due:
    """A person, and the unread notices that are to be mailed to them, the oldest first."""

    user: User
    notices: Sequence[Notice]


def choices(session: Session, user_id: int) -> Mapping[Topic, How]:
    """How the person wants to be told, topic by topic."""
    rows = session.execute(
        select(MailChoice.topic, MailChoice.how).where(MailChoice.user_id == user_id)
    )
    return chosen({topic: how for topic, how in rows})  # noqa: C416 - rows are no pairs to mypy


def choose(uow: UnitOfWork, user_id: int, wanted: Mapping[Topic, How]) -> None:
    """Note how the person wants to be told."""
    uow.session.execute(
        delete(MailChoice).where(MailChoice.user_id == user_id, MailChoice.topic.in_(wanted))
    )
    uow.session.add_all(
        MailChoice(user_id=user_id, topic=topic, how=how) for topic, how in wanted.items()
    )
    uow.session.flush()


def stop(uow: UnitOfWork, user_id: int, what: str) -> None:
    """No more mails of one topic; for ``morning``, no more letters in the morning."""
    present = choices(uow.session, user_id)
    topics = (
        [topic for topic, how in present.items() if how is How.MORNING]
        if what == How.MORNING
        else [Topic(what)]
    )
    choose(uow, user_id, dict.fromkeys(topics, How.NEVER))


def due_at_once(session: Session, notice_id: int) -> Due | None:
    """The notice with its reader, if it is to be mailed now."""
    notice = session.get(Notice, notice_id)
    if notice is None or notice.read_at is not None:
        return None
    user = _reader(session, notice.user_id)
    if user is None or choices(session, user.id)[topic_of(notice.kind)] is not How.AT_ONCE:
        return None
    return Due(user, [notice])


def who_gets_a_letter(session: Session, now: datetime) -> Sequence[int]:
    """Everybody with an address and something unread that no letter has told them."""
    return session.scalars(
        select(Notice.user_id)
        .join(User, User.id == Notice.user_id)
        .where(
            _untold(),
            Notice.at > now - OLDEST,
            User.email.is_not(None),
            User.is_active,
            ~User.is_demo,
        )
        .distinct()
        .order_by(Notice.user_id)
    ).all()


def due_this_morning(session: Session, user_id: int, now: datetime) -> Due | None:
    """What stands in the person's letter of the morning; None when there is nothing to say."""
    user = _reader(session, user_id)
    if user is None:
        return None
    wanted = choices(session, user_id)
    untold = session.scalars(
        select(Notice)
        .where(Notice.user_id == user_id, _untold(), Notice.at > now - OLDEST)
        .order_by(Notice.id)
    )
    notices = [notice for notice in untold if wanted[topic_of(notice.kind)] is not How.NEVER]
    return Due(user, notices) if notices else None


def begin(uow: UnitOfWork, key: str, user_id: int, notice_ids: Collection[int]) -> int | None:
    """Write a letter down before it goes out; None if it was begun before.

    Raises:
        WrongState: another worker has begun it at this moment (when the unit of work ends).
    """
    if uow.session.scalar(select(Letter.id).where(Letter.key == key)) is not None:
        return None
    letter = Letter(key=key, user_id=user_id, begun_at=uow.now(), sent_at=None)
    uow.session.add(letter)
    uow.session.flush()
    uow.session.add_all(
        LetterNotice(letter_id=letter.id, notice_id=notice_id) for notice_id in notice_ids
    )
    return letter.id


def note_sent(uow: UnitOfWork, letter_id: int) -> None:
    uow.session.get_one(Letter, letter_id).sent_at = uow.now()


def take_back(uow: UnitOfWork, letter_id: int) -> None:
    """The server did not take it: it may be tried again."""
    uow.session.execute(delete(LetterNotice).where(LetterNotice.letter_id == letter_id))
    uow.session.execute(delete(Letter).where(Letter.id == letter_id))


def note_refusal(uow: UnitOfWork, letter_id: int, reason: str) -> None:
    """The server will never take it; the person is told in the hub, beside the switches."""
    uow.session.get_one(Letter, letter_id).refusal = reason[:500] or "refused"


def last_refusal(session: Session, person: Person) -> str:
    """Why the last mail to this person was refused; empty if it was not."""
    last = session.scalar(
        select(Letter).where(Letter.user_id == person.id).order_by(Letter.id.desc()).limit(1)
    )
    return "" if last is None else last.refusal


def _reader(session: Session, user_id: int) -> User | None:
    """Who can be mailed; the people of the demo live nowhere."""
    user = session.get(User, user_id)
    if user is None or not user.is_active or user.is_demo or not user.email:
        return None
    return user


def _untold() -> ColumnElement[bool]:
    """Unread, and in no letter that was sent."""
    return Notice.read_at.is_(None) & ~exists().where(
        LetterNotice.notice_id == Notice.id,
        Letter.id == LetterNotice.letter_id,
        Letter.sent_at.is_not(None) | (Letter.refusal != ""),
    )

"""Tell a person inside the hub what happened to their work."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import insert, select, update

from resource_hub.domain.people import Person
from resource_hub.models import Membership, Notice, Resource, Revision, Submission, User
from resource_hub.services.unit_of_work import UnitOfWork


def tell(
    uow: UnitOfWork,
    user_id: int,
    kind: str,
    *,
    by: Person,
    resource: Resource,
    revision: Revision,
    submission: Submission | None = None,
    comment: str = "",
    message: int | None = None,
    due: date | None = None,
    turn: int | None = None,
) -> None:
    """Leave a notice for ``user_id``, unless that person did it.

    ``kind`` picks the words, see ``resource_hub.notifications.messages``.

    Args:
        comment: what was said; it stands in the notice and in its mail, so never what the reader
            may not see.
        message: the message of the thread that it is about.
        due: the last day on which it is in time.
        turn: the assignment that it is about, so that the clock says it of each but once.
    """
    if user_id == by.id:
        return
    notice = Notice(
        user_id=user_id,
        at=uow.now(),
        kind=kind,
        values={
            "title": revision.title,
            "by": by.name,
            "comment": comment,
            "stage": revision.stage.value if revision.stage else "",
            "public_id": resource.public_id,
            **({} if message is None else {"message": message}),
            **({} if due is None else {"due": due.isoformat()}),
            **({} if turn is None else {"turn": turn}),
        },
        resource_id=resource.id,
        revision_id=revision.id,
        submission_id=submission.id if submission is not None else None,
    )
    leave(uow, notice)


def leave(uow: UnitOfWork, notice: Notice) -> None:
    """The one road of a notice: kept, and promised by mail; whether that goes out is asked then."""
    uow.session.add(notice)
    uow.session.flush()
    uow.promise("mail_notice", notice.id)


def leave_many(
    uow: UnitOfWork, people: Collection[int], kind: str, values: Mapping[str, object]
) -> Sequence[int]:
    """The same notice for each of ``people``; their numbers. Two statements, however many."""
    if not people:
        return []
    now = uow.now()
    rows = [
        {"user_id": person, "at": now, "kind": kind, "values": dict(values)}
        for person in sorted(people)
    ]
    numbers = uow.session.scalars(insert(Notice).returning(Notice.id), rows).all()
    uow.promise_many([("mail_notice", number, now) for number in numbers])
    return numbers


def everybody_of(uow: UnitOfWork, alliance_id: int) -> set[int]:
    """Who has an account at a school of the alliance."""
    people = (
        select(User.id)
        .join(Membership, Membership.school_id == User.school_id)
        .where(Membership.alliance_id == alliance_id, User.is_active)
    )
    return set(uow.session.scalars(people))


def mark_read(uow: UnitOfWork, person: Person, notice_ids: Collection[int] | None = None) -> None:
    """Note that the person has seen these notices; None: all of them."""
    statement = (
        update(Notice)
        .where(Notice.user_id == person.id, Notice.read_at.is_(None))
        .values(read_at=uow.now())
    )
    if notice_ids is not None:
        statement = statement.where(Notice.id.in_(notice_ids))
    uow.session.execute(statement)

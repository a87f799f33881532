"""Name co-authors of a draft, and take them out again; its owner alone does."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, or_, select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import N_, Invalid, Problem
from resource_hub.domain.people import Person
from resource_hub.models import CoAuthor, Revision, School, User
from resource_hub.services.drafting import editable_revision
from resource_hub.services.notices import tell
from resource_hub.services.unit_of_work import UnitOfWork

MOST = 10
FOUND = 20
"""How many people a search shows at most."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody with an account, as far as every teacher may know."""

    id: int
    name: str
    school_name: str


def name_co_author(uow: UnitOfWork, person: Person, revision_id: int, user_id: int) -> None:
    """Name somebody of the hub, who is told and may see the draft from now on.

    Raises:
        Missing, NotAllowed, WrongState: as for every change of a draft.
        Invalid: not the owner, nobody twice, ten at most, with an account that is open.
    """
    revision = editable_revision(uow, person, revision_id)
    user = uow.session.get(User, user_id)
    if user is None or not user.is_active or user.school_id is None:
        raise _refused(N_("Choose a person from the list."))
    if user.id == revision.resource.owner_id:
        raise _refused(N_("You are the author already."))
    named = [row.user_id for row in revision.co_author_rows]
    if user.id in named:
        return
    if len(named) >= MOST:
        raise _refused(N_("At most %(most)s co-authors can be named."), most=MOST)
    uow.session.add(CoAuthor(revision_id=revision.id, user_id=user.id))
    revision.updated_at = uow.now()
    uow.record(
        "revision:co_author",
        by=person,
        resource=revision.resource,
        revision=revision,
        person=user.id,
    )
    tell(uow, user.id, "co_author", by=person, resource=revision.resource, revision=revision)


def remove_co_author(uow: UnitOfWork, person: Person, revision_id: int, user_id: int) -> None:
    """Take somebody out again; nothing happens when they were not named."""
    revision = editable_revision(uow, person, revision_id)
    row = uow.session.scalar(
        select(CoAuthor).where(CoAuthor.revision_id == revision.id, CoAuthor.user_id == user_id)
    )
    if row is None:
        return
    uow.session.delete(row)
    revision.updated_at = uow.now()
    uow.record(
        "revision:no_co_author",
        by=person,
        resource=revision.resource,
        revision=revision,
        person=user_id,
    )


def co_authors(session: Session, revision: Revision) -> Sequence[Colleague]:
    """Who is named, in the order in which they were."""
    return _colleagues(
        session, CoAuthor.revision_id == revision.id, CoAuthor.user_id == User.id, limit=MOST
    )


def look_for(session: Session, person: Person, words: str) -> Sequence[Colleague]:
    """Colleagues by a part of the name, at least two characters, or by the whole e-mail address.

    Of those who are found only name and school are shown. Own school first.
    """
    words = words.strip()
    if len(words) < 2:  # noqa: PLR2004 - one character finds half the hub
        return []
    fits = or_(User.name.icontains(words, autoescape=True), User.email == words.lower())
    return _colleagues(
        session,
        fits,
        User.is_active.is_(True),
        User.id != (person.id or 0),
        first_school=person.school_id,
        limit=FOUND,
    )


def _colleagues(
    session: Session,
    *conditions: ColumnElement[bool],
    limit: int,
    first_school: int | None = None,
) -> Sequence[Colleague]:
    others = case((School.id == (first_school or 0), 0), else_=1)
    rows = session.execute(
        select(User.id, User.name, School.name)
        .join(User.school)
        .where(*conditions)
        .order_by(others, User.name, User.id)
        .limit(limit)
    )
    return [Colleague(*row) for row in rows]


def _refused(sentence: str, **values: object) -> Invalid:
    return Invalid([Problem("user_id", sentence, values)])

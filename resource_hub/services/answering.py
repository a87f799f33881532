"""Say which resource answers a wish, and tell everybody who wished for it."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from resource_hub.domain.errors import N_, Invalid, Problem
from resource_hub.domain.people import Person
from resource_hub.domain.public_id import read_public_id
from resource_hub.domain.review import State
from resource_hub.domain.visibility import tokens
from resource_hub.domain.wishes import WishAction, WishState, require
from resource_hub.models import Membership, Resource, Revision, User, Wish
from resource_hub.services.notices import tell
from resource_hub.services.queries.shelf import on_shelf
from resource_hub.services.unit_of_work import UnitOfWork
from resource_hub.services.wishes import close, held_still, wished

_LAST_PART = re.compile(r"[^/]*$")


def answer_wish(uow: UnitOfWork, person: Person, wish_id: int, public_id: str) -> Resource:
    """Say which resource answers the wish; everybody who wishes it is told.

    Args:
        public_id: as typed, or the address of the resource's page.

    Raises:
        Missing, NotAllowed, WrongState: see ``domain.wishes.require``.
        Invalid: there is no such published resource, or not every wisher may see it.
    """
    wish = held_still(uow.session, wish_id)
    require(WishAction.ANSWER, person, wished(wish))
    revision = _live(uow, person, public_id)
    resource = revision.resource
    if not all(resource.audience_token in seen for seen in _tokens_of_wishers(uow.session, wish)):
        raise Invalid(
            [Problem("public_id", N_("Not everybody who wishes this may see that resource."))]
        )
    wish.answer_id = resource.id
    close(uow, wish, WishState.ANSWERED)
    for wisher in wish.wishers:
        tell(
            uow, wisher.person_id, "wish_answered",
            by=person, resource=resource, revision=revision, comment=wish.text,
        )  # fmt: skip
    uow.record("wish:answer", by=person, resource=resource, wish=wish.id)
    uow.session.flush()
    return resource


def _live(uow: UnitOfWork, person: Person, typed: str) -> Revision:
    """The live revision of the resource that was named, with the resource.

    Raises:
        Invalid: there is none on this person's shelf.
    """
    last = _LAST_PART.search(typed.strip().rstrip("/").partition("?")[0])
    public_id = read_public_id(last.group() if last else "")
    revision = uow.session.scalar(
        select(Revision)
        .join(Revision.resource)
        .where(
            Resource.public_id == (public_id or ""),
            Revision.state == State.PUBLISHED,
            on_shelf(person, uow.now()),
        )
        .options(joinedload(Revision.resource))
    )
    if revision is None:
        sentence = N_("There is no published resource with this number that you may see.")
        raise Invalid([Problem("public_id", sentence)])
    return revision


def _tokens_of_wishers(session: Session, wish: Wish) -> list[frozenset[str]]:
    """What each person who wishes it may see."""
    schools = session.scalars(
        select(User.school_id).where(User.id.in_([one.person_id for one in wish.wishers]))
    ).all()
    alliances: dict[int, set[int]] = {}
    for school_id, alliance_id in session.execute(
        select(Membership.school_id, Membership.alliance_id).where(
            Membership.school_id.in_([school for school in schools if school is not None])
        )
    ):
        alliances.setdefault(school_id, set()).add(alliance_id)
    return [
        tokens(school_id=school, alliance_ids=alliances.get(school or 0, ())) for school in schools
    ]

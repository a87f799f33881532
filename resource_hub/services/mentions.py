"""Whom a post names: ``@王敏`` is looked up among those who may read it."""

from collections import defaultdict

from sqlalchemy import select

from resource_hub.domain.discussion import MOST_MENTIONS, beginnings, meant, named
from resource_hub.domain.people import Person
from resource_hub.models import Mention, Post, User
from resource_hub.services.discussion_access import who_reads
from resource_hub.services.unit_of_work import UnitOfWork

MOST_NAMESAKES = 200
"""People with one of the names that are looked at: a hub may hold many of the commonest."""


def note_mentions(uow: UnitOfWork, person: Person, post: Post, text: str) -> None:
    """Keep whom ``text`` names; namesakes who may read it are all meant, those who may not never.

    Of several the own school's are meant, if there are any.
    """
    tails = named(text)
    if not tails:
        return
    namesakes = uow.session.scalars(
        select(User.id)
        .where(User.is_active, User.name.in_(sorted(beginnings(tails))), User.id != person.id)
        .order_by(User.school_id.is_not_distinct_from(person.school_id).desc(), User.id.desc())
        .limit(MOST_NAMESAKES)
    ).all()
    known: dict[str, dict[bool, set[int]]] = defaultdict(lambda: {True: set(), False: set()})
    for one in who_reads(uow.session, namesakes, post.thread_id, uow.now()):
        if one.id is not None:
            known[one.name][one.school_id == person.school_id].add(one.id)
    nearest = {name: frozenset(of[True] or of[False]) for name, of in known.items()}
    found = sorted(meant(tails, nearest))[:MOST_MENTIONS]
    uow.session.add_all(Mention(post_id=post.id, person_id=user_id) for user_id in found)
    uow.session.flush()

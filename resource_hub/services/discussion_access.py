"""Which threads a person may read, and what the rules ask of each."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, false, literal, or_, select
from sqlalchemy.orm import Session, joinedload

from resource_hub.domain.discussion import (
    NO_SUCH_POST,
    NO_SUCH_THREAD,
    TAKEN_DOWN,
    TalkPlace,
    alliances_moderated,
)
from resource_hub.domain.errors import Missing, WrongState
from resource_hub.domain.people import Person, Role
from resource_hub.domain.review import State
from resource_hub.domain.visibility import Audience
from resource_hub.models import CoAuthor, Issue, Post, Resource, Revision, Thread
from resource_hub.services.closeness import wrote_it
from resource_hub.services.issue_access import is_everywhere, own_alliances
from resource_hub.services.persons import load_persons
from resource_hub.services.queries.readable import readable_by
from resource_hub.services.revisions import NO_SUCH


def open_to(person: Person, now: datetime) -> ColumnElement[bool]:
    """As a condition on Thread: with an account, and what it is about may be read too.

    Of a resource that means its live version: what was taken down takes its comments with it. A
    round is its alliance's, once the issue is published.
    """
    if not person.is_signed_in:
        return false()
    live = (
        select(literal(1))
        .select_from(Revision)
        .join(Revision.resource)
        .where(
            Resource.id == Thread.resource_id,
            Revision.state == State.PUBLISHED,
            readable_by(person, now),
        )
        .correlate(Thread)
        .exists()
    )
    round_ = (
        select(literal(1))
        .select_from(Issue)
        .where(Issue.id == Thread.issue_id, rounds_open_to(person))
        .correlate(Thread)
        .exists()
    )
    return and_(
        or_(Thread.resource_id.is_(None), live),
        or_(Thread.issue_id.is_(None), round_),
    )


def moderated_by(person: Person) -> ColumnElement[bool]:
    """``moderates`` as a condition on Thread that goes with ``open_to``."""
    about = select(literal(1)).select_from(Resource).where(Resource.id == Thread.resource_id)
    live = about.join(Resource.revisions).where(Revision.state == State.PUBLISHED)
    if person.is_administrator:
        return ~live.where(wrote_it(person)).correlate(Thread).exists()
    alliances = sorted(alliances_moderated(person))
    schools = [held.school_id for held in person.appointments if held.role is Role.COORDINATOR]
    shared = live.where(Revision.alliance_id.in_(alliances), Revision.audience != Audience.SCHOOL)
    in_round = exists().where(Issue.id == Thread.issue_id, Issue.alliance_id.in_(alliances))
    return and_(
        or_(
            about.where(Resource.school_id.in_(schools)).correlate(Thread).exists(),
            in_round,
            and_(Thread.issue_id.is_(None), shared.correlate(Thread).exists()),
        ),
        ~live.where(wrote_it(person)).correlate(Thread).exists(),
    )


def rounds_open_to(person: Person) -> ColumnElement[bool]:
    """As a condition on Issue: the alliance's people and editors, once it is published."""
    if not person.is_signed_in:
        return false()
    mine = (
        Issue.id.is_not(None)
        if is_everywhere(person)
        else Issue.alliance_id.in_(sorted(own_alliances(person)))
    )
    return and_(Issue.published_at.is_not(None), mine)


AT_A_TIME = 50
"""People of whom one query asks whether they may read a thread."""


def who_reads(
    session: Session, user_ids: Collection[int], thread_id: int, now: datetime
) -> list[Person]:
    """Those of these people who have an account still and may read the thread, by id."""
    active, found = load_persons(session, user_ids), list[Person]()
    for first in range(0, len(active), AT_A_TIME):
        people = active[first : first + AT_A_TIME]
        asked = [exists().where(Thread.id == thread_id, open_to(one, now)) for one in people]
        answers = session.execute(select(*asked)).one()
        found += [one for one, reads in zip(people, answers, strict=True) if reads]
    return found


def find_thread(
    session: Session, person: Person, thread_id: int, now: datetime, *, held: bool = False
) -> Thread:
    """The thread with what it is about.

    Args:
        held: nobody else changes it or posts in it until this transaction ends.

    Raises:
        Missing: there is none, as far as this person may know.
        WrongState: the resource was taken down, and the person may know.
    """
    wanted = (
        select(Thread)
        .where(Thread.id == thread_id)
        .options(joinedload(Thread.resource), joinedload(Thread.issue))
    )
    if held:
        wanted = wanted.execution_options(populate_existing=True)
        hold = select(Thread.id).where(Thread.id == thread_id)
        session.execute(hold.with_for_update(key_share=True))
    found = session.scalar(wanted.where(open_to(person, now)))
    if found is None:
        about = session.scalar(select(Thread.resource_id).where(Thread.id == thread_id))
        refuse_if_taken_down(session, person, about, now)
        raise Missing(NO_SUCH_THREAD)
    return found


def find_post(
    session: Session, person: Person, post_id: int, now: datetime, *, held: bool = False
) -> Post:
    """A post with its thread; for the arguments and refusals see ``find_thread``."""
    thread_id = session.scalar(select(Post.thread_id).where(Post.id == post_id))
    if thread_id is None:
        raise Missing(NO_SUCH_POST)
    thread = find_thread(session, person, thread_id, now, held=held)
    post = session.get_one(Post, post_id, populate_existing=True)
    post.thread = thread
    return post


def live_revision(
    session: Session, person: Person, resource_id: int | None, now: datetime
) -> Revision:
    """The live version of a resource, for one who may read it.

    Raises:
        WrongState: it was taken down, and the person may know.
        Missing: there is none, as far as this person may know.
    """
    revision = session.scalar(
        select(Revision)
        .join(Revision.resource)
        .where(
            Resource.id == resource_id,
            Revision.state == State.PUBLISHED,
            readable_by(person, now),
        )
        .options(joinedload(Revision.resource))
    )
    if revision is None:
        refuse_if_taken_down(session, person, resource_id, now)
        raise Missing(NO_SUCH)
    return revision


def live_at(session: Session, person: Person, public_id: str, now: datetime) -> Revision:
    """The live version behind a short address; for the refusals see ``live_revision``."""
    number = session.scalar(select(Resource.id).where(Resource.public_id == public_id))
    return live_revision(session, person, number, now)


def refuse_if_taken_down(
    session: Session, person: Person, resource_id: int | None, now: datetime
) -> None:
    """Say so to one who may read its tombstone.

    Raises:
        WrongState: it is one.
    """
    tombstone = exists().where(
        Resource.id == resource_id,
        Resource.withdrawn_at.is_not(None),
        Resource.audience_token.is_(None),
        Revision.resource_id == Resource.id,
        Revision.state == State.WITHDRAWN,
        readable_by(person, now),
    )
    if resource_id is not None and session.scalar(select(tombstone)):
        raise WrongState(TAKEN_DOWN)


def place_of(session: Session, thread: Thread) -> TalkPlace:
    """What the rules ask of a thread, which comes with its resource and issue; two queries."""
    alliance_id = thread.issue.alliance_id if thread.issue is not None else None
    resource = thread.resource
    if resource is None:
        return TalkPlace(alliance_id, is_locked=thread.locked_at is not None)
    if thread.issue is None:
        alliance_id = session.scalar(
            select(Revision.alliance_id).where(
                Revision.resource_id == resource.id,
                Revision.state == State.PUBLISHED,
                Revision.audience != Audience.SCHOOL,
            )
        )
    return TalkPlace(
        alliance_id=alliance_id,
        school_id=resource.school_id,
        authors=authors_of(session, resource),
        is_locked=thread.locked_at is not None,
    )


def authors_of(session: Session, resource: Resource) -> frozenset[int]:
    """The owner, and the co-authors of the live version."""
    named = session.scalars(
        select(CoAuthor.user_id)
        .join(Revision, Revision.id == CoAuthor.revision_id)
        .where(Revision.resource_id == resource.id, Revision.state == State.PUBLISHED)
    )
    return frozenset({resource.owner_id, *named})

"""A page of a thread as one person reads it, and the threads of a round."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, ScalarSelect, func, select
from sqlalchemy.orm import Session, aliased

from resource_hub.domain.discussion import PostKind, TalkPlace, moderates, why_no_post
from resource_hub.domain.discussion_round import RoundAct
from resource_hub.domain.errors import HubError
from resource_hub.domain.people import Person
from resource_hub.domain.review import State
from resource_hub.models import Post, Resource, Revision, School, Thread, User
from resource_hub.services.discussion_access import find_thread, open_to, place_of
from resource_hub.services.muting import is_muted
from resource_hub.services.queries.post_parts import (
    Parts,
    Reported,
    ShownPicture,
    ShownUse,
    parts_of,
)
from resource_hub.services.queries.shelf import Paging
from resource_hub.services.round_access import hosts, why_not_now

PER_PAGE = 20
EXCERPT = 60
"""Characters of a post that are shown above its answer."""


class Veil(StrEnum):
    """Whether a post is hidden, and by whom."""

    OPEN = "open"
    TAKEN_BACK = "taken_back"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Answered:
    """The post that another one answers; ``words`` is empty where it is hidden."""

    post_id: int
    by: str
    words: str


@dataclass(frozen=True, slots=True)
class ShownPost:
    """One post, as far as the reader may see it: of a hidden one ``by`` and ``text`` are empty."""

    id: int
    kind: PostKind
    is_own: bool
    by: str
    school_name: str
    at: datetime
    text: str
    veil: Veil
    reason: str
    """Why it is hidden; for its author and those who moderate."""
    answers: Answered | None
    names: Sequence[str]
    """Whom it names with an @."""
    reports: Sequence[Reported]
    """For those who moderate: who asks them to look at it."""
    use: ShownUse | None
    pictures: Sequence[ShownPicture]


@dataclass(frozen=True, slots=True)
class TalkPage:
    """One page of a thread, the first post on top; ``thread`` None: nobody has said anything."""

    thread: Thread | None
    posts: Sequence[ShownPost]
    paging: Paging
    is_moderator: bool
    why_not: HubError | None
    """Why the reader may not post; None: they may."""
    is_muted: bool = False
    """The reader wants no notices of it."""
    may_conclude: bool = False
    """In a round: its host and those who moderate, until its minutes are published."""


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """A thread in the list of a round."""

    id: int
    title: str
    public_id: str | None
    """Of the resource that it is about."""
    is_locked: bool
    concluded: str
    posts: int
    people: int
    latest_at: datetime | None


def talk_page(
    session: Session, person: Person, thread_id: int, now: datetime, *, page: int | None = None
) -> TalkPage:
    """A page of a thread, in the same number of queries whatever is on it.

    Args:
        page: from 1; None: the one with the latest posts.

    Raises:
        Missing, WrongState: see ``find_thread``.
    """
    thread = find_thread(session, person, thread_id, now)
    place = place_of(session, thread)
    total = session.scalar(select(func.count(Post.id)).where(Post.thread_id == thread_id)) or 0
    paging = Paging.fit(page or _last_page(total), PER_PAGE, total)
    here, is_moderator = Post.thread_id == thread_id, moderates(person, place)
    return TalkPage(
        thread=thread,
        posts=posts_of(session, person, here, paging, moderates=is_moderator),
        paging=paging,
        is_moderator=is_moderator,
        why_not=why_no_post(person, place)
        or why_not_now(session, thread.issue_id, now, RoundAct.TALK),
        is_muted=is_muted(session, person, thread_id),
        may_conclude=thread.issue_id is not None
        and (is_moderator or hosts(session, person, thread.issue_id))
        and why_not_now(session, thread.issue_id, now, RoundAct.WRITE) is None,
    )


def comments_page(
    session: Session, person: Person, resource_id: int, now: datetime, *, page: int | None = None
) -> TalkPage:
    """The comments on a resource that the person may read; without any, an empty page."""
    thread_id = standing_of(session, person, resource_id, now)
    if thread_id is None:
        nothing, why_not = Paging.fit(1, PER_PAGE, 0), why_no_post(person, TalkPlace())
        return TalkPage(None, (), nothing, is_moderator=False, why_not=why_not)
    return talk_page(session, person, thread_id, now, page=page)


def standing_of(session: Session, person: Person, resource_id: int, now: datetime) -> int | None:
    """The thread of a resource's comments, if there is one that the person may read."""
    return session.scalar(
        select(Thread.id).where(
            Thread.resource_id == resource_id, Thread.issue_id.is_(None), open_to(person, now)
        )
    )


def page_of_post(session: Session, post: Post) -> int:
    """On which page of its thread a post stands."""
    before = select(func.count(Post.id)).where(Post.thread_id == post.thread_id, Post.id < post.id)
    return (session.scalar(before) or 0) // PER_PAGE + 1


def threads_of_round(
    session: Session, person: Person, issue_id: int, now: datetime
) -> Sequence[ThreadLine]:
    """The threads of an issue's round that the person may read, in the order of opening.

    Hidden posts are not counted. One query.
    """
    rows = session.execute(
        select(
            Thread.id,
            Thread.title,
            title_of_thread(),
            Resource.public_id,
            Thread.locked_at,
            Thread.concluded,
            func.count(Post.id),
            func.count(Post.author_id.distinct()),
            func.max(Post.at),
        )
        .outerjoin(Thread.resource)
        .outerjoin(Post, (Post.thread_id == Thread.id) & Post.hidden_at.is_(None))
        .where(Thread.issue_id == issue_id, open_to(person, now))
        .group_by(Thread.id, Resource.public_id)
        .order_by(Thread.id)
    )
    return [
        ThreadLine(
            number, own or about or "", public_id, locked is not None, end, posts, people, at
        )
        for number, own, about, public_id, locked, end, posts, people, at in rows
    ]


def title_of_thread() -> ScalarSelect[str]:
    """Of the resource that a Thread of the query is about; NULL for none."""
    return (
        select(Revision.title)
        .where(Revision.resource_id == Thread.resource_id, Revision.state == State.PUBLISHED)
        .correlate(Thread)
        .scalar_subquery()
    )


def _last_page(total: int) -> int:
    return max(1, -(-total // PER_PAGE))


def posts_of(
    session: Session,
    person: Person,
    condition: ColumnElement[bool],
    paging: Paging | None = None,
    *,
    moderates: bool,
) -> Sequence[ShownPost]:
    """The posts that fit, the oldest first, as far as the person may see each.

    Args:
        moderates: whether the person does, where these posts stand.
    """
    answered = aliased(Post)
    speaker = aliased(User)
    wanted = (
        select(Post, User.name, School.name, answered, speaker.name)
        .join(User, User.id == Post.author_id)
        .outerjoin(School, School.id == User.school_id)
        .outerjoin(answered, answered.id == Post.reply_to_id)
        .outerjoin(speaker, speaker.id == answered.author_id)
        .where(condition)
        .order_by(Post.id)
        .execution_options(populate_existing=True)
    )
    if paging is not None:
        wanted = wanted.offset(paging.offset).limit(paging.per_page)
    rows = session.execute(wanted).all()
    parts = parts_of(session, [row[0].id for row in rows], with_reports=moderates)
    return [
        _shown(
            person,
            row[0],
            (row[1], row[2] or ""),
            _answered(*row[3:]),
            parts,
            sees_all=moderates,
        )
        for row in rows
    ]


def _shown(
    person: Person,
    post: Post,
    who: tuple[str, str],
    answers: Answered | None,
    parts: Parts,
    *,
    sees_all: bool,
) -> ShownPost:
    veil = veil_of(post)
    is_own = post.author_id == person.id
    reads_it = veil is Veil.OPEN or is_own or (sees_all and veil is Veil.HIDDEN)
    knows_who = reads_it or veil is Veil.TAKEN_BACK
    return ShownPost(
        id=post.id,
        kind=post.kind,
        is_own=is_own,
        by=who[0] if knows_who else "",
        school_name=who[1] if knows_who else "",
        at=post.at,
        text=post.text if reads_it else "",
        veil=veil,
        reason=post.hidden_reason if reads_it else "",
        answers=answers if reads_it else None,
        names=parts.names.get(post.id, ()) if reads_it else (),
        reports=parts.reports.get(post.id, ()) if not is_own else (),
        use=parts.uses.get(post.id) if reads_it else None,
        pictures=parts.pictures.get(post.id, ()) if veil is Veil.OPEN else (),
    )


def veil_of(post: Post) -> Veil:
    if post.hidden_at is None:
        return Veil.OPEN
    return Veil.TAKEN_BACK if post.hidden_by_id == post.author_id else Veil.HIDDEN


def _answered(post: Post | None, by: str | None) -> Answered | None:
    if post is None:
        return None
    if post.hidden_at is not None:
        return Answered(post.id, "", "")
    line = " ".join(post.text.split())
    return Answered(post.id, by or "", line if len(line) <= EXCERPT else line[: EXCERPT - 1] + "…")

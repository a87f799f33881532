"""Open threads and post in them: about a resource, and in the round of an issue."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.discussion import (
    NO_SUCH_POST,
    PostKind,
    TalkPlace,
    checked_title,
    why_no_post,
)
from resource_hub.domain.discussion_round import RoundAct
from resource_hub.domain.errors import Missing
from resource_hub.domain.people import Person
from resource_hub.domain.thread import said
from resource_hub.models import Issue, Post, Resource, Thread
from resource_hub.services.discussion_access import (
    find_thread,
    live_revision,
    place_of,
    rounds_open_to,
)
from resource_hub.services.issue_access import NO_ISSUE
from resource_hub.services.mentions import note_mentions
from resource_hub.services.post_notices import tell_of_post
from resource_hub.services.round_access import why_not_now
from resource_hub.services.unit_of_work import UnitOfWork

MOST_OF_KEY = 40
"""Characters of the name of a form."""


@dataclass(frozen=True, slots=True)
class Talk:
    """A thread as one who may read it finds it, and what the rules ask of it."""

    thread: Thread
    place: TalkPlace


def talk(
    session: Session, person: Person, thread_id: int, now: datetime, *, held: bool = False
) -> Talk:
    """A thread for one who may read it; for the refusals see ``find_thread``."""
    thread = find_thread(session, person, thread_id, now, held=held)
    return Talk(thread, place_of(session, thread))


def open_thread(
    uow: UnitOfWork,
    person: Person,
    *,
    issue_id: int,
    title: str = "",
    resource_id: int | None = None,
) -> Thread:
    """Open a thread in the round of a published issue: free with a title, or about a resource.

    The thread of a resource is there once in a round: asked for again, it is the same one.

    Raises:
        Missing: there is no such issue or resource, as far as this person may know.
        NotAllowed: the person has no account.
        Invalid: a free thread has no title, or it is too long.
    """
    issue = _round(uow, person, issue_id)
    title = checked_title(title, needed=resource_id is None)
    refusal = why_no_post(person, TalkPlace(issue.alliance_id))
    if refusal := refusal or why_not_now(uow.session, issue_id, uow.now(), RoundAct.TALK):
        raise refusal
    if resource_id is not None:
        live_revision(uow.session, person, resource_id, uow.now())
        there = uow.session.scalar(
            select(Thread).where(Thread.issue_id == issue_id, Thread.resource_id == resource_id)
        )
        if there is not None:
            return there
    return _opened(uow, person, resource_id=resource_id, issue_id=issue_id, title=title)


def standing_thread(uow: UnitOfWork, person: Person, resource_id: int) -> Thread:
    """The thread of a resource's comments, opened by whoever comes first.

    Raises:
        Missing, WrongState: see ``discussion_access.live_revision``.
    """
    hold = select(Resource.id).where(Resource.id == resource_id)
    uow.session.execute(hold.with_for_update(key_share=True))
    live_revision(uow.session, person, resource_id, uow.now())
    there = uow.session.scalar(
        select(Thread).where(Thread.resource_id == resource_id, Thread.issue_id.is_(None))
    )
    return there or _opened(uow, person, resource_id=resource_id)


def post(
    uow: UnitOfWork,
    person: Person,
    thread_id: int,
    text: str,
    *,
    reply_to: int | None = None,
    key: str = "",
) -> Post:
    """Say something in Markdown, at most 5,000 characters; whom it concerns is told.

    Told are whom it answers, whom it names with an @, and the authors of the resource.

    Args:
        reply_to: the post of the same thread that it answers.
        key: names the form that it was typed in. The same words out of the same form are one post;
            empty: of no form.

    Raises:
        Missing: there is no such thread or post, as far as this person may know.
        NotAllowed: the person has no account.
        WrongState: the thread is locked, or the resource was taken down.
        Invalid: nothing was written, or too much.
    """
    where = talk(uow.session, person, thread_id, uow.now(), held=True)
    words = said(text)
    if (same := _sent_before(uow, person, where.thread, key, words)) is not None:
        return same
    issue_id = where.thread.issue_id
    refusal = why_no_post(person, where.place)
    if refusal := refusal or why_not_now(uow.session, issue_id, uow.now(), RoundAct.TALK):
        raise refusal
    answered = _answered(uow, where.thread, reply_to)
    kept = put(uow, person, where, text=words, key=key, answered=answered)
    tell_of_post(uow, person, kept, words, where.place, answered=answered)
    return kept


def comment(
    uow: UnitOfWork,
    person: Person,
    resource_id: int,
    text: str,
    *,
    reply_to: int | None = None,
    key: str = "",
) -> Post:
    """Post in the standing thread of a resource; for the rest see ``post``."""
    words = said(text)
    if refusal := why_no_post(person, TalkPlace()):
        raise refusal
    thread = standing_thread(uow, person, resource_id)
    return post(uow, person, thread.id, words, reply_to=reply_to, key=key)


def put(
    uow: UnitOfWork,
    person: Person,
    where: Talk,
    *,
    text: str,
    key: str,
    answered: Post | None = None,
    kind: PostKind = PostKind.COMMENT,
    named_in: str = "",
) -> Post:
    """Keep a post that was allowed, note whom it names, and record it.

    Args:
        named_in: where names are looked for besides ``text``.
    """
    kept = Post(
        thread_id=where.thread.id,
        kind=kind,
        author_id=person.id,
        reply_to_id=answered.id if answered is not None else None,
        text=text,
        at=uow.now(),
        form_key=_free_key(uow, person, key),
    )
    kept.thread = where.thread
    uow.session.add(kept)
    uow.session.flush()
    note_mentions(uow, person, kept, f"{text}\n{named_in}")
    uow.record(
        f"discussion:{kind.value}",
        by=person,
        resource=where.thread.resource,
        post=kept.id,
        thread=where.thread.id,
        issue=where.thread.issue_id,
    )
    return kept


def _round(uow: UnitOfWork, person: Person, issue_id: int) -> Issue:
    """The issue, held: two who open the same thread at once wait for each other."""
    issue = uow.session.scalar(
        select(Issue)
        .where(Issue.id == issue_id, rounds_open_to(person))
        .with_for_update(key_share=True)
    )
    if issue is None:
        raise Missing(NO_ISSUE)
    return issue


def _opened(
    uow: UnitOfWork,
    person: Person,
    *,
    resource_id: int | None = None,
    issue_id: int | None = None,
    title: str = "",
) -> Thread:
    thread = Thread(
        resource_id=resource_id,
        issue_id=issue_id,
        title=title,
        opened_by_id=person.id,
        opened_at=uow.now(),
    )
    uow.session.add(thread)
    uow.session.flush()
    return thread


def _answered(uow: UnitOfWork, thread: Thread, post_id: int | None) -> Post | None:
    if post_id is None:
        return None
    found = uow.session.get(Post, post_id)
    if found is None or found.thread_id != thread.id:
        raise Missing(NO_SUCH_POST)
    return found


def _sent_before(
    uow: UnitOfWork, person: Person, thread: Thread, key: str, text: str
) -> Post | None:
    """The post that came of the same form, with the same words."""
    if not key:
        return None
    return uow.session.scalar(
        select(Post).where(
            Post.author_id == person.id,
            Post.form_key == key,
            Post.thread_id == thread.id,
            Post.text == text,
        )
    )


def _free_key(uow: UnitOfWork, person: Person, key: str) -> str:
    """``key``, unless another post came of that form: who goes back and writes on, posts anew."""
    taken = select(Post.id).where(Post.author_id == person.id, Post.form_key == key)
    if not key or len(key) > MOST_OF_KEY or uow.session.scalar(taken) is not None:
        return uuid.uuid4().hex
    return key

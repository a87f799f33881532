"""Tell people of posts that concern them: one notice for each person and post."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.discussion import TalkPlace
from resource_hub.domain.people import Person
from resource_hub.domain.review import State
from resource_hub.models import Mention, Notice, Post, Revision, Thread, ThreadMute
from resource_hub.services.discussion_access import who_reads
from resource_hub.services.notices import leave
from resource_hub.services.unit_of_work import UnitOfWork

WITH_THE_WORDS = ("post_answer", "post_mention", "post_on_work", "class_use")
"""Kinds of notice that repeat what was said; when the post is hidden, their words go too."""
TOLD_WITHIN = timedelta(minutes=5)
"""So long at most after a post its notices are left: both belong to one transaction."""


def tell_of_post(
    uow: UnitOfWork,
    person: Person,
    post: Post,
    words: str,
    place: TalkPlace,
    *,
    answered: Post | None = None,
    to_authors: str = "post_on_work",
) -> None:
    """Tell whom it answers, whom it names and whose work it is about: each the nearest reason.

    Who may not read the thread any more, since the work or the person moved on, is told nothing;
    who muted it, only of being named: somebody called by name is asked for.

    Args:
        to_authors: the kind of the notice to the authors of the resource.
    """
    named = set(uow.session.scalars(select(Mention.person_id).where(Mention.post_id == post.id)))
    why = dict.fromkeys(sorted(place.authors), to_authors)
    why |= dict.fromkeys(sorted(named), "post_mention")
    if answered is not None:
        why[answered.author_id] = "post_answer"
    readers = {one.id for one in who_reads(uow.session, why, post.thread_id, uow.now())}
    muted = set(
        uow.session.scalars(
            select(ThreadMute.person_id).where(ThreadMute.thread_id == post.thread_id)
        )
    )
    for user_id, kind in why.items():
        if user_id in readers - muted:
            tell_about(uow, user_id, kind, by=person, post=post, comment=words)
        elif user_id in readers & named:
            tell_about(uow, user_id, "post_mention", by=person, post=post, comment=words)


def tell_about(
    uow: UnitOfWork, user_id: int, kind: str, *, by: Person, post: Post, comment: str
) -> None:
    """Leave one notice about a post that comes with its thread, unless that person did it."""
    if user_id == by.id:
        return
    thread = post.thread
    notice = Notice(
        user_id=user_id,
        at=uow.now(),
        kind=kind,
        values={
            "title": title_of(uow.session, thread),
            "by": by.name,
            "comment": comment,
            "thread": thread.id,
            "post": post.id,
        },
        resource_id=thread.resource_id,
    )
    leave(uow, notice)


def title_of(session: Session, thread: Thread) -> str:
    """Of a free thread its own; else that of the resource."""
    live = select(Revision.title).where(
        Revision.resource_id == thread.resource_id, Revision.state == State.PUBLISHED
    )
    return thread.title or session.scalar(live) or ""


def take_words_back(uow: UnitOfWork, post: Post) -> None:
    """Take the words of a hidden post out of the notices that repeat them, read or not."""
    about = uow.session.scalars(
        select(Notice).where(
            Notice.kind.in_(WITH_THE_WORDS),
            Notice.at.between(post.at, post.at + TOLD_WITHIN),
        )
    ).all()
    for notice in about:
        if notice.values.get("post") == post.id:
            notice.values = {**notice.values, "comment": "…"}

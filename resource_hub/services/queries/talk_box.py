"""What the page of a resource shows of its talk, however long that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session

from resource_hub.domain.discussion import PostKind, TalkPlace, moderates, why_no_post
from resource_hub.domain.errors import HubError
from resource_hub.domain.people import Person
from resource_hub.models import Post, Thread
from resource_hub.services.discussion_access import find_thread, place_of
from resource_hub.services.queries.discussion import ShownPost, posts_of, standing_of

IN_THE_BOX = {PostKind.CLASS_USE: 3, PostKind.COMMENT: 6}
"""The latest posts that the page of a resource shows."""


@dataclass(frozen=True, slots=True)
class TalkBox:
    """What the page of a resource shows of its talk: the latest uses in class, then comments."""

    thread: Thread | None
    uses: Sequence[ShownPost]
    comments: Sequence[ShownPost]
    total: int
    is_moderator: bool
    why_not: HubError | None


def talk_box(session: Session, person: Person, resource_id: int, now: datetime) -> TalkBox:
    """The latest of each kind of post, however long the thread; the caller may see the resource."""
    thread_id = standing_of(session, person, resource_id, now)
    if thread_id is None:
        why_not = why_no_post(person, TalkPlace())
        return TalkBox(None, (), (), 0, is_moderator=False, why_not=why_not)
    thread = find_thread(session, person, thread_id, now)
    place = place_of(session, thread)
    latest = union_all(
        *(
            select(
                select(Post.id)
                .where(Post.thread_id == thread_id, Post.kind == kind)
                .order_by(Post.id.desc())
                .limit(most)
                .subquery()
                .c.id
            )
            for kind, most in IN_THE_BOX.items()
        )
    )
    is_moderator = moderates(person, place)
    posts = posts_of(session, person, Post.id.in_(latest), moderates=is_moderator)
    total = session.scalar(select(func.count(Post.id)).where(Post.thread_id == thread_id))
    return TalkBox(
        thread=thread,
        uses=[post for post in reversed(posts) if post.kind is PostKind.CLASS_USE],
        comments=[post for post in posts if post.kind is PostKind.COMMENT],
        total=total or 0,
        is_moderator=is_moderator,
        why_not=why_no_post(person, place),
    )

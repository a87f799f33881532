"""The posts that somebody wants looked at, for those who moderate where they stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from resource_hub.domain.discussion import ONLY_MODERATORS, moderates_some
from resource_hub.domain.errors import NotAllowed
from resource_hub.domain.people import Person
from resource_hub.models import Post, PostReport, Thread
from resource_hub.services.discussion_access import moderated_by, open_to
from resource_hub.services.queries.discussion import ShownPost, posts_of, title_of_thread
from resource_hub.services.queries.shelf import Paging

PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class ReportedPost:
    """A post with the reports that nobody has settled, and the thread in which it stands."""

    title: str
    post: ShownPost


def number_reported(person: Person, now: datetime) -> Select[int]:
    """How many posts wait; of the own posts others decide."""
    return (
        select(func.count(PostReport.post_id.distinct()))
        .join(Post, Post.id == PostReport.post_id)
        .join(Post.thread)
        .where(_waits_for(person, now))
    )


def reported_posts(
    session: Session, person: Person, now: datetime, *, page: int = 1
) -> tuple[Sequence[ReportedPost], Paging]:
    """What waits for this person, the oldest post first, in the same number of queries.

    Raises:
        NotAllowed: the person moderates nothing.
    """
    if not moderates_some(person):
        raise NotAllowed(ONLY_MODERATORS)
    total = session.scalar(number_reported(person, now)) or 0
    paging = Paging.fit(page, PER_PAGE, total)
    titles = {
        post_id: own or of_resource or ""
        for post_id, own, of_resource in session.execute(
            select(Post.id, Thread.title, title_of_thread())
            .join(Post.thread)
            .join(PostReport, PostReport.post_id == Post.id)
            .where(_waits_for(person, now))
            .distinct()
            .order_by(Post.id)
            .offset(paging.offset)
            .limit(paging.per_page)
        )
    }
    posts = posts_of(session, person, Post.id.in_(titles), moderates=True)
    return [ReportedPost(titles[post.id], post) for post in posts], paging


def _waits_for(person: Person, now: datetime) -> ColumnElement[bool]:
    return and_(
        PostReport.settled_at.is_(None),
        Post.author_id != (person.id or 0),
        open_to(person, now),
        moderated_by(person),
    )

"""What a school has under review and what its people have shared, for its coordinator."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, exists, func, select
from sqlalchemy.orm import Session, aliased

from resource_hub.domain.errors import N_, Missing, NotAllowed
from resource_hub.domain.people import Person
from resource_hub.domain.review import Stage
from resource_hub.models import Resource, Revision, School, Submission, User
from resource_hub.services.assigning import Holder, holders

MOST = 100
"""Submissions on the page; the longest waiting are what matters."""


@dataclass(frozen=True, slots=True)
class UnderReview:
    """One submission of the school, and who has it."""

    holders: Sequence[Holder]
    submission_id: int
    public_id: str
    number: int
    title: str
    author_id: int
    author_name: str
    stage: Stage
    waiting_since: datetime


@dataclass(frozen=True, slots=True)
class Contribution:
    """How many resources one person has submitted, and how many of them are public now."""

    person_id: int
    name: str
    is_active: bool
    submitted: int
    published: int
    downloads: int
    """Of those that are public."""


@dataclass(frozen=True, slots=True)
class SchoolPage:
    """A school as its coordinator sees it."""

    id: int
    name: str
    code: str
    under_review: Sequence[UnderReview]
    contributions: Sequence[Contribution]


def school_page(session: Session, by: Person, school_id: int) -> SchoolPage:
    """The school's review and contributions, in four queries.

    Raises:
        NotAllowed: ``by`` is neither its coordinator nor an administrator.
        Missing: there is no such school.
    """
    if not (by.is_administrator or by.coordinates(school_id)):
        raise NotAllowed(N_("Only an administrator or the school's coordinator can do this."))
    school = session.get(School, school_id)
    if school is None:
        raise Missing(N_("There is no such school."))
    return SchoolPage(
        id=school.id,
        name=school.name,
        code=school.code,
        under_review=_under_review(session, school_id),
        contributions=_contributions(session, school_id),
    )


def _under_review(session: Session, school_id: int) -> Sequence[UnderReview]:
    """At both stages, the longest waiting first."""
    author = aliased(User)
    rows: Sequence[Any] = session.execute(  # Any: rows of eight columns, in the order of the fields
        select(
            Submission.id,
            Resource.public_id,
            Revision.number,
            Revision.title,
            author.id,
            author.name,
            Submission.stage,
            Submission.stage_since,
        )
        .join(Submission.revision)
        .join(Revision.resource)
        .join(author, Resource.owner_id == author.id)
        .where(Resource.school_id == school_id, Submission.outcome.is_(None))
        .order_by(Submission.stage_since, Submission.id)
        .limit(MOST)
    ).all()
    held = holders(session, [row[0] for row in rows])
    return [UnderReview(held[row[0]], *row) for row in rows]


def _contributions(session: Session, school_id: int) -> Sequence[Contribution]:
    """Everybody of the school, in one query; who shares most stands first."""
    was_submitted = exists().where(
        Revision.resource_id == Resource.id, Revision.submitted_at.is_not(None)
    )
    is_public = Resource.audience_token.is_not(None)
    submitted = func.count(case((was_submitted, Resource.id)))
    published = func.count(case((is_public, Resource.id)))
    downloads = func.coalesce(func.sum(case((is_public, Resource.downloads))), 0)
    rows = session.execute(
        select(User.id, User.name, User.is_active, submitted, published, downloads)
        .outerjoin(Resource, (Resource.owner_id == User.id) & (Resource.school_id == school_id))
        .where(User.school_id == school_id)
        .group_by(User.id, User.name, User.is_active)
        .order_by(published.desc(), submitted.desc(), User.name, User.id)
    )
    return [Contribution(*row) for row in rows]

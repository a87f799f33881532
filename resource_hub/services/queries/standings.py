"""The states of a resource that can be compared: its versions, and rounds as they were judged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from resource_hub.domain.errors import Missing
from resource_hub.domain.people import Person
from resource_hub.domain.permissions import may_open_desk
from resource_hub.domain.review import EDITABLE, Action, State
from resource_hub.models import JudgedCopy, Resource, Review, Revision, Submission
from resource_hub.services.queries.readable import files_open_to
from resource_hub.services.revisions import NO_SUCH, readable

LAST_ROUND = 1_000_000
"""Comes after every round."""


@dataclass(frozen=True, slots=True)
class JudgedRound:
    """A round of which a copy was kept; ``is_own``: the person who asks decided in it."""

    submission_id: int
    revision_id: int
    number: int
    round: int
    opened_at: datetime
    is_last: bool
    """The last of its version that was kept."""
    is_own: bool
    is_approved: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """One state of a resource: a version as it is now, or as it was judged in a round."""

    revision_id: int
    number: int
    round: int | None
    """None: the version as it is now."""
    submission_id: int | None
    at: datetime | None
    is_live: bool = False
    is_approved: bool = False
    """By the person who asks."""

    @property
    def code(self) -> str:
        """The same in an address."""
        if self.submission_id is None:
            return f"v{self.number}"
        return f"s{self.submission_id}"


def readable_revisions(
    session: Session, person: Person, public_id: str, now: datetime
) -> Sequence[Revision]:
    """The versions whose files this person may open, the latest first."""
    return session.scalars(
        select(Revision)
        .join(Revision.resource)
        .where(Resource.public_id == public_id, files_open_to(person, now))
        .order_by(Revision.number.desc())
        .options(
            contains_eager(Revision.resource).options(
                joinedload(Resource.owner), joinedload(Resource.school)
            )
        )
    ).all()


def open_rounds(session: Session, person: Person, revision: Revision) -> Sequence[JudgedRound]:
    """The rounds of the resource whose copies this person may see, the latest first.

    The author and who answers for the school see all; a reviewer those of the version at hand,
    and those they judged themselves.
    """
    resource = revision.resource
    facts = readable(session, revision)
    sees_all = (
        person.id == resource.owner_id
        or person.is_administrator
        or person.coordinates(resource.school_id)
    )
    judges = may_open_desk(person, facts)
    reviews: dict[int, list[tuple[int, Action]]] = {}
    for submission_id, reviewer_id, decision in session.execute(
        select(Review.submission_id, Review.reviewer_id, Review.decision)
        .join(Review.submission)
        .join(Submission.revision)
        .where(Revision.resource_id == resource.id)
    ):
        reviews.setdefault(submission_id, []).append((reviewer_id, decision))
    rows = session.execute(
        select(
            Submission.id,
            Submission.revision_id,
            Revision.number,
            Submission.round,
            Submission.opened_at,
        )
        .join(Submission.revision)
        .join(JudgedCopy, JudgedCopy.submission_id == Submission.id)
        .where(Revision.resource_id == resource.id)
        .order_by(Submission.id.desc())
    ).all()
    last = {row.revision_id: row.id for row in reversed(rows)}
    found = [
        JudgedRound(
            *row,
            is_last=last[row.revision_id] == row.id,
            is_own=any(reviewer == person.id for reviewer, _decision in reviews.get(row.id, ())),
            is_approved=(person.id, Action.APPROVE) in reviews.get(row.id, ()),
        )
        for row in rows
    ]
    return [
        each
        for each in found
        if sees_all or each.is_own or (judges and each.revision_id == revision.id)
    ]


def target_of(revision: Revision, rounds: Sequence[JudgedRound], judged_in: int | None) -> Standing:
    if judged_in is None:
        return as_it_is(revision)
    judged = next(
        (
            each
            for each in rounds
            if each.submission_id == judged_in and each.revision_id == revision.id
        ),
        None,
    )
    if judged is None:
        raise Missing(NO_SUCH)
    return as_judged(judged)


def as_it_is(revision: Revision, *, is_approved: bool = False) -> Standing:
    return Standing(
        revision.id,
        revision.number,
        None,
        None,
        revision.published_at or revision.submitted_at,
        is_live=revision.state is State.PUBLISHED,
        is_approved=is_approved,
    )


def as_judged(judged: JudgedRound) -> Standing:
    """A version as it was submitted in a round."""
    return Standing(
        judged.revision_id,
        judged.number,
        judged.round,
        judged.submission_id,
        judged.opened_at,
        is_approved=judged.is_approved,
    )


def earlier_than(
    target: Standing,
    revision: Revision,
    revisions: Sequence[Revision],
    rounds: Sequence[JudgedRound],
) -> list[Standing]:
    """Earlier states, the latest first; a published version stands for its last round."""
    published = {each.id for each in revisions if each.published_at is not None}
    found = []
    for each in rounds:
        stands_for_it = each.revision_id in published and each.is_last
        if _is_earlier(each, target, revision) and not stands_for_it:
            found.append(((each.number, each.round), as_judged(each)))
    approved = {each.revision_id for each in rounds if each.is_approved and each.is_last}
    found += [
        ((each.number, LAST_ROUND), as_it_is(each, is_approved=each.id in approved))
        for each in revisions
        if each.number < target.number and each.id in published
    ]
    return [standing for _place, standing in sorted(found, key=lambda pair: pair[0], reverse=True)]


def _is_earlier(judged: JudgedRound, target: Standing, revision: Revision) -> bool:
    if judged.revision_id != revision.id:
        return judged.number < target.number
    if target.submission_id is not None:
        return judged.submission_id < target.submission_id
    # Under review or decided, a version is still what its last round judged.
    return revision.state in EDITABLE or not judged.is_last


def chosen(bases: Sequence[Standing], since: str) -> Standing | None:
    if since:
        wanted = next((each for each in bases if each.code == since), None)
        if wanted is None:
            raise Missing(NO_SUCH)
        return wanted
    approved = (each for each in bases if each.is_approved)
    live = (each for each in bases if each.is_live)
    return next(approved, None) or next(live, None) or next(iter(bases), None)

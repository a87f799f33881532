"""Whose figures a person may see: the own ones, those of the own school, those of the alliance."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import N_, Missing
from resource_hub.domain.people import Person, Role
from resource_hub.domain.review import OPERATOR, State
from resource_hub.models import (
    Alliance,
    CoAuthor,
    Issue,
    Membership,
    Post,
    Resource,
    Review,
    Revision,
    School,
    Submission,
    Thread,
)

NO_FIGURES = N_("There are no such figures, or they are not yours to see.")


@dataclass(frozen=True, slots=True)
class Scope:
    """Of whom figures are counted: always what was done for one alliance; None: by all in it."""

    alliance_id: int
    school_id: int | None = None
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """An alliance, or a school in it, by name."""

    id: int
    name: str


def hold(session: Session, alliance_id: int) -> None:
    """Whoever changes what figures of an alliance rest on waits here for whoever does so now."""
    session.execute(
        select(Alliance.id).where(Alliance.id == alliance_id).with_for_update(key_share=True)
    )


def coordinated_schools(person: Person) -> frozenset[int]:
    """The schools whose figures the person answers for."""
    return frozenset(
        held.school_id
        for held in person.appointments
        if held.role is Role.COORDINATOR and held.school_id is not None
    )


def answered_alliances(person: Person) -> frozenset[int]:
    """The alliances of which the person is coordinator or editor."""
    return frozenset(
        held.alliance_id
        for held in person.appointments
        if held.role in {Role.COORDINATOR, Role.EDITOR} and held.alliance_id is not None
    )


def may_see(person: Person, scope: Scope) -> bool:
    """The one rule: own figures alone, a school's coordinator, the alliance's; nobody else.

    Administrators keep the hub running; that gives them no look at colleagues' figures.
    """
    if not person.is_signed_in:
        return False
    if person == OPERATOR or scope.alliance_id in answered_alliances(person):
        return True
    if scope.school_id is not None and scope.school_id in coordinated_schools(person):
        return True
    return scope.person_id is not None and scope.person_id == person.id


def require(person: Person, scope: Scope) -> None:
    """Raise ``Missing`` unless ``person`` may see these figures."""
    if not may_see(person, scope):
        raise Missing(NO_FIGURES)


def may_fix(person: Person, alliance_id: int, school_id: int) -> bool:
    """Answer objections and fix figures: who sees the school's, not the own ones alone."""
    return may_see(person, Scope(alliance_id, school_id))


def own_alliances(session: Session, person: Person) -> Sequence[Place]:
    """For which the person may have done something: the own ones, and those of the past.

    What the figures count is looked for where they find it: see ``figures_counting``.
    """
    submitted = (
        select(Submission.alliance_id)
        .join(Submission.revision)
        .join(Revision.resource)
        .where(Resource.owner_id == (person.id or 0))
    )
    reviewed = (
        select(Submission.alliance_id)
        .join(Submission.reviews)
        .where(Review.reviewer_id == (person.id or 0))
    )
    wrote_with = (
        select(Submission.alliance_id)
        .join(CoAuthor, CoAuthor.revision_id == Submission.revision_id)
        .where(CoAuthor.user_id == (person.id or 0))
    )
    said_in_rounds = (
        select(Issue.alliance_id)
        .join(Thread, Thread.issue_id == Issue.id)
        .join(Post, Post.thread_id == Thread.id)
        .where(Post.author_id == (person.id or 0))
    )
    said_of_works = (
        select(Revision.alliance_id)
        .join(Thread, Thread.resource_id == Revision.resource_id)
        .join(Post, Post.thread_id == Thread.id)
        .where(Post.author_id == (person.id or 0), Revision.state == State.PUBLISHED)
    )
    rows = session.execute(
        select(Alliance.id, Alliance.name)
        .where(
            or_(
                Alliance.id.in_(sorted(person.alliance_ids)),
                Alliance.id.in_(submitted),
                Alliance.id.in_(reviewed),
                Alliance.id.in_(wrote_with),
                Alliance.id.in_(said_in_rounds),
                Alliance.id.in_(said_of_works),
            )
        )
        .order_by(Alliance.name)
    )
    return [Place(*row) for row in rows]


def places_of(
    session: Session, person: Person
) -> tuple[Sequence[Place], Sequence[tuple[Place, Place]]]:
    """The alliances, and the schools each with its alliance, that the person answers for."""
    alliances = [
        Place(*row)
        for row in session.execute(
            select(Alliance.id, Alliance.name)
            .where(Alliance.id.in_(sorted(answered_alliances(person))))
            .order_by(Alliance.name)
        )
    ]
    rows = session.execute(
        select(Alliance.id, Alliance.name, School.id, School.name)
        .join(Membership, Membership.alliance_id == Alliance.id)
        .join(School, School.id == Membership.school_id)
        .where(School.id.in_(sorted(coordinated_schools(person))))
        .order_by(School.name, Alliance.name)
    )
    return alliances, [(Place(*row[:2]), Place(*row[2:])) for row in rows]

"""Who is too close to a work to judge it, for the rules and as conditions of queries."""

from sqlalchemy import ColumnElement, ScalarSelect, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from resource_hub.domain.people import Person
from resource_hub.models import CoAuthor, MentorPair, Resource, Revision, User


def co_author_ids(session: Session, revision_id: int) -> frozenset[int]:
    """Who wrote this version besides its owner."""
    return frozenset(
        session.scalars(select(CoAuthor.user_id).where(CoAuthor.revision_id == revision_id))
    )


def paired_with(session: Session, author_id: int) -> frozenset[int]:
    """The mentors and the mentees of one person."""
    rows = session.execute(
        select(MentorPair.mentor_id, MentorPair.mentee_id).where(
            or_(MentorPair.mentor_id == author_id, MentorPair.mentee_id == author_id)
        )
    )
    return frozenset({one for pair in rows for one in pair} - {author_id})


def wrote_it(person: Person) -> ColumnElement[bool]:
    """The owner or a co-author, as a condition on Revision joined with its Resource."""
    return or_(Resource.owner_id == (person.id or 0), is_co_author(person))


def is_co_author(person: Person) -> ColumnElement[bool]:
    """The same of co-authors alone."""
    return exists().where(CoAuthor.revision_id == Revision.id, CoAuthor.user_id == (person.id or 0))


def is_paired(person: Person) -> ColumnElement[bool]:
    """Mentor or mentee of the owner, as a condition on Resource."""
    number = person.id or 0
    return or_(
        exists().where(MentorPair.mentor_id == number, MentorPair.mentee_id == Resource.owner_id),
        exists().where(MentorPair.mentee_id == number, MentorPair.mentor_id == Resource.owner_id),
    )


def names_of_co_authors() -> ScalarSelect[str]:
    """Their names in one text, parted as in Chinese, of a Revision of the query; NULL for none."""
    writer = aliased(User)
    return (
        select(func.aggregate_strings(writer.name, "、"))
        .select_from(CoAuthor)
        .join(writer, CoAuthor.user_id == writer.id)
        .where(CoAuthor.revision_id == Revision.id)
        .correlate(Revision)
        .scalar_subquery()
    )

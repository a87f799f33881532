"""Search without the index: what the titles in the database alone tell."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.models import Attachment, Blob, Resource, Revision, RevisionGrade, School
from resource_hub.services.queries.shelf import Card, Paging, cards, is_live, on_shelf

MOST_WORDS = 8
"""Words that are looked for in titles."""

LONGEST_QUERY = 200
"""Characters that are read, as many as a title has; SQLite refuses far longer patterns."""


@dataclass(frozen=True, slots=True)
class TitlesAlone:
    """The answer of the database while the index does not answer."""

    cards: list[Card]
    paging: Paging


def search_titles(
    session: Session,
    person: Person,
    now: datetime,
    *,
    query: str,
    filters: Mapping[str, frozenset[str]],
    page: int = 1,
    per_page: int = 20,
) -> TitlesAlone:
    """What the database alone can find: words in titles, newest first, without facets."""
    wanted = (
        select(Resource.id)
        .join(Revision, is_live())
        .join(School, Resource.school_id == School.id)
        .where(
            on_shelf(person, now),
            *[
                Revision.title.icontains(word, autoescape=True)
                for word in query[:LONGEST_QUERY].replace("\x00", " ").split()[:MOST_WORDS]
            ],
            *_chosen(filters),
        )
    )
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    paging = Paging.fit(page, per_page, total)
    ids = session.scalars(
        wanted.order_by(Resource.available_at.desc(), Resource.id.desc())
        .offset(paging.offset)
        .limit(per_page)
    ).all()
    found = cards(session, ids)
    return TitlesAlone([found[resource_id] for resource_id in ids if resource_id in found], paging)


def _chosen(filters: Mapping[str, frozenset[str]]) -> Iterable[ColumnElement[bool]]:
    """One condition for each facet in which something is chosen."""
    for name, codes in filters.items():
        if codes and name in _CONDITIONS:
            yield _CONDITIONS[name](sorted(codes))


def _has_grade(codes: Collection[str]) -> ColumnElement[bool]:
    return Revision.id.in_(select(RevisionGrade.revision_id).where(RevisionGrade.grade.in_(codes)))


def _has_format(codes: Collection[str]) -> ColumnElement[bool]:
    return Revision.id.in_(
        select(Attachment.revision_id)
        .join(Blob, Attachment.blob_key == Blob.key)
        .where(Blob.format.in_(codes))
    )


def _in_year(codes: Collection[str]) -> ColumnElement[bool]:
    """Whether it was published in one of these years, as the index counts them."""
    return or_(
        *[
            and_(
                Resource.available_at >= datetime(int(year), 1, 1, tzinfo=UTC),
                Resource.available_at < datetime(int(year) + 1, 1, 1, tzinfo=UTC),
            )
            for year in codes
        ]
    )


_CONDITIONS: Mapping[str, Callable[[Collection[str]], ColumnElement[bool]]] = {
    "subject": Revision.subject.in_,
    "stage": Revision.school_stage.in_,
    "grade": _has_grade,
    "school": School.code.in_,
    "kind": Resource.kind.in_,
    "edition": Revision.edition.in_,
    "year": _in_year,
    "format": _has_format,
}
"""By facet: the condition that a resource has one of these codes. Years are years."""

"""Keep the search index in step with the database, which alone is right."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from resource_hub.domain.review import State
from resource_hub.models import Alliance, Attachment, BlobText, Membership, Resource, Revision
from search_index import IndexDocument, SearchEngine

MAX_BODY = 200_000
BATCH = 500


def index_resources(
    session: Session, engine: SearchEngine, ids: Iterable[int], *, now: datetime
) -> None:
    """Bring the index up to date with the database for ``ids``; safe to run twice.

    A job only says "look at resource 42 again", so order and repeats do not matter: each row is
    read afresh and either indexed or removed.
    """
    wanted = set(ids)
    live = {document.resource_id: document for document in documents_of(session, wanted, now=now)}
    engine.apply(upserts=live.values(), deletes=wanted - live.keys())


def documents_of(
    session: Session, ids: Collection[int], *, now: datetime
) -> Iterator[IndexDocument]:
    """What should be findable now, among ``ids``: live and released."""
    alliances = _alliances_by_school(session)
    for start in range(0, len(ids), BATCH):
        chunk = sorted(ids)[start : start + BATCH]
        revisions = session.scalars(
            select(Revision)
            .join(Revision.resource)
            .where(
                Revision.resource_id.in_(chunk),
                Revision.state == State.PUBLISHED,
                Resource.available_at <= now,
            )
            .options(
                joinedload(Revision.resource).options(
                    joinedload(Resource.owner), joinedload(Resource.school)
                ),
                selectinload(Revision.attachments).joinedload(Attachment.blob),
            )
            .execution_options(populate_existing=True)
        ).all()
        keys = {file.blob_key for revision in revisions for file in revision.attachments}
        texts = dict(
            session.execute(
                select(BlobText.blob_key, BlobText.text).where(BlobText.blob_key.in_(keys))
            ).all()
        )
        for revision in revisions:
            yield _document(revision, texts, alliances.get(revision.resource.school_id, ()))


def _alliances_by_school(session: Session) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    rows = session.execute(
        select(Membership.school_id, Alliance.name).join(Membership.alliance).order_by(Alliance.id)
    )
    for school_id, name in rows:
        found[school_id] = (*found.get(school_id, ()), name)
    return found


def _document(
    revision: Revision, texts: dict[str, str], alliances: tuple[str, ...]
) -> IndexDocument:
    resource = revision.resource
    published = revision.available_at or revision.created_at
    body = [revision.text, *revision.sections.values()]
    for attachment in revision.attachments:
        body += [attachment.filename, texts.get(attachment.blob_key, "")]
    return IndexDocument(
        resource_id=resource.id,
        sequence=resource.version,
        title=revision.title,
        summary=revision.summary,
        keywords=tuple(revision.keywords),
        unit=revision.unit,
        body="\n".join(part for part in body if part)[:MAX_BODY],
        author=resource.owner.name,
        school=resource.school.name,
        alliances=alliances,
        school_code=resource.school.code,
        subject=revision.subject,
        grades=revision.grades,
        school_stage=revision.school_stage,
        kind=resource.kind.value,
        edition=revision.edition,
        volume=revision.volume,
        language=revision.language,
        formats=tuple(sorted({file.blob.format for file in revision.attachments})),
        published_at=published,
        year=published.year,
        views=resource.views,
        downloads=resource.downloads,
        visible_to=frozenset({resource.audience_token or "nobody"}),
    )


def findable(session: Session, *, now: datetime) -> dict[int, int]:
    """What the index should hold: resource id → sequence."""
    return dict(
        session.execute(
            select(Resource.id, Resource.version)
            .where(Resource.audience_token.is_not(None), Resource.available_at <= now)
            .order_by(Resource.id)
        ).all()
    )


def count_findable(session: Session, *, now: datetime) -> int:
    return (
        session.scalar(
            select(func.count())
            .select_from(Resource)
            .where(Resource.audience_token.is_not(None), Resource.available_at <= now)
        )
        or 0
    )


def reindex_all(session: Session, engine: SearchEngine, *, now: datetime) -> Iterator[int]:
    """Build the index anew, aside, and swap; yields how many are done. Readers keep searching.

    What changes meanwhile has its own job, which the worker does after the swap.
    """
    yield from engine.rebuild(documents_of(session, findable(session, now=now), now=now))


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the index does not agree with the database; all empty when it does."""

    not_indexed: tuple[int, ...]
    outdated: tuple[int, ...]
    not_in_database: tuple[int, ...]

    def __bool__(self) -> bool:
        return bool(self.not_indexed or self.outdated or self.not_in_database)


def compare(session: Session, engine: SearchEngine, *, now: datetime) -> Difference:
    """Compare id by id; jobs still waiting show up as differences."""
    wanted, present = findable(session, now=now), engine.indexed()
    return Difference(
        tuple(sorted(wanted.keys() - present.keys())),
        tuple(sorted(i for i in wanted.keys() & present.keys() if present[i] < wanted[i])),
        tuple(sorted(present.keys() - wanted.keys())),
    )

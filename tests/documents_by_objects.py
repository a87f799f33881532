"""What the index should hold, read the slow and plain way: through the objects of the models."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from resource_hub.domain.review import State
from resource_hub.models import (
    Alliance,
    Attachment,
    Blob,
    Membership,
    Resource,
    Revision,
)
from resource_hub.services.usage import CLASS_USE
from search_index import IndexDocument

MOST_OF_A_BODY = 200_000


def documents_by_objects(session: Session, now: datetime) -> dict[int, IndexDocument]:
    """The document of every resource that is live and released, by its id; without places."""
    session.expire_all()
    revisions = session.scalars(
        select(Revision)
        .where(Revision.state == State.PUBLISHED)
        .options(
            joinedload(Revision.resource).options(
                joinedload(Resource.owner), joinedload(Resource.school)
            ),
            selectinload(Revision.attachments).joinedload(Attachment.blob).joinedload(Blob.text),
        )
        .execution_options(populate_existing=True)
    ).all()
    return {
        revision.resource_id: document_by_objects(session, revision)
        for revision in revisions
        if revision.resource.available_at is not None and revision.resource.available_at <= now
    }


def document_by_objects(session: Session, revision: Revision) -> IndexDocument:
    resource = revision.resource
    published = revision.available_at or revision.created_at
    body = [revision.text, *revision.sections.values()]
    for file in revision.attachments:
        body += [file.filename, file.blob.text.text if file.blob.text else ""]
    alliances = session.scalars(
        select(Alliance.name)
        .join(Alliance.memberships)
        .where(Membership.school_id == resource.school_id)
        .order_by(Alliance.id)
    )
    return IndexDocument(
        resource_id=resource.id,
        sequence=resource.version,
        title=revision.title,
        summary=revision.summary,
        keywords=tuple(revision.keywords),
        unit=revision.unit,
        body="\n".join(part for part in body if part)[:MOST_OF_A_BODY],
        author=resource.owner.name,
        school=resource.school.name,
        alliances=tuple(alliances),
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
        downloads=resource.downloads + CLASS_USE * resource.class_uses,
        visible_to=frozenset({resource.audience_token or "nobody"}),
    )

"""Fill a draft with what happened in its time, and put it in order; what the editor did stays."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.catalogue import Change, Listed, in_order
from resource_hub.domain.endorsement import badges
from resource_hub.domain.taxonomy import Scheme, Taxonomy
from resource_hub.domain.visibility import audience_token
from resource_hub.models import Attachment, Blob, Entry, Issue, Revision
from resource_hub.services.catalogue_changes import changes
from resource_hub.services.issue_figures import count_once, is_settled
from resource_hub.services.taxonomy import read_taxonomy
from resource_hub.services.unit_of_work import UnitOfWork

_CHUNK = 500


def fill(uow: UnitOfWork, issue: Issue) -> None:
    """Replace the entries by what happened between ``covers_from`` and ``covers_to``."""
    places = _places(read_taxonomy(uow.session))
    ranks = {entry.public_id: entry.rank for entry in issue.entries}
    end = min(issue.covers_to, uow.now())
    found = {
        revision.resource.public_id: (change, revision)
        for change, revision in changes(uow.session, issue.alliance_id, issue.covers_from, end)
    }
    thumbnails = _thumbnails(uow.session, [revision.id for _change, revision in found.values()])
    if is_settled(issue):  # a picture that came since would make a past month another one
        kept = {(it.public_id, it.revision_number): it.thumbnail_key for it in issue.entries}
        for public_id, (_change, revision) in found.items():
            if (public_id, revision.number) in kept:
                thumbnails[revision.id] = kept[public_id, revision.number]
    issue.entries.clear()
    uow.session.flush()
    entries = {
        public_id: _entry(change, revision, places, thumbnails.get(revision.id))
        for public_id, (change, revision) in found.items()
    }
    for public_id, entry in entries.items():
        entry.rank = ranks.get(public_id)
    _put_in_order(issue, list(entries.values()), places)
    issue.built_at = uow.now()
    count_once(uow, issue)
    uow.session.flush()


def arrange(session: Session, issue: Issue) -> None:
    """Put the entries in order again, after the editor moved something."""
    _put_in_order(issue, list(issue.entries), _places(read_taxonomy(session)))


_Places = Mapping[tuple[Scheme, str], int]


def _places(taxonomy: Taxonomy) -> _Places:
    return {(term.scheme, term.code): place for place, term in enumerate(taxonomy.terms)}


def _put_in_order(issue: Issue, entries: Sequence[Entry], places: _Places) -> None:
    by_id = {entry.public_id: entry for entry in entries}
    chosen = {code: place for place, code in enumerate(issue.subjects)}
    ordered = in_order(_listed(entry, chosen, places) for entry in entries)
    for position, listed in enumerate(ordered, start=1):
        by_id[listed.public_id].position = position
    issue.entries[:] = [by_id[listed.public_id] for listed in ordered]


def _listed(entry: Entry, chosen: Mapping[str, int], places: _Places) -> Listed:
    last = len(places)
    taxonomy_place = len(chosen) + places.get((Scheme.SUBJECT, entry.subject), last)
    return Listed(
        change=entry.change,
        subject_position=chosen.get(entry.subject, taxonomy_place),
        grade_position=min(
            (places.get((Scheme.GRADE, code), last) for code in entry.grades), default=last
        ),
        school_name=entry.school_name,
        title=entry.title,
        public_id=entry.public_id,
        rank=entry.rank,
    )


def _entry(change: Change, revision: Revision, places: _Places, thumbnail: str | None) -> Entry:
    resource = revision.resource
    return Entry(
        change=change,
        resource_id=resource.id,
        public_id=resource.public_id,
        revision_number=revision.number,
        kind=resource.kind,
        title=revision.title,
        summary=revision.summary,
        school_stage=revision.school_stage,
        subject=revision.subject,
        grades=tuple(
            sorted(revision.grades, key=lambda code: places.get((Scheme.GRADE, code), len(places)))
        ),
        school_name=resource.school.name,
        author_name=resource.owner.name,
        audience_token=audience_token(
            revision.audience, school_id=resource.school_id, alliance_id=revision.alliance_id
        ),
        thumbnail_key=thumbnail,
        badge=_badge(change, revision),
    )


def _badge(change: Change, revision: Revision) -> str:
    """Who stands behind it; nobody does any more behind what was withdrawn."""
    if change is Change.WITHDRAWN:
        return ""
    return next(iter(badges(revision.basis, revision.endorsed_at)), "")


def _thumbnails(session: Session, revision_ids: Sequence[int]) -> dict[int, str | None]:
    """By revision: the picture of its first file that has one."""
    found: dict[int, str | None] = {}
    for first in range(0, len(revision_ids), _CHUNK):
        rows = session.execute(
            select(Attachment.revision_id, Blob.thumbnail_key)
            .join(Blob, Attachment.blob_key == Blob.key)
            .where(
                Attachment.revision_id.in_(revision_ids[first : first + _CHUNK]),
                Blob.thumbnail_key.is_not(None),
            )
            .order_by(Attachment.position, Attachment.id)
        )
        for revision_id, key in rows:
            if key is not None:
                found.setdefault(revision_id, key)
    return found

"""What the hub knows of the places on which remarks stand: pages, lengths, words, pictures."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.anchors import (
    AnchorKind,
    Change,
    Passage,
    PlaceNow,
    Witness,
    digest,
    page_now,
    passage_now,
)
from resource_hub.domain.remarks import FileFacts, field_text
from resource_hub.files import Family
from resource_hub.models import (
    Attachment,
    Blob,
    BlobText,
    Preview,
    Remark,
    Rendition,
    RenditionKind,
    Revision,
    Submission,
)
from resource_hub.services.descriptions import description_of
from resource_hub.services.previews import MOST_PAGES, has_pages, promise_pages
from resource_hub.services.queries.previews import LARGE
from resource_hub.services.unit_of_work import UnitOfWork

PLAYS = frozenset({Family.VIDEO, Family.AUDIO})


def file_facts(session: Session, blob: Blob) -> FileFacts:
    """What is known of one file."""
    return _facts(blob, session.get(Preview, blob.key), session.get(BlobText, blob.key))


def places_now(
    session: Session, revision: Revision, remarks: Collection[Remark]
) -> Mapping[int, PlaceNow]:
    """What became of the place of each remark in ``revision``, by remark; four queries at most.

    ``attachments`` of the revision must be loaded, with their blobs.
    """
    found = {remark.id: file_of(remark, revision.attachments) for remark in remarks}
    replaced = {
        attachment.blob_key
        for remark in remarks
        if (attachment := found[remark.id]) is not None and attachment.blob_key != remark.blob_key
    }
    old = {remark.blob_key for remark in remarks if remark.blob_key is not None} if replaced else ()
    known = _Known.of(session, replaced, old)
    description = description_of(revision.resource, revision)
    return {
        remark.id: (
            _field_now(remark, field_text(description, remark.field))
            if remark.field
            else _file_now(remark, found[remark.id], known)
        )
        for remark in remarks
    }


def file_of(remark: Remark, attachments: Sequence[Attachment]) -> Attachment | None:
    """The file that is now what the remark's was.

    The one with the same bytes, else with the same name, else the only one of the same type.
    """
    if not remark.filename:
        return None
    for same in (
        [each for each in attachments if each.blob_key == remark.blob_key],
        [each for each in attachments if each.filename == remark.filename],
    ):
        if same:
            return same[0]
    ending = _ending(remark.filename)
    alike = [each for each in attachments if _ending(each.filename) == ending]
    return alike[0] if len(alike) == 1 else None


@dataclass(frozen=True, slots=True)
class _Known:
    """Of the files that took the place of others."""

    facts: Mapping[str, FileFacts]
    pictures: Mapping[str, Mapping[int, str]]
    """By blob and page; of the files that were replaced too, while they are still there."""

    @classmethod
    def of(cls, session: Session, new: Collection[str], old: Collection[str]) -> "_Known":
        if not new:
            return cls({}, {})
        blobs = session.execute(
            select(Blob, Preview, BlobText)
            .outerjoin(Preview, Preview.blob_key == Blob.key)
            .outerjoin(BlobText, BlobText.blob_key == Blob.key)
            .where(Blob.key.in_(new))
        )
        pictures: dict[str, dict[int, str]] = {}
        rows = session.execute(
            select(Rendition.blob_key, Rendition.number, Rendition.key).where(
                Rendition.blob_key.in_({*new, *old}),
                Rendition.kind == RenditionKind.PAGE,
                Rendition.variant == LARGE,
            )
        )
        for blob_key, number, key in rows:
            pictures.setdefault(blob_key, {})[number] = key
        return cls(
            {blob.key: _facts(blob, preview, text) for blob, preview, text in blobs}, pictures
        )


def _facts(blob: Blob, preview: Preview | None, text: BlobText | None) -> FileFacts:
    places = text.places if text is not None else []
    is_paged = all(kind in {"page", "slide"} and label.isdigit() for _at, kind, label in places)
    return FileFacts(
        pages=_pages(blob, preview),
        seconds=blob.duration if Family(blob.family) in PLAYS else 0,
        text=text.text if text is not None else "",
        places=tuple((int(label), at) for at, _kind, label in places) if is_paged else (),
    )


def _pages(blob: Blob, preview: Preview | None) -> int | None:
    """How many there are; None where it is not known, or not yet."""
    family = Family(blob.family)
    if family is Family.IMAGE:
        return 1
    if not has_pages(blob):
        return blob.pages or 0
    said = blob.pages if family in {Family.PDF, Family.SLIDES} else None
    drawn = preview.pages if preview is not None else None
    if drawn is None or drawn in {0, MOST_PAGES}:
        return said
    return max(drawn, said or 0)


def _field_now(remark: Remark, text: str) -> PlaceNow:
    if remark.kind is AnchorKind.PASSAGE:
        return passage_now(text, _passage(remark))
    return PlaceNow(Change.SAME if digest(text) == remark.words else Change.CHANGED)


def _file_now(remark: Remark, attachment: Attachment | None, known: _Known) -> PlaceNow:
    if attachment is None:
        return PlaceNow(Change.GONE)
    if attachment.blob_key == remark.blob_key:
        return PlaceNow(Change.SAME, remark.page)
    facts = known.facts[attachment.blob_key]
    if remark.kind is AnchorKind.PASSAGE:
        now = passage_now(facts.text, _passage(remark))
        at = facts.text.find(remark.quote)
        return PlaceNow(now.change, facts.page_of(at) if at >= 0 else None, now.words)
    if remark.page is None:
        return PlaceNow(Change.CHANGED)
    return _page_now(remark, remark.page, attachment.blob_key, facts, known)


def _page_now(
    remark: Remark, page: int, blob_key: str, facts: FileFacts, known: _Known
) -> PlaceNow:
    was = Witness(
        remark.words,
        remark.picture or known.pictures.get(remark.blob_key or "", {}).get(page, ""),
    )
    pictures = known.pictures.get(blob_key, {})
    last = max([page, *pictures, *(number for number, _start in facts.places)])
    return page_now(
        page,
        was,
        words=[digest(facts.words_of(number)) for number in range(1, last + 1)],
        pictures=[pictures.get(number, "") for number in range(1, last + 1)],
        total=facts.pages,
    )


def _passage(remark: Remark) -> Passage:
    return Passage(remark.start or 0, remark.quote, remark.before, remark.after)


def _ending(filename: str) -> str:
    return filename.rpartition(".")[2].lower() if "." in filename else ""


def promise_remarked_pages(uow: UnitOfWork, revision: Revision) -> None:
    """Have the pages of replaced files drawn on which remarks stood, so that they can be compared.

    ``attachments`` of the revision must be loaded, with their blobs.
    """
    remarks = uow.session.scalars(
        select(Remark)
        .join(Remark.submission)
        .join(Submission.revision)
        .where(
            Revision.resource_id == revision.resource_id,
            Remark.released_at.is_not(None),
            Remark.kind == AnchorKind.PAGE,
        )
    )
    for remark in remarks:
        attachment = file_of(remark, revision.attachments)
        if attachment is None or attachment.blob_key == remark.blob_key or remark.page is None:
            continue
        if has_pages(attachment.blob):
            promise_pages(uow, attachment.blob_key, remark.page)

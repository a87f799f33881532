"""What changed between two states of a resource: versions, and rounds as they were judged."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from resource_hub.domain.description import Description
from resource_hub.domain.differences import Difference, differences
from resource_hub.domain.errors import Missing
from resource_hub.domain.matched_files import FileChange, KnownFile, matched_files
from resource_hub.domain.people import Person
from resource_hub.domain.review import State
from resource_hub.models import (
    Attachment,
    Blob,
    BlobText,
    JudgedCopy,
    JudgedFile,
    Resource,
    Revision,
)
from resource_hub.services.descriptions import description_of
from resource_hub.services.judged_copies import unpacked
from resource_hub.services.queries.standings import (
    Standing,
    as_it_is,
    chosen,
    earlier_than,
    open_rounds,
    readable_revisions,
    target_of,
)
from resource_hub.services.revisions import NO_SUCH

BEGINNING = 20_000
"""Characters of a text by which a file with a new name is recognised."""


@dataclass(frozen=True, slots=True)
class SideFile:
    """A file of one side; either an attachment or a file of a judged copy."""

    filename: str
    blob: Blob
    attachment_id: int | None = None
    judged_id: int | None = None


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """One file that is not as it was; a side is None where it is not there."""

    change: FileChange
    before: SideFile | None
    after: SideFile | None

    @property
    def name(self) -> str:
        side = self.after or self.before
        return side.filename if side else ""


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs between ``base`` and ``target``; nothing to compare with: ``base`` is None."""

    resource: Resource
    revision: Revision
    target: Standing
    base: Standing | None
    bases: Sequence[Standing]
    """Everything that the person may compare with, the latest first."""
    live: Standing | None
    """What is public, and stays so until a later version is published."""
    fields: Sequence[Difference]
    files: Sequence[ChangedFile]
    """Those that differ."""
    same_files: int


def changes_of(
    session: Session,
    person: Person,
    public_id: str,
    number: int,
    now: datetime,
    *,
    since: str = "",
    judged_in: int | None = None,
) -> Changes:
    """Compare version ``number`` with an earlier state, in the same number of queries whatever.

    Args:
        since: ``code`` of the state to compare with; empty for what this person approved last,
            else the live version, else the round before.
        judged_in: the submission whose copy is looked at; None for the version as it is now.

    Raises:
        Missing: there is no such version or state, as far as this person may know.
    """
    revisions = readable_revisions(session, person, public_id, now)
    revision = next((each for each in revisions if each.number == number), None)
    if revision is None:
        raise Missing(NO_SUCH)
    rounds = open_rounds(session, person, revision)
    target = target_of(revision, rounds, judged_in)
    bases = earlier_than(target, revision, revisions, rounds)
    base = chosen(bases, since)
    sides = _sides(session, revisions, [target, *([base] if base else [])])
    live = next((each for each in revisions if each.state is State.PUBLISHED), None)
    found = _compared_files(session, sides[base.code] if base else None, sides[target.code])
    return Changes(
        resource=revision.resource,
        revision=revision,
        target=target,
        base=base,
        bases=bases,
        live=as_it_is(live) if live else None,
        fields=differences(sides[base.code][0], sides[target.code][0]) if base else (),
        files=[file for file in found if file.change is not FileChange.SAME] if base else (),
        same_files=sum(file.change is FileChange.SAME for file in found),
    )


def full_texts(session: Session, keys: Collection[str]) -> Mapping[str, str]:
    """The words inside these blobs; the caller has made sure that the person may open them."""
    rows = session.execute(
        select(BlobText.blob_key, BlobText.text).where(BlobText.blob_key.in_(sorted(keys)))
    )
    return {key: text for key, text in rows if text.strip()}


Side = tuple[Description, Sequence[SideFile]]


def _sides(
    session: Session, revisions: Sequence[Revision], standings: Sequence[Standing]
) -> Mapping[str, Side]:
    """Description and files of each state, by its code; the same queries whatever they are."""
    by_id = {each.id: each for each in revisions}
    attachments = session.scalars(
        select(Attachment)
        .where(
            Attachment.revision_id.in_(
                [each.revision_id for each in standings if each.submission_id is None]
            )
        )
        .order_by(Attachment.position, Attachment.id)
        .options(joinedload(Attachment.blob))
    ).all()
    rounds = [each.submission_id for each in standings if each.submission_id is not None]
    copies = session.scalars(select(JudgedCopy).where(JudgedCopy.submission_id.in_(rounds)))
    judged = {copy.submission_id: copy for copy in copies}
    judged_files = session.scalars(
        select(JudgedFile)
        .where(JudgedFile.submission_id.in_(rounds))
        .order_by(JudgedFile.position)
        .options(joinedload(JudgedFile.blob))
    ).all()
    found: dict[str, Side] = {}
    for each in standings:
        if each.submission_id is None:
            revision = by_id[each.revision_id]
            files = [
                SideFile(row.filename, row.blob, attachment_id=row.id)
                for row in attachments
                if row.revision_id == revision.id
            ]
            found[each.code] = description_of(revision.resource, revision), files
        else:
            copy = judged[each.submission_id]
            files = [
                SideFile(row.filename, row.blob, judged_id=row.id)
                for row in judged_files
                if row.submission_id == copy.submission_id
            ]
            found[each.code] = unpacked(copy.description), files
    return found


def _compared_files(session: Session, base: Side | None, target: Side) -> list[ChangedFile]:
    before, after = base[1] if base else (), target[1]
    known = {file.blob.key for file in before} & {file.blob.key for file in after}
    others = {file.blob.key for file in (*before, *after)} - known
    rows = session.execute(
        select(BlobText.blob_key, func.substr(BlobText.text, 1, BEGINNING)).where(
            BlobText.blob_key.in_(sorted(others))
        )
    )
    beginnings = {row[0]: row[1] for row in rows}

    def seen(file: SideFile) -> KnownFile:
        key = file.blob.key
        return KnownFile(file.filename, key, file.blob.family, beginnings.get(key, ""))

    pairs = matched_files([seen(file) for file in before], [seen(file) for file in after])
    return [
        ChangedFile(
            pair.change,
            None if pair.before is None else before[pair.before],
            None if pair.after is None else after[pair.after],
        )
        for pair in pairs
    ]

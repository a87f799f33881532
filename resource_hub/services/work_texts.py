"""All the words of a work, as they are compared: description and files, folded as in the search."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from resource_hub.domain.similarity import LONGEST_TEXT, METHOD
from resource_hub.domain.taxonomy import Section
from resource_hub.models import Attachment, Blob, BlobText, PrintedFile, Revision
from search_index.analysis import fold


@dataclass(frozen=True, slots=True)
class Piece:
    """Where a part of the work begins: a file of this name, or the description if it is empty."""

    start: int
    file: str


@dataclass(frozen=True, slots=True)
class WorkText:
    """The words of a work; ``folded`` is as long as ``text``, so offsets fit both."""

    text: str
    folded: str
    pieces: tuple[Piece, ...]

    def piece_at(self, offset: int) -> Piece:
        return max((each for each in self.pieces if each.start <= offset), key=_start)


def _start(piece: Piece) -> int:
    return piece.start


def texts_of(session: Session, revision_ids: Collection[int]) -> Mapping[int, WorkText]:
    """The words of these revisions, in two queries.

    Of a work with more than ``LONGEST_TEXT`` characters each piece gets its share: a giant file
    beside a copied one does not hide it.
    """
    files: dict[int, list[tuple[str, str]]] = {}
    rows = session.execute(
        select(
            Attachment.revision_id,
            Attachment.filename,
            func.substr(BlobText.text, 1, LONGEST_TEXT),
        )
        .join(BlobText, BlobText.blob_key == Attachment.blob_key)
        .where(Attachment.revision_id.in_(revision_ids))
        .order_by(Attachment.revision_id, Attachment.position, Attachment.id)
    )
    for revision_id, filename, text in rows:
        files.setdefault(revision_id, []).append((filename, text))
    own = session.execute(
        select(
            Revision.id, Revision.title, Revision.summary, Revision.text, Revision.sections
        ).where(Revision.id.in_(revision_ids))
    )
    return {
        row.id: _joined(
            [
                ("", "\n".join(_own_words(row.title, row.summary, row.text, row.sections))),
                *files.get(row.id, ()),
            ]
        )
        for row in own
    }


def _own_words(title: str, summary: str, text: str, sections: Mapping[str, str]) -> Iterable[str]:
    yield title
    yield summary
    yield text
    for section in Section:
        yield sections.get(section, "")


def _joined(named: list[tuple[str, str]]) -> WorkText:
    share = _fair_share([len(text) for _, text in named])
    pieces, texts, length = [], [], 0
    for name, text in named:
        pieces.append(Piece(length, name))
        texts.append(text[:share])
        length += len(texts[-1]) + 1
    text = "\n".join(texts)
    return WorkText(text, fold(text), tuple(pieces))


def _fair_share(lengths: list[int]) -> int:
    """How much of each may be taken: what short ones leave goes to the longer ones."""
    left = LONGEST_TEXT
    for number, length in enumerate(sorted(lengths)):
        share = left // (len(lengths) - number)
        if length > share:
            return share
        left -= length
    return LONGEST_TEXT


def digest_of(session: Session, revision_id: int) -> str:
    """Names everything that a comparison depends on, without reading the texts of files."""
    row = session.execute(
        select(Revision.title, Revision.summary, Revision.text, Revision.sections).where(
            Revision.id == revision_id
        )
    ).one()
    files = session.execute(
        select(
            Attachment.blob_key,
            Blob.inspected_at.is_not(None),
            Blob.inspected_by,
            PrintedFile.method,
        )
        .join(Attachment.blob)
        .outerjoin(PrintedFile, PrintedFile.blob_key == Attachment.blob_key)
        .where(Attachment.revision_id == revision_id)
        .order_by(Attachment.position, Attachment.id)
    )
    told = sha256(f"{METHOD}\n".encode())
    for words in _own_words(*row):
        told.update(f"{len(words)}\n{words}".encode())
    for key, is_read, generation, method in files:
        looks = f" {method}" if method else ""
        told.update(f"\n{key} {bool(is_read)} {generation}{looks}".encode())
    return told.hexdigest()

"""The prints of pages: made in the background, kept by file, looked into by their bands."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Protocol

from sqlalchemy import delete, func, insert, or_, select
from sqlalchemy.orm import Session

from resource_hub.domain.page_likeness import MAY_BE_SAME, PageOf, PagePair, bands, distance
from resource_hub.files.page_look import is_same_look
from resource_hub.files.page_print import METHOD, SeenPage
from resource_hub.models import (
    Attachment,
    Blob,
    Job,
    PageBand,
    PagePrint,
    PrintedFile,
    Revision,
)
from resource_hub.services.previews import has_pages
from resource_hub.services.same_files import COMPARED
from resource_hub.services.unit_of_work import UnitOfWork
from resource_hub.services.work_prints import promise_comparisons
from storage import Storage

PRINT = "page_prints"
"""The kind of the job; its subject is the blob."""

MOST_PAGES = 200
"""Pages of a work that are looked for, the first ones of every file."""

MOST_HOLDERS = 300
"""Pages that are noted for one band: what more have is a form, and no look may take longer."""

MOST_LOOKS, MOST_PARTNERS = 100, 8
"""Pairs of pages whose small pictures are compared, in all and of one page: most take two
milliseconds, those that do not lie on each other fourteen."""

MOST_ALIKE = 10_000
"""Pairs of pages whose bits are alike that are gone into, the likest: their files are asked for in
one question."""

_TOGETHER = 5_000  # values in one question: a database takes no more than 32,766


class PagePrinter(Protocol):
    """Who looks at pages, in a process of its own: ``resource_hub.files.drawing``."""

    def page_prints(self, path: Path, code: str) -> Mapping[int, SeenPage]: ...


@dataclass(frozen=True, slots=True)
class KnownPage:
    """A page, and where its print is kept."""

    page: PageOf
    bits: int
    print_id: int


@dataclass(frozen=True, slots=True)
class MaybeSame:
    """Two pages whose bits are alike, and where their prints are kept."""

    pair: PagePair
    new_id: int
    old_id: int


def promise_page_prints(uow: UnitOfWork, key: str) -> None:
    """After an inspection: have the pages of a file looked at, once; nothing for films."""
    blob = uow.session.get(Blob, key)
    printed = uow.session.get(PrintedFile, key)
    if blob is None or not has_pages(blob) or (printed and printed.method == METHOD):
        return
    uow.promise_once(PRINT, key)


def make_page_prints(
    session: Session, storage: Storage, printer: PagePrinter, key: str
) -> Mapping[int, SeenPage] | None:
    """The prints of a file's pages, by number; touches no row, so nobody waits meanwhile.

    Returns:
        None when there is nothing to do (any more).

    Raises:
        StorageError: the blob is missing or the storage does not answer; the job is tried again.
    """
    blob, printed = session.get(Blob, key), session.get(PrintedFile, key)
    is_used = session.scalar(select(Attachment.id).where(Attachment.blob_key == key).limit(1))
    is_done = printed is not None and printed.method == METHOD
    if blob is None or is_used is None or is_done or not has_pages(blob):
        return None
    code = blob.format
    session.rollback()
    with storage.local_copy(key) as path:
        return printer.page_prints(path, code)


def note_page_prints(uow: UnitOfWork, key: str, prints: Mapping[int, SeenPage]) -> None:
    """Keep the prints of a file, in the place of older ones, and have its works compared anew."""
    session = uow.session
    if session.get(Blob, key) is None:
        return
    forget_page_prints(uow, key)
    session.add(PrintedFile(blob_key=key, method=METHOD, made_at=uow.now()))
    session.flush()
    rows = [
        PagePrint(blob_key=key, number=number, bits=f"{seen.bits:064x}", look=seen.look)
        for number, seen in sorted(prints.items())
    ]
    session.add_all(rows)
    session.flush()
    if not rows:
        return
    found = {row.id: bands(int(row.bits, 16)) for row in rows}
    full = _full(session, {value for values in found.values() for value in values})
    noted = [
        {"value": value, "print_id": print_id}
        for print_id, values in found.items()
        for value in values
        if value not in full
    ]
    if noted:
        session.execute(insert(PageBand), noted)
    promise_comparisons(uow, key)


def _full(session: Session, values: Collection[int]) -> set[int]:
    """Those of these bands that so many pages have that no more are noted."""
    return set(
        session.scalars(
            select(PageBand.value)
            .where(PageBand.value.in_(values))
            .group_by(PageBand.value)
            .having(func.count() >= MOST_HOLDERS)
        )
    )


def forget_page_prints(uow: UnitOfWork, key: str) -> None:
    """Forget how the pages of a file look; what was found by them stays."""
    uow.session.execute(delete(PrintedFile).where(PrintedFile.blob_key == key))


def pages_of_work(session: Session, revision_id: int) -> Sequence[KnownPage]:
    """The pages of a revision that are not blank: the first of each file, then the second ones."""
    rows = session.execute(
        select(PagePrint.id, PagePrint.blob_key, PagePrint.number, PagePrint.bits)
        .join(Attachment, Attachment.blob_key == PagePrint.blob_key)
        .where(Attachment.revision_id == revision_id)
        .order_by(PagePrint.number, Attachment.position, Attachment.id)
        .limit(MOST_PAGES)
    )
    found = {row.id: row for row in rows}
    return [
        KnownPage(PageOf(row.blob_key, row.number), int(row.bits, 16), row.id)
        for row in found.values()
    ]


def pages_with_such_bits(session: Session, pages: Sequence[KnownPage]) -> Sequence[MaybeSame]:
    """Pages of all other files, whoever has them, whose bits are alike; the likest first."""
    by_value: dict[int, list[KnownPage]] = {}
    for known in pages:
        for value in bands(known.bits):
            by_value.setdefault(value, []).append(known)
    own_files = {known.page.key for known in pages}
    found: dict[tuple[int, int], MaybeSame] = {}
    for values in _in_parts(sorted(by_value)):
        rows = session.execute(
            select(
                PageBand.value, PagePrint.id, PagePrint.blob_key, PagePrint.number, PagePrint.bits
            )
            .join(PagePrint, PagePrint.id == PageBand.print_id)
            .where(PageBand.value.in_(values))
        )
        for value, print_id, key, number, bits in rows:
            if key in own_files:
                continue
            for known in by_value[value]:
                apart = distance(known.bits, int(bits, 16))
                if apart <= MAY_BE_SAME:
                    pair = PagePair(known.page, PageOf(key, number), apart)
                    ids = known.print_id, print_id
                    found[ids] = MaybeSame(pair, *ids)
    likest = sorted(found.values(), key=lambda each: (each.pair.distance, each.new_id, each.old_id))
    return likest[:MOST_ALIKE]


def those_of_one_look(session: Session, pairs: Sequence[MaybeSame]) -> Sequence[PagePair]:
    """Those that are not merely two pages on one background, as far as there is time to look.

    The likest partner of each page is looked at first, then the second of each.
    """
    turns = Counter[int]()
    ranked = list[tuple[int, MaybeSame]]()
    for pair in pairs:
        turns[pair.new_id] += 1
        if turns[pair.new_id] <= MOST_PARTNERS:
            ranked.append((turns[pair.new_id], pair))
    chosen = [pair for _turn, pair in sorted(ranked, key=itemgetter(0))[:MOST_LOOKS]]
    rows = session.execute(
        select(PagePrint.id, PagePrint.look).where(
            PagePrint.id.in_({each for pair in chosen for each in (pair.new_id, pair.old_id)})
        )
    )
    looks = dict(rows.all())
    return [each.pair for each in chosen if is_same_look(looks[each.new_id], looks[each.old_id])]


def _in_parts(values: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(values), _TOGETHER):
        yield values[start : start + _TOGETHER]


def without_page_prints(session: Session) -> list[str]:
    """Files of works that others are compared with, whose pages nobody has looked at yet."""
    promised = select(Job.subject).where(Job.kind == PRINT)
    blobs = session.scalars(
        select(Blob)
        .outerjoin(PrintedFile, PrintedFile.blob_key == Blob.key)
        .where(
            Blob.inspected_at.is_not(None),
            or_(PrintedFile.method.is_(None), PrintedFile.method < METHOD),
            Blob.key.in_(
                select(Attachment.blob_key)
                .join(Attachment.revision)
                .where(Revision.state.in_(COMPARED))
            ),
            Blob.key.not_in(promised),
        )
        .order_by(Blob.created_at.desc(), Blob.key)
    )
    return [blob.key for blob in blobs if has_pages(blob)]


def promise_missing_page_prints(uow: UnitOfWork) -> int:
    """After an upgrade: have the files looked at that were here before. Returns how many."""
    keys = without_page_prints(uow.session)
    for key in keys:
        uow.promise(PRINT, key)
    return len(keys)

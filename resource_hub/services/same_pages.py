"""Pages that two works have in common by their looks, though not one byte of their files is."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from resource_hub.domain.page_likeness import PageOf, PagePair, SamePages
from resource_hub.domain.page_likeness import same_pages as counted
from resource_hub.domain.similarity import COMMON, SHORTEST_TEXT, tokens
from resource_hub.models import Attachment, BlobText, PagePrint, Revision
from resource_hub.services.page_prints import pages_of_work, pages_with_such_bits, those_of_one_look
from resource_hub.services.same_files import COMPARED_ID, MOST_OWNERS, within_reach

_PAGES = frozenset({"page", "slide"})


def same_pages(session: Session, revision_id: int) -> Mapping[int, SamePages]:
    """Revisions of which a good part looks like this one, or the other way round.

    Files that both have byte by byte count with their pages; but a revision that has only such is
    left to ``same_files``.
    """
    known = pages_of_work(session, revision_id)
    maybe = pages_with_such_bits(session, known) if known else []
    if not maybe:
        return {}
    pages = [each.page for each in known]
    own_files = {page.key for page in pages}
    other_files = {each.pair.old.key for each in maybe}
    files = _files_within_reach(session, revision_id, own_files | other_files)
    reached = {key for keys in files.values() for key in keys}
    pairs = those_of_one_look(session, [each for each in maybe if each.pair.old.key in reached])
    looks = {
        other_id: found
        for other_id, keys in files.items()
        if (found := [pair for pair in pairs if pair.old.key in keys])
    }
    formulas = _formulas(looks)
    totals = _numbers_of_pages(session, looks)
    counts = {
        other_id: counted(
            pages,
            totals[other_id],
            found,
            shared={page for page in pages if page.key in files[other_id]},
            formulas=formulas,
        )
        for other_id, found in looks.items()
    }
    return {other_id: found for other_id, found in counts.items() if found.is_alike}


def without_words(session: Session, pairs: Sequence[PagePair]) -> tuple[PagePair, ...]:
    """Those pairs of which the new page has next to no text: of text its passages tell more."""
    texts = {
        text.blob_key: text
        for text in session.scalars(
            select(BlobText).where(BlobText.blob_key.in_({pair.new.key for pair in pairs}))
        )
    }
    return tuple(
        pair
        for pair in pairs
        if pair.new.key not in texts
        or len(tokens(_words_of(texts[pair.new.key], pair.new.number))) < SHORTEST_TEXT
    )


def _words_of(text: BlobText, number: int) -> str:
    """What stands on a page; all, where it is not known what stands on which."""
    starts = [(start, kind, label) for start, kind, label in text.places]
    if not any(kind in _PAGES for _, kind, _ in starts):
        return text.text
    ends = [start for start, _, _ in starts[1:]] + [len(text.text)]
    return "".join(
        text.text[start:end]
        for (start, kind, label), end in zip(starts, ends, strict=True)
        if kind in _PAGES and label == str(number)
    )


def _files_within_reach(
    session: Session, revision_id: int, keys: Collection[str]
) -> Mapping[int, set[str]]:
    """Which of these files other works have that the revision may be compared with."""
    rows = session.execute(
        select(Attachment.revision_id, Attachment.blob_key)
        .join(Attachment.revision)
        .join(Revision.resource)
        .where(Attachment.blob_key.in_(keys), *within_reach())
        .limit(len(keys) * MOST_OWNERS * 2),
        {COMPARED_ID: revision_id},
    )
    found: dict[int, set[str]] = {}
    for other_id, key in rows:
        found.setdefault(other_id, set()).add(key)
    return found


def _formulas(looks: Mapping[int, Sequence[PagePair]]) -> set[PageOf]:
    """Pages that many works have: the cover of the alliance, the last slide that says thank you."""
    holders = Counter(page for found in looks.values() for page in {pair.new for pair in found})
    return {page for page, number in holders.items() if number >= COMMON}


def _numbers_of_pages(session: Session, revision_ids: Collection[int]) -> Mapping[int, int]:
    """How many pages these revisions have that are not blank, each file once."""
    rows = session.execute(
        select(Attachment.revision_id, func.count(PagePrint.id.distinct()))
        .join(PagePrint, PagePrint.blob_key == Attachment.blob_key)
        .where(Attachment.revision_id.in_(revision_ids))
        .group_by(Attachment.revision_id)
    )
    return dict(rows.all())

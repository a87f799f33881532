"""Compare a work with everything the alliance has: find candidates by prints, then count.

A work that is published or in review has a print in ``work_print`` and ``work_value``. A draft is
compared by a print that nobody keeps. What is told to people is counted on the texts themselves.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, delete, insert, select
from sqlalchemy.orm import Session

from resource_hub.domain.finding_alike import alike_on
from resource_hub.domain.page_likeness import PagePair, SamePages
from resource_hub.domain.similarity import METHOD, Likeness, Print, cut, print_of
from resource_hub.models import Comparison, FoundAlike, Revision, WorkPrint
from resource_hub.services.same_files import COMPARED_ID, SameFiles, same_files, within_reach
from resource_hub.services.same_pages import same_pages, without_words
from resource_hub.services.unit_of_work import UnitOfWork
from resource_hub.services.work_prints import holders_of
from resource_hub.services.work_texts import digest_of, texts_of

MOST_FOUND = 10
"""Alike works that are told, the likest first."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Another work that is like one: ``other_id`` is its revision."""

    other_id: int
    percent: int
    of_new: float = 0.0
    of_old: float = 0.0
    same_files: tuple[str, ...] = ()
    same_pages: tuple[PagePair, ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison found, and for which words and files; not written down yet."""

    revision_id: int
    digest: str
    print: Print
    alike: tuple[Alike, ...] = field(default_factory=tuple)


def compare_work(session: Session, revision_id: int) -> Compared:
    """Compare a revision with what its alliance has; reads only, and the same for all who ask.

    Raises:
        NoResultFound: there is no such revision.
    """
    digest = digest_of(session, revision_id)
    work = texts_of(session, [revision_id])[revision_id]
    text = cut(work.folded)
    own = print_of(text)
    by_text = alike_on(_Shelf(session, revision_id), text, own)
    by_file = same_files(session, revision_id)
    by_looks = {
        other_id: replace(looks, pairs=without_words(session, looks.pairs))
        if other_id in by_text
        else looks
        for other_id, looks in same_pages(session, revision_id).items()
    }
    found = [
        _joined(other_id, by_text.get(other_id), by_file.get(other_id), by_looks.get(other_id))
        for other_id in by_text.keys() | by_file.keys() | by_looks.keys()
    ]
    likest = sorted(found, key=lambda alike: (-alike.percent, alike.other_id))
    return Compared(revision_id, digest, own, tuple(likest[:MOST_FOUND]))


def _joined(
    other_id: int,
    by_text: Likeness | None,
    by_file: SameFiles | None,
    by_looks: SamePages | None,
) -> Alike:
    text = by_text or Likeness(0.0, 0.0, 0)
    files = by_file or SameFiles((), 0.0, 0.0)
    looks = by_looks or SamePages()
    return Alike(
        other_id,
        max(text.percent, files.percent, looks.percent),
        max(text.of_new, files.of_new, looks.of_new),
        max(text.of_old, files.of_old, looks.of_old),
        files.names,
        looks.pairs,
    )


@cache
def _readable_prints() -> Select[int, int, int, float]:
    """Built once: putting it together takes longer than asking it."""
    return (
        select(WorkPrint.revision_id, WorkPrint.tokens, WorkPrint.shingles, WorkPrint.reach)
        .join(Revision, Revision.id == WorkPrint.revision_id)
        .join(Revision.resource)
        .where(
            WorkPrint.revision_id.in_(bindparam("works", expanding=True)),
            WorkPrint.method == METHOD,
            *within_reach(),
        )
    )


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What the alliance of a revision has, as ``domain.finding_alike.Shelf`` asks for it."""

    session: Session
    revision_id: int

    def holders(self, values: Collection[int]) -> Mapping[int, set[int]]:
        found = holders_of(self.session, values)
        return {value: ids - {self.revision_id} for value, ids in found.items()}

    def prints(self, works: Collection[int]) -> Mapping[int, Print]:
        rows = self.session.execute(
            _readable_prints(), {"works": list(works), COMPARED_ID: self.revision_id}
        )
        return {row.revision_id: Print(row.tokens, row.shingles, row.reach, ()) for row in rows}

    def texts(self, works: Collection[int]) -> Mapping[int, str]:
        found = texts_of(self.session, works)
        return {work: text.folded for work, text in found.items()}


def keep_comparison(uow: UnitOfWork, compared: Compared) -> None:
    """Write down what was found, in the place of what was found before."""
    session, now = uow.session, uow.now()
    revision_id = compared.revision_id
    session.execute(delete(FoundAlike).where(FoundAlike.revision_id == revision_id))
    rows = [
        {
            "revision_id": revision_id,
            "other_id": alike.other_id,
            "percent": alike.percent,
            "of_new": alike.of_new,
            "of_old": alike.of_old,
            "same_files": list(alike.same_files),
            "same_pages": [
                [pair.new.key, pair.new.number, pair.old.key, pair.old.number]
                for pair in alike.same_pages
            ],
        }
        for alike in compared.alike
    ]
    if rows:
        session.execute(insert(FoundAlike), rows)
    comparison = session.get(Comparison, revision_id) or Comparison(revision_id=revision_id)
    comparison.digest, comparison.compared_at = compared.digest, now
    session.add(comparison)
    session.flush()


def is_compared(session: Session, revision_id: int, *, since: datetime | None = None) -> bool:
    """Whether the revision was compared as it is now, with what its files were known to say."""
    kept = session.get(Comparison, revision_id, populate_existing=True)
    if kept is None or (since is not None and kept.compared_at < since):
        return False
    return kept.digest == digest_of(session, revision_id)

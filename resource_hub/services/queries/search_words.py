"""The administrator's own words for search, as they are listed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.models import SearchWord, User, WordKind
from resource_hub.services.organisations import require_administrator
from resource_hub.services.queries.shelf import Paging
from search_index.analysis import fold

PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class ListedWord:
    """One entry, and who added it; None: the person at the hub's command line."""

    id: int
    kind: WordKind
    text: str
    added_by: str | None
    added_at: datetime


def listed_words(
    session: Session, by: Person, *, words: str = "", page: int = 1
) -> tuple[Sequence[ListedWord], Paging]:
    """One page of the entries that hold ``words``, in any script and case; the newest first.

    Raises:
        NotAllowed: ``by`` is no administrator.
    """
    require_administrator(by)
    fits = [SearchWord.key.contains(word, autoescape=True) for word in fold(words).split()]
    total = session.scalar(select(func.count(SearchWord.id)).where(*fits)) or 0
    paging = Paging.fit(page, PER_PAGE, total)
    rows = session.execute(
        select(SearchWord.id, SearchWord.kind, SearchWord.text, User.name, SearchWord.added_at)
        .outerjoin(User, SearchWord.added_by_id == User.id)
        .where(*fits)
        .order_by(SearchWord.id.desc())
        .offset(paging.offset)
        .limit(PER_PAGE)
    )
    return [ListedWord(*row) for row in rows], paging


def all_words(session: Session, by: Person) -> Sequence[SearchWord]:
    """Every entry, in the order of its letters.

    Raises:
        NotAllowed: ``by`` is no administrator.
    """
    require_administrator(by)
    return session.scalars(select(SearchWord).order_by(SearchWord.key)).all()

"""Keep count of what was looked for in vain, so that editors know what is missing."""

from sqlalchemy import Insert, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from resource_hub.domain.catalogue import Month
from resource_hub.models import FruitlessSearch
from resource_hub.services.unit_of_work import UnitOfWork
from resource_hub.services.wording import one_line
from search_index.analysis import fold

MAX_QUERY = 100
MOST_A_MONTH = 5_000
"""Different queries; beyond that only those that are known are counted."""


def note_fruitless(uow: UnitOfWork, query: str) -> None:
    """Count that ``query`` found nothing, this month; who asked is not kept.

    Cases, widths and scripts of the same words are one query; of a long one the first 100
    characters count. An empty one is not noted.
    """
    words = folded_query(query)
    if not words:
        return
    month, now = str(Month.of(uow.now(), uow.zone)), uow.now()
    again = uow.session.execute(
        update(FruitlessSearch)
        .where(FruitlessSearch.month == month, FruitlessSearch.query == words)
        .values(times=FruitlessSearch.times + 1, last_at=now)
        .returning(FruitlessSearch.id)
    ).first()
    if again is None and _different(uow.session, month) < MOST_A_MONTH:
        new = _insert(uow.session).values(month=month, query=words, times=1, last_at=now)
        uow.session.execute(new)


def folded_query(query: str) -> str:
    """The query as it is counted: one line that can be printed, folded, at most 100 characters."""
    readable = "".join(character if character.isprintable() else " " for character in query)
    return fold(one_line(readable))[:MAX_QUERY].strip()


def _different(session: Session, month: str) -> int:
    counted = select(func.count(FruitlessSearch.id)).where(FruitlessSearch.month == month)
    return session.scalar(counted) or 0


def _insert(session: Session) -> Insert:
    """Two people who look for the same in the same moment are two, not an error."""
    more = {"times": FruitlessSearch.times + 1}
    if session.connection().dialect.name == "sqlite":
        first = sqlite.insert(FruitlessSearch)
        return first.on_conflict_do_update(index_elements=["month", "query"], set_=more)
    one = postgresql.insert(FruitlessSearch)
    return one.on_conflict_do_update(index_elements=["month", "query"], set_=more)

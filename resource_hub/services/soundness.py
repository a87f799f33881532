"""Whether the database is whole, and whether the search index says the same."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from resource_hub.models import Job
from resource_hub.services.indexing import Difference, compare
from search_index import SearchEngine, SearchIndexError

MOST_NAMED = 20
"""Numbers of resources that one fault names."""


def database_faults(session: Session) -> list[str]:
    """What SQLite says against its own file, at most a hundred lines; PostgreSQL watches itself."""
    if session.get_bind().dialect.name != "sqlite":
        return []
    found = [str(row[0]) for row in session.execute(text("PRAGMA quick_check(100)"))]
    orphans = session.execute(text("PRAGMA foreign_key_check")).fetchmany(100)
    return [line for line in found if line != "ok"] + [
        f"row {row[1]} of {row[0]} names a row of {row[2]} that is not there" for row in orphans
    ]


def index_faults(session: Session, search: SearchEngine, now: datetime) -> list[str]:
    """Where the index does not agree with the database, though no job is waiting to mend it."""
    try:
        if search.needs_rebuild:
            return ["the index is not complete"]
        first = _unexplained(session, compare(session, search, now=now))
        if not first:
            return []
        session.rollback()
        # The worker may have been between the database and the index: it must be so twice.
        twice = first & _unexplained(session, compare(session, search, now=now))
    except SearchIndexError as error:
        return [str(error)]
    if not twice:
        return []
    return [f"{len(twice)} resources differ: {_some(twice)}"]


def _unexplained(session: Session, difference: Difference) -> set[int]:
    differing = {*difference.not_indexed, *difference.outdated, *difference.not_in_database}
    if not differing:
        return set()
    promised = session.scalars(select(Job.subject).where(Job.kind == "index"))
    return differing - {int(subject) for subject in promised}


def _some(ids: Collection[int]) -> str:
    named = ", ".join(str(each) for each in sorted(ids)[:MOST_NAMED])
    return named if len(ids) <= MOST_NAMED else f"{named} …"

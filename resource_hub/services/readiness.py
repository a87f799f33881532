"""Whether the parts that the hub stands on answer."""

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from search_index import SearchEngine, SearchIndexError
from storage import Storage, StorageError


def readiness(session: Session, storage: Storage, search: SearchEngine) -> dict[str, bool]:
    """Ask database, storage and index something small each; False for those that do not answer."""

    def database() -> None:
        session.execute(text("SELECT 1 FROM school LIMIT 1")).all()

    parts = {"database": database, "storage": storage.check, "index": search.check}
    answers = {}
    for name, ask in parts.items():
        try:
            ask()
        except (SQLAlchemyError, StorageError, SearchIndexError):
            answers[name] = False
        else:
            answers[name] = True
    return answers

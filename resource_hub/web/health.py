"""For the machine that watches the hub: is it alive, is it ready?"""

from http import HTTPStatus

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from resource_hub.edge.current import hub, reading
from search_index import SearchIndexError
from storage import StorageError

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def alive() -> ResponseReturnValue:
    """The process answers; nothing else is asked."""
    return jsonify(status="alive")


@blueprint.get("/readyz")
def ready() -> ResponseReturnValue:
    """Database, storage and index answer; 503 names those that do not."""
    parts = {"database": _database, "storage": hub().storage.check, "index": hub().search.check}
    state = {}
    for name, check in parts.items():
        try:
            check()
        except (SQLAlchemyError, StorageError, SearchIndexError):
            state[name] = "down"
        else:
            state[name] = "ready"
    good = set(state.values()) == {"ready"}
    return jsonify(state), HTTPStatus.OK if good else HTTPStatus.SERVICE_UNAVAILABLE


def _database() -> None:
    reading().execute(text("SELECT 1 FROM school LIMIT 1")).all()

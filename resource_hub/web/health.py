"""For the machine that watches the hub: is it alive, is it ready?"""

from http import HTTPStatus

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from resource_hub.edge.current import hub, reading
from resource_hub.services.readiness import readiness

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def alive() -> ResponseReturnValue:
    """The process answers; nothing else is asked."""
    return jsonify(status="alive")


@blueprint.get("/readyz")
def ready() -> ResponseReturnValue:
    """Database, storage and index answer; 503 names those that do not."""
    parts = readiness(reading(), hub().storage, hub().search)
    state = {name: "ready" if answers else "down" for name, answers in parts.items()}
    good = all(parts.values())
    return jsonify(state), HTTPStatus.OK if good else HTTPStatus.SERVICE_UNAVAILABLE

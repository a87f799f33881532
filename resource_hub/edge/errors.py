"""One table from the hub's errors to HTTP; a friendly page, or problem+json (RFC 9457)."""

import json
import logging
import secrets
from http import HTTPStatus

from flask import Flask, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from resource_hub.domain.errors import (
    N_,
    HubError,
    Invalid,
    Missing,
    NotAllowed,
    SignInNeeded,
    TooLarge,
    TooManyTries,
    Unavailable,
    WrongState,
)
from resource_hub.domain.uploads import LineBroken, UploadDamaged
from resource_hub.edge.current import stand_alone
from resource_hub.edge.words import say
from search_index import IndexUnavailable
from storage import BlobMissing, StorageError

log = logging.getLogger(__name__)

STATUS: dict[type[HubError], HTTPStatus] = {
    Missing: HTTPStatus.NOT_FOUND,
    SignInNeeded: HTTPStatus.UNAUTHORIZED,
    NotAllowed: HTTPStatus.FORBIDDEN,
    WrongState: HTTPStatus.CONFLICT,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    UploadDamaged: HTTPStatus.UNPROCESSABLE_ENTITY,
    LineBroken: HTTPStatus.REQUEST_TIMEOUT,
    TooManyTries: HTTPStatus.TOO_MANY_REQUESTS,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    HubError: HTTPStatus.BAD_REQUEST,
}


def status_of(error: HubError) -> HTTPStatus:
    """The nearest entry of the table for this kind of error."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def wants_json() -> bool:
    """Whether the caller asked for JSON rather than a page."""
    best = request.accept_mimetypes.best_match(
        ["text/html", "application/json", "application/problem+json"], default="text/html"
    )
    return best != "text/html"


def show(error: HubError) -> ResponseReturnValue:
    """Answer in the caller's way: problem+json, a fragment's error, or a page."""
    status = status_of(error)
    if wants_json():
        problem: dict[str, object] = {
            "type": f"/help/errors#{error.code}",
            "title": gettext(error.title),
            "status": status.value,
            "detail": say(error),
            "instance": request.path,
        }
        if isinstance(error, Invalid):
            problem["detail"] = "; ".join(say(item) for item in error.problems)
            problem["errors"] = [
                {"field": item.field, "detail": say(item)} for item in error.problems
            ]
        return Response(json.dumps(problem), status, mimetype="application/problem+json")
    if isinstance(error, SignInNeeded) and request.method == "GET":
        return redirect(url_for("account.sign_in", next=request.full_path.rstrip("?")))
    sentences = (
        [say(item) for item in error.problems] if isinstance(error, Invalid) else [say(error)]
    )
    page = render_template(
        "errors/problem.html",
        error=error,
        title=gettext(error.title),
        sentences=sentences,
        status=status,
    )
    return page, status


_HTTP_SENTENCES = {
    404: N_("There is no such page. Perhaps the address has a typing mistake."),
    405: N_("This address cannot be used in that way. Go back and use the button."),
}

_NOT_UNDERSTOOD = N_("The hub did not understand this request.")


def _show_http(error: HTTPException) -> ResponseReturnValue:
    """Werkzeug's own errors in the hub's words; redirects and the like pass."""
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST or error.response is not None:
        return error.get_response()
    if isinstance(error, CSRFError):
        refusal: HubError = WrongState(
            N_("The page had been open for too long. Go back, reload it, and send it again.")
        )
    elif isinstance(error, RequestEntityTooLarge):
        refusal = TooLarge(N_("What you sent is larger than the hub takes."))
    elif error.code == HTTPStatus.NOT_FOUND:
        refusal = Missing(_HTTP_SENTENCES[404])
    else:
        refusal = HubError(_HTTP_SENTENCES.get(error.code, _NOT_UNDERSTOOD))
        answer = show(refusal)
        return (answer[0], error.code) if isinstance(answer, tuple) else answer
    return show(refusal)


def register_errors(app: Flask) -> None:
    """Teach ``app`` the table."""
    app.register_error_handler(HubError, show)
    app.register_error_handler(HTTPException, _show_http)

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> ResponseReturnValue:
        """A fault of ours, or the database is away: logged with a number that the page shows."""
        if app.testing:
            raise error
        request_id = secrets.token_hex(4)
        log.error("request %s: %s %s", request_id, request.method, request.path, exc_info=error)
        stand_alone()
        status = (
            HTTPStatus.SERVICE_UNAVAILABLE
            if isinstance(error, OperationalError)
            else HTTPStatus.INTERNAL_SERVER_ERROR
        )
        if wants_json():
            problem = {
                "type": "about:blank",
                "title": status.phrase,
                "status": status.value,
                "instance": request.path,
                "request_id": request_id,
            }
            return Response(json.dumps(problem), status, mimetype="application/problem+json")
        page = render_template(
            "errors/problem.html", status=status, title="", sentences=(), request_id=request_id
        )
        return page, status

    @app.errorhandler(StorageError)
    def storage_down(error: StorageError) -> ResponseReturnValue:
        if isinstance(error, BlobMissing):
            return show(Missing(N_("The bytes of this file are missing; tell the administrator.")))
        return show(Unavailable(N_("The files cannot be reached just now. Try again soon.")))

    @app.errorhandler(IndexUnavailable)
    def index_down(_error: IndexUnavailable) -> ResponseReturnValue:
        return show(
            Unavailable(N_("Search does not answer just now. Browse by subject meanwhile."))
        )

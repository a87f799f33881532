"""The tus 1.0 server: any client may send a file in pieces and go on after a broken line.

https://tus.io/protocols/resumable-upload with creation, creation-with-upload,
creation-defer-length, termination, expiration and checksum.
"""

import base64
import hashlib
from collections.abc import Callable
from contextlib import suppress
from email.utils import format_datetime
from http import HTTPStatus
from typing import BinaryIO, cast

from flask import Blueprint, Response, current_app, request, url_for
from flask.typing import ResponseReturnValue

from resource_hub.domain.errors import N_, HubError, Missing
from resource_hub.domain.people import Person
from resource_hub.domain.uploads import Announcement, LineBroken, UploadDamaged, check_size
from resource_hub.edge.arriving import Arriving, body_of
from resource_hub.edge.current import hub, reception, require_person
from resource_hub.edge.errors import show
from resource_hub.edge.slow_lines import Lines
from resource_hub.services.arrivals import Begun
from resource_hub.web.converters import row_number

blueprint = Blueprint("tus", __name__)

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,creation-defer-length,termination,expiration,checksum"
ALGORITHMS: dict[str, Callable[[], "hashlib._Hash"]] = {
    "sha256": hashlib.sha256,
    "sha1": hashlib.sha1,  # the one that the protocol asks every server to know
}
BYTES = "application/offset+octet-stream"
MISMATCH = "460 Checksum Mismatch"


@blueprint.before_request
def speak_the_same_version() -> Response | None:
    """Refuse another version of the protocol, as the protocol says."""
    if request.method == "OPTIONS":
        return None
    require_person()
    if request.headers.get("Tus-Resumable") == VERSION:
        return None
    return Response(status=HTTPStatus.PRECONDITION_FAILED, headers={"Tus-Version": VERSION})


@blueprint.after_request
def name_the_version(response: Response) -> Response:
    if request.method != "OPTIONS":
        response.headers["Tus-Resumable"] = VERSION
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.errorhandler(HubError)
def refuse(error: HubError) -> ResponseReturnValue:
    """As everywhere, with the one status that only this protocol has."""
    answer = current_app.make_response(show(error))
    if isinstance(error, UploadDamaged) and "Upload-Checksum" in request.headers:
        answer.status = MISMATCH
    return answer


@blueprint.route("/uploads", methods=["OPTIONS"], provide_automatic_options=False)
@blueprint.route("/uploads/<upload_id>", methods=["OPTIONS"], provide_automatic_options=False)
def abilities(upload_id: str = "") -> ResponseReturnValue:
    """What this server can do."""
    del upload_id
    headers = {
        "Tus-Resumable": VERSION,
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Max-Size": str(hub().limits.file),
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
    }
    return Response(status=HTTPStatus.NO_CONTENT, headers=headers)


@blueprint.post("/uploads")
def create() -> ResponseReturnValue:
    """Open an upload to the draft that the metadata name; its first bytes may come along."""
    person = require_person()
    if "Upload-Concat" in request.headers:  # else each part would become a file of its own
        raise HubError(N_("Uploads are not put together here: send the file in one upload."))
    told = _metadata()
    size = _number("Upload-Length", optional=True)
    if (size is None) == (request.headers.get("Upload-Defer-Length") != "1"):
        raise _malformed("Upload-Length")
    try:
        revision_id = row_number(told.get("revision", ""))
    except ValueError as error:
        raise _malformed("Upload-Metadata") from error
    file = Announcement.of(
        told.get("filename", ""),
        size,
        first=told.get("first", ""),
        last=told.get("last", ""),
        whole=told.get("whole", ""),
    )
    begun = reception().create(person, revision_id, file)
    headers = {"Location": url_for(".send", upload_id=begun.id)}
    if request.content_type == BYTES:
        begun = _take_along(person, begun.id)
        headers["Upload-Offset"] = str(begun.received)
    return Response(status=HTTPStatus.CREATED, headers=headers | _expiry(begun))


@blueprint.route("/uploads/<upload_id>", methods=["HEAD", "PATCH", "DELETE", "POST"])
def send(upload_id: str) -> ResponseReturnValue:
    """One upload: how far is it, here is more of it, forget it.

    A proxy may let no method through but POST: the header then says which one is meant. HEAD comes
    without the token of the page, so it changes nothing, whatever its header says.
    """
    method = request.method
    if method != "HEAD":
        method = request.headers.get("X-HTTP-Method-Override", method).upper()
    if method not in _METHODS:
        return Response(
            status=HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": ", ".join(_METHODS)}
        )
    return _METHODS[method](require_person(), upload_id)


def _look(person: Person, upload_id: str) -> Response:
    reception().check_owner(person, upload_id)
    _lines().hang_up(upload_id)  # who asks is about to send: the older line must not go on
    begun = reception().look(person, upload_id)
    length = (
        {"Upload-Defer-Length": "1"} if begun.size is None else {"Upload-Length": str(begun.size)}
    )
    said = {"Upload-Metadata": _said(begun)}
    return Response(headers={"Upload-Offset": str(begun.received)} | length | said | _expiry(begun))


def _receive(person: Person, upload_id: str) -> Response:
    if request.content_type != BYTES:
        return Response(status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    offset = _number("Upload-Offset")
    size = _number("Upload-Length", optional=True)
    if size is not None:
        reception().declare(person, upload_id, size)
    begun = _take(person, upload_id, offset=offset or 0)
    headers = {"Upload-Offset": str(begun.received)} | _expiry(begun)
    return Response(status=HTTPStatus.NO_CONTENT, headers=headers)


def _discard(person: Person, upload_id: str) -> Response:
    reception().discard(person, upload_id)
    return Response(status=HTTPStatus.NO_CONTENT)


_METHODS = {"HEAD": _look, "PATCH": _receive, "DELETE": _discard}


def _take_along(person: Person, upload_id: str) -> Begun:
    """Receive what came with the creation; where that is refused, nothing was created.

    Its sender would not learn under which address it lies, and it would take up room for a week.
    """
    try:
        return _take(person, upload_id, offset=0)
    except LineBroken:
        raise  # the page of the draft still offers to go on with it
    except HubError:
        with suppress(Missing):
            reception().discard(person, upload_id)
        raise


def _take(person: Person, upload_id: str, *, offset: int) -> Begun:
    """Receive the body of this request; a newer one for the same upload hangs it up."""
    reception().check_owner(person, upload_id)
    counted = _Checked(request.content_length)
    body = body_of(request.environ)
    with _lines().only(upload_id, body):
        try:
            return reception().take(
                person,
                upload_id,
                counted.of(body),
                offset=offset,
                length=request.content_length,
                accept=counted.is_right if counted.promised else None,
            )
        except HubError:
            if isinstance(body, Arriving):
                body.read_over()
            raise


def _lines() -> Lines:
    found: Lines = current_app.extensions["lines"]
    return found


class _Checked:
    """A body with the checksum that its header promised, if it did."""

    _source: BinaryIO

    def __init__(self, length: int | None) -> None:
        self._length = length
        self._count = 0
        self.promised = b""
        if header := request.headers.get("Upload-Checksum"):
            name, _, value = header.partition(" ")
            self.promised = _decoded(value, "Upload-Checksum")
            if name not in ALGORITHMS or not self.promised:
                raise _malformed("Upload-Checksum")
            self._digest = ALGORITHMS[name]()

    def of(self, source: BinaryIO) -> BinaryIO:
        self._source = source
        return cast(BinaryIO, self)  # it can do all that is asked of it: read

    def read(self, size: int = -1) -> bytes:
        piece = self._source.read(size)
        self._count += len(piece)
        if self.promised:
            self._digest.update(piece)
        return piece

    def is_right(self) -> bool:
        complete = self._length is None or self._count == self._length
        return complete and self._digest.digest() == self.promised


def _metadata() -> dict[str, str]:
    """``Upload-Metadata``: pairs of a key and a base64 text, with commas between."""
    pairs: dict[str, str] = {}
    for pair in request.headers.get("Upload-Metadata", "").split(","):
        key, _, value = pair.strip().partition(" ")
        if key:
            raw = _decoded(value, "Upload-Metadata")
            pairs[key] = raw.decode("utf-8", "replace").replace("\0", "")
    return pairs


def _said(begun: Begun) -> str:
    """``Upload-Metadata`` as it was understood when the upload was created."""
    file = begun.file
    pairs = {
        "revision": str(begun.revision_id),
        "filename": file.filename,
        "first": file.first,
        "last": file.last,
        "whole": file.whole,
    }
    return ",".join(
        f"{key} {base64.b64encode(value.encode()).decode('ascii')}"
        for key, value in pairs.items()
        if value
    )


def _decoded(text: str, header: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:  # also for what is not ASCII
        raise _malformed(header) from error


def _number(header: str, *, optional: bool = False) -> int | None:
    text = request.headers.get(header)
    if text is None and optional:
        return None
    if text is None or not (text.isascii() and text.isdecimal()) or len(text) > 18:  # noqa: PLR2004 - digits of what a database counts
        raise _malformed(header)
    number = int(text)
    if header == "Upload-Length":
        check_size(hub().limits, number)
    return number


def _malformed(header: str) -> HubError:
    return HubError(N_("The header %(name)s is missing or cannot be read."), name=header)


def _expiry(begun: Begun) -> dict[str, str]:
    if begun.is_finished:
        return {}
    return {"Upload-Expires": format_datetime(begun.expires_at, usegmt=True)}

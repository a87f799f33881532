"""Send stored bytes: in ranges, conditionally, under their right name, and never to be run here."""

import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from http import HTTPStatus
from pathlib import PurePosixPath
from typing import BinaryIO
from urllib.parse import quote

from flask import Response, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wsgi import FileWrapper

from resource_hub.edge.current import hub
from resource_hub.edge.security_headers import FILE_POLICY
from resource_hub.files.charset import text_encoding
from resource_hub.services.queries.stored_files import StoredBytes

PIECE = 256 * 1024
"""Bytes in memory at a time."""

SHOWN: Mapping[str, str] = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "bmp": "image/bmp",
    "avif": "image/avif",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "wav": "audio/wav",
    "aac": "audio/aac",
    "ogg": "audio/ogg",
    "flac": "audio/flac",
    "txt": "text/plain",
    "md": "text/plain",
}
"""Formats that a browser may show in its window, and as what; everything else is saved."""

_CHARSETS = {"utf-8-sig": "utf-8", "big5hkscs": "big5-hkscs", "cp1252": "windows-1252"}
# Names that Python gives to encodings and browsers do not know.

_ZIP64_FROM = 2**31 - 1


class _Opened(FileWrapper):
    """A blob that stays open until the server has sent the answer."""

    def __init__(self, stream: BinaryIO, opened: ExitStack) -> None:
        super().__init__(stream, PIECE)
        self._opened = opened

    def close(self) -> None:
        self._opened.close()


STORED = "/stored/"
"""The place of nginx below which it sends blobs when the hub tells it to: deploy/nginx.conf."""


def send_file(file: StoredBytes, *, inline: bool) -> Response:
    """The bytes of ``file`` as an attachment; ``inline`` shows what is harmless to show.

    Answers 206 for one range, 304 when the browser has it, 416 beyond its end. Several ranges, or
    ones that cannot be read, get the whole file, as RFC 9110 allows. With ``HUB_DOWNLOADS=nginx``
    nginx does all that: the hub names the file and what it is called.
    """
    shown = inline and file.format in SHOWN
    path = hub().storage.path_in_folder(file.key) if hub().downloads == "nginx" else None
    response = _sent_by_nginx(file, path, shown=shown) if path else _sent_here(file, shown=shown)
    response.headers["Content-Security-Policy"] = FILE_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _sent_here(file: StoredBytes, *, shown: bool) -> Response:
    with ExitStack() as stack:
        stream = stack.enter_context(hub().storage.open(file.key))
        content_type = _content_type(file, stream, shown=shown)
        body = _Opened(stream, stack.pop_all())
    response = Response(body, content_type=content_type, direct_passthrough=True)
    response.content_length = file.size
    response.accept_ranges = "bytes"
    response.set_etag(file.key)
    response.last_modified = file.stored_at
    _name(response, file, shown=shown)
    try:
        response.make_conditional(
            request, accept_ranges=_asks_for_one_range(file.size), complete_length=file.size
        )
    except RequestedRangeNotSatisfiable:
        response.close()
        response = Response(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
        response.headers["Content-Range"] = f"bytes */{file.size}"
    return response


def _sent_by_nginx(file: StoredBytes, path: str, *, shown: bool) -> Response:
    with hub().storage.open(file.key) as stream:
        response = Response(content_type=_content_type(file, stream, shown=shown))
    response.headers["X-Accel-Redirect"] = STORED + path
    _name(response, file, shown=shown)
    return response


def _name(response: Response, file: StoredBytes, *, shown: bool) -> None:
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Disposition"] = disposition(
        "inline" if shown else "attachment", file.filename, instead=file.public_id
    )


def _content_type(file: StoredBytes, stream: BinaryIO, *, shown: bool) -> str:
    """What browsers are told; of texts that are saved nothing, so that no browser thinks of them.

    (It also keeps the compression of pages away from them: it would undo the ranges.)
    """
    if not shown:
        is_text = file.media_type.startswith("text/") or file.media_type == "image/svg+xml"
        return "application/octet-stream" if is_text else file.media_type
    if SHOWN[file.format] != "text/plain":
        return SHOWN[file.format]
    codec = text_encoding(stream.read(PIECE)) or "utf-8"
    stream.seek(0)
    return f"text/plain; charset={_CHARSETS.get(codec, codec)}"


def _asks_for_one_range(size: int) -> bool:
    wanted = request.range
    if wanted is None or wanted.units != "bytes" or len(wanted.ranges) != 1:
        return False
    start, _end = wanted.ranges[0]
    return start + size >= 0  # the last 500 bytes of a file of 300 are all of it


def send_made(content: bytes, media_type: str, filename: str, *, instead: str) -> Response:
    """What was made for this very answer, as an attachment called ``filename``.

    It may depend on who asks, and in which language; 304 when the browser has the same already.

    Args:
        instead: see ``disposition``.
    """
    response = Response(content, content_type=media_type)
    response.headers["Content-Disposition"] = disposition("attachment", filename, instead=instead)
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.update(("Accept-Language", "Cookie"))
    response.add_etag()
    response.make_conditional(request)
    return response


_NOT_PLAIN = frozenset('"\\%')


def disposition(how: str, filename: str, *, instead: str) -> str:
    """The Content-Disposition of RFC 6266: UTF-8 by RFC 5987, and a plain name for the oldest.

    So is told what the plain form cannot: quotes are lost in it, and some browsers decode ``%20``.

    Args:
        how: ``attachment`` or ``inline``.
        instead: what to call it, with the right extension, where only ASCII is understood.
    """
    if filename.isascii() and not _NOT_PLAIN.intersection(filename):
        return f'{how}; filename="{filename}"'
    suffix = PurePosixPath(filename).suffix
    plain = unicodedata.normalize("NFKC", suffix)
    plain = instead + (plain if plain.isascii() else "")
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"


def is_first_part(response: Response) -> bool:
    """Whether this answer begins a download: all of the file, or a range from its start."""
    if request.method != "GET":
        return False
    sent_elsewhere = "X-Accel-Redirect" in response.headers or "Location" in response.headers
    if sent_elsewhere:  # whether it is a part will be the answer of nginx or of the storage
        wanted = request.range
        begins = wanted is None or wanted.ranges[0][0] == 0
        return begins and "If-None-Match" not in request.headers
    if response.status_code == HTTPStatus.PARTIAL_CONTENT:
        return response.content_range.start == 0
    return response.status_code == HTTPStatus.OK


class _Sink:
    """Where the archive is written: it can only go forward, like the line to the browser."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""

    def take(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


def send_all(files: Sequence[StoredBytes], name: str, *, instead: str) -> Response:
    """All of ``files`` as one ZIP called ``name``, made while it is sent.

    Stored, not deflated: what schools exchange is compressed already.

    Raises:
        StorageError: a blob is missing; nothing has been sent then.
    """
    storage = hub().storage
    for file in files:
        storage.size(file.key)

    def pieces() -> Iterator[bytes]:
        sink = _Sink()
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:  # type: ignore[call-overload]  # typeshed wants seek and tell; zipfile does without
            for called, file in zip(unique_names(files), files, strict=True):
                entry = zipfile.ZipInfo(called, _local(file.stored_at).timetuple()[:6])
                with (
                    storage.open(file.key) as source,
                    archive.open(entry, "w", force_zip64=file.size >= _ZIP64_FROM) as target,
                ):
                    while piece := source.read(PIECE):
                        target.write(piece)
                        yield sink.take()
        yield sink.take()

    zone = hub().zone

    def _local(moment: datetime) -> datetime:
        return moment.astimezone(zone)

    response = Response(pieces(), content_type="application/zip", direct_passthrough=True)
    response.headers["Content-Disposition"] = disposition("attachment", name, instead=instead)
    response.headers["Content-Security-Policy"] = FILE_POLICY
    response.headers["Cache-Control"] = "private, no-store"
    return response


def unique_names(files: Iterable[StoredBytes]) -> list[str]:
    """The files' names, a number added where two would overwrite each other."""
    taken: set[str] = set()
    names = []
    for file in files:
        path, number, name = PurePosixPath(file.filename), 1, file.filename
        while name.casefold() in taken:
            number += 1
            name = f"{path.stem} ({number}){path.suffix}"
        taken.add(name.casefold())
        names.append(name)
    return names

"""Slow senders hold a thread each: bound how long they may be silent, and how many there may be."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import BinaryIO

from flask import Flask, Response, g, request

from resource_hub.domain.errors import N_, Unavailable
from resource_hub.edge.arriving import Arriving

SILENCE = 60.0
"""Seconds without a byte after which a request is given up; a sender goes on in a new one."""

LAST_WORDS = 3.0
"""Seconds that a line which was hung up has to bring what it received to the disk."""

QUIET = 0.5
"""Seconds without a byte after which a line gives way to a newer one for the same upload."""

HEARD_OUT = 2.0
"""Seconds for which a line that still brings bytes is heard before it gives way. Without them many
writers of one upload end each other before a byte has arrived, and none gets anywhere."""

LARGE = 64 * 1024
"""Bytes from which on a body counts as an upload: any other arrives with its headers, or soon."""

SPARE = 4
"""One thread in so many is kept for pages, however many uploads there are."""


class UploadPlaces:
    """How many large bodies may arrive in this process at once."""

    def __init__(self, threads: int) -> None:
        self._free = max(1, threads - max(2, threads // SPARE))
        self._lock = threading.Lock()

    def take(self) -> bool:
        with self._lock:
            if not self._free:
                return False
            self._free -= 1
            return True

    def give_back(self) -> None:
        with self._lock:
            self._free += 1


class Lines:
    """What arrives in this process, by upload."""

    def __init__(self) -> None:
        self._arriving: dict[str, Arriving] = {}
        self._lock = threading.Lock()

    def hang_up(self, upload_id: str) -> None:
        """End what arrives for this upload; its thread is free, and what it brought is safe."""
        with self._lock:
            older = self._arriving.get(upload_id)
        if older is None:
            return
        deadline = time.monotonic() + HEARD_OUT
        while (left := min(QUIET - older.silence(), deadline - time.monotonic())) > 0:
            if older.ended.wait(left):
                return
        older.hang_up()
        older.ended.wait(LAST_WORDS)

    @contextmanager
    def only(self, upload_id: str, body: BinaryIO | Arriving) -> Iterator[None]:
        """While ``body`` arrives for this upload, no older one does."""
        if not isinstance(body, Arriving):
            yield
            return
        self.hang_up(upload_id)
        with self._lock:
            self._arriving[upload_id] = body
        try:
            yield
        finally:
            body.ended.set()
            with self._lock:
                if self._arriving.get(upload_id) is body:
                    del self._arriving[upload_id]


def register(app: Flask, *, threads: int) -> None:
    """Watch over every request with a body; before any extension, for those read the body."""
    app.extensions["upload_places"] = UploadPlaces(threads)
    app.extensions["lines"] = Lines()

    @app.before_request
    def watch() -> None:
        line = request.environ.get("gunicorn.socket")
        chunked = "Transfer-Encoding" in request.headers
        if line is None or not (request.content_length or chunked):
            return
        line.settimeout(SILENCE)
        if (request.content_length or LARGE) < LARGE:
            return
        if not app.extensions["upload_places"].take():
            raise Unavailable(
                N_("Very many files are being uploaded just now. Try again in a minute.")
            )
        g.has_place = True

    @app.after_request
    def ask_for_patience(response: Response) -> Response:
        if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
            response.headers.setdefault("Retry-After", "10")
        return response

    @app.teardown_request
    def leave(_error: BaseException | None) -> None:
        if g.pop("has_place", False):
            app.extensions["upload_places"].give_back()

"""The body of a request while it arrives: given at once, bounded in silence, and never parsed.

Werkzeug's stream waits for as much as was asked and takes a cut line for a mistake; for an upload
every byte that came counts. The server's own stream also waits, and loses on a reset what it had
read ahead: below it lies the socket, which is read here.
"""

import socket
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, BinaryIO, cast

PIECE = 1 << 20
"""Most bytes of one read."""

LITTLE = 64 * 1024
"""Bytes of a refused body that are rather read over than made a reason to end the connection."""

SOON = 2.0
"""Seconds within which they must be there."""


class Arriving:
    """``Content-Length`` bytes from a socket; ends early when the sender ends early.

    ``read`` gives what is there, at most what was asked, and waits only when nothing is: so that
    what has arrived can be made safe before more comes. Raises ``OSError`` when the line breaks or
    stays silent for longer than the socket's timeout.
    """

    def __init__(
        self, line: socket.socket, length: int, early: bytes, body: Any
    ) -> None:  # Any: gunicorn has no types
        self._line = line
        self._early = early
        self._left = length
        self._body = body
        self.ended = threading.Event()
        self._heard = time.monotonic()
        body.failed = True  # until the last byte the line is good for nothing else

    def read(self, size: int = -1) -> bytes:
        wanted = min(self._left, PIECE if size < 0 else size)
        if not wanted:
            return b""
        if self._early:
            piece, self._early = self._early[:wanted], self._early[wanted:]
        else:
            piece = self._line.recv(wanted)
        self._left = self._left - len(piece) if piece else 0
        self._heard = time.monotonic()
        if piece and not self._left:
            self._body.reader.length, self._body.failed = 0, False
        return piece

    def read_over(self) -> None:
        """Throw away what is left, if it is little: the line is good for the next request then.

        It would be closed without a word otherwise, and the next request be lost on it.
        """
        if self._left > LITTLE:
            return
        patience = self._line.gettimeout()
        with suppress(OSError):
            self._line.settimeout(SOON)
            while self.read():
                pass
            self._line.settimeout(patience)

    def silence(self) -> float:
        """Seconds since the last byte."""
        return time.monotonic() - self._heard

    def hang_up(self) -> None:
        """End it where it is, from another thread; one that has arrived in full is left alone."""
        if self._left:
            with suppress(OSError):  # the line may have ended by itself
                self._line.shutdown(socket.SHUT_RD)


def body_of(environ: Mapping[str, Any]) -> BinaryIO:  # Any: what WSGI says
    """The body of a request as it arrives; from another server than gunicorn, its own stream."""
    body = environ["wsgi.input"]
    line = environ.get("gunicorn.socket")
    reader = getattr(body, "reader", None)
    unreader = getattr(reader, "unreader", None)
    length = getattr(reader, "length", None)
    if not isinstance(line, socket.socket) or length is None or unreader is None:
        return cast(BinaryIO, body)
    early = unreader.take_buffered()
    unreader.unread(early[length:])  # the beginning of the next request
    return cast(BinaryIO, Arriving(line, length, early[:length], body))

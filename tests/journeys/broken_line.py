"""A line to the hub that is reset after so many bytes, again and again."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

RESET = b"\1\0\0\0\0\0\0\0"
"""``struct linger``: on, zero seconds: closing sends RST and forgets what is on its way."""


@dataclass
class BrokenLine:
    """Passes everything on, and resets each connection after ``most`` bytes towards the hub."""

    target: tuple[str, int]
    most: int
    resets: int = 0
    carried: int = 0
    _ends: list[socket.socket] = field(default_factory=list)

    def carry(self, near: socket.socket) -> None:
        far = socket.create_connection(self.target, timeout=30)
        self._ends += [near, far]
        back = threading.Thread(target=self._copy, args=(far, near), daemon=True)
        back.start()
        left = self.most
        with suppress(OSError):
            while left > 0 and (piece := near.recv(min(left, 65_536))):
                far.sendall(piece)
                left -= len(piece)
                self.carried += len(piece)
        if left <= 0:
            self.resets += 1
            for end in (near, far):
                with suppress(OSError):
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                    end.shutdown(socket.SHUT_RDWR)
        for end in (near, far):
            end.close()

    def _copy(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(65_536):
                target.sendall(piece)
            target.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        for end in self._ends:
            end.close()


@contextmanager
def broken_line(url: str, *, most: int) -> Iterator[tuple[str, BrokenLine]]:
    """The address of a bad line to the hub at ``url``."""
    address = urlsplit(url)
    line = BrokenLine((address.hostname or "", address.port or 0), most)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def listen() -> None:
            with suppress(OSError):
                while True:
                    near, _address = listener.accept()
                    threading.Thread(target=line.carry, args=(near,), daemon=True).start()

        threading.Thread(target=listen, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", line
        listener.shutdown(socket.SHUT_RDWR)
    line.close()

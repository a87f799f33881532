"""A line to a service that a test can cut, and that counts what travels."""

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

_RESET = struct.pack("ii", 1, 0)  # linger for no time: the peer sees a reset


class CuttingProxy:
    """Passes bytes on; resets the next connections after so many bytes as it is told.

    ``fetched`` and ``sent`` count what came from the service and what went to it.
    """

    def __init__(self, listener: socket.socket, service: tuple[str, int]) -> None:
        self._listener, self._service = listener, service
        self._lock = threading.Lock()
        self._cuts: list[tuple[str, int]] = []
        self.fetched = self.sent = 0

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def cut_next(self, *, times: int, fetched: int | None = None, sent: int | None = None) -> None:
        """Reset the next ``times`` connections that carry so many bytes in that direction."""
        with self._lock:
            limit = ("fetched", fetched) if fetched is not None else ("sent", sent or 0)
            self._cuts += [limit] * times

    def serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return  # closed: the test is over
            service = socket.create_connection(self._service)
            for way, source, target in (("sent", client, service), ("fetched", service, client)):
                threading.Thread(
                    target=self._pass_on, args=(way, source, target), daemon=True
                ).start()

    def _pass_on(self, way: str, source: socket.socket, target: socket.socket) -> None:
        passed = 0
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                passed += len(piece)
                if self._must_cut(way, passed):
                    for each in (source, target):
                        each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                    break
                target.sendall(piece)
                with self._lock:
                    setattr(self, way, getattr(self, way) + len(piece))
        for each in (source, target):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _must_cut(self, way: str, passed: int) -> bool:
        with self._lock:
            if self._cuts and self._cuts[0][0] == way and passed > self._cuts[0][1]:
                self._cuts.pop(0)
                return True
            return False


@contextmanager
def cutting_proxy(endpoint: str) -> Iterator[CuttingProxy]:
    """A proxy before the service at ``endpoint``, until the end of the block."""
    address = urlsplit(endpoint)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy = CuttingProxy(listener, (address.hostname or "", address.port or 80))
        thread = threading.Thread(target=proxy.serve, daemon=True)
        thread.start()
        yield proxy
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(10)

"""A server that speaks the protocol of ClamAV's daemon and knows one virus by its text."""

import socket
import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto
from pathlib import Path

VIRUS = b"this text is a virus for tests"
NAME = "Made-Up.Test.Virus"


class Mood(Enum):
    WELL = auto()
    ERROR = auto()
    MUTE = auto()
    HANGS_UP = auto()


class Scanner(socketserver.ThreadingMixIn, socketserver.BaseServer):
    """What tests change: its mood, and how many bytes it takes."""

    daemon_threads = True
    mood: Mood
    most: int
    files: int
    awake: threading.Event
    socket: socket.socket


class _Tcp(Scanner, socketserver.TCPServer):
    allow_reuse_address = True


class _Unix(Scanner, socketserver.UnixStreamServer):
    pass


class _Line(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        server = self.server
        assert isinstance(server, Scanner)
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = bytearray()
        while length := struct.unpack(">I", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
            if len(content) > server.most:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        server.files += 1
        if server.mood is Mood.MUTE:
            server.awake.wait(30)
        elif server.mood is Mood.ERROR:
            self.wfile.write(b"INSTREAM: out of memory ERROR\0")
        elif server.mood is Mood.WELL:
            found = f"{NAME} FOUND" if VIRUS in content else "OK"
            self.wfile.write(f"stream: {found}\0".encode())


@contextmanager
def scanner(path: Path | None = None) -> Iterator[tuple[Scanner, str]]:
    """The server and its address: a port of this machine, or a socket at ``path``."""
    server = _Unix(str(path), _Line) if path else _Tcp(("127.0.0.1", 0), _Line)
    server.mood, server.most, server.files = Mood.WELL, 1 << 20, 0
    server.awake = threading.Event()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield (
            server,
            f"unix:{path}" if path else f"tcp://127.0.0.1:{server.socket.getsockname()[1]}",
        )
    finally:
        server.awake.set()
        server.shutdown()
        server.server_close()
        thread.join()


def free_port() -> int:
    """A port of this machine where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])

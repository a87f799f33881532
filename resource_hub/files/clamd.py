"""Ask a ClamAV daemon whether a file holds a virus; the file goes to it in pieces."""

import socket
import struct
from contextlib import suppress
from typing import BinaryIO
from urllib.parse import urlsplit

_PIECE = 256 * 1024  # bytes
_CONNECT = 10.0  # seconds
_LONGEST_ANSWER = 4_096  # bytes


class ScannerSilent(Exception):
    """The daemon cannot be reached, takes too long, or is not well; try again later."""


class TooLargeToScan(Exception):
    """The daemon takes no files of this size: its ``StreamMaxLength`` must be raised."""


def scan(url: str, stream: BinaryIO, *, seconds: float = 120) -> str | None:
    """Have ``stream`` looked at, from its start to its end.

    Args:
        url: ``tcp://host:3310`` or ``unix:/path/of/the/socket``.
        seconds: For each step: to take a piece, to answer.

    Returns:
        The name of the virus, or None when there is none.

    Raises:
        ScannerSilent: nobody knows whether there is one.
        TooLargeToScan: likewise, and trying again is of no use.
    """
    try:
        with _connected(url) as line:
            line.settimeout(seconds)
            said = _converse(line, stream)
    except OSError as error:
        raise ScannerSilent(f"The virus scanner does not answer: {error}") from error
    return _verdict(said)


def _connected(url: str) -> socket.socket:
    parts = urlsplit(url)
    if parts.scheme == "tcp":
        return socket.create_connection((parts.hostname or "", parts.port or 3310), _CONNECT)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    line.settimeout(_CONNECT)
    try:
        line.connect(parts.path)
    except OSError:
        line.close()
        raise
    return line


def _converse(line: socket.socket, stream: BinaryIO) -> bytes:
    stream.seek(0)
    # It hangs up in the middle of a file that is too large, and says why before.
    with suppress(BrokenPipeError, ConnectionResetError):
        line.sendall(b"zINSTREAM\0")
        while piece := stream.read(_PIECE):
            line.sendall(struct.pack(">I", len(piece)) + piece)
        line.sendall(bytes(4))
    said = b""
    while not said.endswith(b"\0") and len(said) < _LONGEST_ANSWER:
        heard = line.recv(_LONGEST_ANSWER)
        if not heard:
            break
        said += heard
    return said


def _verdict(said: bytes) -> str | None:
    text = said.rstrip(b"\0\n").decode("utf-8", "replace")
    result = text.removeprefix("stream: ")
    if result == "OK":
        return None
    if result.endswith(" FOUND"):
        return result.removesuffix(" FOUND")[:200] or "?"
    if "size limit exceeded" in result:
        raise TooLargeToScan("The file is larger than the virus scanner takes (StreamMaxLength).")
    raise ScannerSilent(f"The virus scanner gave no verdict: {text[:200] or 'it hung up'}")

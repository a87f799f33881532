"""Lines as bad as they come: opened by hand, waited for, and servers that are killed."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import psutil

from tests.uploads.conftest import Teacher


def open_patch(teacher: Teacher, url: str, offset: int, length: int) -> socket.socket:
    """A line on which a PATCH of ``length`` bytes has been announced, and none sent yet."""
    address = urlsplit(url)
    line = socket.create_connection((address.hostname or "", address.port or 0), timeout=30)
    headers = teacher.headers | {
        "Host": address.netloc,
        "Tus-Resumable": "1.0.0",
        "Content-Type": "application/offset+octet-stream",
        "Upload-Offset": str(offset),
        "Content-Length": str(length),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    line.sendall(f"PATCH {address.path} HTTP/1.1\r\n{head}\r\n".encode())
    return line


def eventually(found: Callable[[], object], wanted: object) -> None:
    deadline = time.monotonic() + 20
    while (last := found()) != wanted:
        assert time.monotonic() < deadline, (last, wanted)
        time.sleep(0.05)  # between two looks at a condition, with a deadline


def kill_all(process: subprocess.Popen[str] | None) -> None:
    """SIGKILL for the server and every process of it, as a power cut would."""
    assert process is not None
    family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    for each in family:
        os.kill(each.pid, signal.SIGKILL)
    psutil.wait_procs(family, timeout=10)
    process.wait()
    if process.stdout is not None:
        process.stdout.close()

"""The web server: gunicorn with threads, and the worker as a process that it looks after."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.http import message

PROGRAM = Path(__file__).resolve().parents[2]

GRACE = 4
"""Seconds that requests and jobs in hand get to end after SIGTERM."""

LAST_WAIT = 0.5
"""Seconds more for the worker, once the web has ended."""

STALLED = 300
"""Seconds after which a web process that does nothing at all any more is replaced."""

LONGEST_ADDRESS = 1 << 20
"""Bytes of an address: a question pasted into the search box is one, nine bytes a character."""

LONGEST_HEADER = 1 << 14
"""Bytes of a header: htmx sends the address of the page in one."""

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
"""Seconds between two starts of a worker that keeps dying."""


@dataclass(frozen=True, slots=True)
class Options:
    host: str
    port: int
    workers: int
    threads: int
    with_worker: bool
    behind_proxy: bool


def run(app: Flask, options: Options) -> None:
    """Serve ``app`` until SIGTERM or SIGINT, then leave with ``SystemExit``."""
    Foreman(Server(app, options), beside=options.with_worker).run()


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn's view of the application, with the hub's choice of settings."""

    def __init__(self, app: Flask, options: Options) -> None:
        self.application = app
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        host = f"[{self.options.host}]" if ":" in self.options.host else self.options.host
        chosen = {
            "bind": f"{host}:{self.options.port}",
            "workers": self.options.workers,
            "worker_class": "gthread",
            "threads": self.options.threads,
            "preload_app": True,  # made once, shared by all processes until written to
            "timeout": STALLED,  # of the whole process: a slow upload stalls only its thread
            "graceful_timeout": GRACE,
            "keepalive": 5,
            "limit_request_line": LONGEST_ADDRESS,
            "limit_request_field_size": LONGEST_HEADER,
            "loglevel": "warning",
            "accesslog": None,
            "errorlog": "-",
            "proc_name": "hub",
            "control_socket_disable": True,
            # Whom to believe about X-Forwarded headers is decided in app.py, by counting hops.
            "forwarded_allow_ips": "*" if self.options.behind_proxy else "",
            "when_ready": say_where,
        }
        for name, value in chosen.items():
            self.cfg.set(name, value)
        message.MAX_REQUEST_LINE = LONGEST_ADDRESS  # else gunicorn makes 8,190 bytes of any limit

    def load(self) -> Flask:
        return self.application


def say_where(server: Arbiter) -> None:
    """Print the address, with the port that was really taken."""
    host, port = server.LISTENERS[0].getsockname()[:2]
    click.echo(f"http://{f'[{host}]' if ':' in host else host}:{port}")


class Foreman(Arbiter):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn's arbiter, which also keeps one worker process running beside the web."""

    def __init__(self, server: Server, *, beside: bool) -> None:
        super().__init__(server)
        self._companion = Companion(self.log.warning) if beside else None

    def manage_workers(self) -> None:
        super().manage_workers()
        if self._companion is not None:
            self._companion.keep_running()

    def stop(self, graceful: bool = True) -> None:  # noqa: FBT001, FBT002 - gunicorn's own signature
        companion, self._companion = self._companion, None
        if companion is not None:
            companion.ask_to_stop()
        super().stop(graceful)
        if companion is not None:
            companion.end()


class Companion:
    """The process ``hub worker``; started again whenever it dies, ever more slowly."""

    def __init__(self, warn: Callable[..., Any]) -> None:  # Any: what a logger returns is not used
        self._warn = warn
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._ended: float | None = None
        self._pause = 0.0

    def keep_running(self) -> None:
        """Start it if it is not there; called about once a second."""
        if self._process is not None:
            if self._process.poll() is None:
                return
            if self._ended is None:
                self._ended = time.monotonic()
                self._pause = self.next_pause(self._ended - self._started)
            if time.monotonic() < self._ended + self._pause:
                return
            self._warn("The worker has ended; it is started again.")
        self._started, self._ended = time.monotonic(), None
        self._process = start_worker()

    def next_pause(self, lived: float) -> float:
        """Seconds to wait after a worker that lived so long: ever more while they die young."""
        if lived >= LONGEST_PAUSE or not self._pause:
            self._pause = FIRST_PAUSE
        else:
            self._pause = min(LONGEST_PAUSE, self._pause * 2)
        return self._pause

    def ask_to_stop(self) -> None:
        if self._process is not None:
            self._process.terminate()

    def end(self) -> None:
        """Wait a moment, then kill: its lease lets another worker take over the job in hand."""
        if self._process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(LAST_WAIT)
        self._process.kill()
        self._process.wait()


def start_worker() -> "subprocess.Popen[bytes]":
    """``hub worker`` in a session of its own: Ctrl-C reaches it through the web server alone."""
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "resource_hub.entry", "worker", "--beside", str(os.getpid())],
        env=os.environ | {"PYTHONPATH": str(PROGRAM)},
        start_new_session=True,
    )

"""Behind nginx the hub decides who gets a file, and nginx, set up as in deploy/, sends it."""

import http.client
import os
import re
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from resource_hub.domain.people import Person
from resource_hub.edge.security_headers import FILE_POLICY
from tests.architecture.checkout import ROOT
from tests.given import Given
from tests.plugins.requirements import require_program
from tests.web.test_files import BYTES, Shelved, downloads, shelved, with_files

SECONDS_TO_START = 20


@pytest.fixture
def wang(given: Given) -> Person:
    school = given.school("实验小学")
    given.alliance(school)
    return given.teacher("王敏", school=school)


@pytest.fixture
def behind_nginx(app: Flask) -> Flask:
    app.extensions["hub"] = replace(app.extensions["hub"], downloads="nginx")
    return app


@pytest.fixture
def browser(behind_nginx: Flask) -> FlaskClient:
    return behind_nginx.test_client()


def test_nginx_is_told_which_file_and_what_it_is_called(
    given: Given, wang: Person, browser: FlaskClient
) -> None:
    shelf = with_files(given, wang, ("分数 第一课.bin", BYTES))
    key = shelf.keys[0]

    answer = browser.get(shelf.url, headers={"Range": "bytes=5-9"})

    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["X-Accel-Redirect"] == f"/stored/{key[:2]}/{key}"
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="{shelf.public_id}.bin"; '
        "filename*=UTF-8''%E5%88%86%E6%95%B0%20%E7%AC%AC%E4%B8%80%E8%AF%BE.bin"
    )
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Security-Policy"] == FILE_POLICY
    assert "ETag" not in answer.headers


def test_a_download_by_nginx_is_counted_where_it_begins(
    given: Given, wang: Person, session: Session, behind_nginx: Flask
) -> None:
    shelf = with_files(given, wang, ("a.bin", BYTES))

    for headers in (
        {},
        {"Range": "bytes=0-99"},
        {"Range": "bytes=100-"},
        {"Range": "bytes=-5"},
        {"If-None-Match": '"known"'},
    ):
        behind_nginx.test_client().get(shelf.url, headers=headers)

    assert downloads(session, shelf) == 2


def test_bytes_that_are_gone_are_said_by_the_hub(
    given: Given, wang: Person, behind_nginx: Flask, browser: FlaskClient
) -> None:
    shelf = with_files(given, wang, ("a.bin", BYTES))
    behind_nginx.extensions["hub"].storage.delete(shelf.keys[0])

    answer = browser.get(shelf.url)

    assert answer.status_code == 404
    assert "X-Accel-Redirect" not in answer.headers


class Nginx:
    """A running nginx in front of a hub."""

    def __init__(self, port: int) -> None:
        self._port = port

    def get(self, url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with closing(http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)) as line:
            line.request("GET", url, headers=named)
            answer = line.getresponse()
            return answer.status, dict(answer.headers), answer.read()


@pytest.fixture
def nginx(behind_nginx: Flask, session: Session, tmp_path: Path) -> Iterator[Nginx]:
    program = require_program("nginx")
    session.commit()
    server = make_server("127.0.0.1", 0, behind_nginx, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        with running(program, tmp_path, server.server_port) as port:
            yield Nginx(port)
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


@contextmanager
def running(program: str, folder: Path, hub_port: int) -> Iterator[int]:
    """Run nginx with what deploy/nginx.conf says, on a port of its own, without a certificate."""
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = int(chosen.getsockname()[1])
    shipped = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    upstream, _redirect, site = re.split(r"^server \{", shipped, flags=re.MULTILINE)
    site = re.sub(r"^ *(listen|ssl_certificate\w*) .*\n", "", "server {" + site, flags=re.MULTILINE)
    site = site.replace("server {", f"server {{ listen 127.0.0.1:{port};", 1)
    site = site.replace("/var/lib/resource-hub/blobs/", f"{folder}/blobs/")
    own = folder / "nginx"
    own.mkdir()
    temporary = "".join(
        f"{name}_temp_path {own}/{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (own / "nginx.conf").write_text(
        f"{'user root;' if os.getuid() == 0 else ''}\n"
        f"daemon off; master_process on; worker_processes 1; pid {own}/pid;\n"
        f"error_log {own}/error.log; events {{}}\n"
        f"http {{ access_log off; {temporary}\n"
        f"{upstream.replace('127.0.0.1:8000', f'127.0.0.1:{hub_port}')}\n{site} }}\n",
        "utf-8",
    )
    with subprocess.Popen(  # noqa: S603 - the nginx of this machine
        [program, "-p", str(own), "-c", str(own / "nginx.conf"), "-e", str(own / "error.log")]
    ) as process:
        try:
            wait_for(port, process, own / "error.log")
            yield port
        finally:
            process.terminate()


def wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            said = log.read_text("utf-8") if log.exists() else ""
            assert process.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(0.02)
        else:
            return


@pytest.fixture
def shelf(given: Given, wang: Person) -> Shelved:
    return with_files(given, wang, ("分数 第一课.bin", BYTES))


@pytest.fixture
def draft(given: Given, wang: Person) -> Shelved:
    revision = given.draft(by=wang)
    given.file(revision, by=wang, name="a.bin", content=BYTES)
    return shelved(given, revision)


def test_a_real_nginx_sends_files_parts_and_nothing_twice(
    shelf: Shelved, draft: Shelved, nginx: Nginx
) -> None:
    status, headers, content = nginx.get(shelf.url)
    assert (status, content) == (200, BYTES)
    assert headers["Content-Disposition"].endswith("%E7%AC%AC%E4%B8%80%E8%AF%BE.bin")
    assert headers["Content-Length"] == "10240"
    assert headers["Content-Security-Policy"] == FILE_POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "private, no-cache"
    assert "X-Accel-Redirect" not in headers

    part = nginx.get(shelf.url, Range="bytes=100-199", If_Range=headers["ETag"])
    assert (part[0], part[2]) == (206, BYTES[100:200])
    assert part[1]["Content-Range"] == "bytes 100-199/10240"
    assert part[1]["Content-Security-Policy"] == FILE_POLICY
    assert nginx.get(shelf.url, If_None_Match=headers["ETag"])[0::2] == (304, b"")
    assert nginx.get(shelf.url, Range="bytes=10240-")[0] == 416

    key = shelf.keys[0]
    assert nginx.get(f"/stored/{key[:2]}/{key}")[0] == 404
    assert nginx.get(draft.url)[0] == 404

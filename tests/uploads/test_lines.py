"""Lines that break, hang, double or run beside each other; a server that is killed."""

import hashlib
import random
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from tests.given import Given
from tests.journeys.conftest import start_hub
from tests.uploads.conftest import BYTES, Teacher, signed_in, two_teachers
from tests.uploads.lines import eventually, kill_all, open_patch

MIB = 1 << 20
FILM = random.Random(5).randbytes(6 * MIB)  # noqa: S311 - bytes, no secret
KEY = hashlib.sha256(FILM).hexdigest()


@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
def test_a_line_that_breaks_keeps_every_byte_that_arrived(wang: Teacher, reset: bool) -> None:  # noqa: FBT001 - pytest passes parameters by name
    url = wang.begin(len(FILM))
    line = open_patch(wang, url, 0, len(FILM))
    line.sendall(FILM[:2_345_678])
    partly = wang.hub.folder / "blobs" / "unfinished" / url.rsplit("/", 1)[1]
    eventually(lambda: max(each.stat().st_size for each in partly.iterdir()), 2_345_678)
    if reset:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    line.close()

    assert wang.offset(url) == 2_345_678
    assert wang.send(url, 2_345_678, FILM[2_345_678:]).status_code == 204
    assert wang.files() == [("film.mp4", KEY)]
    assert wang.stored(KEY) == FILM


def test_a_newer_line_takes_over_at_once_from_one_that_hangs(wang: Teacher) -> None:
    url = wang.begin(len(FILM))
    hanging = open_patch(wang, url, 0, len(FILM))
    hanging.sendall(FILM[:MIB])
    partly = wang.hub.folder / "blobs" / "unfinished" / url.rsplit("/", 1)[1]
    eventually(lambda: max(each.stat().st_size for each in partly.iterdir()), MIB)

    began = time.monotonic()
    assert wang.offset(url) == MIB
    assert wang.send(url, MIB, FILM[MIB:]).status_code == 204
    assert time.monotonic() - began < 5

    hanging.settimeout(10)
    assert hanging.recv(1000)[:12] != b""  # it was answered and its thread is free
    hanging.close()
    assert wang.files() == [("film.mp4", KEY)]


def test_a_refused_piece_does_not_cost_the_line(wang: Teacher) -> None:
    url = urlsplit(wang.begin(8))
    line = HTTPConnection(url.hostname or "", url.port, timeout=20)

    def ask(method: str, data: bytes = b"", **more: str) -> tuple[int, str | None]:
        line.request(method, url.path, data, wang.headers | BYTES | more)
        answer = line.getresponse()
        answer.read()
        return answer.status, answer.headers["Upload-Offset"]

    elsewhere, checksum = {"Upload-Offset": "5"}, {"Upload-Offset": "0", "Upload-Checksum": "x"}
    assert ask("PATCH", b"abc", **elsewhere) == (409, None)
    assert ask("HEAD") == (200, "0")
    assert ask("PATCH", b"abc", **checksum) == (400, None)
    assert ask("PATCH", b"more than was said", **{"Upload-Offset": "0"}) == (413, None)
    assert ask("PATCH", b"complete", **{"Upload-Offset": "0"}) == (204, "8")
    line.close()


@pytest.mark.long
def test_eight_files_at_once_arrive_whole(wang: Teacher) -> None:
    films = [FILM[seed:-seed] for seed in range(1, 9)]

    def bring(number: int) -> None:
        url, offset = wang.begin(len(films[number]), f"{number}.mp4"), 0
        while offset < len(films[number]):
            answer = wang.send(url, offset, films[number][offset : offset + 300_000])
            assert answer.status_code == 204
            offset = int(answer.headers["Upload-Offset"])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(bring, range(8)))

    expected = {f"{n}.mp4": hashlib.sha256(film).hexdigest() for n, film in enumerate(films)}
    assert dict(wang.files()) == expected
    for number, film in enumerate(films):
        assert wang.stored(expected[f"{number}.mp4"]) == film


@pytest.mark.long
def test_eight_writers_of_one_upload_make_one_whole_file(wang: Teacher) -> None:
    url = wang.begin(len(FILM))
    failures: list[int] = []
    deadline = time.monotonic() + 120

    def bring(_number: int) -> None:
        offset = 0
        while offset < len(FILM) and time.monotonic() < deadline:
            try:
                offset = wang.offset(url)
                sent = wang.send(url, offset, FILM[offset : offset + 200_000])
            except requests.ConnectionError:
                continue  # a newer line took over: ask where it is, as every client does
            if sent.status_code not in {204, 409}:
                failures.append(sent.status_code)
                return

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(bring, range(8)))

    assert failures == []
    assert wang.files() == [("film.mp4", KEY)]
    assert wang.stored(KEY) == FILM


@pytest.mark.long
def test_a_server_that_is_killed_goes_on_where_the_disk_is(
    arrange: Callable[[Callable[[Given], None]], Path],
) -> None:
    folder = arrange(two_teachers)
    dice = random.Random(6)  # noqa: S311 - dice, no secret
    process, hub = start_hub(folder)
    with signed_in(hub, "wangmin") as wang:
        url = wang.begin(len(FILM))
        acknowledged = 0
        for _kill in range(4):
            line = open_patch(wang, url, acknowledged, len(FILM) - acknowledged)
            more = dice.randint(100_000, MIB)
            line.sendall(FILM[acknowledged : acknowledged + more])
            kill_all(process)
            line.close()
            process, hub = start_hub(folder)
            url = hub.url + urlsplit(url).path
            wang.hub = hub
            offset = wang.offset(url)
            assert acknowledged <= offset <= acknowledged + more
            assert wang.send(url, offset, FILM[offset : offset + 100_000]).status_code == 204
            acknowledged = offset + 100_000
        assert wang.send(url, acknowledged, FILM[acknowledged:]).status_code == 204
        assert wang.files() == [("film.mp4", KEY)]
        assert wang.stored(KEY) == FILM
    kill_all(process)

"""The virus scanner: clean, infected, unwell, mute, gone; never taken for clean when unsure."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from resource_hub.files.clamd import ScannerSilent, TooLargeToScan, scan
from tests.files.scanner import NAME, VIRUS, Mood, Scanner, free_port, scanner


@pytest.fixture(params=["tcp", "unix"])
def daemon(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Scanner, str]]:
    with scanner(tmp_path / "socket" if request.param == "unix" else None) as found:
        yield found


def test_a_clean_file_is_clean(daemon: tuple[Scanner, str]) -> None:
    assert scan(daemon[1], io.BytesIO(b"lesson " * 100_000)) is None
    assert scan(daemon[1], io.BytesIO(b"")) is None


def test_a_virus_is_called_by_its_name(daemon: tuple[Scanner, str]) -> None:
    content = io.BytesIO(b"lesson " * 50_000 + VIRUS)
    content.seek(0, io.SEEK_END)  # wherever someone left it
    assert scan(daemon[1], content) == NAME


@pytest.mark.parametrize(
    ("mood", "said"),
    [
        (Mood.ERROR, "no verdict: INSTREAM: out of memory ERROR"),
        (Mood.HANGS_UP, "no verdict: it hung up"),
        (Mood.MUTE, "does not answer: timed out"),
    ],
)
def test_who_gives_no_verdict_has_not_passed_it(
    daemon: tuple[Scanner, str], mood: Mood, said: str
) -> None:
    server, url = daemon
    server.mood = mood
    with pytest.raises(ScannerSilent, match=said):
        scan(url, io.BytesIO(b"lesson"), seconds=0.3)


def test_a_file_larger_than_it_takes_is_told_apart(daemon: tuple[Scanner, str]) -> None:
    server, url = daemon
    server.most = 100
    with pytest.raises(TooLargeToScan, match="StreamMaxLength"):
        scan(url, io.BytesIO(bytes(101)))


def test_a_daemon_that_is_not_there_is_silent(tmp_path: Path) -> None:
    with pytest.raises(ScannerSilent, match="does not answer"):
        scan(f"tcp://127.0.0.1:{free_port()}", io.BytesIO(b"lesson"))
    with pytest.raises(ScannerSilent, match="does not answer"):
        scan(f"unix:{tmp_path / 'nothing'}", io.BytesIO(b"lesson"))

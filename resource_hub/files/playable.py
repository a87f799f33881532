"""A film or sound that every browser plays, made in a process of its own."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from resource_hub.files.bounded import OUR_CODE, our_places, run_bounded
from resource_hub.files.browsers import Wrap
from resource_hub.files.facts import Trouble
from resource_hub.files.guard import MIB, Unreadable

UNREADABLE = 3
"""Exit code of the child where it cannot decode; its last word is then the trouble's code."""

MEMORY = 2_048 * MIB
"""Address space; of memory an encoder of 1080p touches a tenth."""

LONGEST = 6 * 3600.0
"""Seconds of film that are worth it: a school day."""

_START, _SLOWNESS = 120, 10
# Seconds to begin with, and how many times its own duration a film may take on a busy old machine.
_BYTES_A_SECOND = 400_000  # of film: a little more than the encoder may spend
_NAME = "playable"
_MARKS = {Wrap.MP4: (4, b"ftyp"), Wrap.WEBM: (0, b"\x1a\x45\xdf\xa3")}


@dataclass(frozen=True, slots=True)
class Played:
    """What was made, as far as the child is believed.

    Attributes:
        path: Gone when the scratch folder goes.
        encoded: Something was encoded anew; else all was copied.
        width: In pixels, None for a sound; likewise ``height``.
    """

    path: Path
    wrap: Wrap
    encoded: bool
    seconds: float
    width: int | None
    height: int | None

    @property
    def media_type(self) -> str:
        return f"{'video' if self.width else 'audio'}/{self.wrap}"


def make_at_a_distance(
    source: Path,
    folder: Path,
    *,
    seconds: float | None,
    progress: Callable[[float], None] = lambda _: None,
) -> Played:
    """``transcode.make_playable`` where it can do no harm.

    Args:
        folder: An empty one; see ``bounded.scratch``.
        seconds: The duration of the film, if known.
        progress: Told how many seconds of it are done.

    Raises:
        Unreadable: it cannot be decoded, is too long, took too long, or killed the process twice.
        OSError: there is no room to write to.
    """
    expected = seconds if seconds is not None else LONGEST
    if expected > LONGEST:
        raise Unreadable(Trouble.TOO_LARGE)
    target = folder / _NAME
    try:
        return _make(source, target, expected, progress)
    except Unreadable as error:
        if error.trouble is not Trouble.KILLED:
            raise
    return _make(source, target, expected, progress)


def _make(source: Path, target: Path, seconds: float, progress: Callable[[float], None]) -> Played:
    last = ""

    def listen(line: str) -> None:
        nonlocal last
        last = line
        try:
            progress(float(line))
        except ValueError:
            return  # the last line, which says what was made

    ran = run_bounded(
        [sys.executable, "-m", "resource_hub.files.transcode_child", str(source), str(target)],
        seconds=_START + _SLOWNESS * seconds,
        memory=MEMORY,
        folder=target.parent,
        readable=[*our_places(), source],
        folder_bytes=int(source.stat().st_size * 1.1 + _BYTES_A_SECOND * seconds + 16 * MIB),
        environment=OUR_CODE,
        on_line=listen,
    )
    if ran.code == UNREADABLE:
        raise Unreadable(_trouble(ran.said))
    if ran.code != 0:
        # A full disk, say: another time it may go well.
        raise OSError(f"Making a film playable ended with {ran.code}: {ran.said[-500:]}")
    try:
        return _believed(target, json.loads(last))
    except (ValueError, TypeError, KeyError, FileNotFoundError) as error:
        raise Unreadable(Trouble.DAMAGED) from error


def _believed(path: Path, said: dict[str, Any]) -> Played:  # Any: JSON has no types yet
    wrap = Wrap(said["wrap"])
    at, mark = _MARKS[wrap]
    with path.open("rb") as stream:
        if stream.read(at + len(mark))[at:] != mark:
            raise ValueError("The file is not what it is said to be.")
    return Played(
        path=path,
        wrap=wrap,
        encoded=said["encoded"] is True,
        seconds=float(said["seconds"]),
        width=_side(said["width"]),
        height=_side(said["height"]),
    )


def _trouble(said: str) -> Trouble:
    lines = said.split()
    return Trouble(lines[-1]) if lines and lines[-1] in set(Trouble) else Trouble.DAMAGED


def _side(said: object) -> int | None:
    return int(said) if isinstance(said, int) and 0 < said < 1 << 16 else None

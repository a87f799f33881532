"""A rebuild's analysis in processes of their own, beside the one that reads and writes.

Analysis is what a rebuild spends most of its time on, and Python uses one core a process. Documents
go out in batches and come back as entries, nearly in their order. A child ends when its input does,
so none outlives a parent that was killed.
"""

import copyreg
import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import fields
from itertools import chain, islice
from operator import attrgetter
from pathlib import Path
from select import select
from typing import BinaryIO, cast

from search_index.base import IndexDocument, IndexUnavailable, Place
from search_index.fields import Entry, entry_of

WORTH_IT = 3_000
"""Documents from which processes gain more time than they take to start."""

BATCH = 50
"""Documents that travel together."""

_IN_FLIGHT = 3  # batches of one process
_MOST = 3  # processes: then the writer is the slowest
_CODE = Path(__file__).resolve().parents[1]


def entries(documents: Iterable[IndexDocument], *, processes: int | None = None) -> Iterator[Entry]:
    """Analyse ``documents``, a long row of them with several processes and not quite in order.

    ``processes`` is one less than there are cores unless it is given. Raises ``IndexUnavailable``
    if one of them dies.
    """
    waiting = iter(documents)
    yield from map(entry_of, islice(waiting, WORTH_IT))
    count = min((os.cpu_count() or 1) - 1, _MOST) if processes is None else processes
    first = list(islice(waiting, BATCH))
    if count < 1 or not first:
        yield from map(entry_of, chain(first, waiting))
        return
    analysts = [_Analyst() for _ in range(count)]
    try:
        yield from _shared_out(analysts, chain(first, waiting))
    finally:
        for analyst in analysts:
            analyst.end()


def _shared_out(analysts: list["_Analyst"], documents: Iterator[IndexDocument]) -> Iterator[Entry]:
    """Give each process its turn, and work here too while all of them are busy."""
    asked: deque[_Analyst] = deque()
    free = deque(analysts * _IN_FLIGHT)
    while True:
        while free and (batch := list(islice(documents, BATCH))):
            analyst = free.popleft()
            analyst.ask(batch)
            asked.append(analyst)
        if not asked:
            return
        if not asked[0].is_done and (batch := list(islice(documents, BATCH))):
            yield from map(entry_of, batch)
            continue
        analyst = asked.popleft()
        yield from analyst.answer()
        free.append(analyst)


def _quick_to_send(kind: type[IndexDocument | Place | Entry]) -> None:
    """Pickle ``kind`` as a row of values: a dataclass with slots goes through Python otherwise."""
    values = attrgetter(*(field.name for field in fields(kind)))
    copyreg.pickle(kind, lambda thing: (kind, values(thing)))


for _kind in (IndexDocument, Place, Entry):
    _quick_to_send(_kind)


class _Analyst:
    """One child process."""

    def __init__(self) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-m", "search_index.analyst_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(_CODE), *sys.path])},
        )

    def ask(self, batch: list[IndexDocument]) -> None:
        try:
            pickle.dump(batch, cast("BinaryIO", self._child.stdin))
            cast("BinaryIO", self._child.stdin).flush()
        except OSError as error:
            raise _dead() from error

    @property
    def is_done(self) -> bool:
        """Whether an answer has begun to arrive."""
        return bool(select([cast("BinaryIO", self._child.stdout)], [], [], 0)[0])

    def answer(self) -> list[Entry]:
        try:
            found: list[Entry] = pickle.load(cast("BinaryIO", self._child.stdout))  # noqa: S301 - our own child wrote it
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            raise _dead() from error
        return found

    def end(self) -> None:
        self._child.kill()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe:
                with suppress(OSError):  # of one that has died: what was not sent is not sent
                    pipe.close()
        self._child.wait()


def _dead() -> IndexUnavailable:
    return IndexUnavailable("A process of the rebuild has died; rebuild the index again.")

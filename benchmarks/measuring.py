"""How every benchmark measures and speaks: progress on stderr, a table and the goals on stdout."""

import argparse
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import psutil

T = TypeVar("T")

SAY_EVERY = 5.0
"""Seconds between two words about progress."""

LOOK_EVERY = 0.2
"""Seconds between two looks at the memory."""


def arguments(description: str, *, documents: str) -> argparse.ArgumentParser:
    """Give a parser with what all benchmarks understand; ``documents`` is the default."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--documents", default=documents, help="how many; default: %(default)s")
    parser.add_argument(
        "--keep", type=Path, help="folder in which databases and indexes stay for the next run"
    )
    return parser


@contextmanager
def folder(keep: Path | None) -> Iterator[Path]:
    """Give the folder to keep things in, or one that is removed at the end."""
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.absolute()
        return
    with tempfile.TemporaryDirectory() as temporary:
        yield Path(temporary)


def tell(sentence: str) -> None:
    """Say on stderr how far it is."""
    print(f"  {sentence}", file=sys.stderr, flush=True)


def told(name: str, things: Iterable[T], *, limit: float = float("inf")) -> Iterator[T]:
    """Pass ``things`` on, for at most ``limit`` seconds, and say now and then how many it were."""
    begin = said = time.perf_counter()
    for number, thing in enumerate(things, 1):
        yield thing
        now = time.perf_counter()
        if now - said > SAY_EVERY:
            tell(f"{name}: {number:,} in {now - begin:.0f} s")
            said = now
        if now - begin > limit:
            tell(f"{name}: stopped at {number:,}, after {limit:.0f} s")
            return


def best_times(ask: Callable[[str], object], queries: Sequence[str], *, runs: int) -> list[float]:
    """Ask everything once unmeasured, then ``runs`` times; the best of each query, in ms."""
    best = [float("inf")] * len(queries)
    for run in range(runs + 1):
        for place, query in enumerate(queries):
            begin = time.perf_counter()
            ask(query)
            spent = (time.perf_counter() - begin) * 1_000
            if run:
                best[place] = min(best[place], spent)
    return best


def p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20, method="inclusive")[-1]


def goal(name: str, reached: float, wanted: float, *, unit: str = "×", least: bool = False) -> None:
    """Print one line of the table of goals; ``least`` when more is better."""
    met = reached >= wanted if least else reached <= wanted
    sign = "≥" if least else "≤"
    print(
        f"{'met    ' if met else 'NOT met'}  {name}: {reached:.3g}{unit} (goal {sign} {wanted:g})"
    )


class Memory:
    """Watches the processes that this one starts, children of children included.

    ``peak`` is the most, in bytes, that was resident in all of them together; pages that two of
    them share count twice.
    """

    def __init__(self) -> None:
        self.peak = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        own = psutil.Process()
        while not self._over.wait(LOOK_EVERY):
            resident = 0
            for child in own.children(recursive=True):
                try:
                    resident += child.memory_info().rss
                except psutil.Error:  # it has just ended
                    continue
            self.peak = max(self.peak, resident)

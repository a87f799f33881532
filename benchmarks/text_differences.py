"""How long it takes to compare two texts of 200,000 characters, beside difflib.

    python -m benchmarks.text_differences

Pairs: a few edits, many edits, paragraphs in another order, the same text broken into other lines,
and two texts that have nothing in common. difflib compares the same tokens; it gets a process of
its own and is stopped after ``--patience`` seconds. Goal: 3 seconds, what a page may take.
"""

import argparse
import multiprocessing
import random
import time
from collections.abc import Iterator
from difflib import SequenceMatcher

from benchmarks.measuring import goal, tell
from resource_hub.domain.linked_paragraphs import tokens_of
from resource_hub.domain.text_differences import Op, applied, differences

CHARACTERS = 200_000
GOAL = 3.0  # seconds
WORDS = "分数月饼平均每份学生教师讨论练习板书作业目标重点难点图形面积周长认识比较折纸涂色说一说写算"


def paragraphs(seed: int) -> list[str]:
    """Paragraphs of 20 to 120 characters, 200,000 in all."""
    chance = random.Random(seed)
    found, length = [], 0
    while length < CHARACTERS:
        text = "".join(chance.choice(WORDS) for _ in range(chance.randint(20, 120))) + "。"
        found.append(text)
        length += len(text) + 1
    return found


def pairs() -> Iterator[tuple[str, str, str]]:
    """Name, old and new text."""
    chance = random.Random(7)
    old = paragraphs(1)
    before = "\n".join(old)
    for name, share in (("a few edits", 0.01), ("many edits", 0.3)):
        new = [text[:10] + "改动" + text[14:] if chance.random() < share else text for text in old]
        yield name, before, "\n".join(new)
    shuffled = [old[start : start + 40] for start in range(0, len(old), 40)]
    chance.shuffle(shuffled)
    yield "sections in another order", before, "\n".join(sum(shuffled, []))  # noqa: RUF017 - a few
    flat = "".join(old)
    broken = [
        "\n".join(text[i : i + 38] for i in range(0, len(text), 38)) for text in (flat, "注" + flat)
    ]
    yield "other breaks of lines", broken[0], broken[1]
    yield "nothing in common", before, "\n".join(paragraphs(2))


def by_difflib(before: str, after: str) -> None:
    """The same tokens, the standard library's way."""
    SequenceMatcher(None, tokens_of(before), tokens_of(after), autojunk=False).get_opcodes()


def timed_difflib(before: str, after: str, patience: float) -> float | None:
    """Seconds, or None when it took longer than ``patience``."""
    process = multiprocessing.Process(target=by_difflib, args=(before, after))
    begin = time.perf_counter()
    process.start()
    process.join(patience)
    if process.is_alive():
        process.kill()
        process.join()
        return None
    return time.perf_counter() - begin


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--patience", type=float, default=20.0, help="seconds for difflib")
    patience = parser.parse_args().patience
    slowest = 0.0
    print(f"{'':28}{'hub':>8}{'difflib':>10}   kept of the old text")
    for name, before, after in pairs():
        tell(name)
        begin = time.perf_counter()
        rows = differences(before, after)
        seconds = time.perf_counter() - begin
        if applied(rows, before) != after:
            raise SystemExit(f"{name}: the difference is wrong")
        slowest = max(slowest, seconds)
        kept = sum(len(p.text) for row in rows for p in row.pieces if p.op is Op.KEEP)
        other = timed_difflib(before, after, patience)
        said = f"> {patience:.0f} s" if other is None else f"{other:.1f} s"
        print(f"{name:28}{seconds:6.2f} s{said:>10}   {kept / len(before):.0%}")
    goal("the slowest comparison", slowest, GOAL, unit=" s")


if __name__ == "__main__":
    main()

"""Copies of real works in eight disguises: which are found, by whom; and how long a look takes.

    python -m benchmarks.near_duplicates --documents 20000,200000 --keep /tmp/benchmarks

Which are found: in memory, by the code that the hub runs on its tables, beside datasketch's
MinHashLSH (128 permutations; ``pip install datasketch``) on the same shingles, with the thresholds
at which it finds most and at which it is most often right. A peer's answer is what its index
gives, and what is left of that when the estimated resemblance is asked too.

How long: the whole comparison of a draft with a hub on SQLite (reading its words, the print, the
candidates, their texts, the passages), once warm. The physical limit beside it: reading the rows
of its values from the primary key with the bare driver.
"""

import random
import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy.orm import Session

from benchmarks.alike_hub import alike_hub
from benchmarks.alike_pairs import Asked, Material, MemoryShelf, Score, material
from benchmarks.disguises import DISGUISES
from benchmarks.measuring import arguments, folder, goal, p95, tell, told
from resource_hub.domain.similarity import cut, print_of
from resource_hub.models.database import open_database
from resource_hub.services.similarity import compare_work
from resource_hub.services.work_texts import texts_of
from search_index.analysis import fold

THRESHOLDS = (0.1, 0.3, 0.5)
PERMUTATIONS = 128
PROVINCE = 2_000_000

Finder = Callable[[str], Collection[int]]


def ours(given: Material) -> Finder:
    shelf = MemoryShelf()
    for work in told("ours", given.corpus):
        shelf.add(work.text)
    return shelf.alike


def theirs(given: Material, threshold: float, *, sure: bool) -> Finder:
    """Datasketch's index; ``sure``: only what it estimates at the threshold or above."""
    from datasketch import MinHash, MinHashLSH  # noqa: PLC0415 - only who compares needs it

    def hashes(text: str) -> Any:  # Any: datasketch has no types
        made = MinHash(num_perm=PERMUTATIONS)
        made.update_batch([shingle.encode() for shingle in set(cut(fold(text)).shingles)])
        return made

    index = MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)
    kept = [hashes(work.text) for work in told(f"datasketch {threshold}", given.corpus)]
    for number, made in enumerate(kept):
        index.insert(number, made)

    def find(text: str) -> Collection[int]:
        asked = hashes(text)
        found = [int(number) for number in index.query(asked)]
        return [n for n in found if not sure or asked.jaccard(kept[n]) >= threshold]

    return find


def scored(name: str, find: Finder, asked: Sequence[Asked]) -> tuple[dict[str, Score], float]:
    """The scores by disguise, with that of all as ``all``; and the seconds that it took."""
    scores = defaultdict[str, Score](Score)
    begin = time.perf_counter()
    for each in told(name, asked):
        answer = find(each.work.text)
        scores[each.disguise].add(each.sources, answer)
        scores["all"].add(each.sources, answer)
    return scores, time.perf_counter() - begin


def print_scores(given: Material) -> None:
    finders = {"hub": ours(given)}
    for threshold in THRESHOLDS:
        finders[f"LSH {threshold}"] = theirs(given, threshold, sure=False)
    finders["LSH 0.3 sure"] = theirs(given, 0.3, sure=True)
    results = {name: scored(name, find, given.asked) for name, find in finders.items()}
    print(
        f"{results['hub'][0]['all'].pairs:,} pairs, {len(given.corpus):,} works; recall, and wrong"
    )
    print(f"{'':18}" + "".join(f"{name:>14}" for name in finders))
    for disguise in (*DISGUISES, "innocent", "all"):
        cells = [
            f"{score.recall:8.3f}{score.wrong:6,}"
            for score in (result[0][disguise] for result in results.values())
        ]
        print(f"{disguise:18}" + "".join(cells))
    precisions = [f"{result[0]['all'].precision:8.3f}      " for result in results.values()]
    print(f"{'precision':18}" + "".join(precisions))
    times = [f"{1_000 * result[1] / len(given.asked):8.1f}      " for result in results.values()]
    print(f"{'ms each':18}" + "".join(times))
    whole = results["hub"][0]["all"]
    goal("recall", whole.recall, 0.95, unit="", least=True)
    goal("precision", whole.precision, 0.98, unit="", least=True)


@dataclass(frozen=True, slots=True)
class Looks:
    """How long looks into a hub took, in ms, and how large what they look into is."""

    works: int
    compared: Sequence[float]
    processor: Sequence[float]
    """The same in the time of the processor, which a busy machine lengthens less."""
    bare: Sequence[float]
    scores: Score
    values: int
    value_bytes: int


def looks(path: Path, count: int, given: Material, number: int) -> Looks:
    settings = alike_hub(path / f"alike-{count}", count, given)
    file = settings.database_url.removeprefix("sqlite:///")
    engine = open_database(settings.database_url)
    dice = random.Random(9)
    chosen = dice.sample(range(len(given.asked)), min(number, len(given.asked)))
    compared, processor, prints, scores = [], [], [], Score()
    try:
        with Session(engine) as session:
            for run in range(2):
                for place in chosen:
                    begin, used = time.perf_counter(), time.process_time()
                    found = compare_work(session, count + 1 + place)
                    spent = (time.perf_counter() - begin) * 1_000
                    session.rollback()
                    if run:
                        compared.append(spent)
                        processor.append((time.process_time() - used) * 1_000)
                        sources = {source + 1 for source in given.asked[place].sources}
                        scores.add(sources, {alike.other_id for alike in found.alike})
            for place in chosen:
                work = texts_of(session, [count + 1 + place])[count + 1 + place]
                prints.append(print_of(cut(work.folded)).values)
    finally:
        engine.dispose()
    connection = sqlite3.connect(file)
    bare = []
    for values in prints:
        question = f"SELECT value, revision_id FROM work_value WHERE value IN ({','.join('?' * len(values))})"  # noqa: S608, E501 - only marks
        begin = time.perf_counter()
        connection.execute(question, values).fetchall()
        bare.append((time.perf_counter() - begin) * 1_000)
    rows = connection.execute("SELECT count(*) FROM work_value").fetchone()[0]
    size = connection.execute(
        "SELECT sum(pgsize) FROM dbstat WHERE name LIKE '%work_value%'"
    ).fetchone()[0]
    connection.close()
    return Looks(count, compared, processor, bare, scores, rows, size)


def print_looks(table: Sequence[Looks]) -> None:
    print(
        f"{'works':>12}{'median ms':>11}{'p95 ms':>9}{'CPU p95':>9}"
        f"{'bare p95':>10}{'values':>12}{'MB':>8}"
    )
    for each in table:
        print(
            f"{each.works:12,}{median(each.compared):11.1f}{p95(each.compared):9.1f}{p95(each.processor):9.1f}"
            f"{p95(each.bare):10.2f}{each.values:12,}{each.value_bytes / 1e6:8.0f}"
            f"   recall {each.scores.recall:.3f}, precision {each.scores.precision:.3f}"
        )
    last = table[-1]
    times = PROVINCE / last.works
    print(
        f"extrapolated to {PROVINCE:,}: {last.values * times:,.0f} values,"
        f" {last.value_bytes * times / 1e9:.1f} GB; a look stays at most 1,024 values"
        f" of at most 300 works each"
    )
    goal(f"p95 of a comparison among {last.works:,}", p95(last.compared), 50, unit=" ms")


def main() -> None:
    parser = arguments(__doc__.splitlines()[0], documents="20000,200000")
    parser.add_argument("--copies", type=int, default=150, help="works copied in every way")
    parser.add_argument("--no-pairs", action="store_true", help="only time the comparisons")
    parser.add_argument("--looks", type=int, default=400, help="comparisons timed in each hub")
    chosen = parser.parse_args()
    given = material(chosen.copies)
    tell(f"{len(given.asked):,} texts to ask about")
    if not chosen.no_pairs:
        print_scores(given)
    sizes = [int(part) for part in chosen.documents.split(",") if part]
    with folder(chosen.keep) as path:
        table = [looks(path, count, given, chosen.looks) for count in sizes]
    if table:
        print_looks(table)


if __name__ == "__main__":
    main()

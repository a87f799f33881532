"""Copies in eight disguises, of real texts, among others in the same form: found, and no more."""

from collections import defaultdict

from benchmarks.alike_pairs import MemoryShelf, Score, material
from benchmarks.disguises import DISGUISES
from tests.samples import needs_samples


@needs_samples
def test_copies_in_each_disguise_are_found_and_nobody_is_suspected_for_a_form() -> None:
    given = material(20, bystanders=150)
    shelf = MemoryShelf()
    for work in given.corpus:
        shelf.add(work.text)
    scores, whole = defaultdict[str, Score](Score), Score()
    for asked in given.asked:
        answer = shelf.alike(asked.work.text)
        scores[asked.disguise].add(asked.sources, answer)
        whole.add(asked.sources, answer)
    assert whole.precision >= 0.98
    assert {name: scores[name].recall >= 0.95 for name in DISGUISES} == dict.fromkeys(
        DISGUISES, True
    )
    assert (whole.pairs, scores["innocent"].wrong) == (180, 0)

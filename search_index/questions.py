"""What a question is about, less the words by which it is asked: 请问有没有关于勾股定理的教案."""

import re
from collections.abc import Iterator
from functools import lru_cache

from search_index.word_lists import words_of_asking


def subjects(run: str) -> Iterator[tuple[int, int]]:
    """Yield beginning and end of what is asked for in a run of folded ideographs.

    Nothing where all of it only asks. A single character that is left between two such words
    (讲, 找) means nothing by itself.
    """
    begin = 0
    for asking in _asking().finditer(run):
        yield from _part(run, begin, asking.start())
        begin = asking.end()
    yield from _part(run, begin, len(run))


def _part(run: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    if end - begin > 1 or (end - begin == len(run)):
        yield begin, end


@lru_cache(maxsize=1)
def _asking() -> re.Pattern[str]:
    longest_first = sorted(words_of_asking(), key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, longest_first)))

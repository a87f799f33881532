"""The same text as another region writes it: OpenCC's phrase tables, for whole queries.

What ``data/regional.txt`` has is known word by word; OpenCC knows thousands more, but only turns
whole texts, choosing words by their neighbours.
"""

from functools import lru_cache

from opencc import OpenCC

from search_index.analysis import fold

LONGEST = 60
"""Characters; a longer query is a pasted text and holds words enough."""


@lru_cache(maxsize=1)
def _converters() -> tuple[OpenCC, OpenCC, OpenCC, OpenCC]:
    return OpenCC("s2t"), OpenCC("tw2sp"), OpenCC("hk2sp"), OpenCC("s2twp")


def variants(folded: str) -> tuple[str, ...]:
    """Give folded text in the words of the mainland, and in those of Taiwan, where they differ."""
    if len(folded) > LONGEST or folded.isascii():
        return ()
    traditional, from_taiwan, from_hong_kong, to_taiwan = _converters()
    local = traditional.convert(folded)
    written = (
        from_taiwan.convert(local),
        from_hong_kong.convert(local),
        to_taiwan.convert(folded),
    )
    return tuple(text for text in dict.fromkeys(map(fold, written)) if text != folded)

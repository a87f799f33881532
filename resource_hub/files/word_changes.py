"""What was deleted while Word followed changes, and still stands in a doc among the rest.

Its runs are marked in pages of 512 bytes, which list where each run of characters lies and, behind
an offset, how it differs from its paragraph: [MS-DOC] 2.9.33 and 2.6.1.
"""

import struct
from bisect import bisect_right
from itertools import pairwise
from operator import itemgetter

_RUNS = 250  # position and length, in the table stream, of the list of the pages
_PAGE = 512
_DELETED = 0x0800
_OPERANDS = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}  # bytes; kind 6 says itself how many
GONE = "\0"
"""Instead of each character that was deleted, so that those after it keep their positions."""


def deleted_ranges(main: bytes, table: bytes) -> list[tuple[int, int]]:
    """From where to where in the stream deleted characters lie: rising, none inside another."""
    found: list[tuple[int, int]] = []
    try:
        at, length = struct.unpack_from("<II", main, _RUNS)
        count = min(length, len(table) - at) // 8
        pages = struct.unpack_from(f"<{count}I", table, at + 4 * (count + 1)) if count > 0 else ()
        for page in pages:
            found += _deleted_in(main[(page & 0x3FFFFF) * _PAGE :][:_PAGE])
    except struct.error:
        pass  # marks that make no sense hide nothing
    apart: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


def without(text: str, begin: int, width: int, gone: list[tuple[int, int]]) -> str:
    """A piece of text with ``GONE`` in place of what was deleted.

    Args:
        begin: Where it lies in the stream.
        width: Bytes of a character.
    """
    out, at = [], 0
    number = bisect_right(gone, begin, key=itemgetter(1))
    while number < len(gone) and gone[number][0] < begin + len(text) * width:
        first, last = ((place - begin) // width for place in gone[number])
        first, last = max(at, first), min(len(text), last)
        out += [text[at:first], GONE * (last - first)]
        at = max(at, last)
        number += 1
    return "".join((*out, text[at:]))


def _deleted_in(page: bytes) -> list[tuple[int, int]]:
    if len(page) < _PAGE:
        return []
    count = page[-1]
    places = struct.unpack_from(f"<{count + 1}I", page)
    offsets = struct.unpack_from(f"<{count}B", page, 4 * (count + 1))
    return [
        span
        for span, offset in zip(pairwise(places), offsets, strict=True)
        if offset and _says_deleted(page[2 * offset + 1 :][: page[2 * offset]])
    ]


def _says_deleted(changes: bytes) -> bool:
    at = 0
    while at + 3 <= len(changes):
        what = int.from_bytes(changes[at : at + 2], "little")
        if what == _DELETED:
            return changes[at + 2] == 1
        at += 2 + _OPERANDS.get(what >> 13, changes[at + 2] + 1)
    return False

"""Volumes bound into one PDF: the pages of each take the place of empty ones in a frame.

The frame is what typst sets last: cover and contents, then an empty page for each page of the
volumes, with their headings where they came to stand. So links, bookmarks, title and language are
typst's own, and lead to the right places; here only pages change places. pdfium, which could copy
pages, forgets all these.

It reads what typst writes and nothing else: one table of objects, none of them inside another, no
encryption. The objects are copied as they are, under new numbers.
"""

import hashlib
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import BinaryIO

_TOKEN = re.compile(rb"[()]|\\.|<[0-9A-Fa-f]*>|(\d+) 0 R\b|(>>\s*stream\r?\n|endobj)", re.DOTALL)
_NUMBER = rb" (\d+) 0 R"
_TABLE = re.compile(rb"xref\s+0 (\d+)\s+")
_OWN_NAME = re.compile(rb"(/ID\[\([^()]*\))\([^()]*\)")
"""The second name of a file changes with what is in it, the first one never does."""
_LINE = 20
"""Bytes of a line of the table."""


class Unbindable(ValueError):
    """The volumes do not fit the frame, or are not as typst writes them."""


class Objects:
    """The objects of one PDF by their numbers."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        table_at = int(content[content.rindex(b"startxref") + 9 :].split(None, 1)[0])
        table = _TABLE.match(content, table_at)
        if table is None:
            raise Unbindable("its table of objects is not typst's")
        lines = range(table.end(), table.end() + int(table[1]) * _LINE, _LINE)
        self._begins = {
            number: int(content[line : line + 10])
            for number, line in enumerate(lines)
            if content[line + 17 : line + 18] == b"n"
        }
        order = sorted(self._begins.values())
        self._ends = dict(zip(order, [*order[1:], table_at], strict=True))
        self.trailer = content[lines.stop : content.rindex(b"startxref")]
        self.root, self.info = (
            self._named(self.trailer, b"Root"),
            self._named(self.trailer, b"Info"),
        )

    def __getitem__(self, number: int) -> tuple[bytes, bytes]:
        """The object's own words, and its stream and end."""
        begin = self._begins[number]
        whole = self._content[begin : self._ends[begin]]
        start = whole.index(b"obj") + 3
        for kind, found in _tokens(whole, start):
            if kind == "end":
                return whole[start : found.start(2)], whole[found.start(2) :]
        raise Unbindable(f"object {number} has no end")

    def pages(self) -> list[int]:
        return list(self._leaves(self._named(self[self.root][0], b"Pages")))

    def parent(self, page: int) -> int:
        return self._named(self[page][0], b"Parent")

    def _leaves(self, node: int) -> Iterator[int]:
        words = self[node][0]
        kids = re.search(rb"/Kids\s*\[([^\]]*)\]", words)
        if kids is None:
            yield node
            return
        for number in re.findall(rb"(\d+) 0 R", kids[1]):
            yield from self._leaves(int(number))

    def _named(self, words: bytes, name: bytes) -> int:
        found = re.search(b"/" + name + _NUMBER, words)
        if found is None:
            raise Unbindable(f"no {name.decode()}")
        return int(found[1])


def _tokens(words: bytes, start: int = 0) -> Iterator[tuple[str, re.Match[bytes]]]:
    """References to objects, and the end of an object's own words; texts are passed over."""
    depth = 0
    for found in _TOKEN.finditer(words, start):
        if found[0] in b"()":
            depth += 1 if found[0] == b"(" else -1
        elif depth == 0 and found[1]:
            yield "reference", found
        elif depth == 0 and found[2]:
            yield "end", found


def _renumbered(words: bytes, number: Callable[[int], int]) -> bytes:
    parts, at = [], 0
    for kind, found in _tokens(words):
        if kind == "reference":
            parts += [words[at : found.start()], b"%d 0 R" % number(int(found[1]))]
            at = found.end()
    return b"".join([*parts, words[at:]])


class _Book:
    """A PDF that is being written."""

    def __init__(self, target: BinaryIO) -> None:
        self._target = target
        self._places: dict[int, int] = {}
        self._last = 0
        self._seen = hashlib.sha256()
        target.write(b"%PDF-1.7\n%\x80\x80\x80\x80\n\n")

    def next_number(self) -> int:
        self._last += 1
        return self._last

    def add(self, source: Objects, first: Iterable[int], known: dict[int, int]) -> None:
        """Write what can be reached from the ``first`` objects.

        Args:
            known: New numbers by old ones; gets those that are given here. What is in it
                beforehand is written only if it is one of ``first``.
        """
        waiting = deque(first)
        self._seen.update(source.trailer)

        def number(old: int) -> int:
            if old not in known:
                known[old] = self.next_number()
                waiting.append(old)
            return known[old]

        while waiting:
            old = waiting.popleft()
            words, rest = source[old]
            words = _renumbered(words, number)
            self._places[known[old]] = self._target.tell()
            self._target.write(b"%d 0 obj" % known[old] + words + rest)

    def close(self, trailer: bytes, known: Mapping[int, int]) -> None:
        table_at, size = self._target.tell(), self._last + 1
        self._target.write(b"xref\n0 %d\n0000000000 65535 f\r\n" % size)
        for number in range(1, size):
            self._target.write(b"%010d 00000 n\r\n" % self._places[number])
        trailer = _renumbered(trailer, known.__getitem__)
        trailer = re.sub(rb"/Size \d+", b"/Size %d" % size, trailer, count=1)
        trailer = _OWN_NAME.sub(rb"\g<1>(%b)" % self._seen.hexdigest().encode(), trailer, count=1)
        self._target.write(trailer + b"startxref\n%d\n%%%%EOF" % table_at)


def bind(frame: bytes, volumes: Iterable[bytes], target: BinaryIO, *, front: int) -> None:
    """Write the frame with the pages of the volumes in the place of its empty ones.

    Args:
        volumes: One after the other; only one is held at a time.
        front: How many pages of the frame stay.

    Raises:
        Unbindable: there are more or fewer pages than empty ones.
    """
    around, book = Objects(frame), _Book(target)
    empty = around.pages()[front:]
    known = {number: book.next_number() for number in (around.root, around.info, *empty)}
    book.add(around, (around.root, around.info), known)
    places = iter(empty)
    for volume in volumes:
        source = Objects(volume)
        pages = source.pages()
        numbers = {page: next(places, 0) for page in pages}
        if not all(numbers.values()):
            raise Unbindable("there are more pages than empty ones")
        new = {page: known[place] for page, place in numbers.items()}
        new |= {source.parent(page): known[around.parent(place)] for page, place in numbers.items()}
        book.add(source, pages, new)
    if next(places, None) is not None:
        raise Unbindable("there are fewer pages than empty ones")
    book.close(around.trailer, known)

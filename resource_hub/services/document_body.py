"""The body of a search document: the own text, then each file; and where every piece begins."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

from search_index.base import BODY_LIMIT, Place


class FileWords(Protocol):
    """A file as far as its words are concerned; ``text`` and ``places`` are those of its blob."""

    @property
    def filename(self) -> str: ...

    @property
    def text(self) -> str | None: ...

    @property
    def places(self) -> Sequence[Sequence[Any]] | None: ...  # Any: an offset and two words


def body_of(
    own: Iterable[str],
    files: Iterable[Any],  # Any: a row of a query, which is a FileWords
) -> tuple[str, tuple[Place, ...]]:
    """Put together what is searched of a revision besides its description.

    The pieces stand one a line: the own text and sections, then for each file its name and what is
    inside.

    Args:
        own: The resource's own texts; empty ones do not count.
        files: Each with ``filename``, and ``text`` and ``places`` as in ``BlobText``; both are None
            where nothing was found inside.

    Returns:
        At most ``BODY_LIMIT`` characters, and the places in them, in rising order: one for the own
        text if there is any, then for each file one at its name, which reaches to its first page.
    """
    pieces: list[str] = []
    places: list[Place] = []
    length = 0
    for piece, starting in _pieces(own, files):
        if length >= BODY_LIMIT:
            break
        places += [
            Place(length + place.start, place.file, place.kind, place.label) for place in starting
        ]
        pieces.append(piece)
        length += len(piece) + 1
    return "\n".join(pieces)[:BODY_LIMIT], tuple(
        place for place in places if place.start < BODY_LIMIT
    )


def _pieces(
    own: Iterable[str], files: Iterable[FileWords]
) -> Iterator[tuple[str, tuple[Place, ...]]]:
    """The pieces that are not empty, each with the places in it, counted from its beginning."""
    written = "\n".join(filter(None, own))
    if written:
        yield written, (Place(0, ""),)
    for file in files:
        name = file.filename
        yield name, (Place(0, name),)
        if file.text:
            inside = [Place(start, name, kind, label) for start, kind, label in file.places or ()]
            yield file.text, tuple(inside)

"""What the workshop's child can be told to do with a file: one row for each kind of order."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from resource_hub.files.answers import Answer
from resource_hub.files.inspection import inspect_in_steps
from resource_hub.files.wire import pack

Order = Callable[[Path, Mapping[str, Any]], Iterator[Answer]]  # Any: JSON has no types
"""Takes the file and the arguments of the order, yields answers as it finds them.

It may raise ``Unreadable``; whatever else comes out of it is taken for damage to the file, unless
it is ``guard.is_our_own``. It must say the same again when it is asked again: an order whose child
died is repeated once, and what had been said already is skipped.
"""


def _inspect(path: Path, arguments: Mapping[str, Any]) -> Iterator[Answer]:
    """Arguments: ``name``, what the author calls the file."""
    for facts in inspect_in_steps(path, str(arguments["name"])):
        yield pack(facts)


def _pages(path: Path, arguments: Mapping[str, Any]) -> Iterator[Answer]:
    """Arguments: ``code``, the type of the file; ``first`` and ``last``, which pages."""
    # A child that only inspects need not know how to draw.
    from resource_hub.files.drawing import draw  # noqa: PLC0415 - see above

    yield from draw(path, arguments)


def _prints(path: Path, arguments: Mapping[str, Any]) -> Iterator[Answer]:
    """Arguments: ``code``, the type of the file."""
    from resource_hub.files.drawing import draw_prints  # noqa: PLC0415 - see above

    yield from draw_prints(path, arguments)


def _recognise(path: Path, arguments: Mapping[str, Any]) -> Iterator[Answer]:
    """Arguments: ``code``, the type of the file; ``page``, which page."""
    from resource_hub.files.recognition import recognise  # noqa: PLC0415 - see above

    yield from recognise(path, arguments)


ORDERS: Mapping[str, Order] = {
    "inspect": _inspect,
    "pages": _pages,
    "prints": _prints,
    "recognise": _recognise,
}
"""Import heavy libraries inside the order: a child that never gets it stays small."""

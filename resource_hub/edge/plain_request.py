"""A request whose texts can be kept: NUL is taken out, for PostgreSQL refuses it."""

from collections.abc import Iterable
from typing import Any

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

Pairs = MultiDict[str, Any] | Iterable[tuple[str, Any]] | None  # Any: texts, or files


class PlainTexts(ImmutableMultiDict[str, Any]):  # Any: texts, or files
    """What stands in the address or in a form, less a character that nobody can type or see.

    It comes with texts that were copied out of damaged files; leaving it out loses nothing.
    """

    def __init__(self, mapping: Pairs = None) -> None:
        pairs = mapping.items(multi=True) if isinstance(mapping, MultiDict) else mapping or ()
        super().__init__([(_plain(name), _plain(value)) for name, value in pairs])


def _plain(value: Any) -> Any:  # Any: files stay as they are
    return value.replace("\0", "") if isinstance(value, str) else value


class PlainRequest(Request):
    """Flask's request, with texts that every database takes."""

    parameter_storage_class = PlainTexts

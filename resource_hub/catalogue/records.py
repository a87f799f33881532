"""Frozen records as what JSON knows, and back: the way back checks every type."""

import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar, cast

Record = TypeVar("Record")
Reader = Callable[[Any, str], Any]
"""From a value of JSON and the place it stands at to the value of a field."""


CAME_LATER = {"came later": True}
"""Metadata of a field that records from before do not have: as long as it is None it is not
written, so that they keep their bytes."""


def as_plain(record: Any) -> dict[str, object]:  # Any: there is no type of all dataclasses
    """Dictionaries, lists and plain values; moments in ISO 8601 with their offset."""
    return {
        name: _plain(value)
        for name, item in record.__dataclass_fields__.items()
        if (value := getattr(record, name)) is not None or not item.metadata
    }


def _plain(value: object) -> object:
    if isinstance(value, str):
        return str(value)  # an enumeration, too
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if is_dataclass(value):
        return as_plain(value)
    return value


def from_plain(kind: type[Record], value: object, where: str = "issue") -> Record:
    """A record again; keys that it does not know are passed over.

    Raises:
        ValueError: something is missing or of another type; it says where.
    """
    if not isinstance(value, Mapping):
        raise ValueError(f"{where}: an object was expected")  # noqa: TRY004 - a file's fault
    found = {}
    if kind not in _READERS:
        _READERS[kind] = _readers(kind)
    for name, (reader, needed) in _READERS[kind].items():
        if name in value:
            found[name] = reader(value[name], f"{where}.{name}")
        elif needed:
            raise ValueError(f"{where}.{name} is missing")
    return kind(**found)


_READERS: dict[type, Mapping[str, tuple[Reader, bool]]] = {}


def _readers(kind: type[Any]) -> Mapping[str, tuple[Reader, bool]]:
    hints = typing.get_type_hints(kind)
    return {
        item.name: (
            _reader(hints[item.name]),
            item.default is MISSING and item.default_factory is MISSING,
        )
        for item in fields(kind)
    }


def _reader(hint: Any) -> Reader:  # Any: a type, or what typing makes of several
    if isinstance(hint, types.UnionType):
        (inner,) = (_reader(part) for part in typing.get_args(hint) if part is not types.NoneType)
        return lambda value, where: None if value is None else inner(value, where)
    if typing.get_origin(hint) is tuple:
        return _list(_reader(typing.get_args(hint)[0]))
    if hint is datetime:
        return _moment
    if issubclass(hint, StrEnum):
        return _one_of(hint)
    if is_dataclass(hint):
        return lambda value, where: from_plain(cast("type[Any]", hint), value, where)
    return _value(hint)


def _list(inner: Reader) -> Reader:
    def read(value: object, where: str) -> tuple[object, ...]:
        if not isinstance(value, list):
            raise ValueError(f"{where}: a list was expected")  # noqa: TRY004 - a file's fault
        return tuple(inner(one, f"{where}[{at}]") for at, one in enumerate(value))

    return read


def _moment(value: object, where: str) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise ValueError(f"{where}: {value!r} is no moment") from error
    if moment.tzinfo is None:
        raise ValueError(f"{where}: a moment needs its offset, such as +08:00")
    return moment


def _one_of(kind: type[StrEnum]) -> Reader:
    def read(value: object, where: str) -> StrEnum:
        if value not in tuple(kind):
            raise ValueError(f"{where}: one of {', '.join(kind)} was expected")
        return kind(str(value))

    return read


def _value(kind: type) -> Reader:
    allowed = (int, float) if kind is float else (kind,)

    def read(value: object, where: str) -> object:
        if not isinstance(value, allowed) or isinstance(value, bool):
            raise ValueError(f"{where}: {kind.__name__} was expected")  # noqa: TRY004 - a file's fault
        return kind(value)

    return read

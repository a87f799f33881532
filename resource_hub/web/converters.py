"""Words in addresses become values of the domain; an unknown word is a 404."""

import re
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask
from werkzeug.routing import BaseConverter, IntegerConverter, Map, ValidationError

from resource_hub.domain.catalogue import Month
from resource_hub.domain.errors import N_, Invalid, Missing
from resource_hub.domain.public_id import read_public_id
from resource_hub.domain.review import Action
from resource_hub.services.queries.axes import Axis

Word = TypeVar("Word", bound=StrEnum)


MOST = 2**31 - 1
"""The largest number of a row: databases refuse to look for a larger one."""


def row_number(text: str) -> int:
    """The number of a row, from a form.

    Raises:
        ValueError: no row has such a number.
    """
    if re.fullmatch(r"[0-9]{1,10}", text) is None or int(text) > MOST:
        raise ValueError(text)
    return int(text)


class NumberConverter(IntegerConverter):
    """``/submit/42``; a number that no row can have is no address."""

    def __init__(self, map: Map) -> None:  # noqa: A002 - Werkzeug's name
        super().__init__(map, max=MOST)

    def to_python(self, value: str) -> int:
        try:
            return row_number(value)
        except ValueError as error:
            raise ValidationError from error


class ActionConverter(BaseConverter):
    """``/review/7/approve``."""

    def to_python(self, value: str) -> Action:
        return _member(Action, value)

    def to_url(self, value: Action | str) -> str:
        return str(getattr(value, "value", value))


class AxisConverter(BaseConverter):
    """``/browse/subject``; kind is only a second choice, so it is no address."""

    def to_python(self, value: str) -> Axis:
        axis = _member(Axis, value)
        if axis is Axis.KIND:
            raise ValidationError
        return axis

    def to_url(self, value: Axis | str) -> str:
        return str(getattr(value, "value", value))


class MonthConverter(BaseConverter):
    """``/catalogue/2026-10``."""

    regex = r"\d{4}-\d{2}"

    def to_python(self, value: str) -> Month:
        try:
            return Month.parse(value)
        except Invalid as error:
            raise ValidationError from error

    def to_url(self, value: Month | str) -> str:
        return str(value)


class PublicIdConverter(BaseConverter):
    """``/r/R-7K3QF2``, in any case, with O for 0 and I for 1."""

    def to_python(self, value: str) -> str:
        public_id = read_public_id(value)
        if public_id is None:
            raise ValidationError
        return public_id


def _member(kind: type[Word], value: str) -> Word:
    try:
        return kind(value)
    except ValueError as error:
        raise ValidationError from error


def register(app: Flask) -> None:
    app.url_map.converters.update(
        int=NumberConverter,
        action=ActionConverter,
        axis=AxisConverter,
        month=MonthConverter,
        public_id=PublicIdConverter,
    )

    @app.url_value_preprocessor
    def refuse_nul(_endpoint: str | None, values: dict[str, Any] | None) -> None:  # Any: URL values
        """No code and no name has this character, and PostgreSQL refuses to look for it."""
        if any(isinstance(value, str) and "\0" in value for value in (values or {}).values()):
            raise Missing(N_("There is no such page. Perhaps the address has a typing mistake."))

"""The form of a remark: what it offers, and what was typed into it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from resource_hub.domain.anchors import Rectangle
from resource_hub.domain.description import Description
from resource_hub.domain.errors import N_, Invalid, Problem
from resource_hub.domain.remarks import FIELD_LABELS, Target, Weight, field_text, seconds_of
from resource_hub.files import Family
from resource_hub.models import Attachment
from resource_hub.web.converters import row_number

OTHERS = ("kind", "school_stage", "subject", "grades", "language", "licence", "audience")
"""Fields with one word each; they are always filled in."""


@dataclass(frozen=True, slots=True)
class RemarkForm:
    """The fields of the form, as text: what the address asks for, or what was typed."""

    place: str = ""
    page: str = ""
    moment: str = ""
    quote: str = ""
    rectangle: str = ""
    weight: str = ""
    text: str = ""

    @classmethod
    def typed(cls, values: MultiDict[str, str]) -> "RemarkForm":
        return cls(**{name: values.get(name, "") for name in cls.__slots__})

    @property
    def chosen_weight(self) -> Weight | None:
        return Weight(self.weight) if self.weight in set(Weight) else None

    def target(self) -> Target:
        """What the remark is about.

        Raises:
            Invalid: a number, a moment or a rectangle is none.
        """
        kind, _colon, name = self.place.partition(":")
        if kind == "field":
            return Target(field=name, quote=self.quote)
        if kind != "file":
            return Target()
        target = Target(
            attachment_id=_row(name), page=_page(self.page), second=_second(self.moment)
        )
        return replace(target, quote=self.quote, rectangle=_rectangle(self.rectangle))


def places(
    description: Description, attachments: Sequence[Attachment]
) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """What a remark may be about, in groups: value, words, and what else the form must ask."""
    filled = [
        (f"field:{name}", str(_(label)), "words")
        for name, label in FIELD_LABELS.items()
        if field_text(description, name) or name in OTHERS
    ]
    kept = [(f"file:{each.id}", each.filename, _asks(each.blob.family)) for each in attachments]
    groups = [(str(_("Files")), kept), (str(_("Description")), filled)]
    return [group for group in groups if group[1]]


def _asks(family: str) -> str:
    return "moment" if Family(family) in {Family.VIDEO, Family.AUDIO} else "page"


def _row(text: str) -> int:
    try:
        return row_number(text)
    except ValueError as error:
        raise Invalid([Problem("place", N_("Choose what the remark is about."))]) from error


def _page(text: str) -> int | None:
    if not text.strip():
        return None
    try:
        return row_number(text.strip())
    except ValueError as error:
        raise Invalid([Problem("page", N_("Write the page as a number."))]) from error


def _second(text: str) -> float | None:
    if not text.strip():
        return None
    found = seconds_of(text)
    if found is None:
        raise Invalid([Problem("moment", N_("Write the moment as minutes and seconds: 1:25."))])
    return found


def _rectangle(text: str) -> Rectangle | None:
    if not text.strip():
        return None
    try:
        left, top, width, height = (float(side) for side in text.split(","))
    except ValueError as error:
        outside = N_("The marked part lies outside the page: mark it again.")
        raise Invalid([Problem("rectangle", outside)]) from error
    return Rectangle(left, top, width, height)


def as_typed(values: Mapping[str, str]) -> RemarkForm:
    """The form as an address asks for it, such as ``?place=file:12&page=3``."""
    return RemarkForm.typed(MultiDict(values))

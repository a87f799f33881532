"""Say things in the reader's language: locale, sentences, labels, dates and sizes."""

from collections.abc import Mapping
from datetime import date, datetime

from flask import has_request_context, request
from flask_babel import force_locale, format_date, get_locale, gettext
from markupsafe import Markup, escape

from resource_hub.domain.errors import HubError, Problem
from resource_hub.domain.licences import LICENCES
from resource_hub.domain.people import ROLE_LABELS
from resource_hub.domain.review import REASON_LABELS
from resource_hub.domain.taxonomy import (
    ALLIANCE_KIND_LABELS,
    KIND_LABELS,
    LANGUAGE_LABELS,
    SECTION_LABELS,
    Scheme,
)
from resource_hub.domain.visibility import AUDIENCE_LABELS
from resource_hub.edge.current import chosen_language, current_person, hub, taxonomy

LANGUAGES = {"zh_Hans": "zh-Hans", "zh_Hant": "zh-Hant", "en": "en"}
"""Locale of the catalogues → ``lang`` attribute of pages."""

LANGUAGE_NAMES = {"zh_Hans": "简体中文", "zh_Hant": "繁體中文", "en": "English"}

_CODED: Mapping[str, Mapping[str, str]] = {
    "kind": {code.value: label for code, label in KIND_LABELS.items()},
    "section": {code.value: label for code, label in SECTION_LABELS.items()},
    "language": {code.value: label for code, label in LANGUAGE_LABELS.items()},
    "alliance_kind": {code.value: label for code, label in ALLIANCE_KIND_LABELS.items()},
    "audience": {code.value: label for code, label in AUDIENCE_LABELS.items()},
    "role": {code.value: label for code, label in ROLE_LABELS.items()},
    "reason": {code.value: label for code, label in REASON_LABELS.items()},
    "licence": {code: licence.label for code, licence in LICENCES.items()},
}


def choose_locale() -> str:
    """The switch, then the person's own choice, then the browser's, then the hub's language.

    A browser that asks for some other language, or for plain Chinese, gets the hub's.
    """
    if not has_request_context():
        return hub().language
    chosen = chosen_language() or current_person().language
    if chosen in LANGUAGES:
        return str(chosen)
    for wanted, _quality in request.accept_languages:
        tag = wanted.lower()
        if tag in {"zh-tw", "zh-hk", "zh-mo"} or tag.startswith("zh-hant"):
            return "zh_Hant"
        if tag in {"zh-cn", "zh-sg"} or tag.startswith("zh-hans"):
            return "zh_Hans"
    return hub().language


def locale_name() -> str:
    """``zh_Hans``, ``zh_Hant`` or ``en``: the catalogue in use now."""
    locale = get_locale()
    if locale is None or locale.language == "en":
        return "en" if locale is not None else hub().language
    return f"zh_{locale.script or 'Hans'}"


def say(thing: HubError | Problem) -> str:
    """The sentence of an error or problem, in the reader's language."""
    return str(gettext(thing.sentence, **thing.values))


def label(code: object, scheme: str) -> str:
    """The word for a code: ``'math'|label('subject')`` is 数学."""
    text = str(getattr(code, "value", code) or "")
    if scheme in _CODED:
        known = _CODED[scheme].get(text)
        return str(gettext(known)) if known else text
    return taxonomy().label(Scheme(scheme), text, locale_name())


def size(count: int) -> str:
    """Bytes as people say them: ``12 MB``, ``340 kB``."""
    value = float(count)
    for unit in ("B", "kB", "MB"):
        if value < 1000:  # noqa: PLR2004 - decimal units, as file managers show them
            return f"{value:.0f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"


def day(moment: date | datetime) -> str:
    """10月12日, with the year when it is not this one; in the hub's time zone."""
    local = moment.astimezone(hub().zone).date() if isinstance(moment, datetime) else moment
    this_year = hub().now().astimezone(hub().zone).year
    if locale_name() == "en":
        return str(format_date(local, "d MMM" if local.year == this_year else "d MMM y"))
    return str(format_date(local, "M月d日" if local.year == this_year else "y年M月d日"))


def moment(value: datetime) -> str:
    """The day with the hour and minute, where the hour matters."""
    return f"{day(value)} {value.astimezone(hub().zone):%H:%M}"


def paragraphs(text: str) -> Markup:
    """Plain text as paragraphs; line breaks stay, everything else is escaped."""
    blocks = [block.strip("\n") for block in text.replace("\r\n", "\n").split("\n\n")]
    return Markup("\n").join(
        Markup("<p>{}</p>").format(Markup("<br>").join(escape(line) for line in block.split("\n")))
        for block in blocks
        if block.strip()
    )


__all__ = [
    "LANGUAGES", "LANGUAGE_NAMES", "choose_locale", "day", "force_locale", "label", "locale_name",
    "moment", "paragraphs", "say", "size",
]  # fmt: skip

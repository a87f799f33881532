"""Say things in the reader's language: locale, sentences, labels, dates and sizes."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

import flask_babel
from babel.dates import format_date as written_date
from babel.support import NullTranslations
from flask import g, has_request_context, request
from flask_babel import format_date, get_locale, get_translations, gettext
from markupsafe import Markup, escape

from resource_hub.domain.catalogue import Month
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


@dataclass(slots=True)
class _Speech:
    """What the words of one request are looked up in.

    Flask-Babel finds locale and catalogue anew for each of the thousand words of a page.
    """

    locale: str
    catalogue: NullTranslations
    labels: dict[tuple[str, object], str] = field(default_factory=dict)


def _speech() -> _Speech:
    found: _Speech | None = g.get("speech")
    if found is None:
        found = g.speech = _Speech(_locale_name(), get_translations())
    return found


def _locale_name() -> str:
    locale = get_locale()
    if locale is None or locale.language == "en":
        return "en" if locale is not None else hub().language
    return f"zh_{locale.script or 'Hans'}"


@contextmanager
def force_locale(locale: str) -> Iterator[None]:
    """Speak another language for a while, as mail does."""
    before = g.pop("speech", None)
    try:
        with flask_babel.force_locale(locale):
            yield
    finally:
        g.speech = before


def locale_name() -> str:
    """``zh_Hans``, ``zh_Hant`` or ``en``: the catalogue in use now."""
    return _speech().locale


def translate(sentence: str) -> str:
    """Say a sentence of a template in the reader's language."""
    return str(_speech().catalogue.ugettext(sentence))


def translate_count(singular: str, plural: str, count: int) -> str:
    return str(_speech().catalogue.ungettext(singular, plural, count))


def say(thing: HubError | Problem) -> str:
    """The sentence of an error or problem in the reader's language, its days as pages say them."""
    values = {
        name: day(value) if isinstance(value, date) else value
        for name, value in thing.values.items()
    }
    return str(gettext(thing.sentence, **values))


def label(code: object, scheme: str) -> str:
    """The word for a code: ``'math'|label('subject')`` is 数学."""
    known = _speech().labels
    found = known.get((scheme, code))
    if found is None:
        found = known[scheme, code] = _label(str(getattr(code, "value", code) or ""), scheme)
    return found


def _label(text: str, scheme: str) -> str:
    if scheme in _CODED:
        known = _CODED[scheme].get(text)
        return translate(known) if known else text
    return taxonomy().label(Scheme(scheme), text, locale_name())


def size(count: int) -> str:
    """Bytes as people say them: ``12 MB``, ``340 kB``."""
    value = float(count)
    for unit in ("B", "kB", "MB"):
        if value < 1000:  # noqa: PLR2004 - decimal units, as file managers show them
            return f"{value:.0f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"


def month_words(month: Month | str) -> str:
    """2026年10月, or October 2026."""
    return _month(month if isinstance(month, Month) else Month.parse(month), locale_name())


@lru_cache(maxsize=1024)
def _month(value: Month, locale: str) -> str:
    return written_date(value.first_day, "MMMM y" if locale == "en" else "y年M月", locale)


def day(moment: date | datetime, *, always_year: bool = False) -> str:
    """10月12日, with the year when it is not this one; in the hub's time zone."""
    local = moment.astimezone(hub().zone).date() if isinstance(moment, datetime) else moment
    is_near = not always_year and local.year == hub().now().astimezone(hub().zone).year
    if locale_name() == "en":
        return str(format_date(local, "d MMM" if is_near else "d MMM y"))
    return str(format_date(local, "M月d日" if is_near else "y年M月d日"))


def days_from_to(first: date, last: date) -> Markup:
    """9月1日 – 9月30日, both with the year when it differs; no line ends inside a day."""
    ends = [day(each, always_year=first.year != last.year) for each in (first, last)]
    return Markup(" – ").join(
        Markup('<span class="whole-day">{}</span>').format(end) for end in ends
    )


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
    "LANGUAGES", "LANGUAGE_NAMES", "choose_locale", "day", "days_from_to", "force_locale", "label",
    "locale_name", "moment", "paragraphs", "say", "size", "translate", "translate_count",
]  # fmt: skip

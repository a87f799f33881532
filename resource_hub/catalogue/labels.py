"""How the formats of an issue say codes, sentences and dates: in one language, brought along."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from resource_hub.domain.catalogue import CHANGE_LABELS, Month
from resource_hub.domain.endorsement import BADGE_LABELS, Badge
from resource_hub.domain.errors import N_


@dataclass(frozen=True, slots=True)
class Labels:
    """The words of one language."""

    label: Callable[[str, str], str]
    """Of a code in a scheme: ``label("math", "subject")``."""
    say: Callable[[str], str]
    """Of a sentence in English; its ``%(places)s`` are left as they are."""
    language: str = "zh-Hans"
    """As in the ``lang`` of a page: ``zh-Hans``, ``zh-Hant``, ``en``."""


def change_word(labels: Labels, change: str) -> str:
    """New, Updated or Withdrawn."""
    found = {kind.value: words for kind, words in CHANGE_LABELS.items()}
    return labels.say(found[change])


def badge_word(labels: Labels, badge: Badge | None) -> str:
    """Such as Endorsed by the alliance; empty where nothing is known of it."""
    return labels.say(BADGE_LABELS[badge]) if badge else ""


def issue_words(labels: Labels, month: str) -> str:
    """2026年第10期: the number in the year is the month's."""
    found = Month.parse(month)
    words = labels.say(N_("Issue %(number)s of %(year)s"))
    return words % {"year": found.year, "number": found.number}


def month_words(labels: Labels, month: str) -> str:
    """2026年10月, or 10/2026."""
    found = Month.parse(month)
    words = labels.say(N_("%(month)s/%(year)s"))
    return words % {"year": found.year, "month": found.number}


def date_words(labels: Labels, moment: date | datetime) -> str:
    """2026年11月1日, in the zone that the moment carries; 2026-11-01 in English."""
    if labels.language == "en":
        return f"{moment:%Y-%m-%d}"
    words = labels.say(N_("%(year)s-%(month)s-%(day)s"))
    return words % {"year": moment.year, "month": moment.month, "day": moment.day}

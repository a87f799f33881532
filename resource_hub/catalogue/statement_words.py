"""How figures are said: periods, points, and the sentence of a rule, in one language."""

from datetime import date

from resource_hub.catalogue.labels import Labels, date_words, month_words
from resource_hub.catalogue.statement import RuleData
from resource_hub.domain.errors import N_
from resource_hub.domain.points import FIGURE_LABELS

_LONG = len("2026-2027")


def period_words(labels: Labels, key: str) -> str:
    """2026年10月, 2026–2027学年上学期, 2026–2027学年, 2026年."""
    if key.isdigit():
        return labels.say(N_("Year %(year)s")) % {"year": key}
    if len(key) < _LONG:
        return month_words(labels, key)
    first, second, *term = key.split("-")
    words = N_("School year %(first)s–%(second)s")
    if term == ["1"]:
        words = N_("First term %(first)s–%(second)s")
    elif term:
        words = N_("Second term %(first)s–%(second)s")
    return labels.say(words) % {"first": first, "second": second}


def days_words(labels: Labels, first: str, last: str) -> str:
    """2026年9月1日 – 2026年9月30日, from the days as the record has them: ``2026-09-01``."""
    return " – ".join(date_words(labels, date.fromisoformat(day)) for day in (first, last))


def points_words(tenths: int) -> str:
    """12.5, or 12."""
    return f"{tenths / 10:.1f}".removesuffix(".0")


def rule_words(labels: Labels, rule: RuleData) -> str:
    """The rule in a sentence: which it is, and what each figure counts."""
    say = labels.say
    parts = []
    for worth in rule.worths:
        words = N_("%(figure)s: %(points)s points each")
        if worth.most is not None:
            words = N_("%(figure)s: %(points)s points each, %(most)s at most")
        parts.append(
            say(words)
            % {
                "figure": say(FIGURE_LABELS[worth.figure]),
                "points": points_words(worth.each),
                "most": points_words(worth.most or 0),
            }
        )
    what = say(N_("; ")).join(parts) or say(N_("nothing counts points"))
    if not rule.number:
        return say(N_("By the hub's usual rule: %(what)s.")) % {"what": what}
    day = date_words(labels, date.fromisoformat(rule.valid_from))
    words = N_("By rule %(number)s of the alliance, valid from %(day)s: %(what)s.")
    return say(words) % {"number": rule.number, "day": day, "what": what}

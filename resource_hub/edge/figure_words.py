"""Figures in the reader's language, and which periods there are to choose from."""

from datetime import date

from flask import Flask
from markupsafe import Markup

from resource_hub.catalogue.annual import AnnualData
from resource_hub.catalogue.labels import Labels
from resource_hub.catalogue.statement import RuleData
from resource_hub.catalogue.statement_words import period_words, points_words, rule_words
from resource_hub.domain.points import FIGURE_LABELS, Figure
from resource_hub.domain.school_year import Period, SchoolCalendar, Span
from resource_hub.edge.issue_words import labels_in
from resource_hub.edge.words import LANGUAGES, days_from_to, locale_name, translate

SHOWN = {Span.TERM: 4, Span.SCHOOL_YEAR: 2, Span.YEAR: 2, Span.MONTH: 12}
"""How many of each span are offered, back from today."""


def own_labels() -> Labels:
    """The words of the reader's language."""
    return labels_in(LANGUAGES[locale_name()])


def period_name(key: str) -> str:
    return period_words(own_labels(), key)


def rule_sentence(rule: RuleData) -> str:
    return rule_words(own_labels(), rule)


def figure_name(figure: Figure) -> str:
    return translate(FIGURE_LABELS[figure])


def covered_days(covered: Period | AnnualData) -> Markup:
    """From which day to which it goes, as a page says it."""
    if isinstance(covered, Period):
        return days_from_to(covered.first, covered.last)
    return days_from_to(date.fromisoformat(covered.first), date.fromisoformat(covered.last))


def choices(calendar: SchoolCalendar, today: date) -> list[tuple[str, str]]:
    """The periods to choose from: terms, years, months; each with its name."""
    return [
        (period.key, period_name(period.key))
        for span, number in SHOWN.items()
        for period in calendar.back_from(today, span, number)
    ]


def register(app: Flask) -> None:
    """Give ``app``'s templates these filters."""
    app.jinja_env.filters.update(
        period=period_name,
        covered_days=covered_days,
        points=points_words,
        rule=rule_sentence,
        figure=figure_name,
    )

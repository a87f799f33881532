"""The annual report of an alliance: what was done over a year, as numbers and as charts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from resource_hub.catalogue.charts import Chart, Series, bar_chart, largest, line_chart
from resource_hub.catalogue.figures import MOST_BARS, Figure
from resource_hub.catalogue.labels import Labels, month_words
from resource_hub.catalogue.plain import one_line
from resource_hub.domain.errors import N_
from resource_hub.domain.points import FIGURE_LABELS, Tally
from resource_hub.domain.points import Figure as Counted


@dataclass(frozen=True, slots=True)
class Part:
    """One month, school or subject, with its figures."""

    name: str
    """A month as ``2026-10``, a school's name, a subject's code."""
    tally: Tally


@dataclass(frozen=True, slots=True)
class AnnualData:
    """An alliance over a year; the parts of each kind add up to ``total``.

    Subjects have works alone: reviews and downloads are left out of them.
    """

    alliance: str
    period: str
    first: str
    last: str
    total: Tally
    fixed: int
    """How many schools have fixed their figures of this year."""
    is_sound: bool
    """Whether what they fixed still is what its digests say."""
    months: tuple[Part, ...]
    schools: tuple[Part, ...]
    subjects: tuple[Part, ...]


_WORKS = (Counted.SUBMITTED, Counted.ACCEPTED)


def annual_charts(data: AnnualData, labels: Labels) -> tuple[Figure, ...]:
    """The charts of a report; one of which nothing is known is left out."""
    return tuple(_charts(data, labels))


def _charts(data: AnnualData, labels: Labels) -> Iterator[Figure]:
    say = labels.say
    months = tuple(month_words(labels, part.name) for part in data.months)
    schools = tuple(one_line(part.name) for part in data.schools)
    subjects = tuple(labels.label(part.name, "subject") or part.name for part in data.subjects)
    for title, about, names, parts, counted, draw in (
        (N_("Works by month"), N_("Month"), months, data.months, _WORKS, line_chart),
        (N_("Talk and lessons by month"), N_("Month"), months, data.months, _SAID, line_chart),
        (N_("Works by school"), N_("School"), schools, data.schools, _WORKS, bar_chart),
        (N_("Works by subject"), N_("Subject"), subjects, data.subjects, _WORKS, bar_chart),
        (N_("Reviews by school"), N_("School"), schools, data.schools, _REVIEWS, bar_chart),
        (N_("Downloads by school"), N_("School"), schools, data.schools, _USED, bar_chart),
        (N_("Talk and lessons by school"), N_("School"), schools, data.schools, _SAID, bar_chart),
    ):
        if any(part.tally[figure] for part in parts for figure in counted):
            series = tuple(_series(figure, parts, say) for figure in counted)
            chart = Chart(say(title), names, series)
            shown = (
                chart if draw is line_chart else largest(chart, MOST_BARS, say(N_("All others")))
            )
            yield Figure(chart, shown, say(about), draw)


_REVIEWS = (Counted.REVIEWS, Counted.IN_TIME)
_USED = (Counted.USED,)
_SAID = (Counted.POSTS, Counted.TAUGHT)


def _series(figure: Counted, parts: tuple[Part, ...], say: Callable[[str], str]) -> Series:
    values = tuple(float(part.tally[figure]) for part in parts)
    return Series(say(FIGURE_LABELS[figure]), values)

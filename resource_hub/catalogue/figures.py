"""The figures of a month as charts: which there are, what they are called, what they compare."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from resource_hub.catalogue.charts import WIDTH, Chart, Series, bar_chart, largest, line_chart
from resource_hub.catalogue.data import FiguresData, Tally
from resource_hub.catalogue.labels import Labels, month_words
from resource_hub.catalogue.plain import one_line
from resource_hub.domain.errors import N_

MOST_BARS = 12
"""Names in a chart; the table beside it has all of them."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart and its table: ``whole`` has every name and number, ``shown`` what is drawn."""

    whole: Chart
    shown: Chart
    about: str
    draw: Callable[..., str]

    def svg(self, *, ink: str = "currentColor", width: int = WIDTH) -> str:
        return self.draw(self.shown, ink=ink, width=width)

    @property
    def head(self) -> tuple[str, ...]:
        """Of the table, whose rows are those of ``whole``."""
        return self.about, *(each.name for each in self.whole.series)


def figures(found: FiguresData, labels: Labels) -> tuple[Figure, ...]:
    """The charts of an issue; a chart of which nothing is known is left out."""
    return tuple(_figures(found, labels))


def _figures(found: FiguresData, labels: Labels) -> Iterator[Figure]:
    say = labels.say
    months = tuple(month_words(labels, each.name) for each in found.months)
    subjects = tuple(labels.label(each.name, "subject") for each in found.by_subject)
    schools = tuple(one_line(each.name) for each in found.by_school)
    if len(months) > 1:
        chart = Chart(
            say(N_("Submitted and accepted, by month")), months, _counts(found.months, say)
        )
        yield Figure(chart, chart, say(N_("Month")), line_chart)
    for title, about, names, tallies in (
        (N_("Submitted and accepted, by subject"), N_("Subject"), subjects, found.by_subject),
        (N_("Submitted and accepted, by school"), N_("School"), schools, found.by_school),
    ):
        if tallies:
            chart = Chart(say(title), names, _counts(tallies, say))
            shown = largest(chart, MOST_BARS, say(N_("All others")))
            days = Series(say(N_("Days to a decision")), tuple(each.days for each in tallies))
            whole = Chart(chart.title, names, (*chart.series, days))
            yield Figure(whole, shown, say(about), bar_chart)
    decided = [(name, each.days) for name, each in zip(subjects, found.by_subject, strict=True)]
    known = [(name, value) for name, value in decided if value is not None]
    if known:
        chart = Chart(
            say(N_("Days from submission to decision, by subject")),
            tuple(name for name, _ in known),
            (Series(say(N_("Days to a decision")), tuple(value for _, value in known)),),
        )
        slowest = sorted(range(len(known)), key=lambda at: (-known[at][1], at))[:MOST_BARS]
        shown = Chart(
            chart.title,
            tuple(chart.names[at] for at in slowest),
            (Series(chart.series[0].name, tuple(known[at][1] for at in slowest)),),
        )
        yield Figure(chart, shown, say(N_("Subject")), bar_chart)
    if found.most_used:
        chart = Chart(
            say(N_("Most used in the month")),
            tuple(one_line(each.title) for each in found.most_used),
            (Series(say(N_("Times")), tuple(each.times for each in found.most_used)),),
        )
        shown = Chart(
            chart.title,
            chart.names[:MOST_BARS],
            (Series(chart.series[0].name, chart.series[0].values[:MOST_BARS]),),
        )
        yield Figure(chart, shown, say(N_("Resource")), bar_chart)


def _counts(tallies: Sequence[Tally], say: Callable[[str], str]) -> tuple[Series, ...]:
    return (
        Series(say(N_("Number submitted")), tuple(each.submitted for each in tallies)),
        Series(say(N_("Number accepted")), tuple(each.accepted for each in tallies)),
    )

"""The annual report of an alliance as PDF: the sums, then the charts, each with its table."""

import json
import tempfile
from pathlib import Path

from resource_hub.catalogue.annual import AnnualData, annual_charts
from resource_hub.catalogue.labels import Labels
from resource_hub.catalogue.plain import one_line
from resource_hub.catalogue.print.pdf import set_folder
from resource_hub.catalogue.print.setting import MANUSCRIPT
from resource_hub.catalogue.statement_book import figure_cells, headings
from resource_hub.catalogue.statement_words import days_words, period_words, points_words
from resource_hub.domain.errors import N_

TEMPLATE = "annual.typ"
UNSOUND = N_(
    "What is kept does not fit its SHA-256 any more: somebody has changed it outside the hub."
)
_INK = "#1f2933"


def annual_pdf(data: AnnualData, labels: Labels) -> bytes:
    """A4, with page numbers.

    Raises:
        NotSet: typst could not set it.
    """
    with tempfile.TemporaryDirectory(prefix="hub-annual-") as name:
        folder = Path(name)
        words = annual_words(data, labels)
        (folder / MANUSCRIPT).write_text(json.dumps(words, ensure_ascii=False), "utf-8")
        return set_folder(folder, TEMPLATE)


def annual_words(data: AnnualData, labels: Labels) -> dict[str, object]:
    """What stands on the pages, every word said."""
    say = labels.say
    cells = figure_cells(data.total, 0)[:-1]
    return {
        "language": labels.language,
        "title": say(N_("Annual report")),
        "alliance": one_line(data.alliance),
        "period": period_words(labels, data.period),
        "days": days_words(labels, data.first, data.last),
        "sums": [
            [name, "–" if cell is None else points_words(round(float(cell) * 10))]
            for name, cell in zip(headings(labels)[:-1], cells, strict=True)
        ],
        "fixed": say(N_("Schools that have fixed their figures of this year: %(number)s."))
        % {"number": data.fixed},
        "warning": "" if data.is_sound else say(UNSOUND),
        "nothing": say(N_("Nothing was counted here.")),
        "page": say(N_("Page %(page)s of %(pages)s")),
        "charts": [
            {
                "title": chart.whole.title,
                "svg": chart.svg(ink=_INK),
                "table": [list(chart.head), *(list(row) for row in chart.whole.rows)],
            }
            for chart in annual_charts(data, labels)
        ],
    }

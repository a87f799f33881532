"""Fixed figures as PDF to sign: every name with its figures and a line for the signature."""

import json
import tempfile
from pathlib import Path

from resource_hub.catalogue.labels import Labels, date_words
from resource_hub.catalogue.plain import one_line
from resource_hub.catalogue.print.pdf import set_folder
from resource_hub.catalogue.print.setting import MANUSCRIPT
from resource_hub.catalogue.statement import StatementData
from resource_hub.catalogue.statement_book import figure_cells, headings
from resource_hub.catalogue.statement_words import (
    days_words,
    period_words,
    points_words,
    rule_words,
)
from resource_hub.domain.errors import N_

TEMPLATE = "statement.typ"


def statement_pdf(data: StatementData, labels: Labels, digest: str) -> bytes:
    """A4 across, the head of the table on every page, and page numbers.

    Raises:
        NotSet: typst could not set it.
    """
    with tempfile.TemporaryDirectory(prefix="hub-figures-") as name:
        folder = Path(name)
        words = statement_words(data, labels, digest)
        (folder / MANUSCRIPT).write_text(json.dumps(words, ensure_ascii=False), "utf-8")
        return set_folder(folder, TEMPLATE)


def statement_words(data: StatementData, labels: Labels, digest: str) -> dict[str, object]:
    """What stands on the pages, every word said."""
    say = labels.say
    fixed = say(N_("Fixed on %(day)s by %(name)s. SHA-256 of the record: %(digest)s"))
    facts = {
        "day": date_words(labels, data.fixed_at),
        "name": one_line(data.fixed_by),
        "digest": digest,
    }
    return {
        "language": labels.language,
        "title": say(N_("Figures for appraisal")),
        "school": one_line(data.school),
        "alliance": one_line(data.alliance),
        "period": period_words(labels, data.period),
        "days": days_words(labels, data.first, data.last),
        "rule": rule_words(labels, data.rule),
        "fixed": fixed % facts,
        "head": [say(N_("Name")), *headings(labels), say(N_("Signature"))],
        "rows": [
            [one_line(line.name), *(_cell(cell) for cell in figure_cells(found, line.points)), ""]
            for line, found in data.tallies()
        ],
        "nobody": say(N_("Nobody has figures in this time.")),
        "responsible": say(N_("Responsible for the figures")),
        "head_of_school": say(N_("Head of the school")),
        "date": say(N_("Date")),
        "page": say(N_("Page %(page)s of %(pages)s")),
    }


def _cell(value: str | float | None) -> str:
    if value is None:
        return "–"
    return value if isinstance(value, str) else points_words(round(value * 10))

"""Fixed figures as a workbook (XLSX): a line for each person, and every item behind them."""

import io
from collections.abc import Sequence
from datetime import UTC

import xlsxwriter

from resource_hub.catalogue.labels import Labels, date_words
from resource_hub.catalogue.plain import one_line
from resource_hub.catalogue.statement import StatementData
from resource_hub.catalogue.statement_words import days_words, period_words, rule_words
from resource_hub.domain.errors import N_
from resource_hub.domain.points import FIGURE_LABELS, Figure, Tally

_FILL = "#e9f2ef"
_LONGEST = 32_000
"""Characters of a cell; Excel refuses more than 32,767."""

Cell = str | int | float | None


def headings(labels: Labels) -> list[str]:
    """Of the columns behind the name: the figures, the means, the points."""
    figures = [labels.say(FIGURE_LABELS[figure]) for figure in Figure]
    means = (N_("Rounds needed"), N_("Working days a review"), N_("Points"))
    return [*figures, *(labels.say(words) for words in means)]


def figure_cells(found: Tally, points: int) -> list[Cell]:
    """The cells below ``headings``."""
    counts: list[Cell] = [found[figure] for figure in Figure]
    return [*counts, found.mean_rounds, found.mean_days, points / 10]


def statement_xlsx(data: StatementData, labels: Labels, digest: str) -> bytes:
    """Sheets of figures and of items; words are words, never formulas. Same record, same bytes."""
    content = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(content, plain) as book:
        book.set_properties(
            {
                "title": one_line(f"{data.school} {data.period}")[:250],
                "author": one_line(data.alliance)[:250],
                "created": data.fixed_at.astimezone(UTC).replace(tzinfo=None),
            }
        )
        _figures(book, data, labels, digest)
        _items(book, data, labels)
    return content.getvalue()


def _figures(book: xlsxwriter.Workbook, data: StatementData, labels: Labels, digest: str) -> None:
    head = book.add_format({"bold": True, "bg_color": _FILL, "bottom": 1, "text_wrap": True})
    strong = book.add_format({"bold": True, "font_size": 13})
    sheet = book.add_worksheet(labels.say(N_("Figures")))
    names = [labels.say(N_("Name")), *headings(labels)]
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, len(names) - 1, 9)
    _write(sheet, 0, [f"{data.school} · {period_words(labels, data.period)}"], strong)
    _write(sheet, 1, [f"{data.alliance} · {days_words(labels, data.first, data.last)}"])
    _write(sheet, 2, [rule_words(labels, data.rule)])
    fixed = labels.say(N_("Fixed on %(day)s by %(name)s. SHA-256 of the record: %(digest)s"))
    facts = {"day": date_words(labels, data.fixed_at), "name": data.fixed_by, "digest": digest}
    _write(sheet, 3, [fixed % facts])
    _write(sheet, 5, names, head)
    row = 6
    for row, (line, found) in enumerate(data.tallies(), start=6):
        _write(sheet, row, [line.name, *figure_cells(found, line.points)])
    sheet.freeze_panes(6, 1)
    sheet.autofilter(5, 0, row, len(names) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(5)
    sheet.set_footer("&C&P / &N")


def _items(book: xlsxwriter.Workbook, data: StatementData, labels: Labels) -> None:
    head = book.add_format({"bold": True, "bg_color": _FILL, "bottom": 1})
    sheet = book.add_worksheet(labels.say(N_("Items")))
    words = (
        N_("Figure"),
        N_("Name"),
        N_("Resource"),
        N_("Day"),
        N_("Number"),
        N_("Rounds needed"),
        N_("Working days a review"),
    )
    names = {line.person_id: line.name for line in data.lines}
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, len(words) - 1, 14)
    _write(sheet, 0, [labels.say(word) for word in words], head)
    for row, item in enumerate(data.items, start=1):
        figure = labels.say(FIGURE_LABELS[item.figure])
        name = names[item.person_id]
        _write(
            sheet,
            row,
            [figure, name, item.public_id, item.on, item.number, item.rounds, item.days],
        )
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(data.items), 1), len(words) - 1)


def _write(
    sheet: xlsxwriter.worksheet.Worksheet,
    row: int,
    cells: Sequence[Cell],
    look: object = None,
) -> None:
    for column, value in enumerate(cells):
        if isinstance(value, str):
            sheet.write_string(row, column, one_line(value)[:_LONGEST], look)
        elif value is not None:
            sheet.write_number(row, column, value, look)

"""An issue as a workbook (XLSX): its entries with filters and links, and a sheet of figures."""

import io
from collections.abc import Sequence
from datetime import UTC

import xlsxwriter

from resource_hub.catalogue.data import IssueData, Tally
from resource_hub.catalogue.labels import Labels, date_words, issue_words, month_words
from resource_hub.catalogue.plain import one_line, printable
from resource_hub.catalogue.table import COLUMNS, cells, columns
from resource_hub.domain.errors import N_

_WIDTHS = (6, 7, 44, 10, 10, 14, 16, 20, 12, 60, 6, 44, 14)
"""Of the columns, in letters."""
_LONGEST = 32_000
"""Characters of a cell; Excel refuses more than 32,767."""
_MOST_LINKS = 65_530
"""Of a sheet: Excel's limit. Beyond it an address is text."""
_LONGEST_LINK = 2_000
_TALLY = (N_("Number submitted"), N_("Number accepted"), N_("Days to a decision"))
_FILL, _ACCENT = "#e9f2ef", "#1f6f5c"


def as_xlsx(issue: IssueData, labels: Labels) -> bytes:
    """Sheets of entries, figures and, if there are any, wishes and errata.

    The header stays in sight and holds filters, titles link to the resources, the sheet prints
    across on pages that repeat the header. Words are words, never formulas; what no cell can hold
    (control characters, the end of very long text) is left out. Same issue, same bytes.
    """
    content = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(content, plain) as book:
        moment = issue.published_at or issue.covers_to
        book.set_properties(
            {
                "title": one_line(issue.title)[:250],
                "author": one_line(issue.alliance)[:250],
                "created": moment.astimezone(UTC).replace(tzinfo=None),
            }
        )
        _Book(book, labels).fill(issue)
    return content.getvalue()


class _Book:
    """A workbook in the making, with its looks."""

    def __init__(self, book: xlsxwriter.Workbook, labels: Labels) -> None:
        self._book, self._labels = book, labels
        self._head = book.add_format(
            {"bold": True, "bg_color": _FILL, "bottom": 1, "valign": "vcenter", "text_wrap": True}
        )
        self._cell = book.add_format({"valign": "top", "text_wrap": True})
        self._link = book.add_format({"valign": "top", "font_color": _ACCENT, "underline": 1})
        self._wrapped_link = book.add_format(
            {"valign": "top", "font_color": _ACCENT, "underline": 1, "text_wrap": True}
        )
        self._strong = book.add_format({"bold": True, "font_size": 13, "font_color": _ACCENT})
        self._tenths = book.add_format({"num_format": "0.0", "valign": "top"})

    def fill(self, issue: IssueData) -> None:
        self._entries(issue)
        self._figures(issue)
        say = self._labels.say
        if issue.asked_for:
            self._list(
                say(N_("Asked for")),
                [say(word) for word in (N_("Wish"), N_("Subject"), N_("Grade"), N_("Asked by"))],
                [
                    (
                        each.text,
                        self._labels.label(each.subject, "subject") if each.subject else "",
                        self._labels.label(each.grade, "grade") if each.grade else "",
                        each.people,
                    )
                    for each in issue.asked_for
                ],
                (60, 16, 16, 8),
            )
        if issue.errata:
            self._list(
                say(N_("Errata")),
                [say(word) for word in (N_("Date"), N_("Resource"), N_("Correction"))],
                [
                    (date_words(self._labels, each.at), each.public_id, each.words)
                    for each in issue.errata
                ],
                (16, 14, 80),
            )

    def _entries(self, issue: IssueData) -> None:
        sheet = self._book.add_worksheet(self._labels.say(N_("Entries")))
        head = [self._labels.say(column) for column in columns(issue)]
        for column, width in enumerate(_WIDTHS[: len(head)]):
            sheet.set_column(column, column, width, self._cell)
        sheet.write_row(0, 0, head, self._head)
        entries, links = issue.all_entries, 0
        for row, entry in enumerate(entries, start=1):
            found = cells(entry, self._labels)[: len(head) - 1]
            sheet.write_number(row, 0, row)
            for column, text in enumerate(found, start=1):
                if column == len(COLUMNS) - 2:
                    sheet.write_number(row, column, entry.revision)
                elif column not in {2, len(COLUMNS) - 1}:
                    sheet.write_string(row, column, text[:_LONGEST])
            # The title twice: Excel has one limit for links, and a title is what people press.
            if links < _MOST_LINKS and len(entry.address) <= _LONGEST_LINK:
                links += 1
                sheet.write_url(row, 2, entry.address, self._wrapped_link, found[1] or " ")
            else:
                sheet.write_string(row, 2, found[1])
            sheet.write_string(row, len(COLUMNS) - 1, entry.address[:_LONGEST])
        sheet.freeze_panes(1, 3)
        sheet.autofilter(0, 0, len(entries), len(head) - 1)
        self._on_paper(sheet, issue, repeat=True)

    def _on_paper(
        self, sheet: xlsxwriter.worksheet.Worksheet, issue: IssueData, *, repeat: bool
    ) -> None:
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        name = one_line(issue.title)[:80].replace("&", "&&")
        sheet.set_header(f"&L{name}&R{issue_words(self._labels, issue.month)}")
        sheet.set_footer("&C&P / &N")
        if repeat:
            sheet.repeat_rows(0)

    def _figures(self, issue: IssueData) -> None:
        say, figures = self._labels.say, issue.figures
        sheet = self._book.add_worksheet(say(N_("Figures")))
        sheet.set_column(0, 0, 40)
        sheet.set_column(1, 3, 16)
        sheet.write_string(0, 0, _cut(one_line(issue.title)), self._strong)
        sheet.write_string(1, 0, issue_words(self._labels, issue.month))
        row = self._tallies(
            sheet, 3, say(N_("The month")),
            [(month_words(self._labels, issue.month), _whole(issue))],
        )  # fmt: skip
        by_subject = [
            (self._labels.label(each.name, "subject"), each) for each in figures.by_subject
        ]
        for heading, tallies in (
            (N_("By school"), [(one_line(each.name), each) for each in figures.by_school]),
            (N_("By subject"), by_subject),
            (N_("By month"), [(month_words(self._labels, it.name), it) for it in figures.months]),
        ):
            if tallies:
                row = self._tallies(sheet, row, say(heading), tallies)
        if figures.most_used:
            sheet.write_string(row, 0, say(N_("Most used")), self._head)
            sheet.write_string(row, 1, say(N_("Times")), self._head)
            for each in figures.most_used:
                row += 1
                if len(each.address) <= _LONGEST_LINK:
                    title = _cut(one_line(each.title)) or each.public_id
                    sheet.write_url(row, 0, each.address, self._link, title)
                sheet.write_number(row, 1, each.times)
        self._on_paper(sheet, issue, repeat=False)

    def _tallies(
        self,
        sheet: xlsxwriter.worksheet.Worksheet,
        row: int,
        heading: str,
        tallies: Sequence[tuple[str, Tally]],
    ) -> int:
        """A block of figures below its heading; gives the row after it, and an empty one."""
        words = [self._labels.say(word) for word in _TALLY]
        sheet.write_row(row, 0, [heading, *words], self._head)
        for name, each in tallies:
            row += 1
            sheet.write_string(row, 0, _cut(name))
            sheet.write_number(row, 1, each.submitted)
            sheet.write_number(row, 2, each.accepted)
            if each.days is not None:
                sheet.write_number(row, 3, each.days, self._tenths)
        return row + 2

    def _list(
        self,
        name: str,
        headings: Sequence[str],
        rows: Sequence[Sequence[str | int]],
        widths: Sequence[int],
    ) -> None:
        sheet = self._book.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width, self._cell)
        sheet.write_row(0, 0, headings, self._head)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                sheet.write(
                    number, column, _cut(printable(value)) if isinstance(value, str) else value
                )
        sheet.freeze_panes(1, 0)


def _whole(issue: IssueData) -> Tally:
    figures = issue.figures
    return Tally(issue.month, figures.submitted, figures.accepted, figures.days)


def _cut(text: str) -> str:
    return text[:_LONGEST]

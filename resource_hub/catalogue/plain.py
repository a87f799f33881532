"""Text from anywhere, made fit for a file: no control characters, and no formula in a table."""

import re

_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n?|\u2028|\u2029")
_HALF = re.compile("[\ud800-\udfff]")
_FORMULA = "=+-@＝＋－＠"
"""A cell that begins with one of these is run by spreadsheets; so are tabs and line ends."""


def printable(text: str) -> str:
    """Without what XML, spreadsheets and printers refuse; line ends are line feeds."""
    if text.isascii() and text.isprintable():
        return text
    return _HALF.sub("\ufffd", _UNFIT.sub("", _LINE_ENDS.sub("\n", text)))


def one_line(text: str) -> str:
    """Printable, with each run of spaces and line ends as one space."""
    return " ".join(printable(text).split())


def harmless(cell: str) -> str:
    """The cell as text: what a spreadsheet would run as a formula gets an apostrophe before it."""
    start = cell.lstrip(" \u3000\ufeff")[:1]
    runs = start and (start in _FORMULA or start in "\t\r\n")
    return f"'{cell}" if runs else cell

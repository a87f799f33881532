"""The numbers and bullets in front of list items, which a document counts but does not write."""

import re
from collections import defaultdict
from dataclasses import dataclass

from resource_hub.files.typesetting.package import Package, plain_bullet
from resource_hub.files.typesetting.tree import Node

_DIGITS = "零一二三四五六七八九"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_PLACE = re.compile(r"%([1-9])")
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_CHINESE = {"chineseCounting", "chineseCountingThousand", "taiwaneseCounting", "japaneseCounting",
            "ideographDigital", "chineseLegalSimplified", "taiwaneseCountingThousand"}  # fmt: skip
_MOST = 99  # higher numbers are written in digits


@dataclass(frozen=True, slots=True)
class _Level:
    format: str
    text: str
    start: int


class Numbering:
    """The lists of a document; ``mark`` counts them as the text goes on."""

    def __init__(self, package: Package, main: str) -> None:
        self._lists: dict[str, str] = {}
        self._levels: dict[str, dict[int, _Level]] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        part = package.related(main, "/numbering")
        tree = package.tree(part) if part else None
        for node in tree or ():
            if node.tag == "abstractNum":
                self._levels[node.get("abstractNumId")] = {
                    int(level.number("ilvl") or 0): _Level(
                        _value(level.child("numFmt")) or "decimal",
                        _value(level.child("lvlText")),
                        int((level.child("start") or level).number("val") or 1),
                    )
                    for level in node
                    if level.tag == "lvl"
                }
            elif node.tag == "num":
                self._lists[node.get("numId")] = _value(node.child("abstractNumId"))

    def mark(self, number: str, level: int) -> str:
        """What stands in front of the next item of a list, such as ``2.1`` or ``•``."""
        which = self._lists.get(number, "")
        levels = self._levels.get(which, {})
        if level not in levels:
            return ""
        counts = self._counts[which]
        counts[level] = counts.get(level, levels[level].start - 1) + 1
        for deeper in [each for each in counts if each > level]:
            del counts[deeper]
        if levels[level].format == "bullet":
            return plain_bullet(levels[level].text)
        if levels[level].format == "none":
            return ""

        def written(found: re.Match[str]) -> str:
            at = int(found.group(1)) - 1
            kind = levels.get(at, levels[level])
            return count_in(kind.format, counts.get(at, kind.start))

        return _PLACE.sub(written, levels[level].text)


def count_in(form: str, number: int) -> str:
    """A number as a list counts: ``3`` as ``3``, ``三``, ``c``, ``III``, ``③`` or ``丙``."""
    if not 0 < number <= _MOST:
        return str(number)
    if form in _CHINESE:
        return _chinese(number)
    if form.startswith("decimalEnclosedCircle") and number <= 20:  # noqa: PLR2004 - U+2460 to 2473
        return chr(0x2460 + number - 1)
    if form == "ideographTraditional":
        return _STEMS[(number - 1) % 10]
    written = str(number)
    if form.endswith("Letter"):
        written = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
    elif form.endswith("Roman"):
        written = _roman(number)
    return written.upper() if form.startswith("upper") else written


def _chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    front = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return front + (_DIGITS[ones] if ones else "")


def _roman(number: int) -> str:
    # Ninety and more are no numbers of lists; tens are repeated.
    out = ""
    for value, sign in _ROMAN:
        while number >= value:
            out += sign
            number -= value
    return out


def _value(node: Node | None) -> str:
    return node.get("val") if node is not None else ""

"""Other ways to write the numbers of schools: 第3课 is 第三课, 十二月 is 12月, 必修ⅱ is 必修2.

Only a number with a school's counter behind it, or with 第 and the like before it, is a number for
sure (that of 三角形 or 一次函数 is none). Texts are folded, as ``analysis.fold`` leaves them.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

MOST_VARIANTS = 3

_COUNTER = re.compile(
    "[ )]*(?:单元|年级|学期|学年|周年|分之|[课章节册卷讲班组期届月日号周季级段版天步题])"
)
_BOOKS = ("必修", "选修", "模块")
"""What a number follows in the titles of textbooks; a roman one too."""

_PARTS = ("单元", "课时", "专题", "分之")
_NEAR = 8  # characters around a number that may say what it is

_CHINESE = "零一二三四五六七八九"
_ROMAN = ("i", "ⅱ", "ⅲ", "ⅳ", "v", "ⅵ", "ⅶ", "ⅷ", "ⅸ", "x", "ⅺ", "ⅻ")
"""Roman numerals as folding leaves their signs: those of one letter have become the letter."""

_SIGNS = frozenset(sign for sign in _ROMAN if not sign.isascii())

_LARGER = "〇零一二三四五六七八九十百千万亿两几数"
_NUMBER = re.compile(
    rf"(?<![0-9])(?<![0-9][.,])(?:0?[1-9]|[1-9][0-9])(?![0-9{_LARGER}]|[.,][0-9])"
    rf"|(?<![0-9{_LARGER}])(?:[二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
    rf"(?![{_LARGER}])"
    "|(?<![a-z])[ivx](?![a-z0-9])|[ⅱⅲⅳⅵⅶⅷⅸⅺⅻ]"
)
_WITH_COMMAS = re.compile(r"(?<![0-9.,])[1-9][0-9]{0,2}(?:,[0-9]{3})+(?![0-9]|,[0-9])")
_WITHOUT_COMMAS = re.compile(r"(?<![0-9.,])(?:[1-9]000|[1-9][0-9]{4,8})(?![0-9年]|[.,][0-9])")


def variants(text: str) -> tuple[str, ...]:
    """Give other writings of ``text``, its numbers all in one way: at most ``MOST_VARIANTS``.

    In Chinese and in digits up to 99, as roman signs up to 12 behind the name of a book, and with
    or without the commas of thousands. Never ``text`` itself.
    """
    written = (
        _rewritten(text, _in_chinese),
        _rewritten(text, _in_digits),
        _rewritten(text, _in_roman),
        _WITH_COMMAS.sub(lambda found: found[0].replace(",", ""), text),
        _WITHOUT_COMMAS.sub(lambda found: f"{int(found[0]):,}", text),
    )
    return tuple(other for other in dict.fromkeys(written) if other != text)[:MOST_VARIANTS]


class _Number(NamedTuple):
    """A number that was found; ``of_a_book`` says that the name of a textbook stands before it."""

    value: int
    of_a_book: bool


def _rewritten(text: str, write: Callable[[_Number], str]) -> str:
    """Write each number in ``text`` that counts or ranks as ``write`` says."""

    def other(found: re.Match[str]) -> str:
        number = found[0]
        before = text[max(found.start() - _NEAR, 0) : found.start()]
        after = text[found.end() : found.end() + _NEAR]
        of_a_book = before.rstrip().endswith(_BOOKS)
        is_one = (
            number in _SIGNS
            or before.rstrip().endswith("第")
            or (number not in _ROMAN and _COUNTER.match(after) is not None)
            or (before.endswith("(") and after.startswith(")"))
            or (
                (of_a_book or before.rstrip().endswith(_PARTS))
                # 专题一体化 has no number
                and (number[0] < "一" or not after[:1].isalnum() or after.startswith("第"))
            )
        )
        return write(_Number(_value(number), of_a_book)) if is_one else number

    return _NUMBER.sub(other, text)


def _value(number: str) -> int:
    if number in _ROMAN:
        return _ROMAN.index(number) + 1
    if number.isdigit():
        return int(number)
    tens, ten, units = number.rpartition("十")
    if not ten:
        return _CHINESE.index(number)
    return 10 * (_CHINESE.index(tens) if tens else 1) + (_CHINESE.index(units) if units else 0)


def _in_chinese(number: _Number) -> str:
    tens, units = divmod(number.value, 10)
    ten = "" if not tens else "十" if tens == 1 else _CHINESE[tens] + "十"
    return ten + (_CHINESE[units] if units else "")


def _in_digits(number: _Number) -> str:
    return str(number.value)


def _in_roman(number: _Number) -> str:
    is_roman = number.of_a_book and number.value <= len(_ROMAN)
    return _ROMAN[number.value - 1] if is_roman else str(number.value)

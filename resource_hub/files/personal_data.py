"""Numbers that belong to one person: identity cards and mobile phones, found in a text.

They are found by their own rules (check digit, date, region, prefix), so that a sum in an exercise
is not taken for one. A number is never kept or shown in full.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from operator import itemgetter

from resource_hub.files.facts import Finding, Part, PersonalData

MAX_FINDINGS = 50
"""Findings that are kept of one file: whoever has a list of a class need not count them here."""

# In full width, and with what programs put in place of a space or a hyphen.
_AS_TYPED = str.maketrans(
    "０１２３４５６７８９Ｘｘ－＋（）．\u00a0\u3000\u2002\u2003\u2009\u202f\u2010\u2011\u2012\u2013\u2014\u2212",
    "0123456789Xx-+().      ------",
)
_REGIONS = frozenset(
    {11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46}
    | {50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83}
    | {91, 92, 93, 94, 95, 96}  # foreigners who live here: a nine before the region
)
_CARD = 18  # digits, of which the last may be an X
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_SIGNS = "10X98765432"
# Taiwan counts its counties in an order of its own: A is 10, I is 34.
_COUNTIES = "ABCDEFGHJKLMNPQRSTUVXYWZIO"
_TAIWAN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 1, 1)
_SPEAKS_OF_CARDS = re.compile("身份[证證]|身分[证證]|[证證]件|identity card|ID card", re.IGNORECASE)
_BOOK = re.compile(r"ISBN[\s:：\-]*$", re.IGNORECASE)
_ROUND = re.compile("0{5}$|(.)\\1{6}")  # a large number of an exercise, or one nobody has

# Neither a part of a longer number, a decimal, a term of a formula, nor a page of a web site.
# Digits with what people write between them, in either width.
_BETWEEN = r" .\-()－（）．\u00a0\u3000\u2002\u2003\u2009\u202f\u2010-\u2014\u2212"
_RUN = re.compile(rf"\d[\d\n{_BETWEEN}]{{6,}}[\dXxＸｘA)）]")
_LEFT, _RIGHT = 30, 3  # characters beside a run that tell what it is
_OLD = None  # an identity card, if the text speaks of them at all

_BEFORE, _AFTER = r"(?<![0-9A-Za-z_=×*^])(?<![0-9]\.)(?<![A-Za-z]/)", r"(?![0-9A-Za-z_]|\.[0-9])"


def findings(text: str, parts: Sequence[Part] = ()) -> tuple[Finding, ...]:
    """Find the numbers of people in a text.

    Args:
        parts: Where its pages, slides or sheets begin, in rising order.

    Returns:
        In the order of the text, each number once a place; at most ``MAX_FINDINGS``.
    """
    found = [each for run in _RUN.finditer(text) for each in _in_run(text, *run.span())]
    if any(what is _OLD for _, what, _ in found) and not _SPEAKS_OF_CARDS.search(text):
        found = [each for each in found if each[1] is not _OLD]
    starts = [part.start for part in parts]
    told: dict[tuple[int, str], Finding] = {}
    for at, what, number in sorted(found, key=itemgetter(0)):
        here = bisect_right(starts, at) - 1
        place, label = (parts[here].kind, parts[here].label) if here >= 0 else (None, "")
        kind = what or PersonalData.IDENTITY_CARD
        told.setdefault((here, number), Finding(kind, place, label, _masked(number)))
        if len(told) == MAX_FINDINGS:
            break
    return tuple(told.values())


def _in_run(text: str, start: int, end: int) -> Iterator[tuple[int, PersonalData | None, str]]:
    """The numbers in a run of digits: where each begins, what it is, and its digits.

    A longer run is looked through several times by several rules; text without runs costs nothing.
    """
    left = max(0, start - _LEFT)
    window = text[left : end + _RIGHT].translate(_AS_TYPED)
    for what, pattern, is_one in _SEARCHED:
        for match in pattern.finditer(window):
            number = re.sub(r"[\s().\-]", "", match["own"])
            if left + match.end() > start and is_one(
                number, window[max(0, match.start() - 20) : match.start()]
            ):
                yield left + match.start(), what, number


def _masked(number: str) -> str:
    return f"{number[:3]}{'*' * (len(number) - 5)}{number[-2:]}"


def _is_card(number: str, _: str) -> bool:
    """Eighteen digits of the mainland: region, day of birth, and a sign that checks the others."""
    if len(number) != _CARD:
        return False
    total = sum(int(one) * weight for one, weight in zip(number[:17], _WEIGHTS, strict=True))
    return (
        int(number[:2]) in _REGIONS
        and _is_day(number[6:14])
        and number[17].upper() == _CHECK_SIGNS[total % 11]
    )


def _is_old_card(number: str, _: str) -> bool:
    """Fifteen digits, as they were until 1999; nothing checks them, so the text must say so."""
    return int(number[:2]) in _REGIONS and _is_day(f"19{number[6:12]}")


def _is_day(digits: str) -> bool:
    try:
        return date.fromisoformat(digits).year >= 1900  # noqa: PLR2004 - nobody is older
    except ValueError:
        return False


def _is_taiwan_card(number: str, _: str) -> bool:
    county = _COUNTIES.index(number[0]) + 10
    total = county // 10 + county % 10 * 9
    total += sum(int(one) * weight for one, weight in zip(number[1:], _TAIWAN_WEIGHTS, strict=True))
    return total % 10 == 0


def _is_hong_kong_card(number: str, _: str) -> bool:
    letters, digits, check = number[:-7], number[-7:-1], number[-1]
    values = [36] * (2 - len(letters)) + [ord(letter) - 55 for letter in letters]
    total = sum(
        value * weight
        for value, weight in zip([*values, *map(int, digits)], range(9, 1, -1), strict=True)
    )
    return (total + (10 if check == "A" else int(check))) % 11 == 0


def _is_phone(number: str, _: str) -> bool:
    return _ROUND.search(number) is None


def _is_taiwan_phone(number: str, before: str) -> bool:
    return _is_phone(number, before) and _BOOK.search(before) is None


# A card in one piece, or in the groups in which people write it; then one cut by the end of a line.
_CARDS = (
    r"(?P<own>[1-9]\d{5}(?:19|20)\d{9}[\dXx]"
    r"|[1-9]\d{5}[ -]\d{4}[ -]?\d{4}[ -]\d{3}[\dXx]"
    r"|[1-9]\d{3}(?:[ -]\d{4}){3}[ -]\d[\dXx]"
    r"|[1-9]\d{2}[ -]\d{3}(?:[ -]\d{4}){2}[ -]\d{3}[\dXx])"
)
_CUT_CARD = r"(?P<own>[1-9]\d{0,16}\n\d{0,16}[\dXx])"
_CALLED = r"(?:(?i:tel|phone|mobile|qq|wx|vx)[.:]?)?"
_ABROAD = r"(?:\(?(?:\+|00)?86\)?[ -]?)?"
_MOBILE = r"1(?:3\d|4[014-9]|5[0-35-9]|6[2567]|7[0-8]|8\d|9[0-35-9])"
# The usual groups, then rarer ones, which must not be the middle of the number of a bank card.
_PHONES = (
    rf"{_MOBILE}\)?[ -]?\d{{4}}[ -]?\d{{4}}|{_MOBILE}\.\d{{4}}\.\d{{4}}"
    rf"|(?<!\d[ -]){_MOBILE}\d[ -](?:\d{{3}}[ -]\d{{4}}|\d{{4}}[ -]\d{{3}})(?![ -]\d)"
)

_SEARCHED: tuple[tuple[PersonalData | None, re.Pattern[str], Callable[[str, str], bool]], ...] = (
    tuple(
        (what, re.compile(f"{_BEFORE}{pattern}{_AFTER}", re.ASCII), is_one)
        for what, pattern, is_one in (
            (PersonalData.IDENTITY_CARD, _CARDS, _is_card),
            (PersonalData.IDENTITY_CARD, _CUT_CARD, _is_card),
            (_OLD, r"(?P<own>[1-8]\d{14}|[1-8]\d{5}[ -]\d{6}[ -]\d{3})", _is_old_card),
            (PersonalData.IDENTITY_CARD, r"(?P<own>[A-Z][12]\d{8})", _is_taiwan_card),
            (PersonalData.IDENTITY_CARD, r"(?P<own>[A-Z]{1,2}\d{6}\([\dA]\))", _is_hong_kong_card),
            (
                PersonalData.MOBILE_PHONE,
                rf"{_CALLED}{_ABROAD}\(?(?P<own>{_PHONES})",
                _is_phone,
            ),
            (
                PersonalData.MOBILE_PHONE,
                (
                    r"(?P<own>(?:(?:\+|00)886[ -]?(?:\(0\))?9\d{2}|09\d{2})"
                    r"(?:\d{6}|[ -]\d{3}[ -]?\d{3}))"
                ),
                _is_taiwan_phone,
            ),
            (
                PersonalData.MOBILE_PHONE,
                (
                    r"(?:\+|00|\()(?:852[ )-]{0,2}(?=[5679])|853[ )-]{0,2}(?=6))"
                    r"(?P<own>\d{4}[ -]?\d{4})"
                ),
                _is_phone,
            ),
        )
    )
)

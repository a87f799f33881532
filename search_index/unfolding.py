"""The way back from folded text: regular expressions that find it in text as it was written.

To fold a page of texts takes ten times as long as to look for a few words in them, so a highlight
looks for every character that folds to the one that is meant.

Nearly every text has characters of the basic plane alone. For such a one an expression that is not
``rare`` serves: without the others ``re`` looks a character up in a table, and with them it tries
all forms one after the other.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import takewhile
from string import ascii_lowercase, digits
from typing import NamedTuple

from search_index import analysis
from search_index.analysis import BEFORE_IDEOGRAPHS, Literal, is_ideographic

_BEYOND = re.compile("[\U00010000-\U0010ffff]")
_NOTHING = "(?!)"

_forms = lru_cache(maxsize=1)(analysis.forms)


def prepare() -> None:
    """Load what the first pattern would wait for."""
    letter(rare=False)


def is_rare(text: str) -> bool:
    """Say whether ``text`` has a character beyond the basic plane."""
    # Such a character takes four bytes there, any other two; a search takes ten times as long.
    return len(text.encode("utf-16-le", "surrogatepass")) > 2 * len(text)


def any_of(characters: str, *, rare: bool = True) -> str:
    """Match one of ``characters``, which are folded, in any of its forms."""
    forms = "".join(each + _forms().get(each, "") for each in characters)
    if not rare:
        forms = _BEYOND.sub("", forms)
    return f"[{re.escape(forms)}]" if len(forms) > 1 else re.escape(forms) or _NOTHING


def in_any_form(folded: str, *, rare: bool = True) -> str:
    return "".join(any_of(character, rare=rare) for character in folded)


@lru_cache(maxsize=2)
def letter(*, rare: bool = True) -> str:
    """Match one letter or digit of a script with spaces, in any width."""
    if not rare:
        plain = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x10000))))
        return f"[{_ranges(map(ord, re.findall(letter(), plain)))}]"
    wide = [
        form
        for character, forms in _forms().items()
        if character.isalnum() and not is_ideographic(character)
        for form in forms
        if form > BEFORE_IDEOGRAPHS
    ]
    without, after = [], ord(BEFORE_IDEOGRAPHS) + 1
    for code in sorted(map(ord, wide)):
        if code > after:
            without.append(f"{chr(after)}-{chr(code - 1)}")
        after = code + 1
    return f"[^\\W_{''.join(without)}{chr(after)}-\U0010ffff]"


def _ranges(codes: Iterable[int]) -> str:
    """Write rising code points as ranges of a set."""
    found: list[list[int]] = []
    for code in codes:
        if found and found[-1][1] == code - 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return "".join(f"{re.escape(chr(a))}-{re.escape(chr(b))}" for a, b in found)


class Sought(NamedTuple):
    """What is looked for, in two pieces: characters that it may begin with, and what follows.

    The first are folded, and none of them means any letter; the second is a regular expression.
    """

    firsts: str
    rest: str


def occurrence(literal: Literal, *, rare: bool = True) -> Sought:
    """Look for ideographs anywhere, and for words of letters by their beginning."""
    first, *others = literal.text.split(" ")
    rest = "".join(
        f"[\\W_]*{any_of(run[0], rare=rare)}{_after_the_first(run, rare=rare)}" for run in others
    )
    return Sought(first[0], _after_the_first(first, rare=rare) + rest)


def word_beginning_with(firsts: str, *, rare: bool = True) -> Sought:
    """Look for whole words of letters."""
    return Sought(firsts, f"{_begins_a_word(rare=rare)}{letter(rare=rare)}*")


def _after_the_first(run: str, *, rare: bool) -> str:
    if is_ideographic(run):
        return in_any_form(run[1:], rare=rare)
    common = takewhile(lambda pair: pair[0] == pair[1], zip(run, analysis.stem(run), strict=False))
    beginning = "".join(character for character, _ in common)
    return f"{_begins_a_word(rare=rare)}{in_any_form(beginning[1:], rare=rare)}{letter(rare=rare)}*"


def _begins_a_word(*, rare: bool) -> str:
    """Demand, after the first character of a word, that no letter stands before it."""
    return f"(?<!{letter(rare=rare)}.)"


def looking_for(sought: Sequence[Sought], *, rare: bool = True) -> re.Pattern[str]:
    """Give one expression for all, which tries them in this order.

    It begins with one set of characters: most of a text is then passed over at once.
    """
    beginnings = [
        any_of(each.firsts, rare=rare) if each.firsts else letter(rare=rare) for each in sought
    ]
    if not sought:
        return re.compile(_NOTHING)
    if all(each.firsts for each in sought):
        firsts = "".join(dict.fromkeys("".join(each.firsts for each in sought)))
        first = any_of(firsts, rare=rare)
    else:
        first = f"(?:{'|'.join(dict.fromkeys(beginnings))})"
    either = "|".join(
        f"(?<={beginning}){each.rest}" for beginning, each in zip(beginnings, sought, strict=True)
    )
    return re.compile(f"{first}(?:{either})", re.DOTALL)


@lru_cache(maxsize=256)
def looking_for_pieces(pieces: tuple[str, ...]) -> re.Pattern[str]:
    """Give one expression for folded ``pieces``, wherever they stand."""
    return looking_for([Sought(piece[0], in_any_form(piece[1:])) for piece in pieces])


def words_of_letters(text: str, *, latin: bool) -> list[str]:
    """Give whole words as they are written; only ``latin`` ones faster: others are passed over."""
    return _word(latin=latin, rare=is_rare(text)).findall(text)


@lru_cache(maxsize=4)
def _word(*, latin: bool, rare: bool) -> re.Pattern[str]:
    one = any_of(ascii_lowercase + digits, rare=rare) if latin else letter(rare=rare)
    return re.compile(f"{one}{one}*")

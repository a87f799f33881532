"""How people type what they mean: by sound, in other words, with a slip, or by copying it."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from random import Random
from textwrap import fill

from pypinyin import Style, lazy_pinyin

from benchmarks.relevance.letters import HAN, converter

_LATEX_WORD = re.compile(
    r"\\(mathrm|text|left|right|quad|boldsymbol|operatorname)\b|[${}]|\\[ ,;!]"
)
_LATEX_SIGNS = {
    r"\times": "×", r"\circ": "°", r"\pi": "π", r"\alpha": "α", r"\beta": "β", r"\leq": "≤",
    r"\geq": "≥", r"\geqslant": "≥", r"\leqslant": "≤", r"\sqrt": "√", r"\frac": "", r"\in": "∈",
    r"\angle": "∠", r"\Delta": "Δ", r"\triangle": "△", r"\rightarrow": "→", r"\cdots": "…",
    r"\infty": "∞", r"\theta": "θ", r"\rho": "ρ", r"\mu": "μ", r"\sin": "sin", r"\cos": "cos",
    r"\ln": "ln", r"\log": "log", r"\perp": "⊥", r"\cdot": "·", r"\cap": "∩", r"\cup": "∪",
}  # fmt: skip
_COMMAND = re.compile(r"\\[a-zA-Z]+")
_BLANK = re.compile(r"[（(][ \u3000]*[）)]|_{2,}(?:\d+_{2,})?|＿+")
_BLANKS = ("（）", "( )", "（　　　）", "____", "（     ）", "＿＿＿＿")

_NARROW = str.maketrans("，。；：？！（）“”‘’．", ",.;:?!()\"\"''.")
_WIDE = {code: code + 0xFEE0 for code in (*range(0x30, 0x3A), *range(0x41, 0x5B))}


class SameSound:
    """Characters that a person who types by sound may take for each other, the commonest first."""

    def __init__(self, texts: Iterable[str]) -> None:
        count = Counter(char for text in texts for char in HAN.findall(text))
        self._by_sound: dict[str, list[str]] = defaultdict(list)
        for char, _ in count.most_common(3_000):
            self._by_sound[self._sound(char)].append(char)

    def wrong(self, text: str, dice: Random) -> str | None:
        """Replace one Chinese character; None where none of them has a double."""
        places = [place for place, char in enumerate(text) if HAN.match(char)]
        dice.shuffle(places)
        for place in places:
            doubles = self._by_sound[self._sound(text[place])][:4]
            doubles = [char for char in doubles if char != text[place]]
            if doubles:
                return text[:place] + dice.choice(doubles) + text[place + 1 :]
        return None

    def _sound(self, char: str) -> str:
        return str(lazy_pinyin(char, style=Style.NORMAL)[0])


def slip(text: str, dice: Random) -> str:
    """Leave out a character, double it, or swap it with the next; never the first."""
    place = dice.randrange(1, len(text) - 1)
    before, char, after = text[:place], text[place], text[place + 1 :]
    swapped = before + after[0] + char + after[1:]
    return dice.choice((before + after, before + char + char + after, swapped))


def paste(text: str, dice: Random, *, english: bool) -> str:
    """Give ``text`` the looks it has after being copied out of another program."""
    ways: list[Callable[[str], str]] = [without_formulas] if "$" in text else []
    if english:
        ways.append(dice.choice((one_line, lambda old: fill(old, 60), str)))
        ways.append(lambda old: joined(old, dice))
    else:
        ways.append(dice.choice((no_blanks, lambda old: broken(old, 22), one_line, str)))
    others = [lambda old: other_blanks(old, dice), narrow, *([] if english else [wide])]
    ways += dice.sample(others, dice.randint(0, 2))
    for way in ways:
        text = way(text)
    return text


def without_formulas(text: str) -> str:
    r"""What a formula looks like once it is plain text: $\mathrm{H}_{2}$ is H2."""
    text = _LATEX_WORD.sub("", text.replace("~", " "))
    text = _COMMAND.sub(lambda sign: _LATEX_SIGNS.get(sign[0], ""), text)
    return text.replace("_", "").replace("^", "").replace("\\", "")


def one_line(text: str) -> str:
    return " ".join(text.split())


def no_blanks(text: str) -> str:
    return "".join(text.split())


def joined(text: str, dice: Random) -> str:
    """Words run together here and there, as they do when copied out of a PDF."""
    return re.sub("(?<=[a-z]) (?=[a-z])", lambda _: "" if dice.random() < 0.08 else " ", text)


def broken(text: str, width: int) -> str:
    """Lines as narrow as on a telephone."""
    text = one_line(text)
    return "\n".join(text[start : start + width] for start in range(0, len(text), width))


def other_blanks(text: str, dice: Random) -> str:
    return _BLANK.sub(lambda _: dice.choice(_BLANKS), text)


def narrow(text: str) -> str:
    """ASCII punctuation for Chinese one."""
    return text.translate(_NARROW)


def wide(text: str) -> str:
    """Figures and capital letters as wide as Chinese characters."""
    return text.translate(_WIDE)


def traditional(text: str, dice: Random) -> str:
    """The text as Taiwan, Hong Kong or a plain conversion writes it."""
    return str(converter(dice.choice(("s2t", "s2tw", "s2hk"))).convert(text))


def as_pinyin(text: str, dice: Random) -> str:
    """Chinese by its sound: run together or parted, without tones, with marks or with numbers."""
    style = dice.choice((Style.NORMAL, Style.NORMAL, Style.TONE, Style.TONE3))
    return dice.choice(("", " ")).join(map(str, lazy_pinyin(text, style=style)))


def initials(text: str) -> str:
    return "".join(map(str, lazy_pinyin(text, style=Style.FIRST_LETTER)))

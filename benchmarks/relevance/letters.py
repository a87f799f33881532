"""Words as a judge compares them: letters and digits only, one script, one width, one case."""

import re
from functools import cache
from unicodedata import normalize

from opencc import OpenCC
from pypinyin import Style, pinyin

HAN = re.compile(r"[\u3400-\u9fff]")
_OTHER = re.compile(r"[\W_]+")
_JOINTS = re.compile(r"[\s·・（）()《》]+")

_SAME = str.maketrans("爲羣峯裏牀煙箇閒崐衆", "为群峰里床烟个闲昆众")
"""Forms of one character that the conversion leaves apart."""


@cache
def converter(name: str) -> OpenCC:
    return OpenCC(name)


def simplified(text: str) -> str:
    return str(converter("t2s").convert(text.translate(_SAME)))


def letters(text: str) -> str:
    """Only what cannot be typed differently: no blanks, no punctuation."""
    return _OTHER.sub("", simplified(normalize("NFKC", text)).lower())


def titles_within(title: str) -> frozenset[str]:
    """The whole title and each name in it: 浣溪沙·残雪凝辉冷画屏 is also 残雪凝辉冷画屏."""
    names = [letters(part) for part in _JOINTS.split(title)]
    return frozenset(filter(None, (letters(title), *names)))


@cache
def first_letters(char: str) -> frozenset[str]:
    """With which letters the readings of one character begin: 行 is x and h."""
    (readings,) = pinyin(char, style=Style.FIRST_LETTER, heteronym=True)
    return frozenset(readings)


def typed_by_initials(typed: str, name: str) -> bool:
    """Whether each letter begins some reading of the character at its place."""
    return len(typed) == len(name) and all(
        letter in first_letters(char) for letter, char in zip(typed, name, strict=True)
    )

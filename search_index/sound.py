"""How Chinese sounds: the pinyin of characters, the syllables in typed letters, what sounds alike.

Everything is toneless and in lower case, ü is u (lü and lv are lu), and Chinese is simplified, as
``analysis.fold`` leaves it. The readings are pypinyin's: its two tables are read from its folder,
once, at the first question (0.3 s), and only the phrases kept in which a character sounds unlike
it does alone: 15 MB more for a process, where importing pypinyin costs 56 MB.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from sys import intern

_PHRASE_OR_READING = re.compile(r'"([^"]+)":|\[\s*"([^"]+)"')

_ALSO = {
    pair[0]: pair[1:]
    for pair in (
        *("泊bo", "行hang", "重chong", "乐yue", "调diao", "还huan", "朝chao", "乘sheng", "骑ji"),
        *(
            "说shui",
            "斜xia",
            "衰cui",
            "石dan",
            "车ju",
            "属zhu",
            "宿xiu",
            "省xing",
            "识zhi",
            "曾ceng",
        ),
        *("藏zang", "传zhuan", "单chan", "弹dan", "都du", "恶wu", "会kuai", "降xiang", "角jue"),
        *(
            "觉jiao",
            "劲jing",
            "率shuai",
            "模mu",
            "塞se",
            "似shi",
            "系ji",
            "校jiao",
            "血xie",
            "着zhuo",
        ),
        *("露lou", "薄bo", "差cha", "壳qiao", "贾gu", "尉yu", "燕yan", "呱gua", "荨xun", "拾she"),
    )
}
"""Second readings of characters that textbooks and their readers do not agree on, or confuse."""

_SHORT_RUN, _DOUBTFUL = 8, 2


def _table(words: str) -> dict[str, list[str]]:
    """Read "将进酒 qiang-jin-jiu, …"."""
    pairs = (pair.split() for pair in words.split(","))
    return {word: syllables.split("-") for word, syllables in pairs}


_OWN_READINGS = _table("""
    一行白鹭 yi-hang-bai-lu, 乐音 yue-yin, 单于 chan-yu, 可汗 ke-han, 吐蕃 tu-bo, 大宛 da-yuan,
    将进酒 qiang-jin-jiu, 敕勒 chi-le, 月氏 yue-zhi, 朝花夕拾 zhao-hua-xi-shi,
    行列式 hang-lie-shi, 阿房宫 e-pang-gong, 龟兹 qiu-ci
""")
"""Words of the curriculum that pypinyin reads otherwise or does not know."""

_SURNAMES = _table("""
    万俟 mo-qi, 乐 yue, 仇 qiu, 任 ren, 冼 xian, 区 ou, 单 shan, 单于 chan-yu, 召 shao, 员 yun,
    句 gou, 宿 su, 尉 wei, 尉迟 yu-chi, 应 ying, 折 she, 曾 zeng, 朴 piao, 查 zha, 洗 xian,
    澹台 tan-tai, 燕 yan, 牟 mu, 盖 ge, 盛 sheng, 相 xiang, 祭 zhai, 种 chong, 秘 bi, 繁 po,
    缪 miao, 翟 zhai, 能 nai, 薄 bo, 覃 qin, 解 xie, 訾 zi, 谌 chen, 贾 jia, 车 che, 都 du,
    长孙 zhang-sun, 隗 wei, 颉 xie, 鲜于 xian-yu, 黑 he
""")
"""How a surname reads at the beginning of a name."""


@dataclass(frozen=True, slots=True)
class _Readings:
    """``alone`` reads a character by itself; ``phrases`` those words that read otherwise.

    ``unsteady`` are the characters that read otherwise in some phrase; ``lengths`` gives the
    lengths of the phrases that begin with a character, longest first.
    """

    alone: dict[str, str]
    phrases: dict[str, list[str]]
    unsteady: frozenset[str]
    lengths: dict[str, tuple[int, ...]]


@lru_cache(maxsize=1)
def _readings() -> _Readings:
    package = find_spec("pypinyin")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("pypinyin is not installed")
    folder = Path(package.origin).parent
    toneless = _Toneless()
    characters: dict[str, str] = json.loads((folder / "pinyin_dict.json").read_bytes())
    alone = {chr(int(code)): toneless[read] for code, read in characters.items()}
    phrases = {
        phrase: read
        for phrase, toned in _phrases((folder / "phrases_dict.json").read_text("utf-8"))
        if (read := [toneless[one] for one in toned]) != [alone.get(one) for one in phrase]
    }
    phrases |= _OWN_READINGS
    lengths: dict[str, set[int]] = {}
    for phrase in phrases:
        lengths.setdefault(phrase[0], set()).add(len(phrase))
    return _Readings(
        alone,
        phrases,
        frozenset(
            one
            for phrase, read in phrases.items()
            for one, syllable in zip(phrase, read, strict=True)
            if syllable != alone[one]
        ),
        {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()},
    )


def _phrases(table: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the phrases of pypinyin's JSON, each with the first reading of its characters.

    The whole of it is never built: that takes 40 MB which a process hardly gives back.
    """
    phrase = ""
    read: list[str] = []
    for found in _PHRASE_OR_READING.finditer(table):
        key, first_reading = found.groups()
        if first_reading:
            read.append(first_reading)
        else:
            yield phrase, read
            phrase, read = key, []
    yield phrase, read


class _Toneless(dict[str, str]):
    """Readings of pypinyin ("cháng,zhǎng") to the first one without its tone; remembered."""

    def __missing__(self, toned: str) -> str:
        letters = unicodedata.normalize("NFD", toned.partition(",")[0])
        self[toned] = intern("".join(letter for letter in letters if letter.isascii()))
        return self[toned]


def syllables(run: str) -> list[str]:
    """Read ``run``: one syllable a character, "" where a character has no Chinese reading.

    A character with several readings is read as the longest phrase that it stands in says.
    """
    return _read(run)[0]


def _read(run: str) -> tuple[list[str], list[str]]:
    """Give the ``syllables`` of ``run``, and those of its characters by themselves."""
    known = _readings()
    alone = [known.alone.get(character, "") for character in run]
    if known.unsteady.isdisjoint(run):
        return alone, alone
    read = alone.copy()
    lengths, phrases = known.lengths, known.phrases
    free = 0  # where the last phrase ended
    for start, character in enumerate(run):
        if start < free or character not in lengths:
            continue
        for length in lengths[character]:
            if phrase := phrases.get(run[start : start + length]):
                free = start + length
                read[start:free] = phrase
                break
    return read, alone


def readings(run: str) -> list[list[str]]:
    """Give the ways ``run`` may be read, the likeliest first, one to five.

    After ``syllables``: as a name that begins with a surname, each character as it reads alone, and
    in a short run those that people read otherwise than the tables do.
    """
    usual, alone = _read(run)
    found = [usual]
    for length in (2, 1):
        if surname := _SURNAMES.get(run[:length]):
            found.append([*surname, *usual[length:]])
            break
    if alone is not usual:
        found.append(alone)
    if len(run) <= _SHORT_RUN:
        doubtful = [at for at, character in enumerate(run) if character in _ALSO][:_DOUBTFUL]
        found += [[*usual[:at], _ALSO[run[at]], *usual[at + 1 :]] for at in doubtful]
    return [one for at, one in enumerate(found) if one not in found[:at]]


def initials(run: str) -> list[str]:
    """Give the first letter of each character's syllable, "" where there is none."""
    return [syllable[:1] for syllable in syllables(run)]

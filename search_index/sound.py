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
from itertools import product
from pathlib import Path
from sys import intern

MOST_SPELLINGS = 8
"""Ways to cut letters into syllables that are worth a search."""

_SYLLABLES_BY_INITIAL = {
    "": "a ai an ang ao e ei en eng er o ou",
    "b": "a ai an ang ao ei en eng i ian iao ie in ing o u",
    "p": "a ai an ang ao ei en eng i ian iao ie in ing o ou u",
    "m": "a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u",
    "f": "a an ang ei en eng o ou u",
    "d": "a ai an ang ao e ei en eng i ia ian iao ie ing iu ong ou u uan ui un uo",
    "t": "a ai an ang ao e ei eng i ian iao ie ing ong ou u uan ui un uo",
    "n": "a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong ou u uan ue un uo",
    "l": "a ai an ang ao e ei eng i ia ian iang iao ie in ing iu o ong ou u uan ue un uo",
    "g": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "k": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "h": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "j": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "q": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "x": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "zh": "a ai an ang ao e ei en eng i ong ou u ua uai uan uang ui un uo",
    "ch": "a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo",
    "sh": "a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo",
    "r": "an ang ao e en eng i ong ou u ua uan ui un uo",
    "z": "a ai an ang ao e ei en eng i ong ou u uan ui un uo",
    "c": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "s": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "y": "a an ang ao e i in ing o ong ou u uan ue un",
    "w": "a ai an ang ei en eng o u",
}
_PHRASE_OR_READING = re.compile(r'"([^"]+)":|\[\s*"([^"]+)"')

_PARTS = {
    initial + final: (initial, final)
    for initial, finals in _SYLLABLES_BY_INITIAL.items()
    for final in finals.split()
}
_BEGUN = {syllable[:end] for syllable in _PARTS for end in range(1, len(syllable) + 1)}
_LONGEST_SYLLABLE = max(map(len, _PARTS))

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

_CONFUSED = (
    *(("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("f", "h"), ("r", "l")),
    *(("an", "ang"), ("en", "eng"), ("in", "ing"), ("ian", "iang"), ("uan", "uang")),
)
"""Initials and finals that speakers of one region or another do not tell apart."""


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
    known = _readings()
    alone = known.alone
    read = [alone.get(character, "") for character in run]
    if known.unsteady.isdisjoint(run):
        return read
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
    return read


def readings(run: str) -> list[list[str]]:
    """Give the ways ``run`` may be read, the likeliest first, one to five.

    After ``syllables``: as a name that begins with a surname, each character as it reads alone, and
    in a short run those that people read otherwise than the tables do.
    """
    usual = syllables(run)
    found = [usual]
    for length in (2, 1):
        if surname := _SURNAMES.get(run[:length]):
            found.append([*surname, *usual[length:]])
            break
    alone = _readings().alone
    found.append([alone.get(character, "") for character in run])
    if len(run) <= _SHORT_RUN:
        doubtful = [at for at, character in enumerate(run) if character in _ALSO][:_DOUBTFUL]
        found += [[*usual[:at], _ALSO[run[at]], *usual[at + 1 :]] for at in doubtful]
    return [one for at, one in enumerate(found) if one not in found[:at]]


def initials(run: str) -> list[str]:
    """Give the first letter of each character's syllable, "" where there is none."""
    return [syllable[:1] for syllable in syllables(run)]


def spelled(letters: str) -> list[tuple[str, ...]]:
    """Read ``letters`` as whole syllables, in at most ``MOST_SPELLINGS`` ways, shortest first.

    A digit from 1 to 5 is the tone of the syllable that it ends, and is dropped. Empty if there is
    any other character, or no way.
    """
    return _spellings(letters, unfinished=False)


def spelled_unfinished(letters: str) -> list[tuple[str, ...]]:
    """Read ``letters`` like ``spelled``, but let the last syllable be only begun.

    It is given as it is written: gougud is gou, gu, d.
    """
    return _spellings(letters, unfinished=True)


@lru_cache(maxsize=1024)
def completed(begun: str) -> tuple[str, ...]:
    """Give all syllables that begin with ``begun``, in order; itself too if it is one."""
    return tuple(sorted(syllable for syllable in _PARTS if syllable.startswith(begun)))


def sound_distance(a: str, b: str) -> float:
    """Say how unlike two syllables sound: 0 the same, 0.5 often confused, 1 otherwise."""
    if a == b:
        return 0.0
    return 0.5 if (a, b) in _ALIKE else 1.0


def _alike() -> frozenset[tuple[str, str]]:
    either_way = {*_CONFUSED, *((b, a) for a, b in _CONFUSED)}
    pairs = product(_PARTS.items(), repeat=2)
    return frozenset(
        (a, b)
        for (a, (a_initial, a_final)), (b, (b_initial, b_final)) in pairs
        if (a_initial == b_initial and (a_final, b_final) in either_way)
        or (a_final == b_final and (a_initial, b_initial) in either_way)
    )


_ALIKE = _alike()


@dataclass(frozen=True, slots=True)
class _Spelling:
    """A way to read letters from some place to the end: a syllable, then a way for the rest.

    The rest is shared by all that go on alike, so that a thousand letters are not copied.
    """

    count: int
    syllable: str = ""
    rest: "_Spelling | None" = None

    def syllables(self) -> tuple[str, ...]:
        found: list[str] = []
        spelling = self
        while spelling.rest:
            found.append(spelling.syllable)
            spelling = spelling.rest
        return tuple(found)


def _spellings(typed: str, *, unfinished: bool) -> list[tuple[str, ...]]:
    letters, toned = _without_tones(typed.replace("v", "u"))
    size = len(letters)
    ways: list[list[_Spelling]] = [[] for _ in letters] + [[_Spelling(0)]]
    for start in reversed(range(size)):
        found: list[_Spelling] = []
        for end in range(min(start + _LONGEST_SYLLABLE, size), start, -1):
            syllable = letters[start:end]
            may_be_begun = unfinished and end == size and end not in toned
            if syllable in (_BEGUN if may_be_begun else _PARTS) and toned.isdisjoint(
                range(start + 1, end)
            ):
                found += [_Spelling(rest.count + 1, syllable, rest) for rest in ways[end]]
        found.sort(key=lambda way: way.count)  # stable: among equals, the longer syllable first
        ways[start] = found[:MOST_SPELLINGS]
    return [way.syllables() for way in ways[0]] if size and 0 not in toned else []


def _without_tones(typed: str) -> tuple[str, set[int]]:
    """Take the tones out of ``typed``, and say after how many letters they stood."""
    pieces = re.split("[1-5]", typed)
    toned: set[int] = set()
    count = 0
    for piece in pieces[:-1]:
        count += len(piece)
        toned.add(count)
    return "".join(pieces), toned

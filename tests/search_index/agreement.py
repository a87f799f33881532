"""300 queries over the real items, and what two engines must have in common for each of them.

The same set of hits, the same counts of eight facets, and at least eight of the best ten. Engines
round the length of a text in their own ways, so scores that are nearly equal may change places:
a hit of one engine's best ten counts as common too if the other engine gives it a score as good as
that of its own tenth, less ``NEARLY``. Scores that are equal are no question: ids decide.

Which documents were found is read from two facets nobody else needs: each document has a code of
its own in one of them, so a set of any size costs one search.
"""

import json
import random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice

from opencc import OpenCC

from search_index import analysis, sound
from search_index.base import FACETS, IndexDocument, Page, SearchEngine, SearchRequest
from search_index.dictionary import dictionary
from search_index.vocabulary import Vocabulary
from tests.samples import SAMPLES

SEEN_BY = frozenset({"public", "alliance:1"})
BEST, COMMON, NEARLY = 10, 8, 0.05

_SUBJECTS = {
    "语文": "chinese", "数学": "math", "英语": "english", "历史": "history", "政治": "politics",
    "生物": "biology", "化学": "chemistry", "物理": "physics", "地理": "geography",
}  # fmt: skip
_GRADES = {
    "三年级": "g3", "四年级": "g4", "五年级": "g5", "七年级": "g7", "八年级": "g8", "高三": "g12",
}  # fmt: skip
_KINDS = {"教案": "lesson_plan", "微课": "micro_lesson", "课件": "courseware", "试题": "exercise"}
_EDITIONS = ("pep", "bnu", "su", "")
_STAGES = ("primary", "junior")
_FORMATS = ("docx", "pptx", "pdf", "mp4", "xlsx")
_SCHOOLS = ("月亮中心校", "云岭中学", "石桥镇第一学校", "柳塘小学", "長門學校")
_TEACHERS = ("王老师", "曾晓云", "单志远", "Alice Smith")
_FIRST_DAY = datetime(2024, 1, 1, 8, tzinfo=UTC)

# Two code fields that say which documents were found: the first 8,000 in one, the rest in the
# other, for an engine counts at most 10,000 codes of a field.
_WHICH = ("volume", "language")
_IN_THE_FIRST = 8_000

VOCABULARY = Vocabulary(
    fields={
        "学科": "subject", "年级": "grade", "标题": "title", "學校": "school", "类型": "kind",
        "作者": "author", "关键词": "keywords", "单元": "unit", "上传": "published",
        "年份": "year",
    },
    codes={"subject": _SUBJECTS, "grade": _GRADES, "kind": _KINDS},
)  # fmt: skip


@cache
def _items() -> tuple[Mapping[str, str], ...]:
    with (SAMPLES / "items.jsonl").open(encoding="utf-8") as lines:
        return tuple(json.loads(line) for line in lines)


def documents(*, every: int = 1) -> Iterator[IndexDocument]:
    """Give each item, or every so many, as a document with believable codes."""
    for number, item in islice(enumerate(_items()), 0, None, every):
        yield _document(number, item)


def _document(number: int, item: Mapping[str, str]) -> IndexDocument:
    dice = random.Random(number)  # noqa: S311 - the same codes every time, no secret
    published = _FIRST_DAY + timedelta(days=dice.randrange(1_000))
    title = (item.get("title") or item["text"][:40]).replace("\n", " ")
    grades = sorted(dice.sample(sorted(_GRADES.values()), dice.choice((1, 1, 2))))
    school = dice.randrange(40)
    return IndexDocument(
        resource_id=number,
        sequence=1,
        title=title,
        summary=item["text"][:60],
        keywords=tuple(filter(None, (item["category"], item["text"][:4]))),
        unit=f"第{dice.choice('一二三四五六七八')}单元",
        body=f"{item['text']}\n{item['answer']}\n{item['analysis']}",
        author=item.get("author") or dice.choice(_TEACHERS),
        school=_SCHOOLS[school % len(_SCHOOLS)],
        alliances=("云岭教共体",),
        school_code=f"S{school}",
        subject=_SUBJECTS[item["subject"]],
        grades=("g12",) if item["stage"] else tuple(grades),
        school_stage="senior" if item["stage"] else dice.choice(_STAGES),
        kind=dice.choice(sorted(_KINDS.values())),
        edition=dice.choice(_EDITIONS),
        volume=str(number) if number < _IN_THE_FIRST else "",
        language="" if number < _IN_THE_FIRST else str(number),
        formats=tuple(sorted(dice.sample(_FORMATS, dice.choice((1, 1, 2))))),
        published_at=published,
        year=published.year,
        views=dice.randrange(500),
        downloads=dice.randrange(100),
        visible_to=frozenset({dice.choice(("public", "public", "alliance:1", "school:7"))}),
    )


@cache
def queries() -> tuple[str, ...]:
    """Give 300 queries, none twice, as people type them; always the same."""
    made = {kind: _distinct(kind, count) for kind, count in _COUNTS.items()}
    return tuple(query for of_one_kind in made.values() for query in of_one_kind)


_COUNTS = {
    "word": 45, "two words": 30, "phrase": 25, "field": 30, "operators": 30, "beginning": 20,
    "range": 20, "nearly": 20, "other script": 20, "pinyin": 20, "initials": 15, "synonym": 10,
    "question": 15,
}  # fmt: skip


def _distinct(kind: str, count: int) -> list[str]:
    dice = random.Random(kind)  # noqa: S311 - the same queries every time, no secret
    made: dict[str, None] = {}
    while len(made) < count:
        query = " ".join(_query(kind, dice).split())
        if query:
            made[query] = None
    return list(made)


def _query(kind: str, dice: random.Random) -> str:  # noqa: C901, PLR0911, PLR0912 - one for each kind
    match kind:
        case "word":
            return _word(dice)
        case "two words":
            item = _an_item(dice)
            return f"{_word(dice, item)} {_word(dice, item)}"
        case "phrase":
            return f'"{_piece(dice)}"'
        case "field":
            return _field(dice)
        case "operators":
            a, b, c = (_word(dice) for _ in range(3))
            forms = (f"{a} OR {b}", f"{a} -{b}", f"{a} NOT {b}", f"({a} OR {b}) -{c}", f"-{a}")
            mixed = (f"{_field(dice)} OR {a}", f"-{_field(dice)} {a}", f"{a} AND {b[:1]}")
            return dice.choice(forms + mixed)
        case "beginning":
            word = _english(dice)
            kept = dice.randint(1, len(word) - 1)
            return dice.choice(
                (f"{word[:kept]}*", f"{word[0]}*{word[-1]}", f"标题:{word[:kept]}*", f"*{word[1:]}")
            )
        case "range":
            return _range(dice)
        case "nearly":
            word = dice.choice((_english(dice), _mistyped(_english(dice), dice), _word(dice)))
            return f"{word}~{dice.choice(('', '', '1', '2'))}"
        case "other script":
            turned = OpenCC(dice.choice(("s2t", "t2s"))).convert
            return str(turned(dice.choice((_word(dice), _piece(dice)))))
        case "pinyin":
            return dice.choice(("", " ")).join(filter(None, sound.syllables(_name(dice))))
        case "initials":
            return "".join(sound.initials(_name(dice)))
        case "synonym":
            return f"{dice.choice(_SAID_OTHERWISE)} {dice.choice(('', _word(dice)[:1]))}"
        case _:
            item = _an_item(dice)
            start = dice.randrange(max(len(item["text"]) - 60, 1))
            return item["text"][start : start + dice.choice((25, 60, 200, 500))]


_SAID_OTHERWISE = (
    "教案", "教學設計", "PPT", "微课", "lesson plan", "资讯科技", "軟體", "影片", "信息技术",
    "试卷",
)  # fmt: skip


def _an_item(dice: random.Random) -> Mapping[str, str]:
    return dice.choice(_items())


def _piece(dice: random.Random, item: Mapping[str, str] | None = None) -> str:
    """Give a few characters or words that stand together in a text."""
    text = (item or _an_item(dice))["text"]
    runs = [run for run in analysis.runs(text) if len(run) > 1]
    if not runs:
        return "月"
    run = dice.choice(runs)
    start = dice.randrange(max(len(run) - 3, 1))
    return run[start : start + dice.randint(2, 6)] if analysis.is_ideographic(run) else run


def _word(dice: random.Random, item: Mapping[str, str] | None = None) -> str:
    """Give a word of a title, of a text, or a poet."""
    item = item or _an_item(dice)
    source = dice.choice((item.get("title", ""), item["text"], item["text"], item.get("author")))
    runs = [run for run in analysis.runs(source or item["text"]) if not run.isdigit()]
    words = dictionary().cut(dice.choice(runs)) if runs else ["月"]
    return dice.choice([word for word in words if word not in analysis.STOP] or words)


def _name(dice: random.Random) -> str:
    """Give a title or an author that pinyin can spell."""
    while True:
        item = _an_item(dice)
        for name in (item.get("author"), item.get("title")):
            folded = analysis.fold(name or "")
            if 1 < len(folded) < 6 and all(sound.syllables(folded)) and dice.random() < 0.5:
                return folded


@cache
def _english_words() -> tuple[str, ...]:
    texts = [item["text"] for item in _items() if item["subject"] == "英语"]
    words = {run for text in texts for run in analysis.runs(text) if run.isascii()}
    return tuple(sorted(word for word in words if word.isalpha() and len(word) > 3))


def _english(dice: random.Random) -> str:
    return dice.choice(_english_words())


def _mistyped(word: str, dice: random.Random) -> str:
    at = dice.randrange(len(word))
    return dice.choice((word[:at] + word[at + 1 :], f"{word[:at]}e{word[at:]}"))


def _field(dice: random.Random) -> str:
    name, values = dice.choice(
        (
            ("标题", (_word(dice), f'"{_word(dice)}"', "春")),
            ("作者", ("李白", "杜甫", "Alice", "单志远")),
            ("学科", tuple(_SUBJECTS)),
            ("年级", tuple(_GRADES)),
            ("類型", tuple(_KINDS)),
            ("學校", ("月亮", "长门学校", "石桥镇第一学校")),
            ("关键词", ("全唐诗", "宋词", "楚辞")),
            ("title", (_word(dice), _english(dice))),
            ("单元", ("第三单元", "第3单元", "八")),
        )
    )
    return f"{name}:{dice.choice(values)} {dice.choice(('', _word(dice)))}"


def _range(dice: random.Random) -> str:
    year, month = dice.randint(2023, 2027), dice.randint(1, 12)
    return dice.choice(
        (
            f"上传:{year}-{month:02}..",
            f"上传:..{year}-{month:02}-15 {_word(dice)[:1]}",
            f"年份:{year}..{year + 1}",
            f"上传:[{year}-01 TO {year}-{month:02}]",
            f"上传:{year}年{month}月 -春",
            "年级:三年级..五年级 月",
            f"年份:{year} OR {_word(dice)}",
            f"published:{year}",
        )
    )


def compare(
    engine: SearchEngine,
    other: SearchEngine,
    query: str,
    filters: Mapping[str, frozenset[str]] | None = None,
) -> list[str]:
    """Say in what two engines over the same documents differ; nothing if they agree."""
    one, two = (answer(each, query, filters or {}) for each in (engine, other))
    differences = [
        f"{what}: {getattr(one, what)} and {getattr(two, what)}"
        for what in ("total", "understood", "relaxed", "corrections")
        if getattr(one, what) != getattr(two, what)
    ]
    only_one, only_two = found_by(one) - found_by(two), found_by(two) - found_by(one)
    if only_one or only_two:
        differences.append(f"hits: {sorted(only_one)[:5]} and {sorted(only_two)[:5]}")
    differences += [
        f"{name}: {one.facets[name]} and {two.facets[name]}"
        for name in FACETS
        if one.facets[name] != two.facets[name]
    ]
    if missed := _not_in_common(one, two):
        differences.append(missed)
    return [f"{query!r}: {difference}" for difference in differences]


def answer(
    engine: SearchEngine,
    query: str,
    filters: Mapping[str, frozenset[str]],
    *,
    per_page: int = 5 * BEST,
) -> Page:
    """Ask with every facet, and those that say which documents were found."""
    facets = (*FACETS, *_WHICH)
    return engine.search(SearchRequest(query, SEEN_BY, filters, per_page=per_page, facets=facets))


def found_by(page: Page) -> set[str]:
    """Give the ids of all documents that were found, on whatever page they stand."""
    return {code for name in _WHICH for code in page.facets[name]}


def _not_in_common(one: Page, two: Page) -> str:
    best = [[hit.resource_id for hit in page.hits[:BEST]] for page in (one, two)]
    wanted = min(COMMON, *map(len, best))
    for mine, page in ((best[1], one), (best[0], two)):
        scores = {hit.resource_id: hit.score for hit in page.hits}
        if not scores:
            continue
        tenth = [hit.score for hit in page.hits[:BEST]][-1]
        common = [i for i in mine if i in scores and scores[i] >= tenth * (1 - NEARLY)]
        if len(common) < wanted:
            return f"the best ten: {best[0]} and {best[1]}"
    return ""

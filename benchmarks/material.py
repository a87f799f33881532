"""The documents and the queries of every benchmark: real texts, believable codes, always alike."""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice
from pathlib import Path

from resource_hub.domain.taxonomy import Kind, Scheme
from resource_hub.services.taxonomy import shipped_terms
from search_index import IndexDocument

ITEMS = Path(__file__).resolve().parents[2] / "shared" / "samples" / "items.jsonl"
SYLLABLES = "天地人山水春夏秋冬日月风花雪江河湖海东南西北数学语文面积函数细胞三角定理故乡光合作用"
SUBJECTS = {
    "语文": "chinese", "数学": "math", "英语": "english", "历史": "history", "政治": "politics",
    "生物": "biology", "化学": "chemistry", "物理": "physics", "地理": "geography",
}  # fmt: skip

SCHOOLS = 60
PEOPLE = 3_000
ALLIANCE = "云岭教共体"
SEEN_BY = frozenset({"public", "alliance:1", "school:7"})
"""A teacher of one of the schools."""

TOWNS = ("清溪", "石桥", "芦潭", "枫林", "白云", "西河", "双河", "柳塘", "新店", "金沙")
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
GIVEN_NAMES = (
    "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "秀兰",
    "晓云", "建国", "文清", "雅兰", "志远",
)  # fmt: skip
FORMATS = {
    Kind.LESSON_PLAN: ("docx", "docx", "pdf", "doc"),
    Kind.MICRO_LESSON: ("mp4", "mp4", "docx"),
    Kind.CASE: ("docx", "pdf"),
    Kind.COURSEWARE: ("pptx", "pptx", "ppt", "pdf"),
    Kind.EXERCISE: ("docx", "pdf", "xlsx"),
    Kind.OUTLINE: ("docx", "pdf"),
}
NUMBERS = "一二三四五六七八"
LESSONS = ("", "（第一课时）", "（第二课时）", "（复习课）", "（公开课）", "（校本修订）")
NEWEST = datetime(2026, 11, 20, 4, tzinfo=UTC)

WORDS = ("勾股定理", "三角形", "面积", "春", "明月", "光合作用", "加速度", "江南", "李白")
OTHER_SCRIPT = ("靜夜思", "細胞", "化學反應", "資訊科技")
TWO_WORDS = ("春 江", "明月 故乡", "三角形 面积", "函数 图象", "细胞 分裂", "李白 月")
PHRASES = ('"明月光"', '"三角形的面积"', '"化学反应"')
FIELDS = ("标题:春", "作者:王敏", "学科:数学 面积", "年级:三年级 江", "类型:教案 春")
BOOLEAN = ("春 -江", "函数 NOT 三角", "山 OR 水", "(明月 OR 春风) 故乡")
BEGINNINGS = ("photo*", "peop*")
PINYIN = ("chunxiao", "san jiao xing", "jys")
LONG = (
    "小学数学教案",
    "床前看月光疑是地上霜",
    "已知函数的图象经过点，求函数的单调区间和最大值，并说明理由",
)
QUERIES = (
    *WORDS, *OTHER_SCRIPT, *TWO_WORDS, *PHRASES, *FIELDS, *BOOLEAN, *BEGINNINGS, *PINYIN, *LONG, "",
)  # fmt: skip
"""Forty, as people type them; the last asks for everything."""


def texts() -> list[tuple[str, str, str, str]]:
    """Give title, text, author and subject of the real items, or of invented ones."""
    if ITEMS.is_file():
        with ITEMS.open(encoding="utf-8") as lines:
            items = [json.loads(line) for line in lines]
        return [
            (
                (item.get("title") or item["text"][:40]).replace("\n", " ").strip(),
                "\n".join(filter(None, (item["text"], item["answer"], item["analysis"]))),
                item.get("author") or "",
                SUBJECTS.get(item["subject"], "") if item["stage"] else "",
            )
            for item in items
        ]
    dice = random.Random(1)
    return [
        (
            "".join(dice.choices(SYLLABLES, k=6)),
            "，".join("".join(dice.choices(SYLLABLES, k=9)) for _ in range(20)),
            "".join(dice.choices(SYLLABLES, k=2)),
            "",
        )
        for _ in range(10_000)
    ]


@cache
def codes(scheme: Scheme, school_stage: str = "") -> tuple[str, ...]:
    """The codes of a list, in its order; with ``school_stage`` those that belong there."""
    return tuple(
        term.code
        for term in shipped_terms()
        if term.scheme is scheme and (not school_stage or school_stage in term.stages)
    )


def school_name(number: int) -> str:
    return f"{TOWNS[number % len(TOWNS)]}镇第{number // len(TOWNS) + 1}学校"


def person_name(number: int) -> str:
    given = GIVEN_NAMES[number // len(SURNAMES) % len(GIVEN_NAMES)]
    return SURNAMES[number % len(SURNAMES)] + given


def documents(count: int) -> Iterator[IndexDocument]:
    """Give ``count`` documents, none like another; the first ones are the same for any count.

    Each is three real texts (780 characters on average, a short lesson plan), by a teacher of one
    of 60 schools; seven of ten are for everyone, two for the alliance, one for its school.
    """
    dice = random.Random(2)
    known = texts()
    for number in range(count):
        yield _document(number, known, dice)


def _document(
    number: int, known: list[tuple[str, str, str, str]], dice: random.Random
) -> IndexDocument:
    title, text, poet, subject = known[number * 7 % len(known)]
    others = dice.choices(known, k=2)
    school_stage = "senior" if subject else dice.choice(("primary", "primary", "junior", "senior"))
    person = dice.randrange(PEOPLE)
    school = person % SCHOOLS
    kind = dice.choice(tuple(Kind))
    published = NEWEST - timedelta(minutes=dice.randrange(4 * 365 * 24 * 60))
    share = dice.randrange(10)
    grades = codes(Scheme.GRADE, school_stage)
    first_grade = dice.randrange(len(grades))
    return IndexDocument(
        resource_id=number + 1,
        sequence=1,
        title=title + LESSONS[number // len(known) % len(LESSONS)],
        summary=text[:60],
        keywords=tuple(filter(None, (poet, title[:4]))),
        unit=f"第{dice.choice(NUMBERS)}单元",
        body="\n".join((text, *(other[:2_000] for _title, other, *_rest in others))),
        author=person_name(person),
        school=school_name(school),
        alliances=(ALLIANCE,),
        school_code=f"S{school + 1}",
        subject=subject or dice.choice(codes(Scheme.SUBJECT, school_stage)),
        grades=grades[first_grade : first_grade + dice.choice((1, 1, 2))],
        school_stage=school_stage,
        kind=kind.value,
        edition=dice.choice(codes(Scheme.EDITION)),
        volume=dice.choice(codes(Scheme.VOLUME)),
        language="zh-Hans",
        formats=tuple(sorted({dice.choice(FORMATS[kind]), dice.choice(FORMATS[kind])})),
        published_at=published,
        year=published.year,
        views=dice.randrange(500),
        downloads=dice.randrange(100),
        visible_to=frozenset(
            {"public" if share < 7 else "alliance:1" if share < 9 else f"school:{school + 1}"}
        ),
    )


def held(count: int) -> list[IndexDocument]:
    """The same in memory, so that making them is not measured."""
    return list(islice(documents(count), count))

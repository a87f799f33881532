"""What a line of a manifest means, and what is assumed where it is silent."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from resource_hub.domain.description import MAX_SUMMARY, MAX_TITLE
from resource_hub.domain.taxonomy import Kind, Language, Section, Taxonomy
from resource_hub.domain.visibility import Audience
from resource_hub.services.manifests import (
    Defaults,
    Reading,
    read_line,
)
from resource_hub.services.taxonomy import shipped_terms
from resource_hub.services.wording import guessed_language, readable_name

TAXONOMY = Taxonomy.of(shipped_terms())
NOTHING = Defaults()
TEACHER = Defaults(taught_subjects=("math",), taught_grades=("g3", "g4"))


def read(*files: str, **cells: str) -> Reading:
    return read_for(NOTHING, cells, *files)


def read_for(defaults: Defaults, cells: Mapping[str, str], *files: str) -> Reading:
    return read_line(cells, [Path(name) for name in files], TAXONOMY, defaults)


def placed(reading: Reading) -> tuple[str, str, tuple[str, ...]]:
    found = reading.description
    return found.school_stage, found.subject, found.grades


def test_what_the_line_says_holds() -> None:
    reading = read(
        title="分数的初步认识", summary="从分月饼开始", kind="教案", subject="数学", stage="小学",
        grades="三年级、四年级", volume="上册", edition="人教版", unit="第六单元",
        keywords="分数，月饼", licence="CC BY-SA 4.0", audience="公开", language="简体",
        text="把一个月饼", source="县教研室", objectives="会读写分数",
    )  # fmt: skip
    found = reading.description
    assert placed(reading) == ("primary", "math", ("g3", "g4"))
    assert (found.kind, found.volume, found.edition) == (Kind.LESSON_PLAN, "first", "renjiao")
    assert (found.title, found.summary, found.unit) == (
        "分数的初步认识", "从分月饼开始", "第六单元",
    )  # fmt: skip
    assert (found.keywords, found.source, found.text) == (
        ("分数", "月饼"), "县教研室", "把一个月饼",
    )  # fmt: skip
    assert (found.audience, found.language) == (Audience.PUBLIC, Language.SIMPLIFIED)
    assert found.sections == {Section.OBJECTIVES: "会读写分数"}
    assert reading.shortened == []


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("cc-by-4.0", "cc-by-4.0"),
        ("CC BY-SA 4.0", "cc-by-sa-4.0"),
        ("CC-BY-NC", "cc-by-nc-4.0"),
        ("CC0 1.0", "cc0-1.0"),
        ("保留一切权利", "alliance-only"),
    ],
)
def test_a_licence_is_known_by_its_usual_spellings(word: str, code: str) -> None:
    assert read(licence=word).description.licence == code


@pytest.mark.parametrize(
    ("cells", "defaults", "expected"),
    [
        ({}, NOTHING, "primary school_based g1 g2 g3 g4 g5 g6"),
        ({}, TEACHER, "primary math g3 g4"),
        ({"subject": "物理"}, NOTHING, "junior physics g7 g8 g9"),
        ({"subject": "物理"}, TEACHER, "junior physics g7 g8 g9"),
        ({"stage": "高中", "subject": "政治"}, TEACHER, "senior politics g10 g11 g12"),
        ({"stage": "初中", "subject": "政治"}, NOTHING, "junior morality g7 g8 g9"),
        ({"grades": "高三"}, TEACHER, "senior math g12"),
        ({"grades": "八年级上册", "subject": "生物"}, NOTHING, "junior biology g8"),
        ({"stage": "学前"}, TEACHER, "preschool school_based p_small p_middle p_large"),
        ({"subject": "english"}, Defaults(stage="junior", grades=("g9",)), "junior english g9"),
    ],
)
def test_stage_subject_and_grades_fit_each_other(
    cells: dict[str, str], defaults: Defaults, expected: str
) -> None:
    stage, subject, grades = placed(read_for(defaults, cells))
    assert " ".join((stage, subject, *grades)) == expected


def test_what_was_assumed_is_told_field_by_field() -> None:
    assert read_for(TEACHER, {"title": "课", "subject": "语文"}).assumed == {
        "stage": "primary",
        "grades": "g3 g4",
        "kind": "lesson_plan",
        "summary": "",
        "licence": "alliance-only",
        "audience": "alliance",
    }


@pytest.mark.parametrize(
    ("cells", "files", "kind"),
    [
        ({"kind": "微課"}, (), Kind.MICRO_LESSON),
        ({"kind": "Exercise"}, (), Kind.EXERCISE),
        ({"kind": "诗文"}, (), Kind.LESSON_PLAN),
        ({"kind": "Math_II_MCQs", "answer": "A"}, (), Kind.EXERCISE),
        ({}, ("a.ppt",), Kind.COURSEWARE),
        ({}, ("a.pptx", "b.mp4"), Kind.COURSEWARE),
        ({}, ("a.MP4",), Kind.MICRO_LESSON),
        ({}, ("a.docx",), Kind.LESSON_PLAN),
        ({}, ("no ending",), Kind.LESSON_PLAN),
    ],
)
def test_the_kind_is_the_word_or_follows_from_answer_and_files(
    cells: dict[str, str], files: tuple[str, ...], kind: Kind
) -> None:
    assert read(*files, **cells).description.kind is kind


def test_a_poem_carries_its_author_in_the_title_and_a_file_does_not() -> None:
    poem = read(title="絕句", author="杜甫", text="兩個黃鸝鳴翠柳").description
    assert (poem.title, poem.source, poem.keywords) == ("絕句（杜甫）", "杜甫", ("杜甫",))
    assert read("a.docx", title="絕句", author="杜甫").description.title == "絕句"


def test_without_a_title_the_file_or_the_first_words_are_it() -> None:
    assert read("第一课 分数.docx").description.title == "第一课 分数"
    assert read(text="一\n  二 " + "三" * 60).description.title == "一 二 " + "三" * 36


def test_answer_and_analysis_stand_below_the_text_and_nowhere_else() -> None:
    found = read(text="1+1=?", answer="2", analysis="【解答】数一数").description
    assert found.text == "1+1=?\n\n【答案】2\n\n【解答】数一数"
    assert (found.title, found.summary) == ("1+1=?", "1+1=?")


def test_a_summary_is_made_of_what_is_known() -> None:
    found = read(category="全唐诗", year="742", source="诗集", text="床前").description
    assert found.summary == "全唐诗 · 742 · 诗集"
    assert read("a.docx", "b.pptx").description.summary == "a.docx、b.pptx"


def test_words_that_are_in_no_list_become_keywords() -> None:
    found = read(subject="魔法", edition="霍格沃茨版", kind="咒语").description
    assert (found.subject, found.edition) == ("school_based", "")
    assert set(found.keywords) == {"魔法", "霍格沃茨版", "咒语"}


def test_what_is_too_long_is_cut_and_told() -> None:
    reading = read(title="长" * 300, summary="短" * 3_000, keywords=",".join("字" * 50))
    assert len(reading.description.title) == MAX_TITLE
    assert len(reading.description.summary) == MAX_SUMMARY
    assert reading.shortened == ["title", "summary"]
    many = read(keywords=",".join(str(number) for number in range(30)))
    assert (len(many.description.keywords), many.shortened) == (20, ["keywords"])


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("白玉誰家郎，回車渡天津。", Language.TRADITIONAL),
        ("两个黄鹂鸣翠柳", Language.SIMPLIFIED),
        ("床前明月光", Language.SIMPLIFIED),
        ("Have you finished reading?", Language.ENGLISH),
        ("", Language.SIMPLIFIED),
    ],
)
def test_the_language_is_guessed_from_the_characters(text: str, language: Language) -> None:
    assert guessed_language(text) is language


def test_a_name_in_any_bytes_is_readable() -> None:
    assert readable_name("静夜思".encode("gb18030").decode("utf-8", "surrogateescape")) == "静夜思"
    assert readable_name(b"a\xff".decode("utf-8", "surrogateescape")) == "a\ufffd"

"""Answers beyond the exact one: what was relaxed, what was meant, how a query was read."""

from dataclasses import replace
from pathlib import Path

import pytest

from search_index.base import Page, Place, Relaxed, SearchEngine, SearchRequest
from search_index.vocabulary import Vocabulary
from tests.search_index.documents import ask, found, lesson
from tests.search_index.engines import KINDS, filled

VOCABULARY = Vocabulary(
    fields={
        "学科": "subject",
        "年级": "grade",
        "标题": "title",
        "上传": "published",
        "年份": "year",
    },
    codes={
        "subject": {"数学": "math", "语文": "chinese"},
        "grade": {"三年级": "g3", "四年级": "g4", "五年级": "g5", "六年级": "g6"},
    },
)
SECRET = frozenset({"school:2"})

# Published on the second to the seventh of October 2026, in this order.
LESSONS = (
    lesson(1, "勾股定理", "直角三角形两条直角边的平方和等于斜边的平方。", keywords=("几何",)),
    lesson(2, "圆的面积", "把圆分成若干等份，拼成一个近似的长方形。", grades=("g4",)),
    lesson(
        3, "Photosynthesis", "How leaves catch the light: a lesson about plants.", grades=("g5",)
    ),
    lesson(
        4, "靜夜思", "牀前看月光，疑是地上霜。", subject="chinese", author="李白", grades=("g6",)
    ),
    lesson(5, "秘密的蝴蝶标本", "Chrysanthemum 与琥珀", visible_to=SECRET),
    lesson(6, "認識分數", "二分之一與四分之一", grades=("g3", "g4")),
)


@pytest.fixture(params=KINDS, scope="module")
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> SearchEngine:
    folder: Path = tmp_path_factory.mktemp("answers")
    return filled(request.param, request, folder, LESSONS, vocabulary=VOCABULARY)


def relaxed(engine: SearchEngine, query: str, *audience: str, **chosen: str) -> Page:
    filters = {name: frozenset({code}) for name, code in chosen.items()}
    return engine.search(SearchRequest(query, frozenset(audience or ("public",)), filters))


def test_what_fits_exactly_is_not_relaxed(engine: SearchEngine) -> None:
    page = relaxed(engine, "圆的面积")
    assert (found(page), page.relaxed, page.understood) == ([2], None, "")


@pytest.mark.parametrize("mark", ["\u200b", "\ufeff", "\u00ad", "\u2060", "\u202a"])
def test_a_mark_that_nobody_sees_parts_no_word(engine: SearchEngine, mark: str) -> None:
    as_typed = {
        typed: engine.search(SearchRequest(typed, frozenset({"public"}), relax=False)).total
        for typed in (f"面{mark}积", "圆 形", f"圆{mark}形")
    }
    assert list(as_typed.values()) == [1, 1, 0]


def test_choices_are_given_up_before_words(engine: SearchEngine) -> None:
    page = relaxed(engine, "圆的面积", subject="chinese")
    assert (found(page), page.relaxed) == ([2], Relaxed.FILTERS)
    assert page.gave_up_filters
    assert page.facets["subject"] == {"math": 1}


@pytest.mark.parametrize(
    ("query", "chosen", "relaxed_to", "given_up"),
    [
        ("圆的面积", {"volume": "upper"}, None, False),
        ("圆的面积", {"volume": "lower"}, Relaxed.FILTERS, True),
        ("勾股定里", {"volume": "upper"}, Relaxed.SPELLING, False),
        ("勾股定里", {"volume": "lower"}, Relaxed.SPELLING, True),
        ("圆的面积公式", {"subject": "math"}, Relaxed.WORDS, False),
        ("圆的面积公式", {"language": "en"}, Relaxed.WORDS, True),
        ("魑魅魍魉", {"volume": "lower"}, None, False),
    ],
)
def test_the_answer_says_whether_choices_were_given_up(
    engine: SearchEngine,
    query: str,
    chosen: dict[str, str],
    relaxed_to: Relaxed | None,
    given_up: bool,  # noqa: FBT001 - a row of the table
) -> None:
    """Of those too that are counted in no facet of the page."""
    page = relaxed(engine, query, **chosen)
    assert (page.relaxed, page.gave_up_filters) == (relaxed_to, given_up)


@pytest.mark.parametrize(
    ("query", "ids", "relaxed_to"),
    [
        ("学科:数学 圆的面积", [2], None),
        ("学科:数学 圆的面积公式", [2], Relaxed.WORDS),
        ("学科:语文 圆的面积", [2], Relaxed.FIELDS),
        ("上传:2001 圆的面积", [2], Relaxed.FIELDS),
        ("(学科:语文 OR 年级:六年级) 圆的面积", [2], Relaxed.FIELDS),
        ("学科:语文 圆的面积公式", [2], Relaxed.FIELDS),
        ("学科:语文 圆的面积 -三角", [2], Relaxed.FIELDS),
        ("学科:语文 圆的面积 -圆", [], None),
    ],
)
def test_words_are_given_up_within_the_fields_and_fields_only_where_nothing_is_left(
    engine: SearchEngine, query: str, ids: list[int], relaxed_to: Relaxed | None
) -> None:
    page = relaxed(engine, query)
    assert (found(page), page.relaxed) == (ids, relaxed_to)


@pytest.mark.parametrize(
    ("typed", "meant", "ids"),
    [
        ("勾股定里", "勾股定理", [1]),
        ("沟股定理", "勾股定理", [1]),
        ("Photosinthesis", "photosynthesis", [3]),
        ("photosyntesis", "photosynthesis", [3]),
    ],
)
def test_a_slip_is_corrected_and_its_correction_shown(
    engine: SearchEngine, typed: str, meant: str, ids: list[int]
) -> None:
    page = relaxed(engine, typed)
    assert (found(page), page.relaxed, page.corrections[0]) == (ids, Relaxed.SPELLING, meant)
    assert relaxed(engine, meant).total == 1


def test_without_a_correction_the_nearest_words_are_shown(engine: SearchEngine) -> None:
    page = relaxed(engine, "圆的面积公式")
    assert (found(page)[0], page.relaxed, page.understood) == (2, Relaxed.WORDS, "")


@pytest.mark.parametrize("kind", KINDS)
def test_the_nearest_words_may_be_those_of_another_region(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    near = (lesson(1, "软件入门"), lesson(2, "硬盘"))
    page = relaxed(filled(kind, request, tmp_path, near, vocabulary=VOCABULARY), "軟體 魑魅")
    assert (found(page), page.relaxed) == ([1], Relaxed.WORDS)


@pytest.mark.parametrize(
    "question",
    [
        "请问有没有关于勾股定理的教案，谢谢",
        "請問有沒有關於勾股定理的教案，謝謝",
        "怎么给八年级的学生讲勾股定理比较好",
        "如何上好勾股定理这一课",
        "勾股定理的写作背景是什么",
    ],
)
def test_a_question_in_ones_own_words_finds_what_it_is_about(
    engine: SearchEngine, question: str
) -> None:
    page = relaxed(engine, question)
    assert (found(page)[0], page.relaxed) == (1, Relaxed.WORDS)


def test_words_that_only_ask_are_looked_for_where_there_are_no_others(
    engine: SearchEngine,
) -> None:
    assert found(relaxed(engine, "请问怎么样，谢谢")) == []


def test_nothing_near_is_nothing(engine: SearchEngine) -> None:
    page = relaxed(engine, "zzqqxx 魑魅魍魉")
    assert (page.total, page.hits, page.relaxed, page.corrections) == (0, (), None, ())


def test_a_request_may_forbid_to_relax(engine: SearchEngine) -> None:
    page = ask(engine, "勾股定里", relax=False)
    assert (page.total, page.relaxed, page.corrections) == (0, None, ())


@pytest.mark.parametrize("typed", ["蝴碟标本", "Chrysantemum", "秘密的蝴蝶标夲", "hudiebiaoben"])
def test_what_may_not_be_seen_corrects_completes_and_answers_nothing(
    engine: SearchEngine, typed: str
) -> None:
    page = relaxed(engine, typed)
    assert (5 in found(page), page.corrections) == (False, ())
    assert all(
        completion.text != LESSONS[4].title
        for completion in engine.complete(typed, frozenset({"public"}))
    )
    insider = relaxed(engine, typed, "public", "school:2")
    assert found(insider) == [5]


@pytest.mark.parametrize(
    ("query", "ids", "understood"),
    [
        ("上传:2026-10-06..", [5, 6], "上传:2026-10-06.."),
        ("上传:2026-10", [1, 2, 3, 4, 5, 6], "上传:2026-10"),
        ("上传:2026-11..", [], "上传:2026-11.."),
        ("上传:..2026-10-03", [1, 2], "上传:..2026-10-03"),
        ("上传:2026年10月4日", [3], "上传:2026年10月4日"),
        ("上传:[2026-10-02 TO 2026-10-03]", [1, 2], "上传:2026-10-02..2026-10-03"),
        ("年份:2024..2026", [1, 2, 3, 4, 5, 6], "年份:2024..2026"),
        ("年份:2027..2030", [], "年份:2027..2030"),
        ("年份:2026", [1, 2, 3, 4, 5, 6], "年份:2026"),
        ("年级:四年级..五年级", [2, 3, 6], "年级:四年级..五年级"),
        ("年级:五年级..四年级", [2, 3, 6], "年级:五年级..四年级"),
        ("-年级:四年级..六年级", [1, 5], "− 年级:四年级..六年级"),
        ("photosinthesis~", [3], "photosinthesis~"),
        ("fotosinthesis~1", [], "fotosinthesis~1"),
        ("勾股定里~", [1], "勾股定里~"),
        ("pho*sis", [3], "pho…sis"),
        ("*thesis", [3], "…thesis"),
        ("標題:pho*", [3], "標題:pho…"),
        ("分數 AND", [6], ""),
        ("分數 OR", [6], ""),
        ("AND 分數", [6], ""),
        ("分數 NOT", [6], ""),
        ("(分數 AND", [6], ""),
    ],
)
def test_the_language_reads_ranges_slips_and_stars(
    engine: SearchEngine, query: str, ids: list[int], understood: str
) -> None:
    page = ask(engine, query, seen_by=("public", "school:2"))
    assert (sorted(found(page)), page.understood) == (ids, understood)


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("gougudingli", ["勾股定理"]),
        ("ggdl", ["勾股定理"]),
        ("分数", ["分數"]),
        ("pho*", ["Photosynthesis"]),
    ],
)
def test_titles_are_marked_however_they_were_asked_for(
    engine: SearchEngine, query: str, marked: list[str]
) -> None:
    title = relaxed(engine, query).hits[0].title
    assert [title.text[a:b] for a, b in title.marks] == marked


def test_a_stem_is_marked_in_a_passage(engine: SearchEngine) -> None:
    (hit,) = relaxed(engine, "leaf leaves plant").hits
    (passage,) = hit.passages
    assert {passage.text[a:b] for a, b in passage.marks} >= {"leaves", "plants"}


def test_a_passage_says_which_file_and_page_it_is_from(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    own, first = "自己写的导言。", "第一页讲分数。" * 20
    second = "第二页讲小数点的位置。"
    document = replace(
        lesson(1, "附件", own + first + second),
        places=(
            Place(0, ""),
            Place(len(own), "教案.pdf", "page", "1"),
            Place(len(own) + len(first), "教案.pdf", "page", "2"),
        ),
    )
    for kind in KINDS:
        (tmp_path / kind).mkdir()
        engine = filled(kind, request, tmp_path / kind, [document])
        for query, place in (
            ("导言", Place(0, "")),
            ("第一页", Place(len(own), "教案.pdf", "page", "1")),
            ("小数点", Place(len(own) + len(first), "教案.pdf", "page", "2")),
        ):
            (hit,) = ask(engine, query).hits
            assert hit.passages[0].place == place

"""What every engine promises, asked of each of them."""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search_index.base import (
    IndexBusy,
    IndexDocument,
    IndexUnavailable,
    SearchEngine,
    SearchRequest,
    Sort,
)
from search_index.from_url import engine_from_url
from tests.search_index.documents import VOCABULARY, ask, found, lesson

FOLDERS = ["tantivy", "whoosh"]
ENGINES = [*FOLDERS, "opensearch", pytest.param("three nodes", marks=pytest.mark.long)]
OPENER = Callable[[], SearchEngine]


@pytest.fixture(params=ENGINES)
def open_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OPENER]:
    """Open the same index again and again, as other processes would."""
    opened: list[SearchEngine] = []

    if request.param in FOLDERS:
        url = f"{request.param}://{tmp_path}/index"
    else:
        in_cluster = {"opensearch": "memory_index", "three nodes": "cluster_index"}
        url = request.getfixturevalue(in_cluster[request.param])

    def again() -> SearchEngine:
        opened.append(engine_from_url(url, vocabulary=VOCABULARY))
        return opened[-1]

    yield again
    for engine in opened:
        engine.close()


@pytest.fixture
def engine(open_engine: OPENER) -> SearchEngine:
    return open_engine()


LESSONS = (
    lesson(
        1,
        "圆的面积",
        "把圆分成若干等份，拼成一个近似的长方形。photosynthesis 是另一门课。",
        keywords=("圆", "面积公式"),
        views=5,
    ),
    lesson(
        2,
        "靜夜思",
        "牀前看月光，疑是地上霜。\n舉頭望山月，低頭思故鄉。",
        subject="chinese",
        author="李白",
        school="月亮中心校",
        school_code="S2",
        kind="micro_lesson",
        views=50,
    ),
    lesson(3, "长方形的面积试卷", "长方形和正方形", grades=("g3", "g4"), views=5),
    lesson(
        4,
        "勾股定理的证明",
        "直角三角形两条直角边的平方和等于斜边的平方。",
        summary="赵爽弦图与勾股定理",
        unit="第17章",
        school_code="S2",
        grades=("g4",),
        visible_to=frozenset({"school:2", "alliance:1"}),
    ),
)


@pytest.fixture
def filled(engine: SearchEngine) -> SearchEngine:
    engine.apply(LESSONS, ())
    return engine


def test_an_empty_index_answers_with_nothing(engine: SearchEngine) -> None:
    page = ask(engine, "圆")
    assert (page.total, page.hits) == (0, ())
    assert page.facets == {"subject": {}, "grade": {}, "school": {}, "kind": {}}
    assert (engine.count(), dict(engine.indexed())) == (0, {})


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("圆的面积", [1]),
        ("靜夜思", [2]),
        ("静夜思", [2]),
        ("夜思", [2]),  # the dictionary would never cut it so
        ("床前看月光疑是", [2]),
        ("李白 静夜", [2]),
        ("李白静夜思", [2]),
        ("月亮", [2]),
        ("圓", [1]),
        ("ＰＨＯＴＯＳＹＮＴＨＥＳＩＳ", [1]),
        ("面积", [1, 3]),
        ("近似的长方", [1]),
        ("勾股定理", []),  # not for everyone
        ("云岭教共体", [1, 2, 3]),
    ],
)
def test_what_goes_in_is_found_in_either_script(
    filled: SearchEngine, query: str, ids: list[int]
) -> None:
    assert sorted(found(ask(filled, query))) == ids


@pytest.mark.parametrize(
    ("query", "ids", "understood"),
    [
        ("面积 长方形", [1, 3], ""),
        ("面积 AND 若干", [1], ""),
        ("若干 OR 静夜思", [1, 2], "若干 / 静夜思"),
        ("面积 -试卷", [1], "面积 − 试卷"),
        ("面积 NOT 试卷", [1], "面积 − 试卷"),
        ("-面积", [2], "− 面积"),
        ("(若干 OR 月光) -公式", [2], "(若干 / 月光) − 公式"),
        ('"圆的面积"', [1], "“圆的面积”"),
        ('"面积的圆"', [], "“面积的圆”"),
        ("“长方形的面积”", [3], "“长方形的面积”"),
        ("photo*", [1], "photo…"),
        ("photo", [], ""),
        ("长方*", [1, 3], "长方…"),
        ("标题:面积", [1, 3], "标题:面积"),
        ("标题:圆", [1], "标题:圆"),
        ("标题：若干", [], "标题:若干"),
        ("標題:靜夜思", [2], "標題:靜夜思"),
        ("title:静夜思", [2], "title:静夜思"),
        ('标题:"夜思"', [2], "标题:“夜思”"),
        ("学科:数学", [1, 3], "学科:数学"),
        ("学科:数学 年级:四年级", [3], "学科:数学 + 年级:四年级"),
        ("学科:(數學 OR 语文) 月", [2], "(学科:數學 / 学科:语文) + 月"),
        ("subject:math -年级:四年级", [1], "subject:math − 年级:四年级"),
        ("学科:长方形", [1, 3], "长方形"),
        ("学校:月亮", [2], "学校:月亮"),
        ("作者:李白", [2], "作者:李白"),
        ("关键词:公式", [1], "关键词:公式"),
        ("比例:面积", [], ""),
        ("上传:[2026-10-02 TO 2026-10-04]", [1, 2, 3], "上传:2026-10-02..2026-10-04"),
        ("上传:{2026-10-02 TO 2026-10-04}", [2], "上传:{2026-10-02 TO 2026-10-04}"),
        ("上传:[2026-10-02 TO 2026-10-04}", [1, 2], "上传:[2026-10-02 TO 2026-10-04}"),
        ("上传:{2026-10-03 TO}", [3], "上传:{2026-10-03 TO ]"),
        ("上传:{2026-09 TO 2026-10}", [], "上传:{2026-09 TO 2026-10}"),
        ("年级:{三年级 TO 四年级]", [3], "年级:{三年级 TO 四年级]"),
        ("年级:{三年级 TO 四年级}", [], "年级:{三年级 TO 四年级}"),
        ("年级:四年级..", [3], "年级:四年级.."),
        ("年级:..三年级", [1, 2, 3], "年级:..三年级"),
        ("标题:[圆 TO 面积]", [1], "标题:圆 + 标题:面积"),
        ("格式:word", [1, 2, 3], "格式:word"),
        ('格式:"图片"', [], "格式:图片"),
        ("长*积", [1, 3], "长 + 积"),
        ("标题:长*积", [3], "标题:长 + 标题:积"),
        ("圆?面积", [1], "圆 + 面积"),
        ("面积^2", [], "面积 + 2"),
        ("面积~3", [1, 3], "面积~1"),
        ("photosinthesis~9", [1], "photosinthesis~2"),
        ("学科:*", [1, 2, 3], "学科:*"),
        ("关键词:*", [1], "关键词:*"),
        ("-单元:*", [1, 2, 3], "− 单元:*"),
        ("正文:*", [1, 2, 3], ""),
        ("联盟:云岭", [1, 2, 3], "联盟:云岭"),
        ("简介:面积", [], "简介:面积"),
        ("正文:若干", [1], "若干"),
    ],
)
def test_the_language_means_what_it_says(
    filled: SearchEngine, query: str, ids: list[int], understood: str
) -> None:
    page = ask(filled, query)
    assert (sorted(found(page)), page.total, page.understood) == (ids, len(ids), understood)


def test_totals_and_facets_know_only_what_the_asker_may_see(filled: SearchEngine) -> None:
    stranger = ask(filled, "")
    member = ask(filled, "", seen_by=("public", "school:2"))
    nobody = ask(filled, "", seen_by=())
    assert (stranger.total, member.total, nobody.total) == (3, 4, 0)
    assert stranger.facets["school"] == {"S1": 2, "S2": 1}
    assert member.facets["school"] == {"S1": 2, "S2": 2}
    assert stranger.facets["grade"] == {"g3": 3, "g4": 1}
    assert member.facets["grade"] == {"g3": 3, "g4": 2}
    assert nobody.facets["school"] == {}
    assert found(ask(filled, "勾股定理", seen_by=("alliance:1",))) == [4]
    assert found(ask(filled, "勾股定理 OR 若干")) == [1]


def test_each_facet_is_counted_as_if_nothing_were_chosen_in_itself(filled: SearchEngine) -> None:
    page = ask(filled, "", filters={"subject": {"math"}, "kind": {"lesson_plan"}})
    assert sorted(found(page)) == [1, 3]
    assert page.facets == {
        "subject": {"math": 2},
        "kind": {"lesson_plan": 2},
        "grade": {"g3": 2, "g4": 1},
        "school": {"S1": 2},
    }
    wider = ask(filled, "", filters={"subject": {"math", "chinese"}, "school": {"S2"}})
    assert found(wider) == [2]
    assert wider.facets["subject"] == {"chinese": 1}
    assert wider.facets["school"] == {"S1": 2, "S2": 1}


def test_choices_that_do_not_exist_do_no_harm(filled: SearchEngine) -> None:
    assert ask(filled, "", filters={"colour": {"red"}}).total == 3
    assert ask(filled, "", filters={"subject": {"alchemy"}}).total == 0
    assert ask(filled, "", filters={"subject": set()}).total == 0
    request = SearchRequest("", frozenset({"public"}), facets=("colour", "year"))
    assert filled.search(request).facets == {"year": {"2026": 3}}


def test_marks_point_into_the_original_text(filled: SearchEngine) -> None:
    (hit,) = ask(filled, "静夜 故乡").hits
    assert hit.title.text == "靜夜思"
    assert [hit.title.text[a:b] for a, b in hit.title.marks] == ["靜夜"]
    (passage,) = hit.passages
    assert "低頭思故鄉" in passage.text
    assert [passage.text[a:b] for a, b in passage.marks] == ["故鄉"]


def test_a_passage_is_short_and_holds_the_word(engine: SearchEngine) -> None:
    body = "开头的话。" * 300 + "这里讲二分之一，也讲三分之一。" + "后面的话。" * 300
    engine.apply([lesson(1, "分数", body, summary="认识二分之一")], ())
    (hit,) = ask(engine, "二分之一").hits
    assert [len(passage.text) <= 90 for passage in hit.passages] == [True, True]
    assert hit.passages[0].text == "认识二分之一"
    assert all("二分之一" in passage.text for passage in hit.passages)


def test_results_come_in_the_order_asked_for(filled: SearchEngine) -> None:
    def order(sort: Sort, query: str = "") -> list[int]:
        return found(ask(filled, query, sort=sort))

    assert order(Sort.NEWEST) == [3, 2, 1]
    assert order(Sort.MOST_USED) == [2, 1, 3]
    assert order(Sort.TITLE) == [3, 2, 1]  # chang, jing, yuan
    assert order(Sort.RELEVANCE) == [3, 2, 1]  # nothing to rank: the newest first
    assert order(Sort.RELEVANCE, "圆的面积") == [1]
    assert order(Sort.TITLE, "面积") == [3, 1]


def test_numbers_in_titles_sort_by_size(engine: SearchEngine) -> None:
    engine.apply([lesson(1, "第10课"), lesson(2, "第9课"), lesson(3, "第９课 复习")], ())
    assert found(ask(engine, sort=Sort.TITLE)) == [2, 3, 1]


def test_a_word_in_the_title_outweighs_one_in_the_body(engine: SearchEngine) -> None:
    engine.apply(
        [
            lesson(1, "别的", "光合作用在叶绿体里进行"),
            lesson(2, "光合作用", "叶子"),
            lesson(3, "别的"),
        ],
        (),
    )
    assert found(ask(engine, "光合作用")) == [2, 1]


def test_a_word_counts_by_the_field_in_which_it_stands(engine: SearchEngine) -> None:
    """Title before keywords and unit, these before summary and text; all are as long."""
    word, other = "光合作用", "春夏秋冬"
    places = ("body", "summary", "unit", "keywords", "title")  # equals come by their numbers
    engine.apply(
        [
            lesson(
                number,
                word if place == "title" else other,
                word if place == "body" else other,
                keywords=(word if place == "keywords" else other,),
                unit=word if place == "unit" else other,
                summary=word if place == "summary" else other,
            )
            for number, place in enumerate(places, 1)
        ],
        (),
    )
    title, *others = found(ask(engine, word))
    assert (title, set(others[:2]), set(others[2:])) == (5, {3, 4}, {1, 2})


def test_ties_are_in_the_order_of_ids_and_pages_do_not_overlap(engine: SearchEngine) -> None:
    engine.apply([lesson(number, "同一个标题") for number in (5, 3, 9, 1)], ())
    engine.apply([lesson(number, "同一个标题") for number in (7, 2)], ())
    pages = [found(ask(engine, "标题", page=page, per_page=2)) for page in (1, 2, 3, 4)]
    assert pages == [[1, 2], [3, 5], [7, 9], []]


def test_far_beyond_the_last_page_there_is_nothing_but_the_total(filled: SearchEngine) -> None:
    for sort in Sort:
        page = ask(filled, "", sort=sort, page=1_000_000_000)
        assert (page.total, page.hits) == (3, ())
    assert found(ask(filled, "", page=-5)) == [3, 2, 1]
    assert ask(filled, "", per_page=0).total == 3


def test_only_a_newer_sequence_replaces_what_is_indexed(engine: SearchEngine) -> None:
    engine.apply([lesson(1, "新的", sequence=5)], ())
    engine.apply([lesson(1, "旧的", sequence=4)], ())
    assert (found(ask(engine, "新的")), found(ask(engine, "旧的"))) == ([1], [])
    engine.apply([lesson(1, "同样新的", sequence=5)], ())
    assert found(ask(engine, "同样")) == [1]
    engine.apply([lesson(1, "更新", sequence=6), lesson(1, "更旧", sequence=2)], ())
    assert found(ask(engine, "更新")) == [1]
    assert (engine.count(), dict(engine.indexed())) == (1, {1: 6})


def test_what_is_deleted_is_gone(filled: SearchEngine) -> None:
    filled.apply([lesson(9, "新来的")], [1, 2, 77])
    assert sorted(found(ask(filled, ""))) == [3, 9]
    assert dict(filled.indexed()) == {3: 1, 4: 1, 9: 1}
    assert ask(filled, "").facets["subject"] == {"math": 2}


def test_another_process_sees_a_commit_at_its_next_search(open_engine: OPENER) -> None:
    writer, reader = open_engine(), open_engine()
    assert ask(reader, "圆").total == 0
    writer.apply([lesson(1, "圆")], ())
    assert found(ask(reader, "圆")) == [1]
    writer.apply((), [1])
    assert found(ask(reader, "圆")) == []


def test_a_new_index_wants_to_be_rebuilt_and_is_content_afterwards(open_engine: OPENER) -> None:
    engine, other = open_engine(), open_engine()
    assert engine.needs_rebuild
    assert other.needs_rebuild
    engine.check()
    assert list(engine.rebuild(LESSONS)) == [4]
    assert not engine.needs_rebuild
    assert not other.needs_rebuild
    assert not open_engine().needs_rebuild
    assert found(ask(open_engine(), "圆")) == [1]


def test_searches_go_on_in_the_old_index_while_another_is_filled(open_engine: OPENER) -> None:
    engine, other = open_engine(), open_engine()
    engine.apply(LESSONS, ())
    many = [lesson(number, f"第{number}课") for number in range(10, 610)]
    progress = engine.rebuild([*LESSONS[1:], *many])
    assert next(progress) == 500
    assert ask(engine, "").total == 3
    assert found(ask(other, "圆")) == [1]
    with pytest.raises(IndexBusy):
        next(other.rebuild([]))
    other.apply([lesson(2, "改名", sequence=2), lesson(8, "新来的")], [3])
    assert list(progress) == [603]
    assert (engine.count(), other.count()) == (603, 603)  # 1 is not in the database any more
    assert sorted(found(ask(other, "改名 OR 新来的"))) == [2, 8]
    assert ask(other, "试卷").total == 0


def test_a_rebuild_that_is_given_up_changes_nothing(filled: SearchEngine) -> None:
    progress = filled.rebuild([lesson(number, "一课") for number in range(501)])
    next(progress)
    progress.close()  # type: ignore[attr-defined] # a generator, promised only as an iterator
    assert filled.count() == 4
    assert list(filled.rebuild(LESSONS[:2])) == [2]
    assert filled.count() == 2


def test_threads_may_search_while_another_writes(filled: SearchEngine) -> None:
    errors: list[BaseException] = []

    def search() -> None:
        try:
            for _ in range(20):
                assert ask(filled, "面积").total >= 2
        except BaseException as error:  # noqa: BLE001 - told to the main thread below
            errors.append(error)

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(10, 15):
        filled.apply([lesson(number, "面积")], ())
    for thread in threads:
        thread.join()
    assert (errors, ask(filled, "面积").total) == ([], 7)


@pytest.mark.parametrize("open_engine", FOLDERS, indirect=True)
# Whoosh leaves a file that it could not read to the garbage collector.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_damaged_index_says_so_and_can_be_rebuilt(open_engine: OPENER, tmp_path: Path) -> None:
    open_engine().apply(LESSONS, ())
    for path in (tmp_path / "index").rglob("*"):
        if path.name == "meta.json" or path.suffix in {".store", ".fast", ".seg"}:
            path.write_bytes(b"rubbish")
    engine = open_engine()
    assert engine.needs_rebuild
    for use in (engine.check, engine.count, engine.indexed, lambda: ask(engine, "圆")):
        with pytest.raises(IndexUnavailable):
            use()
    with pytest.raises(IndexUnavailable):
        engine.apply(LESSONS, ())
    assert list(engine.rebuild(LESSONS)) == [4]
    assert found(ask(engine, "圆")) == [1]


@pytest.mark.parametrize("open_engine", FOLDERS, indirect=True)
@pytest.mark.parametrize("pointer", ["rubbish", "[]", '{"schema": "another", "generation": "x"}'])
def test_an_index_of_another_version_says_so(
    open_engine: OPENER, tmp_path: Path, pointer: str
) -> None:
    open_engine().apply(LESSONS, ())
    current = tmp_path / "index" / "current.json"
    current.write_text(pointer)
    engine = open_engine()
    assert engine.needs_rebuild
    with pytest.raises(IndexUnavailable, match="must be rebuilt"):
        engine.check()
    assert list(engine.rebuild(LESSONS)) == [4]
    assert json.loads(current.read_text())["complete"] is True


@pytest.mark.parametrize("open_engine", FOLDERS, indirect=True)
def test_an_index_whose_files_are_gone_says_so(open_engine: OPENER, tmp_path: Path) -> None:
    engine = open_engine()
    engine.apply(LESSONS, ())
    (tmp_path / "index").rename(tmp_path / "elsewhere")
    (tmp_path / "index").mkdir()
    (tmp_path / "elsewhere" / "current.json").rename(tmp_path / "index" / "current.json")
    other = open_engine()
    assert other.needs_rebuild
    with pytest.raises(IndexUnavailable):
        other.check()


QUERIES = st.text(
    st.one_of(
        st.sampled_from("()\"“”:：-+*~^[]{}\\/'!?&|<> \t\n\0圆面积學夜的aZ3３,。"),
        st.characters(),
    ),
    max_size=60,
) | st.lists(
    st.sampled_from(
        [
            "AND",
            "OR",
            "NOT",
            "(",
            ")",
            '"',
            "标题:",
            "学科：",
            "数学",
            "圆",
            "photo*",
            "-",
            "*",
            "TO",
        ]
    ),
    max_size=30,
).map(" ".join)


@settings(
    max_examples=150, deadline=3_000, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(query=QUERIES)
def test_no_text_is_an_error(filled: SearchEngine, query: str) -> None:
    page = ask(filled, query)
    assert 0 <= page.total <= 3
    for hit in page.hits:
        for piece in (hit.title, *hit.passages):
            assert all(0 <= a < b <= len(piece.text) for a, b in piece.marks)


@pytest.mark.parametrize(
    "query",
    [
        "圆" * 100_000,
        "(" * 50_000,
        '"' * 50_000,
        "a OR " * 500,
        "-" * 50_000,
        "标题:" * 30_000,
        "* " * 50_000,
        "a* " * 500,
        "NOT " * 20_000,
        "\0" * 1_000,
        "/.*.*.*/",
        "(" * 19 + "圆" + ")" * 19,
        "\ud800",
    ],
)
@pytest.mark.timeout(20)
def test_an_enormous_query_is_answered_in_time(filled: SearchEngine, query: str) -> None:
    assert ask(filled, query).total <= 3


def test_a_long_body_is_cut_and_a_long_word_kept_short(engine: SearchEngine) -> None:
    document: IndexDocument = lesson(1, "长", "x" * 150_000 + " " + "字" * 49_998 + "头尾巴")
    engine.apply([document], ())
    assert ask(engine, "字头").total == 1
    assert ask(engine, "尾巴").total == 0
    assert ask(engine, "x" * 80).total == 1

"""What is suggested for a slip: whole words that are there, and nothing where enough was found."""

import pytest

from search_index.base import Page, Relaxed, SearchEngine, SearchRequest
from tests.search_index.documents import found, lesson
from tests.search_index.engines import KINDS, filled

LESSONS = (
    lesson(1, "勾股定理", "直角三角形两条直角边的平方和等于斜边的平方。"),
    lesson(2, "一元二次方程", "用公式法解方程。"),
    lesson(3, "氧气的制取", "用高锰酸钾。"),
    lesson(4, "公民的权利和义务", "享有权利，履行义务。"),
    lesson(5, "国家权力机关", "公民监督权力，各尽义务。"),
    lesson(6, "三角形的内角和", "撕下来，拼一拼。"),
    lesson(7, "国家机关的职能", "谁做什么。"),
    lesson(8, "细胞的有丝分裂", "染色体。"),
    lesson(9, "李明的一天", "时间。"),
    *(lesson(number, "黎明的日出", "光线。") for number in range(10, 16)),
    *(lesson(number, f"光的作用 {number}", "光和作用两个词。") for number in range(20, 26)),
    lesson(30, "光合作用", "叶绿体。"),
    lesson(31, "酸碱盐的反映", "有人写错了。"),
    *(lesson(number, "酸碱盐的反应", "没有写错。") for number in range(32, 38)),
)


@pytest.fixture(params=KINDS, scope="module")
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> SearchEngine:
    return filled(request.param, request, tmp_path_factory.mktemp("slips"), LESSONS)


def asked(engine: SearchEngine, query: str) -> Page:
    return engine.search(SearchRequest(query, frozenset({"public"})))


@pytest.mark.parametrize(
    ("typed", "meant", "resource_id"),
    [
        ("沟谷定理", "勾股定理", 1),
        ("鼓勾定理", "勾股定理", 1),
        ("勾股定里", "勾股定理", 1),
        ("一元二次方城", "一元二次方程", 2),
        ("养气的制取", "氧气的制取", 3),
        ("高锰酸钾和养气", "高锰酸钾和氧气", 3),
        ("三角型的内角和", "三角形的内角和", 6),
        ("勾股定里 直角三交形", "勾股定理 直角三角形", 1),
        ("细胞的有思分裂", "细胞的有丝分裂", 8),
        ("gougudinli", "gougudingli", 1),
        ("gougudignli", "gougudingli", 1),
        ("yiyuanerchifangcheng", "yiyuanercifangcheng", 2),
        ("xibaodeyousifenle", "xibaodeyousifenlie", 8),
        ("shanjiaoxingdeneijiaohe", "sanjiaoxingdeneijiaohe", 6),
    ],
)
def test_a_slip_finds_what_was_meant_and_nothing_else_is_suggested(
    engine: SearchEngine, typed: str, meant: str, resource_id: int
) -> None:
    """Slips of real words, too: 沟谷 is one. What is suggested is whole."""
    page = asked(engine, typed)
    assert (page.corrections, page.relaxed) == ((meant,), Relaxed.SPELLING)
    assert found(page) == [resource_id]
    corrected = asked(engine, meant)
    assert (found(corrected), corrected.relaxed) == ([resource_id], None)


def test_what_has_other_hits_is_only_asked_about(engine: SearchEngine) -> None:
    """The words are real and stand in a lesson, if not together."""
    page = asked(engine, "公民的权力和义务")
    assert (found(page), page.relaxed, page.corrections) == ([5], None, ("公民的权利和义务",))


def test_what_hardly_anybody_writes_so_is_asked_about(engine: SearchEngine) -> None:
    page = asked(engine, "酸碱盐的反映")
    assert (found(page), page.relaxed, page.corrections) == ([31], None, ("酸碱盐的反应",))


@pytest.mark.parametrize("typed", ["光和作用", "黎明的日出", "李明", "李明的一天", "酸碱盐的反应"])
def test_what_finds_enough_or_is_a_name_is_right(engine: SearchEngine, typed: str) -> None:
    page = asked(engine, typed)
    assert page.total >= 1
    assert (page.relaxed, page.corrections) == (None, ())


def test_real_words_are_not_taken_for_others_that_look_like_them(engine: SearchEngine) -> None:
    page = asked(engine, "国家机构的职能")
    assert (page.corrections, page.relaxed) == ((), Relaxed.WORDS)


@pytest.mark.parametrize("typed", ["gougudingli", "limin", "gougudonglu"])
def test_letters_that_are_the_sound_of_a_name_or_of_nothing_near_are_not_corrected(
    engine: SearchEngine, typed: str
) -> None:
    assert asked(engine, typed).corrections == ()

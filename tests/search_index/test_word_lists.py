"""The lists of words that come with the search."""

import time
from itertools import chain, pairwise
from pathlib import Path

import pytest
import rjieba

import search_index
from search_index.analysis import fold, is_ideographic, runs
from search_index.dictionary import dictionary
from search_index.word_lists import regional_words, school_synonyms, school_words

DATA = Path(search_index.__file__).parent / "data"


def same(groups: frozenset[tuple[str, ...]], word: str) -> set[str]:
    return set(*(group for group in groups if word in group)) - {word}


def test_teachers_words_are_known() -> None:
    assert {
        "大单元教学",
        "统编版",
        "牛顿第一定律",
        "静夜思",
        "望庐山瀑布",
        "双减",
    } <= school_words()


def test_a_lesson_plan_has_many_names() -> None:
    assert {"教学设计", "lesson plan"} <= same(school_synonyms(), "教案")
    assert {"ppt", "courseware"} <= same(school_synonyms(), "课件")
    assert {"微视频", "micro lesson", "microlesson"} <= same(school_synonyms(), "微课")
    assert {"课件", "ppt", "演示文稿"} <= same(school_synonyms(), fold("簡報"))


def test_groups_are_written_in_both_scripts_and_folded_into_one() -> None:
    assert "教學設計" in (DATA / "synonyms.txt").read_text("utf-8")
    assert "教學設計" not in chain.from_iterable(school_synonyms())


def test_regions_have_their_own_words() -> None:
    assert same(regional_words(), "软体") == {"软件"}
    assert "视频" in same(regional_words(), "影片")
    assert same(regional_words(), "资料库") == {"数据库"}
    assert same(regional_words(), "纽西兰") == {"新西兰"}
    assert "信息技术" in same(school_synonyms(), "资讯科技")


@pytest.mark.parametrize(
    ("elsewhere", "mainland"),
    [
        ("數位經濟", "数字经济"),
        ("行動網路", "移动互联网"),
        ("簡訊", "短信"),
        ("部落客", "博客"),
        ("變異數", "方差"),
        ("亞佛加厥", "阿伏加德罗"),
        ("給呂薩克", "盖 吕萨克"),
        ("粒線體", "线粒体"),
        ("盤尼西林", "青霉素"),
        ("雪梨", "悉尼"),
        ("甘迺迪", "肯尼迪"),
        ("梵谷", "梵高"),
        ("伏地挺身", "俯卧撑"),
        ("冷氣機", "空调"),
        ("煞車", "刹车"),
        ("的士", "出租车"),
        ("公車", "公交车"),
        ("巴士", "公交车"),
        ("士多啤梨", "草莓"),
    ],
)
def test_every_subject_has_words_of_other_regions(elsewhere: str, mainland: str) -> None:
    assert mainland in same(regional_words(), fold(elsewhere))


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("道法", "道德与法治"),
        ("信科", "信息科技"),
        ("综实", "综合实践活动"),
        ("体健", "体育与健康"),
        ("学测", "高考"),
        ("段考", "期中"),
        ("羽球", "羽毛球"),
        ("无生试讲", "模拟上课"),
        ("单词卡", "闪卡"),
    ],
)
def test_teachers_use_short_names(short: str, long: str) -> None:
    assert long in same(school_synonyms(), short)


@pytest.mark.parametrize("word", ["数据", "资料", "文件", "档案", "数字", "数位", "导入", "图像"])
def test_words_that_mean_another_thing_elsewhere_are_left_out(word: str) -> None:
    assert not any(word in group for group in regional_words())


def test_the_lists_are_as_long_as_they_should_be() -> None:
    assert len(school_words()) >= 1_500
    assert len(school_synonyms()) >= 350
    assert len(regional_words()) >= 3_000


def test_no_word_is_in_two_groups() -> None:
    grouped = sorted(chain.from_iterable(school_synonyms() | regional_words()))
    assert [word for word, following in pairwise(grouped) if word == following] == []


def test_every_group_has_two_words_at_least() -> None:
    assert all(len(group) > 1 for group in school_synonyms() | regional_words())


def test_every_word_is_folded_and_written_as_a_search_reads_it() -> None:
    grouped = set(chain.from_iterable(school_synonyms() | regional_words()))
    words = school_words() | grouped
    assert {word for word in words if fold(word) != word} == set()
    assert {word for word in words if " ".join(runs(word)) != word} == set()


def test_every_word_of_schools_is_one_run_of_ideographs() -> None:
    assert {word for word in school_words() if not is_ideographic(word) or len(word) < 2} == set()


def test_the_general_dictionary_keeps_none_of_them_whole() -> None:
    """A word that it knows needs no place here, and would only push longer ones aside."""
    assert {word for word in school_words() if rjieba.cut(word, False) == [word]} == set()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("统编版语文园地", "统编版 语文园地"),
        ("主题班会课件", "主题班会 课件"),
        ("防溺水主题班会", "防溺水 主题班会"),
        ("大单元教学设计", "大单元 教学设计"),
        ("老师说你好", "老师 说 你好"),
        ("小说课文赏析", "小说 课文 赏析"),
        ("生活板块", "生活 板块"),
        ("一次方程的解", "一次方程 的 解"),
        ("美术馆的空气质量", "美术馆 的 空气质量"),
    ],
)
def test_texts_are_cut_at_their_words(text: str, words: str) -> None:
    assert dictionary().cut(text) == words.split()


def test_no_word_is_written_twice() -> None:
    lines = (DATA / "words.txt").read_text("utf-8").splitlines()
    written = sorted(line for line in lines if not line.startswith("#"))
    assert [word for word, following in pairwise(written) if word == following] == []


def test_reading_them_takes_a_moment() -> None:
    for read in (school_words, school_synonyms, regional_words):
        read.cache_clear()
    began = time.process_time()
    school_words(), school_synonyms(), regional_words()
    assert time.process_time() - began < 0.1

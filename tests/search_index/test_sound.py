"""How Chinese sounds, and what typed letters may mean."""

import time

import pytest

from search_index import pinyin, sound
from search_index.pinyin import completed, sound_distance, spelled, spelled_unfinished
from search_index.sound import initials, readings, syllables


@pytest.mark.parametrize(
    ("run", "read"),
    [
        ("勾股定理", "gou gu ding li"),
        ("重庆", "chong qing"),
        ("重力", "zhong li"),
        ("长方形的周长", "chang fang xing de zhou chang"),
        ("生长", "sheng zhang"),
        ("音乐会", "yin yue hui"),
        ("银行", "yin hang"),
        ("一行白鹭上青天", "yi hang bai lu shang qing tian"),
        ("女儿", "nu er"),
        ("绿色", "lu se"),
        ("水浒传", "shui hu zhuan"),
        ("阿房宫赋", "e pang gong fu"),
        ("将进酒", "qiang jin jiu"),
        ("朝花夕拾", "zhao hua xi shi"),
        ("敕勒歌", "chi le ge"),
    ],
)
def test_a_character_is_read_as_its_phrase_says(run: str, read: str) -> None:
    assert syllables(run) == read.split()


def test_what_has_no_reading_keeps_its_place() -> None:
    assert syllables("の圆々") == ["", "yuan", ""]
    assert initials("の圆々") == ["", "y", ""]
    assert syllables("") == []


def test_initials_are_one_letter_a_character() -> None:
    assert initials("勾股定理") == ["g", "g", "d", "l"]
    assert initials("二元一次方程组") == ["e", "y", "y", "c", "f", "c", "z"]
    assert initials("重庆") == ["c", "q"]


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("曾国藩", "zeng"),
        ("单小明", "shan"),
        ("解小明", "xie"),
        ("仇小明", "qiu"),
        ("朴小明", "piao"),
        ("区小明", "ou"),
    ],
)
def test_a_name_is_also_read_by_its_surname(name: str, read: str) -> None:
    usual, as_a_name = readings(name)[:2]
    assert usual[0] != read
    assert as_a_name[0] == read
    assert as_a_name[1:] == usual[1:]


def test_a_surname_of_two_characters_is_one() -> None:
    assert ["yu", "chi", "jing", "de"] in readings("尉迟敬德")


def test_what_is_read_in_one_way_has_one_reading() -> None:
    assert readings("勾股定理") == [["gou", "gu", "ding", "li"]]
    assert readings("重庆") == [["chong", "qing"], ["zhong", "qing"]]


def test_never_more_than_five_readings() -> None:
    assert max(len(readings(name + "重庆音乐")) for name in sound._SURNAMES) <= 5


def test_a_short_run_is_also_read_as_people_do() -> None:
    assert readings("枫桥夜泊") == [["feng", "qiao", "ye", "po"], ["feng", "qiao", "ye", "bo"]]


def test_letters_are_cut_into_syllables_fewest_first() -> None:
    assert spelled("gougudingli") == [("gou", "gu", "ding", "li")]
    assert spelled("xian") == [("xian",), ("xi", "an")]
    assert spelled("fangan") == [("fang", "an"), ("fan", "gan")]


def test_a_tone_ends_its_syllable_and_is_dropped() -> None:
    assert spelled("gou1gu3ding4li3") == [("gou", "gu", "ding", "li")]
    assert spelled("xi1an1") == [("xi", "an")]
    assert spelled("xian1") == [("xian",), ("xi", "an")]


def test_v_is_u() -> None:
    assert spelled("lvse") == [("lu", "se")]
    assert spelled("nvhai") == [("nu", "hai")]


@pytest.mark.parametrize("letters", ["", "ggdl", "gougud", "1xi", "xi6", "xi an", "数学", "book"])
def test_what_is_no_pinyin_is_not_read(letters: str) -> None:
    assert spelled(letters) == []


def test_the_last_syllable_may_be_only_begun() -> None:
    assert spelled_unfinished("gougud") == [("gou", "gu", "d")]
    assert spelled_unfinished("gougudin")[0] == ("gou", "gu", "din")
    assert spelled_unfinished("gougudingli") == [("gou", "gu", "ding", "li")]
    assert spelled_unfinished("sh") == [("sh",)]


def test_a_syllable_with_its_tone_is_finished() -> None:
    assert spelled_unfinished("gou1gu3") == [("gou", "gu")]
    assert spelled_unfinished("gou1g3") == []


def test_a_begun_syllable_is_completed_in_every_way() -> None:
    assert completed("shua") == ("shua", "shuai", "shuan", "shuang")
    assert completed("ding") == ("ding",)
    assert completed("v") == ()


def test_a_thousand_letters_are_read_in_a_moment() -> None:
    began = time.perf_counter()
    ways = spelled("xian" * 250)
    assert time.perf_counter() - began < 1
    assert len(ways) == 8
    assert ways[0] == ("xian",) * 250
    assert {"".join(way) for way in ways} == {"xian" * 250}


@pytest.mark.parametrize(
    ("a", "b", "distance"),
    [
        ("li", "li", 0),
        ("zhang", "zang", 0.5),
        ("chen", "cen", 0.5),
        ("shi", "si", 0.5),
        ("ni", "li", 0.5),
        ("fu", "hu", 0.5),
        ("rou", "lou", 0.5),
        ("ban", "bang", 0.5),
        ("yin", "ying", 0.5),
        ("tian", "dian", 1),
        ("lian", "liang", 0.5),
        ("guan", "guang", 0.5),
        ("zhang", "zan", 1),
        ("li", "di", 1),
        ("", "li", 1),
    ],
)
def test_confused_syllables_are_half_as_far_apart(a: str, b: str, distance: float) -> None:
    assert sound_distance(a, b) == sound_distance(b, a) == distance


def test_every_syllable_of_common_characters_can_be_typed() -> None:
    common = "".join(chr(code) for code in range(0x4E00, 0x9FA6))
    rare = {one for one in syllables(common) if one and one not in pinyin._PARTS}
    assert rare <= {"hm", "m", "n", "ng", "cei", "din", "fiao", "wong", "bong", "biang"}

"""Every sentence of the hub is said in all three languages, with the same places for values."""

import re
import runpy
from pathlib import Path

import pytest
from opencc import OpenCC

ROOT = Path(__file__).resolve().parents[2]
words = runpy.run_path(str(ROOT / "deploy" / "words.py"))
PLACES = re.compile(r"%\((\w+)\)[sd]")


@pytest.fixture(scope="module")
def sentences() -> set[str]:
    """Read from the whole code, which takes a second: not where tests are merely listed."""
    return set(words["sentences"]())


@pytest.mark.parametrize("locale", ["zh_Hans", "zh_Hant"])
def test_every_sentence_is_translated_and_no_old_one_is_kept(
    sentences: set[str], locale: str
) -> None:
    said = words["read"](locale)
    assert sorted(sentences - said.keys()) == []
    assert sorted(said.keys() - sentences) == []


@pytest.mark.parametrize("locale", ["zh_Hans", "zh_Hant"])
def test_translations_have_the_same_places_for_values(locale: str) -> None:
    different = [
        sentence
        for sentence, translation in words["read"](locale).items()
        if sorted(set(PLACES.findall(sentence))) != sorted(set(PLACES.findall(translation)))
    ]
    assert different == []


def test_the_traditional_catalogue_is_made_from_the_simplified_one() -> None:
    assert words["read"]("zh_Hant") == words["traditional"](words["read"]("zh_Hans"))


def test_no_simplified_character_is_left_in_the_traditional_catalogue() -> None:
    convert = OpenCC("s2t").convert
    # OpenCC reads the last but one as 大 小隻 能, and writes 群 in a way that nobody does.
    allowed = {"简体中文", "台", "大小只能", "群"}
    left = {
        translation
        for translation in words["read"]("zh_Hant").values()
        for run in re.findall(r"[\u4e00-\u9fff]+", translation)
        if convert(run) != run and not any(word in run for word in allowed)
    }
    assert sorted(left) == []


@pytest.mark.parametrize(
    "word", ["全屏", "後臺", "回車", "單擊", "身份證", "含宏", "有宏", "質量", "隻能", "請求頭"]
)
def test_words_that_taiwan_says_otherwise_are_not_left(word: str) -> None:
    assert [text for text in words["read"]("zh_Hant").values() if word in text] == []


def test_a_percent_sign_is_never_a_broken_place(sentences: set[str]) -> None:
    broken = [
        text
        for locale in ("zh_Hans", "zh_Hant")
        for text in (*sentences, *words["read"](locale).values())
        if re.search(r"%(?!\(\w+\)[sd])", text.replace("%%", "")) and "%(" in text
    ]
    assert broken == []

"""``hub search-words``."""

import json
from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Types

Done = Callable[..., str]


def test_words_are_added_listed_and_removed(done: Done) -> None:
    assert done("search-words", "add", "教案＝教学设计") == "Search knows: 教案 = 教学设计\n"
    done("search-words", "add", "双师课堂")
    assert done("search-words", "list") == "双师课堂\n教案 = 教学设计\n"
    assert json.loads(done("search-words", "list", "--json")) == [
        {"kind": "word", "text": "双师课堂"},
        {"kind": "synonyms", "text": "教案 = 教学设计"},
    ]
    assert done("search-words", "remove", "教學設計=教案") == "Removed: 教案 = 教学设计\n"
    assert done("search-words", "list") == "双师课堂\n"


def test_a_file_of_words_may_be_added_again(done: Done, tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_text("教案 = 教学设计\n\n双师课堂\n", "gb18030")
    assert done("search-words", "add", "--file", file) == "Added: 2; there already: 0.\n"
    assert done("search-words", "add", "--file", file) == "Added: 0; there already: 2.\n"


def test_a_refusal_says_why(hub: Types) -> None:
    for words, sentence in (
        (("add", "课"), "A word of one character is found without this: write at least two."),
        (("add",), "Write a word, or words that mean the same with = between."),
        (("remove", "双师课堂"), "This is not in the list."),
    ):
        result = hub("search-words", *words)
        assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"Error: {sentence}\n")

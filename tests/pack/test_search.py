"""The search of the pack, asked as its page asks it."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from resource_hub.pack.data import PackResource
from resource_hub.pack.index import PackIndex, coded
from resource_hub.pack.sinks import opened
from resource_hub.pack.writer import write_pack
from search_index.analysis import fold, runs, stem
from tests.pack.props import Bytes, contents, document, resource
from tests.plugins.requirements import require_program

ASK = Path(__file__).parent / "ask.js"
LABELS = {
    "zh_Hans": {"subject": {"math": "数学", "chinese": "语文"}, "grade": {"g3": "三年级"}},
    "zh_Hant": {"subject": {"math": "數學"}, "grade": {"g3": "三年級"}},
    "en": {"subject": {"math": "Mathematics"}, "grade": {"g3": "Grade 3"}},
}

SHELF = (
    (resource(1, title="《分数的初步认识》第一课时", uses=3), "教案：把一个月饼平均分成两份"),
    (
        resource(2, title="圆的面积", summary="", grades=("g6",), author_name="周文清"),
        "剪拼成近似的长方形",
    ),
    (resource(3, title="古诗两首", subject="chinese", summary="春望与春晓"), "国破山河在"),
    (
        resource(4, title="Fractions on a number line", summary="", language="en"),
        "learners compare fractions",
    ),
    (resource(5, title="软件的使用", subject="chinese", summary="打字"), "分数线与认识"),
    (resource(6, title="𠮷祥物的故事", subject="chinese", summary="罕见字"), "𠮷野家"),
)


@dataclass
class Asked:
    """The stick of ``SHELF``; answers with the numbers of the resources, best first."""

    stick: Path

    def __call__(self, *queries: str) -> list[list[int]]:
        return [[int(one[2:]) for one in found["ids"]] for found in self.answers(*queries)]

    def answers(self, *queries: str) -> list[dict[str, Any]]:  # Any: ids, words, a yes or no
        answer = subprocess.run(  # noqa: S603 - our own script
            [require_program("node"), str(ASK), str(self.stick)],
            input="\n".join(queries),
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        )
        return [json.loads(line) for line in answer.stdout.splitlines()]


def stick_of(shelf: tuple[tuple[PackResource, str], ...], out: Path) -> Path:
    index = PackIndex(LABELS)
    for one, body in shelf:
        index.add(document(one, body))
    with opened(out) as sink:
        it = contents(*(one for one, _body in shelf), index=index)
        write_pack(it, sink, Bytes().read, lambda _done: None)
    return out


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    return Asked(stick_of(SHELF, tmp_path_factory.mktemp("pack") / "stick"))


def test_either_script_finds_the_same(ask: Asked) -> None:
    assert ask("分数的初步认识", "分數的初步認識", "認識分數") == [[1], [1], [1, 5]]


def test_words_are_found_in_any_order_wherever_they_stand(ask: Asked) -> None:
    assert ask("面积 圆", "长方形", "周文清", "月饼") == [[2], [2], [2], [1]]


def test_the_label_of_a_subject_or_a_grade_is_found(ask: Asked) -> None:
    assert ask("三年级数学", "三年級數學") == [[1, 4], [1, 4]]
    assert set(ask("语文")[0]) == {3, 5, 6}


def test_what_stands_in_the_title_comes_first(ask: Asked) -> None:
    assert ask("分数")[0][0] == 1


def test_other_regions_and_synonyms_are_found(ask: Asked) -> None:
    assert ask("軟體", "教學設計") == [[5], [1]]


def test_one_character_and_a_rare_one_are_found(ask: Asked) -> None:
    assert ask("圆", "𠮷", "𠮷祥") == [[2], [6], [6]]


def test_english_is_found_by_its_stem(ask: Asked) -> None:
    assert ask("NUMBER LINE", "Learner", "compared") == [[4], [4], [4]]
    assert [found[0] for found in ask("fraction", "Fractions")] == [4, 4]


def test_what_nobody_has_finds_nothing_and_signs_do_no_harm(ask: Asked) -> None:
    assert ask("火星移民", '"()*~-', "__proto__ constructor", "toString") == [[], [], [], []]


def test_where_nothing_has_all_words_some_are_enough_and_it_is_said(ask: Asked) -> None:
    found = ask.answers("圆的面积 火星")[0]
    assert (found["ids"], found["loose"]) == (["R-000002"], True)


def test_the_page_folds_and_cuts_as_the_hub_does(ask: Asked) -> None:
    """Every word of letters and signs in one query: what the page reads is what the hub reads."""
    query = "㈠ ﬁ Ａｂｃ 第３课 ǚ 劒 臺灣 x_y 3.14 ①②"
    found = ask.answers(query)[0]["words"]
    assert set(runs(fold(query))) <= set(found)


def test_a_number_is_written_in_letters_of_five_bits() -> None:
    assert [coded(number) for number in (0, 1, 31, 32, 1024)] == ["A", "B", "f", "gB", "ggB"]


def test_the_stems_of_the_pack_are_those_of_the_hub() -> None:
    index = PackIndex(LABELS)
    index.add(document(resource(1, title="learning lessons quickly")))
    stems = {term: to for shard in index.shards() for term, to in shard.items() if term[0] == "~"}
    assert stems == {f"~{word}": stem(word) for word in ("learning", "lessons", "quickly")}

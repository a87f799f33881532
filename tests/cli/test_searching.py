"""``hub search`` and ``hub index``."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests.cli.conftest import Types

Done = Callable[..., str]


@pytest.fixture
def collection(done: Done, wangmin: str, tmp_path: Path) -> None:
    """Three lessons that only the own school may see."""
    path = tmp_path / "items.jsonl"
    items = [
        {"title": "分数的初步认识", "text": "把一个月饼平均分成两份", "grade": "三年级"},
        {"title": "分数乘法", "text": "月饼的二分之一", "grade": "六年级", "kind": "exercise"},
        {"title": "观潮", "text": "钱塘江大潮", "subject": "语文", "grade": "四年级"},
    ]
    path.write_text("\n".join(json.dumps(item) for item in items), "utf-8")
    done("import", path, "--as", wangmin, "--publish")


def test_the_answer_shows_id_title_facts_and_passages(done: Done, collection: None) -> None:
    del collection
    said = done("search", "月饼", "--sort", "title").splitlines()
    assert said[0] == "Found: 2"
    assert said[1].endswith("  分数乘法") or said[1].endswith("  分数的初步认识")
    assert "          Exercise · Mathematics · Grade 6 · 第一小学 · 王敏 · 12 Oct" in said
    assert "          把一个月饼平均分成两份" in said


@pytest.mark.parametrize(
    ("options", "titles"),
    [
        (("--subject", "语文", "--exact"), []),
        (("--grade", "六年级"), ["分数乘法"]),
        (("--kind", "lesson_plan"), ["分数的初步认识"]),
        (("--school", "第一小学", "--sort", "title"), ["分数的初步认识", "分数乘法"]),
        (("--as", "wangmin", "--grade", "g3"), ["分数的初步认识"]),
    ],
)
def test_it_is_narrowed_as_on_the_page(
    done: Done, collection: None, options: tuple[str, ...], titles: list[str]
) -> None:
    del collection
    answer = json.loads(done("search", "月饼", "--json", *options))
    assert sorted(hit["title"] for hit in answer["found"]) == sorted(titles)
    assert answer["total"] == len(titles)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("观朝",),
            ["Found: 1", "Nothing was found for “观朝”. Shown is what there is for “观潮”."],
        ),
        (
            ("观潮", "--kind", "case"),
            [
                "Found: 1",
                "Nothing fits the words and all options. Shown is what there is without them.",
            ],
        ),
        (
            ("观潮 火箭",),
            ["Found: 1", "Nothing has all of these words. Shown is what has most of them."],
        ),
        (("月饼 -乘法",), ["Found: 1", "Read as: 月饼 − 乘法"]),
        (
            ("学科:数学 观潮",),
            [
                "Found: 1",
                (
                    "Nothing has these words and fits the fields in your query. Shown is what comes"
                    " nearest without the fields."
                ),
            ],
        ),
    ],
)
def test_it_says_how_the_query_was_read_and_what_was_given_up(
    done: Done, collection: None, words: tuple[str, ...], said: list[str]
) -> None:
    del collection
    assert done("search", *words).splitlines()[: len(said)] == said


def test_a_script_is_told_too(done: Done, collection: None) -> None:
    del collection
    answer = json.loads(done("search", "观朝", "--json"))
    assert (answer["relaxed"], answer["corrections"]) == ("spelling", ["观潮"])
    [found] = json.loads(done("search", "月饼 三年级", "--json"))["found"]
    assert {
        "text": "把一个月饼平均分成两份", "file": "", "place": "", "label": "",
    } in found["passages"]  # fmt: skip
    exact = json.loads(done("search", "观朝", "--json", "--exact"))
    assert (exact["relaxed"], exact["total"]) == (None, 0)


def test_with_the_eyes_of_another_school_nothing_is_there(done: Done, collection: None) -> None:
    del collection
    done(
        *("people", "add", "--name", "李岚", "--account", "lilan"),
        *("--school", "第二小学", "--new-school"),
    )
    assert done("search", "月饼", "--as", "lilan") == "Found: 0\n"


def test_an_unknown_school_or_subject_is_refused(hub: Types) -> None:
    assert hub("search", "x", "--school", "没有").stderr == "Error: There is no school “没有”.\n"
    assert hub("search", "x", "--subject", "魔法").exit_code == 1


def test_the_index_says_how_it_is_and_agrees_with_the_database(
    done: Done, collection: None
) -> None:
    del collection
    assert json.loads(done("index", "status", "--json")) == {
        "needs_rebuild": False,
        "documents": 3,
        "findable": 3,
        "waiting": 0,
        "set_aside": 0,
    }
    assert done("index", "check") == "Index and database agree: 3 resources.\n"


def test_a_difference_is_a_failure_and_a_rebuild_mends_it(
    hub: Types, done: Done, app: Flask, collection: None
) -> None:
    del collection
    app.extensions["hub"].search.apply([], [1])
    result = hub("index", "check")
    assert result.exit_code == 1
    assert result.stderr == (
        "Error: Not in the index: 1; outdated: 0; not in the database: 0. Wait for the worker, or"
        " type hub index check --repair.\n"
    )
    assert done("index", "rebuild") == "The index holds 3 resources.\n"
    assert done("index", "check") == "Index and database agree: 3 resources.\n"

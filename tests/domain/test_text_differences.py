"""What is different between two texts: exact whatever they are, and readable where it matters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resource_hub.domain.alignment import common_blocks
from resource_hub.domain.linked_paragraphs import tokens_of
from resource_hub.domain.text_differences import (
    Op,
    Row,
    RowKind,
    after_of,
    applied,
    before_of,
    differences,
)

MARKS = {Op.KEEP: "{}", Op.DROP: "[-{}-]", Op.PUT: "[+{}+]"}

WORDS = st.sampled_from(
    ["分数", "的", "月饼", "half", " ", "\n", "\r\n", "3.5", "。", "a\u0301", "🍎"]
)
TEXTS = st.lists(WORDS, max_size=60).map("".join)


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, str]:
    """A text of paragraphs, and the same with some of them changed, moved, gone or new."""
    paragraphs = draw(st.lists(TEXTS, max_size=12))
    later = list(paragraphs)
    for _number in range(draw(st.integers(0, 6))):
        place = draw(st.integers(0, len(later)))
        match draw(st.sampled_from(["add", "remove", "move", "change"])):
            case "add":
                later.insert(place, draw(TEXTS))
            case "remove" if later:
                later.pop(place % len(later))
            case "move" if later:
                later.insert(place % len(later), later.pop())
            case "change" if later:
                later[place % len(later)] += draw(TEXTS)
            case _:
                pass
    return "\n".join(paragraphs), "\n".join(later)


def said(rows: list[Row]) -> list[tuple[str, str]]:
    """Each row with its kind, and its pieces marked."""
    return [
        (
            row.kind.value,
            "".join(MARKS[each.op].format(each.text) for each in row.pieces).replace("\n", "¶"),
        )
        for row in rows
    ]


def longest(before: str, after: str) -> int:
    """Length of the longest common subsequence, by the book."""
    row = [0] * (len(after) + 1)
    for letter in before:
        last = row
        row = [0]
        for place, other in enumerate(after):
            row.append(last[place] + 1 if letter == other else max(row[place], last[place + 1]))
    return row[-1]


@given(st.one_of(edited(), st.tuples(TEXTS, TEXTS), st.tuples(st.text(), st.text())))
def test_applied_to_the_old_text_a_difference_gives_the_new_one(texts: tuple[str, str]) -> None:
    before, after = texts
    rows = differences(before, after)
    assert (before_of(rows), after_of(rows), applied(rows, before)) == (before, after, after)
    assert all(row.pieces for row in rows)


@given(st.one_of(edited(), st.tuples(TEXTS, TEXTS)))
def test_what_was_moved_is_one_paragraph_of_each_text(texts: tuple[str, str]) -> None:
    rows = differences(*texts)
    here = [row for row in rows if row.kind is RowKind.MOVED_HERE]
    assert len(here) == sum(row.kind is RowKind.MOVED_AWAY for row in rows)
    for row in here:
        now = "".join(each.text for each in row.within if each.op is not Op.DROP)
        assert now == row.pieces[0].text


@given(TEXTS)
def test_a_text_is_its_tokens(text: str) -> None:
    assert "".join(tokens_of(text)) == text
    assert [row.kind for row in differences(text, text)] == [RowKind.SAME] * len(
        text.splitlines() if text.endswith("\n") else text.split("\n") if text else []
    )


@given(st.text("ab", max_size=24), st.text("abc", max_size=24))
def test_short_texts_have_as_much_in_common_as_there_is(before: str, after: str) -> None:
    blocks = common_blocks(before, after)
    assert all(
        before[each.before : each.before + each.length]
        == after[each.after : each.after + each.length]
        for each in blocks
    )
    ends = [(each.before + each.length, each.after + each.length) for each in blocks]
    starts = [(each.before, each.after) for each in blocks]
    assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))
    if min(len(before), len(after)) < 4:  # too short for an anchor
        assert sum(each.length for each in blocks) == longest(before, after)


def test_a_difference_fits_its_own_text_alone() -> None:
    rows = differences("一\n二\n", "一\n三\n")
    for other in ("一\n四\n", "一\n", "一\n二\n三\n"):
        with pytest.raises(ValueError, match="difference"):
            applied(rows, other)


def test_chinese_is_compared_by_the_character_and_latin_by_the_word() -> None:
    assert said(differences("认识几分之一，会读写。", "认识几分之一，会读、会写几分之一。")) == [
        ("changed", "认识几分之一，会读[-写-][+、会写几分之一+]。")
    ]
    assert said(differences("It jumps over 3.5 km of snow.", "It jumped over 3.6 km of snow.")) == [
        ("changed", "It [-jumps-][+jumped+] over [-3.5-][+3.6+] km of snow.")
    ]


def test_a_moved_paragraph_is_recognised_even_when_it_was_also_changed() -> None:
    lead, new, practice = (
        "一、导入：把一个月饼平均分给两个小朋友，每人得到多少？\n",
        "二、新授：认识二分之一，读一读，写一写，说一说它的意思。\n",
        "三、练习：折一折，涂一涂，把你的想法讲给同桌听。\n",
    )
    rows = differences(lead + new + practice, practice.replace("同桌", "小组") + lead + new)
    assert said(rows) == [
        ("moved_here", "[+三、练习：折一折，涂一涂，把你的想法讲给小组听。¶+]"),
        ("same", lead.replace("\n", "¶")),
        ("same", new.replace("\n", "¶")),
        ("moved_away", "[-三、练习：折一折，涂一涂，把你的想法讲给同桌听。¶-]"),
    ]
    assert [(each.op.value, each.text) for each in rows[0].within] == [
        ("keep", "三、练习：折一折，涂一涂，把你的想法讲给"),
        ("drop", "同桌"),
        ("put", "小组"),
        ("keep", "听。\n"),
    ]


def test_unlike_paragraphs_are_not_mixed_by_the_letters_they_happen_to_share() -> None:
    before = "小组讨论：圆有几条对称轴？请用纸折出来。\n作业布置\n"
    after = "今天我们学习古诗《静夜思》，体会诗人的思乡之情。\n作业布置\n"
    assert [kind for kind, _text in said(differences(before, after))] == [
        "removed",
        "added",
        "same",
    ]


def test_a_paragraph_that_was_split_stands_in_one_row_and_only_its_spacing_differs() -> None:
    before = "把一个月饼平均分成两份，每份是它的二分之一。学生动手折一折，说一说。\n"
    after = before.replace("。学生", "。\n学生")
    assert said(differences(before, after)) == [
        ("spacing", "把一个月饼平均分成两份，每份是它的二分之一。[+¶+]学生动手折一折，说一说。¶")
    ]


def test_lines_that_flow_differently_after_an_insertion_are_not_different() -> None:
    text = "".join(f"第{number}课时：认识图形和它的面积，量一量算一算。" for number in range(1, 9))
    before = "\n".join(text[start : start + 20] for start in range(0, len(text), 20))
    longer = "注意：" + text
    after = "\n".join(longer[start : start + 20] for start in range(0, len(longer), 20))
    changed = [
        (each.op.value, each.text)
        for row in differences(before, after)
        for each in row.pieces
        if each.op is not Op.KEEP and each.text.strip()
    ]
    assert changed == [("put", "注意：")]

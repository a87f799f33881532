"""How a difference stands on the page."""

from hypothesis import given
from hypothesis import strategies as st

from resource_hub.domain.shown_rows import LONGEST_ROW, in_brief, in_full
from resource_hub.domain.text_differences import Op, Piece, differences

TEN = [f"第{number}段：把月饼平均分成{number}份。\n" for number in range(10)]


def test_what_stays_is_folded_away_but_for_a_line_before_and_after() -> None:
    later = [*TEN]
    later[5] = later[5].replace("月饼", "苹果")
    shown = in_brief(differences("".join(TEN), "".join(later)), 1_000)
    assert [(row.kind, row.paragraphs) for row in shown.rows] == [
        ("fold", 4), ("same", 0), ("changed", 0), ("same", 0), ("fold", 3),
    ]  # fmt: skip
    changed = shown.rows[2]
    assert [(each.op.value, each.text) for each in changed.right] == [
        ("keep", "第5段：把"), ("put", "苹果"), ("keep", "平均分成5份。\n"),
    ]  # fmt: skip
    assert [each.text for each in changed.left] == ["第5段：把", "月饼", "平均分成5份。\n"]


def test_what_does_not_fit_is_counted() -> None:
    rows = differences("".join(TEN), "".join(each.replace("月", "圆") for each in TEN))
    shown = in_brief(rows, 60)
    assert (len(shown.rows), shown.left_out) == (2, 8)
    assert [len(part) for part in in_full(rows, 60)] == [2, 2, 2, 2, 2]


def test_a_paragraph_in_place_of_another_stands_beside_it() -> None:
    before = "作业布置\n圆有几条对称轴？请用纸折出来。\n下课\n"
    after = "作业布置\n体会《静夜思》中诗人的思乡之情。\n下课\n"
    shown = in_brief(differences(before, after), 1_000)
    assert [row.kind for row in shown.rows] == ["same", "replaced", "same"]


def test_the_middle_of_a_long_stretch_beside_a_change_is_left_out() -> None:
    shown = in_brief(differences("甲" + "长" * 400, "乙" + "长" * 400), 1_000)
    assert shown.rows[0].right == (
        Piece(Op.PUT, "乙"),
        Piece(Op.KEEP, "长" * 80 + " … " + "长" * 80),
    )


@given(st.lists(st.text("甲乙\n", max_size=40), max_size=8), st.integers(1, 400))
def test_in_full_nothing_is_left_out(words: list[str], room: int) -> None:
    before, after = "".join(words), "".join(reversed(words)) * 40
    parts = in_full(differences(before, after), room)
    shown = [row for part in parts for row in part]
    assert all(row.length <= LONGEST_ROW for row in shown)
    old = [p.text for row in shown for p in row.left if row.kind != "spacing"]
    assert len("".join(old)) <= len(before)
    assert parts[0] == [] if not before + after else all(parts)

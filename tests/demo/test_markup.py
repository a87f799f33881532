"""The markup of the demo's files."""

from resource_hub.demo.markup import (
    Drawing,
    Heading,
    Paragraph,
    Part,
    Point,
    Rows,
    blocks,
    parts,
)


def test_each_mark_makes_its_block() -> None:
    assert blocks("# 一\n## 二\n三\n\n- 四\n| 五 | 六 |\n| 七 | |\n! 八") == [
        Heading("一", 1),
        Heading("二", 2),
        Paragraph("三"),
        Point("四"),
        Rows((("五", "六"), ("七", ""))),
        Drawing("八"),
    ]


def test_a_minus_sign_before_a_figure_is_no_point() -> None:
    assert blocks("-3 ＋ 5 ＝ 2") == [Paragraph("-3 ＋ 5 ＝ 2")]


def test_a_table_at_the_end_is_not_lost() -> None:
    assert blocks("| 甲 |") == [Rows((("甲",),))]


def test_parts_stand_under_the_headings_of_the_first_level() -> None:
    assert list(parts("# 甲\n子\n## 丑\n# 乙\n- 寅")) == [
        Part("甲", (Paragraph("子"), Heading("丑", 2))),
        Part("乙", (Point("寅"),)),
    ]

"""Charts drawn as SVG: what they hold, and that nothing in them can run."""

import itertools
import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest

from resource_hub.catalogue.charts import (
    NARROW,
    Chart,
    Series,
    bar_chart,
    largest,
    line_chart,
    stacked_chart,
)
from resource_hub.catalogue.data import FiguresData
from resource_hub.catalogue.figures import figures
from tests.catalogue.issues import CHINESE, ODD_TITLES, full_issue

SCHOOLS = Chart(
    "各校送审",
    ("实验小学", "青山村小学", "河口小学"),
    (Series("送审", (12, 4, 0)), Series("通过", (9, None, 0))),
)
DRAWN: list[Callable[[Chart], str]] = [bar_chart, stacked_chart, line_chart]
every_kind = pytest.mark.parametrize("draw", DRAWN, ids=lambda draw: draw.__name__)


def words(svg: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(svg).iter() if element.text]  # noqa: S314 - our own


def test_each_bar_says_its_value_and_a_missing_one_is_a_dash() -> None:
    assert words(bar_chart(SCHOOLS)) == [
        "送审", "通过", "实验小学", "12", "9", "青山村小学", "4", "–", "河口小学", "0", "0",
    ]  # fmt: skip


def test_bars_are_as_long_as_their_values() -> None:
    widths = [float(it) for it in re.findall(r'width="([\d.]+)" height="16"', bar_chart(SCHOOLS))]
    assert widths[0] / widths[2] == pytest.approx(12 / 4, rel=0.01)
    assert widths[1] / widths[0] == pytest.approx(9 / 12, rel=0.01)
    assert widths[3:] == [1, 1, 1]  # a hair, so that a zero is seen


def test_a_stack_says_its_sum() -> None:
    assert words(stacked_chart(SCHOOLS)) == [
        "送审", "通过", "实验小学", "12", "9", "21", "青山村小学", "4", "4", "河口小学", "0",
    ]  # fmt: skip


def test_a_line_has_round_steps_and_breaks_where_a_value_is_missing() -> None:
    months = ("9月", "10月", "11月", "12月")
    svg = line_chart(Chart("月", months, (Series("送审", (3, 9, None, 14)),)))
    assert words(svg) == ["0", "5", "10", "15", *months]
    points = [len(it.split()) for it in re.findall(r'points="([^"]+)" fill="none"', svg)]
    assert points == [2, 1]


def test_many_months_are_not_written_over_each_other() -> None:
    months = tuple(f"{year}年{month}月" for year in (2025, 2026) for month in range(1, 13))
    svg = line_chart(Chart("月", months, (Series("送审", tuple(range(24))),)))
    shown = [float(x) for x in re.findall(r'<text x="([\d.]+)" y="253', svg)]
    apart = [after - before for before, after in itertools.pairwise(shown)]
    assert shown
    assert min(apart) > 80


def test_the_last_month_is_not_written_over_the_one_before() -> None:
    months = tuple(f"2026年{month}月" for month in range(1, 11))
    svg = line_chart(Chart("月", months, (Series("送审", tuple(range(10))),)), width=NARROW)
    assert re.findall(r">(2026年\d+月)<", svg) == ["2026年1月", "2026年4月", "2026年7月"]


@every_kind
def test_a_narrow_chart_keeps_everything_inside(draw: Callable[..., str]) -> None:
    svg = ET.fromstring(draw(SCHOOLS, width=NARROW))  # noqa: S314 - our own
    assert (svg.get("viewBox") or "").split()[2] == str(NARROW)
    for element in svg.iter():
        right = float(element.get("x", 0)) + float(element.get("width", 0))
        assert 0 <= right <= NARROW


@every_kind
def test_nothing_in_a_chart_runs_or_needs_a_style(draw: Callable[[Chart], str]) -> None:
    for title in ODD_TITLES:
        evil = f"{title}<script>alert(1)</script>\"' onload=x"
        svg = draw(Chart(evil, (evil, "b"), (Series(evil, (1, 2)), Series("b", (3, 4)))))
        tags = {element.tag.partition("}")[2] for element in ET.fromstring(svg).iter()}  # noqa: S314 - our own
        assert tags <= {"svg", "rect", "circle", "polygon", "polyline", "path", "text"}
        assert "style=" not in re.sub(r'aria-label="[^"]*"', "", svg)


@every_kind
def test_a_chart_without_values_is_still_a_drawing(draw: Callable[[Chart], str]) -> None:
    for chart in (Chart("", (), (Series("a", ()),)), Chart("", ("x",), (Series("a", (0,)),))):
        assert ET.fromstring(draw(chart)).tag.endswith("svg")  # noqa: S314 - our own


def test_the_text_alternative_has_every_value() -> None:
    assert SCHOOLS.rows == [
        ("实验小学", "12", "9"), ("青山村小学", "4", ""), ("河口小学", "0", "0"),
    ]  # fmt: skip


def test_what_is_too_much_for_a_chart_is_summed_up() -> None:
    chart = Chart(
        "", tuple("abcde"), (Series("n", (1, 9, 2, 3, 8)), Series("m", (0, 1, None, 2, 3)))
    )
    assert largest(chart, 2, "其他") == Chart(
        "", ("b", "e", "其他"), (Series("n", (9, 8, 6)), Series("m", (1, 3, 2)))
    )
    assert largest(chart, 4, "其他") == chart  # one more bar is no more than the rest would be


def test_the_figures_of_a_month_become_charts() -> None:
    found = figures(full_issue().figures, CHINESE)
    assert [(it.whole.title, it.about) for it in found] == [
        ("各月送审与通过", "月份"),
        ("各学科送审与通过", "学科"),
        ("各校送审与通过", "学校"),
        ("各学科审结用时（天）", "学科"),
        ("本月使用最多", "资源"),
    ]
    assert found[0].whole.rows == [("2026年9月", "4", "3"), ("2026年10月", "9", "6")]
    assert [found[2].head, *found[2].whole.rows] == [
        ("学校", "送审", "通过", "结论用时（天）"),
        ("实验小学", "6", "5", "3"),
        ("青山村小学", "3", "1", ""),
    ]
    assert len(found[2].shown.series) == 2  # days are no number of works
    assert found[3].whole.rows == [("数学", "3.2"), ("语文", "5")]
    assert found[3].shown.names == ("语文", "数学")  # the slowest first


def test_a_month_without_figures_has_no_charts() -> None:
    assert figures(FiguresData(), CHINESE) == ()

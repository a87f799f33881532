"""What figures come to, and what a rule makes of them."""

import pytest

from resource_hub.domain.points import (
    USUAL_RULE,
    Figure,
    Item,
    PointsRule,
    Tally,
    Worth,
    points,
    tally,
    tenths,
    typed_rule,
)
from resource_hub.services.usage import CLASS_USE


def item(figure: Figure, **facts: int) -> Item:
    return Item(figure, 1, 1, 1, 1, **facts)  # type: ignore[arg-type]  # numbers alone are given


def test_items_add_up_and_means_are_of_what_is_known() -> None:
    found = tally(
        [
            item(Figure.ACCEPTED, rounds=1),
            item(Figure.ACCEPTED, rounds=2),
            item(Figure.REVIEWS, days=3),
            item(Figure.REVIEWS),
            item(Figure.USED, number=40),
            item(Figure.USED, number=2),
        ]
    )
    assert found.counts == {Figure.ACCEPTED: 2, Figure.REVIEWS: 2, Figure.USED: 42}
    assert (found.mean_rounds, found.mean_days) == (1.5, 3.0)
    assert (tally([]).mean_rounds, tally([]).mean_days) == (None, None)


def test_points_are_counted_in_tenths_and_a_figure_has_its_most() -> None:
    rule = PointsRule((Worth(Figure.ACCEPTED, 50), Worth(Figure.USED, 1, 100)))
    assert points(Tally({Figure.ACCEPTED: 3, Figure.USED: 7, Figure.REVIEWS: 9}), rule) == 157
    assert points(Tally({Figure.USED: 5_000}), rule) == 100
    assert points(Tally(), USUAL_RULE) == 0


def test_the_usual_rule_counts_a_lesson_like_twenty_downloads_and_posts_a_little() -> None:
    assert points(Tally({Figure.TAUGHT: 1}), USUAL_RULE) == 20
    assert points(Tally({Figure.USED: CLASS_USE}), USUAL_RULE) == 20
    assert points(Tally({Figure.POSTS: 1}), USUAL_RULE) == 5
    assert points(Tally({Figure.TAUGHT: 99, Figure.POSTS: 99}), USUAL_RULE) == 250


@pytest.mark.parametrize(("text", "found"), [("5", 50), (" 0.5 ", 5), ("0", 0), ("12.0", 120)])
def test_points_are_typed_with_one_decimal_at_most(text: str, found: int) -> None:
    assert tenths(text) == found


@pytest.mark.parametrize("text", ["-1", "五", "1e3", "0.25", "1.", "99999", "½", "٣"])
def test_anything_else_is_no_number_of_points(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        tenths(text)


def test_what_is_left_empty_counts_nothing() -> None:
    typed = {"accepted": "5", "reviews": "0.5", "reviews_most": "20", "used": "0", "open_days": "7"}
    rule, problems = typed_rule(typed)
    assert rule == PointsRule((Worth(Figure.ACCEPTED, 50), Worth(Figure.REVIEWS, 5, 200)), 7)
    assert problems == []


def test_every_mistake_is_named() -> None:
    typed = {"accepted": "viel", "reviews_most": "2000", "open_days": "0"}
    _, problems = typed_rule(typed)
    assert [problem.field for problem in problems] == ["accepted", "reviews_most", "open_days"]

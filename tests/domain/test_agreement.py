"""Agreement between reviewers: published values, and what holds of every figure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resource_hub.domain.agreement import (
    FEWEST_PAIRS,
    Agreement,
    Pair,
    Strength,
    agreement,
    kappa,
    pairs_of,
    plain,
    quadratic,
)

POINTS = st.integers(1, 5)
PAIRS = st.lists(st.tuples(POINTS, POINTS), min_size=FEWEST_PAIRS, max_size=60)
YES_NO = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=FEWEST_PAIRS, max_size=60
)


def table(*rows: tuple[int, ...]) -> list[Pair]:
    """The pairs of a table of counts: first rater by row, second by column."""
    return [
        (one, other)
        for one, row in enumerate(rows)
        for other, count in enumerate(row)
        for _ in range(count)
    ]


def lists(first: tuple[int, ...], second: tuple[int, ...]) -> list[Pair]:
    """Two raters, each with so many 0, so many 1, so many 2, in this order."""
    return list(
        zip(
            [n for n, count in enumerate(first) for _ in range(count)],
            [n for n, count in enumerate(second) for _ in range(count)],
            strict=True,
        )
    )


@pytest.mark.parametrize(
    ("pairs", "value"),
    [
        # Fifty grant proposals, two readers: the example of Wikipedia, "Cohen's kappa".
        (table((20, 5), (10, 15)), 0.4),
        # The same share of agreement, other margins: ibidem.
        (table((45, 15), (25, 15)), 0.1304),
        (table((25, 35), (5, 35)), 0.2593),
        # Psychotic, neurotic, organic: Fleiss, Levin, Paik, Statistical Methods for Rates and
        # Proportions, 3rd edition, table 18.1, kappa 0.68.
        (table((75, 1, 4), (5, 4, 1), (0, 0, 10)), 0.676),
        # Artstein and Poesio, as in the tests of scikit-learn's cohen_kappa_score.
        (lists((46, 44, 10), (52, 32, 16)), 0.8013),
        (lists((46, 44, 10), (50, 40, 10)), 0.9315),
    ],
)
def test_plain_kappa_has_the_published_value(pairs: list[Pair], value: float) -> None:
    assert kappa(pairs, plain) == pytest.approx(value, abs=5e-4)


def test_quadratic_kappa_has_the_published_value() -> None:
    # scikit-learn, test_cohen_kappa, weights="quadratic".
    pairs = lists((46, 44, 10), (50, 40, 10))
    assert kappa(pairs, quadratic) == pytest.approx(0.9541, abs=5e-5)


def test_too_few_pairs_give_no_figure() -> None:
    nine = [(1, 2)] * (FEWEST_PAIRS - 1)
    assert agreement(nine, quadratic) == Agreement(9)
    assert not agreement(nine, quadratic).is_enough
    assert agreement([], plain).strength is None


def test_where_all_say_the_same_there_is_nothing_to_agree_about() -> None:
    assert agreement([(1, 1)] * 12, plain) == Agreement(12, 1.0, None)


@given(PAIRS, st.randoms())
def test_neither_the_order_of_the_pairs_nor_of_the_two_matters(
    pairs: list[Pair], chance: object
) -> None:
    turned = [(other, one) for one, other in reversed(pairs)]
    del chance
    for distance in (plain, quadratic):
        one, other = agreement(pairs, distance), agreement(turned, distance)
        assert (one.pairs, one.same) == (other.pairs, other.same)
        assert one.kappa == (None if other.kappa is None else pytest.approx(other.kappa))


@given(PAIRS)
def test_it_is_one_if_and_only_if_all_pairs_are_the_same(pairs: list[Pair]) -> None:
    for distance in (plain, quadratic):
        found = agreement(pairs, distance)
        if found.kappa is None:
            assert len(set(pairs)) == 1
            continue
        assert -1 - 1e-9 <= found.kappa <= 1
        assert (found.kappa == 1) is all(one == other for one, other in pairs)


@given(YES_NO)
def test_of_two_answers_both_weights_say_the_same(pairs: list[Pair]) -> None:
    assert agreement(pairs, plain) == agreement(pairs, quadratic)


@given(PAIRS, st.integers(-3, 3))
def test_who_is_harder_by_the_same_on_everything_is_as_far_away(
    pairs: list[Pair], shift: int
) -> None:
    moved = [(one + shift, other + shift) for one, other in pairs]
    assert agreement(moved, quadratic) == agreement(pairs, quadratic)


def test_chance_is_no_agreement() -> None:
    every = [(one, other) for one in range(1, 6) for other in range(1, 6)]
    assert kappa(every, quadratic) == pytest.approx(0)
    assert agreement(every, plain).kappa == pytest.approx(0)


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (-0.2, Strength.BY_CHANCE), (0.0, Strength.BY_CHANCE), (0.1, Strength.SLIGHT),
        (0.3, Strength.FAIR), (0.5, Strength.MODERATE), (0.61, Strength.SUBSTANTIAL),
        (1.0, Strength.ALMOST_PERFECT),
    ],
)  # fmt: skip
def test_a_figure_has_a_word(value: float, word: Strength) -> None:
    assert Agreement(10, 0.5, value).strength is word


def test_three_reviewers_of_a_round_are_three_pairs() -> None:
    rounds = [{7: 5, 3: 4, 9: 1}, {3: 2}, {3: 2, 7: 3}]
    assert pairs_of(rounds) == [(4, 5), (4, 1), (5, 1), (2, 3)]
    assert pairs_of(rounds, of=9) == [(4, 1), (5, 1)]

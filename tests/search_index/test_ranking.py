"""The order of hits: a gentle lift for recent and used ones, and never another order by chance."""

import random
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index.base import SearchRequest
from search_index.ranking import WINDOW, Candidate, in_order, lift
from tests.search_index.documents import DAY, ask, found, lesson
from tests.search_index.engines import KINDS, filled

TODAY = date(2026, 11, 22)
ORDINAL = TODAY.toordinal()

candidates = st.lists(
    st.builds(
        Candidate,
        st.floats(0, 100),
        st.integers(0, 9_999),
        st.integers(ORDINAL - 4_000, ORDINAL + 10),
        st.integers(0, 5_000),
        st.none(),
    ),
    unique_by=lambda candidate: candidate.resource_id,
    max_size=150,
)


def test_the_lift_is_between_one_and_a_fifth_more() -> None:
    assert lift(ORDINAL, 1_000, today=TODAY) == pytest.approx(1.2)
    assert lift(ORDINAL, 0, today=TODAY) == pytest.approx(1.1)
    assert lift(ORDINAL - 365, 0, today=TODAY) == pytest.approx(1.05)
    assert lift(1, 0, today=TODAY) == pytest.approx(1.0)
    assert lift(ORDINAL, 0, today=None) == 1.0
    assert lift(ORDINAL + 99, -5, today=TODAY) == pytest.approx(1.1)  # of tomorrow, by mistake


@given(candidates)
def test_what_fits_clearly_better_stays_before(found: list[Candidate[None]]) -> None:
    order = in_order(found, today=TODAY)
    assert sorted(c.resource_id for c in order) == sorted(c.resource_id for c in found)
    best = max((c.score for c in found), default=0.0)
    for place, candidate in enumerate(order):
        assert all(later.score <= 1.21 * candidate.score + 0.01 for later in order[place:])
    assert not order or order[0].score >= best / 1.21 - 0.01


@given(candidates, st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_how_hits_arrive(
    found: list[Candidate[None]], dice: random.Random
) -> None:
    shuffled = list(found)
    dice.shuffle(shuffled)
    assert in_order(shuffled, today=TODAY) == in_order(found, today=TODAY)


def test_beyond_the_window_only_the_words_count() -> None:
    fresh = [Candidate(1.0, number, ORDINAL, 0, None) for number in range(WINDOW)]
    used = Candidate(1.0, WINDOW, ORDINAL, 5_000, None)
    assert in_order([used, *fresh], today=TODAY)[-1] == used
    assert in_order([used, *fresh[1:]], today=TODAY)[0] == used


@pytest.mark.parametrize("kind", KINDS)
def test_recent_and_used_lift_equals_but_not_the_better_fit(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    engine = filled(
        kind,
        request,
        tmp_path,
        [
            lesson(1, "分数的意义"),
            lesson(300, "分数的意义"),
            lesson(2, "分数的意义", views=900),
            lesson(
                400,
                "别的题目",
                "这里也提到分数的意义，一次。" + "还有许多别的话。" * 30,
                views=9_000,
            ),
            *(lesson(number, "不相干") for number in range(500, 520)),
        ],
    )
    today = (DAY + timedelta(days=400)).date()
    request_ = SearchRequest("分数的意义", frozenset({"public"}), today=today)
    assert found(engine.search(request_)) == [2, 300, 1, 400]
    assert found(ask(engine, "分数的意义")) == [2, 1, 300, 400]
    assert found(engine.search(request_)) == found(engine.search(request_))

"""The order of hits: a gentle lift for recent and used ones, and never another order by chance."""

import random
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index import ranking
from search_index.base import SearchRequest
from search_index.ranking import WINDOW, Candidate, in_order, lift, reach
from search_index.tantivy_engine import TIED
from tests.search_index.documents import DAY, ask, found, lesson
from tests.search_index.engines import KINDS, filled

TODAY = date(2026, 11, 22)
ORDINAL = TODAY.toordinal()

candidates = st.lists(
    st.builds(
        Candidate,
        # Few scores, so that many are equal, and some only nearly.
        st.floats(0, 100) | st.sampled_from((1.0, 1.0004, 1.1, 9.0)),
        st.integers(0, 9_999),
        st.floats(1.0, 1.2) | st.sampled_from((1.0, 1.1)),
        st.none(),
    ),
    unique_by=lambda candidate: candidate.resource_id,
    max_size=60,
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
    order = in_order(found)
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
    assert in_order(shuffled) == in_order(found)


@given(candidates, st.integers(1, 20), st.integers(1, 70), st.integers(1, 30))
def test_every_page_is_a_piece_of_one_order(
    found: list[Candidate[None]], window: int, at_once: int, per_page: int
) -> None:
    """However few hits are looked at, whatever ties, and wherever the window ends."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranking, "WINDOW", window)
        falling = sorted(found, key=lambda candidate: -candidate.score)
        scores = [candidate.score for candidate in falling]
        paged: list[Candidate[None]] = []
        for start in range(0, len(found), per_page):
            end, read = start + per_page, at_once
            while (within := reach(scores[:read], start, end, more=read < len(scores))) is None:
                read += at_once
            first, stop = within
            paged += in_order(falling[first:stop], before=first)[start - first : end - first]
        assert paged == in_order(found)


def test_equal_hits_beyond_the_window_are_lifted_too() -> None:
    plain = [Candidate(1.0, number, 1.0, None) for number in range(2 * WINDOW)]
    used = Candidate(1.0, 2 * WINDOW, 1.1, None)
    assert in_order([*plain, used])[0] == used
    better = Candidate(1.05, 9_999, 1.0, None)
    assert in_order([*plain, used, better])[:2] == [used, better]


def test_only_ties_and_what_may_be_lifted_so_high_are_asked_for() -> None:
    scores = [9.0, 8.0, 8.0, 7.0, 7.0, 1.0]
    assert reach(scores, 0, 1, more=True) == (0, 3)
    assert reach(scores, 0, 2, more=True) == (0, 5)
    assert reach(scores, 0, 6, more=True) is None
    assert reach(scores, 0, 6, more=False) == (0, 6)
    assert reach(scores, 8, 9, more=False) == (8, 8)
    assert reach([5.0] * 10, 0, 3, more=True) is None
    flat = [5.0] * WINDOW + [4.999] * 5 + [4.0]
    assert reach(flat, 0, 20, more=True) == (0, WINDOW)
    assert reach(flat, WINDOW + 1, WINDOW + 2, more=True) == (WINDOW, WINDOW + 5)


@pytest.mark.parametrize("kind", KINDS)
def test_many_equal_titles_come_as_recent_and_used_as_they_are(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """More than the window holds: a search for 数学 in a hub of a county."""
    count = WINDOW + TIED + 150
    lessons = [lesson(n, "数学", views=n * 37 % 101 * (n % 5 == 0)) for n in range(count)]
    engine = filled(kind, request, tmp_path, lessons)
    today = (DAY + timedelta(days=count)).date()
    lifted = {
        one.resource_id: lift(one.published_at.toordinal(), one.views, today=today)
        for one in lessons
    }
    asked = SearchRequest("数学", frozenset({"public"}), today=today, facets=(), per_page=150)
    pages = [engine.search(replace(asked, page=page)) for page in range(1, 10)]
    assert [page.total for page in pages] == [count] * 9
    order = [hit.resource_id for page in pages for hit in page.hits]
    assert sorted(order) == list(range(count))
    score = pages[0].hits[0].score
    assert {round(hit.score, 3) for page in pages for hit in page.hits} == {round(score, 3)}
    assert order[:5] == sorted(lifted, key=lambda one: (-lifted[one], one))[:5]
    rounded = [round(score * lifted[one], 3) for one in order]
    assert rounded == sorted(rounded, reverse=True)


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

"""Who stands behind a version: nobody, a review, its school, the alliance."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resource_hub.domain.endorsement import Badge, badges, endorsing
from resource_hub.domain.policy import Stage

BOTH = (Stage.SCHOOL, Stage.ALLIANCE)
STAGES = st.frozensets(st.sampled_from(Stage))


def test_a_stage_that_members_approved_stands_behind_it() -> None:
    assert endorsing(BOTH, BOTH, fast_lane=False, before=()) == BOTH
    assert endorsing([Stage.SCHOOL], BOTH, fast_lane=False, before=()) == (Stage.SCHOOL,)


def test_people_from_outside_alone_review_it_and_endorse_nothing() -> None:
    assert endorsing(BOTH, [Stage.SCHOOL], fast_lane=False, before=BOTH) == (Stage.SCHOOL,)
    assert endorsing([Stage.ALLIANCE], [], fast_lane=False, before=()) == ()


@given(before=STAGES, approved=STAGES)
def test_the_fast_lane_neither_gives_nor_takes(
    before: frozenset[Stage], approved: frozenset[Stage]
) -> None:
    kept = endorsing([Stage.ALLIANCE], approved, fast_lane=True, before=before)
    assert set(kept) == before


@given(asked=STAGES, approved=STAGES, before=STAGES)
def test_nobody_endorses_without_having_approved(
    asked: frozenset[Stage], approved: frozenset[Stage], before: frozenset[Stage]
) -> None:
    assert set(endorsing(asked, approved, fast_lane=False, before=before)) == asked & approved


@pytest.mark.parametrize(
    ("basis", "endorsed_at", "shown"),
    [
        (None, (), ()),
        ("import", (), (Badge.NOT_REVIEWED,)),
        ("review", (), (Badge.REVIEWED,)),
        ("review", ("school",), (Badge.ENDORSED_BY_SCHOOL,)),
        ("review", ("alliance",), (Badge.ENDORSED_BY_ALLIANCE,)),
        (
            "review",
            ("school", "alliance"),
            (Badge.ENDORSED_BY_ALLIANCE, Badge.ENDORSED_BY_SCHOOL),
        ),
    ],
)
def test_what_a_page_shows_of_a_version(
    basis: str | None, endorsed_at: tuple[str, ...], shown: tuple[Badge, ...]
) -> None:
    assert badges(basis, endorsed_at) == shown

"""A policy that nobody could meet is told so, field by field."""

from dataclasses import replace

import pytest

from resource_hub.domain.policy import Policy, Stage, flaws, for_audience, only_at
from resource_hub.domain.visibility import Audience

GOOD = Policy(
    (Stage.SCHOOL, Stage.ALLIANCE),
    {Stage.SCHOOL: 1, Stage.ALLIANCE: 3},
    lowest_mean=3.5,
    vetoes=frozenset({"science"}),
    days={Stage.SCHOOL: 3, Stage.ALLIANCE: 60},
)


def test_a_policy_that_can_be_met_has_no_flaws() -> None:
    assert list(flaws(GOOD, criteria=["science", "guidance"], is_scored=True)) == []
    assert list(flaws(replace(GOOD, vetoes=None), criteria=[], is_scored=True)) == []


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"stages": ()}, "stages", "without any nobody would judge"),
        ({"approvals": {Stage.ALLIANCE: 4}}, "approvals-alliance", "reviewers are possible"),
        ({"approvals": {Stage.SCHOOL: 0}}, "approvals-school", "reviewers are possible"),
        ({"days": {Stage.SCHOOL: 0}}, "days-school", "working days are possible"),
        ({"days": {Stage.ALLIANCE: 61}}, "days-alliance", "working days are possible"),
        ({"lowest_mean": 5.1}, "lowest_mean", "Scores go from 1 to 5"),
        ({"lowest_mean": 0.5}, "lowest_mean", "Scores go from 1 to 5"),
        ({"vetoes": frozenset({"beauty"})}, "vetoes", "not in the form"),
    ],
)
def test_what_nobody_could_meet_is_named(change: dict[str, object], field: str, words: str) -> None:
    policy = replace(GOOD, **change)  # type: ignore[arg-type]  # fields of a policy
    [problem] = flaws(policy, criteria=["science"], is_scored=True)
    assert problem.field == field
    assert words in problem.sentence


def test_a_mean_needs_a_form_with_scores() -> None:
    [problem] = flaws(GOOD, criteria=["science"], is_scored=False)
    assert (problem.field, "asks for no scores" in problem.sentence) == ("lowest_mean", True)


def test_for_the_own_school_the_school_stage_remains_whatever_the_policy() -> None:
    for policy in (GOOD, Policy((Stage.ALLIANCE,), {Stage.SCHOOL: 2})):
        own = for_audience(policy, Audience.SCHOOL)
        assert own.stages == (Stage.SCHOOL,)
        assert own.approvals_at(Stage.SCHOOL) == policy.approvals_at(Stage.SCHOOL)
        assert for_audience(policy, Audience.PUBLIC) is policy


def test_what_follows_a_stage() -> None:
    assert GOOD.after(Stage.SCHOOL) is Stage.ALLIANCE
    assert GOOD.after(Stage.ALLIANCE) is None
    assert only_at(GOOD, Stage.ALLIANCE, approvals=1).approvals_at(Stage.ALLIANCE) == 1

"""All must be in; then the strictest rule decides, whatever the order in which they came."""

from dataclasses import replace
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from resource_hub.domain.policy import Policy, Stage, from_json, to_json
from resource_hub.domain.review_form import Sheet
from resource_hub.domain.verdict import (
    Decision,
    Ground,
    Opinion,
    Verdict,
    contradictions,
    verdict,
)

CODES = ["science", "guidance", "privacy"]
SHEETS = st.builds(
    Sheet,
    passes=st.dictionaries(st.sampled_from(CODES), st.sampled_from([True, False, None])),
    scores=st.dictionaries(st.sampled_from(["aims", "design"]), st.integers(1, 5)),
)
OPINIONS = st.builds(Opinion, st.sampled_from(Decision), SHEETS)
STAGES = st.sampled_from([(Stage.SCHOOL,), (Stage.ALLIANCE,), (Stage.SCHOOL, Stage.ALLIANCE)])
POLICIES = st.builds(
    Policy,
    stages=STAGES,
    approvals=st.dictionaries(st.sampled_from(Stage), st.integers(1, 3)),
    lowest_mean=st.none() | st.floats(1, 5),
    vetoes=st.none() | st.frozensets(st.sampled_from(CODES)),
    days=st.dictionaries(st.sampled_from(Stage), st.integers(1, 30)),
    fast_lane=st.booleans(),
    externals=st.booleans(),
)


def of(approvals: int, **rules: object) -> Policy:
    return replace(Policy((Stage.SCHOOL,), {Stage.SCHOOL: approvals}), **rules)  # type: ignore[arg-type]  # fields of a policy


def opinion(decision: Decision, *scores: int, failed: str = "") -> Opinion:
    passes = {failed: False} if failed else {}
    return Opinion(decision, Sheet(passes, {str(n): score for n, score in enumerate(scores)}))


YES, CHANGE, NO = Decision.APPROVE, Decision.REQUEST_CHANGES, Decision.REJECT


@given(POLICIES, st.lists(OPINIONS, max_size=3))
def test_nothing_is_decided_before_all_are_in(policy: Policy, opinions: list[Opinion]) -> None:
    for stage in Stage:
        found = verdict(policy, stage, opinions)
        missing = policy.approvals_at(stage) - len(opinions)
        if missing > 0:
            assert found == Verdict(None, missing)
        else:
            assert found.decision is not None
            assert found.waiting == 0


@given(POLICIES, st.lists(OPINIONS, min_size=3, max_size=3))
def test_the_order_in_which_they_came_does_not_matter(
    policy: Policy, opinions: list[Opinion]
) -> None:
    found = {
        (each.decision, each.grounds, each.failed)
        for order in permutations(opinions)
        for each in [verdict(policy, Stage.SCHOOL, order)]
    }
    assert len(found) == 1


@given(POLICIES, st.lists(OPINIONS, min_size=3, max_size=3))
def test_it_is_never_milder_than_any_opinion_and_rejects_only_where_one_does(
    policy: Policy, opinions: list[Opinion]
) -> None:
    found = verdict(policy, Stage.SCHOOL, opinions)
    assert found.decision is not None
    decisions = {each.decision for each in opinions}
    assert found.decision.strictness >= max(each.strictness for each in decisions)
    assert (found.decision is NO) == (NO in decisions)
    assert (found.decision is YES) == (not found.grounds)


@given(POLICIES, st.lists(OPINIONS, min_size=3, max_size=3), st.integers(0, 2), OPINIONS)
def test_a_stricter_opinion_or_policy_never_makes_it_milder(
    policy: Policy, opinions: list[Opinion], which: int, other: Opinion
) -> None:
    def strictness(policy: Policy, opinions: list[Opinion]) -> int:
        found = verdict(policy, Stage.SCHOOL, opinions).decision
        assert found is not None
        return found.strictness

    before = strictness(policy, opinions)
    harder = list(opinions)
    if other.decision.strictness > opinions[which].decision.strictness:
        harder[which] = replace(opinions[which], decision=other.decision)
    assert strictness(policy, harder) >= before
    strictest = replace(policy, vetoes=None, lowest_mean=5.0)
    assert strictness(strictest, opinions) >= before


@given(POLICIES)
def test_a_policy_is_the_same_after_it_was_kept(policy: Policy) -> None:
    again = from_json(to_json(policy))
    assert to_json(again) == to_json(policy)
    assert all(again.approvals_at(each) == policy.approvals_at(each) for each in policy.stages)


def test_one_rejection_among_approvals_rejects() -> None:
    found = verdict(of(3), Stage.SCHOOL, [opinion(YES), opinion(NO), opinion(CHANGE)])
    assert (found.decision, found.grounds) == (NO, frozenset({Ground.OPINION}))


def test_the_mean_of_all_decides_and_not_that_of_one() -> None:
    policy = of(2, lowest_mean=3.5)
    low, high = opinion(YES, 3, 3), opinion(YES, 4, 4, 4, 4)
    assert verdict(policy, Stage.SCHOOL, [low, high]) == Verdict(YES, 0, frozenset(), 3.5)
    lower = opinion(YES, 2, 3)
    found = verdict(policy, Stage.SCHOOL, [lower, high])
    assert (found.decision, found.grounds, found.mean) == (
        CHANGE,
        frozenset({Ground.LOW_MEAN}),
        3.25,
    )
    assert list(contradictions(policy, Stage.SCHOOL, lower)) == []


def test_where_scores_decide_an_approval_without_any_does_not_pass() -> None:
    found = verdict(of(1, lowest_mean=1.0), Stage.SCHOOL, [opinion(YES)])
    assert (found.decision, found.grounds) == (CHANGE, frozenset({Ground.LOW_MEAN}))


def test_a_criterion_that_fails_sends_back_only_where_the_policy_says_so() -> None:
    failing = [opinion(YES, failed="science")]
    found = verdict(of(1, vetoes=frozenset({"science"})), Stage.SCHOOL, failing)
    assert (found.decision, found.failed) == (CHANGE, frozenset({"science"}))
    assert verdict(of(1, vetoes=frozenset({"privacy"})), Stage.SCHOOL, failing).decision is YES
    assert verdict(of(1), Stage.SCHOOL, failing).decision is CHANGE  # usually every criterion


def test_an_approval_that_contradicts_its_own_answers_is_told_so() -> None:
    policy = of(1, vetoes=frozenset({"science"}), lowest_mean=3.5)

    def told(each: Opinion) -> list[str]:
        return [problem.field for problem in contradictions(policy, Stage.SCHOOL, each)]

    assert told(opinion(YES, 4, 4)) == []
    assert told(opinion(YES, 3, 3)) == ["score-0"]
    assert told(opinion(YES)) == ["scores"]
    assert told(opinion(YES, 5, failed="science")) == ["pass-science"]
    assert told(opinion(CHANGE, 1, failed="science")) == []

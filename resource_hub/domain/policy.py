"""What a submission must pass: stages, approvals, marks and days, as data."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from resource_hub.domain.errors import N_, Problem
from resource_hub.domain.visibility import Audience


class Stage(StrEnum):
    SCHOOL = "school"
    ALLIANCE = "alliance"


APPROVALS = range(1, 4)
MEANS = (1.0, 5.0)
MOST_DAYS = 60
DAYS = 5
"""Working days for a reviewer at one stage, where a policy says nothing else."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of one kind of resource in one alliance.

    A submission keeps the one of the day it was made, so later changes never touch it.
    """

    stages: tuple[Stage, ...]
    """In their order: school, alliance, or one of them."""
    approvals: Mapping[Stage, int] = field(default_factory=dict)
    """How many different people judge at a stage, 1-3; a stage that is not named needs one."""
    lowest_mean: float | None = None
    """The least mean of all scores of a stage (1-5) that may pass; None: scores do not decide."""
    vetoes: frozenset[str] | None = None
    """Criteria that must be met, by the codes of the form; None: every one that it has."""
    days: Mapping[Stage, int] = field(default_factory=dict)
    """Working days for each stage; a stage that is not named has ``DAYS``."""
    fast_lane: bool = False
    """Whether a new title, summary or keywords alone need one approval at the last stage."""
    externals: bool = False
    """Whether people from outside may be invited to judge one submission."""

    def approvals_at(self, stage: Stage) -> int:
        return self.approvals.get(stage, 1)

    def days_at(self, stage: Stage) -> int:
        return self.days.get(stage, DAYS)

    def vetoed(self, failed: frozenset[str]) -> frozenset[str]:
        """Those of the criteria that are not met which keep it from passing."""
        return failed if self.vetoes is None else failed & self.vetoes

    def after(self, stage: Stage) -> Stage | None:
        """The stage that follows; None after the last."""
        order = list(Stage)
        later = [each for each in self.stages if order.index(each) > order.index(stage)]
        return later[0] if later else None


def usual_policy(audience: Audience) -> Policy:
    """Where nobody has said otherwise: the school alone for itself, else school and alliance."""
    if audience is Audience.SCHOOL:
        return Policy((Stage.SCHOOL,))
    return Policy((Stage.SCHOOL, Stage.ALLIANCE))


def for_audience(policy: Policy, audience: Audience) -> Policy:
    """``policy`` as it applies to one resource: for the own school, the school stage alone."""
    if audience is not Audience.SCHOOL:
        return policy
    return only_at(policy, Stage.SCHOOL)


def only_at(policy: Policy, stage: Stage, *, approvals: int | None = None) -> Policy:
    """The same policy with one stage, and the approvals that it has there or ``approvals``."""
    return Policy(
        (stage,),
        {stage: approvals or policy.approvals_at(stage)},
        policy.lowest_mean,
        policy.vetoes,
        {stage: policy.days_at(stage)},
        policy.fast_lane,
        policy.externals,
    )


def to_json(policy: Policy) -> dict[str, Any]:  # Any: JSON
    """As it is kept in the tables; every stage is named with its figures."""
    return {
        "stages": [stage.value for stage in policy.stages],
        "approvals": {stage.value: policy.approvals_at(stage) for stage in policy.stages},
        "lowest_mean": policy.lowest_mean,
        "vetoes": None if policy.vetoes is None else sorted(policy.vetoes),
        "days": {stage.value: policy.days_at(stage) for stage in policy.stages},
        "fast_lane": policy.fast_lane,
        "externals": policy.externals,
    }


def from_json(kept: Mapping[str, Any]) -> Policy:  # Any: JSON
    """The policy that was kept; what it does not name is as where nobody has said otherwise.

    Raises:
        KeyError: it names no stages.
        ValueError: it names a stage that there is not.
    """
    return Policy(
        stages=tuple(Stage(name) for name in kept["stages"]),
        approvals=_figures(kept.get("approvals", {})),
        lowest_mean=kept.get("lowest_mean"),
        vetoes=None if kept.get("vetoes") is None else frozenset(kept["vetoes"]),
        days=_figures(kept.get("days", {})),
        fast_lane=kept.get("fast_lane", False),
        externals=kept.get("externals", False),
    )


def _figures(kept: Mapping[str, int]) -> Mapping[Stage, int]:
    return {Stage(name): number for name, number in kept.items()}


def flaws(policy: Policy, *, criteria: Collection[str], is_scored: bool) -> Iterator[Problem]:
    """Why nobody could meet this policy, field by field, as far as the policy itself says.

    Args:
        criteria: the codes of the form on which reviews are given.
        is_scored: whether that form asks for scores.
    """
    if not policy.stages:
        yield Problem("stages", N_("Choose at least one stage: without any nobody would judge."))
    for stage in policy.stages:
        if policy.approvals_at(stage) not in APPROVALS:
            yield Problem(
                f"approvals-{stage}",
                N_("Between %(least)s and %(most)s reviewers are possible."),
                {"least": APPROVALS[0], "most": APPROVALS[-1]},
            )
        if not 1 <= policy.days_at(stage) <= MOST_DAYS:
            yield Problem(
                f"days-{stage}",
                N_("Between 1 and %(most)s working days are possible."),
                {"most": MOST_DAYS},
            )
    if policy.lowest_mean is not None:
        if not MEANS[0] <= policy.lowest_mean <= MEANS[1]:
            yield Problem(
                "lowest_mean",
                N_("Scores go from 1 to 5: no mean lies outside."),
            )
        elif not is_scored:
            yield Problem(
                "lowest_mean",
                N_("The form for this kind asks for no scores, so nothing could reach a mean."),
            )
    for code in sorted((policy.vetoes or frozenset()) - frozenset(criteria)):
        yield Problem(
            "vetoes",
            N_("“%(code)s” is not in the form for this kind: nobody could say that it is met."),
            {"code": code},
        )

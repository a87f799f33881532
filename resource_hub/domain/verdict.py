"""What the opinions of a stage come to: all must be in, then the strictest rule decides."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import fmean

from resource_hub.domain.errors import N_, Problem
from resource_hub.domain.policy import Policy, Stage
from resource_hub.domain.review_form import Form, Sheet


class Decision(StrEnum):
    """What a reviewer may decide, the mildest first."""

    APPROVE = "approve"
    REQUEST_CHANGES = "request_changes"
    REJECT = "reject"

    @property
    def strictness(self) -> int:
        return list(Decision).index(self)


class Ground(StrEnum):
    """What made a verdict stricter than an approval."""

    OPINION = "opinion"
    """A reviewer asked for changes or rejected it."""
    VETO = "veto"
    """A criterion is not met that must be."""
    LOW_MEAN = "low_mean"
    """The mean of the scores is below what may pass, or nobody gave scores where they decide."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one reviewer has decided at a stage, with the answers to the form."""

    decision: Decision
    sheet: Sheet = field(default_factory=Sheet)
    reviewer_id: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a stage has come to."""

    decision: Decision | None
    """None while opinions are missing: then nobody but their writers knows those that are in."""
    waiting: int = 0
    """How many opinions are missing."""
    grounds: frozenset[Ground] = frozenset()
    """Why it is no approval; empty for one."""
    mean: float | None = None
    """Of what the reviewers gave on average, each counting the same; None without scores."""
    failed: frozenset[str] = frozenset()
    """Criteria that must be met and, to at least one reviewer, are not."""


def mean_score(sheets: Iterable[Sheet]) -> float | None:
    """The mean of the reviewers' means: who scores more things does not count for more."""
    means = [sheet.mean for sheet in sheets if sheet.mean is not None]
    return fmean(means) if means else None


def verdict(policy: Policy, stage: Stage, opinions: Sequence[Opinion]) -> Verdict:
    """Weigh the opinions of one stage; their order does not matter.

    The strictest opinion decides: one rejection rejects, else one request for changes sends it
    back. If all approve, a veto or too low a mean still sends it back; they never reject.
    """
    waiting = policy.approvals_at(stage) - len(opinions)
    if waiting > 0:
        return Verdict(None, waiting)
    mean = mean_score(opinion.sheet for opinion in opinions)
    failed = policy.vetoed(frozenset().union(*(each.sheet.failed for each in opinions)))
    strictest = max((opinion.decision for opinion in opinions), key=lambda each: each.strictness)
    grounds = set()
    if strictest is not Decision.APPROVE:
        grounds.add(Ground.OPINION)
    if failed:
        grounds.add(Ground.VETO)
    if policy.lowest_mean is not None and (mean is None or mean < policy.lowest_mean):
        grounds.add(Ground.LOW_MEAN)
    if grounds and strictest is Decision.APPROVE:
        strictest = Decision.REQUEST_CHANGES
    return Verdict(strictest, 0, frozenset(grounds), mean, failed)


def what_decides(policy: Policy, form: Form) -> Form:
    """The questions of ``form`` without whose answers nobody knows whether ``policy`` is met."""
    codes = policy.vetoed(frozenset(item.code for item in form.criteria))
    return Form(
        tuple(item for item in form.criteria if item.code in codes),
        () if policy.lowest_mean is None else form.scores,
    )


def contradictions(policy: Policy, stage: Stage, opinion: Opinion) -> Iterator[Problem]:
    """Why one reviewer's approval does not go with the same reviewer's answers.

    With several reviewers a low mean is no contradiction: that of all decides.
    """
    if opinion.decision is not Decision.APPROVE:
        return
    for code in sorted(policy.vetoed(opinion.sheet.failed)):
        yield Problem(
            f"pass-{code}",
            N_("What does not meet this cannot be approved: ask for changes, or reject it."),
        )
    lowest, mean = policy.lowest_mean, opinion.sheet.mean
    if lowest is None:
        return
    if mean is None:
        yield Problem("scores", N_("Give the scores: here they decide too."))
    elif mean < lowest and policy.approvals_at(stage) == 1:
        yield Problem(
            f"score-{next(iter(opinion.sheet.scores))}",
            N_(
                "Your scores have a mean of %(mean)s; at least %(lowest)s may pass."
                " Ask for changes, or reject."
            ),
            {"mean": f"{mean:.1f}", "lowest": f"{lowest:.1f}"},
        )

"""The passage of a revision through review: one table gives both the buttons and the checks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from resource_hub.domain.errors import N_, NotAllowed, WrongState
from resource_hub.domain.people import Person
from resource_hub.domain.policy import usual_policy
from resource_hub.domain.review_rules import (
    OPERATOR,
    Rule,
    answers_for_it,
    has_not_judged,
    is_author,
    is_complete,
    is_free,
    is_free_or_mine,
    is_held,
    is_holder,
    is_reviewer_of_it,
    may_hand_over,
    may_release,
    may_still_appeal,
    no_open_revision,
    runs_the_hub,
)
from resource_hub.domain.submissions import (
    EDITABLE,
    OPEN,
    REASON_LABELS,
    Place,
    Policy,
    Reason,
    Reviewable,
    Stage,
    State,
)
from resource_hub.domain.verdict import Decision, Opinion, Verdict, verdict

__all__ = [
    "DECISIONS",
    "EDITABLE",
    "OPEN",
    "OPERATOR",
    "REASON_LABELS",
    "WORKFLOW",
    "Action",
    "Place",
    "Policy",
    "Reason",
    "Reviewable",
    "Rule",
    "Stage",
    "State",
    "Step",
    "answers_for_it",
    "has_not_judged",
    "is_author",
    "is_complete",
    "is_free",
    "is_free_or_mine",
    "is_held",
    "is_holder",
    "is_reviewer_of_it",
    "may_hand_over",
    "may_release",
    "may_still_appeal",
    "next_place",
    "no_open_revision",
    "possible_actions",
    "prospect",
    "runs_the_hub",
    "usual_policy",
    "weigh",
]


class Action(StrEnum):
    SUBMIT = "submit"
    TAKE_BACK = "take_back"
    CLAIM = "claim"
    RELEASE = "release"
    DECLINE = "decline"
    HAND_OVER = "hand_over"
    APPROVE = "approve"
    REQUEST_CHANGES = "request_changes"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    REVISE = "revise"
    DISCARD = "discard"
    ADMIT = "admit"
    APPEAL = "appeal"


def stays(item: Reviewable) -> Place:
    return Place(item.state, item.stage)


def enters_review(item: Reviewable) -> Place:
    return Place(State.IN_REVIEW, item.policy.stages[0])


def after_approval(item: Reviewable) -> Place:
    """Stay until all opinions are in, then the next stage, then publication."""
    return _after(item, Decision.APPROVE)


def after_request(item: Reviewable) -> Place:
    """Stay until all opinions are in, then back to the author."""
    return _after(item, Decision.REQUEST_CHANGES)


def after_rejection(item: Reviewable) -> Place:
    """Stay until all opinions are in, then it ends."""
    return _after(item, Decision.REJECT)


def weigh(item: Reviewable, decision: Decision) -> Verdict:
    """What the stage comes to if the person who decides now decides so."""
    stage = item.stage or item.policy.stages[0]
    return verdict(item.policy, stage, (*item.opinions, Opinion(decision, item.sheet)))


def _after(item: Reviewable, decision: Decision) -> Place:
    match weigh(item, decision).decision:
        case Decision.APPROVE:
            later = item.policy.after(item.stage or item.policy.stages[0])
            return Place(State.IN_REVIEW, later) if later else Place(State.PUBLISHED)
        case Decision.REQUEST_CHANGES:
            return Place(State.CHANGES_REQUESTED)
        case Decision.REJECT:
            return Place(State.REJECTED)
        case None:
            return stays(item)


def back_to_stage(item: Reviewable) -> Place:
    """Before other reviewers of the stage at which it was rejected."""
    return Place(State.IN_REVIEW, item.rejected_at or item.policy.stages[0])


def to(state: State) -> Callable[[Reviewable], Place]:
    return lambda _item: Place(state)


@dataclass(frozen=True, slots=True)
class Step:
    """From any of ``sources``, ``who`` may go where ``leads`` says if ``needs`` hold."""

    sources: frozenset[State]
    leads: Callable[[Reviewable], Place]
    who: Rule
    needs: tuple[Rule, ...] = ()
    needs_comment: bool = False
    needs_reason: bool = False


_UNDER_REVIEW = frozenset({State.IN_REVIEW})

WORKFLOW: Mapping[Action, Step] = {
    Action.SUBMIT: Step(EDITABLE, enters_review, is_author, (is_complete,)),
    Action.TAKE_BACK: Step(_UNDER_REVIEW, to(State.DRAFT), is_author),
    Action.CLAIM: Step(_UNDER_REVIEW, stays, is_reviewer_of_it, (is_free, has_not_judged)),
    Action.RELEASE: Step(_UNDER_REVIEW, stays, may_release, (is_held,)),
    Action.DECLINE: Step(_UNDER_REVIEW, stays, is_holder, needs_comment=True),
    Action.HAND_OVER: Step(_UNDER_REVIEW, stays, may_hand_over),
    Action.APPROVE: Step(
        _UNDER_REVIEW, after_approval, is_reviewer_of_it, (is_free_or_mine, has_not_judged)
    ),
    Action.REQUEST_CHANGES: Step(
        _UNDER_REVIEW,
        after_request,
        is_reviewer_of_it,
        (is_free_or_mine, has_not_judged),
        needs_comment=True,
    ),
    Action.REJECT: Step(
        _UNDER_REVIEW,
        after_rejection,
        is_reviewer_of_it,
        (is_free_or_mine, has_not_judged),
        needs_comment=True,
        needs_reason=True,
    ),
    Action.WITHDRAW: Step(
        frozenset({State.PUBLISHED}), to(State.WITHDRAWN), answers_for_it, needs_comment=True
    ),
    Action.REVISE: Step(
        frozenset({State.PUBLISHED, State.REJECTED, State.WITHDRAWN}),
        stays,
        is_author,
        (no_open_revision,),
    ),
    Action.DISCARD: Step(EDITABLE, to(State.DRAFT), is_author),
    Action.ADMIT: Step(frozenset({State.DRAFT}), to(State.PUBLISHED), runs_the_hub, (is_complete,)),
    Action.APPEAL: Step(
        frozenset({State.REJECTED}),
        back_to_stage,
        is_author,
        (may_still_appeal, no_open_revision),
        needs_comment=True,
    ),
}

QUIET = frozenset({Action.CLAIM, Action.RELEASE, Action.APPEAL})
"""Buttons that are not shown while their needs are unmet."""

DECISIONS = (Action.APPROVE, Action.REQUEST_CHANGES, Action.REJECT)


def next_place(action: Action, person: Person, item: Reviewable) -> Place:
    """Say where ``action`` leads, or raise ``NotAllowed`` / ``WrongState``.

    The state comes first: once the work has moved on, whose turn it would have been is no matter.
    """
    step = WORKFLOW[action]
    if item.state not in step.sources:
        raise WrongState(N_("This is no longer possible: the work has moved on. Look again."))
    if reason := step.who(person, item):
        raise NotAllowed(reason)
    for rule in step.needs:
        if reason := rule(person, item):
            raise WrongState(reason)
    return step.leads(item)


def prospect(action: Action, item: Reviewable) -> Place:
    """Where a button leads as far as its presser may know, who has not filled in the form yet.

    Where several judge, what the others decided is hidden: then the work seems to stay.
    """
    policy = replace(item.policy, lowest_mean=None, vetoes=frozenset())
    return WORKFLOW[action].leads(replace(item, opinions=(), policy=policy))


def possible_actions(person: Person, item: Reviewable) -> list[Action]:
    """The buttons to offer. An unmet need keeps its button, and says why when pressed.

    Three buttons are the exception, for they would only confuse: to claim what is held, to
    release what is not, to appeal a second time.
    """
    offered = []
    for action, step in WORKFLOW.items():
        if item.state not in step.sources or step.who(person, item):
            continue
        if action in QUIET and any(rule(person, item) for rule in step.needs):
            continue
        offered.append(action)
    return offered

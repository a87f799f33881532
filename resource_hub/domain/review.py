"""The passage of a revision through review: one table gives both the buttons and the checks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from resource_hub.domain.errors import N_, NotAllowed, WrongState
from resource_hub.domain.people import Person
from resource_hub.domain.review_rules import (
    OPERATOR,
    Rule,
    answers_for_it,
    has_not_approved,
    is_author,
    is_complete,
    is_free,
    is_free_or_mine,
    is_held,
    is_holder_or_coordinator,
    is_reviewer_of_it,
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
    policy_for,
)

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
    "has_not_approved",
    "is_author",
    "is_complete",
    "is_free",
    "is_free_or_mine",
    "is_held",
    "is_holder_or_coordinator",
    "is_reviewer_of_it",
    "next_place",
    "no_open_revision",
    "policy_for",
    "possible_actions",
    "runs_the_hub",
]


class Action(StrEnum):
    SUBMIT = "submit"
    TAKE_BACK = "take_back"
    CLAIM = "claim"
    RELEASE = "release"
    APPROVE = "approve"
    REQUEST_CHANGES = "request_changes"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    REVISE = "revise"
    DISCARD = "discard"
    ADMIT = "admit"


def stays(item: Reviewable) -> Place:
    return Place(item.state, item.stage)


def enters_review(item: Reviewable) -> Place:
    return Place(State.IN_REVIEW, item.policy.stages[0])


def after_approval(item: Reviewable) -> Place:
    """Stay until the stage has its approvals, then the next stage, then publication."""
    if len(item.approved_by) + 1 < item.policy.approvals:
        return stays(item)
    later = [
        stage
        for stage in item.policy.stages
        if item.stage is not None and list(Stage).index(stage) > list(Stage).index(item.stage)
    ]
    return Place(State.IN_REVIEW, later[0]) if later else Place(State.PUBLISHED)


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
    Action.CLAIM: Step(_UNDER_REVIEW, stays, is_reviewer_of_it, (is_free, has_not_approved)),
    Action.RELEASE: Step(_UNDER_REVIEW, stays, is_holder_or_coordinator, (is_held,)),
    Action.APPROVE: Step(
        _UNDER_REVIEW, after_approval, is_reviewer_of_it, (is_free_or_mine, has_not_approved)
    ),
    Action.REQUEST_CHANGES: Step(
        _UNDER_REVIEW,
        to(State.CHANGES_REQUESTED),
        is_reviewer_of_it,
        (is_free_or_mine,),
        needs_comment=True,
    ),
    Action.REJECT: Step(
        _UNDER_REVIEW,
        to(State.REJECTED),
        is_reviewer_of_it,
        (is_free_or_mine,),
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
}

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


def possible_actions(person: Person, item: Reviewable) -> list[Action]:
    """The buttons to offer. An unmet need keeps its button, and says why when pressed.

    Buttons about holding are the exception: claiming what is held, or releasing what is not,
    would only confuse.
    """
    offered = []
    for action, step in WORKFLOW.items():
        if item.state not in step.sources or step.who(person, item):
            continue
        holding = action in {Action.CLAIM, Action.RELEASE}
        if holding and any(rule(person, item) for rule in step.needs):
            continue
        offered.append(action)
    return offered

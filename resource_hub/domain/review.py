"""The passage of a revision through review: one table gives both the buttons and the checks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from resource_hub.domain.errors import N_, NotAllowed, WrongState
from resource_hub.domain.people import Person, Role
from resource_hub.domain.visibility import Audience


class State(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    REJECTED = "rejected"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class Stage(StrEnum):
    SCHOOL = "school"
    ALLIANCE = "alliance"


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


class Reason(StrEnum):
    """Why a submission was rejected."""

    RIGHTS = "rights"
    CORRECTNESS = "correctness"
    QUALITY = "quality"
    METADATA = "metadata"
    DUPLICATE = "duplicate"
    PRIVACY = "privacy"
    OTHER = "other"


REASON_LABELS: Mapping[Reason, str] = {
    Reason.RIGHTS: N_("Rights are not clear"),
    Reason.CORRECTNESS: N_("Mistakes in the matter"),
    Reason.QUALITY: N_("Not good enough to share"),
    Reason.METADATA: N_("The description does not fit"),
    Reason.DUPLICATE: N_("Already in the hub"),
    Reason.PRIVACY: N_("Personal data of people"),
    Reason.OTHER: N_("Another reason"),
}

EDITABLE = frozenset({State.DRAFT, State.CHANGES_REQUESTED})
OPEN = EDITABLE | {State.IN_REVIEW}


@dataclass(frozen=True, slots=True)
class Policy:
    """What one submission must pass; copied onto it, so later changes of policy do not touch it."""

    stages: tuple[Stage, ...]
    approvals: int = 1
    """Approvals needed at each stage, by different people."""


def policy_for(audience: Audience) -> Policy:
    """For the own school the school stage alone; for an alliance or everyone, both."""
    if audience is Audience.SCHOOL:
        return Policy((Stage.SCHOOL,))
    return Policy((Stage.SCHOOL, Stage.ALLIANCE))


@dataclass(frozen=True, slots=True)
class Reviewable:
    """What the rules need to know of a revision; services read it from the tables."""

    author_id: int
    school_id: int
    alliance_id: int | None
    subject: str
    school_stage: str
    state: State
    policy: Policy
    stage: Stage | None = None
    holder_id: int | None = None
    """Who has claimed the submission."""
    approved_by: frozenset[int] = frozenset()
    """Who has approved at the present stage."""
    complete: bool = True
    """Nothing that a submission needs is missing."""
    has_open_revision: bool = False
    """The resource already has a revision that is being written or reviewed."""


Rule = Callable[[Person, Reviewable], str | None]
"""Answers None when content, else the reason to show to the person."""


def is_author(person: Person, item: Reviewable) -> str | None:
    return None if person.id == item.author_id else N_("Only the author can do this.")


def answers_for_it(person: Person, item: Reviewable) -> str | None:
    if person.id == item.author_id or person.is_administrator or person.coordinates(item.school_id):
        return None
    return N_("Only the author, the school's coordinator or an administrator can do this.")


def is_reviewer_of_it(person: Person, item: Reviewable) -> str | None:
    """Own work never; own school's work never at the alliance stage; nobody is an exception."""
    if person.id == item.author_id:
        return N_("You cannot review your own work.")
    if item.stage is Stage.ALLIANCE and person.school_id == item.school_id:
        return N_("At the alliance stage nobody judges work of the own school.")
    if item.stage is Stage.SCHOOL and person.coordinates(item.school_id):
        return None
    for held in person.appointments:
        if held.role is Role.REVIEWER and held.covers(
            subject=item.subject, school_stage=item.school_stage
        ):
            if item.stage is Stage.ALLIANCE and held.alliance_id is not None:
                if held.alliance_id == item.alliance_id:
                    return None
            elif item.stage is Stage.SCHOOL and held.school_id == item.school_id:
                return None
    return N_("Only reviewers of this subject and stage can do this.")


def is_holder_or_coordinator(person: Person, item: Reviewable) -> str | None:
    if person.id == item.holder_id or person.coordinates(item.school_id):
        return None
    return N_("Only the reviewer who holds it, or the school's coordinator, can release it.")


def runs_the_hub(person: Person, item: Reviewable) -> str | None:
    """Import from the command line; no page offers it, whoever is signed in."""
    del item
    return None if person == OPERATOR else N_("Only the import command can do this.")


def is_complete(person: Person, item: Reviewable) -> str | None:
    del person
    return None if item.complete else N_("Something is still missing; the list says what.")


def is_free(person: Person, item: Reviewable) -> str | None:
    del person
    if item.holder_id is None:
        return None
    return N_("Another reviewer has already taken this.")


def is_free_or_mine(person: Person, item: Reviewable) -> str | None:
    if item.holder_id in {None, person.id}:
        return None
    return N_("Another reviewer has taken this; ask them to release it.")


def is_held(person: Person, item: Reviewable) -> str | None:
    del person
    return N_("Nobody holds it.") if item.holder_id is None else None


def has_not_approved(person: Person, item: Reviewable) -> str | None:
    if person.id in item.approved_by:
        return N_("You have already approved it at this stage.")
    return None


def no_open_revision(person: Person, item: Reviewable) -> str | None:
    del person
    if item.has_open_revision:
        return N_("A new version is already being written; go on with that one.")
    return None


OPERATOR = Person(id=0, name="hub")
"""The person at the server's command line."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a revision stands."""

    state: State
    stage: Stage | None = None


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

"""What is under review: states, stages, policy, and the facts that the rules ask for."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from resource_hub.domain.errors import N_
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


@dataclass(frozen=True, slots=True)
class Place:
    """Where a revision stands."""

    state: State
    stage: Stage | None = None

"""What is under review: states, reasons, and the facts that the rules ask for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from resource_hub.domain.errors import N_
from resource_hub.domain.policy import Policy, Stage
from resource_hub.domain.review_form import Sheet
from resource_hub.domain.verdict import Opinion


class State(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    REJECTED = "rejected"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


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

__all__ = [
    "EDITABLE",
    "OPEN",
    "REASON_LABELS",
    "Place",
    "Policy",
    "Reason",
    "Reviewable",
    "Stage",
    "State",
]

EDITABLE = frozenset({State.DRAFT, State.CHANGES_REQUESTED})
OPEN = EDITABLE | {State.IN_REVIEW}


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
    holders: frozenset[int] = frozenset()
    """Whose turn it is at the present stage: the hub chose them, or they claimed it."""
    claimed_by: frozenset[int] = frozenset()
    """Those of them who have claimed it; nobody else may take their place."""
    opinions: tuple[Opinion, ...] = ()
    """What reviewers have decided at the present stage, in the order in which it came in."""
    sheet: Sheet = field(default_factory=Sheet)
    """What the person who decides now has answered."""
    co_authors: frozenset[int] = frozenset()
    """Who wrote it too."""
    paired: frozenset[int] = frozenset()
    """The author's mentors and mentees."""
    barred: frozenset[int] = frozenset()
    """Who rejected what is appealed against now."""
    rejected_at: Stage | None = None
    """The stage at which the last round ended, when that was a rejection."""
    is_appealed: bool = False
    """The last round was an appeal: there is no second one."""
    has_newer_version: bool = False
    complete: bool = True
    """Nothing that a submission needs is missing."""
    submission_id: int | None = None
    """The open round."""
    has_open_revision: bool = False
    """The resource already has a revision that is being written or reviewed."""

    @property
    def judged_by(self) -> frozenset[int | None]:
        """Who has decided at the present stage."""
        return frozenset(opinion.reviewer_id for opinion in self.opinions)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a revision stands."""

    state: State
    stage: Stage | None = None

"""The page of one resource: which version to show, who reviewed it, where the next one stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from resource_hub.domain.errors import Missing
from resource_hub.domain.people import Person
from resource_hub.domain.review import OPEN, Action, Stage, State, possible_actions
from resource_hub.models import Resource, Review, Revision, Submission, User
from resource_hub.services.assigning import Holder, expected_on, holders
from resource_hub.services.queries.readable import readable_by
from resource_hub.services.revisions import NO_SUCH, load_revision, reviewable


@dataclass(frozen=True, slots=True)
class Version:
    """One version that the person may read."""

    revision_id: int
    number: int
    state: State
    stage: Stage | None
    available_at: datetime | None


@dataclass(frozen=True, slots=True)
class Approval:
    name: str
    stage: Stage
    at: datetime


class StepState(StrEnum):
    """How far one step of a submission is; the words of the ``steps`` macro."""

    DONE = "done"
    CURRENT = "current"
    AHEAD = "ahead"
    STOPPED = "stopped"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class ProgressStep:
    """One step: ``submitted``, a stage of review, or ``published``."""

    name: str
    state: StepState
    who: str = ""
    at: datetime | None = None
    note: str = ""
    expected_on: date | None = None
    """Of the present stage: by what day it should be decided; None while nobody has it."""


@dataclass(frozen=True, slots=True)
class ResourcePage:
    """Everything that the page shows; ``versions`` newest first."""

    resource: Resource
    revision: Revision
    versions: Sequence[Version]
    approvals: Sequence[Approval]
    actions: Sequence[Action]
    open_version: Version | None
    """What is being written or reviewed, if the person may know of it."""
    progress: Sequence[ProgressStep]

    @property
    def is_tombstone(self) -> bool:
        """Taken down after publication: the page says why, and no more."""
        return self.revision.state is State.WITHDRAWN and self.revision.published_at is not None

    @property
    def live_version(self) -> Version | None:
        return next((v for v in self.versions if v.state is State.PUBLISHED), None)


def versions_of(
    session: Session, person: Person, public_id: str, now: datetime
) -> Sequence[Version]:
    """The versions that ``person`` may read, newest first; one query."""
    rows = session.execute(
        select(Revision.id, Revision.number, Revision.state, Revision.stage, Revision.available_at)
        .join(Revision.resource)
        .where(Resource.public_id == public_id, readable_by(person, now))
        .order_by(Revision.number.desc())
    )
    return [Version(*row) for row in rows]


def chosen_version(versions: Sequence[Version], number: int | None) -> Version:
    """Version ``number``, or else the one that the short address stands for.

    That is the live one; after it was taken down its tombstone; and for those who write or
    review, what is not published yet.

    Raises:
        Missing: there is none, as far as the person may know.
    """
    if number is not None:
        wanted = [version for version in versions if version.number == number]
    else:
        released = [version for version in versions if version.available_at is not None]
        live = [version for version in released if version.state is State.PUBLISHED]
        wanted = live or released or list(versions)
    if not wanted:
        raise Missing(NO_SUCH)
    return wanted[0]


def resource_page(
    session: Session, person: Person, public_id: str, now: datetime, *, number: int | None = None
) -> ResourcePage:
    """The page, in the same number of queries whatever is on it.

    Raises:
        Missing: there is no such resource or version, as far as this person may know.
    """
    versions = versions_of(session, person, public_id, now)
    chosen = chosen_version(versions, number)
    revision = load_revision(session, chosen.revision_id)
    open_version = next((version for version in versions if version.state in OPEN), None)
    actions: list[Action] = []
    if person.is_signed_in:
        actions = possible_actions(person, reviewable(session, revision))
        if open_version is not None and Action.REVISE in actions:
            actions.remove(Action.REVISE)
    watched = chosen if chosen.state is State.REJECTED else open_version
    return ResourcePage(
        resource=revision.resource,
        revision=revision,
        versions=versions,
        approvals=_approvals(session, revision.id),
        actions=actions,
        open_version=open_version,
        progress=progress_of(session, watched.revision_id) if watched else (),
    )


def _approvals(session: Session, revision_id: int) -> Sequence[Approval]:
    rows = session.execute(
        select(User.name, Review.stage, Review.decided_at)
        .join(Review.reviewer)
        .join(Review.submission)
        .where(
            Submission.revision_id == revision_id,
            Review.decision == Action.APPROVE,
            Review.disclosed_at.is_not(None),
        )
        .order_by(Review.decided_at, Review.id)
    )
    return [Approval(*row) for row in rows]


def progress_of(session: Session, revision_id: int) -> Sequence[ProgressStep]:
    """The steps of the latest submission; none before the first, or after it was taken back."""
    submission = session.scalar(
        select(Submission)
        .where(Submission.revision_id == revision_id)
        .order_by(Submission.round.desc())
        .limit(1)
        .options(
            selectinload(Submission.reviews).joinedload(Review.reviewer),
        )
        .execution_options(populate_existing=True)
    )
    if submission is None or submission.outcome is Action.TAKE_BACK:
        return ()
    passed = submission.policy.stages.index(submission.stage)
    held = holders(session, [submission.id])[submission.id]
    published = submission.outcome is Action.APPROVE
    return [
        ProgressStep("submitted", StepState.DONE, at=submission.opened_at),
        *(_step(submission, stage, held, passed=passed) for stage in submission.policy.stages),
        ProgressStep(
            "published",
            StepState.DONE if published else StepState.AHEAD,
            at=submission.closed_at if published else None,
        ),
    ]


def _step(
    submission: Submission, stage: Stage, held: Sequence[Holder], *, passed: int
) -> ProgressStep:
    """One stage of review; ``passed`` is how many stages lie behind the submission."""
    reviews = [
        review
        for review in submission.reviews
        if review.stage is stage and review.disclosed_at is not None
    ]
    who = "、".join(review.reviewer.name for review in reviews)
    last = reviews[-1] if reviews else None
    at, note = (last.decided_at, last.comment) if last else (None, "")
    position = submission.policy.stages.index(stage)
    if position < passed or (position == passed and submission.outcome is Action.APPROVE):
        return ProgressStep(stage.value, StepState.DONE, who, at, note)
    if position > passed:
        return ProgressStep(stage.value, StepState.AHEAD)
    if submission.outcome is Action.REQUEST_CHANGES:
        return ProgressStep(stage.value, StepState.RETURNED, who, at, note)
    if submission.outcome is Action.REJECT:
        return ProgressStep(stage.value, StepState.STOPPED, who, at, note)
    return ProgressStep(
        stage.value,
        StepState.CURRENT,
        "、".join(each.name for each in held) or who,
        submission.stage_since,
        expected_on=expected_on(held),
    )

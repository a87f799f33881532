"""Find a revision that a person may read, with the facts that the rules ask for."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from resource_hub.domain.description import missing
from resource_hub.domain.errors import N_, Missing, Problem
from resource_hub.domain.people import Person
from resource_hub.domain.permissions import Readable, may_read
from resource_hub.domain.review import OPEN, Action, Policy, Reviewable, Stage, policy_for
from resource_hub.domain.taxonomy import Taxonomy
from resource_hub.models import Attachment, Membership, Resource, Review, Revision, Submission
from resource_hub.services.descriptions import description_of
from resource_hub.services.taxonomy import read_taxonomy

NO_SUCH = N_("There is no such resource, or it is not shared with you.")


def hold_still(session: Session, revision_id: int) -> None:
    """Keep others from changing the resource of this revision until the transaction ends.

    Whoever comes second then reads what the first one did. On SQLite a writing transaction is
    alone anyway; PostgreSQL would otherwise answer two decisions with a deadlock.
    """
    session.execute(
        select(Resource.id)
        .join(Resource.revisions)
        .where(Revision.id == revision_id)
        .with_for_update(of=Resource, key_share=True)
    )


def load_revision(session: Session, revision_id: int) -> Revision:
    """The revision with its resource, owner and files loaded.

    Raises:
        Missing: there is none with this id.
    """
    revision = session.scalar(
        select(Revision)
        .where(Revision.id == revision_id)
        .options(
            joinedload(Revision.resource).options(
                joinedload(Resource.owner), joinedload(Resource.school)
            ),
            selectinload(Revision.attachments).joinedload(Attachment.blob),
        )
        .execution_options(populate_existing=True)
    )
    if revision is None:
        raise Missing(NO_SUCH)
    return revision


def readable_revision(
    session: Session, person: Person, revision_id: int, now: datetime
) -> Revision:
    """The revision, if ``person`` may read it.

    Raises:
        Missing: there is none, as far as this person may know.
    """
    revision = load_revision(session, revision_id)
    if not may_read(person, readable(session, revision), now):
        raise Missing(NO_SUCH)
    return revision


def open_submission(session: Session, revision_id: int) -> Submission | None:
    return session.scalar(
        select(Submission)
        .where(Submission.revision_id == revision_id, Submission.outcome.is_(None))
        .options(joinedload(Submission.holder))
    )


def reviewable(session: Session, revision: Revision) -> Reviewable:
    """Everything that the workflow table asks about ``revision``, read now."""
    resource = revision.resource
    submission = open_submission(session, revision.id)
    approved: Collection[int] = ()
    if submission is not None:
        approved = session.scalars(
            select(Review.reviewer_id).where(
                Review.submission_id == submission.id,
                Review.stage == submission.stage,
                Review.decision == Action.APPROVE,
            )
        ).all()
    other_open = session.scalar(
        select(Revision.id).where(
            Revision.resource_id == resource.id,
            Revision.id != revision.id,
            Revision.state.in_(OPEN),
        )
    )
    return Reviewable(
        author_id=resource.owner_id,
        school_id=resource.school_id,
        alliance_id=submission.alliance_id if submission else revision.alliance_id,
        subject=revision.subject,
        school_stage=revision.school_stage,
        state=revision.state,
        policy=(
            Policy(tuple(Stage(name) for name in submission.stages), submission.approvals)
            if submission
            else policy_for(revision.audience)
        ),
        stage=revision.stage,
        holder_id=submission.holder_id if submission else None,
        approved_by=frozenset(approved),
        has_open_revision=other_open is not None,
    )


def untouched(revision: Revision) -> Reviewable:
    """The same for the first revision of a resource that was made in this transaction."""
    return Reviewable(
        author_id=revision.resource.owner_id,
        school_id=revision.resource.school_id,
        alliance_id=revision.alliance_id,
        subject=revision.subject,
        school_stage=revision.school_stage,
        state=revision.state,
        policy=policy_for(revision.audience),
    )


def readable(session: Session, revision: Revision) -> Readable:
    reviewed_by = session.scalars(
        select(Review.reviewer_id)
        .join(Review.submission)
        .where(Submission.revision_id == revision.id)
    )
    return Readable(
        item=reviewable(session, revision),
        audience=revision.audience,
        available_at=revision.available_at if _was_released(revision) else None,
        reviewed_by=frozenset(reviewed_by),
        live_token=revision.resource.audience_token,
    )


def _was_released(revision: Revision) -> bool:
    """False for what was taken down before its release date."""
    gone, available = revision.withdrawn_at, revision.available_at
    return gone is None or available is None or gone >= available


def what_is_missing(
    session: Session,
    revision: Revision,
    *,
    rights_declared: bool,
    taxonomy: Taxonomy | None = None,
) -> list[Problem]:
    """What stands between the revision and its submission; ``attachments`` must be loaded.

    ``taxonomy`` is read unless the caller has it: an import asks thousands of times.
    """
    alliances = session.scalars(
        select(Membership.alliance_id).where(Membership.school_id == revision.resource.school_id)
    ).all()
    problems = missing(
        description_of(revision.resource, revision),
        taxonomy or read_taxonomy(session),
        file_count=len(revision.attachments),
        alliance_ids=alliances,
        rights_declared=rights_declared,
    )
    if revision.release_on is not None and revision.resource.available_at is not None:
        problems.append(
            Problem(
                "release_on",
                N_(
                    "A new version takes the place of the present one at once: leave the day empty."
                ),
            )
        )
    return problems

"""Find a revision that a person may read, with the facts that the rules ask for."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from resource_hub.domain.description import missing
from resource_hub.domain.errors import N_, Missing, Problem
from resource_hub.domain.file_policy import TAKES_ALL, FilePolicy, refusal
from resource_hub.domain.people import Person
from resource_hub.domain.permissions import Readable, may_read
from resource_hub.domain.policy import Policy
from resource_hub.domain.review import OPEN, Reviewable, State, usual_policy
from resource_hub.domain.taxonomy import Taxonomy
from resource_hub.files import Trouble, is_misnamed
from resource_hub.models import (
    Assignment,
    Attachment,
    Blob,
    CoAuthor,
    Membership,
    Resource,
    Review,
    Revision,
    Submission,
)
from resource_hub.services.assigning import open_assignments
from resource_hub.services.closeness import co_author_ids, paired_with
from resource_hub.services.descriptions import description_of
from resource_hub.services.policies import policy_for
from resource_hub.services.remark_gate import open_must_fix
from resource_hub.services.rounds import barred_from, last_round
from resource_hub.services.taxonomy import read_taxonomy
from resource_hub.services.verdicts import opinions_at

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
            selectinload(Revision.co_author_rows).joinedload(CoAuthor.user),
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
        select(Submission).where(
            Submission.revision_id == revision_id, Submission.outcome.is_(None)
        )
    )


def reviewable(session: Session, revision: Revision) -> Reviewable:
    """Everything that the workflow table asks about ``revision``, read now."""
    resource = revision.resource
    submission = open_submission(session, revision.id)
    held: Sequence[Assignment] = ()
    if submission is not None:
        held = open_assignments(session, submission.id)
    rejected = last_round(session, revision.id) if revision.state is State.REJECTED else None
    others = session.execute(
        select(Revision.number, Revision.state).where(
            Revision.resource_id == resource.id, Revision.id != revision.id
        )
    ).all()
    return Reviewable(
        author_id=resource.owner_id,
        school_id=resource.school_id,
        alliance_id=submission.alliance_id if submission else revision.alliance_id,
        subject=revision.subject,
        school_stage=revision.school_stage,
        state=revision.state,
        policy=_policy(session, revision, submission or rejected),
        stage=revision.stage,
        holders=frozenset(each.reviewer_id for each in held),
        claimed_by=frozenset(each.reviewer_id for each in held if each.claimed_at),
        submission_id=submission.id if submission else None,
        opinions=opinions_at(session, submission) if submission else (),
        co_authors=co_author_ids(session, revision.id),
        paired=paired_with(session, resource.owner_id),
        barred=frozenset(barred_from(session, submission) if submission else ()),
        rejected_at=rejected.stage if rejected else None,
        is_appealed=rejected is not None and rejected.appeal_of is not None,
        has_open_revision=any(state in OPEN for _number, state in others),
        has_newer_version=any(number > revision.number for number, _state in others),
    )


def _policy(session: Session, revision: Revision, submission: Submission | None) -> Policy:
    """That of the round; before there is one, that of today."""
    return policy_for(session, revision) if submission is None else submission.policy


def untouched(revision: Revision) -> Reviewable:
    """The same for the first revision of a resource that was made in this transaction."""
    return Reviewable(
        author_id=revision.resource.owner_id,
        school_id=revision.resource.school_id,
        alliance_id=revision.alliance_id,
        subject=revision.subject,
        school_stage=revision.school_stage,
        state=revision.state,
        policy=usual_policy(revision.audience),
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
    file_policy: FilePolicy = TAKES_ALL,
) -> list[Problem]:
    """What stands between the revision and its submission; ``attachments`` must be loaded.

    Args:
        taxonomy: is read unless the caller has it: an import asks thousands of times.
        file_policy: which files are taken.
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
    problems += _refused_files(session, revision, file_policy)
    problems += open_must_fix(session, revision)
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


def _refused_files(session: Session, revision: Revision, policy: FilePolicy) -> list[Problem]:
    """Each file that must be removed first, or that nobody has looked into yet where it matters."""
    keys = {attachment.blob_key for attachment in revision.attachments}
    blobs = {blob.key: blob for blob in session.scalars(select(Blob).where(Blob.key.in_(keys)))}
    found = []
    for attachment in revision.attachments:
        blob, name = blobs[attachment.blob_key], attachment.filename
        if waits_or_infected := _virus_problem(blob, name, policy):
            found.append(waits_or_infected)
        elif not policy.takes_all and (refused := _refused_file(blob, name, policy)):
            found.append(refused)
    return found


def _virus_problem(blob: Blob, name: str, policy: FilePolicy) -> Problem | None:
    if blob.virus is not None:
        sentence = N_(
            "A virus was found in “%(name)s” (%(virus)s): remove it, clean your computer,"
            " and upload a good one."
        )
        return Problem("files", sentence, {"name": name, "virus": blob.virus})
    if blob.scanned_at is None and not policy.unscanned:
        waits = N_(
            "“%(name)s” has not been looked at for viruses yet: try again in a moment,"
            " and tell the administrator if this goes on."
        )
        return Problem("files", waits, {"name": name})
    return None


def _refused_file(blob: Blob, name: str, policy: FilePolicy) -> Problem | None:
    if blob.inspected_at is None:
        waits = N_("“%(name)s” is still being looked into; try again in a moment.")
        return Problem("files", waits, {"name": name})
    return refusal(
        policy,
        name,
        encrypted=blob.trouble == Trouble.ENCRYPTED,
        damaged=blob.trouble == Trouble.DAMAGED,
        macros=blob.macros,
        misnamed=is_misnamed(name, blob.format),
    )

"""Rounds of review: the next one, and an appeal, which another reviewer decides."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, aliased

from resource_hub.domain.people import Person
from resource_hub.domain.review import Action, Policy
from resource_hub.models import Review, Revision, Submission
from resource_hub.services.judged_copies import keep_copy
from resource_hub.services.remark_places import promise_remarked_pages
from resource_hub.services.unit_of_work import UnitOfWork

_APPEALED = aliased(Submission)
"""The round that was rejected; made once, for every page asks by it."""


def last_round(session: Session, revision_id: int) -> Submission | None:
    """The latest round of a revision, open or closed."""
    return session.scalar(
        select(Submission)
        .where(Submission.revision_id == revision_id)
        .order_by(Submission.round.desc())
        .limit(1)
    )


def open_round(
    uow: UnitOfWork, revision: Revision, policy: Policy, *, is_fast: bool, message: str
) -> Submission:
    """Open the next round, with the policy of this moment, which stays with it."""
    now = uow.now()
    before = last_round(uow.session, revision.id)
    submission = Submission(
        revision_id=revision.id,
        round=before.round + 1 if before else 1,
        alliance_id=revision.alliance_id,
        policy=policy,
        fast_lane=is_fast,
        stage=policy.stages[0],
        opened_at=now,
        stage_since=now,
        message=message,
    )
    uow.session.add(submission)
    revision.rights_declared_at = revision.submitted_at = now
    uow.session.flush()
    keep_copy(uow.session, submission, revision)
    if submission.round > 1 or revision.number > 1:
        promise_remarked_pages(uow, revision)
    return submission


def open_appeal(uow: UnitOfWork, revision: Revision, *, message: str) -> Submission | None:
    """Another round on the same revision, with the same policy, where it was rejected.

    What it had passed before stays passed. None when no round was rejected.
    """
    rejected = last_round(uow.session, revision.id)
    if rejected is None or rejected.outcome is not Action.REJECT:
        return None
    now = uow.now()
    submission = Submission(
        revision_id=revision.id,
        round=rejected.round + 1,
        alliance_id=rejected.alliance_id,
        policy=rejected.policy,
        fast_lane=rejected.fast_lane,
        stage=rejected.stage,
        appeal_of=rejected.round,
        opened_at=now,
        stage_since=now,
        message=message,
    )
    uow.session.add(submission)
    uow.session.flush()
    keep_copy(uow.session, submission, revision)
    return submission


def barred_from(session: Session, submission: Submission) -> Collection[int]:
    """Who may not judge an appeal: those who did not approve what it is about."""
    if submission.appeal_of is None:
        return ()
    return session.scalars(
        select(Review.reviewer_id)
        .join(Review.submission)
        .where(
            Submission.revision_id == submission.revision_id,
            Submission.round == submission.appeal_of,
            Review.decision != Action.APPROVE,
        )
    ).all()


def is_barred(person: Person) -> ColumnElement[bool]:
    """``barred_from`` as a condition on Submission."""
    return exists().where(
        _APPEALED.revision_id == Submission.revision_id,
        _APPEALED.round == Submission.appeal_of,
        Review.submission_id == _APPEALED.id,
        Review.reviewer_id == (person.id or 0),
        Review.decision != Action.APPROVE,
    )


def appealed(session: Session, revision_ids: Collection[int]) -> Collection[int]:
    """Those of the revisions whose latest round is an appeal; one query, none for no revision."""
    if not revision_ids:
        return ()
    later = aliased(Submission)
    return session.scalars(
        select(Submission.revision_id).where(
            Submission.revision_id.in_(revision_ids),
            Submission.appeal_of.is_not(None),
            ~exists().where(
                later.revision_id == Submission.revision_id, later.round > Submission.round
            ),
        )
    ).all()

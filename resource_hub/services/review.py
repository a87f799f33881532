"""The one road of a revision through review."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from resource_hub.domain.errors import N_, Invalid, Problem, WrongState
from resource_hub.domain.people import Person
from resource_hub.domain.review import (
    DECISIONS,
    WORKFLOW,
    Action,
    Place,
    Reason,
    Stage,
    State,
    next_place,
    policy_for,
)
from resource_hub.models import AuditEvent, Review, Revision, Submission
from resource_hub.services.notices import tell
from resource_hub.services.publishing import go_live, take_down
from resource_hub.services.revisions import (
    hold_still,
    open_submission,
    readable_revision,
    reviewable,
    what_is_missing,
)
from resource_hub.services.unit_of_work import FASTER, UnitOfWork

MAX_COMMENT = 5_000


def take_step(
    uow: UnitOfWork,
    person: Person,
    revision_id: int,
    action: Action,
    *,
    comment: str = "",
    reason: Reason | None = None,
    rights_declared: bool = False,
    seen: int | None = None,
) -> Revision:
    """Apply one action of the workflow table on behalf of ``person``.

    Args:
        comment: plain text, at most 5,000 characters; for a submission, a word to the reviewers.
        seen: the revision's ``version`` on the page where the person decided; None skips the check.

    Returns:
        The revision in its new place, not yet committed.

    Raises:
        Missing: there is no such revision, as far as ``person`` may know.
        NotAllowed: the person does not hold the role that the step asks for.
        Invalid: something is missing before it can be submitted, or a comment or reason is.
        WrongState: someone was faster; the sentence names them.
    """
    hold_still(uow.session, revision_id)
    revision = readable_revision(uow.session, person, revision_id, uow.now())
    item = reviewable(uow.session, revision)
    if seen is not None and seen != revision.version:
        raise who_was_faster(uow.session, person, revision, WrongState(FASTER))
    try:
        place = next_place(action, person, item)
    except WrongState as error:
        raise who_was_faster(uow.session, person, revision, error) from error
    comment = comment.strip()
    _check_words(action, comment, reason)
    submission: Submission | None
    if action is Action.SUBMIT:
        submission = _submit(uow, revision, rights_declared=rights_declared, message=comment)
    else:
        submission = open_submission(uow.session, revision.id)
    if action in DECISIONS and submission is not None:
        _note_decision(uow, person, revision, submission, action, comment, reason)
    uow.record(
        f"revision:{action}",
        by=person,
        resource=revision.resource,
        revision=revision,
        stage=item.stage.value if item.stage else None,
        round=submission.round if submission is not None else None,
        comment=comment,
        reason=reason.value if reason else None,
        before=item.state.value,
        after=place.state.value,
    )
    tell(
        uow,
        revision.resource.owner_id,
        _notice_kind(action, place, item.stage),
        by=person,
        resource=revision.resource,
        revision=revision,
        submission=submission,
        comment=comment,
    )
    _move(uow, person, revision, submission, action, place, comment)
    uow.session.flush()
    return revision


def who_was_faster(
    session: Session, person: Person, revision: Revision, refusal: WrongState
) -> WrongState:
    """Name the person who moved it on, when it was someone else; else repeat the refusal."""
    last = session.scalar(
        select(AuditEvent)
        .where(AuditEvent.revision_id == revision.id)
        .order_by(AuditEvent.id.desc())
        .options(joinedload(AuditEvent.actor))
        .limit(1)
    )
    if last is None or last.actor is None or last.actor_id == person.id:
        return refusal
    return WrongState(
        N_("%(name)s was faster. Look again, then decide; what you wrote is kept."),
        name=last.actor.name,
    )


def _check_words(action: Action, comment: str, reason: Reason | None) -> None:
    step = WORKFLOW[action]
    problems = []
    if step.needs_reason and reason is None:
        problems.append(Problem("reason", N_("Choose the reason.")))
    if step.needs_comment and not comment:
        problems.append(Problem("comment", N_("Write a sentence that helps the author go on.")))
    if len(comment) > MAX_COMMENT:
        problems.append(
            Problem(
                "comment",
                N_("At most %(limit)s characters; this has %(length)s."),
                {"limit": MAX_COMMENT, "length": len(comment)},
            )
        )
    if problems:
        raise Invalid(problems)


def _submit(
    uow: UnitOfWork, revision: Revision, *, rights_declared: bool, message: str
) -> Submission:
    """Open the next round, with the policy of this moment."""
    problems = what_is_missing(uow.session, revision, rights_declared=rights_declared)
    if problems:
        raise Invalid(problems)
    now = uow.now()
    policy = policy_for(revision.audience)
    rounds = uow.session.scalar(select(func.count()).where(Submission.revision_id == revision.id))
    submission = Submission(
        revision_id=revision.id,
        round=(rounds or 0) + 1,
        alliance_id=revision.alliance_id,
        stages=tuple(stage.value for stage in policy.stages),
        approvals=policy.approvals,
        stage=policy.stages[0],
        opened_at=now,
        stage_since=now,
        message=message,
    )
    uow.session.add(submission)
    revision.rights_declared_at = revision.submitted_at = now
    uow.session.flush()
    return submission


def _note_decision(
    uow: UnitOfWork,
    person: Person,
    revision: Revision,
    submission: Submission,
    action: Action,
    comment: str,
    reason: Reason | None,
) -> None:
    uow.session.add(
        Review(
            submission_id=submission.id,
            stage=submission.stage,
            reviewer_id=person.id,
            reviewer_school_id=person.school_id,
            author_id=revision.resource.owner_id,
            author_school_id=revision.resource.school_id,
            decision=action,
            reason=reason if action is Action.REJECT else None,
            comment=comment,
            decided_at=uow.now(),
        )
    )


def _notice_kind(action: Action, place: Place, stage: Stage | None) -> str:
    """Which words the author gets; an approval says where the work went."""
    if action is not Action.APPROVE:
        return action.value
    if place.state is State.PUBLISHED:
        return "published"
    return "passed_stage" if place.stage is not stage else "approve"


def _move(
    uow: UnitOfWork,
    person: Person,
    revision: Revision,
    submission: Submission | None,
    action: Action,
    place: Place,
    comment: str,
) -> None:
    """Carry out where the table leads."""
    now = uow.now()
    if submission is not None:
        if action is Action.CLAIM:
            submission.holder_id, submission.held_since = person.id, now
        elif action is not Action.SUBMIT:
            submission.holder_id = submission.held_since = None
        if place.state is not State.IN_REVIEW:
            submission.outcome, submission.closed_at = action, now
        elif place.stage is not None and place.stage is not submission.stage:
            submission.stage, submission.stage_since = place.stage, now
    if place.state is State.PUBLISHED:
        go_live(uow, revision, basis="review")
    elif place.state is State.WITHDRAWN:
        take_down(uow, revision, reason=comment)
    else:
        revision.state, revision.stage = place.state, place.stage
    revision.updated_at = now

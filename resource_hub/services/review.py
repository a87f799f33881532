"""The one road of a revision through review."""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy.orm import Session

from resource_hub.domain.errors import N_, Invalid, Problem, WrongState
from resource_hub.domain.file_policy import TAKES_ALL, FilePolicy
from resource_hub.domain.people import Person
from resource_hub.domain.review import (
    DECISIONS,
    WORKFLOW,
    Action,
    Place,
    Policy,
    Reason,
    Reviewable,
    State,
    next_place,
    weigh,
)
from resource_hub.domain.review_form import MAX_WORDS, Form, Sheet, malformed
from resource_hub.domain.verdict import Decision, Opinion, contradictions, what_decides
from resource_hub.models import Review, Revision, Submission
from resource_hub.services.assigning import close_assignments, enter_stage
from resource_hub.services.fast_lane import in_its_lane
from resource_hub.services.faster import who_was_faster
from resource_hub.services.judged_copies import forget_unjudged_copy
from resource_hub.services.kinships import refuse_unless_compared, unanswered
from resource_hub.services.notices import tell
from resource_hub.services.publishing import go_live, take_down
from resource_hub.services.remark_gate import send_remarks
from resource_hub.services.review_forms import answered, note_self_check, unchecked
from resource_hub.services.revisions import (
    hold_still,
    open_submission,
    readable_revision,
    reviewable,
    what_is_missing,
)
from resource_hub.services.rounds import open_appeal, open_round
from resource_hub.services.turns import Turn, change_turns
from resource_hub.services.unit_of_work import FASTER, UnitOfWork
from resource_hub.services.verdicts import OUTCOMES, Telling, disclose, telling

MAX_COMMENT = MAX_WORDS

BETWEEN_REVIEWERS = frozenset({Action.DECLINE, Action.HAND_OVER})
"""What the author need not know of."""


def take_step(
    uow: UnitOfWork,
    person: Person,
    revision_id: int,
    action: Action,
    *,
    comment: str = "",
    reason: Reason | None = None,
    sheet: Sheet | None = None,
    in_brief: bool = False,
    rights_declared: bool = False,
    checked: frozenset[str] | None = None,
    seen: int | None = None,
    file_policy: FilePolicy = TAKES_ALL,
    successor: int | None = None,
) -> Revision:
    """Apply one action of the workflow table on behalf of ``person``.

    Args:
        comment: plain text, at most 5,000 characters; for a submission, a word to the reviewers.
        sheet: for a decision, the answers to the form; what it says to change is the comment then.
        in_brief: for an approval, what the policy does not ask for may be left open.
        checked: for a submission, the criteria that the author ticked; None: nobody was asked.
        seen: the revision's ``version`` on the page where the person decided; None skips the check.
        file_policy: for a submission, which files the hub takes.
        successor: to whom it is handed over.

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
    item = replace(reviewable(uow.session, revision), sheet=sheet or Sheet())
    if action is Action.SUBMIT:
        lane = in_its_lane(uow.session, revision, item.policy)
        is_fast, item = lane is not item.policy, replace(item, policy=lane)
    place = _next_place(uow.session, person, revision, action, item, seen)
    comment = (comment if sheet is None else sheet.changes).strip()
    gaps: list[Problem] = []
    if sheet is not None and action in DECISIONS:
        sheet, gaps = answered(
            uow,
            revision.resource.kind,
            sheet,
            asked=_asked(item.policy, in_brief=in_brief) if action is Action.APPROVE else None,
        )
        item = replace(item, sheet=sheet)
        place = WORKFLOW[action].leads(item)
    _check_words(action, comment, reason, item, gaps)
    submission: Submission | None
    if action is Action.SUBMIT:
        problems = what_is_missing(
            uow.session, revision, rights_declared=rights_declared, file_policy=file_policy
        )
        problems += unchecked(uow.session, revision.resource.kind, checked)
        if problems := problems or unanswered(uow, person, revision):
            raise Invalid(problems)
        submission = open_round(uow, revision, item.policy, is_fast=is_fast, message=comment)
        note_self_check(uow.session, submission, revision.resource.kind, checked)
    elif action is Action.APPEAL:
        submission = open_appeal(uow, revision, message=comment)
    else:
        submission = open_submission(uow.session, revision.id)
    if action is Action.APPROVE:
        refuse_unless_compared(uow, revision)
    if action in DECISIONS and submission is not None:
        _note_decision(uow, person, revision, submission, action, comment, reason, sheet or Sheet())
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
        after_stage=place.stage.value if place.stage else None,
    )
    told = _disclose(uow, submission, item, action, place, comment)
    _tell_author(uow, person, revision, submission, told.kind, told.comment)
    change_turns(uow, person, revision, submission, Turn(action, comment, successor))
    _move(uow, revision, submission, action, place, comment)
    enter_stage(uow, submission, revision)
    if action in DECISIONS and submission and item.stage and item.stage is not place.stage:
        several = item.policy.approvals_at(item.stage) > 1
        send_remarks(uow, submission, item.stage, blind=several)
    uow.session.flush()
    return revision


def _asked(policy: Policy, *, in_brief: bool) -> Callable[[Form], Form]:
    """What of the form an approval must answer: all of it, or in brief what decides."""
    return (lambda form: what_decides(policy, form)) if in_brief else (lambda form: form)


def _next_place(
    session: Session,
    person: Person,
    revision: Revision,
    action: Action,
    item: Reviewable,
    seen: int | None,
) -> Place:
    """Where the table leads; when it leads nowhere, who was faster, if that is why."""
    if seen is not None and seen != revision.version:
        raise who_was_faster(session, person, revision, WrongState(FASTER))
    try:
        return next_place(action, person, item)
    except WrongState as error:
        if action is Action.APPEAL or person.id in item.judged_by:
            raise
        raise who_was_faster(session, person, revision, error) from error


def _check_words(
    action: Action, comment: str, reason: Reason | None, item: Reviewable, gaps: list[Problem]
) -> None:
    step = WORKFLOW[action]
    problems = list(gaps)
    if step.needs_reason and reason is None:
        problems.append(Problem("reason", N_("Choose the reason.")))
    if action is Action.DECLINE and not comment:
        problems.append(Problem("note", N_("Say why in a sentence; the coordinator reads it.")))
    elif step.needs_comment and not comment:
        problems.append(Problem("comment", N_("Write a sentence that helps the author go on.")))
    problems += malformed(replace(item.sheet, changes=comment))
    if action in DECISIONS and item.stage is not None:
        opinion = Opinion(Decision(action.value), item.sheet)
        problems += contradictions(item.policy, item.stage, opinion)
    if problems:
        raise Invalid(problems)


def _note_decision(
    uow: UnitOfWork,
    person: Person,
    revision: Revision,
    submission: Submission,
    action: Action,
    comment: str,
    reason: Reason | None,
    sheet: Sheet,
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
            form=sheet.form or None,
            passes=dict(sheet.passes),
            scores=dict(sheet.scores),
            strengths=sheet.strengths.strip(),
            comment=comment,
            hidden_note=sheet.hidden_note.strip(),
            decided_at=uow.now(),
        )
    )


def _tell_author(
    uow: UnitOfWork,
    person: Person,
    revision: Revision,
    submission: Submission | None,
    kind: str,
    comment: str,
) -> None:
    if kind in BETWEEN_REVIEWERS:
        return
    tell(
        uow,
        revision.resource.owner_id,
        kind,
        by=person,
        resource=revision.resource,
        revision=revision,
        submission=submission,
        comment=comment,
    )


def _disclose(
    uow: UnitOfWork,
    submission: Submission | None,
    item: Reviewable,
    action: Action,
    place: Place,
    comment: str,
) -> Telling:
    """When a decision moves the work on, show what was decided; and say what the author is told.

    Not when the author takes it back: the next round would no longer be judged independently.
    """
    is_over = action in DECISIONS and place != Place(item.state, item.stage)
    uow.session.flush()
    found = disclose(uow, submission) if submission is not None and is_over else ()
    if action not in DECISIONS:
        return Telling(action.value, comment)
    weighed = weigh(item, Decision(action.value))
    return telling(found, weighed, place=place, stage=item.stage, last=comment)


def _move(
    uow: UnitOfWork,
    revision: Revision,
    submission: Submission | None,
    action: Action,
    place: Place,
    comment: str,
) -> None:
    """Carry out where the table leads.

    A decision that waits for others leaves the revision as it is: their pages are not stale by it.
    """
    now = uow.now()
    moves = place != Place(revision.state, revision.stage)
    if submission is not None:
        if place.state is not State.IN_REVIEW:
            close_assignments(uow, submission)
            submission.outcome = OUTCOMES[place.state] if action in DECISIONS else action
            submission.closed_at = now
            if action is Action.TAKE_BACK:
                forget_unjudged_copy(uow.session, submission)
        elif place.stage is not None and place.stage is not submission.stage:
            close_assignments(uow, submission)
            submission.stage, submission.stage_since = place.stage, now
    if place.state is State.PUBLISHED:
        go_live(uow, revision, basis="review", passed=submission)
    elif place.state is State.WITHDRAWN:
        take_down(uow, revision, reason=comment)
    else:
        revision.state, revision.stage = place.state, place.stage
    if moves:
        revision.updated_at = now
        uow.promise("compare", revision.id)

"""What stands in a thread, and the part of it that is about people: whose turn it was, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from resource_hub.domain.assignment import Ground, PassedOn, Why
from resource_hub.domain.people import Person
from resource_hub.domain.review import Action, Reason, Stage
from resource_hub.models import (
    Assignment,
    EndedAs,
    Invitation,
    Notice,
    Revision,
    Submission,
    User,
)
from resource_hub.services.coordinators import NOBODY
from resource_hub.services.queries.remarks import ShownRemark, remarks_for
from resource_hub.services.queries.stage_verdicts import StageVerdict
from resource_hub.services.review_clock import ESCALATED


class What(StrEnum):
    STEP = "step"
    """Somebody moved it on: submitted, took it, gave it back."""
    OPINION = "opinion"
    VERDICT = "verdict"
    """What the opinions of a stage came to."""
    MESSAGE = "message"
    TURN = "turn"
    """Who is to judge it changed, or had to be told; ``turn`` says how."""
    REMARKS = "remarks"
    """What one reviewer remarked on places of the work."""
    ANSWERS = "answers"
    """What the author answered to that."""


class TurnStep(StrEnum):
    GIVEN = "given"
    HANDED_OVER = "handed_over"
    DECLINED = "declined"
    PASSED_ON = "passed_on"
    """The hub took it from who had it; ``passed_on`` says why."""
    LATE = "late"
    """The coordinators were told."""
    NOBODY = "nobody"
    """The coordinators were told that nobody is available."""
    INVITED = "invited"
    """Somebody from outside was asked."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened or was said; ``text`` is Markdown."""

    what: What
    at: datetime
    by: str
    by_id: int | None
    action: Action | None = None
    stage: Stage | None = None
    reason: Reason | None = None
    text: str = ""
    strengths: str = ""
    message_id: int | None = None
    answers: tuple[int, str] | None = None
    """The message that this one answers, and who wrote it."""
    files: tuple[str, ...] = ()
    verdict: StageVerdict | None = None
    turn: TurnStep | None = None
    whom: str = ""
    """Who was asked, or has it now."""
    why: Why | None = None
    passed_on: PassedOn | None = None
    remarks: tuple[ShownRemark, ...] = ()


def turns(
    session: Session, rounds: Sequence[Submission], *, is_author: bool
) -> Iterable[tuple[int, Entry]]:
    """Who was given it, who declined, handed it over or was relieved; three queries.

    The author learns who judges the work, as on their own page, and that it goes on; never who did
    not want it, nor what colleagues wrote to each other about it.
    """
    numbers = [each.id for each in rounds]
    held = session.execute(
        select(Assignment, User.name)
        .join(Assignment.reviewer)
        .where(Assignment.submission_id.in_(numbers))
        .order_by(Assignment.id)
    ).all()
    words = {
        (each.submission_id, each.ended_at): each.note
        for each, _name in held
        if each.ended_as is EndedAs.HANDED_OVER
    }
    for each, name in held:
        note = words.get((each.submission_id, each.assigned_at), "")
        given = _given(each, name, note, is_author=is_author)
        if given is not None:
            yield each.submission_id, given
        left = _left(each, name, is_author=is_author)
        if left is not None:
            yield each.submission_id, left
    yield from _told(session, numbers)
    if not is_author:
        yield from _invited(session, numbers)


def _given(held: Assignment, name: str, note: str, *, is_author: bool) -> Entry | None:
    why = Why.from_json(held.why)
    if why is not None and why.ground is Ground.CLAIMED:
        return None  # "has begun to review it" stands there
    handed = why is not None and why.ground is Ground.HANDED_OVER and not is_author
    return Entry(
        what=What.TURN,
        at=held.assigned_at,
        by=why.by if handed and why is not None else "",
        by_id=None,
        stage=held.stage,
        turn=TurnStep.HANDED_OVER if handed else TurnStep.GIVEN,
        whom=name,
        text=note if handed else "",
        why=None if is_author or handed else why,
    )


def _left(held: Assignment, name: str, *, is_author: bool) -> Entry | None:
    how = {EndedAs.DECLINED: TurnStep.DECLINED, EndedAs.REASSIGNED: TurnStep.PASSED_ON}
    if held.ended_as not in how or held.ended_at is None:
        return None
    turn = how[held.ended_as]
    if is_author and turn is TurnStep.DECLINED:
        return None
    is_code = turn is TurnStep.PASSED_ON
    return Entry(
        what=What.TURN,
        at=held.ended_at,
        by="",
        by_id=None,
        stage=held.stage,
        turn=turn,
        whom="" if is_author else name,
        text="" if is_author or is_code else held.note,
        passed_on=PassedOn(held.note) if is_code and held.note and not is_author else None,
    )


def _told(session: Session, numbers: Sequence[int]) -> Iterable[tuple[int, Entry]]:
    """When the coordinators were told; that several were is one event."""
    kinds = {ESCALATED: TurnStep.LATE, NOBODY: TurnStep.NOBODY}
    rows = session.execute(
        select(Notice.submission_id, Notice.kind, Notice.at)
        .where(Notice.submission_id.in_(numbers), Notice.kind.in_(kinds))
        .distinct()
        .order_by(Notice.at, Notice.kind)
    )
    for number, kind, at in rows:
        yield number or 0, Entry(What.TURN, at, "", None, turn=kinds[kind])


def _invited(session: Session, numbers: Sequence[int]) -> Iterable[tuple[int, Entry]]:
    guest, inviter = aliased(User), aliased(User)
    rows = session.execute(
        select(
            Invitation.submission_id, Invitation.invited_at, Invitation.stage, guest.name, inviter
        )
        .join(guest, Invitation.guest_id == guest.id)
        .join(inviter, Invitation.inviter_id == inviter.id)
        .where(Invitation.submission_id.in_(numbers))
        .order_by(Invitation.id)
    )
    for number, at, stage, name, by in rows:
        yield (
            number,
            Entry(What.TURN, at, by.name, by.id, stage=stage, turn=TurnStep.INVITED, whom=name),
        )


def remarks_and_answers(
    session: Session, person: Person, revision: Revision, now: datetime
) -> Iterable[tuple[int, Entry]]:
    """What was sent to the author, by reviewer and sending, and what the author answered."""
    sent: dict[tuple[int, int, datetime], list[ShownRemark]] = {}
    answered: dict[int, list[ShownRemark]] = {}
    for shown in remarks_for(session, person, revision, now):
        remark = shown.remark
        if remark.released_at is None:
            continue
        key = (remark.submission_id, remark.writer_id, remark.released_at)
        sent.setdefault(key, []).append(shown)
        if remark.answered_at is not None:
            answered.setdefault(remark.submission_id, []).append(shown)
    for (number, writer_id, at), found in sent.items():
        name, stage = found[0].remark.writer.name, found[0].remark.stage
        yield (
            number,
            Entry(What.REMARKS, at, name, writer_id, stage=stage, remarks=tuple(found)),
        )
    author = revision.resource.owner
    for number, found in answered.items():
        last = max(each.remark.answered_at for each in found if each.remark.answered_at)
        yield number, Entry(What.ANSWERS, last, author.name, author.id, remarks=tuple(found))

"""The boxes of the inbox beside those of the reviewers: what to answer, and what to publish."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from resource_hub.domain.discussion import moderates_some
from resource_hub.domain.people import Person
from resource_hub.domain.review import Action, Stage, State
from resource_hub.models import Issue, Notice, Resource, Review, Revision, Submission, User
from resource_hub.services.issue_access import edited_by, is_everywhere, may_edit_some
from resource_hub.services.queries.shelf import Paging

PER_PAGE = 30
APPEAL_STANDS = timedelta(days=30)
"""So long the right to appeal stands here; it does not end then, but a list that is never empty is
soon looked at no more. ``/my`` offers it for ever."""

_REJECTION, _LATER, _NEWER = aliased(Submission), aliased(Submission), aliased(Revision)
"""Made once: every page asks by them, and making them takes longer than the asking."""


class Box(StrEnum):
    """In the order of the page, which is also that of urgency."""

    REVIEW = "review"
    ANSWER = "answer"
    PUBLISH = "publish"
    REPORTED = "reported"
    TOLD = "told"


def boxes_of(person: Person) -> list[Box]:
    """The boxes that ``person`` has; everybody writes and is told something."""
    has = {
        Box.REVIEW: person.is_reviewer,
        Box.PUBLISH: may_edit_some(person),
        Box.REPORTED: moderates_some(person),
    }
    return [box for box in Box if has.get(box, person.is_signed_in)]


@dataclass(frozen=True, slots=True)
class SentBack:
    """One's own work that a reviewer sent back; codes, not labels."""

    revision_id: int
    submission_id: int | None
    public_id: str
    number: int
    """Of the version."""
    kind: str
    title: str
    subject: str
    grades: tuple[str, ...]
    is_rejected: bool
    """Nothing is to be changed: its author may appeal."""
    stage: Stage | None
    """The stage at which it was sent back; None for what came back before the hub kept rounds."""
    since: datetime
    reviewer_names: tuple[str, ...]
    comment: str
    """Of the last reviewer who asked for something, or rejected it."""


def number_to_answer(person: Person, now: datetime) -> Select[int]:
    return select(func.count(Revision.id)).join(Revision.resource).where(_to_answer(person, now))


def number_to_publish(person: Person, now: datetime) -> Select[int]:
    """Drafts of the catalogue whose time is over; nothing for those who do not edit it."""
    own = true() if is_everywhere(person) else Issue.alliance_id.in_(sorted(edited_by(person)))
    return select(func.count(Issue.id)).where(
        Issue.published_at.is_(None), Issue.covers_to <= now, own
    )


def number_untold(person: Person) -> Select[int]:
    return select(func.count(Notice.id)).where(
        Notice.user_id == (person.id or 0), Notice.read_at.is_(None)
    )


def sent_back(
    session: Session, person: Person, now: datetime, *, page: int = 1
) -> tuple[list[SentBack], Paging]:
    """Own work that waits for its author's answer, the longest waiting first; four queries."""
    paging = Paging.fit(page, PER_PAGE, session.scalar(number_to_answer(person, now)) or 0)
    later = aliased(Submission)
    is_last = ~exists().where(
        later.revision_id == Submission.revision_id, later.round > Submission.round
    )
    rows = session.execute(
        select(Revision, Resource, Submission.id, Submission.stage, Submission.closed_at)
        .join(Revision.resource)
        .outerjoin(Submission, and_(Submission.revision_id == Revision.id, is_last))
        .where(_to_answer(person, now))
        .order_by(func.coalesce(Submission.closed_at, Revision.updated_at), Revision.id)
        .offset(paging.offset)
        .limit(PER_PAGE)
    ).all()
    words = _words(session, [row[2] for row in rows])
    found = []
    for revision, resource, submission_id, stage, closed_at in rows:
        names, comment = words.get(submission_id, ((), ""))
        found.append(
            SentBack(
                revision_id=revision.id,
                submission_id=submission_id,
                public_id=resource.public_id,
                number=revision.number,
                kind=resource.kind.value,
                title=revision.title,
                subject=revision.subject,
                grades=revision.grades,
                is_rejected=revision.state is State.REJECTED,
                stage=stage,
                since=closed_at or revision.updated_at,
                reviewer_names=names,
                comment=comment,
            )
        )
    return found, paging


def _to_answer(person: Person, now: datetime) -> ColumnElement[bool]:
    """What is to be changed, and what was rejected and can be appealed against."""
    return and_(
        Resource.owner_id == (person.id or 0),
        or_(Revision.state == State.CHANGES_REQUESTED, _may_be_appealed(now)),
    )


def _may_be_appealed(now: datetime) -> ColumnElement[bool]:
    """The workflow's ``may_still_appeal`` as a condition, for as long as it is news."""
    rejection, later, newer = _REJECTION, _LATER, _NEWER
    return and_(
        Revision.state == State.REJECTED,
        exists().where(
            rejection.revision_id == Revision.id,
            rejection.outcome == Action.REJECT,
            rejection.appeal_of.is_(None),
            rejection.closed_at > now - APPEAL_STANDS,
            ~exists().where(
                later.revision_id == rejection.revision_id, later.round > rejection.round
            ),
        ),
        ~exists().where(newer.resource_id == Revision.resource_id, newer.number > Revision.number),
    )


def _words(
    session: Session, submission_ids: list[int]
) -> Mapping[int, tuple[tuple[str, ...], str]]:
    """By submission: who did not approve, and the last comment."""
    rows = session.execute(
        select(Review.submission_id, User.name, Review.comment)
        .join(Review.reviewer)
        .where(Review.submission_id.in_(submission_ids), Review.decision != Action.APPROVE)
        .order_by(Review.id)
    )
    found: dict[int, tuple[tuple[str, ...], str]] = {}
    for submission_id, name, comment in rows:
        names, _ = found.get(submission_id, ((), ""))
        found[submission_id] = ((*names, name), comment)
    return found

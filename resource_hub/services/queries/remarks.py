"""The remarks that a person may see, and what became of their places; part of every query."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from resource_hub.domain.anchors import PlaceNow
from resource_hub.domain.people import Person
from resource_hub.domain.permissions import Readable, may_open_desk, may_read
from resource_hub.models import Attachment, Remark, Revision, Submission
from resource_hub.services.remark_places import file_of, places_now
from resource_hub.services.remarks import why_no_remarks
from resource_hub.services.revisions import load_revision, open_submission, readable


@dataclass(frozen=True, slots=True)
class ShownRemark:
    """A remark as one person sees it.

    Attributes:
        attachment: the file of the revision looked at that it stands on; None for a field, and
            for a file that is gone.
        now: what became of its place in the revision looked at; None where the person may not
            read that: what went back to its author is the author's again.
        is_own: the person wrote it.
        is_open: the person may still change or remove it.
    """

    remark: Remark
    attachment: Attachment | None
    now: PlaceNow | None
    is_own: bool
    is_open: bool

    @property
    def round(self) -> int:
        return self.remark.submission.round


def remarks_for(
    session: Session, person: Person, revision: Revision, now: datetime
) -> list[ShownRemark]:
    """All remarks on the resource of ``revision`` that this person may see, in the order written.

    The author sees what was sent. Who judges or answers for it sees that too, and what others are
    writing just now, unless several judge independently. What one wrote oneself one always sees.

    Args:
        revision: with its resource, and its attachments with their blobs: ``load_revision``.
    """
    facts = readable(session, revision)
    rows = session.scalars(
        select(Remark)
        .join(Remark.submission)
        .join(Submission.revision)
        .where(
            Revision.resource_id == revision.resource_id,
            _visible(person, facts),
        )
        .order_by(Remark.id)
        .options(
            joinedload(Remark.writer),
            contains_eager(Remark.submission).contains_eager(Submission.revision),
        )
    ).all()
    is_readable = may_read(person, facts, now)
    places = places_now(session, revision, rows) if is_readable else {}
    return [
        ShownRemark(
            remark=remark,
            attachment=file_of(remark, revision.attachments) if is_readable else None,
            now=places.get(remark.id),
            is_own=remark.writer_id == person.id,
            is_open=remark.writer_id == person.id and remark.released_at is None,
        )
        for remark in rows
    ]


def _visible(person: Person, facts: Readable) -> ColumnElement[bool]:
    """The condition on Remark, joined with its Submission."""
    if person.id is None:
        return false()
    own = Remark.writer_id == person.id
    sent = Remark.released_at.is_not(None)
    if facts.item.author_id == person.id:
        return sent
    if not may_open_desk(person, facts):
        return own
    stage = facts.item.stage
    if stage is None or facts.item.policy.approvals_at(stage) > 1:
        return or_(own, sent)
    under_way = and_(Submission.outcome.is_(None), Remark.stage == Submission.stage)
    return or_(own, sent, under_way)


def sort_by_place(shown: Sequence[ShownRemark]) -> list[ShownRemark]:
    """As they come when one reads the work from its beginning."""
    return sorted(
        shown,
        key=lambda each: (
            each.attachment.position if each.attachment is not None else -1,
            each.remark.field,
            each.remark.page or 0,
            each.remark.second or 0.0,
            each.remark.start or 0,
            each.remark.id,
        ),
    )


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a file while one looks into it."""

    remarks: Sequence[ShownRemark] = ()
    submission_id: int | None = None
    """The submission on which the person may write remarks now."""


def remarks_beside(
    session: Session, person: Person, attachment: Attachment, now: datetime
) -> Beside:
    """The remarks on one file that this person may see; one query where nothing was ever judged."""
    if person.id is None:
        return Beside()
    has_rounds = session.scalar(
        select(Submission.id)
        .join(Submission.revision)
        .where(Revision.resource_id == attachment.revision.resource_id)
        .limit(1)
    )
    if has_rounds is None:
        return Beside()
    revision = load_revision(session, attachment.revision_id)
    submission = open_submission(session, revision.id)
    may_write = (
        submission is not None
        and revision.resource.owner_id != person.id
        and why_no_remarks(session, person, submission, revision) is None
    )
    return Beside(
        [
            shown
            for shown in remarks_for(session, person, revision, now)
            if shown.attachment is not None and shown.attachment.id == attachment.id
        ],
        submission.id if submission is not None and may_write else None,
    )

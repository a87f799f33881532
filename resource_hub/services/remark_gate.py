"""What remarks do on the road of a revision: they go out with a decision, and hold it back."""

from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import Session

from resource_hub.domain.errors import N_, Problem
from resource_hub.domain.remarks import Weight
from resource_hub.domain.review import Stage
from resource_hub.models import Remark, Review, Revision, Submission
from resource_hub.services.unit_of_work import UnitOfWork

SHOWN = 80
"""Characters of a remark in the list of what is missing."""


def send_remarks(uow: UnitOfWork, submission: Submission, stage: Stage, *, blind: bool) -> None:
    """Give the author the remarks of a stage that has just been decided.

    Args:
        blind: several approvals were asked for, so only the remarks of those who decided go out;
            else all of this stage, whoever of its reviewers wrote them. What one of them had
            written in a round that was taken back goes with them.
    """
    session = uow.session
    decided = exists().where(
        Review.submission_id == submission.id,
        Review.stage == stage,
        Review.reviewer_id == Remark.writer_id,
    )
    earlier = select(Submission.id).where(Submission.revision_id == submission.revision_id)
    of_this_stage = (Remark.submission_id == submission.id) & (Remark.stage == stage)
    session.execute(
        update(Remark)
        .where(
            Remark.released_at.is_(None),
            Remark.submission_id.in_(earlier.scalar_subquery()),
            decided if blind else or_(decided, of_this_stage),
        )
        .values(released_at=uow.now())
        .execution_options(synchronize_session="fetch")
    )


def open_must_fix(session: Session, revision: Revision) -> list[Problem]:
    """One problem for each remark that must be fixed before the work is submitted again."""
    if revision.number == 1 and revision.submitted_at is None:
        return []  # nobody has seen it yet: an import asks this thousands of times
    texts = session.scalars(
        select(Remark.text)
        .join(Remark.submission)
        .join(Submission.revision)
        .where(
            Revision.resource_id == revision.resource_id,
            Remark.released_at.is_not(None),
            Remark.done_at.is_(None),
            Remark.weight == Weight.MUST_FIX,
        )
        .order_by(Remark.id)
    )
    sentence = N_("This must be fixed first: “%(text)s” Then mark the remark as done.")
    return [Problem("remarks", sentence, {"text": _short(text)}) for text in texts]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"

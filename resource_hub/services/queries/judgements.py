"""What reviewers answered, as the author reads it: without the note hidden from the author."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from resource_hub.domain.review import Action, Reason, Stage
from resource_hub.domain.review_form import Form, Sheet
from resource_hub.models import Review, Submission
from resource_hub.services.review_forms import kept_forms


@dataclass(frozen=True, slots=True)
class Judgement:
    """One review with the form it was given on (None: from before the form)."""

    round: int
    stage: Stage
    name: str
    decision: Action
    reason: Reason | None
    at: datetime
    sheet: Sheet
    form: Form | None


def judgements_for_author(
    session: Session, revision_ids: Collection[int]
) -> Mapping[int, Sequence[Judgement]]:
    """By revision, the reviews of stages that are over, the latest first; two queries.

    While a stage is under way its author reads nothing of it: who judges second shall not be
    asked about what the first one said.
    """
    rows = session.execute(
        select(Submission.revision_id, Submission.round, Review)
        .join(Review.submission)
        .options(joinedload(Review.reviewer))
        .where(
            Submission.revision_id.in_(revision_ids),
            or_(Submission.outcome.is_not(None), Review.stage != Submission.stage),
        )
        .order_by(Review.id.desc())
    ).all()
    forms = kept_forms(session, {review.form for _, _, review in rows if review.form})
    found: dict[int, list[Judgement]] = {}
    for revision_id, round_, review in rows:
        found.setdefault(revision_id, []).append(
            Judgement(
                round_,
                review.stage,
                review.reviewer.name,
                review.decision,
                review.reason,
                review.decided_at,
                review.sheet,
                forms.get(review.form or ""),
            )
        )
    return found


def last_comments(found: Mapping[int, Sequence[Judgement]]) -> Mapping[int, str]:
    """By revision, what the last reviewer wrote who did not approve it."""
    return {
        revision_id: refusals[0].sheet.changes
        for revision_id, judgements in found.items()
        if (refusals := [each for each in judgements if each.decision is not Action.APPROVE])
    }


def hidden_notes(session: Session, review_ids: Collection[int]) -> Mapping[int, str]:
    """By review, the notes for reviewers and coordinators; for the desk alone, one query."""
    rows = session.execute(
        select(Review.id, Review.hidden_note).where(
            Review.id.in_(review_ids), Review.hidden_note != ""
        )
    )
    return dict(rows.all())

"""What each stage of review came to and by which rule, once all opinions are in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from resource_hub.domain.review import Stage
from resource_hub.domain.review_form import Form
from resource_hub.domain.verdict import Decision, Opinion, Verdict, verdict
from resource_hub.models import Review, Submission
from resource_hub.services.review_forms import kept_forms


@dataclass(frozen=True, slots=True)
class StageVerdict:
    """The end of one stage of one round, as everybody who takes part may know it."""

    submission_id: int
    stage: Stage
    at: datetime
    verdict: Verdict
    opinions: Mapping[Decision, int]
    """How many decided so."""
    lowest_mean: float | None
    """What the rule asks of the scores."""
    goes_on: bool
    """Whether another stage follows what passed this one."""
    form: Form | None
    """The one that names the criteria; None where nobody used any."""


def stage_verdicts(
    session: Session, rounds: Sequence[Submission], reviews: Sequence[Review]
) -> list[StageVerdict]:
    """Of every stage that is over, in the order of time; one query at most.

    Args:
        reviews: of these rounds; what is not disclosed yet is left out, and its stage with it.
    """
    by_stage: dict[tuple[int, Stage], list[Review]] = {}
    for review in reviews:
        if review.disclosed_at is not None:
            by_stage.setdefault((review.submission_id, review.stage), []).append(review)
    forms = kept_forms(session, {each.form for each in reviews if each.form})
    by_id = {each.id: each for each in rounds}
    found = []
    for (number, stage), judged in by_stage.items():
        policy = by_id[number].policy
        opinions = [
            Opinion(Decision(each.decision.value), each.sheet, each.reviewer_id) for each in judged
        ]
        weighed = verdict(policy, stage, opinions)
        if weighed.decision is None:  # taken back before all were in
            continue
        last = max(judged, key=lambda each: each.decided_at)
        decisions = [opinion.decision for opinion in opinions]
        found.append(
            StageVerdict(
                number,
                stage,
                last.decided_at,
                weighed,
                {each: decisions.count(each) for each in Decision},
                policy.lowest_mean,
                policy.after(stage) is not None,
                next((forms[code] for each in judged if (code := each.form or "") in forms), None),
            )
        )
    return sorted(found, key=lambda each: each.at)

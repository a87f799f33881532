"""How far reviewers who judged the same round agree, criterion by criterion."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from resource_hub.domain.agreement import Agreement, agreement, pairs_of, plain, quadratic
from resource_hub.domain.people import Person
from resource_hub.domain.review import Stage
from resource_hub.domain.review_form import Form
from resource_hub.models import Review
from resource_hub.services.queries.oversight import may_oversee
from resource_hub.services.queries.review_load import is_overseen, refuse_unless_concerned
from resource_hub.services.review_forms import kept_forms

YEAR = timedelta(days=365)
MOST = 20_000
"""Reviews that are looked at, the latest."""


@dataclass(frozen=True, slots=True)
class CriterionAgreement:
    """One line of the form, in the words of the form it was given on."""

    label: str
    is_scored: bool
    agreement: Agreement


def agreements(
    session: Session, person: Person, *, now: datetime, locale: str
) -> Sequence[CriterionAgreement]:
    """Of the last 12 months, in the order of the form; criteria that nobody shared are left out.

    Who answers for reviewers finds how far these agree among each other; who only reviews, how far
    the others agree with them. Two queries.

    Raises:
        NotAllowed: the person neither reviews nor answers for reviewers.
    """
    refuse_unless_concerned(person)
    rows = _reviews(session, person, now - YEAR)
    forms = kept_forms(session, {row.form for row in rows if row.form})
    of = None if may_oversee(person) else person.id
    # By part, code and word: a line of another form may have the same code and ask another thing.
    found: dict[tuple[bool, str, str], dict[tuple[int, str], dict[int, int]]] = {}
    labels: dict[tuple[bool, str, str], str] = {}
    for row in rows:
        for is_scored, code, name, label, answer in _answers(
            row, forms.get(row.form or ""), locale
        ):
            line = (is_scored, code, name)
            labels.setdefault(line, label)
            round_ = found.setdefault(line, {}).setdefault((row.submission_id, row.stage), {})
            round_[row.reviewer_id] = answer
    return [
        CriterionAgreement(labels[line], line[0], measured)
        for line, rounds in sorted(found.items(), key=lambda pair: pair[0][0])
        if (
            measured := agreement(pairs_of(rounds.values(), of), quadratic if line[0] else plain)
        ).pairs
    ]


class Answered(NamedTuple):
    """The figures of one opinion; its words are not read, for there may be thousands."""

    submission_id: int
    stage: Stage
    reviewer_id: int
    form: str | None
    passes: Mapping[str, bool | None]
    scores: Mapping[str, int]


def _reviews(session: Session, person: Person, since: datetime) -> list[Answered]:
    """Those of rounds that several judged; for who only reviews, of rounds they judged too."""
    shared = (
        select(Review.submission_id, Review.stage)
        .where(Review.decided_at >= since, is_overseen(person))
        .group_by(Review.submission_id, Review.stage)
    )
    if may_oversee(person):
        shared = shared.having(func.count(Review.id) > 1)
    every = shared.subquery()
    rows = session.execute(
        select(
            Review.submission_id,
            Review.stage,
            Review.reviewer_id,
            Review.form,
            Review.passes,
            Review.scores,
        )
        .join(
            every,
            (Review.submission_id == every.c.submission_id) & (Review.stage == every.c.stage),
        )
        .where(
            Review.disclosed_at.is_not(None),
            *([is_overseen(person)] if may_oversee(person) else []),
        )
        .order_by(Review.id.desc())
        .limit(MOST)
    )
    return [Answered(*row) for row in rows]


def _answers(
    row: Answered, form: Form | None, locale: str
) -> Iterable[tuple[bool, str, str, str, int]]:
    if form is None:
        return
    for item in form.criteria:
        if (met := row.passes.get(item.code)) is not None:
            yield False, item.code, item.labels["zh_Hans"], item.label(locale), int(met)
    for item in form.scores:
        if (score := row.scores.get(item.code)) is not None:
            yield True, item.code, item.labels["zh_Hans"], item.label(locale), score

"""The answers of a review in the reader's language."""

from dataclasses import dataclass

from resource_hub.domain.review_form import Form, Sheet
from resource_hub.services.queries.judgements import Judgement
from resource_hub.web.opinion_form import Line, ShownForm, shown_form


@dataclass(frozen=True, slots=True)
class Answers:
    """What is shown of a sheet; ``form`` is None where the review was given without one."""

    form: ShownForm | None
    mean: float | None
    strengths: str
    changes: str
    hidden: str = ""

    @property
    def failed(self) -> list[Line]:
        return [line for line in self.form.criteria if line.answer == "0"] if self.form else []

    @property
    def met(self) -> int:
        return sum(1 for line in self.form.criteria if line.answer == "1") if self.form else 0

    @property
    def scored(self) -> list[Line]:
        return [line for line in self.form.scores if line.answer] if self.form else []


@dataclass(frozen=True, slots=True)
class Judged:
    judgement: Judgement
    answers: Answers


def answers_of(sheet: Sheet, form: Form | None, *, hidden: str = "") -> Answers:
    shown = shown_form(form, sheet) if form else None
    return Answers(shown, sheet.mean, sheet.strengths, sheet.changes, hidden)


def judged(judgement: Judgement) -> Judged:
    return Judged(judgement, answers_of(judgement.sheet, judgement.form))

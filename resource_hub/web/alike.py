"""What is like a work: the author's answers, and the passages side by side for who reviews it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from resource_hub.domain.errors import N_, Invalid, Missing, NotAllowed, Problem
from resource_hub.domain.people import Person
from resource_hub.domain.review import EDITABLE, State
from resource_hub.edge.current import hub, reading, require_person, writing
from resource_hub.edge.errors import status_of
from resource_hub.models import Relation, Revision
from resource_hub.services import kinships
from resource_hub.services.deciding import NO_SUCH, submission_on_desk
from resource_hub.services.queries.alike import AlikeWorks, KnownAlike, alike_works
from resource_hub.services.queries.page_pairs import pages_side_by_side
from resource_hub.services.queries.passages import side_by_side
from resource_hub.services.revisions import load_revision, readable_revision
from resource_hub.services.similarity import compare_work, is_compared, keep_comparison

blueprint = Blueprint("alike", __name__)

RELATION_LABELS = {
    Relation.NEW_VERSION: N_("A new version of it"),
    Relation.DERIVED: N_("Derived from it: it is credited on both pages"),
    Relation.DIFFERENT: N_("Different"),
}


@dataclass(frozen=True, slots=True)
class AlikeLine:
    """One work that is alike, with the answer as it is stored or as it was typed."""

    work: KnownAlike
    relation: str
    why: str


def compare_now(revision_id: int) -> None:
    """Compare a draft before its page is shown again: most of it without keeping others waiting."""
    reading().rollback()
    if is_compared(reading(), revision_id, since=hub().now() - kinships.FRESH):
        return
    compared = compare_work(reading(), revision_id)
    with writing() as uow:
        keep_comparison(uow, compared)


def alike_lines(
    person: Person, revision: Revision, *, typed: bool
) -> tuple[Sequence[AlikeLine], int]:
    """What the form shows, and how many works more there are that the person may not see."""
    works = alike_works(reading(), person, revision, hub().now())
    return [_line(work, typed=typed) for work in works.known], works.hidden


def _line(work: KnownAlike, *, typed: bool) -> AlikeLine:
    relation, why = work.relation.value if work.relation else "", work.why
    if typed:
        relation = request.form.get(f"alike_{work.public_id}", relation)
        why = request.form.get(f"why_{work.public_id}", why)
    return AlikeLine(work, relation, why)


def keep_answers(person: Person, revision_id: int) -> None:
    """Keep what was answered in the form of a draft.

    Raises:
        Invalid: something of it cannot be kept.
    """
    if problems := answer_problems(person, revision_id):
        raise Invalid(problems)


def answer_problems(person: Person, revision_id: int) -> list[Problem]:
    """Keep what was answered in the form; returns what is wrong with the rest of it."""
    revision = readable_revision(reading(), person, revision_id, hub().now())
    if revision.resource.owner_id != person.id:
        raise NotAllowed(N_("Only the author can change this."))
    works = alike_works(reading(), person, revision, hub().now())
    problems: list[Problem] = []
    for work in works.known:
        line = _line(work, typed=True)
        if line.relation not in set(Relation):
            continue
        if (line.relation, line.why.strip()) == (work.relation, work.why):
            continue
        try:
            with writing() as uow:
                kinships.answer(
                    uow,
                    person,
                    revision_id,
                    work.public_id,
                    Relation(line.relation),
                    why=line.why.replace("\r\n", "\n"),
                )
        except Invalid as error:
            problems += error.problems
    return problems


@blueprint.get("/submit/<int:revision_id>/alike")
def answers(revision_id: int) -> ResponseReturnValue:
    """What is like a work that is in review already; a draft has it on its own page."""
    return _answers(revision_id)


@blueprint.post("/submit/<int:revision_id>/alike")
def answer(revision_id: int) -> ResponseReturnValue:
    """Keep the author's answers."""
    problems = answer_problems(require_person(), revision_id)
    if problems:
        return _answers(revision_id, problems), status_of(Invalid(problems))
    flash(_("Your answer is kept; the reviewers see it."), "success")
    return redirect(url_for(".answers", revision_id=revision_id), code=303)


def _answers(revision_id: int, problems: Sequence[Problem] = ()) -> str:
    person = require_person()
    revision = readable_revision(reading(), person, revision_id, hub().now())
    if revision.resource.owner_id != person.id:
        raise NotAllowed(N_("Only the author can change this."))
    lines, hidden = alike_lines(person, revision, typed=bool(problems))
    return render_template(
        "alike/answers.html",
        revision=revision,
        alike=lines,
        alike_hidden=hidden,
        relations=RELATION_LABELS,
        problems=problems,
        may_answer=revision.state in EDITABLE | {State.IN_REVIEW},
    )


def alike_on_desk(person: Person, revision: Revision) -> AlikeWorks:
    """What the desk says of works that are alike."""
    return alike_works(reading(), person, revision, hub().now())


@blueprint.get("/review/<int:submission_id>/alike/<public_id:public_id>")
def passages(submission_id: int, public_id: str) -> ResponseReturnValue:
    """The passages that two works share, and the pages that look the same, side by side."""
    person, now = require_person(), hub().now()
    submission = submission_on_desk(reading(), person, submission_id)
    revision = readable_revision(reading(), person, submission.revision_id, now)
    works = alike_works(reading(), person, revision, now)
    work = next((each for each in works.known if each.public_id == public_id), None)
    if work is None:
        raise Missing(NO_SUCH)
    return render_template(
        "alike/passages.html",
        submission_id=submission_id,
        revision=revision,
        other=load_revision(reading(), work.revision_id),
        work=work,
        relations=RELATION_LABELS,
        pairs=side_by_side(reading(), revision.id, work.revision_id),
        looks=pages_side_by_side(reading(), person, revision.id, work.revision_id, now),
    )

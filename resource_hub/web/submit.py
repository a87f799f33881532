"""Write a resource: choose its kind, describe it, add files, submit it."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from resource_hub.domain import description as bounds
from resource_hub.domain.errors import N_, Invalid, Problem, WrongState
from resource_hub.domain.licences import LICENCES
from resource_hub.domain.review import Action, Stage
from resource_hub.domain.review_form import Sheet
from resource_hub.domain.taxonomy import (
    KIND_LABELS,
    LANGUAGE_LABELS,
    SECTION_LABELS,
    Kind,
    Scheme,
    Taxonomy,
    Term,
)
from resource_hub.domain.visibility import AUDIENCE_LABELS, Audience
from resource_hub.edge.current import hub, reading, require_person, taxonomy, writing
from resource_hub.edge.errors import status_of
from resource_hub.edge.words import day, label, say
from resource_hub.services import drafting, review
from resource_hub.services.descriptions import description_of
from resource_hub.services.queries import mine
from resource_hub.services.queries.judgements import judgements_for_author
from resource_hub.services.queries.turns import Awaited, awaited
from resource_hub.services.review_forms import form_for
from resource_hub.services.revisions import load_revision
from resource_hub.web.alike import RELATION_LABELS, alike_lines, compare_now, keep_answers
from resource_hub.web.description_form import (
    BEGUN,
    Values,
    begun,
    read_description,
    values_of,
    values_typed,
)
from resource_hub.web.draft_files import files_of, unfinished_of
from resource_hub.web.finding_words import said_of_own_text
from resource_hub.web.judged_words import Judged, judged
from resource_hub.web.opinion_form import shown_form
from resource_hub.web.remarks import own_lines

blueprint = Blueprint("submit", __name__)

KIND_NOTES: Mapping[Kind, str] = {
    Kind.LESSON_PLAN: N_("How a lesson is meant to run: objectives, steps, blackboard, homework."),
    Kind.MICRO_LESSON: N_("A short film or recording that explains one point."),
    Kind.CASE: N_("A lesson, or a matter of school life, told and thought over."),
    Kind.COURSEWARE: N_("Slides, pictures and animations to show in class."),
    Kind.EXERCISE: N_("Tasks, tests and homework, with answers if you have them."),
    Kind.OUTLINE: N_("What a course covers in a term, week by week."),
}

AUDIENCE_NOTES: Mapping[Audience, str] = {
    Audience.SCHOOL: N_("Reviewed in your school."),
    Audience.ALLIANCE: N_("Reviewed in your school, then in the alliance."),
    Audience.PUBLIC: N_("Reviewed in your school, then in the alliance; needs an open licence."),
}


@blueprint.get("/submit")
def new() -> ResponseReturnValue:
    """Six cards: what shall it be? The address may know its title, subject and grade already."""
    person = require_person()
    return render_template(
        "submit/new.html",
        kinds=[(kind, KIND_LABELS[kind], KIND_NOTES[kind]) for kind in Kind],
        has_school=person.school_id is not None,
        known=[(name, request.args[name]) for name in BEGUN if request.args.get(name)],
    )


@blueprint.post("/submit")
def create() -> ResponseReturnValue:
    """Open a draft of the chosen kind and go on to describe it."""
    person = require_person()
    try:
        kind = Kind(request.form.get("kind", ""))
    except ValueError as error:
        raise Invalid([Problem("kind", N_("Choose one of the six kinds."))]) from error
    first = begun(person, kind, request.form, taxonomy())
    with writing() as uow:
        revision_id = drafting.create_draft(uow, person, kind, first, taxonomy=taxonomy()).id
    return redirect(url_for(".edit", revision_id=revision_id), code=303)


@blueprint.get("/submit/<int:revision_id>")
def edit(revision_id: int) -> ResponseReturnValue:
    """The form. What has gone to review is shown on its own page instead."""
    try:
        return _form(revision_id)
    except WrongState as error:
        flash(say(error), "info")
        revision = load_revision(reading(), revision_id)
        public_id, number = revision.resource.public_id, revision.number
        return redirect(url_for("resource.version", public_id=public_id, number=number))


@blueprint.post("/submit/<int:revision_id>")
def save(revision_id: int) -> ResponseReturnValue:
    """Save, and submit if that was the button; what could be saved stays saved."""
    submitting = request.form.get("action") == "submit"
    try:
        _save(revision_id)
        compare_now(revision_id)
        keep_answers(require_person(), revision_id)
        if submitting:
            return _submit(revision_id)
        if request.form.get("action") == "authors":
            return redirect(url_for("co_authors.show", revision_id=revision_id), code=303)
    except Invalid as error:
        return _form(revision_id, problems=error.problems), status_of(error)
    flash(_("The draft is saved. Only you can see it until you submit it."), "success")
    return redirect(url_for(".edit", revision_id=revision_id), code=303)


@blueprint.post("/submit/<int:revision_id>/autosave")
def autosave(revision_id: int) -> ResponseReturnValue:
    """Save while the teacher types; refusals are problem+json."""
    _save(revision_id)
    return jsonify(saved_at=hub().now().isoformat())


def _save(revision_id: int) -> None:
    """Keep what was typed, in a transaction of its own."""
    person = require_person()
    revision = mine.own_draft(reading(), person, revision_id, hub().now())
    stored = description_of(revision.resource, revision)
    typed, problems = read_description(request.form, stored)
    with writing() as uow:
        drafting.describe(uow, person, revision_id, typed, taxonomy=taxonomy())
    if problems:
        raise Invalid(problems)


def _submit(revision_id: int) -> ResponseReturnValue:
    with writing() as uow:
        revision = review.take_step(
            uow,
            require_person(),
            revision_id,
            Action.SUBMIT,
            comment=request.form.get("message", ""),
            rights_declared=bool(request.form.get("rights")),
            checked=frozenset(request.form.getlist("checked")),
            file_policy=hub().limits.policy,
        )
        title, public_id, number = revision.title, revision.resource.public_id, revision.number
    flash(_sent_words(title, awaited(reading(), revision_id)), "success")
    return redirect(url_for("resource.version", public_id=public_id, number=number), code=303)


def _sent_words(title: str, sent: Awaited | None) -> str:
    """Where it went, and by what day an answer is expected of it."""
    at_school = sent is None or sent.stage is Stage.SCHOOL
    if sent is None or sent.expected_on is None:
        words = (
            N_("“%(title)s” has gone to the school's review. You will be told what becomes of it.")
            if at_school
            else N_(
                "“%(title)s” has gone to the alliance's review. You will be told of the result."
            )
        )
        return str(_(words, title=title))
    words = (
        N_("“%(title)s” has gone to the school's review; a result is expected by %(day)s.")
        if at_school
        else N_("“%(title)s” has gone to the alliance's review; a result is expected by %(day)s.")
    )
    return str(_(words, title=title, day=day(sent.expected_on)))


def _form(revision_id: int, *, problems: Sequence[Problem] = ()) -> str:
    """The page with the form: as stored, or as typed when something was refused."""
    person, now = require_person(), hub().now()
    revision = mine.own_draft(reading(), person, revision_id, now)
    stored = description_of(revision.resource, revision)
    alike, hidden = alike_lines(person, revision, typed=bool(problems))
    values: Values = values_typed(request.form, stored) if problems else values_of(stored)
    return render_template(
        "submit/edit.html",
        revision=revision,
        values=values,
        problems=problems,
        is_first=revision.number == 1,
        own_findings=said_of_own_text(revision),
        last_word=mine.last_word(reading(), revision_id),
        judged=_last_judged(revision_id),
        check_list=[
            (line.code, line.label, line.note)
            for line in shown_form(form_for(reading(), revision.resource.kind), Sheet()).criteria
        ],
        checked=request.form.getlist("checked"),
        remarks=own_lines(person, revision),
        alliances=mine.own_alliances(reading(), person),
        units=mine.known_units(reading(), person, now, subject=values["subject"]),
        alike=alike,
        alike_hidden=hidden,
        relations=RELATION_LABELS,
        bounds=bounds,
        limits=hub().limits,
        **_choices(taxonomy()),
        unfinished=unfinished_of(person, revision_id),
        **files_of(revision),
    )


def _last_judged(revision_id: int) -> Judged | None:
    """The answers of the reviewer who asked for changes last."""
    found = judgements_for_author(reading(), [revision_id]).get(revision_id, ())
    asked = (each for each in found if each.decision is Action.REQUEST_CHANGES)
    last = next(asked, None)
    return judged(last) if last else None


def _choices(terms: Taxonomy) -> dict[str, Any]:  # Any: pairs, and groups of pairs
    """What the lists of the form offer; subjects and grades stand under their stage of school."""

    def named(found: Sequence[Term]) -> list[tuple[str, str]]:
        return [(term.code, label(term.code, term.scheme.value)) for term in found]

    stages = terms.offered(Scheme.SCHOOL_STAGE)
    subjects = terms.offered(Scheme.SUBJECT)
    grades = terms.offered(Scheme.GRADE)
    by_stage = [
        (
            stage.code,
            label(stage.code, "school_stage"),
            named([term for term in subjects if stage.code in term.stages]),
            named([term for term in grades if stage.code in term.stages]),
        )
        for stage in stages
    ]
    everywhere = named([term for term in subjects if not term.stages])
    return {
        "stages": named(stages),
        "subject_stages": [row[0] for row in by_stage],
        "subjects": [*((row[1], row[2]) for row in by_stage), (_("Every stage"), everywhere)],
        "grades": [(row[0], row[1], row[3]) for row in by_stage],
        "volumes": named(terms.offered(Scheme.VOLUME)),
        "editions": named(terms.offered(Scheme.EDITION)),
        "kinds": [(kind.value, _(word)) for kind, word in KIND_LABELS.items()],
        "languages": [(code.value, _(word)) for code, word in LANGUAGE_LABELS.items()],
        "licences": [(licence.code, _(licence.label)) for licence in LICENCES.values()],
        "audiences": [
            (audience.value, _(word), _(AUDIENCE_NOTES[audience]))
            for audience, word in AUDIENCE_LABELS.items()
        ],
        "sections": [(section.value, _(word)) for section, word in SECTION_LABELS.items()],
    }

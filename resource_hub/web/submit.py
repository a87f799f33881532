"""Write a resource: choose its kind, describe it, add files, submit it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from resource_hub.domain import description as bounds
from resource_hub.domain.errors import (
    N_,
    HubError,
    Invalid,
    Missing,
    Problem,
    TooLarge,
    Unavailable,
    WrongState,
)
from resource_hub.domain.licences import LICENCES
from resource_hub.domain.review import Action
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
from resource_hub.edge.current import (
    current_person,
    hub,
    reading,
    require_person,
    taxonomy,
    writing,
)
from resource_hub.edge.errors import status_of
from resource_hub.edge.words import label, say
from resource_hub.models import Revision
from resource_hub.services import drafting, review, uploading
from resource_hub.services.descriptions import description_of
from resource_hub.services.queries import mine
from resource_hub.services.revisions import load_revision
from resource_hub.web.description_form import (
    BEGUN,
    Values,
    begun,
    read_description,
    values_of,
    values_typed,
)
from resource_hub.web.file_words import shown_file

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


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that could not be taken, and why, in the reader's language."""

    name: str
    sentence: str


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
        if submitting:
            return _submit(revision_id)
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
        )
        title, public_id, number = revision.title, revision.resource.public_id, revision.number
    flash(
        _("“%(title)s” has gone to the school's review. You will be told what becomes of it.",
          title=title),
        "success",
    )  # fmt: skip
    return redirect(url_for("resource.version", public_id=public_id, number=number), code=303)


def _form(revision_id: int, *, problems: Sequence[Problem] = ()) -> str:
    """The page with the form: as stored, or as typed when something was refused."""
    person, now = require_person(), hub().now()
    revision = mine.own_draft(reading(), person, revision_id, now)
    stored = description_of(revision.resource, revision)
    values: Values = values_typed(request.form, stored) if problems else values_of(stored)
    return render_template(
        "submit/edit.html",
        revision=revision,
        values=values,
        problems=problems,
        is_first=revision.number == 1,
        last_word=mine.last_word(reading(), revision_id),
        alliances=mine.own_alliances(reading(), person),
        units=mine.known_units(reading(), person, now, subject=values["subject"]),
        bounds=bounds,
        limits=hub().limits,
        **_choices(taxonomy()),
        **_files_of(revision),
    )


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


def _files_of(revision: Revision) -> dict[str, Any]:  # Any: what the fragment needs
    public_id, now = revision.resource.public_id, hub().now()
    files = [shown_file(attachment, public_id, now) for attachment in revision.attachments]
    return {"files": files, "pending": any(file.is_pending for file in files)}


@blueprint.get("/submit/<int:revision_id>/files")
def files(revision_id: int) -> ResponseReturnValue:
    """The list of files alone, for the page that waits until they have been looked into."""
    if "HX-Request" not in request.headers:
        return redirect(url_for(".edit", revision_id=revision_id))
    return _fragment(revision_id)


@blueprint.post("/submit/<int:revision_id>/files")
def add_files(revision_id: int) -> ResponseReturnValue:
    """Keep each file that can be kept; say by name what was wrong with the others."""
    person = require_person()
    mine.own_draft(reading(), person, revision_id, hub().now())
    refused: list[Refused] = []
    errors: list[HubError] = []
    chosen = [upload for upload in request.files.getlist("files") if upload.filename]
    for upload in chosen:
        name = upload.filename or ""
        try:
            kept = uploading.keep(hub().storage, upload.stream, name)  # type: ignore[arg-type]  # Werkzeug says IO[bytes], and means the same
            with writing() as uow:
                uploading.attach(uow, person, revision_id, kept, limits=hub().limits)
        except (Invalid, TooLarge, Unavailable, WrongState) as error:
            problems = error.problems if isinstance(error, Invalid) else ()
            sentence = " ".join(say(problem) for problem in problems) or say(error)
            refused.append(Refused(name, sentence))
            errors.append(error)
    if "HX-Request" in request.headers:
        page = _fragment(revision_id, refused)
        return (page, status_of(errors[0])) if errors else page
    for item in refused:
        flash(_("“%(name)s” was not taken.", name=item.name) + " " + item.sentence, "danger")
    if not chosen:
        flash(_("Choose a file first, then upload it."), "warning")
    anchor = "files" if chosen and not refused else None  # what went wrong is said on top
    return redirect(url_for(".edit", revision_id=revision_id, _anchor=anchor), code=303)


@blueprint.post("/submit/<int:revision_id>/files/<int:attachment_id>/remove")
def remove_file(revision_id: int, attachment_id: int) -> ResponseReturnValue:
    """Take a file out of the draft; one that is gone already is no reason to complain."""
    person = require_person()
    mine.own_draft(reading(), person, revision_id, hub().now())
    try:
        with writing() as uow:
            uploading.remove(uow, person, revision_id, attachment_id)
    except Missing as error:
        flash(say(error), "info")
    if "HX-Request" in request.headers:
        return _fragment(revision_id)
    return redirect(url_for(".edit", revision_id=revision_id, _anchor="files"), code=303)


def _fragment(revision_id: int, refused: Sequence[Refused] = ()) -> str:
    revision = mine.own_draft(reading(), current_person(), revision_id, hub().now())
    return render_template(
        "submit/files.html", revision=revision, refused=refused, **_files_of(revision)
    )

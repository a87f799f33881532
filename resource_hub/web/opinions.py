"""Keep a half-written opinion, and the sentences that a reviewer uses again."""

from dataclasses import replace

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from resource_hub.domain.errors import N_, Invalid, NotAllowed
from resource_hub.domain.people import Person
from resource_hub.domain.review_form import Sheet
from resource_hub.edge.current import reading, require_person, writing
from resource_hub.edge.errors import status_of, wants_json
from resource_hub.edge.words import say
from resource_hub.services import own_sentences as sentences
from resource_hub.services.opinions import Written, drop_opinion, keep_opinion
from resource_hub.web.opinion_form import version_typed, window_typed, written_typed

blueprint = Blueprint("opinions", __name__)

FIELD_LABELS = {
    "strengths": N_("Strengths"),
    "comment": N_("What to change"),
    "hidden": N_("Note for reviewers only"),
}


@blueprint.post("/review/<int:submission_id>/opinion")
def keep(submission_id: int) -> ResponseReturnValue:
    """Save what stands in the form: while it is typed, or by a button.

    Without a script the same address inserts an own sentence, or keeps a text as one.
    """
    person = require_person()
    written, word = written_typed(), _("Your opinion is kept. Nobody else sees it.")
    with writing() as uow:
        if "insert" in request.form:
            number = request.form.get("insert", 0, type=int)
            sentence = sentences.own_sentence(uow.session, person, number)
            written = _with_sentence(written, sentence.field, sentence.text)
        kept, others = keep_opinion(
            uow, person, submission_id, written, window=window_typed(), version=version_typed()
        )
    if wants_json():
        return jsonify(version=kept.version if kept else "", others=others)
    place = request.form.get("keep", "")
    if place:
        word = _kept_as_sentence(person, place)
    if "insert" not in request.form:
        flash(word, "success")
    return redirect(_desk(submission_id), code=303)


def _desk(submission_id: int) -> str:
    """The form, in the list from which its reader came."""
    came_from = request.form.get("list") or None
    return url_for("review.desk", submission_id=submission_id, list=came_from, _anchor="decide")


def _kept_as_sentence(person: Person, place: str) -> str:
    try:
        with writing() as uow:
            sentences.add_sentence(uow, person, place, request.form.get(place, ""))
    except Invalid as error:
        return " ".join(say(problem) for problem in error.problems)
    return str(_("This is one of your sentences now."))


def _with_sentence(written: Written, field: str, sentence: str) -> Written:
    """The sentence at the end of the text where it belongs, on a line of its own."""

    def longer(text: str) -> str:
        return f"{text.rstrip()}\n{sentence}".lstrip("\n")

    sheet: Sheet = written.sheet
    if field == "strengths":
        sheet = replace(sheet, strengths=longer(sheet.strengths))
    elif field == "comment":
        sheet = replace(sheet, changes=longer(sheet.changes))
    else:
        sheet = replace(sheet, hidden_note=longer(sheet.hidden_note))
    return replace(written, sheet=sheet)


@blueprint.post("/review/<int:submission_id>/opinion/<int:opinion_id>/drop")
def drop(submission_id: int, opinion_id: int) -> ResponseReturnValue:
    """Throw away a text that another window left."""
    person = require_person()
    with writing() as uow:
        drop_opinion(uow, person, submission_id, opinion_id)
    flash(_("The older text is thrown away."), "success")
    return redirect(_desk(submission_id), code=303)


def _reviewer() -> Person:
    person = require_person()
    if not (person.is_reviewer or person.is_coordinator):
        raise NotAllowed(N_("Only reviewers can do this."))
    return person


@blueprint.get("/review/sentences")
def own() -> ResponseReturnValue:
    """The own sentences, to add and take out."""
    return _own(_reviewer())


def _own(person: Person, error: Invalid | None = None) -> ResponseReturnValue:
    page = render_template(
        "review/sentences.html",
        sentences=sentences.own_sentences(reading(), person),
        fields=[(name, _(word)) for name, word in FIELD_LABELS.items()],
        typed=request.form,
        problems=error.problems if error else (),
        longest=sentences.MAX_SENTENCE,
    )
    return page, status_of(error) if error else 200


@blueprint.post("/review/sentences")
def add() -> ResponseReturnValue:
    """Keep a sentence."""
    person = _reviewer()
    field, text = request.form.get("field", ""), request.form.get("text", "")
    try:
        with writing() as uow:
            sentences.add_sentence(uow, person, field, text)
    except Invalid as error:
        return _own(person, error)
    flash(_("The sentence stands in your form now."), "success")
    return redirect(url_for(".own"), code=303)


@blueprint.post("/review/sentences/<int:sentence_id>/remove")
def remove(sentence_id: int) -> ResponseReturnValue:
    """Take a sentence out; opinions that have it keep it."""
    person = _reviewer()
    with writing() as uow:
        sentences.remove_sentence(uow, person, sentence_id)
    flash(_("The sentence is taken out."), "success")
    return redirect(url_for(".own"), code=303)

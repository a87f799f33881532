"""Remarks on the places of a submission: reviewers write them, the author answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from resource_hub.domain.errors import N_, HubError, Invalid, NotAllowed, Problem, WrongState
from resource_hub.domain.people import Person
from resource_hub.domain.remarks import MAX_QUOTE, MAX_TEXT, WEIGHT_LABELS, Weight
from resource_hub.edge.current import hub, reading, require_person, writing
from resource_hub.edge.errors import status_of
from resource_hub.edge.words import say
from resource_hub.models import Revision
from resource_hub.services.deciding import submission_on_desk
from resource_hub.services.descriptions import description_of
from resource_hub.services.queries.previews import FileView
from resource_hub.services.queries.remarks import remarks_beside, remarks_for
from resource_hub.services.remark_answers import answer_remark
from resource_hub.services.remarks import (
    change_remark,
    remove_remark,
    why_no_remarks,
    write_remark,
)
from resource_hub.services.revisions import load_revision, open_submission, readable_revision
from resource_hub.web.account import safe_next
from resource_hub.web.remark_form import RemarkForm, places
from resource_hub.web.remark_words import RemarkLine, remark_lines

blueprint = Blueprint("remarks", __name__)

LIMITS = {"text": MAX_TEXT, "quote": MAX_QUOTE}


def weights() -> list[tuple[str, str]]:
    """Must it be fixed? The choices of the form."""
    return [(code.value, _(words)) for code, words in WEIGHT_LABELS.items()]


@dataclass(frozen=True, slots=True)
class Refused:
    """What was typed, why it was refused, and in the place of which remark it was to be."""

    form: RemarkForm
    error: HubError
    remark_id: int | None = None

    @property
    def problems(self) -> Sequence[Problem]:
        return self.error.problems if isinstance(self.error, Invalid) else ()


@blueprint.get("/review/<int:submission_id>/remarks")
def desk(submission_id: int) -> ResponseReturnValue:
    """The remarks on one submission; the address may know already what the next one is about."""
    return _desk(require_person(), submission_id, RemarkForm.typed(request.args))


@blueprint.post("/review/<int:submission_id>/remarks")
def write(submission_id: int) -> ResponseReturnValue:
    """Put a remark on a place; whatever goes wrong, its words are kept."""
    person, form = require_person(), RemarkForm.typed(request.form)
    try:
        with writing() as uow:
            remark_id = write_remark(
                uow,
                person,
                submission_id,
                form.target(),
                text=form.text,
                weight=form.chosen_weight,
            ).id
    except (Invalid, WrongState, NotAllowed) as error:
        return _desk(person, submission_id, form, Refused(form, error))
    back = request.form.get("next", "")
    if not back:  # the viewer shows the remark itself, lit up
        flash(_("The remark is kept. The author gets it with the decision."), "success")
    here = safe_next(back or url_for(".desk", submission_id=submission_id))
    return redirect(f"{here}#remark-{remark_id}", code=303)


@blueprint.post("/review/<int:submission_id>/remarks/<int:remark_id>")
def change(submission_id: int, remark_id: int) -> ResponseReturnValue:
    """Other words for one's own remark, or away with it."""
    person, form = require_person(), RemarkForm.typed(request.form)
    try:
        with writing() as uow:
            if request.form.get("action") == "remove":
                remove_remark(uow, person, remark_id)
            else:
                change_remark(
                    uow,
                    person,
                    remark_id,
                    text=form.text,
                    weight=form.chosen_weight,
                    seen=request.form.get("seen", type=int),
                )
    except (Invalid, WrongState) as error:
        return _desk(person, submission_id, RemarkForm(), Refused(form, error, remark_id))
    flash(
        _("The remark is removed.")
        if request.form.get("action") == "remove"
        else _("The remark is changed."),
        "success",
    )
    here = url_for(".desk", submission_id=submission_id)
    return redirect(safe_next(request.form.get("next") or here), code=303)


def _desk(
    person: Person, submission_id: int, form: RemarkForm, refused: Refused | None = None
) -> ResponseReturnValue:
    session, now = reading(), hub().now()
    submission = submission_on_desk(session, person, submission_id)
    revision = load_revision(session, submission.revision_id)
    refusal = why_no_remarks(session, person, submission, revision)
    page = render_template(
        "remarks/desk.html",
        submission=submission,
        revision=revision,
        resource=revision.resource,
        lines=_lines(person, revision, submission.id),
        form=form,
        places=places(description_of(revision.resource, revision), revision.attachments),
        weights=weights(),
        limits=LIMITS,
        may_write=refusal is None,
        refusal=say(refusal) if refusal is not None else "",
        refused=refused,
        problems=refused.problems if refused is not None else (),
        now=now,
    )
    return (page, status_of(refused.error)) if refused is not None else page


def _lines(person: Person, revision: Revision, submission_id: int | None) -> list[RemarkLine]:
    found = remarks_for(reading(), person, revision, hub().now())
    return remark_lines(found, revision.resource.public_id, written_in=submission_id)


def desk_lines(person: Person, revision: Revision, submission_id: int) -> list[RemarkLine]:
    """The remarks for the desk on which a submission is judged."""
    return _lines(person, revision, submission_id)


@blueprint.get("/my/<int:revision_id>/remarks")
def own(revision_id: int) -> ResponseReturnValue:
    """What reviewers remarked on the own work, to answer one by one."""
    return _own(require_person(), revision_id)


@blueprint.post("/my/<int:revision_id>/remarks/<int:remark_id>")
def answer(revision_id: int, remark_id: int) -> ResponseReturnValue:
    """The author's word on one remark, and whether it is dealt with."""
    person, typed = require_person(), request.form.get("answer", "")
    done = request.form.get("action") == "done"
    try:
        with writing() as uow:
            answer_remark(uow, person, remark_id, answer=typed, done=done)
    except (Invalid, WrongState) as error:
        return _own(person, revision_id, Refused(RemarkForm(text=typed), error, remark_id))
    flash(_("Marked as done.") if done else _("The answer is kept."), "success")
    here = url_for(".own", revision_id=revision_id, _anchor=f"remark-{remark_id}")
    return redirect(here, code=303)


def _own(person: Person, revision_id: int, refused: Refused | None = None) -> ResponseReturnValue:
    revision = readable_revision(reading(), person, revision_id, hub().now())
    if revision.resource.owner_id != person.id:
        raise NotAllowed(N_("Only the author answers remarks; reviewers read them at the desk."))
    page = render_template(
        "remarks/own.html",
        revision=revision,
        resource=revision.resource,
        lines=own_lines(person, revision),
        limits=LIMITS,
        refused=refused,
        problems=refused.problems if refused is not None else (),
        refusal=say(refused.error) if refused and isinstance(refused.error, WrongState) else "",
    )
    return (page, status_of(refused.error)) if refused is not None else page


def own_lines(person: Person, revision: Revision) -> list[RemarkLine]:
    """The remarks that the author of ``revision`` was given, those to deal with first."""
    if revision.number == 1 and revision.submitted_at is None:
        return []
    under_way = open_submission(reading(), revision.id)
    lines = _lines(person, revision, under_way.id if under_way is not None else None)
    return sorted(
        lines,
        key=lambda line: (
            line.shown.remark.done_at is not None,
            line.shown.remark.weight is not Weight.MUST_FIX,
        ),
    )


@dataclass(frozen=True, slots=True)
class ViewerRemarks:
    """What the viewer shows beside a file, for those who judge it or wrote it."""

    lines: Sequence[RemarkLine] = ()
    submission_id: int | None = None
    """Where the person may write now."""

    @property
    def is_shown(self) -> bool:
        return bool(self.lines) or self.submission_id is not None

    def on(self, page: int) -> list[RemarkLine]:
        """Those that stand on this page now."""
        return [line for line in self.lines if _page_of(line) == page]


def _page_of(line: RemarkLine) -> int | None:
    now = line.shown.now
    return now.page if now is not None and now.page is not None else line.shown.remark.page


def viewer_remarks(person: Person, view: FileView) -> ViewerRemarks:
    """Nothing for readers; the rest is asked only of what was ever judged."""
    beside = remarks_beside(reading(), person, view.attachment, hub().now())
    lines = remark_lines(beside.remarks, view.resource.public_id, written_in=beside.submission_id)
    return ViewerRemarks(lines, beside.submission_id)

"""Stars for a resource, and "used in my class"."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from resource_hub.domain.errors import HubError, Invalid
from resource_hub.domain.taxonomy import Scheme
from resource_hub.domain.thread import MOST_CHARACTERS
from resource_hub.edge.current import hub, reading, require_person, taxonomy, writing
from resource_hub.edge.errors import status_of
from resource_hub.edge.words import label
from resource_hub.services import ratings
from resource_hub.services.class_uses import Lesson, used_in_class
from resource_hub.services.discussion_access import live_at
from resource_hub.web.discussion import kept
from resource_hub.web.talk import form_key

blueprint = Blueprint("feedback", __name__)


@blueprint.post("/r/<public_id:public_id>/stars")
def rate(public_id: str) -> ResponseReturnValue:
    """Give stars, other stars, or none any more."""
    person, stars = require_person(), request.form.get("stars", type=int)
    with writing() as uow:
        number = live_at(uow.session, person, public_id, uow.now()).resource_id
        if request.form.get("stars") == "0":
            ratings.take_rating_back(uow, person, number)
            words = _("Your stars are taken back.")
        else:
            ratings.rate(uow, person, number, stars)
            words = _("Thank you for your stars. You may change them at any time.")
    flash(words, "success")
    return redirect(url_for("resource.show", public_id=public_id, _anchor="talk"), code=303)


@blueprint.get("/r/<public_id:public_id>/used")
def lesson(public_id: str) -> ResponseReturnValue:
    """Tell of a lesson: a page of its own, to be filled in on the phone after class."""
    return _lesson(public_id, None)


@blueprint.post("/r/<public_id:public_id>/used")
def used(public_id: str) -> ResponseReturnValue:
    """Note a use in class; whatever goes wrong, the words come back."""
    person, typed = require_person(), request.form
    given = Lesson(
        typed.get("grade", ""),
        _day(typed.get("held_on", "")),
        typed.get("worked", ""),
        typed.get("changed", ""),
    )
    try:
        with writing() as uow:
            number = live_at(uow.session, person, public_id, uow.now()).resource_id
            post_id = used_in_class(uow, person, number, given, key=typed.get("key", "")).post_id
    except Invalid as error:
        return _lesson(public_id, error), status_of(error)
    except HubError as error:
        return kept(error, f"{given.worked}\n\n{given.changed}")
    flash(_("Thank you: this tells colleagues more than stars do."), "success")
    return redirect(url_for("discussion.find", post_id=post_id), code=303)


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        return None


def _lesson(public_id: str, error: Invalid | None) -> str:
    person, now = require_person(), hub().now()
    revision = live_at(reading(), person, public_id, now)
    today = now.astimezone(hub().zone).date().isoformat()
    alone = revision.grades[0] if len(revision.grades) == 1 else ""
    return render_template(
        "discussion/lesson.html",
        revision=revision,
        public_id=public_id,
        grades=[
            (term.code, label(term.code, "grade")) for term in taxonomy().offered(Scheme.GRADE)
        ],
        typed=request.form if error else {"held_on": today, "grade": alone},
        today=today,
        most=MOST_CHARACTERS,
        key=form_key(),
        problems=error.problems if error else (),
    )

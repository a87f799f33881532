"""Leave of absence: the own, and for coordinators that of their school's people."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from resource_hub.domain.errors import Invalid
from resource_hub.edge.current import reading, require_person, writing
from resource_hub.edge.errors import status_of
from resource_hub.services import absences
from resource_hub.web.ages import today

blueprint = Blueprint("absences", __name__, url_prefix="/away")


@blueprint.get("")
def own() -> ResponseReturnValue:
    """To the own page of leave."""
    return redirect(url_for(".show", user_id=require_person().id))


@blueprint.get("/<int:user_id>")
def show(user_id: int) -> ResponseReturnValue:
    """When somebody is away, what they have to review, and the form for another leave."""
    return _show(user_id)


def _show(user_id: int, error: Invalid | None = None) -> ResponseReturnValue:
    session, person = reading(), require_person()
    user = absences.person_on_leave(session, person, user_id)
    page = render_template(
        "account/away.html",
        user=user,
        is_own=user.id == person.id,
        leaves=absences.leaves(session, user.id, today()),
        held=absences.held_by(session, person, user.id),
        today=today(),
        typed=request.form,
        problems=error.problems if error else (),
    )
    return page, status_of(error) if error else 200


@blueprint.post("/<int:user_id>")
def go(user_id: int) -> ResponseReturnValue:
    """Note a leave."""
    person, form = require_person(), request.form
    try:
        with writing() as uow:
            absences.go_away(
                uow,
                person,
                user_id,
                _day(form.get("first", "")),
                _day(form.get("last", "")),
                form.get("note", ""),
            )
    except Invalid as error:
        return _show(user_id, error)
    flash(_("The leave is noted. Nothing new to review is given during it."), "success")
    return redirect(url_for(".show", user_id=user_id), code=303)


@blueprint.post("/<int:user_id>/<int:absence_id>/end")
def end(user_id: int, absence_id: int) -> ResponseReturnValue:
    """End a leave early, or forget one that has not begun."""
    person = require_person()
    with writing() as uow:
        absences.come_back(uow, person, absence_id)
    flash(_("The leave is ended. From today on there may be something to review."), "success")
    return redirect(url_for(".show", user_id=user_id), code=303)


def _day(typed: str) -> date | None:
    """The day as browsers send it; None for anything else."""
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        return None

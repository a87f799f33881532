"""The tasks that a round leaves to authors: asked, done, confirmed."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from resource_hub.domain.catalogue import Month
from resource_hub.domain.errors import N_, Invalid, Missing, WrongState
from resource_hub.domain.follow_ups import TaskAct
from resource_hub.edge.current import reading, require_person, writing
from resource_hub.services import follow_ups
from resource_hub.services.queries.follow_ups import round_of_task
from resource_hub.services.round_access import takes_part
from resource_hub.web.rounds import page_of

blueprint = Blueprint("follow_ups", __name__)


@blueprint.post("/catalogue/<month:month>/<int:alliance_id>/round/tasks")
def ask(month: Month, alliance_id: int) -> ResponseReturnValue:
    """Give the authors of a resource a task."""
    person, form = require_person(), request.form
    try:
        with writing() as uow:
            about, words, due = (form.get(name, "") for name in ("resource", "task", "due"))
            follow_ups.ask(uow, person, alliance_id, month, about, words, due=due)
    except Invalid as error:
        return page_of(month, alliance_id, error)
    flash(gettext("The authors are told; the task stands on the page of the resource."), "success")
    at = url_for("rounds.show", month=month, alliance_id=alliance_id, _anchor="tasks")
    return redirect(at, code=303)


_SAID = {
    TaskAct.DO: N_("The host is told and will look at it."),
    TaskAct.CONFIRM: N_("The task is confirmed."),
    TaskAct.REOPEN: N_("The task is open again, and its authors are told."),
    TaskAct.WITHDRAW: N_("The task is taken back."),
}


@blueprint.post("/tasks/<int:task_id>/<what>")
def step(task_id: int, what: str) -> ResponseReturnValue:
    """What the button says; then back to the resource, or to the round.

    Refused, it is the page of the round that says why, with what was typed.

    Raises:
        Missing: there is no such button, or no such task, as far as this person may know.
    """
    if what not in set(TaskAct):
        raise Missing(follow_ups.NO_TASK)
    person, act = require_person(), TaskAct(what)
    try:
        with writing() as uow:
            words = request.form.get("words", "")
            task = follow_ups.take_task_step(uow, person, task_id, act, words)
            public_id = task.resource.public_id
            alliance_id, month = round_of_task(uow.session, task_id)
    except (Invalid, WrongState) as error:
        alliance_id, month = round_of_task(reading(), task_id)
        if not takes_part(person, alliance_id):
            raise  # an author who has left the alliance: the round is not theirs to see
        return page_of(month, alliance_id, error)
    flash(gettext(_SAID[act]), "success")
    if act is TaskAct.DO:
        return redirect(url_for("resource.show", public_id=public_id), code=303)
    at = url_for("rounds.show", month=month, alliance_id=alliance_id, _anchor="tasks")
    return redirect(at, code=303)

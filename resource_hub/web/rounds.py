"""The discussion round of an issue: its page, its list, its end."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from resource_hub.domain.catalogue import Month
from resource_hub.domain.discussion_round import MAX_REASON, STATE_LABELS, RoundAct, RoundState
from resource_hub.domain.errors import HubError, Invalid, WrongState
from resource_hub.domain.follow_ups import MAX_TASK, TASK_LABELS
from resource_hub.edge.current import hub, reading, require_person, writing
from resource_hub.edge.errors import status_of
from resource_hub.services import round_attendance, round_calling_off, round_planning
from resource_hub.services.queries.rounds import choices_of, round_page
from resource_hub.services.round_planning import waits_for_plan

blueprint = Blueprint("rounds", __name__, url_prefix="/catalogue")

AT = "/<month:month>/<int:alliance_id>/round"


@blueprint.app_template_filter("round_state")
def round_state(state: RoundState) -> str:
    """Such as “open now”."""
    return str(gettext(STATE_LABELS[state]))


@blueprint.get(AT)
def show(month: Month, alliance_id: int) -> ResponseReturnValue:
    """The round, for who takes part; whoever may plan it and has not, is led there."""
    person = require_person()
    if waits_for_plan(reading(), person, alliance_id, month):
        return redirect(url_for("round_plan.show", month=month, alliance_id=alliance_id))
    return page_of(month, alliance_id)


def page_of(month: Month, alliance_id: int, error: HubError | None = None) -> ResponseReturnValue:
    """The page, with what was typed and what is wrong with it."""
    page = round_page(reading(), require_person(), alliance_id, month, hub().now())
    content = render_template(
        "rounds/show.html",
        month=month,
        here={"month": month, "alliance_id": alliance_id},
        page=page,
        round=page.round,
        may={act.value for act in page.acts},
        task_labels=TASK_LABELS,
        max_task=MAX_TASK,
        max_reason=MAX_REASON,
        choices=choices_of(reading(), page.round.issue) if RoundAct.ASK in page.acts else (),
        typed=request.form,
        error=None if isinstance(error, Invalid) else error,
        problems=error.problems if isinstance(error, Invalid) else (),
    )
    return content, status_of(error) if error else 200


@blueprint.post(f"{AT}/close")
def close(month: Month, alliance_id: int) -> ResponseReturnValue:
    """End it now."""
    with writing() as uow:
        round_planning.close_now(uow, require_person(), alliance_id, month)
    flash(gettext("The round is over. Write its minutes, then publish them."), "success")
    return redirect(url_for(".show", month=month, alliance_id=alliance_id), code=303)


@blueprint.post(f"{AT}/call-off")
def call_off(month: Month, alliance_id: int) -> ResponseReturnValue:
    """Call it off, with a reason."""
    why = request.form.get("why", "").replace("\r\n", "\n")
    try:
        with writing() as uow:
            round_calling_off.call_off(uow, require_person(), alliance_id, month, why)
    except (Invalid, WrongState) as error:
        return page_of(month, alliance_id, error)
    flash(gettext("The round is called off, and those who meant to come are told."), "success")
    return redirect(url_for(".show", month=month, alliance_id=alliance_id), code=303)


@blueprint.post(f"{AT}/come")
def come(month: Month, alliance_id: int) -> ResponseReturnValue:
    """Say that one will come, or not after all."""
    comes = request.form.get("comes") == "yes"
    with writing() as uow:
        round_attendance.say_coming(uow, require_person(), alliance_id, month, comes=comes)
    flash(
        gettext("It is noted that you will come: you are told if the dates change.") if comes
        else gettext("It is noted that you will not come."),
        "success",
    )  # fmt: skip
    at = url_for(".show", month=month, alliance_id=alliance_id, _anchor="attendance")
    return redirect(at, code=303)


@blueprint.post(f"{AT}/attend")
def attend(month: Month, alliance_id: int) -> ResponseReturnValue:
    """Sign the list."""
    with writing() as uow:
        round_attendance.sign_list(uow, require_person(), alliance_id, month)
    flash(gettext("You are on the list of this round."), "success")
    at = url_for(".show", month=month, alliance_id=alliance_id, _anchor="attendance")
    return redirect(at, code=303)

"""The minutes of a round: the host's form, and how they are published."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from resource_hub.domain.catalogue import Month
from resource_hub.domain.discussion_round import MAX_MINUTES, RoundAct, require
from resource_hub.domain.errors import HubError, Invalid, WrongState
from resource_hub.edge.current import hub, reading, require_person, writing
from resource_hub.edge.errors import status_of
from resource_hub.edge.issue_words import labels_in
from resource_hub.edge.markdown import minutes
from resource_hub.edge.words import LANGUAGES, locale_name
from resource_hub.services import round_minutes
from resource_hub.services.round_access import find_round, parts_in

blueprint = Blueprint("round_minutes", __name__, url_prefix="/catalogue")
blueprint.add_app_template_filter(minutes, "minutes")

AT = "/<month:month>/<int:alliance_id>/round/minutes"


@blueprint.get(AT)
def write(month: Month, alliance_id: int) -> ResponseReturnValue:
    """The form: with what is kept, else with a draft of what happened."""
    return _form(month, alliance_id)


def _form(
    month: Month, alliance_id: int, typed: str | None = None, error: HubError | None = None
) -> ResponseReturnValue:
    person, session = require_person(), reading()
    found = find_round(session, person, alliance_id, month)
    state = found.dates.state(hub().now())
    require(RoundAct.WRITE, state, parts_in(person, found))
    labels = labels_in(LANGUAGES[locale_name()])
    fresh = round_minutes.draft_minutes(session, person, found, labels)
    text = typed if typed is not None else found.minutes or fresh
    content = render_template(
        "rounds/minutes.html",
        month=month,
        here={"month": month, "alliance_id": alliance_id},
        round=found,
        state=state,
        text=text,
        fresh=fresh if text != fresh else "",
        seen=request.form.get("seen", type=int) if isinstance(error, Invalid)
        else found.minutes_edits,
        most=MAX_MINUTES,
        error=None if isinstance(error, Invalid) else error,
        problems=error.problems if isinstance(error, Invalid) else (),
    )  # fmt: skip
    return content, status_of(error) if error else 200


@blueprint.post(AT)
def save(month: Month, alliance_id: int) -> ResponseReturnValue:
    """Keep them, look at them, or publish them: what the button says."""
    person, typed = require_person(), request.form.get("minutes", "").replace("\r\n", "\n")
    seen = request.form.get("seen", 0, type=int)
    publishes = request.form.get("do") == "publish"
    keep = round_minutes.publish_minutes if publishes else round_minutes.save_minutes
    try:
        with writing() as uow:
            keep(uow, person, alliance_id, month, typed, seen=seen)
    except (Invalid, WrongState) as error:
        return _refused(month, alliance_id, typed, error)
    if publishes:
        flash(gettext("The minutes are published; the PDF comes in a moment."), "success")
        return redirect(_at("rounds.show", month, alliance_id, "minutes"), code=303)
    flash(gettext("The minutes are saved; so far only those who host the round see them."),
          "success")  # fmt: skip
    return redirect(_at(".write", month, alliance_id), code=303)


def _at(endpoint: str, month: Month, alliance_id: int, anchor: str | None = None) -> str:
    return url_for(endpoint, month=month, alliance_id=alliance_id, _anchor=anchor)


def _refused(
    month: Month, alliance_id: int, typed: str, error: Invalid | WrongState
) -> ResponseReturnValue:
    """The form with what was typed, as long as there is something to go on with.

    Raises:
        WrongState: they are published.
    """
    found = find_round(reading(), require_person(), alliance_id, month)
    if found.minutes_at is not None:
        raise error
    return _form(month, alliance_id, typed, error)

"""The preparation of a round: dates, host, place and agenda, in one form."""

from datetime import datetime, time, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from resource_hub.domain.catalogue import Month
from resource_hub.domain.discussion_round import (
    MAX_INTRODUCTION,
    MAX_PLACE,
    MAX_TITLE,
    MAX_WORDS,
    RoundAct,
    require,
)
from resource_hub.domain.errors import HubError, Invalid, WrongState
from resource_hub.edge.current import hub, reading, require_person, writing
from resource_hub.edge.errors import status_of
from resource_hub.models import IssueRound
from resource_hub.services import issue_access, round_planning
from resource_hub.services.queries.rounds import choices_of
from resource_hub.services.round_access import find_round, parts_in
from resource_hub.services.round_agenda import PlanAct
from resource_hub.services.round_planning import Plan, waits_for_plan
from resource_hub.web.rounds import AT

blueprint = Blueprint("round_plan", __name__, url_prefix="/catalogue")

USUAL_DAYS = 14
"""What the form proposes."""

_LONGEST_NUMBER = 10
"""Digits of what a form names."""


@blueprint.get(f"{AT}/plan")
def show(month: Month, alliance_id: int) -> ResponseReturnValue:
    """The form: of a new round with usual dates, of another one as it is kept."""
    return _form(month, alliance_id)


def _form(
    month: Month, alliance_id: int, typed: Plan | None = None, error: HubError | None = None
) -> ResponseReturnValue:
    person, session = require_person(), reading()
    found = None
    if waits_for_plan(session, person, alliance_id, month):
        issue = issue_access.readable_issue(session, person, alliance_id, month)
    else:
        found = find_round(session, person, alliance_id, month)
        require(RoundAct.PREPARE, found.dates.state(hub().now()), parts_in(person, found))
        issue = found.issue
    kept = _usual() if found is None else _kept(found)
    content = render_template(
        "rounds/plan.html",
        month=month,
        here={"month": month, "alliance_id": alliance_id},
        issue=issue,
        round=found,
        kept=kept,
        form=typed or kept,
        has_begun=found is not None and found.dates.has_begun(hub().now()),
        is_off=found is not None and found.called_off_at is not None,
        choices=choices_of(session, issue) if found is not None else (),
        limits={"place": MAX_PLACE, "introduction": MAX_INTRODUCTION, "title": MAX_TITLE,
                "words": MAX_WORDS},
        error=None if isinstance(error, Invalid) else error,
        problems=error.problems if isinstance(error, Invalid) else (),
    )  # fmt: skip
    return content, status_of(error) if error else 200


@blueprint.post(f"{AT}/plan")
def save(month: Month, alliance_id: int) -> ResponseReturnValue:
    """Keep the preparation, and do what the button beside the agenda says."""
    person, typed = require_person(), _typed()
    act = _act(request.form.get("do", ""))
    is_new = waits_for_plan(reading(), person, alliance_id, month)
    try:
        with writing() as uow:
            if is_new:
                round_planning.plan_round(uow, person, alliance_id, month, typed)
            else:
                round_planning.change_round(uow, person, alliance_id, month, typed, act)
    except (Invalid, WrongState) as error:
        return _form(month, alliance_id, typed, error)
    if act is not None or is_new:
        place = "agenda" if act is not None else None
        if is_new:
            flash(gettext("The round is planned. This is its agenda; change it as you like."),
                  "success")  # fmt: skip
        at = url_for(".show", month=month, alliance_id=alliance_id, _anchor=place)
        return redirect(at, code=303)
    flash(gettext("The round is saved."), "success")
    return redirect(url_for("rounds.show", month=month, alliance_id=alliance_id), code=303)


def _act(button: str) -> tuple[PlanAct, int] | None:
    """Such as ``up:12``; None: it saves, and nothing else."""
    what, _colon, number = button.partition(":")
    return (PlanAct(what), _number(number) or 0) if what in set(PlanAct) else None


def _number(typed: str) -> int | None:
    return int(typed) if typed.isdecimal() and len(typed) < _LONGEST_NUMBER else None


def _typed() -> Plan:
    form = request.form
    agenda = {
        number: (text, form.get(f"words-{number}", "").replace("\r\n", "\n"))
        for name, text in form.items()
        if name.startswith("title-") and (number := _number(name.removeprefix("title-")))
    }
    return Plan(
        opens=form.get("opens", ""),
        closes=form.get("closes", ""),
        host=form.get("host", ""),
        place=form.get("place", ""),
        introduction=form.get("introduction", "").replace("\r\n", "\n"),
        agenda=agenda,
        new_title=form.get("new-title", ""),
        new_resource=form.get("new-resource", ""),
        seen=form.get("seen", 0, type=int),
    )


def _usual() -> Plan:
    today = hub().now().astimezone(hub().zone).date()
    opens = datetime.combine(today + timedelta(days=1), time(8))
    closes = datetime.combine(today + timedelta(days=1 + USUAL_DAYS), time(21))
    return Plan(f"{opens:%Y-%m-%dT%H:%M}", f"{closes:%Y-%m-%dT%H:%M}", require_person().name)


def _kept(found: IssueRound) -> Plan:
    zone = hub().zone
    return Plan(
        opens=f"{found.opens_at.astimezone(zone):%Y-%m-%dT%H:%M}",
        closes=f"{found.closes_at.astimezone(zone):%Y-%m-%dT%H:%M}",
        host=found.host.name,
        place=found.place,
        introduction=found.introduction,
        agenda={item.id: (item.title, item.words) for item in found.agenda},
        seen=found.edits,
    )

"""How an issue and its round went out, and the group robots by which the next ones will."""

import http.client

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from resource_hub.domain.catalogue import Month
from resource_hub.domain.errors import Invalid
from resource_hub.domain.robots import SERVICE_LABELS, TOPIC_LABELS
from resource_hub.edge.current import hub, reading, require_person, writing
from resource_hub.edge.errors import status_of
from resource_hub.edge.robot_cards import robot_of, trial_card
from resource_hub.models import Alliance
from resource_hub.notifications.robots import Busy, Refused, send
from resource_hub.services import delivering, issue_access, robots

blueprint = Blueprint("delivery", __name__, url_prefix="/catalogue")


@blueprint.get("/<month:month>/<int:alliance_id>/delivery")
def show(month: Month, alliance_id: int) -> ResponseReturnValue:
    """Whom the issue reached, by mail and in groups, and what failed."""
    person, session = require_person(), reading()
    return render_template(
        "catalogue/delivery.html",
        month=month,
        here={"month": month, "alliance_id": alliance_id},
        delivery=delivering.delivery_of(session, person, alliance_id, month),
        alliance=session.get_one(Alliance, alliance_id),
        topics=TOPIC_LABELS,
        sends_mail=bool(hub().smtp_url),
        may_edit=issue_access.may_edit(person, alliance_id),
    )


@blueprint.post("/<month:month>/<int:alliance_id>/delivery/<int:posting_id>/again")
def again(month: Month, alliance_id: int, posting_id: int) -> ResponseReturnValue:
    """Post a card anew, when the robot has been mended."""
    with writing() as uow:
        delivering.post_again(uow, require_person(), alliance_id, month, posting_id)
    flash(_("The card is posted again in a moment."), "success")
    return redirect(url_for(".show", month=month, alliance_id=alliance_id), code=303)


@blueprint.get("/robots/<int:alliance_id>")
def list_robots(alliance_id: int) -> ResponseReturnValue:
    """The robots of the alliance's groups, and a form to add one."""
    return _robots(alliance_id)


def _robots(alliance_id: int, error: Invalid | None = None) -> ResponseReturnValue:
    found = robots.robots_of(reading(), require_person(), alliance_id)
    page = render_template(
        "catalogue/robots.html",
        robots=found,
        alliance=reading().get_one(Alliance, alliance_id),
        services=[(service.value, _(label)) for service, label in SERVICE_LABELS.items()],
        typed=request.form,
        problems=error.problems if error else (),
    )
    return page, status_of(error) if error else 200


@blueprint.post("/robots/<int:alliance_id>")
def add_robot(alliance_id: int) -> ResponseReturnValue:
    """Set one up; what is wrong keeps the form, the secret included."""
    person, form = require_person(), request.form
    try:
        with writing() as uow:
            robot = robots.add_robot(
                uow,
                person,
                alliance_id,
                service=form.get("service", ""),
                name=form.get("name", ""),
                address=form.get("address", ""),
                secret=form.get("secret", ""),
                tells_rounds=bool(form.get("tells_rounds")),
                others=hub().robot_hosts,
            )
            name = robot.name
    except Invalid as error:
        return _robots(alliance_id, error)
    flash(_("%(name)s is added: send a card to try it.", name=name), "success")
    return redirect(url_for(".list_robots", alliance_id=alliance_id), code=303)


@blueprint.post("/robots/<int:alliance_id>/<int:robot_id>/remove")
def remove_robot(alliance_id: int, robot_id: int) -> ResponseReturnValue:
    """Take one away."""
    with writing() as uow:
        name = robots.remove_robot(uow, require_person(), alliance_id, robot_id)
    flash(_("Removed: %(words)s", words=name), "success")
    return redirect(url_for(".list_robots", alliance_id=alliance_id), code=303)


@blueprint.post("/robots/<int:alliance_id>/<int:robot_id>/rounds")
def choose_rounds(alliance_id: int, robot_id: int) -> ResponseReturnValue:
    """Say whether the group wants cards of rounds, too: ``wanted`` is 1 or empty."""
    wanted = bool(request.form.get("wanted"))
    with writing() as uow:
        robot = robots.let_tell_rounds(uow, require_person(), alliance_id, robot_id, wanted=wanted)
        name = robot.name
    flash(
        _("%(name)s: discussion rounds are announced there, too.", name=name)
        if wanted
        else _("%(name)s: discussion rounds are not announced there any more.", name=name),
        "success",
    )
    return redirect(url_for(".list_robots", alliance_id=alliance_id), code=303)


@blueprint.post("/robots/<int:alliance_id>/<int:robot_id>/try")
def try_robot(alliance_id: int, robot_id: int) -> ResponseReturnValue:
    """Post a card now, while the editor waits, and say what the service answered."""
    robot = robots.find_robot(reading(), require_person(), alliance_id, robot_id)
    try:
        send(robot_of(robot), trial_card(alliance_id), hub().now())
    except Refused as error:
        flash(
            _(
                "%(name)s: the service refused the card (%(reason)s). Compare address and secret"
                " with those in the group.",
                name=robot.name,
                reason=error,
            ),
            "danger",
        )
    except (Busy, OSError, http.client.HTTPException) as error:
        flash(
            _(
                "%(name)s: the service cannot be reached now (%(reason)s). Try again in a minute.",
                name=robot.name,
                reason=error,
            ),
            "danger",
        )
    else:
        flash(_("%(name)s: the card has arrived in the group.", name=robot.name), "success")
    return redirect(url_for(".list_robots", alliance_id=alliance_id), code=303)

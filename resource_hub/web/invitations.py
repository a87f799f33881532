"""Invite people from outside to judge one submission; their own way in."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from resource_hub.domain.errors import N_, HubError, Invalid, Missing, Problem, WrongState
from resource_hub.domain.people import Person
from resource_hub.edge.current import current_person, hub, reading, require_person, writing
from resource_hub.edge.errors import status_of
from resource_hub.edge.guests import TOKEN
from resource_hub.edge.words import say
from resource_hub.services import invitations
from resource_hub.services.invitations import wanted_by

blueprint = Blueprint("invitations", __name__)


@blueprint.get("/review/<int:submission_id>/invitations")
def listed(submission_id: int) -> ResponseReturnValue:
    """Who was asked to judge this submission, and a form to ask somebody."""
    return _listed(require_person(), submission_id)


@blueprint.post("/review/<int:submission_id>/invitations")
def invite(submission_id: int) -> ResponseReturnValue:
    """Ask somebody; a wrong address comes back with what was typed."""
    person = require_person()
    name, email = request.form.get("name", ""), request.form.get("email", "")
    try:
        with writing() as uow:
            made = invitations.invite(
                uow, person, submission_id, name=name, email=email, secret=hub().secret
            )
            link = f"{hub().public_url}/invited/{invitations.token_of(hub().secret, made)}"
    except Invalid as error:
        return _listed(person, submission_id, name, email, error.problems), status_of(error)
    if hub().smtp_url:
        flash(_("%(name)s is asked by mail.", name=name.strip()), "success")
    else:
        sentence = _("This hub sends no mails: give %(name)s this link: %(link)s")
        flash(sentence % {"name": name.strip(), "link": link}, "info")
    return redirect(url_for(".listed", submission_id=submission_id), code=303)


@blueprint.post("/review/<int:submission_id>/invitations/<int:invitation_id>/revoke")
def revoke(submission_id: int, invitation_id: int) -> ResponseReturnValue:
    """Take an invitation back."""
    person = require_person()
    with writing() as uow:
        invitations.revoke(uow, person, submission_id, invitation_id)
    flash(_("The invitation is taken back; its link works no more."), "success")
    return redirect(url_for(".listed", submission_id=submission_id), code=303)


@blueprint.get("/invited/<token>")
def welcome(token: str) -> ResponseReturnValue:
    """What one is asked for, by whom and until when; or why the link is good no more."""
    try:
        person = invitations.guest(reading(), token, hub().now())
    except (Missing, WrongState) as error:
        return _ended(error)
    invitation = invitations.by_token(reading(), token)
    return render_template(
        "review/invited.html",
        ended="",
        invitation=invitation,
        due=wanted_by(reading(), invitation, hub().zone) if invitation else None,
        person=person,
        token=token,
        somebody=current_person().name if current_person().is_signed_in else "",
    )


@blueprint.post("/invited/<token>")
def enter(token: str) -> ResponseReturnValue:
    """Open the desk of this one submission in this browser."""
    try:
        person = invitations.guest(reading(), token, hub().now())
    except (Missing, WrongState) as error:
        return _ended(error)
    if current_person().is_signed_in:
        raise WrongState(N_("Somebody is signed in in this browser. Sign out first."))
    session[TOKEN] = token
    return redirect(url_for("review.desk", submission_id=person.guest_of), code=303)


def _ended(error: HubError) -> ResponseReturnValue:
    page = render_template("review/invited.html", ended=say(error))
    return page, 404 if isinstance(error, Missing) else 410


def _listed(
    person: Person,
    submission_id: int,
    name: str = "",
    email: str = "",
    problems: Sequence[Problem] = (),
) -> str:
    submission, asked, refusal = invitations.invited(reading(), person, submission_id, hub().now())
    return render_template(
        "review/invitations.html",
        submission=submission,
        asked=asked,
        refusal=_(refusal) if refusal else "",
        name=name,
        email=email,
        problems=problems,
    )

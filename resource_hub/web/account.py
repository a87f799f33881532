"""Sign in and out, language, own profile, passwords."""

import re

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_user, logout_user

from resource_hub.domain.errors import N_, Invalid, NotAllowed, TooManyTries, WrongState
from resource_hub.edge.current import (
    SignedIn,
    current_person,
    hub,
    reading,
    require_person,
    writing,
)
from resource_hub.edge.errors import status_of
from resource_hub.edge.words import LANGUAGES
from resource_hub.models import User
from resource_hub.services import passwords, people, sign_in
from resource_hub.services.persons import find_person
from resource_hub.services.queries.profile import profile as profile_of

blueprint = Blueprint("account", __name__)


_OWN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def safe_next(target: str | None) -> str:
    """Where to go on: a path of this hub, or the front page; never another site."""
    return target if target and _OWN_PATH.fullmatch(target) else url_for("home.front")


@blueprint.route("/sign-in", endpoint="sign_in", methods=["GET", "POST"])
def sign_in_page() -> ResponseReturnValue:
    """Ask for name and password; a failure keeps the name and where to go on."""
    next_page = request.values.get("next", "")
    if request.method == "GET":
        if current_person().is_signed_in:
            return redirect(safe_next(next_page))
        return render_template("account/sign_in.html", login="", error=None, next=next_page)
    login, password = request.form.get("login", ""), request.form.get("password", "")
    address = request.remote_addr or ""
    limit = hub().sign_in_failures
    try:
        sign_in.refuse_too_many(
            reading(), login=login, address=address, now=hub().now(), limit=limit
        )
        user = sign_in.check_password(reading(), login, password)
        user_id = user.id if user else None
        with writing() as uow:
            token = sign_in.sign_in(uow, login=login, address=address, user_id=user_id, limit=limit)
    except (Invalid, TooManyTries) as error:
        page = render_template("account/sign_in.html", login=login, error=error, next=next_page)
        return page, status_of(error)
    language = session.get("language")
    session.clear()  # a new session: what someone planted before signing in is worth nothing
    session.permanent = True
    if language:
        session["language"] = language
    person = find_person(reading(), login)
    if person is not None:
        login_user(SignedIn(token, person))
    return redirect(safe_next(next_page), code=303)


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End this browser's sign-in; the token is worthless from now on, copied or not."""
    token = session.get("_user_id")
    if token:
        with writing() as uow:
            sign_in.sign_out(uow, token)
    logout_user()
    session.clear()
    flash(_("You are signed out."), "success")
    return redirect(url_for("home.front"), code=303)


@blueprint.post("/language")
def language() -> ResponseReturnValue:
    """Switch the language of this browser, and of the person if one is signed in."""
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        session["language"] = chosen
        person = current_person()
        if person.id is not None:
            with writing() as uow:
                user = uow.session.get(User, person.id)
                if user is not None:
                    user.language = chosen
    return redirect(safe_next(request.form.get("next")), code=303)


@blueprint.get("/account")
def profile() -> ResponseReturnValue:
    """Own name, school, roles and subjects."""
    person = require_person()
    return render_template("account/profile.html", profile=profile_of(reading(), person.id or 0))


@blueprint.route("/account/password", methods=["GET", "POST"])
def password() -> ResponseReturnValue:
    """Change the own password; every other browser is signed out, this one signs in again."""
    person = require_person()
    account = profile_of(reading(), person.id or 0).account
    if request.method == "GET":
        return render_template("account/password.html", account=account, problems=())
    present_hash = reading().get_one(User, person.id).password_hash
    try:
        new_hash = passwords.proven_new_hash(
            present_hash, old=request.form.get("old", ""), new=request.form.get("password", "")
        )
        with writing() as uow:
            people.set_password(
                uow, person, person.id or 0, present_hash=present_hash, new_hash=new_hash
            )
    except Invalid as error:
        page = render_template("account/password.html", account=account, problems=error.problems)
        return page, status_of(error)
    logout_user()
    session.clear()
    flash(_("Your password is changed. Sign in with the new one."), "success")
    return redirect(url_for(".sign_in"), code=303)


@blueprint.route("/forgotten", methods=["GET", "POST"])
def forgotten() -> ResponseReturnValue:
    """Ask for a link by mail; the answer is the same whether or not there is such an account."""
    if request.method == "GET":
        return render_template("account/forgotten.html", sent=False, has_mail=bool(hub().smtp_url))
    person = find_person(reading(), request.form.get("login", ""))
    if person is not None and person.id is not None and hub().smtp_url:
        with writing() as uow:
            sign_in.promise_link(uow, person.id)
    return render_template("account/forgotten.html", sent=True, has_mail=bool(hub().smtp_url))


@blueprint.route("/reset/<token>", methods=["GET", "POST"])
def reset(token: str) -> ResponseReturnValue:
    """Set a new password through a link; the link works once."""
    owner = passwords.token_owner(hub().secret, token)
    user = reading().get(User, owner[0]) if owner else None
    if owner is None or user is None or not passwords.still_valid(user, owner[1]):
        return render_template("account/reset_expired.html"), 410
    if request.method == "GET":
        return render_template("account/reset.html", user=user, problems=())
    user_id, account, present_hash = user.id, user.account, user.password_hash
    try:
        new_hash = passwords.new_hash(request.form.get("password", ""))
        with writing() as uow:
            person = find_person(uow.session, account)
            if person is None:
                raise NotAllowed(N_("This account is closed; ask your school's coordinator."))
            people.set_password(uow, person, user_id, present_hash=present_hash, new_hash=new_hash)
    except WrongState:
        return render_template("account/reset_expired.html"), 410
    except Invalid as error:
        page = render_template("account/reset.html", user=user, problems=error.problems)
        return page, status_of(error)
    flash(_("Your password is set. Sign in with it."), "success")
    return redirect(url_for(".sign_in"), code=303)

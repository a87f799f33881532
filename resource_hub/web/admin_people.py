"""People, their roles and their accounts, for administrators and coordinators."""

from typing import Any

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from resource_hub.domain.errors import N_, HubError, Invalid, Problem
from resource_hub.domain.people import Role
from resource_hub.domain.taxonomy import Scheme
from resource_hub.edge.current import hub, reading, require_person, taxonomy, writing
from resource_hub.edge.errors import status_of
from resource_hub.edge.pages import LinkedPages
from resource_hub.services import dismissing, mentoring, people
from resource_hub.services.queries.directory import require_school
from resource_hub.services.queries.members import (
    Givable,
    managed_schools,
    member_page,
)
from resource_hub.services.queries.members import members as members_of
from resource_hub.services.queries.organisations import school_names
from resource_hub.web.converters import row_number
from resource_hub.web.linked_data import address

blueprint = Blueprint("admin_people", __name__, url_prefix="/admin/people")


@blueprint.get("")
def members() -> ResponseReturnValue:
    """Everybody whom this person manages, page by page."""
    person = require_person()
    words = request.args.get("q", "").strip()[:100]
    school = request.args.get("school", "").strip()[:40]
    lines, paging = members_of(
        reading(),
        person,
        words=words,
        school_code=school,
        page=request.args.get("page", 1, type=int),
    )
    kept: dict[str, Any] = {"q": words or None, "school": school or None}  # Any: of an address
    return render_template(
        "admin/people.html",
        lines=lines,
        words=words,
        school=school,
        pages=LinkedPages(paging, lambda number: url_for(".members", **kept, page=number)),
    )


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    """The form for a new account."""
    return _new()


def _new(error: HubError | None = None) -> ResponseReturnValue:
    person = require_person()
    schools = managed_schools(reading(), person)
    page = render_template(
        "admin/new_person.html",
        schools=schools,
        names=[] if schools else school_names(reading(), person),
        subjects=[term.code for term in taxonomy().offered(Scheme.SUBJECT)],
        grades=[term.code for term in taxonomy().offered(Scheme.GRADE)],
        typed=request.form,
        typed_subjects=request.form.getlist("subjects"),
        typed_grades=request.form.getlist("grades"),
        problems=error.problems if isinstance(error, Invalid) else (),
    )
    return page, status_of(error) if error else 200


@blueprint.post("")
def add() -> ResponseReturnValue:
    """Open an account; its page is next, with the link for a first password."""
    person = require_person()
    form, own = request.form, managed_schools(reading(), person)
    try:
        with writing() as uow:
            if own:
                school_id: int | None = form.get("school_id", own[0][0], type=row_number)
            else:
                name = form.get("school", "").strip()
                school_id = require_school(uow.session, name).id if name else None
            user_id = people.add_person(
                uow,
                person,
                name=form.get("name", ""),
                account=form.get("account", ""),
                email=form.get("email", ""),
                school_id=school_id,
                subjects=_codes(Scheme.SUBJECT, "subjects"),
                grades=_codes(Scheme.GRADE, "grades"),
            ).id
    except Invalid as error:
        return _new(error)
    flash(_("The account is open. Make a link, so that a password can be chosen."), "success")
    return redirect(url_for(".member", user_id=user_id), code=303)


def _codes(scheme: Scheme, name: str) -> tuple[str, ...]:
    """What was ticked, each once, as far as it is in the list."""
    ticked = dict.fromkeys(request.form.getlist(name))
    return tuple(code for code in ticked if taxonomy().has(scheme, code))


@blueprint.get("/<int:user_id>")
def member(user_id: int) -> ResponseReturnValue:
    """One person: roles, account, and what can be done."""
    return _member(user_id)


def _member(user_id: int, error: Invalid | None = None, *, link: str = "") -> ResponseReturnValue:
    page = member_page(reading(), require_person(), user_id)
    answer: Response = make_response(
        render_template(
            "admin/person.html",
            page=page,
            one=page.listed,
            places=[(_place_value(each), each) for each in page.givable],
            subjects=[term.code for term in taxonomy().offered(Scheme.SUBJECT)],
            stages=[term.code for term in taxonomy().offered(Scheme.SCHOOL_STAGE)],
            typed=request.form,
            typed_subjects=request.form.getlist("subjects"),
            typed_stages=request.form.getlist("stages"),
            link=link,
            problems=error.problems if error else (),
            pairs=mentoring.pairs_of(reading(), user_id),
            colleagues=mentoring.possible(reading(), user_id) if page.listed.is_active else (),
        ),
        status_of(error) if error else 200,
    )
    if link:
        answer.headers["Cache-Control"] = "no-store"
    return answer


def _place_value(choice: Givable) -> str:
    """``reviewer:school:3``, ``editor:alliance:1`` or ``administrator``."""
    if choice.school_id is not None:
        return f"{choice.role}:school:{choice.school_id}"
    if choice.alliance_id is not None:
        return f"{choice.role}:alliance:{choice.alliance_id}"
    return choice.role.value


def _read_place(value: str) -> tuple[Role, int | None, int | None]:
    """The other way: the role, its school and its alliance.

    Raises:
        Invalid: nothing was chosen, or not from the list.
    """
    word, _colon, place = value.partition(":")
    where, _colon, number = place.partition(":")
    try:
        role, found = Role(word), row_number(number) if place else None
    except ValueError as error:
        raise Invalid([Problem("role", N_("Choose a role."))]) from error
    if place and where not in {"school", "alliance"}:
        raise Invalid([Problem("role", N_("Choose a role."))])
    return role, found if where == "school" else None, found if where == "alliance" else None


@blueprint.post("/<int:user_id>/roles")
def appoint(user_id: int) -> ResponseReturnValue:
    """Give a role; the same role in the same place gets the new subjects and stages."""
    person = require_person()
    try:
        role, school_id, alliance_id = _read_place(request.form.get("role", ""))
        narrowed = role is Role.REVIEWER
        with writing() as uow:
            member_page(uow.session, person, user_id)
            people.appoint(
                uow,
                person,
                user_id,
                role,
                school_id=school_id,
                alliance_id=alliance_id,
                subjects=_codes(Scheme.SUBJECT, "subjects") if narrowed else (),
                stages=_codes(Scheme.SCHOOL_STAGE, "stages") if narrowed else (),
            )
    except Invalid as error:
        return _member(user_id, error)
    flash(_("The role is given."), "success")
    return redirect(url_for(".member", user_id=user_id), code=303)


@blueprint.post("/<int:user_id>/roles/<int:appointment_id>/dismiss")
def dismiss(user_id: int, appointment_id: int) -> ResponseReturnValue:
    """Take a role back."""
    person = require_person()
    try:
        with writing() as uow:
            member_page(uow.session, person, user_id)
            dismissing.dismiss(uow, person, appointment_id, user_id=user_id)
    except Invalid as error:
        return _member(user_id, error)
    flash(_("The role is taken back."), "success")
    if person.id == user_id:
        return redirect(url_for("account.profile"), code=303)
    return redirect(url_for(".member", user_id=user_id), code=303)


@blueprint.post("/<int:user_id>/mentors")
def pair(user_id: int) -> ResponseReturnValue:
    """Enter somebody as the mentor or the mentee of this person."""
    person = require_person()
    other = request.form.get("other", 0, type=row_number)
    mentor, mentee = (user_id, other) if request.form.get("as") == "mentee" else (other, user_id)
    member_page(reading(), person, user_id)
    try:
        with writing() as uow:
            mentoring.pair(uow, person, mentor_id=mentor, mentee_id=mentee)
    except Invalid as error:
        return _member(user_id, error)
    flash(_("The pair is entered: neither reviews the other's work."), "success")
    return redirect(url_for(".member", user_id=user_id), code=303)


@blueprint.post("/<int:user_id>/mentors/<int:pair_id>/end")
def part(user_id: int, pair_id: int) -> ResponseReturnValue:
    """End a pair."""
    person = require_person()
    member_page(reading(), person, user_id)
    with writing() as uow:
        mentoring.part(uow, person, pair_id)
    flash(_("The pair is ended."), "success")
    return redirect(url_for(".member", user_id=user_id), code=303)


@blueprint.post("/<int:user_id>/close")
def close(user_id: int) -> ResponseReturnValue:
    """Close an account: nobody signs in with it, what the person shared stays."""
    return _set_active(user_id, active=False)


@blueprint.post("/<int:user_id>/open")
def reopen(user_id: int) -> ResponseReturnValue:
    """Open a closed account again."""
    return _set_active(user_id, active=True)


def _set_active(user_id: int, *, active: bool) -> ResponseReturnValue:
    person = require_person()
    member_page(reading(), person, user_id)
    try:
        with writing() as uow:
            dismissing.set_active(uow, person, user_id, active=active)
    except Invalid as error:
        return _member(user_id, error)
    flash(_("The account is open again.") if active else _("The account is closed."), "success")
    return redirect(url_for(".member", user_id=user_id), code=303)


@blueprint.post("/<int:user_id>/link")
def link(user_id: int) -> ResponseReturnValue:
    """Show, once, the link by which the person chooses a password."""
    person = require_person()
    member_page(reading(), person, user_id)
    with writing() as uow:
        token = people.password_link(uow, person, user_id, secret=hub().secret)
    return _member(user_id, link=address("account.reset", token=token))

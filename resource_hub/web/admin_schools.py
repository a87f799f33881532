"""Schools and alliances, for administrators."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from resource_hub.domain.errors import Invalid, Problem
from resource_hub.domain.taxonomy import ALLIANCE_KIND_LABELS, AllianceKind
from resource_hub.edge.current import reading, require_person, writing
from resource_hub.edge.errors import status_of
from resource_hub.edge.pages import LinkedPages
from resource_hub.edge.words import say
from resource_hub.models import Standing
from resource_hub.services import organisations
from resource_hub.services.queries.organisations import (
    alliance_lines,
    alliance_page,
    schools_page,
)

blueprint = Blueprint("admin_schools", __name__, url_prefix="/admin")


@blueprint.get("/schools")
def schools() -> ResponseReturnValue:
    """All schools, and a form to add some."""
    return _schools()


def _schools(error: Invalid | None = None) -> ResponseReturnValue:
    person = require_person()
    words = request.args.get("q", "").strip()[:100]
    lines, paging = schools_page(
        reading(), person, words=words, page=request.args.get("page", 1, type=int)
    )
    page = render_template(
        "admin/schools.html",
        lines=lines,
        words=words,
        pages=LinkedPages(paging, lambda number: url_for(".schools", q=words or None, page=number)),
        typed=request.form.get("lines", ""),
        problems=problems_by_line(error),
    )
    return page, status_of(error) if error else 200


def problems_by_line(error: Invalid | None) -> Mapping[str, str]:
    """What is wrong with a field of many lines, said in one sentence for each line."""
    if error is None:
        return {}
    return {"lines": " ".join(_line_sentence(problem) for problem in error.problems)}


def _line_sentence(problem: Problem) -> str:
    number = problem.field.removeprefix("line-")
    if not number.isdigit():
        return say(problem)
    return str(_("Line %(number)s: %(problem)s", number=number, problem=say(problem)))


@blueprint.post("/schools")
def add_schools() -> ResponseReturnValue:
    """Add one school a line; with one wrong line none is added, and all that was typed is kept."""
    person = require_person()
    try:
        with writing() as uow:
            number = len(organisations.add_schools(uow, person, request.form.get("lines", "")))
    except Invalid as error:
        return _schools(error)
    flash(ngettext("%(num)s school is added.", "%(num)s schools are added.", number), "success")
    return redirect(url_for(".schools"), code=303)


@blueprint.get("/alliances")
def alliances() -> ResponseReturnValue:
    """All alliances, and a form to add one."""
    return _alliances()


def _alliances(error: Invalid | None = None) -> ResponseReturnValue:
    page = render_template(
        "admin/alliances.html",
        lines=alliance_lines(reading(), require_person()),
        kinds=[(kind.value, _(words)) for kind, words in ALLIANCE_KIND_LABELS.items()],
        typed=request.form,
        problems=error.problems if error else (),
    )
    return page, status_of(error) if error else 200


@blueprint.post("/alliances")
def add_alliance() -> ResponseReturnValue:
    """Add an alliance; its page is next, for it has no schools yet."""
    person, kind = require_person(), request.form.get("kind", "")
    try:
        with writing() as uow:
            alliance_id = organisations.add_alliance(
                uow,
                person,
                name=request.form.get("name", ""),
                kind=AllianceKind(kind) if kind in set(AllianceKind) else AllianceKind.MERGED,
            ).id
    except Invalid as error:
        return _alliances(error)
    flash(_("The alliance is added. Let its schools join."), "success")
    return redirect(url_for(".alliance", alliance_id=alliance_id), code=303)


@blueprint.get("/alliances/<int:alliance_id>")
def alliance(alliance_id: int) -> ResponseReturnValue:
    """The schools of an alliance, and a form to let more join."""
    return _alliance(alliance_id)


def _alliance(alliance_id: int, error: Invalid | None = None) -> ResponseReturnValue:
    page = render_template(
        "admin/alliance.html",
        page=alliance_page(reading(), require_person(), alliance_id),
        typed=request.form.get("lines", ""),
        standing=_standing().value,
        problems=problems_by_line(error),
    )
    return page, status_of(error) if error else 200


def _standing() -> Standing:
    typed = request.form.get("standing", "")
    return Standing(typed) if typed in set(Standing) else Standing.MEMBER


@blueprint.post("/alliances/<int:alliance_id>/join")
def join(alliance_id: int) -> ResponseReturnValue:
    """Let schools join, one a line; one that is there already gets the new standing."""
    person = require_person()
    try:
        with writing() as uow:
            number = len(
                organisations.join_many(
                    uow,
                    person,
                    alliance_id=alliance_id,
                    text=request.form.get("lines", ""),
                    standing=_standing(),
                )
            )
    except Invalid as error:
        return _alliance(alliance_id, error)
    flash(
        ngettext("%(num)s school belongs to it now.", "%(num)s schools belong to it now.", number),
        "success",
    )
    return redirect(url_for(".alliance", alliance_id=alliance_id), code=303)


@blueprint.post("/alliances/<int:alliance_id>/schools/<int:school_id>")
def stand(alliance_id: int, school_id: int) -> ResponseReturnValue:
    """Make a school of the alliance its core, or a member again."""
    person = require_person()
    with writing() as uow:
        organisations.join(
            uow, person, alliance_id=alliance_id, school_id=school_id, standing=_standing()
        )
    flash(_("The standing is changed."), "success")
    return redirect(url_for(".alliance", alliance_id=alliance_id), code=303)


@blueprint.post("/alliances/<int:alliance_id>/schools/<int:school_id>/leave")
def leave(alliance_id: int, school_id: int) -> ResponseReturnValue:
    """End a membership; what was shared stays shared."""
    person = require_person()
    with writing() as uow:
        organisations.leave(uow, person, alliance_id=alliance_id, school_id=school_id)
    flash(_("The school has left. What it has shared stays."), "success")
    return redirect(url_for(".alliance", alliance_id=alliance_id), code=303)

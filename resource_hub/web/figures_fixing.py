"""Answer objections, fix a school's figures, fetch their files; rules and terms of an alliance."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from resource_hub.catalogue.formats import media_type_of
from resource_hub.catalogue.statement_words import points_words
from resource_hub.domain.errors import HubError, Invalid, WrongState
from resource_hub.domain.points import Figure
from resource_hub.domain.uploads import clean_filename
from resource_hub.edge.current import reading, require_person, writing
from resource_hub.edge.errors import status_of
from resource_hub.edge.figure_words import period_name
from resource_hub.edge.words import say
from resource_hub.services import figures_fixing as fixing
from resource_hub.services import figures_rules
from resource_hub.services.figures import Scope
from resource_hub.services.figures_files import find_file
from resource_hub.services.queries.stored_files import StoredBytes
from resource_hub.web.ages import today
from resource_hub.web.figures import sheet_address, show_school
from resource_hub.web.sending import send_file

blueprint = Blueprint("figures_fixing", __name__, url_prefix="/figures")


@blueprint.post("/<int:alliance_id>/<period>/schools/<int:school_id>/answers/<int:objection_id>")
def answer(alliance_id: int, period: str, school_id: int, objection_id: int) -> ResponseReturnValue:
    """Answer an objection."""
    try:
        with writing() as uow:
            fixing.answer(uow, require_person(), objection_id, request.form.get("answer", ""))
    except (Invalid, WrongState) as error:
        return show_school(alliance_id, period, school_id, error, objection_id)
    flash(_("Your answer is sent."), "success")
    return redirect(sheet_address(alliance_id, period, school_id), code=303)


@blueprint.post("/<int:alliance_id>/<period>/schools/<int:school_id>/fix")
def fix(alliance_id: int, period: str, school_id: int) -> ResponseReturnValue:
    """Fix the figures for good."""
    try:
        with writing() as uow:
            fixing.fix(uow, require_person(), Scope(alliance_id, school_id), period)
    except WrongState as error:
        return show_school(alliance_id, period, school_id, error)
    flash(_("The figures are fixed. Workbook and PDF are being written."), "success")
    return redirect(sheet_address(alliance_id, period, school_id), code=303)


@blueprint.get("/<int:alliance_id>/<period>/schools/<int:school_id>/files/<int:file_id>")
def file(alliance_id: int, period: str, school_id: int, file_id: int) -> ResponseReturnValue:
    """A file of fixed figures, as it was written."""
    scope = Scope(alliance_id, school_id)
    found, school = find_file(reading(), require_person(), scope, period, file_id)
    of = f"{school}-{period_name(period)}".replace("/", "-")
    return send_file(
        StoredBytes(
            key=found.blob_hash,
            size=found.size,
            filename=clean_filename(f"{_('Figures')}-{of}.{found.format}"),
            format=found.format,
            media_type=media_type_of(found.format),
            stored_at=found.made_at,
            public_id=f"figures-{period}",
        ),
        inline=False,
    )


@blueprint.get("/<int:alliance_id>/rules")
def rules(alliance_id: int) -> ResponseReturnValue:
    """How points are counted, since when, and when terms begin."""
    return _rules(alliance_id)


def _rules(alliance_id: int, error: HubError | None = None) -> ResponseReturnValue:
    session = reading()
    alliance = figures_rules.require_rule_maker(session, require_person(), alliance_id)
    versions = figures_rules.versions(session, alliance_id)
    newest = versions[0] if versions else figures_rules.USUAL
    worths = {each.figure: each for each in newest.worths}
    kept = {"open_days": str(newest.open_days), "valid_from": today().isoformat()}
    for figure, worth in worths.items():
        kept[figure.value] = points_words(worth.each)
        kept[f"{figure.value}_most"] = points_words(worth.most) if worth.most is not None else ""
    calendar = figures_rules.school_calendar(session, alliance_id)
    year = calendar.school_year_of(today())
    page = render_template(
        "figures/rules.html",
        alliance=alliance,
        versions=versions,
        newest=newest,
        figures=list(Figure),
        typed=request.form if error and "year" not in request.form else kept,
        terms=[calendar.dates(each) for each in (year - 1, year, year + 1)],
        typed_terms=request.form if error and "year" in request.form else {},
        refusal=say(error) if isinstance(error, WrongState) else "",
        problems=error.problems if isinstance(error, Invalid) else (),
    )
    return page, status_of(error) if error else 200


@blueprint.post("/<int:alliance_id>/rules")
def save_rule(alliance_id: int) -> ResponseReturnValue:
    """Add a version of the rule."""
    typed = request.form.to_dict()
    try:
        with writing() as uow:
            figures_rules.save_rule(
                uow,
                require_person(),
                alliance_id,
                typed,
                seen=request.form.get("seen", -1, type=int),
            )
    except (Invalid, WrongState) as error:
        return _rules(alliance_id, error)
    flash(_("The rule is saved. Figures that are fixed keep the rule they had."), "success")
    return redirect(url_for(".rules", alliance_id=alliance_id), code=303)


@blueprint.post("/<int:alliance_id>/terms")
def save_terms(alliance_id: int) -> ResponseReturnValue:
    """Enter when the terms of a school year begin."""
    form = request.form
    try:
        with writing() as uow:
            figures_rules.save_terms(
                uow,
                require_person(),
                alliance_id,
                form.get("year", 0, type=int),
                first=form.get("first", ""),
                second=form.get("second", ""),
                seen=form.get("seen", ""),
            )
    except (Invalid, WrongState) as error:
        return _rules(alliance_id, error)
    flash(_("The terms are saved."), "success")
    return redirect(url_for(".rules", alliance_id=alliance_id), code=303)

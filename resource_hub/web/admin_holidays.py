"""The holidays of a year, as the State Council announces them, for administrators."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from resource_hub.domain.errors import HubError, Invalid, WrongState
from resource_hub.edge.current import reading, require_person, writing
from resource_hub.edge.errors import status_of
from resource_hub.edge.words import say
from resource_hub.services import holidays
from resource_hub.services.organisations import require_administrator
from resource_hub.web.ages import today

blueprint = Blueprint("admin_holidays", __name__, url_prefix="/admin/holidays")


@blueprint.get("")
def index() -> ResponseReturnValue:
    """To the year that is running."""
    require_administrator(require_person())
    return redirect(url_for(".year", year=today().year))


@blueprint.get("/<int:year>")
def year(year: int) -> ResponseReturnValue:
    """One year, and the way to the others."""
    return _show(year)


def _show(year: int, error: HubError | None = None) -> ResponseReturnValue:
    require_administrator(require_person())
    known = holidays.known_year(reading(), year)
    years = {each.year for each in holidays.known_years(reading())}
    typed = request.form if error else {}
    page = render_template(
        "admin/holidays.html",
        known=known,
        years=sorted(years | {known.year, today().year, today().year + 1}),
        off=typed.get("off", "\n".join(known.days.off)),
        worked=typed.get("worked", "\n".join(known.days.worked)),
        free=len(known.days.days_off()),
        refusal=say(error) if isinstance(error, WrongState) else "",
        problems=error.problems if isinstance(error, Invalid) else (),
    )
    return page, status_of(error) if error else 200


@blueprint.post("/<int:year>")
def save(year: int) -> ResponseReturnValue:
    """Enter the days; what is due already keeps its day."""
    form = request.form
    try:
        with writing() as uow:
            holidays.save_year(
                uow,
                require_person(),
                year,
                off=form.get("off", ""),
                worked=form.get("worked", ""),
                seen=form.get("seen", -1, type=int),
            )
    except (Invalid, WrongState) as error:
        return _show(year, error)
    flash(_("The days of %(year)s are saved. What is due already keeps its day.", year=year),
          "success")  # fmt: skip
    return redirect(url_for(".year", year=year), code=303)


@blueprint.post("/<int:year>/drop")
def drop(year: int) -> ResponseReturnValue:
    """Go back to what came with the hub."""
    with writing() as uow:
        holidays.drop_year(uow, require_person(), year)
    flash(_("For %(year)s what came with the hub applies again.", year=year), "success")
    return redirect(url_for(".year", year=year), code=303)

"""The annual report of an alliance, as a page and as PDF."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from resource_hub.catalogue.annual import AnnualData, annual_charts
from resource_hub.catalogue.charts import NARROW
from resource_hub.catalogue.formats import PDF, media_type_of
from resource_hub.catalogue.print.annual import annual_pdf
from resource_hub.domain.points import Figure
from resource_hub.domain.school_year import Span
from resource_hub.edge.current import hub, reading, require_person
from resource_hub.edge.figure_words import own_labels, period_name
from resource_hub.services.annual_report import annual_report
from resource_hub.services.figures_rules import school_calendar
from resource_hub.web.ages import today
from resource_hub.web.sending import send_made

blueprint = Blueprint("annual_report", __name__, url_prefix="/figures")

YEARS = 3
"""Of each kind that are offered."""


def _report(alliance_id: int, period: str) -> AnnualData:
    person, zone = require_person(), hub().zone
    return annual_report(reading(), person, alliance_id, period, zone=zone, today=today())


@blueprint.get("/<int:alliance_id>/<period>/annual")
def show(alliance_id: int, period: str) -> ResponseReturnValue:
    """What the alliance has done over a year."""
    report = _report(alliance_id, period)
    calendar = school_calendar(reading(), alliance_id)
    years = [
        each.key
        for span in (Span.SCHOOL_YEAR, Span.YEAR)
        for each in calendar.back_from(today(), span, YEARS)
    ]
    return render_template(
        "figures/annual.html",
        report=report,
        key=period,
        alliance_id=alliance_id,
        years=years,
        charts=annual_charts(report, own_labels()),
        chart_width=NARROW,
        figures=list(Figure),
    )


@blueprint.get("/<int:alliance_id>/<period>/annual.pdf")
def pdf(alliance_id: int, period: str) -> ResponseReturnValue:
    """The same to print."""
    report = _report(alliance_id, period)
    name = f"{_('Annual report')}-{period_name(period)}.pdf"
    content = annual_pdf(report, own_labels())
    return send_made(content, media_type_of(PDF), name, instead=f"annual-{period}")

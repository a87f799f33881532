"""What was looked for in vain, month by month, for editors."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from resource_hub.domain.catalogue import Month
from resource_hub.edge.current import hub, reading, require_person
from resource_hub.edge.pages import LinkedPages
from resource_hub.services.queries.fruitless import missed_in, months_of_missed

blueprint = Blueprint("searches", __name__)


@blueprint.get("/searches")
def latest() -> ResponseReturnValue:
    """The latest month in which something was missed."""
    return _month(None)


@blueprint.get("/searches/<month:month>")
def month(month: Month) -> ResponseReturnValue:
    """One month, what was missed most often first."""
    return _month(month)


def _month(chosen: Month | None) -> ResponseReturnValue:
    person = require_person()
    months = months_of_missed(reading(), person)
    if chosen is None:
        latest = months[0].month if months else str(Month.of(hub().now(), hub().zone))
        chosen = Month.parse(latest)
    missed, paging = missed_in(
        reading(), person, chosen, page=request.args.get("page", 1, type=int)
    )
    return render_template(
        "searches/month.html",
        month=chosen,
        months=months,
        missed=missed,
        pages=LinkedPages(paging, lambda number: url_for(".month", month=chosen, page=number)),
    )

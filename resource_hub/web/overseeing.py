"""Who holds what and how reviews go, for those who answer for it; reviewers find their own."""

from collections.abc import Mapping
from dataclasses import replace

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from resource_hub.domain.agreement import FEWEST_PAIRS, Strength
from resource_hub.domain.errors import N_
from resource_hub.edge.current import hub, reading, require_person
from resource_hub.edge.pages import LinkedPages
from resource_hub.edge.words import locale_name
from resource_hub.services.queries.agreement import agreements
from resource_hub.services.queries.oversight import (
    answers_for,
    loads,
    may_oversee,
    number_unheld,
)
from resource_hub.services.queries.queues import Order, Queue, Sought
from resource_hub.services.queries.review_load import open_ages, reviewer_loads
from resource_hub.services.queries.sheets import heaps
from resource_hub.services.queries.waiting import lines
from resource_hub.services.together import Together
from resource_hub.web.ages import days_since, today
from resource_hub.web.beside import list_held
from resource_hub.web.inbox import dated

blueprint = Blueprint("overseeing", __name__)

STRENGTHS: Mapping[Strength, str] = {
    Strength.BY_CHANCE: N_("no more than by chance"),
    Strength.SLIGHT: N_("slight"),
    Strength.FAIR: N_("fair"),
    Strength.MODERATE: N_("moderate"),
    Strength.SUBSTANTIAL: N_("substantial"),
    Strength.ALMOST_PERFECT: N_("almost perfect"),
}

ACTS = [Together.REMIND, Together.HAND_OVER, Together.RELEASE]


@blueprint.get("/inbox/held")
def who_holds_what() -> ResponseReturnValue:
    """Each person's load with its ages, and what it is made of."""
    person, day = require_person(), today()
    found = loads(reading(), person, today=day)
    unheld = number_unheld(reading(), person)
    chosen = request.args.get("holder", type=int)
    if chosen not in {0, *(load.person_id for load in found)}:
        chosen = None
    every = Queue(person, answers_for(person), day)
    shown, sheet = lines(
        reading(),
        replace(every, holder_id=chosen),
        Sought(order=Order.DUE),
        page=request.args.get("page", 1, type=int),
    )
    of_all = sheet.heaps if chosen is None else heaps(reading(), every)
    return render_template(
        "inbox/held.html",
        loads=[(load, days_since(load.oldest_since), (load.next_due - day).days) for load in found],
        unheld=unheld,
        every=of_all.number(Sought()),
        chosen=chosen,
        name=next((load.name for load in found if load.person_id == chosen), ""),
        lines=dated(shown),
        pages=LinkedPages(
            sheet.paging, lambda number: url_for(".who_holds_what", holder=chosen, page=number)
        ),
        list=list_held(chosen),
        acts=[act.value for act in ACTS],
    )


@blueprint.get("/inbox/how-reviews-go")
def how_reviews_go() -> ResponseReturnValue:
    """Load and speed of each reviewer, ages of what is open, and how far reviewers agree."""
    person, now = require_person(), hub().now()
    found, paging = reviewer_loads(
        reading(), person, now=now, page=request.args.get("page", 1, type=int)
    )
    lines = agreements(reading(), person, now=now, locale=locale_name())
    return render_template(
        "inbox/how_reviews_go.html",
        oversees=may_oversee(person),
        ages=open_ages(reading(), person, now=now),
        loads=found,
        pages=LinkedPages(paging, lambda number: url_for(".how_reviews_go", page=number)),
        agreements=[
            (line, _(STRENGTHS[strength]) if (strength := line.agreement.strength) else "")
            for line in lines
        ],
        enough=any(line.agreement.is_enough for line in lines),
        most=max((line.agreement.pairs for line in lines), default=0),
        fewest=FEWEST_PAIRS,
    )

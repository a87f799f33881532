"""The front page: search, what waits for you, what is new, the ways in, the latest issue."""

from collections.abc import Mapping

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from resource_hub.domain.taxonomy import Scheme
from resource_hub.edge.cards import shown
from resource_hub.edge.current import current_person, hub, reading, taxonomy
from resource_hub.edge.words import label
from resource_hub.services.queries import front
from resource_hub.services.queries.axes import WAYS_IN, Axis
from resource_hub.services.queries.browse import school_names
from resource_hub.services.queries.issues import latest_issue
from resource_hub.services.queries.shelf import newest
from resource_hub.services.queries.shelf_counts import count_shelf

blueprint = Blueprint("home", __name__)

SCHOOLS_SHOWN = 12


@blueprint.get("/", endpoint="front")
def front_page() -> ResponseReturnValue:
    """Everything that a person may want first; an empty hub says what to do next."""
    session, person, now = reading(), current_person(), hub().now()
    newest_cards = newest(session, person, now)
    if not newest_cards:
        return render_template(
            "home/empty.html",
            to_finish=front.to_finish(session, person),
            has_schools=front.has_schools(session),
        )
    counted = count_shelf(session, hub().search, person, now, {}, WAYS_IN)
    return render_template(
        "home/front.html",
        resources=counted.total,
        school_count=len(counted.by[Axis.SCHOOL]),
        to_finish=front.to_finish(session, person),
        cards=[shown(card) for card in newest_cards],
        issue=latest_issue(session, person),
        subjects=_terms(counted.by[Axis.SUBJECT], Scheme.SUBJECT),
        grades=_terms(counted.by[Axis.GRADE], Scheme.GRADE),
        schools=_schools(counted.by[Axis.SCHOOL]),
        schools_shown=SCHOOLS_SHOWN,
    )


def _terms(counts: Mapping[str, int], scheme: Scheme) -> list[dict[str, object]]:
    """The subjects or grades with something on the shelf, in the order of the taxonomy."""
    order = {term.code: place for place, term in enumerate(taxonomy().terms)}
    return [
        {
            "label": label(code, scheme.value),
            "count": counts[code],
            "url": url_for("browse.shelf", axis=scheme.value, code=code),
            "subject": code if scheme is Scheme.SUBJECT else None,
        }
        for code in sorted(counts, key=lambda code: order.get(code, len(order)))
    ]


def _schools(counts: Mapping[str, int]) -> list[dict[str, object]]:
    """The schools that share most, largest first; those that the index alone knows are left out."""
    most = sorted(counts, key=lambda code: (-counts[code], code))[:SCHOOLS_SHOWN]
    names = school_names(reading(), most)
    return [
        {
            "label": names[code],
            "count": counts[code],
            "url": url_for("browse.shelf", axis="school", code=code),
        }
        for code in most
        if code in names
    ]

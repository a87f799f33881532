"""How reviews work here, for everybody: criteria, rules, who judges, how long, appeals, badges."""

from datetime import timedelta

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from resource_hub.domain.endorsement import Badge
from resource_hub.domain.review_form import Sheet
from resource_hub.domain.submissions import REASON_LABELS
from resource_hub.edge.current import hub, reading
from resource_hub.edge.words import locale_name
from resource_hub.services.queries.policies import Line, PlacePolicies, published_policies
from resource_hub.services.queries.speed import FEWEST_DECISIONS, FEWEST_PEOPLE, subject_speeds
from resource_hub.services.review_forms import ALL_KINDS, forms_in_use, shipped_form
from resource_hub.web.opinion_form import shown_form
from resource_hub.web.policy_words import policy_sentences

blueprint = Blueprint("review_rules", __name__)

YEAR = timedelta(days=365)


@blueprint.get("/review-rules")
def show() -> ResponseReturnValue:
    """One page that a visitor can read and an author can point at."""
    session = reading()
    forms = forms_in_use(session)
    usual = forms.get(ALL_KINDS) or shipped_form()
    places = published_policies(session)

    def said(line: Line) -> str:
        form = forms.get(line.kind.value) if line.kind else None
        return policy_sentences(line.policy, form or usual, locale_name())

    def lines(place: PlacePolicies) -> list[tuple[str, str]]:
        """By the code of the kind, empty for all, what it means; as far as it is the own rule."""
        return [
            (line.kind.value if line.kind else "", said(line))
            for line in place.lines
            if line.is_own or (place.alliance_id is None and line.kind is None)
        ]

    return render_template(
        "review_rules/show.html",
        hub_lines=lines(places[0]),
        alliances=[(place.name, own) for place in places[1:] if (own := lines(place))],
        are_others=any(not lines(place) for place in places[1:]),
        forms=[("", shown_form(usual, Sheet()))]
        + [(kind, shown_form(form, Sheet())) for kind, form in forms.items() if kind != ALL_KINDS],
        reasons=[_(words) for words in REASON_LABELS.values()],
        speeds=subject_speeds(session, since=hub().now() - YEAR),
        fewest=(FEWEST_DECISIONS, FEWEST_PEOPLE),
        badges=list(reversed(Badge)),
    )

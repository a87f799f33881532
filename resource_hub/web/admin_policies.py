"""What resources must pass, by alliance and kind, for administrators."""

import re

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from resource_hub.domain.errors import N_, HubError, Invalid, Missing, WrongState
from resource_hub.domain.policy import APPROVALS, MOST_DAYS, Policy, Stage
from resource_hub.domain.review_form import Form
from resource_hub.domain.taxonomy import Kind
from resource_hub.edge.current import reading, require_person, writing
from resource_hub.edge.errors import status_of
from resource_hub.edge.words import label, say
from resource_hub.services.policies import drop_policy, form_of, save_policy
from resource_hub.services.queries.policies import Line, policies, policies_of
from resource_hub.services.review_forms import forms_in_use, shipped_form
from resource_hub.services.shortages import Shortage
from resource_hub.web.policy_words import policy_sentences, policy_typed

MOST_NAMED = 3
"""Schools that the warning names, and subjects of each."""

blueprint = Blueprint("admin_policies", __name__, url_prefix="/admin/policies")

PLACE = re.compile(r"[0-9]{1,9}")
HUB, ALL = "hub", "all"
"""What stands in an address for no alliance in particular, and for no kind in particular."""


def _alliance_id(place: str) -> int | None:
    if place == HUB:
        return None
    if not PLACE.fullmatch(place):
        raise Missing(N_("There is no such alliance."))
    return int(place)


def _kind(word: str) -> Kind | None:
    if word == ALL:
        return None
    if word not in set(Kind):
        raise Missing(N_("There is no such kind."))
    return Kind(word)


def _sentences(policy: Policy, form: Form) -> str:
    return policy_sentences(policy, form, str(get_locale()))


@blueprint.get("")
def index() -> ResponseReturnValue:
    """What every policy means, the hub's first, then by alliance."""
    places = policies(reading(), require_person())
    forms = forms_in_use(reading())
    usual = forms.get(ALL) or shipped_form()

    def said(line: Line) -> str:
        kind = line.kind.value if line.kind else ALL
        return _sentences(line.policy, forms.get(kind) or usual)

    return render_template(
        "admin/policies.html",
        places=[
            (
                place.name or _("The whole hub"),
                place.alliance_id or HUB,
                [
                    (line, line.kind.value if line.kind else ALL, said(line))
                    for line in place.lines
                    if line.is_own or line.kind is None
                ],
                [line.kind.value for line in place.lines if line.kind and not line.is_own],
            )
            for place in places
        ],
    )


@blueprint.get("/<place>/<kind>")
def policy(place: str, kind: str) -> ResponseReturnValue:
    """One policy to be changed; where there is none of its own, with what applies now."""
    return _policy(place, kind)


def _policy(
    place: str, kind: str, typed: Policy | None = None, error: HubError | None = None
) -> ResponseReturnValue:
    chosen = _kind(kind)
    here = policies_of(reading(), require_person(), _alliance_id(place))
    form = form_of(reading(), chosen)
    line = here.line(chosen)
    shown = typed or line.policy
    words = label(kind, "kind") if chosen else _("All kinds")
    page = render_template(
        "admin/policy.html",
        place=place,
        kind=kind,
        place_name=here.name or _("The whole hub"),
        kind_name=words,
        line=line,
        applies=_sentences(line.policy, form),
        typed=shown,
        stages=[(stage, shown.approvals_at(stage), shown.days_at(stage)) for stage in Stage],
        numbers=[(str(number), str(number)) for number in APPROVALS],
        most_days=MOST_DAYS,
        criteria=[(item.code, item.label(str(get_locale()))) for item in form.criteria],
        vetoes=[item.code for item in form.criteria]
        if shown.vetoes is None
        else sorted(shown.vetoes),
        mean=request.form.get("lowest_mean", "") if typed else shown.lowest_mean,
        problems=error.problems if isinstance(error, Invalid) else (),
        refusal=say(error) if isinstance(error, WrongState) else "",
    )
    return (page, status_of(error)) if error else page


@blueprint.post("/<place>/<kind>")
def save(place: str, kind: str) -> ResponseReturnValue:
    """Save it for what is submitted from now on; what nobody could meet is refused."""
    person, chosen, alliance_id = require_person(), _kind(kind), _alliance_id(place)
    typed = policy_typed(request.form, form_of(reading(), chosen))
    try:
        with writing() as uow:
            short = save_policy(
                uow,
                person,
                typed,
                alliance_id=alliance_id,
                kind=chosen,
                seen=request.form.get("seen", type=int),
            )
            named = [_short_name(each) for each in short]
    except (Invalid, WrongState) as error:
        return _policy(place, kind, typed, error)
    flash(
        _("Saved. It applies to what is submitted from now on; what is under way keeps its own."),
        "success",
    )
    if named:
        flash(_short_words(named), "warning")
    return redirect(url_for(".index"), code=303)


def _short_name(short: Shortage) -> str:
    """The school, with the subjects where it is so of these alone."""
    if not short.subjects:
        return short.school
    subjects = [label(code, "subject") for code in short.subjects[:MOST_NAMED]]
    more = "…" if len(short.subjects) > MOST_NAMED else ""
    words = _(", ").join(subjects) + more
    return str(_("%(school)s (%(subjects)s)", school=short.school, subjects=words))


def _short_words(schools: list[str]) -> str:
    names = list(dict.fromkeys(schools))
    more = "…" if len(names) > MOST_NAMED else ""
    return str(
        ngettext(
            "At %(names)s too few people may judge yet: submissions from there will wait.",
            "At %(num)s schools too few people may judge yet, so their submissions will wait:"
            " %(names)s.",
            len(names),
            names=_(", ").join(names[:MOST_NAMED]) + more,
        )
    )


@blueprint.post("/<place>/<kind>/drop")
def drop(place: str, kind: str) -> ResponseReturnValue:
    """Let the wider policy apply again."""
    person, chosen, alliance_id = require_person(), _kind(kind), _alliance_id(place)
    with writing() as uow:
        drop_policy(uow, person, alliance_id=alliance_id, kind=chosen)
    flash(_("It is gone. The wider rule applies to what is submitted from now on."), "success")
    return redirect(url_for(".index"), code=303)

"""What a policy means, in sentences; and what a form says of it."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from resource_hub.domain.policy import Policy, Stage
from resource_hub.domain.review_form import Form


def policy_sentences(policy: Policy, form: Form, locale: str) -> str:
    """What ``policy`` means for an author, from the first reviewer to the last condition."""
    said = [_stage_sentence(policy, stage) for stage in policy.stages]
    if any(policy.approvals_at(stage) > 1 for stage in policy.stages):
        said.append(
            _(
                "Where several judge, each decides alone; when all have decided,"
                " the strictest decision holds."
            )
        )
    if policy.lowest_mean is not None:
        said.append(_("The scores must have a mean of at least %(mean)s.", mean=policy.lowest_mean))
    said.append(_veto_sentence(policy, form, locale))
    if policy.externals:
        said.append(_("People from outside may be invited to judge too."))
    if policy.fast_lane:
        said.append(
            _("A new title, summary or keywords alone need one approval, at the last stage.")
        )
    return ("" if locale.startswith("zh") else " ").join(said)


def _stage_sentence(policy: Policy, stage: Stage) -> str:
    number, days = policy.approvals_at(stage), policy.days_at(stage)
    if stage is Stage.SCHOOL:
        return str(
            ngettext(
                "At the school %(num)s person judges it within %(days)s working days.",
                "At the school %(num)s people judge it within %(days)s working days.",
                number,
                days=days,
            )
        )
    if stage is policy.stages[0]:
        return str(
            ngettext(
                "In the alliance %(num)s person of another school judges it"
                " within %(days)s working days.",
                "In the alliance %(num)s people of other schools judge it"
                " within %(days)s working days.",
                number,
                days=days,
            )
        )
    return str(
        ngettext(
            "Then %(num)s person of another school judges it for the alliance"
            " within %(days)s working days.",
            "Then %(num)s people of other schools judge it for the alliance"
            " within %(days)s working days.",
            number,
            days=days,
        )
    )


def _veto_sentence(policy: Policy, form: Form, locale: str) -> str:
    if policy.vetoes is None:
        return str(_("Every criterion of the form must be met."))
    named = [item.label(locale) for item in form.criteria if item.code in policy.vetoes]
    if not named:
        return str(_("No criterion alone keeps it from passing."))
    return str(_("These criteria must be met: %(names)s.", names=_(", ").join(named)))


def policy_typed(form: MultiDict[str, str], asked: Form) -> Policy:
    """The policy of the form as it was sent; figures that are none become 0, which is refused.

    All criteria ticked means every criterion, also one that is added to the form later.
    """
    criteria = frozenset(item.code for item in asked.criteria)
    ticked = frozenset(form.getlist("vetoes"))
    stages = set(form.getlist("stages"))
    return Policy(
        stages=tuple(stage for stage in Stage if stage.value in stages),
        approvals=_figures(form, "approvals"),
        lowest_mean=_mean(form.get("lowest_mean", "")),
        vetoes=None if ticked >= criteria else ticked,
        days=_figures(form, "days"),
        fast_lane=form.get("fast_lane") == "1",
        externals=form.get("externals") == "1",
    )


def _figures(form: MultiDict[str, str], name: str) -> Mapping[Stage, int]:
    return {stage: form.get(f"{name}-{stage}", 0, type=int) for stage in Stage}


def _mean(typed: str) -> float | None:
    """The lowest mean; what is no number is outside of all scores, and so refused."""
    typed = typed.strip().replace("，", ".").replace(",", ".")
    if not typed:
        return None
    try:
        return round(float(typed), 2)
    except ValueError:
        return -1.0

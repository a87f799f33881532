"""Why a stage of review ended as it did, in sentences: which rule decided, and the scores."""

from collections.abc import Iterator, Mapping
from math import floor

from flask_babel import gettext as _
from flask_babel import ngettext

from resource_hub.domain.errors import N_
from resource_hub.domain.review import Stage
from resource_hub.domain.verdict import Decision, Ground
from resource_hub.edge.words import locale_name
from resource_hub.services.queries.stage_verdicts import StageVerdict

_ENDS: Mapping[tuple[Stage, Decision], str] = {
    (Stage.SCHOOL, Decision.APPROVE): N_("It passed the school review"),
    (Stage.SCHOOL, Decision.REQUEST_CHANGES): N_("The school review sends it back for changes"),
    (Stage.SCHOOL, Decision.REJECT): N_("The school review rejected it"),
    (Stage.ALLIANCE, Decision.APPROVE): N_("It passed the alliance review"),
    (Stage.ALLIANCE, Decision.REQUEST_CHANGES): N_("The alliance review sends it back for changes"),
    (Stage.ALLIANCE, Decision.REJECT): N_("The alliance review rejected it"),
}


def verdict_head(found: StageVerdict) -> str:
    """How the stage ended."""
    return str(_(_ENDS[found.stage, found.verdict.decision or Decision.APPROVE]))


def verdict_reasons(found: StageVerdict) -> list[str]:
    """By which rule, in the order in which they weigh; then what the scores come to."""
    return [*_rules(found), *_scores(found)]


def _rules(found: StageVerdict) -> Iterator[str]:
    weighed, several = found.verdict, sum(found.opinions.values())
    if Ground.OPINION in weighed.grounds and weighed.decision is not None:
        so = found.opinions[weighed.decision]
        if several == 1:
            yield str(_("One reviewer judges here, and decided so."))
        else:
            yield str(
                ngettext(
                    "%(num)s of %(all)s reviewers decided so: the strictest decision holds.",
                    "%(num)s of %(all)s reviewers decided so: the strictest decision holds.",
                    so,
                    all=several,
                )
            )
    elif several > 1:
        yield str(_("All %(all)s reviewers approved it.", all=several))
    if Ground.VETO in weighed.grounds:
        yield str(
            _(
                "Not met, and the rule says that it must be: %(names)s.",
                names=_(", ").join(_named(found)),
            )
        )
    if Ground.LOW_MEAN in weighed.grounds and weighed.mean is None:
        yield str(_("Here the scores decide too, and nobody gave any."))
    if not weighed.grounds:
        yield str(
            _("Now the alliance judges it.") if found.goes_on else _("With that it is published.")
        )


def _named(found: StageVerdict) -> list[str]:
    """The criteria that failed, in the order of the form."""
    items = found.form.criteria if found.form else ()
    known = [item for item in items if item.code in found.verdict.failed]
    strange = found.verdict.failed - {item.code for item in known}
    return [item.label(locale_name()) for item in known] + sorted(strange)


def _scores(found: StageVerdict) -> Iterator[str]:
    lowest = found.lowest_mean
    if found.verdict.mean is None:
        return
    mean = floor(found.verdict.mean * 100) / 100  # 3.499 is not enough where 3.50 is
    if lowest is None:
        yield str(_("The scores have a mean of %(mean)s; they do not decide.", mean=f"{mean:.2f}"))
    elif Ground.LOW_MEAN in found.verdict.grounds:
        yield str(
            _(
                "The scores have a mean of %(mean)s; at least %(lowest)s may pass.",
                mean=f"{mean:.2f}",
                lowest=f"{lowest:.2f}",
            )
        )
    else:
        yield str(
            _(
                "The scores have a mean of %(mean)s; %(lowest)s is enough.",
                mean=f"{mean:.2f}",
                lowest=f"{lowest:.2f}",
            )
        )

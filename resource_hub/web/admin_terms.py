"""The lists of terms by which resources are described, for administrators."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from resource_hub.domain.errors import N_, Invalid, Missing
from resource_hub.domain.taxonomy import Scheme, Term
from resource_hub.edge.current import require_person, taxonomy, writing
from resource_hub.edge.errors import status_of
from resource_hub.services import terms as editing
from resource_hub.services.organisations import require_administrator

blueprint = Blueprint("admin_terms", __name__, url_prefix="/admin/terms")

SCHEME_LABELS = {
    Scheme.SUBJECT: N_("Subjects"),
    Scheme.GRADE: N_("Grades"),
    Scheme.SCHOOL_STAGE: N_("Stages of school"),
    Scheme.VOLUME: N_("Volumes"),
    Scheme.EDITION: N_("Editions"),
}

HAVE_STAGES = {Scheme.SUBJECT, Scheme.GRADE}


def _scheme(word: str) -> Scheme:
    if word not in set(Scheme):
        raise Missing(N_("There is no such list of terms."))
    return Scheme(word)


def _typed(scheme: Scheme) -> Term:
    """The form as it was sent."""
    form = request.form
    return Term(
        scheme=scheme,
        code=form.get("code", ""),
        labels={locale: form.get(locale, "") for locale in editing.LOCALES},
        stages=frozenset(form.getlist("stages")),
        colour=form.get("colour", 0, type=int),
        hidden=form.get("hidden") == "1",
    )


def _shown(scheme: Scheme) -> dict[str, object]:
    """What both pages need."""
    stages = taxonomy().offered(Scheme.SCHOOL_STAGE)
    return {
        "scheme": scheme,
        "schemes": [(each, _(words)) for each, words in SCHEME_LABELS.items()],
        "scheme_label": _(SCHEME_LABELS[scheme]),
        "stages": [term.code for term in stages] if scheme in HAVE_STAGES else [],
        "has_colour": scheme is Scheme.SUBJECT,
        "colours": [colour for colour in editing.COLOURS if colour],
    }


@blueprint.get("/<scheme>")
def terms(scheme: str) -> ResponseReturnValue:
    """One list, hidden terms too, and a form to add one."""
    return _terms(_scheme(scheme))


def _terms(scheme: Scheme, error: Invalid | None = None) -> ResponseReturnValue:
    require_administrator(require_person())
    page = render_template(
        "admin/terms.html",
        **_shown(scheme),
        terms=[term for term in taxonomy().terms if term.scheme is scheme],
        typed=_typed(scheme),
        problems=error.problems if error else (),
    )
    return page, status_of(error) if error else 200


@blueprint.post("/<scheme>")
def add(scheme: str) -> ResponseReturnValue:
    """Add a term at the end of its list."""
    person, chosen = require_person(), _scheme(scheme)
    typed = _typed(chosen)
    try:
        with writing() as uow:
            editing.add_term(
                uow,
                person,
                chosen,
                code=typed.code,
                labels=typed.labels,
                stages=tuple(sorted(typed.stages)),
                colour=typed.colour,
            )
    except Invalid as error:
        return _terms(chosen, error)
    flash(_("The term is added and can be chosen now."), "success")
    return redirect(url_for(".terms", scheme=chosen), code=303)


@blueprint.get("/<scheme>/<code>")
def term(scheme: str, code: str) -> ResponseReturnValue:
    """One term, to be changed or hidden."""
    chosen = _scheme(scheme)
    require_administrator(require_person())
    found = taxonomy().term(chosen, code)
    if found is None:
        raise Missing(N_("There is no such term."))
    return render_template("admin/term.html", **_shown(chosen), code=code, typed=found, problems=())


@blueprint.post("/<scheme>/<code>")
def change(scheme: str, code: str) -> ResponseReturnValue:
    """Save a term's words; its code stays."""
    person, chosen = require_person(), _scheme(scheme)
    typed = _typed(chosen)
    try:
        with writing() as uow:
            editing.change_term(
                uow,
                person,
                chosen,
                code,
                labels=typed.labels,
                stages=tuple(sorted(typed.stages)),
                colour=typed.colour,
                hidden=typed.hidden,
            )
    except Invalid as error:
        page = render_template(
            "admin/term.html", **_shown(chosen), code=code, typed=typed, problems=error.problems
        )
        return page, status_of(error)
    flash(_("The term is changed, wherever it was used."), "success")
    return redirect(url_for(".terms", scheme=chosen), code=303)

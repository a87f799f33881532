"""Short help: one page for each role, the query language, and what each refusal means."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from resource_hub.domain import errors
from resource_hub.domain.errors import N_, Missing

blueprint = Blueprint("help", __name__)

PAGES = {
    "teacher": N_("For teachers"),
    "reviewer": N_("For reviewers"),
    "editor": N_("For the catalogue's editor"),
    "coordinator": N_("For school coordinators"),
    "administrator": N_("For administrators"),
    "search": N_("How to search"),
    "errors": N_("When something does not work"),
}

EXPLAINED = (
    errors.Missing,
    errors.SignInNeeded,
    errors.NotAllowed,
    errors.WrongState,
    errors.Invalid,
    errors.TooLarge,
    errors.TooManyTries,
    errors.Unavailable,
    errors.HubError,
)
"""Every kind of refusal; problem+json points to its place on the page by its code."""


@blueprint.get("/help")
def index() -> ResponseReturnValue:
    return render_template("help/index.html", pages=_titles())


@blueprint.get("/help/<name>")
def page(name: str) -> ResponseReturnValue:
    """One page; the text is in its template, paragraph by paragraph."""
    if name not in PAGES:
        raise Missing(N_("There is no such page of help."))
    return render_template(
        f"help/{name}.html",
        name=name,
        title=_(PAGES[name]),
        pages=_titles(),
        explained=EXPLAINED,
    )


def _titles() -> list[tuple[str, str]]:
    return [(name, _(title)) for name, title in PAGES.items()]

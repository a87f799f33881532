"""The co-authors of a draft: found by name or e-mail, named, and taken out again."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from resource_hub.domain.errors import Invalid
from resource_hub.edge.current import hub, reading, require_person, writing
from resource_hub.edge.errors import status_of
from resource_hub.services import co_authors
from resource_hub.services.queries.mine import own_draft
from resource_hub.web.converters import row_number

blueprint = Blueprint("co_authors", __name__)


@blueprint.get("/submit/<int:revision_id>/authors")
def show(revision_id: int) -> ResponseReturnValue:
    """Who is named, and who fits what is sought."""
    return _show(revision_id)


def _show(revision_id: int, error: Invalid | None = None) -> ResponseReturnValue:
    session, person = reading(), require_person()
    revision = own_draft(session, person, revision_id, hub().now())
    words = request.values.get("q", "")[:254]
    named = co_authors.co_authors(session, revision)
    known = {one.id for one in named}
    page = render_template(
        "submit/authors.html",
        revision=revision,
        named=named,
        words=words,
        found=[one for one in co_authors.look_for(session, person, words) if one.id not in known],
        problems=error.problems if error else (),
    )
    return page, status_of(error) if error else 200


@blueprint.post("/submit/<int:revision_id>/authors")
def name(revision_id: int) -> ResponseReturnValue:
    """Name one of those who were found."""
    try:
        with writing() as uow:
            user_id = request.form.get("user_id", 0, type=row_number)
            co_authors.name_co_author(uow, require_person(), revision_id, user_id)
    except Invalid as error:
        return _show(revision_id, error)
    return redirect(url_for(".show", revision_id=revision_id), code=303)


@blueprint.post("/submit/<int:revision_id>/authors/<int:user_id>/remove")
def remove(revision_id: int, user_id: int) -> ResponseReturnValue:
    """Take one out again."""
    with writing() as uow:
        co_authors.remove_co_author(uow, require_person(), revision_id, user_id)
    return redirect(url_for(".show", revision_id=revision_id), code=303)

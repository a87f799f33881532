"""The administrator's own words for search: a list, a field for many lines, a button to remove."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from resource_hub.domain.errors import Invalid
from resource_hub.edge.current import reading, require_person, writing
from resource_hub.edge.errors import status_of
from resource_hub.edge.pages import LinkedPages
from resource_hub.services import search_words as editing
from resource_hub.services.queries.search_words import listed_words
from resource_hub.web.admin_schools import problems_by_line

blueprint = Blueprint("admin_words", __name__, url_prefix="/admin/search-words")


@blueprint.get("")
def words() -> ResponseReturnValue:
    """The list, and a form to add some."""
    return _words()


def _words(error: Invalid | None = None, typed: str = "") -> ResponseReturnValue:
    sought = request.args.get("q", "").strip()[:100]
    found, paging = listed_words(
        reading(), require_person(), words=sought, page=request.args.get("page", 1, type=int)
    )
    page = render_template(
        "admin/search_words.html",
        lines=found,
        words=sought,
        pages=LinkedPages(paging, lambda number: url_for(".words", q=sought or None, page=number)),
        typed=typed,
        problems=problems_by_line(error),
    )
    return page, status_of(error) if error else 200


@blueprint.post("")
def add() -> ResponseReturnValue:
    """Add what stands in the lines; a line that is wrong keeps all of them in the field."""
    person, typed = require_person(), request.form.get("lines", "")
    try:
        with writing() as uow:
            added = editing.add_words(uow, person, typed)
    except Invalid as error:
        return _words(error, typed)
    if added.new:
        flash(_("Added: %(new)s; there already: %(known)s.", new=added.new, known=added.known),
              "success")  # fmt: skip
    else:
        flash(_("All of this is in the list already."), "info")
    return redirect(url_for(".words"), code=303)


@blueprint.post("/<int:word_id>/remove")
def remove(word_id: int) -> ResponseReturnValue:
    """Take one out; the next search does without it."""
    person = require_person()
    with writing() as uow:
        text = editing.remove_word(uow, person, word_id)
    flash(_("Removed: %(words)s", words=text), "success")
    return redirect(url_for(".words"), code=303)

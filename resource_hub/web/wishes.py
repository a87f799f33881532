"""Wishes: leave one, see what is wished for, join, take back, say that it is answered."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from resource_hub.domain.errors import Invalid
from resource_hub.domain.taxonomy import Scheme
from resource_hub.domain.wishes import MAX_NOTE, MAX_TEXT
from resource_hub.edge.current import hub, reading, require_person, taxonomy, writing
from resource_hub.edge.errors import status_of
from resource_hub.edge.pages import LinkedPages
from resource_hub.edge.words import label
from resource_hub.services import answering
from resource_hub.services import wishes as wishing
from resource_hub.services.queries.wishes import answerable_wish, wishes_for

blueprint = Blueprint("wishes", __name__)


@blueprint.get("/wishes")
def index() -> ResponseReturnValue:
    """What is wished for in the own alliances, and a form to wish for something."""
    return _index()


def _index(error: Invalid | None = None) -> ResponseReturnValue:
    person = require_person()
    found, paging = wishes_for(
        reading(), person, hub().now(), page=request.args.get("page", 1, type=int)
    )
    page = render_template(
        "wishes/index.html",
        wishes=found,
        pages=LinkedPages(paging, lambda number: url_for(".index", page=number)),
        may_wish=person.school_id is not None,
        subjects=_terms(Scheme.SUBJECT),
        grades=_terms(Scheme.GRADE),
        typed=request.form if error else request.args,
        most={"text": MAX_TEXT, "note": MAX_NOTE},
        problems=error.problems if error else (),
    )
    return page, status_of(error) if error else 200


def _terms(scheme: Scheme) -> list[tuple[str, str]]:
    """The terms to choose from, in the reader's language."""
    return [(term.code, label(term.code, scheme.value)) for term in taxonomy().offered(scheme)]


@blueprint.post("/wishes")
def leave() -> ResponseReturnValue:
    """Wish for something; whoever wishes the same in the alliance is joined."""
    person, typed = require_person(), request.form
    try:
        with writing() as uow:
            left = wishing.leave_wish(
                uow,
                person,
                text=typed.get("text", ""),
                subject=typed.get("subject", ""),
                grade=typed.get("grade", ""),
                note=typed.get("note", ""),
            )
            wish_id, text, people = left.wish.id, left.wish.text, left.people
    except Invalid as error:
        return _index(error)
    flash(_thanks(text, people), "success")
    return redirect(url_for(".index", _anchor=f"wish-{wish_id}"), code=303)


def _thanks(text: str, people: int) -> str:
    if people == 1:
        return str(
            _(
                "“%(text)s” is on the list of wishes. When somebody answers it, you are told.",
                text=text,
            )
        )
    return str(
        _(
            "%(number)s people wish for “%(text)s” now. When somebody answers it, you are told.",
            number=people,
            text=text,
        )
    )


@blueprint.get("/wishes/<int:wish_id>/answer")
def answering_form(wish_id: int) -> ResponseReturnValue:
    """Which resource answers it? A page of its own, with room for a problem."""
    return _answering_form(wish_id)


def _answering_form(wish_id: int, error: Invalid | None = None) -> ResponseReturnValue:
    person = require_person()
    wish = answerable_wish(reading(), person, hub().now(), wish_id)
    page = render_template(
        "wishes/answer.html",
        wish=wish,
        typed=request.form.get("public_id", ""),
        problems=error.problems if error else (),
    )
    return page, status_of(error) if error else 200


@blueprint.post("/wishes/<int:wish_id>/answer")
def answer(wish_id: int) -> ResponseReturnValue:
    """Name the resource; everybody who wished for it is told."""
    person = require_person()
    try:
        with writing() as uow:
            answering.answer_wish(uow, person, wish_id, request.form.get("public_id", ""))
    except Invalid as error:
        return _answering_form(wish_id, error)
    flash(_("The wish is answered; everybody who wished for it is told."), "success")
    return redirect(url_for(".index"), code=303)


@blueprint.post("/wishes/<int:wish_id>/join")
def join(wish_id: int) -> ResponseReturnValue:
    """Wish it too."""
    person = require_person()
    with writing() as uow:
        left = wishing.join_wish(uow, person, wish_id)
        text, people = left.wish.text, left.people
    flash(_thanks(text, people), "success")
    return redirect(url_for(".index", _anchor=f"wish-{wish_id}"), code=303)


@blueprint.post("/wishes/<int:wish_id>/withdraw")
def withdraw(wish_id: int) -> ResponseReturnValue:
    """Take the own wish back; that of others stays."""
    person = require_person()
    with writing() as uow:
        text = wishing.withdraw_wish(uow, person, wish_id).text
    flash(_("You do not wish for “%(text)s” any more.", text=text), "success")
    return redirect(url_for(".index"), code=303)

"""The editor's page of an issue: words, highlights, order and cover of a draft; then its errata."""

from dataclasses import dataclass, field

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from resource_hub.domain.catalogue import Month
from resource_hub.domain.errors import HubError, Invalid, Problem, WrongState
from resource_hub.edge.current import (
    current_person,
    hub,
    reading,
    require_person,
    taxonomy,
    writing,
)
from resource_hub.edge.errors import status_of
from resource_hub.edge.pages import LinkedPages
from resource_hub.services import catalogue, catalogue_draft, issue_access, issue_files
from resource_hub.services.catalogue_draft import Act, Words
from resource_hub.services.issue_covers import chosen_cover
from resource_hub.services.queries.beside_entries import highlighted
from resource_hub.services.queries.issues import issue_view
from resource_hub.web.catalogue import number_words
from resource_hub.web.sending import send_file

blueprint = Blueprint("issue_draft", __name__, url_prefix="/catalogue")

AT = "/<month:month>/<int:alliance_id>"


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed and what is wrong with it; the page comes back with both."""

    preface: str | None = None
    highlights: dict[str, str] = field(default_factory=dict)
    error: HubError | None = None

    @property
    def problems(self) -> tuple[Problem, ...]:
        if isinstance(self.error, Invalid):
            return tuple(self.error.problems)
        return ()


@blueprint.get(f"{AT}/draft")
def edit(month: Month, alliance_id: int) -> ResponseReturnValue:
    """The draft, for its editors.

    Raises:
        NotAllowed: the person does not edit this catalogue.
    """
    issue_access.require_editor(require_person(), alliance_id)
    return _page(month, alliance_id, Typed())


def _page(month: Month, alliance_id: int, typed: Typed) -> ResponseReturnValue:
    at = {"month": month, "alliance_id": alliance_id}
    page = request.values.get("page", 1, type=int)
    view = issue_view(reading(), current_person(), taxonomy(), alliance_id, month, page=page)
    issue = view.issue
    if issue.published_at is not None:
        return redirect(url_for("catalogue.issue", month=month, alliance_id=alliance_id))
    subjects = list(dict.fromkeys(line.subject for line in view.contents))
    content = render_template(
        "catalogue/draft.html",
        month=month,
        here=at,
        view=view,
        pages=LinkedPages(
            view.paging,
            lambda number: url_for(".edit", month=month, alliance_id=alliance_id, page=number),
        ),
        chosen=highlighted(reading(), issue),
        subjects=subjects,
        is_early=issue.covers_to > hub().now(),
        typed=typed,
        preface=issue.preface if typed.preface is None else typed.preface,
        max_preface=catalogue.MAX_PREFACE,
        max_words=catalogue_draft.MAX_WORDS,
        problems=typed.problems,
    )
    return content, status_of(typed.error) if typed.error else 200


@blueprint.post(f"{AT}/draft")
def save(month: Month, alliance_id: int) -> ResponseReturnValue:
    """Keep the words, and do what the button says; every button of the page sends the words."""
    person, words = require_person(), _words()
    what, _colon, subject = request.form.get("do", "").partition(":")
    act = (Act(what), subject) if what in set(Act) else None
    try:
        with writing() as uow:
            catalogue_draft.save(uow, person, alliance_id, month, words, act)
            if what == "build":
                catalogue.build(uow, person, alliance_id, month)
    except (Invalid, WrongState) as error:
        return _refused(month, alliance_id, words, error)
    if act is None:
        flash(gettext("The draft is saved."), "success")
    place = f"entry-{subject}" if act and act[0] in {Act.UP, Act.DOWN, Act.HIGHLIGHT} else None
    page = request.form.get("page", type=int)
    here = url_for(".edit", month=month, alliance_id=alliance_id, page=page, _anchor=place)
    return redirect(here, code=303)


@blueprint.post(f"{AT}/publish")
def publish(month: Month, alliance_id: int) -> ResponseReturnValue:
    """Freeze the issue with the words of the same form; an early one is confirmed in it, too."""
    person, words = require_person(), _words()
    try:
        with writing() as uow:
            catalogue_draft.save(uow, person, alliance_id, month, words)
            early = bool(request.form.get("early"))
            catalogue.publish(uow, person, alliance_id, month, even_early=early)
    except (Invalid, WrongState) as error:
        return _refused(month, alliance_id, words, error)
    flash(gettext("%(number)s is published.", number=number_words(month)), "success")
    return redirect(url_for("catalogue.issue", month=month, alliance_id=alliance_id), code=303)


def _words() -> Words:
    return Words(
        preface=request.form.get("preface", "").replace("\r\n", "\n"),
        highlights={
            name.removeprefix("words-"): text
            for name, text in request.form.items()
            if name.startswith("words-")
        },
        seen=request.form.get("seen", 0, type=int),
    )


def _refused(
    month: Month, alliance_id: int, words: Words, error: Invalid | WrongState
) -> ResponseReturnValue:
    """The page with what was typed, as long as there is a draft to go on with.

    Raises:
        WrongState: the issue is published.
    """
    issue = issue_access.readable_issue(reading(), current_person(), alliance_id, month)
    if issue.published_at is not None:
        raise error
    return _page(month, alliance_id, Typed(words.preface, dict(words.highlights), error))


@blueprint.post(f"{AT}/cover")
def choose_cover(month: Month, alliance_id: int) -> ResponseReturnValue:
    """Take the picture that was sent for the cover; without one, have it drawn."""
    person = require_person()
    sent = request.files.get("cover")
    picture = sent.stream.read(catalogue_draft.MAX_COVER + 1) if sent and sent.filename else None
    try:
        with writing() as uow:
            catalogue_draft.choose_cover(uow, hub().storage, person, alliance_id, month, picture)
    except Invalid as error:
        return _page(month, alliance_id, Typed(error=error))
    words = gettext("The cover is changed.")
    if picture is None:
        words = gettext("The hub draws the cover when the issue is published.")
    flash(words, "success")
    return redirect(url_for(".edit", month=month, alliance_id=alliance_id), code=303)


@blueprint.get(f"{AT}/cover.webp")
def cover(month: Month, alliance_id: int) -> ResponseReturnValue:
    """The picture that was chosen for the cover."""
    found = chosen_cover(reading(), hub().storage, current_person(), alliance_id, month)
    return send_file(found, inline=True)


@blueprint.post(f"{AT}/errata")
def add_erratum(month: Month, alliance_id: int) -> ResponseReturnValue:
    """Say a mistake beside the published issue."""
    person, words = require_person(), request.form.get("erratum", "")
    entry = request.form.get("entry", "")
    try:
        with writing() as uow:
            issue_files.add_erratum(uow, person, alliance_id, month, words, entry)
    except Invalid as error:
        content = render_template(
            "catalogue/erratum.html",
            month=month,
            here={"month": month, "alliance_id": alliance_id},
            typed=words,
            entry=entry,
            problems=error.problems,
        )
        return content, status_of(error)
    flash(gettext("The erratum stands beside the issue."), "success")
    return redirect(
        url_for("catalogue.issue", month=month, alliance_id=alliance_id, _anchor="errata"), code=303
    )

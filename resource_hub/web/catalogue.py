"""The monthly catalogue: the list of issues, an issue, its files, and the editor's buttons."""

from urllib.parse import quote

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date, gettext

from resource_hub.domain.catalogue import CHANGE_LABELS, Change, Month
from resource_hub.domain.errors import Invalid
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
from resource_hub.edge.words import label, locale_name
from resource_hub.services import catalogue
from resource_hub.services.catalogue_export import Labels, as_csv, as_json
from resource_hub.services.queries.issues import issue_view, issues

blueprint = Blueprint("catalogue", __name__)


@blueprint.app_template_filter("month")
def month_words(month: Month | str) -> str:
    """2026年10月, or October 2026."""
    first = (month if isinstance(month, Month) else Month.parse(month)).first_day
    return str(format_date(first, "MMMM y" if locale_name() == "en" else "y年M月"))


@blueprint.app_template_filter("change")
def change_word(change: Change) -> str:
    """New, Updated or Withdrawn."""
    return str(gettext(CHANGE_LABELS[change]))


@blueprint.get("/catalogue")
def index() -> ResponseReturnValue:
    """All issues; for editors the drafts, and a way to begin one."""
    return _index()


def _index(error: Invalid | None = None, typed: str = "") -> ResponseReturnValue:
    person = current_person()
    page = render_template(
        "catalogue/index.html",
        issues=issues(reading(), person),
        may_edit=catalogue.may_edit(person),
        this_month=typed or str(Month.of(hub().now(), hub().zone)),
        problems=error.problems if error else (),
    )
    return page, status_of(error) if error else 200


@blueprint.post("/catalogue")
def start() -> ResponseReturnValue:
    """Build the draft of the month that the editor chose."""
    person, typed = require_person(), request.form.get("month", "")
    try:
        month = Month.parse(typed)
        with writing() as uow:
            catalogue.build(uow, person, month)
    except Invalid as error:
        return _index(error, typed)
    return redirect(url_for(".issue", month=month), code=303)


@blueprint.get("/catalogue/<month:month>")
def issue(month: Month) -> ResponseReturnValue:
    """One issue, as far as the reader may see it."""
    return _issue(month)


def _issue(month: Month, error: Invalid | None = None, typed: str = "") -> ResponseReturnValue:
    person = current_person()
    view = issue_view(
        reading(), person, taxonomy(), month, page=request.args.get("page", 1, type=int)
    )
    page = render_template(
        "catalogue/issue.html",
        month=month,
        view=view,
        pages=LinkedPages(view.paging, lambda number: url_for(".issue", month=month, page=number)),
        may_edit=catalogue.may_edit(person),
        is_early=view.issue.covers_to > hub().now(),
        preface=typed if error else view.issue.preface,
        max_preface=catalogue.MAX_PREFACE,
        problems=error.problems if error else (),
    )
    return page, status_of(error) if error else 200


@blueprint.post("/catalogue/<month:month>/build")
def build(month: Month) -> ResponseReturnValue:
    """Build the draft again, with what has happened since."""
    person = require_person()
    with writing() as uow:
        catalogue.build(uow, person, month)
    flash(gettext("The draft is up to date."), "success")
    return redirect(url_for(".issue", month=month), code=303)


@blueprint.post("/catalogue/<month:month>/preface")
def preface(month: Month) -> ResponseReturnValue:
    """Keep the editor's words in the draft."""
    person, words = require_person(), request.form.get("preface", "")
    try:
        with writing() as uow:
            catalogue.write_preface(uow, person, month, words)
    except Invalid as error:
        return _issue(month, error, words)
    flash(gettext("The preface is saved."), "success")
    return redirect(url_for(".issue", month=month), code=303)


@blueprint.post("/catalogue/<month:month>/publish")
def publish(month: Month) -> ResponseReturnValue:
    """Freeze the issue, with the preface in the same form; an early one is confirmed in it, too."""
    person, words = require_person(), request.form.get("preface")
    try:
        with writing() as uow:
            published = catalogue.publish(
                uow, person, month, preface=words, even_early=bool(request.form.get("early"))
            )
            number = published.number
    except Invalid as error:
        return _issue(month, error, words or "")
    flash(gettext("Issue %(number)s is published.", number=number), "success")
    return redirect(url_for(".issue", month=month), code=303)


@blueprint.get("/catalogue/<month:month>/entries.csv")
def entries_csv(month: Month) -> ResponseReturnValue:
    """The entries for a spreadsheet."""
    found = catalogue.readable_issue(reading(), current_person(), month)
    content = as_csv(catalogue.entries_for(found, current_person()), _labels())
    return _file(content, "text/csv; charset=utf-8", month, "csv")


@blueprint.get("/catalogue/<month:month>/issue.json")
def issue_json(month: Month) -> ResponseReturnValue:
    """The issue for programs."""
    found = catalogue.readable_issue(reading(), current_person(), month)
    content = as_json(found, catalogue.entries_for(found, current_person()), _labels())
    return _file(content, "application/json", month, "json")


def _labels() -> Labels:
    return Labels(label=label, say=gettext, public_url=hub().public_url)


def _file(content: bytes, mimetype: str, month: Month, ending: str) -> Response:
    """A download whose name is in the reader's language, and in Latin for old browsers."""
    name = quote(f"{gettext('Catalogue')}-{month}.{ending}", safe="")
    answer = Response(content, content_type=mimetype)
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"catalogue-{month}.{ending}\"; filename*=UTF-8''{name}"
    )
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.vary.update(("Accept-Language", "Cookie"))
    answer.add_etag()
    answer.make_conditional(request)
    return answer

"""The monthly catalogue: the list of issues, an issue, its files, and the editor's buttons."""

from dataclasses import replace
from pathlib import PurePosixPath

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from resource_hub.catalogue.charts import NARROW
from resource_hub.catalogue.data import IssueData, to_json
from resource_hub.catalogue.figures import figures
from resource_hub.catalogue.formats import FORMAT_LABELS, ending, media_type_of
from resource_hub.catalogue.table import as_csv
from resource_hub.domain.catalogue import CHANGE_LABELS, Change, IssueEdition, Month
from resource_hub.domain.errors import Invalid, Missing
from resource_hub.edge.current import (
    current_person,
    hub,
    reading,
    require_person,
    taxonomy,
    writing,
)
from resource_hub.edge.errors import status_of
from resource_hub.edge.issue_words import data_of, labels_in
from resource_hub.edge.pages import LinkedPages
from resource_hub.edge.words import LANGUAGES, locale_name, month_words
from resource_hub.services import catalogue, delivering, issue_access, issue_files
from resource_hub.services.queries.beside_entries import beside_entries
from resource_hub.services.queries.issues import issue_view, issues
from resource_hub.services.queries.rounds import brief_of, rounds_now
from resource_hub.services.queries.stored_files import StoredBytes
from resource_hub.web.sending import send_file, send_made

blueprint = Blueprint("catalogue", __name__)


blueprint.add_app_template_filter(month_words, "month")


@blueprint.app_template_filter("issue_number")
def number_words(month: Month | str) -> str:
    """2026年第10期: within its year an issue has the number of its month."""
    found = month if isinstance(month, Month) else Month.parse(month)
    return str(gettext("Issue %(number)s of %(year)s", number=found.number, year=found.year))


@blueprint.app_template_filter("change")
def change_word(change: Change) -> str:
    """New, Updated or Withdrawn."""
    return str(gettext(CHANGE_LABELS[change]))


@blueprint.app_template_filter("issue_format")
def format_word(name: str) -> str:
    """For print (PDF), Table (CSV)."""
    return str(gettext(FORMAT_LABELS[name]))


@blueprint.get("/catalogue")
def index() -> ResponseReturnValue:
    """The issues of the own alliances, or of all; for editors the drafts, and how to begin one."""
    return _index()


def _index(error: Invalid | None = None, typed: str = "") -> ResponseReturnValue:
    person, session = current_person(), reading()
    everybody = "all" in request.args or not issue_access.own_alliances(person)
    found = issues(session, person, of_all=everybody)
    page = render_template(
        "catalogue/index.html",
        issues=found,
        shows_all=everybody,
        rounds=rounds_now(session, person, hub().now()),
        several=len({line.alliance_id for line in found}) > 1,
        edited=issue_access.editable_alliances(session, person),
        chosen=request.form.get("alliance", ""),
        this_month=typed or str(Month.of(hub().now(), hub().zone)),
        problems=error.problems if error else (),
    )
    return page, status_of(error) if error else 200


@blueprint.post("/catalogue")
def start() -> ResponseReturnValue:
    """Build the draft of the month and the alliance that the editor chose."""
    person, typed = require_person(), request.form.get("month", "")
    try:
        month = Month.parse(typed)
        alliance_id = _chosen_alliance()
        with writing() as uow:
            catalogue.build(uow, person, alliance_id, month)
    except Invalid as error:
        return _index(error, typed)
    return redirect(url_for("issue_draft.edit", month=month, alliance_id=alliance_id), code=303)


def _chosen_alliance() -> int:
    """That of the form, or the only one that the person edits.

    Raises:
        NotAllowed: the person edits none.
        Invalid: there are several, and the form does not say which.
    """
    person = require_person()
    if not issue_access.may_edit_some(person):
        issue_access.require_editor(person, 0)
    edited = issue_access.editable_alliances(reading(), person)
    named = request.form.get("alliance", "")
    return issue_access.the_only(
        [alliance for alliance in edited if not named or str(alliance.id) == named]
    ).id


@blueprint.get("/catalogue/<month:month>")
def of_month(month: Month) -> ResponseReturnValue:
    """The issue of the person's alliance; where several have one, a choice."""
    return _of_month(month, ".issue")


def _of_month(month: Month, endpoint: str) -> ResponseReturnValue:
    alliances = issue_access.alliances_of_issues(reading(), current_person(), month)
    if not alliances:
        raise Missing(issue_access.NO_ISSUE)
    if len(alliances) > 1:
        return render_template("catalogue/month.html", month=month, alliances=alliances)
    return redirect(url_for(endpoint, month=month, alliance_id=alliances[0].id))


@blueprint.get("/catalogue/<month:month>/<int:alliance_id>")
def issue(month: Month, alliance_id: int) -> ResponseReturnValue:
    """One edition of an issue at its permanent address; inside, the public one may be looked at."""
    person, session = current_person(), reading()
    here = {"month": month, "alliance_id": alliance_id}
    editions = issue_files.readable_editions(person, alliance_id)
    wanted = request.args.get("edition", "")
    edition = IssueEdition(wanted) if wanted in editions else editions[-1]
    page = request.args.get("page", 1, type=int)
    view = issue_view(session, person, taxonomy(), alliance_id, month, page=page, edition=edition)
    chosen = None if edition is editions[-1] else edition.value
    beside = beside_entries(session, person, view.issue, edition)
    counted = replace(beside.figures, most_used=())  # a list of links says more than bars

    def page_address(number: int) -> str:
        return url_for(".issue", month=month, alliance_id=alliance_id, edition=chosen, page=number)

    return render_template(
        "catalogue/issue.html",
        month=month,
        here=here,
        there=here | {"edition": chosen},
        view=view,
        beside=beside,
        charts=figures(counted, labels_in(LANGUAGES[locale_name()])),
        chart_width=NARROW,
        edition=edition,
        editions=editions,
        pages=LinkedPages(view.paging, page_address),
        may_edit=issue_access.may_edit(person, alliance_id),
        making=issue_files.being_made(session, person, view.issue),
        round=brief_of(session, person, view.issue, hub().now()),
        sees_delivery=delivering.may_see_delivery(person, alliance_id),
    )


@blueprint.get("/catalogue/<month:month>/<int:alliance_id>/files/<int:artefact_id>")
def file(month: Month, alliance_id: int, artefact_id: int) -> ResponseReturnValue:
    """A file of a published issue, as it was written."""
    found = issue_files.find_file(reading(), current_person(), alliance_id, month, artefact_id)
    words = ".".join(part for part in (str(month), found.edition.value, found.script) if part)
    name = f"{words}{ending(found.format)}"
    return send_file(
        StoredBytes(
            key=found.blob_hash,
            size=found.size,
            filename=f"{gettext('Catalogue')}-{name}",
            format=found.format,
            media_type=media_type_of(found.format),
            stored_at=found.made_at,
            public_id=f"catalogue-{PurePosixPath(name).stem}",
        ),
        inline=False,
    )


@blueprint.get("/catalogue/<month:month>/entries.csv")
def entries_csv_of_month(month: Month) -> ResponseReturnValue:
    """Where it was when the hub had one catalogue."""
    return _of_month(month, ".entries_csv")


@blueprint.get("/catalogue/<month:month>/issue.json")
def issue_json_of_month(month: Month) -> ResponseReturnValue:
    """Where it was when the hub had one catalogue."""
    return _of_month(month, ".issue_json")


@blueprint.get("/catalogue/<month:month>/<int:alliance_id>/entries.csv")
def entries_csv(month: Month, alliance_id: int) -> ResponseReturnValue:
    """The entries for a spreadsheet, in the reader's language."""
    content = as_csv(_data(month, alliance_id), labels_in(LANGUAGES[locale_name()]))
    return _file(content, "text/csv; charset=utf-8", month, "csv")


@blueprint.get("/catalogue/<month:month>/<int:alliance_id>/issue.json")
def issue_json(month: Month, alliance_id: int) -> ResponseReturnValue:
    """The issue for programs, with its errata."""
    return _file(to_json(_data(month, alliance_id)), "application/json", month, "json")


def _data(month: Month, alliance_id: int) -> IssueData:
    """The best edition that the reader may see."""
    person = current_person()
    found = issue_access.readable_issue(reading(), person, alliance_id, month)
    return data_of(found, issue_files.readable_editions(person, alliance_id)[-1])


def _file(content: bytes, mimetype: str, month: Month, ending: str) -> Response:
    name = f"{gettext('Catalogue')}-{month}.{ending}"
    return send_made(content, mimetype, name, instead=f"catalogue-{month}")

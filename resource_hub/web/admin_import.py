"""Open many accounts from a table, with a report line by line."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from resource_hub.domain.errors import N_, HubError, Invalid, Problem, TooLarge
from resource_hub.domain.people import Person
from resource_hub.domain.uploads import clean_filename
from resource_hub.edge.current import hub, reading, require_person, writing
from resource_hub.edge.errors import status_of
from resource_hub.models import User
from resource_hub.services.passwords import reset_token
from resource_hub.services.people_import import Made, PersonOutcome, Terms, import_people
from resource_hub.services.queries.members import managed_schools
from resource_hub.web.linked_data import address

blueprint = Blueprint("admin_import", __name__, url_prefix="/admin/people/import")

MOST_BYTES = 2_000_000
"""Enough for ten thousand people; more belongs to ``hub people import``."""


@blueprint.get("")
def upload() -> ResponseReturnValue:
    """Which columns the table has, and where to choose it."""
    return _page()


@blueprint.post("")
def take_table() -> ResponseReturnValue:
    """Open the accounts, or say only what would happen; each line is reported."""
    person = require_person()
    managed_schools(reading(), person)
    dry_run = request.form.get("dry_run") == "1"
    unknown: set[str] = set()
    try:
        outcomes = _import(person, request.files.get("table"), unknown, dry_run=dry_run)
    except (Invalid, TooLarge) as error:
        return _page(error)
    answer = make_response(
        render_template(
            "admin/imported.html",
            outcomes=outcomes,
            numbers={made: sum(each.made is made for each in outcomes) for made in Made},
            unknown=sorted(unknown),
            dry_run=dry_run,
            made=Made,
        )
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _page(error: HubError | None = None) -> ResponseReturnValue:
    managed_schools(reading(), require_person())
    problems: Sequence[Problem] = ()
    if isinstance(error, Invalid):
        problems = [Problem("table", each.sentence, each.values) for each in error.problems]
    elif error is not None:
        problems = [Problem("table", error.sentence, error.values)]
    page = render_template("admin/import.html", problems=problems)
    return page, status_of(error) if error else 200


def _import(
    person: Person, table: FileStorage | None, unknown: set[str], *, dry_run: bool
) -> list[PersonOutcome]:
    if table is None or not table.filename:
        raise Invalid([Problem("table", N_("Choose a table: CSV or XLSX."))])
    content = table.stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise TooLarge(N_("The table may have %(limit)s kB."), limit=MOST_BYTES // 1000)
    secret = hub().secret

    def link(user: User) -> str:
        return address("account.reset", token=reset_token(secret, user))

    with TemporaryDirectory() as folder:
        path = Path(folder) / clean_filename(table.filename)
        path.write_bytes(content)
        terms = Terms(person, link, dry_run=dry_run)
        return list(import_people(path, unknown, terms, writing))

"""The monthly catalogue at the command line: build, list, publish, export."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import click

from resource_hub.cli.console import HubGroup, gettext_of, show_json, show_table, tell
from resource_hub.cli.importing import require_owner
from resource_hub.cli.organisations import as_json
from resource_hub.domain.catalogue import Month
from resource_hub.domain.errors import N_
from resource_hub.domain.review import OPERATOR
from resource_hub.edge.current import hub, reading, writing
from resource_hub.edge.words import label
from resource_hub.models import Entry, Issue
from resource_hub.services import catalogue as catalogues
from resource_hub.services.catalogue_export import Labels, as_csv
from resource_hub.services.catalogue_export import as_json as as_json_file
from resource_hub.services.queries.issues import issues
from resource_hub.services.queries.operator import operators_view

FORMATS: dict[str, Callable[[Issue, list[Entry], Labels], bytes]] = {
    "csv": lambda _issue, entries, labels: as_csv(entries, labels),
    "json": as_json_file,
}


@click.group(cls=HubGroup)
def catalogue() -> None:
    """The issues of the monthly catalogue."""


@catalogue.command("build", epilog="Example: hub catalogue build 2026-10")
@click.argument("month")
def build(month: str) -> None:
    """Build the draft of MONTH, or build it again; a published issue stays as it is."""
    with writing() as uow:
        issue = catalogues.build(uow, OPERATOR, Month.parse(month))
        count, published = len(issue.entries), issue.published_at is not None
    if published:
        tell(N_("The issue of %(month)s is published already; it stays as it is."), month=month)
    else:
        tell(N_("The draft of %(month)s has %(count)s entries."), month=month, count=count)


@catalogue.command("publish", epilog="Example: hub catalogue publish 2026-10 --as editor")
@click.argument("month")
@click.option("--as", "login", help="Account of the editor who stands for it.")
@click.option("--preface", help="A few words at its beginning; without it: as written in the hub.")
def publish(month: str, login: str | None, preface: str | None) -> None:
    """Freeze the issue of MONTH; it is built afresh first."""
    by = require_owner(login) if login else OPERATOR
    with writing() as uow:
        issue = catalogues.publish(uow, by, Month.parse(month), preface=preface)
        number, count = issue.number, len(issue.entries)
    tell(
        N_("Issue %(number)s, of %(month)s, is published with %(count)s entries."),
        number=number,
        month=month,
        count=count,
    )


@catalogue.command("list", epilog="Example: hub catalogue list --json")
@as_json
def list_issues(*, as_json: bool) -> None:
    """List the issues, newest first: month, number, entries."""
    found = issues(reading(), operators_view(reading()))
    if as_json:
        show_json(
            [
                {
                    "month": issue.month,
                    "number": issue.number,
                    "published_at": issue.published_at and issue.published_at.isoformat(),
                    "entries": issue.total,
                }
                for issue in found
            ]
        )
        return
    show_table(
        (issue.month, issue.number or gettext_of(N_("draft")), issue.total) for issue in found
    )


@catalogue.command("export", epilog="Example: hub catalogue export 2026-10 --out exports")
@click.argument("month")
@click.option(
    "--format",
    "formats",
    type=click.Choice(list(FORMATS)),
    multiple=True,
    default=tuple(FORMATS),
    show_default=True,
    help="May be given several times.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Folder, made if it is not there; without it: the present one.",
)
@click.option("--as", "login", help="Only what this account may see; without it: everything.")
def export(month: str, formats: tuple[str, ...], out: Path, login: str | None) -> None:
    """Write the issue of MONTH into files that others can read."""
    wanted = Month.parse(month)
    issue = catalogues.readable_issue(reading(), OPERATOR, wanted)
    person = require_owner(login) if login else operators_view(reading())
    entries = catalogues.entries_for(issue, person)
    labels = Labels(label=label, say=gettext_of, public_url=hub().public_url)
    out.mkdir(parents=True, exist_ok=True)
    for name in formats:
        path = out / f"catalogue-{wanted}.{name}"
        write_whole(path, FORMATS[name](issue, entries, labels))
        click.echo(str(path))


def write_whole(path: Path, content: bytes) -> None:
    """Replace the file at once, so that nobody ever reads half of it."""
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as target:
            target.write(content)
        Path(draft).chmod(0o644)
        Path(draft).replace(path)
    finally:
        Path(draft).unlink(missing_ok=True)

"""The monthly catalogue at the command line: build, list, publish, export."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click

from resource_hub.catalogue.formats import ending, write_formats
from resource_hub.cli.console import HubGroup, gettext_of, progress, show_json, show_table, tell
from resource_hub.cli.importing import require_owner
from resource_hub.cli.organisations import as_json
from resource_hub.domain.catalogue import IssueEdition, Month
from resource_hub.domain.errors import N_, NotAllowed
from resource_hub.domain.review import OPERATOR
from resource_hub.edge.current import hub, reading, writing
from resource_hub.edge.issue_words import data_of, labels_in
from resource_hub.edge.words import LANGUAGES
from resource_hub.services import catalogue as catalogues
from resource_hub.services import issue_access
from resource_hub.services.issue_files import FORMATS, readable_editions
from resource_hub.services.issue_pictures import pictures_of
from resource_hub.services.queries import directory
from resource_hub.services.queries.issues import issues
from resource_hub.services.queries.operator import operators_view

_STEPS = 1_000
"""Of the bar: what a format counts in is its own matter."""


class Formats(click.ParamType[tuple[str, ...]]):
    """Names of formats with commas between them, as a tuple."""

    name = "formats"

    def __init__(self, known: Sequence[str]) -> None:
        self._known = known

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """As of a choice, for the help."""
        return click.Choice(self._known).get_metavar(param, ctx) or self.name

    def convert(
        self, value: str | tuple[str, ...], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """Refuses a name that is none, and says which there are."""
        if not isinstance(value, str):
            return value
        one = click.Choice(self._known)
        return tuple(one.convert(name.strip(), param, ctx) for name in value.split(","))


of_alliance = click.option("--alliance", help="Whose; without it: the only one of the hub.")


@click.group(cls=HubGroup)
def catalogue() -> None:
    """The issues of the monthly catalogues."""


def alliance_of(name: str | None) -> int:
    if name is not None:
        return directory.require_alliance(reading(), name).id
    return issue_access.the_only(issue_access.editable_alliances(reading(), OPERATOR)).id


@catalogue.command("build", epilog="Example: hub catalogue build 2026-10")
@click.argument("month")
@of_alliance
def build(month: str, alliance: str | None) -> None:
    """Build the draft of MONTH, or build it again; a published issue stays as it is."""
    wanted, alliance_id = Month.parse(month), alliance_of(alliance)
    with writing() as uow:
        issue = catalogues.build(uow, OPERATOR, alliance_id, wanted)
        count, published = len(issue.entries), issue.published_at is not None
    if published:
        tell(N_("The issue of %(month)s is published already; it stays as it is."), month=month)
    else:
        tell(N_("The draft of %(month)s has %(count)s entries."), month=month, count=count)


@catalogue.command("publish", epilog="Example: hub catalogue publish 2026-10 --as editor")
@click.argument("month")
@click.option("--as", "login", help="Account of the editor who stands for it.")
@click.option("--preface", help="A few words at its beginning; without it: as written in the hub.")
@of_alliance
def publish(month: str, login: str | None, preface: str | None, alliance: str | None) -> None:
    """Freeze the issue of MONTH; it is built afresh first."""
    by = require_owner(login) if login else OPERATOR
    wanted, alliance_id = Month.parse(month), alliance_of(alliance)
    with writing() as uow:
        issue = catalogues.publish(uow, by, alliance_id, wanted, preface=preface)
        number, count, name = issue.number, len(issue.entries), issue.alliance.name
    tell(
        N_("Issue %(number)s of %(alliance)s, of %(month)s, is published with %(count)s entries."),
        number=number,
        alliance=name,
        month=month,
        count=count,
    )


@catalogue.command("list", epilog="Example: hub catalogue list --json")
@as_json
def list_issues(*, as_json: bool) -> None:
    """List the issues, newest first: month, alliance, number, entries."""
    found = issues(reading(), operators_view(reading()))
    if as_json:
        show_json(
            [
                {
                    "month": issue.month,
                    "alliance": issue.alliance_name,
                    "number": issue.number,
                    "published_at": issue.published_at and issue.published_at.isoformat(),
                    "entries": issue.total,
                }
                for issue in found
            ]
        )
        return
    show_table(
        (issue.month, issue.alliance_name, issue.number or gettext_of(N_("draft")), issue.total)
        for issue in found
    )


@catalogue.command("export", epilog="Example: hub catalogue export 2026-10 --out exports")
@click.argument("month")
@click.option(
    "--format",
    "formats",
    type=Formats(FORMATS),
    multiple=True,
    default=tuple(FORMATS),
    show_default=True,
    help="Several with commas between them, or given several times.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Folder, made if it is not there; without it: the present one.",
)
@click.option("--as", "login", help="The edition that this account may see.")
@click.option(
    "--edition",
    type=click.Choice([edition.value for edition in IssueEdition]),
    help="Without it: of the alliance, or what the account may see.",
)
@of_alliance
def export(
    month: str,
    formats: tuple[tuple[str, ...], ...],
    out: Path,
    login: str | None,
    edition: str | None,
    alliance: str | None,
) -> None:
    """Write the issue of MONTH into files that others can read."""
    wanted, alliance_id = Month.parse(month), alliance_of(alliance)
    person = require_owner(login) if login else OPERATOR
    issue = issue_access.readable_issue(reading(), person, alliance_id, wanted)
    editions = readable_editions(person, alliance_id)
    chosen = IssueEdition(edition) if edition else editions[-1]
    if chosen not in editions:
        raise NotAllowed(N_("This edition is for the alliance alone."))
    data, labels = data_of(issue, chosen), labels_in(LANGUAGES[hub().language])
    out.mkdir(parents=True, exist_ok=True)
    pictures = pictures_of(issue, data, hub().storage)
    names = list(dict.fromkeys(name for some in formats for name in some))
    paths = []
    with progress(N_("Setting pages"), _STEPS) as bar:
        for file in write_formats(
            data, labels, names, pictures=pictures,
            progress=lambda done, total: bar.reach(_STEPS * done // total),
        ):  # fmt: skip
            paths.append(out / f"catalogue-{wanted}{ending(file.format)}")
            write_whole(paths[-1], file.content)
    for path in paths:
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

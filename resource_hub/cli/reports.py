"""Reports at the command line, for people and for spreadsheets."""

from dataclasses import asdict
from pathlib import Path

import click

from resource_hub.catalogue.statement_book import figure_cells, headings
from resource_hub.cli.catalogue import alliance_of, of_alliance, write_whole
from resource_hub.cli.console import HubGroup, gettext_of, show_json, show_table, tell
from resource_hub.cli.organisations import as_json
from resource_hub.domain.catalogue import Month
from resource_hub.domain.errors import N_
from resource_hub.domain.points import Figure
from resource_hub.domain.review import OPERATOR
from resource_hub.edge.current import hub, reading
from resource_hub.edge.issue_words import labels_in
from resource_hub.edge.words import LANGUAGES, locale_name
from resource_hub.services.figures import Scope
from resource_hub.services.figures_sheets import alliance_sheet, school_sheet
from resource_hub.services.queries import directory
from resource_hub.services.queries.fruitless import all_missed
from resource_hub.services.reports import report_file

HEADINGS = (N_("Month"), N_("Times"), N_("Looked for"), N_("Last time"))


@click.group(cls=HubGroup)
def report() -> None:
    """What happened in the hub, counted."""


@report.command("searches", epilog="Example: hub report searches --month 2026-10 --out missed.xlsx")
@click.option("--month", help="Such as 2026-10; without it: every month, the newest first.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Into this file, whose name ends in .csv or .xlsx.",
)
@as_json
def searches(month: str | None, out: Path | None, *, as_json: bool) -> None:
    """List what people looked for and did not find, what was missed most often first.

    Who looked for it is not known.
    """
    missed = all_missed(reading(), OPERATOR, Month.parse(month) if month else None)
    if as_json:
        show_json([asdict(one) | {"last_at": one.last_at.isoformat()} for one in missed])
        return
    if out is None:
        show_table((one.month, one.times, one.query) for one in missed)
        return
    rows = [
        (one.month, one.times, one.query, f"{one.last_at.astimezone(hub().zone):%Y-%m-%d %H:%M}")
        for one in missed
    ]
    write_whole(out, report_file(out.name, [gettext_of(word) for word in HEADINGS], rows))
    tell(N_("Written to %(name)s: %(count)s searches."), name=out, count=len(rows))


@report.command(
    "contributions",
    epilog="Example: hub report contributions --period 2026-2027-1 --out figures.xlsx",
)
@click.option("--period", required=True, help="Such as 2026-10, 2026-2027-1, 2026-2027 or 2026.")
@of_alliance
@click.option("--school", help="Of this school by person; without it: all schools.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Into this file, whose name ends in .csv or .xlsx.",
)
@as_json
def contributions(
    period: str, alliance: str | None, school: str | None, out: Path | None, *, as_json: bool
) -> None:
    """Count what schools, or the people of one, have done for their alliance.

    What is fixed stands as it was fixed, everything else is counted now.
    """
    session, zone, number = reading(), hub().zone, alliance_of(alliance)
    if school is None:
        sheet = alliance_sheet(session, OPERATOR, number, period, zone)
    else:
        scope = Scope(number, directory.require_school(session, school).id)
        sheet = school_sheet(session, OPERATOR, scope, period, zone)
    heads = [figure.value for figure in Figure] + ["rounds", "days", "points"]
    lines = [(line.name, figure_cells(line.tally, line.points)) for line in sheet.lines]
    if as_json:
        show_json([{"name": name, **dict(zip(heads, cells, strict=True))} for name, cells in lines])
        return
    rows = [(name, *("" if cell is None else cell for cell in cells)) for name, cells in lines]
    if out is None:
        show_table(rows)
        return
    labels = labels_in(LANGUAGES[locale_name()])
    content = report_file(out.name, [gettext_of(N_("Name")), *headings(labels)], rows)
    write_whole(out, content)
    tell(N_("Written to %(name)s: %(count)s lines."), name=out, count=len(rows))

"""Bring a collection in: a folder of files, or a manifest with a line for each resource."""

import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from resource_hub.cli.console import HubCommand, gettext_of
from resource_hub.cli.import_report import follow, scrolls
from resource_hub.domain.errors import N_, Invalid, Missing, Problem
from resource_hub.domain.licences import ALLIANCE_ONLY, LICENCES
from resource_hub.domain.people import Person
from resource_hub.domain.taxonomy import Kind, Scheme
from resource_hub.domain.visibility import Audience
from resource_hub.edge.current import hub, reading, taxonomy, writing
from resource_hub.services import import_sources
from resource_hub.services.importing import collector_for, import_lines
from resource_hub.services.manifests import Defaults
from resource_hub.services.persons import find_person
from resource_hub.services.stick_submissions import Reception, submissions_in, take_in

KINDS = click.Choice([kind.value for kind in Kind])
AUDIENCES = click.Choice([audience.value for audience in Audience])


@click.command(
    "import",
    cls=HubCommand,
    epilog="Example: hub import lessons --manifest lessons/list.xlsx --as wangmin --publish",
)
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--manifest",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV, XLSX or JSON Lines; its files lie in SOURCE.",
)
@click.option("--as", "login", default="", help="Account or e-mail of the owner.")
@click.option("--publish", is_flag=True, help="Publish without review; each page says so.")
@click.option("--submit", is_flag=True, help="Send submissions from a stick to review.")
@click.option(
    "--kind", type=click.Choice([kind.value for kind in Kind]), help="Where none is said."
)
@click.option("--subject", default="", help="Where none is said; code or name.")
@click.option("--stage", default="", help="Stage of school where none is said; code or name.")
@click.option("--grade", "grades", multiple=True, help="Where none is said; code or name.")
@click.option("--licence", type=click.Choice(list(LICENCES)), help="Where none is said.")
@click.option("--audience", type=AUDIENCES, help="Where none is said.")
@click.option("--leave-out", multiple=True, metavar="PATTERN", help="Names to pass over.")
@click.option(
    "--report",
    "report_file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write the line by line report into this CSV file.",
)
@click.option("--json", "as_json", is_flag=True, help="Only the figures, for a script.")
def import_command(
    source: Path,
    manifest: Path | None,
    login: str,
    kind: str | None,
    subject: str,
    stage: str,
    grades: tuple[str, ...],
    licence: str | None,
    audience: str | None,
    leave_out: tuple[str, ...],
    report_file: Path | None,
    *,
    publish: bool,
    submit: bool,
    as_json: bool,
) -> None:
    """Import SOURCE: a folder, a manifest, a single file, or submissions from a stick.

    Without a manifest each file becomes a resource titled by its name. Safe to repeat: what the
    owner has already, by title and content, is skipped.

    A submission written on the page of an offline pack becomes a draft of the person whose e-mail
    it names, or with --as of that account.
    """
    started = time.monotonic()
    if manifest is None and (sent := submissions_in(source)):
        reception = Reception(
            writing, hub().storage, hub().limits, require_owner(login) if login else None, submit
        )
        follow(take_in(sent, reception), len(sent), report_file, set(), started, as_json=as_json)
        return
    if not login:
        raise click.UsageError(gettext_of(N_("Say by --as whose it is.")))
    owner = require_owner(login)
    collector = collector_for(
        reading(),
        owner,
        storage=hub().storage,
        limits=hub().limits,
        defaults=Defaults(
            kind=Kind(kind) if kind else None,
            subject=code_of(Scheme.SUBJECT, subject),
            stage=code_of(Scheme.SCHOOL_STAGE, stage),
            grades=tuple(code_of(Scheme.GRADE, grade) for grade in grades),
            licence=licence or "",
            audience=_audience(audience, owner),
        ),
        publish=publish,
    )
    if publish and audience == Audience.PUBLIC and licence in {None, ALLIANCE_ONLY}:
        _refuse_unless_lines_say_more(_lines(source, manifest, leave_out, set()))
    unknown: set[str] = set()

    def lines() -> Iterator[import_sources.Line]:
        return _lines(source, manifest, leave_out, unknown)

    outcomes = import_lines(lines(), collector, writing)
    total = 0 if scrolls(report_file, as_json=as_json) else _count(lines())
    follow(outcomes, total, report_file, unknown, started, as_json=as_json)


def _refuse_unless_lines_say_more(lines: Iterable[import_sources.Line]) -> None:
    """Say once, before the first line, what else would be said of every line."""
    if not any(line.cells.get("licence") or line.cells.get("audience") for line in lines):
        sentence = N_("What everyone may see needs an open licence: add --licence cc-by-4.0.")
        raise Invalid([Problem("licence", sentence)])


def require_owner(login: str) -> Person:
    """The person of this account or e-mail.

    Raises:
        Missing: there is none, or the account is closed.
    """
    person = find_person(reading(), login)
    if person is None:
        raise Missing(N_("There is no account “%(login)s”."), login=login)
    return person


def code_of(scheme: Scheme, words: str) -> str:
    """The code for a code or a name; empty for empty.

    Raises:
        Invalid: it is in no list.
    """
    code = taxonomy().find(scheme, words) if words else ""
    if code is None:
        sentence = N_("“%(code)s” is not in the list; choose one that is.")
        raise Invalid([Problem(scheme.value, sentence, {"code": words})])
    return code


def _audience(chosen: str | None, owner: Person) -> Audience:
    if chosen:
        return Audience(chosen)
    return Audience.ALLIANCE if owner.alliance_ids else Audience.SCHOOL


def _lines(
    source: Path, manifest: Path | None, leave_out: tuple[str, ...], unknown: set[str]
) -> Iterator[import_sources.Line]:
    if manifest is not None:
        root = source if source.is_dir() else source.parent
        return import_sources.lines_of_manifest(manifest, root, unknown)
    if source.is_dir():
        return import_sources.lines_of_folder(source, leave_out=leave_out)
    if import_sources.is_manifest(source):
        return import_sources.lines_of_manifest(source, source.parent, unknown)
    return iter([import_sources.Line(1, {}, (source,))])


def _count(lines: Iterable[object]) -> int:
    """How many there will be, which only a progress bar wants to know."""
    return sum(1 for _line in lines) if sys.stderr.isatty() else 0

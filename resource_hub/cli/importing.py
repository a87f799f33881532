"""Bring a collection in: a folder of files, or a manifest with a line for each resource."""

import csv
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from resource_hub.cli.console import HubCommand, gettext_of, progress, show_json, tell, warn
from resource_hub.cli.draining import drain
from resource_hub.domain.errors import N_, Invalid, Missing, Problem
from resource_hub.domain.licences import ALLIANCE_ONLY, LICENCES
from resource_hub.domain.people import Person
from resource_hub.domain.taxonomy import Kind, Scheme
from resource_hub.domain.visibility import Audience
from resource_hub.edge.current import hub, reading, taxonomy, writing
from resource_hub.edge.words import label, say
from resource_hub.services import import_sources
from resource_hub.services.catalogue_export import harmless
from resource_hub.services.importing import Outcome, Verdict, collector_for, import_lines
from resource_hub.services.manifests import Defaults
from resource_hub.services.persons import find_person

KINDS = click.Choice([kind.value for kind in Kind])
AUDIENCES = click.Choice([audience.value for audience in Audience])

Report = Callable[[Outcome], None]

_SCHEMES = {
    "stage": "school_stage",
    "subject": "subject",
    "grades": "grade",
    "kind": "kind",
    "licence": "licence",
    "audience": "audience",
}
_FIELDS = {
    "stage": N_("Stage of school"),
    "subject": N_("Subject"),
    "grades": N_("Grades"),
    "kind": N_("Kind"),
    "licence": N_("Licence"),
    "audience": N_("Audience"),
    "summary": N_("Summary"),
    "title": N_("Title"),
    "unit": N_("Unit"),
    "source": N_("Source"),
    "keywords": N_("Keywords"),
    "text": N_("Text"),
}
_VERDICTS = {
    Verdict.IMPORTED: N_("imported"),
    Verdict.SKIPPED: N_("skipped, already there"),
    Verdict.REFUSED: N_("refused"),
}


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
@click.option("--as", "login", required=True, help="Account or e-mail of the owner.")
@click.option("--publish", is_flag=True, help="Publish without review; each page says so.")
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
    as_json: bool,
) -> None:
    """Import SOURCE: a folder, a manifest, or a single file.

    Without a manifest each file becomes a resource titled by its name. Safe to repeat: what the
    owner has already, by title and content, is skipped.
    """
    owner = require_owner(login)
    started = time.monotonic()
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

    counts: Counter[Verdict] = Counter()
    on_terminal = sys.stdout.isatty() and report_file is None and not as_json
    with ExitStack() as stack:
        report = stack.enter_context(_reporting(report_file, silent=as_json))
        # Where the lines scroll by on the same terminal, they are the progress.
        total = 0 if on_terminal else _count(lines())
        bar = None if on_terminal else stack.enter_context(progress(N_("Importing"), total))
        for done, outcome in enumerate(import_lines(lines(), collector, writing), start=1):
            report(outcome)
            counts[outcome.verdict] += 1
            if bar is not None:
                bar.reach(done)
    drain()
    _sum_up(counts, unknown, time.monotonic() - started, as_json=as_json)
    if counts[Verdict.REFUSED] and not counts[Verdict.IMPORTED] + counts[Verdict.SKIPPED]:
        raise Invalid([Problem("file", N_("Nothing could be imported."))])


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


@contextmanager
def _reporting(file: Path | None, *, silent: bool) -> Iterator[Report]:
    """Where each outcome is written the moment it is certain: a CSV file, or standard output."""
    if file is not None:
        with file.open("w", encoding="utf-8-sig", newline="") as target:
            sheet = csv.writer(target)
            sheet.writerow(["line", "result", "resource", "title", "remarks"])

            def write(outcome: Outcome) -> None:
                sheet.writerow([harmless(cell) for cell in _cells(outcome)])
                target.flush()

            yield write
    elif silent:
        yield lambda _outcome: None
    else:
        yield lambda outcome: click.echo("\t".join(_cells(outcome)))


def _cells(outcome: Outcome) -> list[str]:
    verdict = gettext_of(_VERDICTS[outcome.verdict])
    return [
        str(outcome.number),
        verdict,
        outcome.public_id,
        outcome.title,
        "; ".join(_remarks(outcome)),
    ]


def _remarks(outcome: Outcome) -> Iterator[str]:
    for problem in outcome.problems:
        yield say(problem)
    if outcome.assumed:
        yield gettext_of(
            N_("assumed: %(values)s"),
            values=", ".join(
                f"{gettext_of(_FIELDS[name])}={_value(name, value)}"
                for name, value in outcome.assumed.items()
            ),
        )
    if outcome.shortened:
        names = ", ".join(gettext_of(_FIELDS[name]) for name in outcome.shortened)
        yield gettext_of(N_("shortened: %(fields)s"), fields=names)


def _value(name: str, value: str) -> str:
    if name not in _SCHEMES:
        return value
    return "/".join(label(code, _SCHEMES[name]) for code in value.split())


def _sum_up(counts: Counter[Verdict], unknown: set[str], seconds: float, *, as_json: bool) -> None:
    if as_json:
        show_json(
            {verdict.value: counts[verdict] for verdict in Verdict}
            | {"unknown_columns": sorted(unknown), "seconds": round(seconds, 1)}
        )
        return
    if unknown:
        warn(
            N_("Columns that mean nothing to the hub: %(names)s."), names=", ".join(sorted(unknown))
        )
    tell(
        N_(
            "Imported: %(imported)s; skipped: %(skipped)s; refused: %(refused)s;"
            " in %(seconds)s seconds."
        ),
        imported=counts[Verdict.IMPORTED],
        skipped=counts[Verdict.SKIPPED],
        refused=counts[Verdict.REFUSED],
        seconds=round(seconds),
    )

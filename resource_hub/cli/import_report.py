"""The report of an import: line by line as each becomes certain, and the sum at the end."""

import csv
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from resource_hub.catalogue.plain import harmless
from resource_hub.cli.console import gettext_of, progress, show_json, tell, warn
from resource_hub.cli.draining import drain
from resource_hub.domain.errors import N_, Invalid, Problem
from resource_hub.edge.words import label, say
from resource_hub.services.importing import Outcome, Verdict

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


def scrolls(report_file: Path | None, *, as_json: bool) -> bool:
    """Where the lines scroll by on the same terminal, they are the progress."""
    return sys.stdout.isatty() and report_file is None and not as_json


def follow(
    outcomes: Iterable[Outcome],
    total: int,
    report_file: Path | None,
    unknown: set[str],
    started: float,
    *,
    as_json: bool,
) -> None:
    """Report each outcome as it becomes certain, and sum them up."""
    counts: Counter[Verdict] = Counter()
    with ExitStack() as stack:
        report = stack.enter_context(_reporting(report_file, silent=as_json))
        silent = scrolls(report_file, as_json=as_json)
        bar = None if silent else stack.enter_context(progress(N_("Importing"), total))
        for done, outcome in enumerate(outcomes, start=1):
            report(outcome)
            counts[outcome.verdict] += 1
            if bar is not None:
                bar.reach(done)
    drain()
    _sum_up(counts, unknown, time.monotonic() - started, as_json=as_json)
    if counts[Verdict.REFUSED] and not counts[Verdict.IMPORTED] + counts[Verdict.SKIPPED]:
        raise Invalid([Problem("file", N_("Nothing could be imported."))])


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

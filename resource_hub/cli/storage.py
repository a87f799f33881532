"""Where the bytes of files live: move them elsewhere."""

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click

from resource_hub.cli.console import HubGroup, progress, show_json, tell, warn
from resource_hub.cli.organisations import as_json
from resource_hub.domain.errors import N_, Invalid, Missing, Problem
from resource_hub.edge.words import size
from resource_hub.services.moving_blobs import Moved, Outcome, count_blobs, move_blobs, only_in
from storage import storage_from_url


@click.group(cls=HubGroup)
def storage() -> None:
    """The storage of files."""


@storage.command(
    "migrate",
    epilog="Example: hub storage migrate file:///var/lib/resource-hub/blobs s3://hub-files/blobs",
)
@click.argument("source")
@click.argument("target")
@click.option("--check-all", is_flag=True, help="Read again what was copied before, too.")
@click.option("--threads", type=click.IntRange(1, 64), default=4, show_default=True)
@as_json
def migrate(source: str, target: str, threads: int, *, check_all: bool, as_json: bool) -> None:
    """Copy all stored files from one storage to another, each compared with its name.

    SOURCE and TARGET are storage URLs as in HUB_STORAGE_URL. The hub may run meanwhile; SOURCE is
    only read. Type it again after an interruption: what has arrived is not copied twice.

    Exit code 1 when something did not arrive; it is listed.
    """
    if _place(source) == _place(target):
        raise Invalid([Problem("target", N_("SOURCE and TARGET are the same storage."))])
    old, new = storage_from_url(source), storage_from_url(target)
    number, bytes_copied, differs = Counter[Outcome](), 0, list[Moved]()
    if not (total := count_blobs(old)):  # else a slip of the finger would read as success
        sentence = N_("SOURCE has no files: there is nothing to copy. Look whether its address is"
                      " right.")  # fmt: skip
        raise Missing(sentence)
    with progress(N_("Copying files"), total) as bar:
        for moved in move_blobs(old, new, threads=threads, check_all=check_all):
            number[moved.outcome] += 1
            if moved.outcome is Outcome.COPIED:
                bytes_copied += moved.size
            if moved.differs:
                differs.append(moved)
            bar.reach(number.total())
    more = only_in(new, old)
    if as_json:
        counted = {outcome.value: number[outcome] for outcome in Outcome}
        show_json(
            counted
            | {"bytes_copied": bytes_copied, "only_in_target": more}
            | {"differs": [asdict(moved) for moved in differs]}
        )
    else:
        _say(number, bytes_copied, differs, more)
    if differs:
        raise click.exceptions.Exit(1)


def _place(url: str) -> str:
    """The same for all spellings of one folder."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return str(Path(unquote(parts.path)).resolve())
    return url.rstrip("/")


def _say(number: Counter[Outcome], bytes_copied: int, differs: list[Moved], more: int) -> None:
    tell(
        N_("Copied: %(copied)s files, %(size)s. There before: %(there)s."),
        copied=number[Outcome.COPIED],
        size=size(bytes_copied),
        there=number[Outcome.THERE],
    )
    if more:
        tell(N_("Files that only TARGET has: %(number)s."), number=more)
    for moved in differs:
        click.echo(f"{moved.key}  {moved.reason}", err=True)
    if differs:
        warn(N_("Not copied: %(number)s. Type it again when it is mended."), number=len(differs))
    else:
        tell(N_("TARGET has every file of SOURCE."))

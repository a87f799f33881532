"""Read every blob and compare: what is damaged, what is missing, what can be mended."""

from dataclasses import asdict

import click
from sqlalchemy import func, select

from resource_hub.cli.console import HubCommand, Plain, gettext_of, progress, show_json, tell, warn
from resource_hub.cli.organisations import as_json
from resource_hub.cli.setup import require_ready
from resource_hub.domain.errors import N_, WrongState
from resource_hub.edge.current import hub, reading, writing
from resource_hub.edge.words import size
from resource_hub.models import AskedBy, Blob
from resource_hub.services.queries.safekeeping import Checked, FaultLine, fault_lines, verification
from resource_hub.services.repairing import repair
from resource_hub.services.verifying import Care, run
from storage import storage_from_url

KINDS = {
    "damaged": N_("damaged"),
    "missing": N_("missing"),
    "unreadable": N_("cannot be read"),
    "database": N_("database"),
    "index": N_("search index"),
}


@click.command(cls=HubCommand, epilog="Example: hub verify --repair")
@click.option("--repair", "mend", is_flag=True, help="Mend what is wrong, as far as possible.")
@click.option("--from", "second_url", help="Fetch lost bytes from here.  [HUB_SECOND_STORAGE_URL]")
@click.option("--anew", is_flag=True, help="Begin anew, even if one was interrupted.")
@click.option("--threads", type=click.IntRange(1, 64), default=2, show_default=True)
@as_json
def verify(second_url: str | None, threads: int, *, mend: bool, anew: bool, as_json: bool) -> None:
    """Read every stored file and compare it with its name; compare database, storage and index.

    Goes on where an interrupted one was. The worker does it every night by itself, slowly.

    Exit code 1 when something is wrong and was not mended.
    """
    require_ready()
    second = storage_from_url(second_url) if second_url else hub().second_storage
    verification_id = _read_everything(threads, anew=anew)
    if mend:
        for done in repair(
            reading(), writing, hub().storage, hub().search, verification_id, second=second
        ):
            if not as_json and done.how != "no":
                tell(N_("Mended: %(key)s"), key=done.key or gettext_of(KINDS["index"]))
    found = verification(reading(), verification_id)
    faults = fault_lines(reading(), verification_id)
    if as_json:
        show_json(as_plain(found) | {"found": [asdict(fault) for fault in faults]})
    else:
        _say(found, faults, can_fetch=second is not None)
    if found.faults:
        raise click.exceptions.Exit(1)


def _read_everything(threads: int, *, anew: bool) -> int:
    """Show how far it is on the way; returns the number of the verification."""
    total = int(reading().scalar(select(func.coalesce(func.sum(Blob.size), 0))) or 0)
    steps = run(
        reading(),
        writing,
        hub().storage,
        hub().search,
        asked_by=AskedBy.COMMAND,
        care=Care(threads=threads),
        anew=anew,
    )
    verification_id = None
    with progress(N_("Reading every file"), total) as bar:
        for step in steps:
            verification_id = step.verification_id
            bar.reach(min(total, step.size))
    if verification_id is None:
        raise WrongState(N_("Another process verifies the hub just now: look again later."))
    return verification_id


def as_plain(found: Checked) -> dict[str, Plain]:
    """A verification as JSON can hold it."""
    times = {name: getattr(found, name) for name in ("started_at", "finished_at")}
    return asdict(found) | {name: at and at.isoformat() for name, at in times.items()}


def _say(found: Checked, faults: list[FaultLine], *, can_fetch: bool) -> None:
    tell(
        N_("Read: %(files)s files, %(size)s. Used by nothing: %(unused)s files, %(unused_size)s."),
        files=found.files,
        size=size(found.size),
        unused=found.unused_files,
        unused_size=size(found.unused_size),
    )
    for fault in faults:
        if fault.is_repaired:
            continue
        where = ", ".join(f"{public_id} {title}" for public_id, title in fault.resources)
        parts = (gettext_of(KINDS[fault.kind.value]), fault.key, where or fault.detail)
        click.echo("  ".join(part for part in parts if part), err=True)
    if not found.faults:
        tell(N_("Everything is as it should be."))
    elif can_fetch:
        warn(N_("Wrong: %(number)s. Mend it with hub verify --repair."), number=found.faults)
    else:
        warn(
            N_("Wrong: %(number)s. A backup mends it: hub verify --repair --from file:///…/blobs."),
            number=found.faults,
        )

"""How the hub is doing, on one screen."""

import platform
import re
import shutil
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import version

import click
from flask import current_app
from sqlalchemy import text

from resource_hub.cli.console import HubCommand, gettext_of, show_json
from resource_hub.cli.organisations import as_json
from resource_hub.cli.setup import is_current
from resource_hub.domain.errors import N_
from resource_hub.domain.review import State
from resource_hub.edge.current import hub, reading
from resource_hub.edge.extensions import db
from resource_hub.edge.words import moment, size
from resource_hub.services.queries import status as figures
from resource_hub.services.queries.safekeeping import last_backup, last_verification
from resource_hub.services.unused_blobs import unused_total
from search_index import SearchIndexError
from storage import StorageError

LIBRARIES = ("Flask", "SQLAlchemy", "gunicorn", "tantivy")
MOST_SHOWN = 5
"""Jobs set aside that are shown one by one."""


@click.command(cls=HubCommand, epilog="Example: hub status --json")
@as_json
def status(*, as_json: bool) -> None:
    """Show versions, where things live, what the hub holds, what waits, and the disk.

    Exit code 1 when a part does not answer, jobs were set aside, or files are damaged or missing.
    """
    facts = collect()
    if as_json:
        show_json(facts)
    else:
        for heading, lines in facts.items():
            click.echo(click.style(gettext_of(HEADINGS[heading]), bold=True))
            for name, value in lines.items():
                click.echo(f"  {padded(gettext_of(NAMES.get(name, name)), 20)}{shown(name, value)}")
        for job in figures.status(reading(), now=hub().now()).set_aside[:MOST_SHOWN]:
            click.echo(f"  {moment(job.run_at)}  {job.kind} {job.subject}: {job.error}", err=True)
    good = all(state == READY for state in facts["parts"].values())
    faults = facts.get("safety", {}).get("faults")
    if not good or facts["queue"]["set_aside"] or faults:
        raise click.exceptions.Exit(1)


HEADINGS = {
    "versions": N_("Versions"),
    "addresses": N_("Where things live"),
    "parts": N_("Parts"),
    "holdings": N_("Holdings"),
    "queue": N_("Queue"),
    "safety": N_("Safekeeping"),
    "disk": N_("Disk"),
}
READY = N_("ready")
NAMES: Mapping[str, str] = {
    "data": N_("Data folder"),
    "database": N_("Database"),
    "storage": N_("Storage"),
    "search": N_("Search index"),
    "mail": N_("Mail"),
    "public": N_("Address"),
    "schools": N_("Schools"),
    "alliances": N_("Alliances"),
    "people": N_("People"),
    "demo_people": N_("Demo accounts"),
    "resources": N_("Resources"),
    State.DRAFT: N_("Draft"),
    State.IN_REVIEW: N_("In review"),
    State.CHANGES_REQUESTED: N_("Changes requested"),
    State.REJECTED: N_("Rejected"),
    State.PUBLISHED: N_("Published"),
    State.SUPERSEDED: N_("Superseded"),
    State.WITHDRAWN: N_("Withdrawn"),
    "findable": N_("Findable"),
    "indexed": N_("In the index"),
    "files": N_("Stored files"),
    "file_bytes": N_("Their size"),
    "waiting": N_("Waiting jobs"),
    "set_aside": N_("Jobs set aside"),
    "oldest": N_("Oldest due"),
    "verified": N_("Last verification"),
    "faults": N_("Wrong then"),
    "backed_up": N_("Last backup"),
    "unused_bytes": N_("Used by nothing"),
    "free_bytes": N_("Free"),
    "total_bytes": N_("In total"),
}
MOMENTS = ("oldest", "verified", "backed_up")


def shown(name: str, value: object) -> str:
    """A fact as a person reads it: ``1.2 MB``, the day and the hour, a dash for nothing."""
    written = str(value)
    if name.endswith("bytes"):
        return size(int(written))
    if not written:
        return "–"
    if name in MOMENTS:
        return moment(datetime.fromisoformat(written))
    return gettext_of(READY) if written == READY else written


def collect() -> dict[str, dict[str, object]]:
    """Everything that is shown, as JSON can hold it."""
    parts = _parts()
    facts: dict[str, dict[str, object]] = {
        "versions": {
            "Python": platform.python_version(),
            **{name: version(name) for name in LIBRARIES},
        },
        "addresses": _addresses(),
        "parts": dict(parts),
    }
    if parts["database"] == READY:
        found = figures.status(reading(), now=hub().now())
        facts["holdings"] = {
            "schools": found.schools,
            "alliances": found.alliances,
            "people": found.people,
            "demo_people": found.demo_people,
            "resources": found.resources,
            **found.by_state,
            "findable": found.findable,
            "indexed": hub().search.count() if parts["search"] == READY else 0,
            "files": found.files,
            "file_bytes": found.file_bytes,
        }
        facts["queue"] = {
            "waiting": sum(waiting for waiting, _aside in found.jobs.values()),
            "set_aside": sum(aside for _waiting, aside in found.jobs.values()),
            "oldest": found.oldest_waiting.isoformat() if found.oldest_waiting else "",
        }
        facts["safety"] = _safety()
    else:
        facts["queue"] = {"set_aside": 0}
    disk = shutil.disk_usage(hub().data)
    facts["disk"] = {"free_bytes": disk.free, "total_bytes": disk.total}
    return facts


def _safety() -> dict[str, object]:
    """The last verification and the last backup."""
    verified, backup = last_verification(reading()), last_backup(reading())
    ended = verified.finished_at if verified else None
    return {
        "verified": ended.isoformat() if ended else "",
        "faults": verified.faults if verified else 0,
        "backed_up": backup.at.isoformat() if backup else "",
        "unused_bytes": unused_total(reading())[1],
    }


def _parts() -> dict[str, str]:
    """Each part with ``ready``, or a sentence that says what is wrong."""
    state = {"database": READY, "storage": READY, "search": READY}
    reading().execute(text("SELECT 1"))
    if not is_current(db.engine):
        state["database"] = gettext_of(
            N_("The database is not ready for this version: type hub init first.")
        )
    try:
        hub().storage.check()
    except StorageError as error:
        state["storage"] = str(error)
    try:
        hub().search.check()
    except SearchIndexError as error:
        state["search"] = str(error)
    else:
        if hub().search.needs_rebuild:
            state["search"] = gettext_of(N_("The index is not complete: type hub index rebuild."))
    return state


def _addresses() -> dict[str, object]:
    settings = current_app.extensions["settings"]
    return {
        "data": str(settings.data),
        "database": without_secrets(settings.database_url),
        "storage": without_secrets(settings.storage_url),
        "search": without_secrets(settings.search_url),
        "mail": without_secrets(settings.smtp_url),
        "public": hub().public_url,
    }


def without_secrets(url: str) -> str:
    """The URL without its password, and without any parameter that could be one."""
    bare = re.sub(r"//([^/:]*):[^/]*@", r"//\1:***@", url)
    return re.sub(
        r"([?&][^=&]*(?:key|secret|token|password|signature)[^=&]*)=[^&]*", r"\1=***", bare
    )


def padded(word: str, width: int) -> str:
    """The word with blanks behind it; a Chinese character is as wide as two Latin letters."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in word)
    return word + " " * max(1, width - len(word) - wide)

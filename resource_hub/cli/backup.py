"""Make a backup while people work, and bring one back into an empty hub."""

from dataclasses import asdict
from pathlib import Path

import click

from resource_hub.cli.console import HubCommand, progress, show_json, tell, warn
from resource_hub.cli.organisations import as_json
from resource_hub.cli.setup import is_current, known_migrations, rebuild_index, require_ready
from resource_hub.domain.errors import N_, WrongState
from resource_hub.domain.review import OPERATOR
from resource_hub.edge.current import hub, reading, writing
from resource_hub.edge.extensions import db
from resource_hub.edge.words import size
from resource_hub.services.backup_format import Manifest, Source, read_manifest, source_at
from resource_hub.services.backups import Made, back_up_to_file, back_up_to_folder
from resource_hub.services.restoring import bring_blobs_back, check_snapshot, require_empty
from resource_hub.services.snapshots import is_bare, load

place = click.argument("place", type=click.Path(path_type=Path))


@click.command(cls=HubCommand, epilog="Example: hub backup /mnt/disk/hub --keep 14")
@place
@click.option("--keep", type=click.IntRange(1), help="Keep so many snapshots, remove older ones.")
@click.option("--whole", is_flag=True, help="Read again what PLACE has already, and mend it.")
@as_json
def backup(place: Path, keep: int | None, *, whole: bool, as_json: bool) -> None:
    """Copy database and files as they are at one moment, while people work.

    PLACE is a folder, to which each run adds a snapshot and only the files that are new; or a name
    that ends in .tar, for one file with everything. Exit code 1 when files of the hub are missing
    or damaged: the backup then has all the others.
    """
    require_ready()
    reading().close()
    engine, storage, now = db.engine, hub().storage, hub().now()
    with progress(N_("Copying files"), 1000) as bar:

        def step(done: int, total: int) -> None:
            bar.reach(1000 * done // max(1, total))

        if place.suffix.lower() == ".tar" and not place.is_dir():
            if keep or whole:
                raise WrongState(N_("--keep and --whole are for a folder of snapshots."))
            made = back_up_to_file(engine, storage, place.absolute(), now=now, step=step)
        else:
            made = back_up_to_folder(
                engine, storage, place.absolute(), now=now, step=step, whole=whole, keep=keep
            )
    with writing() as uow:
        uow.record(
            "hub:backup",
            by=OPERATOR,
            name=made.name,
            files=made.files,
            size=made.size,
            lacking=len(made.lacking),
        )
    if as_json:
        show_json(asdict(made))
    else:
        _say(made)
    if made.lacking:
        raise click.exceptions.Exit(1)


def _say(made: Made) -> None:
    tell(
        N_("Backup %(name)s: %(rows)s rows, %(files)s files (%(size)s); new: %(new)s (%(more)s)."),
        name=made.name,
        rows=made.rows,
        files=made.files,
        size=size(made.size),
        new=made.new_files,
        more=size(made.new_size),
    )
    if made.removed:
        tell(N_("Older snapshots removed: %(number)s."), number=made.removed)
    if made.lacking:
        warn(
            N_("Missing or damaged in the hub, so not in this backup: %(number)s files. See hub"
               " verify."),
            number=len(made.lacking),
        )  # fmt: skip


@click.command(cls=HubCommand, epilog="Example: hub restore /mnt/disk/hub")
@place
@click.option("--at", "name", default="", help="Which snapshot; without it the newest.")
@click.option("--list", "only_list", is_flag=True, help="Only say which snapshots there are.")
@as_json
def restore(place: Path, name: str, *, only_list: bool, as_json: bool) -> None:
    """Bring the backup in PLACE back into an empty hub: all tables, all files, then the index.

    Every byte is compared with what was written. After an interruption type it again. The database
    may be another than the one that was copied. Exit code 1 when files of the backup are damaged.
    """
    with source_at(place) as source:
        if only_list:
            _list(source, as_json=as_json)
        else:
            _restore(source, name, as_json=as_json)


def _restore(source: Source, name: str, *, as_json: bool) -> None:
    manifest = read_manifest(source, name)
    if manifest.schema not in known_migrations():
        raise WrongState(N_("A newer version of the hub made this backup: update first."))
    require_empty(db.engine)
    check_snapshot(source, manifest)
    damaged = _files(source, manifest)
    _tables(source, manifest)
    reading().close()
    indexed = rebuild_index()
    if as_json:
        show_json(
            {"name": manifest.name, "made_at": manifest.made_at, "files": manifest.blobs.rows,
             "damaged": damaged, "lacking": manifest.lacking, "indexed": indexed}
        )  # fmt: skip
    else:
        tell(
            N_("Restored %(name)s: %(files)s files (%(size)s), %(indexed)s resources findable."),
            name=manifest.name,
            files=manifest.blobs.rows - len(damaged),
            size=size(manifest.blob_size),
            indexed=indexed,
        )
        if damaged or manifest.lacking:
            warn(
                N_("Files without their bytes: %(number)s. Which ones, says hub verify."),
                number=len(damaged) + len(manifest.lacking),
            )
    if damaged:
        raise click.exceptions.Exit(1)


def _list(source: Source, *, as_json: bool) -> None:
    manifests = [read_manifest(source, name) for name in source.names()]
    if as_json:
        show_json([{"name": one.name, "made_at": one.made_at, "files": one.blobs.rows,
                    "size": one.blob_size, "lacking": len(one.lacking)}
                   for one in manifests])  # fmt: skip
        return
    for one in manifests:
        click.echo(f"{one.name}\t{one.blobs.rows}\t{size(one.blob_size)}")


def _files(source: Source, manifest: Manifest) -> list[str]:
    hub().storage.check()
    with progress(N_("Bringing files back"), manifest.blobs.rows) as bar:
        return bring_blobs_back(
            source, manifest, hub().storage, step=lambda done, _total: bar.reach(done)
        )


def _tables(source: Source, manifest: Manifest) -> None:
    """Make the tables as they were when the backup was made, fill them, bring them up to date."""
    from resource_hub.edge.migrating import downgrade, upgrade  # noqa: PLC0415 - Alembic takes a while to load

    reading().close()
    if not is_bare(db.engine):
        downgrade(db.engine, "base")
    upgrade(db.engine, manifest.schema)
    total, done = sum(piece.rows for piece in manifest.tables.values()), 0
    with progress(N_("Filling the tables"), total) as bar:

        def step(rows: int) -> None:
            nonlocal done
            done += rows
            bar.reach(done)

        load(db.engine, source, manifest, step)
    if not is_current(db.engine):
        upgrade(db.engine)

"""The ``hub`` command: one file for each group of commands."""

import click

from resource_hub.cli import (
    backup,
    catalogue,
    demo,
    importing,
    organisations,
    pack,
    people,
    quotas,
    reports,
    search_words,
    searching,
    serving,
    setup,
    status,
    storage,
    verify,
)
from resource_hub.cli.console import HubGroup

EPILOG = "The first steps: hub init, hub people add, hub serve. Settings are HUB_* variables."


@click.group(cls=HubGroup, epilog=EPILOG)
def hub_command() -> None:
    """Run and look after a hub of teaching resources."""


for command in (
    setup.init,
    serving.serve,
    serving.worker,
    status.status,
    people.people,
    organisations.schools,
    organisations.alliances,
    importing.import_command,
    searching.search,
    searching.index,
    search_words.search_words,
    reports.report,
    catalogue.catalogue,
    pack.pack,
    storage.storage,
    verify.verify,
    backup.backup,
    backup.restore,
    quotas.quota,
    demo.demo,
):
    hub_command.add_command(command)

__all__ = ["hub_command"]

"""Fill an empty hub with the demo: everything through the services."""

import click

from resource_hub.cli.console import HubCommand, gettext_of, tell
from resource_hub.cli.setup import require_ready
from resource_hub.domain.errors import N_, WrongState
from resource_hub.edge.current import reading
from resource_hub.services.queries.status import is_empty


@click.command("demo", cls=HubCommand, epilog="Example: hub demo --then-serve")
@click.option("--if-empty", is_flag=True, help="Do nothing, and say so by success, otherwise.")
def demo(*, if_empty: bool) -> None:
    """Fill an empty hub with an alliance to look at: schools, people, resources, two issues."""
    require_ready()
    if not is_empty(reading()):
        if if_empty:
            return
        raise WrongState(N_("The hub is not empty: the demo would mix with real people and work."))
    tell(gettext_of(N_("The demo is ready.")))

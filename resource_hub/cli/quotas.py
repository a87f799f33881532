"""The room of schools: what they use, what they have."""

import click

from resource_hub.cli.console import HubGroup, gettext_of, show_json, show_table, tell
from resource_hub.cli.organisations import as_json
from resource_hub.cli.setup import require_ready
from resource_hub.domain.errors import N_, Missing
from resource_hub.domain.review import OPERATOR
from resource_hub.edge.current import hub, reading, writing
from resource_hub.edge.words import size
from resource_hub.services.organisations import find_school
from resource_hub.services.quotas import school_rooms, set_school_quota


@click.group(cls=HubGroup)
def quota() -> None:
    """The room of schools for their files."""


@quota.command("list", epilog="Example: hub quota list --json")
@as_json
def list_quotas(*, as_json: bool) -> None:
    """List the schools, those that use most first: code, name, used, limit."""
    require_ready()
    rooms = school_rooms(reading(), OPERATOR, hub().limits.quotas)
    if as_json:
        show_json(
            [
                {"code": one.code, "name": one.name, "used": one.room.used,
                 "limit": one.room.limit, "own": one.is_own}
                for one in rooms
            ]
        )  # fmt: skip
        return
    none = gettext_of(N_("without limit"))
    show_table(
        (one.code, one.name, size(one.room.used), size(one.room.limit) if one.room.limit else none)
        for one in rooms
    )


@quota.command("set", epilog='Example: hub quota set first "50 GB"')
@click.argument("school")
@click.argument("room")
def set_quota(school: str, room: str) -> None:
    """Give SCHOOL, by its code or name, ROOM such as 50 GB for all its files.

    0 is without limit; "" gives it the room that every school has.
    """
    require_ready()
    with writing() as uow:
        found = find_school(uow.session, school)
        if found is None:
            raise Missing(N_("There is no such school."))
        name = found.name
        given = set_school_quota(uow, OPERATOR, school_id=found.id, text=room)
    if given is None:
        tell(N_("%(school)s has the room that every school has."), school=name)
    elif given == 0:
        tell(N_("%(school)s has room without limit."), school=name)
    else:
        tell(N_("%(school)s has room for %(size)s."), school=name, size=size(given))

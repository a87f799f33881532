"""Fill an empty hub with the demo: everything through the services."""

import io
from collections.abc import Collection, Iterator

import click
from flask import current_app
from sqlalchemy import select

from resource_hub.cli.console import HubCommand, gettext_of, progress, tell
from resource_hub.cli.draining import drain
from resource_hub.cli.serving import run_web
from resource_hub.cli.setup import require_ready
from resource_hub.cli.story import NOT_EMPTY, Story
from resource_hub.demo.content import Demo, DemoFile, DemoPerson, DemoResource
from resource_hub.demo.load import load
from resource_hub.domain.errors import N_, WrongState
from resource_hub.domain.people import ROLE_LABELS, Role
from resource_hub.edge.current import hub, reading
from resource_hub.edge.extensions import db
from resource_hub.edge.issue_words import labels_in
from resource_hub.models import User
from resource_hub.services import passwords, uploading
from resource_hub.services.queries.status import is_empty
from resource_hub.services.uploading import Kept

PASSWORD = "demo-2026"  # noqa: S105 - everybody may know it: see hub serve, which then stays on this machine
"""Of every account of the demo."""


@click.command("demo", cls=HubCommand, epilog="Example: hub demo --then-serve")
@click.option("--if-empty", is_flag=True, help="On a hub in use, do nothing instead of failing.")
@click.option("--then-serve", is_flag=True, help="Go on with hub serve on 127.0.0.1.")
@click.option("--port", default=8000, show_default=True, help="Where the hub listens.")
def demo(port: int, *, if_empty: bool, then_serve: bool) -> None:
    """Fill an empty hub with a believable alliance: 6 schools, 30 people, 68 resources.

    They stand in every state, over three months, with two issues of the catalogue. It happens as a
    whole or not at all: after an interruption type it again.
    """
    require_ready()
    if is_empty(reading()):
        fill()
    elif not if_empty:
        raise WrongState(NOT_EMPTY)
    shown = show_accounts(load())
    if then_serve:
        run_web("127.0.0.1", port)
    elif shown:
        tell(N_("The address, once hub serve runs: %(address)s"), address=address(port))


def fill() -> None:
    """Make the files, tell the story, and have everything looked into and indexed."""
    content = load()
    files = {}
    with progress(N_("Making the files"), len(_files(content))) as bar:
        for place, kept in keep_files(content):
            files[place] = kept
            bar.reach(len(files))
    story = Story(
        content,
        files,
        password_hash=passwords.hashed(PASSWORD),
        limits=hub().limits,
        now=hub().now(),
        zone=hub().zone,
        labels=labels_in("zh-Hans"),
        secret=hub().secret,
    )
    with progress(N_("Telling three months"), len(story)) as bar:
        for done in story.tell(db.session()):
            bar.reach(done)
    drain(("inspect", "index", "compare"))
    tell(
        N_("The demo is ready: %(schools)s schools, %(people)s people, %(resources)s resources."),
        schools=len(content.schools),
        people=len(content.people),
        resources=len(content.resources),
    )


def keep_files(content: Demo) -> Iterator[tuple[tuple[str, DemoFile], Kept]]:
    """Make each file and put it into the storage.

    They are the same bytes each time, so what an interrupted demo left behind is used again.
    """
    from resource_hub.demo.files import make_file  # noqa: PLC0415 - two seconds that no other command should pay

    for resource, spec in _files(content):
        name, data = make_file(spec, resource)
        yield (resource.key, spec), uploading.keep(hub().storage, io.BytesIO(data), name)


def _files(content: Demo) -> list[tuple[DemoResource, DemoFile]]:
    """Each file once, though a second revision may still have it."""
    return [
        (resource, spec)
        for resource in content.resources
        for spec in dict.fromkeys(
            spec for revision in resource.revisions for spec in revision.files
        )
    ]


ROLES = (
    (ROLE_LABELS[Role.TEACHER], Role.TEACHER, False),
    (N_("Reviewer of a school"), Role.REVIEWER, False),
    (N_("Reviewer of the alliance"), Role.REVIEWER, True),
    (ROLE_LABELS[Role.COORDINATOR], Role.COORDINATOR, False),
    (ROLE_LABELS[Role.EDITOR], Role.EDITOR, True),
    (ROLE_LABELS[Role.ADMINISTRATOR], Role.ADMINISTRATOR, False),
)
"""What to call it, the role, and whether it is held in the alliance."""


def one_for_each_role(content: Demo) -> list[tuple[str, DemoPerson]]:
    """Somebody to sign in as, to see the hub with the eyes of a role: whoever does little else."""
    return [
        (
            name,
            min(
                (
                    person
                    for person in content.people
                    for held in person.roles
                    if held.role is role
                    and (held.organisation == content.alliance.key) is in_alliance
                ),
                key=lambda person: len(person.roles),
            ),
        )
        for name, role, in_alliance in ROLES
    ]


def show_accounts(content: Demo) -> bool:
    """Say whom to sign in as, if anybody is left whose account and password are still the demo's.

    Returns:
        Whether there is somebody.
    """
    people = one_for_each_role(content)
    usable = _with_known_password({person.account for _role, person in people})
    if not usable:
        return False
    tell(N_("Sign in as one of these; the password is %(password)s:"), password=PASSWORD)
    for role, person in people:
        if person.account in usable:
            school = content.school(person.school).name
            click.echo(f"  {person.account:<14}{gettext_of(role)}: {person.name}, {school}")
    return True


def _with_known_password(names: Collection[str]) -> set[str]:
    rows = reading().execute(
        select(User.account, User.password_hash).where(
            User.is_demo, User.is_active, User.account.in_(names)
        )
    )
    hashes = dict(rows.all())
    # A fresh demo has one hash for all, and comparing is slow on purpose.
    known = {stored for stored in set(hashes.values()) if passwords.matches(stored, PASSWORD)}
    return {account for account, stored in hashes.items() if stored in known}


def address(port: int) -> str:
    """Where people find the hub: as the settings say, else on this machine."""
    settings = current_app.extensions["settings"]
    if settings.public_url == type(settings)().public_url:
        return f"http://127.0.0.1:{port}"
    return hub().public_url

"""Schools and alliances, which the first administrator needs before there is anybody to sign in."""

from dataclasses import asdict
from pathlib import Path

import click

from resource_hub.cli.console import HubGroup, sentence_of, show_json, show_table, tell
from resource_hub.domain.errors import N_, HubError, Invalid, Problem
from resource_hub.domain.review import OPERATOR
from resource_hub.domain.taxonomy import AllianceKind
from resource_hub.edge.current import reading, writing
from resource_hub.edge.words import label
from resource_hub.files.charset import text_encoding
from resource_hub.models import Standing
from resource_hub.services import organisations
from resource_hub.services.queries import directory

as_json = click.option("--json", "as_json", is_flag=True, help="For a script.")


@click.group(cls=HubGroup)
def schools() -> None:
    """Schools of this hub."""


@schools.command("add", epilog="Example: hub schools add 第一小学 --code first --alliance 城乡联盟")
@click.argument("name")
@click.option("--code", default="", help="Stands in addresses; without it: s1, s2 and so on.")
@click.option("--alliance", help="The alliance that it joins.")
@click.option("--core", is_flag=True, help="As its core school.")
def add_school(name: str, code: str, alliance: str | None, *, core: bool) -> None:
    """Add a school."""
    with writing() as uow:
        school = organisations.add_school(uow, OPERATOR, name=name, code=code)
        if alliance is not None:
            organisations.join(
                uow,
                OPERATOR,
                alliance_id=directory.require_alliance(uow.session, alliance).id,
                school_id=school.id,
                standing=Standing.CORE if core else Standing.MEMBER,
            )
        code = school.code
    tell(N_("Added school %(name)s with the code %(code)s."), name=name, code=code)


@schools.command("import", epilog="Example: hub schools import schools.txt")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--alliance", help="The alliance that they all join.")
def import_schools(file: Path, alliance: str | None) -> None:
    """Add many schools: one a line, the name, or the name and the code with a comma between."""
    refused = added = known = 0
    for number, line in enumerate(text_of(file).splitlines(), start=1):
        name, _, code = (part.strip() for part in line.replace("，", ",").partition(","))
        if not name:
            continue
        try:
            with writing() as uow:
                school = organisations.find_school(uow.session, name)
                if school is None:
                    school = organisations.add_school(uow, OPERATOR, name=name, code=code)
                    added += 1
                else:
                    known += 1
                if alliance is not None:
                    organisations.join(
                        uow,
                        OPERATOR,
                        alliance_id=directory.require_alliance(uow.session, alliance).id,
                        school_id=school.id,
                        standing=Standing.MEMBER,
                    )
        except HubError as error:
            refused += 1
            tell(N_("Line %(line)s: %(reason)s"), line=number, reason=sentence_of(error))
    tell(N_("Schools added: %(added)s; lines refused: %(refused)s."), added=added, refused=refused)
    if refused and not added + known:
        raise Invalid([Problem("file", N_("Nothing could be imported."))])


def text_of(file: Path) -> str:
    """The text of a file in any usual encoding.

    Raises:
        Invalid: it is no text.
    """
    content = file.read_bytes()
    encoding = text_encoding(content) if content else "utf-8"
    if encoding is None:
        raise Invalid([Problem("file", N_("This file is no text: save it as CSV or XLSX."))])
    return content.decode(encoding, "replace").removeprefix("\ufeff")


@schools.command("list", epilog="Example: hub schools list --json")
@as_json
def list_schools(*, as_json: bool) -> None:
    """List the schools: code, name, people, alliances."""
    found = directory.schools(reading())
    if as_json:
        show_json([asdict(school) for school in found])
        return
    show_table(
        (school.code, school.name, school.people, ", ".join(school.alliances)) for school in found
    )


@click.group(cls=HubGroup)
def alliances() -> None:
    """Alliances of schools."""


@alliances.command("add", epilog="Example: hub alliances add 城乡联盟 --kind cooperative")
@click.argument("name")
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in AllianceKind]),
    default=AllianceKind.COOPERATIVE.value,
    show_default=True,
)
def add_alliance(name: str, kind: str) -> None:
    """Add an alliance."""
    with writing() as uow:
        organisations.add_alliance(uow, OPERATOR, name=name, kind=AllianceKind(kind))
    tell(N_("Added alliance %(name)s."), name=name)


@alliances.command("list", epilog="Example: hub alliances list --json")
@as_json
def list_alliances(*, as_json: bool) -> None:
    """List the alliances with their schools; the core schools carry a star."""
    found = directory.alliances(reading())
    if as_json:
        show_json([asdict(alliance) for alliance in found])
        return
    for alliance in found:
        click.echo(f"{alliance.name} ({label(alliance.kind, 'alliance_kind')})")
        for name, standing in alliance.schools.items():
            click.echo(f"  {'*' if standing == Standing.CORE else ' '} {name}")


@alliances.command("join", epilog="Example: hub alliances join 城乡联盟 第一小学 --core")
@click.argument("alliance")
@click.argument("school")
@click.option("--core", is_flag=True, help="As its core school.")
def join(alliance: str, school: str, *, core: bool) -> None:
    """Make a school a member of an alliance; again with or without --core changes its standing."""
    with writing() as uow:
        organisations.join(
            uow,
            OPERATOR,
            alliance_id=directory.require_alliance(uow.session, alliance).id,
            school_id=directory.require_school(uow.session, school).id,
            standing=Standing.CORE if core else Standing.MEMBER,
        )
    tell(N_("%(school)s belongs to %(alliance)s."), school=school, alliance=alliance)

"""Accounts, from the first administrator to a whole county."""

import csv
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path

import click

from resource_hub.cli.console import HubGroup, gettext_of, show_json, show_table, tell, warn
from resource_hub.cli.organisations import as_json
from resource_hub.domain.errors import N_, Invalid, Missing, Problem
from resource_hub.domain.people import Role
from resource_hub.domain.review import OPERATOR
from resource_hub.domain.taxonomy import Scheme
from resource_hub.edge.current import hub, reading, taxonomy, writing
from resource_hub.edge.words import label, say
from resource_hub.models import User
from resource_hub.services import organisations, passwords
from resource_hub.services import people as accounts
from resource_hub.services.people_import import (
    Made,
    PersonOutcome,
    Terms,
    give_role,
    import_people,
)
from resource_hub.services.persons import find_person
from resource_hub.services.queries import directory

ROLES = click.Choice([role.value for role in Role])


@click.group(cls=HubGroup)
def people() -> None:
    """Accounts and roles."""


@people.command(
    "add",
    epilog="Example: hub people add --name 王敏 --account wangmin --role administrator",
)
@click.option("--name", required=True, help="The person's name.")
@click.option("--account", default="", help="Name to sign in with; without it: the e-mail address.")
@click.option("--email", default="", help="E-mail address.")
@click.option("--school", default="", help="Name or code of the school.")
@click.option("--new-school", is_flag=True, help="Make the school if there is none of this name.")
@click.option("--role", "roles", multiple=True, type=ROLES, help="May be given several times.")
@click.option("--alliance", default="", help="Where a reviewer or editor serves.")
@click.option("--subject", "subjects", multiple=True, help="Taught, or reviewed; code or name.")
@click.option("--grade", "grades", multiple=True, help="Taught; code or name.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def add(
    name: str,
    account: str,
    email: str,
    school: str,
    roles: tuple[str, ...],
    alliance: str,
    subjects: tuple[str, ...],
    grades: tuple[str, ...],
    *,
    new_school: bool,
    password_stdin: bool,
) -> None:
    """Open an account; whoever has a school is a teacher of it.

    The password is asked for; where nobody can be asked, a link to set it is printed.
    """
    password = _password(from_stdin=password_stdin)
    codes = _codes(Scheme.SUBJECT, subjects)
    with writing() as uow:
        if new_school and school and organisations.find_school(uow.session, school) is None:
            organisations.add_school(uow, OPERATOR, name=school)
        school_id = directory.require_school(uow.session, school).id if school else None
        user = accounts.add_person(
            uow,
            OPERATOR,
            name=name,
            account=account,
            email=email,
            school_id=school_id,
            password=password,
            subjects=codes,
            grades=_codes(Scheme.GRADE, grades),
        )
        for role in roles:
            give_role(uow, OPERATOR, user, Role(role), alliance=alliance, subjects=codes)
        account, link = user.account, set_password_link(user)
    tell(N_("Added %(name)s; signs in as %(account)s."), name=name, account=account)
    if not password:
        tell(N_("Set the password within 48 hours: %(link)s"), link=link)


def _password(*, from_stdin: bool) -> str:
    """Asked for twice on a terminal; never taken from the command line, which others can read."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        return ""
    return str(click.prompt(gettext_of(N_("Password")), hide_input=True, confirmation_prompt=True))


def _codes(scheme: Scheme, words: tuple[str, ...]) -> tuple[str, ...]:
    """Codes for names in any language.

    Raises:
        Invalid: a word is in no list.
    """
    found = {word: taxonomy().find(scheme, word) for word in words}
    problems = [
        Problem(
            scheme.value,
            N_("“%(code)s” is not in the list; choose one that is."),
            {"code": word},
        )
        for word, code in found.items()
        if code is None
    ]
    if problems:
        raise Invalid(problems)
    return tuple(code for code in found.values() if code)


def set_password_link(user: User) -> str:
    """Where ``user`` may choose a password, once, within 48 hours."""
    return f"{hub().public_url}/reset/{passwords.reset_token(hub().secret, user)}"


MADE = {
    Made.ADDED: N_("added"),
    Made.SKIPPED: N_("skipped, has an account"),
    Made.REFUSED: N_("refused"),
}


@people.command("import", epilog="Example: hub people import teachers.xlsx --links links.csv")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--new-schools", is_flag=True, help="Make the schools that are not there yet.")
@click.option("--dry-run", is_flag=True, help="Say what would happen; change nothing.")
@click.option(
    "--links",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write the links for setting passwords into this CSV file, readable by you alone.",
)
@as_json
def import_table(
    file: Path, links: Path | None, *, new_schools: bool, dry_run: bool, as_json: bool
) -> None:
    """Open an account for each line of FILE, a CSV or a workbook, and report line by line.

    Headings in Chinese or English: 姓名, 账号, 邮箱, 学校, 学科, 年级, 角色, 联盟, 审核学科,
    审核学段. Who has an account already is skipped.
    """
    unknown: set[str] = set()
    terms = Terms(OPERATOR, set_password_link, new_schools=new_schools, dry_run=dry_run)
    counts: Counter[Made] = Counter()
    outcomes: list[PersonOutcome] = []
    with ExitStack() as stack:
        keep_link = stack.enter_context(_keeping_links(links))
        for outcome in import_people(file, unknown, terms, writing):
            counts[outcome.made] += 1
            outcomes.append(outcome)
            keep_link(outcome)
            if not as_json:
                click.echo("\t".join(_cells(outcome, with_link=links is None)))
    if as_json:
        show_json([_plain(outcome) for outcome in outcomes])
        return
    if unknown:
        names = ", ".join(sorted(unknown))
        warn(N_("Columns that mean nothing to the hub: %(names)s."), names=names)
    tell(
        N_("Would be added: %(added)s; skipped: %(skipped)s; refused: %(refused)s.")
        if dry_run
        else N_("Added: %(added)s; skipped: %(skipped)s; refused: %(refused)s."),
        added=counts[Made.ADDED],
        skipped=counts[Made.SKIPPED],
        refused=counts[Made.REFUSED],
    )
    if counts[Made.REFUSED] and not counts[Made.ADDED] + counts[Made.SKIPPED]:
        raise Invalid([Problem("file", N_("Nothing could be imported."))])


def _cells(outcome: PersonOutcome, *, with_link: bool) -> list[str]:
    remarks = [say(problem) for problem in outcome.problems]
    if outcome.new_school:
        remarks.append(gettext_of(N_("new school: %(name)s"), name=outcome.new_school))
    remarks += [label(role, "role") for role in outcome.roles]
    if with_link and outcome.link:
        remarks.append(outcome.link)
    made = gettext_of(MADE[outcome.made])
    return [str(outcome.number), made, outcome.name, outcome.account, "; ".join(remarks)]


def _plain(outcome: PersonOutcome) -> dict[str, object]:
    problems = [{"field": item.field, "detail": say(item)} for item in outcome.problems]
    return asdict(outcome) | {"problems": problems}


@contextmanager
def _keeping_links(file: Path | None) -> Iterator[Callable[[PersonOutcome], None]]:
    """Write each new person's link into ``file``: whoever reads it can set the password."""
    if file is None:
        yield lambda _outcome: None
        return
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as target:
        sheet = csv.writer(target)
        sheet.writerow(["name", "account", "link"])

        def keep(outcome: PersonOutcome) -> None:
            if outcome.link:
                sheet.writerow([outcome.name, outcome.account, outcome.link])
                target.flush()

        yield keep


@people.command("reset", epilog="Example: hub people reset wangmin")
@click.argument("login")
def reset(login: str) -> None:
    """Print a link with which a person sets a new password; the old one works until then."""
    tell(N_("Set the password within 48 hours: %(link)s"), link=set_password_link(_user(login)))


def _user(login: str) -> User:
    """The account of this name or e-mail.

    Raises:
        Missing: there is none, or it is closed.
    """
    person = find_person(reading(), login)
    user = reading().get(User, person.id) if person is not None else None
    if user is None:
        raise Missing(N_("There is no account “%(login)s”."), login=login)
    return user


@people.command("appoint", epilog="Example: hub people appoint wangmin reviewer --subject 数学")
@click.argument("login")
@click.argument("role", type=ROLES)
@click.option("--alliance", default="", help="Where a reviewer or editor serves.")
@click.option("--subject", "subjects", multiple=True, help="What a reviewer judges; without: all.")
@click.option("--stage", "stages", multiple=True, help="Stages of school; without it: all.")
def appoint(
    login: str, role: str, alliance: str, subjects: tuple[str, ...], stages: tuple[str, ...]
) -> None:
    """Give a person a role, in the own school unless an alliance is named."""
    user_id = _user(login).id
    chosen = _codes(Scheme.SUBJECT, subjects), _codes(Scheme.SCHOOL_STAGE, stages)
    with writing() as uow:
        user = uow.session.get_one(User, user_id)
        give_role(
            uow, OPERATOR, user, Role(role), alliance=alliance, subjects=chosen[0], stages=chosen[1]
        )
        name = user.name
    tell(N_("%(name)s is now: %(role)s."), name=name, role=label(role, "role"))


@people.command("list", epilog="Example: hub people list --school 第一小学 --json")
@click.option("--school", default="", help="Only the people of this school.")
@as_json
def list_people(school: str, *, as_json: bool) -> None:
    """List the accounts: account, name, school, roles."""
    school_id = directory.require_school(reading(), school).id if school else None
    found = directory.people(reading(), school_id=school_id)
    if as_json:
        show_json([asdict(person) for person in found])
        return
    show_table(
        (
            person.account,
            person.name,
            person.school,
            ", ".join(_role(held) for held in person.roles),
            "" if person.is_active else gettext_of(N_("closed")),
        )
        for person in found
    )


def _role(held: directory.HeldRole) -> str:
    place = f" ({held.organisation})" if held.organisation else ""
    return f"{label(held.role, 'role')}{place}"

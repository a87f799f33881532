"""Open many accounts from a table: one bad line does not stop the others."""

import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import N_, HubError, Invalid, Problem, problems_of_line
from resource_hub.domain.people import ROLE_LABELS, Person, Role
from resource_hub.domain.taxonomy import Scheme, Taxonomy
from resource_hub.models import User
from resource_hub.services import organisations, people
from resource_hub.services.queries.directory import require_alliance, require_school
from resource_hub.services.tables import Row, folded, read_rows
from resource_hub.services.taxonomy import read_taxonomy
from resource_hub.services.unit_of_work import UnitOfWork

_COLUMNS: Mapping[str, str] = {
    "name": "name 姓名 教师姓名 老师姓名",
    "account": "account username login 账号 帐号 账户 用户名 工号 帳號",
    "email": "email mail 邮箱 电子邮箱 电子邮件 邮件 電子郵件 信箱",
    "school": "school 学校 单位 所在学校 學校",
    "subjects": "subject subjects 学科 任教学科 科目 學科 任教學科",
    "grades": "grade grades 年级 任教年级 年級 任教年級",
    "roles": "role roles 角色 身份",
    "alliance": "alliance 联盟 聯盟 教共体",
    "review_subjects": "reviewsubject reviewsubjects 审核学科 審核學科",
    "review_stages": "reviewstage reviewstages 审核学段 審核學段",
}

COLUMNS: Mapping[str, str] = {
    folded(heading): name for name, headings in _COLUMNS.items() for heading in headings.split()
}
"""A heading, folded, to the hub's own name of the column."""

_ROLE_WORDS: Mapping[Role, str] = {
    Role.TEACHER: "教师 老师 教師 老師",
    Role.REVIEWER: "审核员 审核 审核人 審核員",
    Role.COORDINATOR: "校管理员 学校管理员 校管 校管理員 學校管理員",
    Role.EDITOR: "目录编辑 编辑 目錄編輯 編輯",
    Role.ADMINISTRATOR: "管理员 系统管理员 管理員 系統管理員",
}

ROLES: Mapping[str, Role] = {
    folded(word): role
    for role, words in _ROLE_WORDS.items()
    for word in (role.value, ROLE_LABELS[role], *words.split())
}

_BETWEEN = re.compile(r"[,，;；、|/\s]+")

Begin = Callable[[], AbstractContextManager[UnitOfWork]]
"""Opens a unit of work, such as ``edge.current.writing``."""


class Made(StrEnum):
    """What became of one line."""

    ADDED = "added"
    SKIPPED = "skipped"
    """This person has an account already."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class PersonOutcome:
    """One line of the report."""

    number: int
    name: str
    account: str
    made: Made
    new_school: str = ""
    """The name of a school that was made for this person."""
    roles: tuple[Role, ...] = ()
    link: str = ""
    """Where a new person chooses a password."""
    problems: tuple[Problem, ...] = field(default=())
    """Everything that was wrong with the line."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How an import is to be done.

    Attributes:
        by: an administrator, a school's coordinator, or the command line.
        link: makes the address where a new person sets a password.
        new_schools: make the schools that the hub does not know.
        dry_run: say what would happen, and change nothing.
    """

    by: Person
    link: Callable[[User], str]
    new_schools: bool = False
    dry_run: bool = False


def import_people(
    path: Path, unknown: set[str], terms: Terms, begin: Begin
) -> Iterator[PersonOutcome]:
    """Open an account for each line of a CSV or a workbook.

    Args:
        unknown: gets the headings that mean nothing to the hub.

    Yields:
        An outcome for each line, after its commit.

    Raises:
        Invalid, TooLarge: the table as a whole cannot be read.
    """
    rows = read_rows(path, COLUMNS, unknown)
    if terms.dry_run:
        outcomes: list[PersonOutcome] = []
        with suppress(_Undone), begin() as uow:
            taxonomy = read_taxonomy(uow.session)
            outcomes += [_take(uow, row, terms, taxonomy) for row in rows]
            raise _Undone
        yield from outcomes
        return
    for row in rows:
        with begin() as uow:
            outcome = _take(uow, row, terms, read_taxonomy(uow.session))
        yield outcome


class _Undone(Exception):
    """Takes back what a dry run has tried."""


def _take(uow: UnitOfWork, row: Row, terms: Terms, taxonomy: Taxonomy) -> PersonOutcome:
    cells = row.cells
    name = cells.get("name", "")
    account = (cells.get("account", "") or cells.get("email", "")).strip().lower()
    if row.trouble:
        problem = Problem("line", row.trouble)
        return PersonOutcome(row.number, name, account, Made.REFUSED, problems=(problem,))
    if _is_there(uow.session, name, account):
        return PersonOutcome(row.number, name, account, Made.SKIPPED)
    try:
        with uow.session.begin_nested():
            return _add(uow, row, account, terms, taxonomy)
    except HubError as error:
        problems = problems_of_line(error)
        return PersonOutcome(row.number, name, account, Made.REFUSED, problems=problems)


def _is_there(session: Session, name: str, account: str) -> bool:
    """The same name under the same account; another name there is a mistake, not a repeat."""
    wanted = select(User.id).where(
        (User.account == account) | (User.email == account), User.name == name
    )
    return bool(account) and session.scalar(wanted) is not None


def _add(
    uow: UnitOfWork, row: Row, account: str, terms: Terms, taxonomy: Taxonomy
) -> PersonOutcome:
    cells = _Cells(row.cells, taxonomy)
    subjects = cells.codes("subjects", Scheme.SUBJECT)
    grades = cells.codes("grades", Scheme.GRADE)
    review_subjects = cells.codes("review_subjects", Scheme.SUBJECT)
    review_stages = cells.codes("review_stages", Scheme.SCHOOL_STAGE)
    roles = cells.roles()
    school_name = row.cells.get("school", "")
    school_id, is_new = None, False
    try:
        if school_name:
            school_id, is_new = _school(uow, school_name, terms)
        user = people.add_person(
            uow,
            terms.by,
            name=row.cells.get("name", ""),
            account=account,
            email=row.cells.get("email", ""),
            school_id=school_id,
            subjects=subjects,
            grades=grades,
            password_hash=unusable_hash(),
        )
    except Invalid as error:
        raise Invalid([*cells.problems, *error.problems]) from error
    if cells.problems:
        raise Invalid(cells.problems)
    for role in roles:
        give_role(
            uow,
            terms.by,
            user,
            role,
            alliance=row.cells.get("alliance", ""),
            subjects=review_subjects,
            stages=review_stages,
        )
    return PersonOutcome(
        row.number,
        user.name,
        user.account,
        Made.ADDED,
        new_school=school_name if is_new else "",
        roles=roles,
        link="" if terms.dry_run else terms.link(user),
    )


def unusable_hash() -> str:
    """Of no password at all; different each time, since the link to set one depends on it."""
    return f"!{secrets.token_urlsafe(32)}"


def _school(uow: UnitOfWork, name: str, terms: Terms) -> tuple[int, bool]:
    """The school's id, and whether it was made just now."""
    if terms.new_schools and organisations.find_school(uow.session, name) is None:
        return organisations.add_school(uow, terms.by, name=name).id, True
    return require_school(uow.session, name).id, False


def give_role(
    uow: UnitOfWork,
    by: Person,
    user: User,
    role: Role,
    *,
    alliance: str = "",
    subjects: tuple[str, ...] = (),
    stages: tuple[str, ...] = (),
) -> None:
    """Appoint where the role belongs.

    An editor and, where an alliance is named, a reviewer serve that alliance (the only one, if
    none is named); an administrator the hub; all others their school. Subjects and stages are a
    reviewer's.
    """
    of_alliance = role is Role.EDITOR or (role is Role.REVIEWER and bool(alliance))
    if role in people.SCHOOL_ROLES and not of_alliance and user.school_id is None:
        raise Invalid([Problem("school", N_("This role needs a school."))])
    people.appoint(
        uow,
        by,
        user.id,
        role,
        alliance_id=require_alliance(uow.session, alliance).id if of_alliance else None,
        school_id=None if of_alliance or role is Role.ADMINISTRATOR else user.school_id,
        subjects=subjects if role is Role.REVIEWER else (),
        stages=stages if role is Role.REVIEWER else (),
    )


class _Cells:
    """Reads the cells that hold several words, and remembers those that are in no list."""

    def __init__(self, cells: Mapping[str, str], taxonomy: Taxonomy) -> None:
        self._cells, self._taxonomy = cells, taxonomy
        self.problems: list[Problem] = []

    def codes(self, column: str, scheme: Scheme) -> tuple[str, ...]:
        found = []
        for word in self._words(column):
            code = self._taxonomy.find(scheme, word)
            if code is None:
                self._refuse(column, word)
            else:
                found.append(code)
        return tuple(dict.fromkeys(found))

    def roles(self) -> tuple[Role, ...]:
        """What stands there besides teacher, which everybody with a school is."""
        found = []
        for word in self._words("roles"):
            role = ROLES.get(folded(word))
            if role is None:
                self._refuse("roles", word)
            elif role is not Role.TEACHER:
                found.append(role)
        return tuple(dict.fromkeys(found))

    def _words(self, column: str) -> list[str]:
        return [word for word in _BETWEEN.split(self._cells.get(column, "")) if word]

    def _refuse(self, column: str, word: str) -> None:
        self.problems.append(
            Problem(
                column, N_("“%(code)s” is not in the list; choose one that is."), {"code": word}
            )
        )

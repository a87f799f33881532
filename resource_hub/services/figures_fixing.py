"""Object to figures, answer, and fix them: from then on they never change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from resource_hub.catalogue.statement import (
    SCHEMA,
    LineData,
    StatementData,
    canonical,
    digest_of,
    item_data,
)
from resource_hub.domain.errors import N_, Invalid, Missing, NotAllowed, Problem, WrongState
from resource_hub.domain.people import Person, Role
from resource_hub.models import Appointed, Notice, Objection, Resource, School, Statement, User
from resource_hub.services.figures import NO_FIGURES, Scope, hold, may_fix, require
from resource_hub.services.figures_sheets import Sheet, school_sheet, statements_of
from resource_hub.services.notices import leave
from resource_hub.services.unit_of_work import UnitOfWork

JOB = "statement_files"
"""The job that writes workbook and PDF; its subject is the number of the statement."""

MAX_NOTE = 2_000
"""Characters."""

ALREADY_FIXED = N_("These figures are fixed; they cannot be changed any more.")


@dataclass(frozen=True, slots=True)
class Objected:
    """An objection and its answer, as people read it."""

    id: int
    person_id: int
    person: str
    at: datetime
    note: str
    answered_at: datetime | None
    answered_by: str
    answer: str


def objections(session: Session, person: Person, scope: Scope, period: str) -> Sequence[Objected]:
    """What was said against the figures of a school, or by one person; the open ones first.

    Raises:
        Missing: the figures are not the reader's to see.
    """
    require(person, scope)
    answerer = aliased(User)
    wanted = (
        select(
            Objection.id,
            User.id,
            User.name,
            Objection.at,
            Objection.note,
            Objection.answered_at,
            func.coalesce(answerer.name, ""),
            Objection.answer,
        )
        .join(User, User.id == Objection.person_id)
        .outerjoin(answerer, answerer.id == Objection.answered_by_id)
        .where(
            Objection.alliance_id == scope.alliance_id,
            Objection.school_id == scope.school_id,
            Objection.period == period,
        )
        .order_by(Objection.answered_at.is_not(None), Objection.id)
    )
    if scope.person_id is not None:
        wanted = wanted.where(Objection.person_id == scope.person_id)
    return [Objected(*row) for row in session.execute(wanted)]


def object_to(uow: UnitOfWork, by: Person, scope: Scope, period: str, note: str) -> Objection:
    """Say what is wrong with the own figures; whoever may fix them is told.

    Raises:
        Missing: there are no such figures of the person.
        Invalid: no words, or too many.
        WrongState: they are fixed, their time is not over, or an objection is open already.
    """
    own = Scope(scope.alliance_id, scope.school_id, by.id)
    hold(uow.session, own.alliance_id)
    sheet = school_sheet(uow.session, by, own, period, uow.zone)
    if by.school_id != own.school_id and not sheet.items:
        raise Missing(NO_FIGURES)
    if sheet.statement is not None:
        raise WrongState(ALREADY_FIXED)
    if uow.today() <= sheet.period.last:
        raise WrongState(N_("This time is not over yet; its figures still change."))
    note = _words(note, "note")
    is_open = uow.session.scalar(
        select(Objection.id).where(
            Objection.alliance_id == own.alliance_id,
            Objection.school_id == own.school_id,
            Objection.period == period,
            Objection.person_id == by.id,
            Objection.answered_at.is_(None),
        )
    )
    if is_open is not None:
        raise WrongState(N_("You have objected already; wait for the answer."))
    objection = Objection(
        alliance_id=own.alliance_id,
        school_id=own.school_id or 0,
        period=period,
        person_id=by.id or 0,
        at=uow.now(),
        note=note,
    )
    uow.session.add(objection)
    uow.session.flush()
    _note(uow, "figures:object", by, own, period, objection.id)
    school = Scope(own.alliance_id, objection.school_id)
    for person_id in _fixers(uow.session, school, but=by.id or 0):
        _tell(uow, person_id, "figures_objection", by, school, period, note)
    return objection


def answer(uow: UnitOfWork, by: Person, objection_id: int, words: str) -> Objection:
    """Answer an objection, once; nobody answers the own one.

    Raises:
        Missing: there is none, as far as ``by`` may know.
        NotAllowed: it is the own one.
        Invalid: no words, or too many.
        WrongState: somebody else has answered.
    """
    objection = uow.session.get(Objection, objection_id)
    if objection is None or not may_fix(by, objection.alliance_id, objection.school_id):
        raise Missing(N_("There is no such objection, or it is not yours to answer."))
    hold(uow.session, objection.alliance_id)
    uow.session.refresh(objection)
    if objection.person_id == by.id:
        raise NotAllowed(
            N_("Somebody else answers your objection: the alliance's coordinators can.")
        )
    words = _words(words, "answer")
    if objection.answered_at is not None:
        raise WrongState(N_("Somebody else has answered it a moment ago."))
    objection.answered_at, objection.answered_by_id = uow.now(), by.id
    objection.answer = words
    uow.session.flush()
    scope = Scope(objection.alliance_id, objection.school_id)
    _note(uow, "figures:answer", by, scope, objection.period, objection.id)
    _tell(uow, objection.person_id, "figures_answer", by, scope, objection.period, words)
    return objection


def fix(uow: UnitOfWork, by: Person, scope: Scope, period: str) -> Statement:
    """Fix the figures of a school: counted once more, kept with their digest, never changed.

    Raises:
        Missing: there is no such school in the alliance, as far as ``by`` may know.
        WrongState: teachers still look at them, an objection is open, or somebody was faster.
    """
    if scope.school_id is None or not may_fix(by, scope.alliance_id, scope.school_id):
        raise Missing(NO_FIGURES)
    school = Scope(scope.alliance_id, scope.school_id)
    hold(uow.session, school.alliance_id)
    there = statements_of(uow.session, school.alliance_id, period, [scope.school_id])
    if row := there.get(scope.school_id):
        raise WrongState(
            N_("%(name)s has fixed these figures already."),
            name=row.fixed_by.name if row.fixed_by else "hub",
        )
    sheet = school_sheet(uow.session, by, school, period, uow.zone)
    if uow.today() <= sheet.open_until:
        raise WrongState(
            N_("Teachers look at these figures until %(day)s; they can be fixed after that."),
            day=sheet.open_until,
        )
    waiting = [each for each in objections(uow.session, by, school, period) if not each.answered_at]
    if waiting:
        raise WrongState(N_("Answer the objection of %(name)s first."), name=waiting[0].person)
    content = canonical(_data(uow, by, sheet))
    statement = Statement(
        alliance_id=school.alliance_id,
        school_id=scope.school_id,
        period=period,
        covers_from=sheet.period.first,
        covers_to=sheet.period.last,
        content=content,
        digest=digest_of(content),
        fixed_at=uow.now(),
        fixed_by_id=by.id or None,
    )
    uow.session.add(statement)
    uow.session.flush()
    _note(uow, "figures:fix", by, school, period, statement.digest)
    uow.promise(JOB, statement.id)
    for line in sheet.lines:
        if line.tally.counts:
            _tell(uow, line.id, "figures_fixed", by, school, period)
    return statement


def _data(uow: UnitOfWork, by: Person, sheet: Sheet) -> StatementData:
    resources = {item.resource_id for item in sheet.items}
    rows = uow.session.execute(
        select(Resource.id, Resource.public_id).where(Resource.id.in_(resources))
    )
    school = sheet.school
    if school is None:
        raise Missing(NO_FIGURES)
    return StatementData(
        schema=SCHEMA,
        alliance_id=sheet.alliance.id,
        alliance=sheet.alliance.name,
        school_id=school.id,
        school=school.name,
        period=sheet.period.key,
        first=sheet.period.first.isoformat(),
        last=sheet.period.last.isoformat(),
        rule=sheet.rule,
        lines=tuple(LineData(line.id, line.name, line.points) for line in sheet.lines),
        items=item_data(sheet.items, dict(rows.all())),
        fixed_at=uow.now().astimezone(uow.zone),
        fixed_by=by.name,
    )


def _note(
    uow: UnitOfWork, tag: str, by: Person, scope: Scope, period: str, about: int | str
) -> None:
    """``about`` is the number of the objection, or the digest of what was fixed."""
    alliance, school = scope.alliance_id, scope.school_id
    uow.record(tag, by=by, alliance=alliance, school=school, period=period, about=about)


def _words(text: str, field: str) -> str:
    text = text.strip()
    if not text:
        raise Invalid([Problem(field, N_("Write a sentence."))])
    if len(text) > MAX_NOTE:
        sentence = N_("At most %(limit)s characters; this has %(length)s.")
        raise Invalid([Problem(field, sentence, {"limit": MAX_NOTE, "length": len(text)})])
    return text


def _fixers(session: Session, school: Scope, *, but: int) -> Sequence[int]:
    """The school's coordinators; where there are none but the one who objects, the alliance's."""
    serving = (
        select(Appointed.user_id)
        .join(Appointed.user)
        .where(User.is_active, User.id != but)
        .distinct()
        .order_by(Appointed.user_id)
    )
    own = serving.where(Appointed.role == Role.COORDINATOR, Appointed.school_id == school.school_id)
    alliances = serving.where(
        Appointed.role.in_([Role.COORDINATOR, Role.EDITOR]),
        Appointed.alliance_id == school.alliance_id,
    )
    return session.scalars(own).all() or session.scalars(alliances).all()


def _tell(
    uow: UnitOfWork,
    user_id: int,
    kind: str,
    by: Person,
    school: Scope,
    period: str,
    comment: str = "",
) -> None:
    """Nobody is told of what they did themselves."""
    if user_id == by.id:
        return
    values = {
        "title": uow.session.get_one(School, school.school_id).name,
        "by": by.name,
        "comment": comment,
        "period": period,
        "alliance": school.alliance_id,
        "school": school.school_id,
    }
    leave(uow, Notice(user_id=user_id, at=uow.now(), kind=kind, values=values))

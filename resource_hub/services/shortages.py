"""Where a policy asks for more people than may judge: counted by subject and stage of school."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from resource_hub.domain.coverage import Field, Judge, most, number_for
from resource_hub.domain.errors import N_, Problem
from resource_hub.domain.people import Role
from resource_hub.domain.policy import Policy, Stage
from resource_hub.domain.review import State
from resource_hub.models import Appointed, Membership, Resource, Revision, School, User


@dataclass(frozen=True, slots=True)
class Shortage:
    """A school whose teachers would wait in vain: too few people may judge their work."""

    school: str
    stage: Stage
    people: int
    """How many may judge the work for which there are fewest."""
    needed: int
    subjects: tuple[str, ...] = ()
    """Of which subjects its works are for which it is so; empty: of whatever subject."""


def shortages(
    session: Session, policy: Policy, alliance_id: int | None
) -> tuple[Sequence[Shortage], Sequence[Stage]]:
    """The schools that fall short, and the stages at which none could judge any work.

    A school falls short too where only works of some subject or stage of school do that it has
    submitted before. People on leave count, for they come back. An author may be one of those who
    judge, and then there is one fewer; that is not counted.
    """
    schools = _schools(session, alliance_id)
    fields = _submitted_before(session, schools, alliance_id)
    short: list[Shortage] = []
    hopeless = []
    for stage in policy.stages:
        needed = policy.approvals_at(stage)
        able = _able_at(session, stage, schools, alliance_id)
        for school_id, name in schools.items():
            if (best := max(map(most, able[school_id]))) < needed:
                short.append(Shortage(name, stage, best, needed))
                continue
            numbers = {
                field: max(number_for(judges, field) for judges in able[school_id])
                for field in fields[school_id]
            }
            few = {field: number for field, number in numbers.items() if number < needed}
            if few:
                subjects = tuple(sorted({field.subject for field in few}))
                short.append(Shortage(name, stage, min(few.values()), needed, subjects))
        everywhere = [each for each in short if each.stage is stage and not each.subjects]
        if schools and len(everywhere) == len(schools):
            hopeless.append(stage)
    return short, hopeless


def nobody_could(stage: Stage, short: Sequence[Shortage]) -> Problem:
    """Why no submission could pass a stage, with what there is."""
    here = [each for each in short if each.stage is stage]
    best = max(here, key=lambda each: each.people)
    sentence = {
        Stage.SCHOOL: N_(
            "Nobody could meet this: %(needed)s people must judge at the school stage, and no"
            " school has more than %(people)s who may (%(school)s). Appoint reviewers first."
        ),
        Stage.ALLIANCE: N_(
            "Nobody could meet this: %(needed)s people of other schools must judge at the alliance"
            " stage, and there are at most %(people)s (for %(school)s). Appoint reviewers first."
        ),
    }[stage]
    values = {"needed": best.needed, "people": best.people, "school": best.school}
    return Problem(f"approvals-{stage}", sentence, dict(values))


def _schools(session: Session, alliance_id: int | None) -> Mapping[int, str]:
    statement = select(School.id, School.name).order_by(School.id)
    if alliance_id is not None:
        statement = statement.join(School.memberships).where(Membership.alliance_id == alliance_id)
    return dict(session.execute(statement).all())


def _submitted_before(
    session: Session, schools: Collection[int], alliance_id: int | None
) -> Mapping[int, list[Field]]:
    """By school, of what subject and stage of school its works are."""
    found: dict[int, list[Field]] = defaultdict(list)
    statement = (
        select(Resource.school_id, Revision.subject, Revision.school_stage)
        .join(Revision.resource)
        .where(Revision.state != State.DRAFT, Revision.subject != "")
        .distinct()
    )
    if alliance_id is not None:
        members = select(Membership.school_id).where(Membership.alliance_id == alliance_id)
        statement = statement.where(Resource.school_id.in_(members))
    for number, subject, school_stage in session.execute(statement):
        if number in schools:
            found[number].append(Field(subject, school_stage))
    return found


def _able_at(
    session: Session, stage: Stage, schools: Mapping[int, str], alliance_id: int | None
) -> Mapping[int, Sequence[Sequence[Judge]]]:
    """By school, who may judge its teachers' work at this stage: once, or in each alliance."""
    if stage is Stage.SCHOOL:
        judges = _judges(
            session,
            Appointed.school_id,
            or_(Appointed.role == Role.REVIEWER, Appointed.role == Role.COORDINATOR),
        )
        return {number: [[each for each, _own in judges.get(number, [])]] for number in schools}
    judges = _judges(session, Appointed.alliance_id, Appointed.role == Role.REVIEWER)
    able: dict[int, list[list[Judge]]] = {number: [[]] for number in schools}
    members = select(Membership.school_id, Membership.alliance_id)
    for number, joined in session.execute(members).all():
        if number in able and alliance_id in {None, joined}:
            able[number].append(
                [each for each, own in judges.get(joined, []) if own not in {number, None}]
            )
    return able


def _judges(
    session: Session,
    place: InstrumentedAttribute[int | None],
    condition: ColumnElement[bool],
) -> Mapping[int, list[tuple[Judge, int | None]]]:
    """By school or alliance, who judges what for it, and of which school each is."""
    found: dict[int, list[tuple[Judge, int | None]]] = defaultdict(list)
    rows = session.execute(
        select(place, User.id, User.school_id, Appointed.role, Appointed.subjects, Appointed.stages)
        .join(Appointed, Appointed.user_id == User.id)
        .where(User.is_active, condition, place.is_not(None))
        .order_by(Appointed.id)
    )
    for number, who, own, role, subjects, stages in rows:
        judge = Judge(who)  # a coordinator judges whatever the school has
        if role is Role.REVIEWER:
            judge = Judge(who, frozenset(subjects), frozenset(stages))
        found[number or 0].append((judge, own))
    return found

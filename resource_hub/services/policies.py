"""Which policy a revision must pass, and how an administrator changes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from resource_hub.domain.errors import N_, Invalid, Missing, Problem, WrongState
from resource_hub.domain.people import Person, Role
from resource_hub.domain.policy import Policy, Stage, flaws, for_audience, to_json, usual_policy
from resource_hub.domain.review_form import Form
from resource_hub.domain.taxonomy import Kind
from resource_hub.domain.visibility import Audience
from resource_hub.models import Alliance, Appointed, Membership, PolicyRow, Revision, School, User
from resource_hub.services.organisations import require_administrator
from resource_hub.services.review_forms import (
    ALL_KINDS,
    form_for,
    forms_in_use,
    shipped_form,
)
from resource_hub.services.unit_of_work import FASTER, UnitOfWork

MOST_NAMED = 3
"""Schools that a refusal names."""


@dataclass(frozen=True, slots=True)
class Shortage:
    """A school whose teachers would wait in vain: too few people may judge their work."""

    school: str
    stage: Stage
    people: int
    needed: int


def policy_for(session: Session, revision: Revision) -> Policy:
    """What ``revision`` would have to pass if it were submitted now; ``resource`` must be loaded.

    The alliance's policy for the kind, else the alliance's for all kinds, else the hub's in the
    same order, else the usual one. What is for the own school asks no alliance: the hub's policy
    applies, as far as it is about the school stage.
    """
    alliance_id = None if revision.audience is Audience.SCHOOL else revision.alliance_id
    kind = revision.resource.kind.value
    row = session.scalars(
        select(PolicyRow)
        .where(
            or_(PolicyRow.alliance_id.is_(None), PolicyRow.alliance_id == alliance_id),
            PolicyRow.kind.in_(["", kind]),
        )
        .order_by(PolicyRow.alliance_id.is_(None), PolicyRow.kind == "")
        .limit(1)
    ).first()
    policy = usual_policy(revision.audience) if row is None else row.policy
    return for_audience(policy, revision.audience)


def save_policy(
    uow: UnitOfWork,
    by: Person,
    policy: Policy,
    *,
    alliance_id: int | None = None,
    kind: Kind | None = None,
    seen: int | None = None,
) -> Sequence[Shortage]:
    """Let ``policy`` apply to what is submitted from now on; what is under way keeps its own.

    Args:
        alliance_id: None for the hub's policy, where an alliance has none of its own.
        kind: None for all kinds that have none of their own.
        seen: the version that was on the page, 0 where there was none; None skips the check.

    Returns:
        The schools that fall short, when at least one does not.

    Raises:
        NotAllowed: ``by`` is no administrator.
        Missing: there is no such alliance.
        Invalid: nobody could meet it; each reason is named.
        WrongState: someone else changed it since the page was shown.
    """
    require_administrator(by)
    if alliance_id is not None and uow.session.get(Alliance, alliance_id) is None:
        raise Missing(N_("There is no such alliance."))
    form = form_of(uow.session, kind)
    problems = list(
        flaws(policy, criteria=[item.code for item in form.criteria], is_scored=bool(form.scores))
    )
    short, hopeless = _shortages(uow.session, policy, alliance_id)
    problems += [_nobody(stage, short) for stage in hopeless]
    if problems:
        raise Invalid(problems)
    row = _row(uow.session, alliance_id, kind)
    if seen is not None and seen != (row.version if row else 0):
        raise WrongState(FASTER)
    before = to_json(row.policy) if row else None
    if row is None:
        row = PolicyRow(alliance_id=alliance_id, kind=kind.value if kind else "")
        uow.session.add(row)
    row.policy, row.changed_at = policy, uow.now()
    uow.session.flush()
    uow.record(
        "policy:change",
        by=by,
        alliance=alliance_id,
        kind=kind.value if kind else None,
        before=before,
        after=to_json(policy),
    )
    return short


def drop_policy(
    uow: UnitOfWork, by: Person, *, alliance_id: int | None = None, kind: Kind | None = None
) -> None:
    """Let the wider policy apply again; what is under way keeps its own.

    Raises:
        NotAllowed: ``by`` is no administrator.
        Missing: there is no policy of its own.
    """
    require_administrator(by)
    row = _row(uow.session, alliance_id, kind)
    if row is None:
        raise Missing(N_("There is no rule of its own here."))
    uow.session.delete(row)
    uow.record(
        "policy:drop",
        by=by,
        alliance=alliance_id,
        kind=kind.value if kind else None,
        before=to_json(row.policy),
    )


def form_of(session: Session, kind: Kind | None) -> Form:
    """The form that a policy speaks of; None: the one for all kinds."""
    if kind is not None:
        return form_for(session, kind)
    return forms_in_use(session, ALL_KINDS).get(ALL_KINDS) or shipped_form()


def _row(session: Session, alliance_id: int | None, kind: Kind | None) -> PolicyRow | None:
    return session.scalar(
        select(PolicyRow).where(
            PolicyRow.alliance_id == alliance_id
            if alliance_id is not None
            else PolicyRow.alliance_id.is_(None),
            PolicyRow.kind == (kind.value if kind else ""),
        )
    )


def _nobody(stage: Stage, short: Sequence[Shortage]) -> Problem:
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


def _shortages(
    session: Session, policy: Policy, alliance_id: int | None
) -> tuple[Sequence[Shortage], Sequence[Stage]]:
    """The schools that fall short, and the stages at which all of them do; three queries.

    An author may be one of those who judge, and then there is one fewer; that is not counted.
    """
    schools = _schools(session, alliance_id)
    short: list[Shortage] = []
    hopeless = []
    for stage in policy.stages:
        needed = policy.approvals_at(stage)
        able = _able_at(session, stage, schools, alliance_id)
        here = [
            Shortage(name, stage, able[school_id], needed)
            for school_id, name in schools.items()
            if able[school_id] < needed
        ]
        short += here
        if schools and len(here) == len(schools):
            hopeless.append(stage)
    return short, hopeless


def _schools(session: Session, alliance_id: int | None) -> Mapping[int, str]:
    statement = select(School.id, School.name).order_by(School.id)
    if alliance_id is not None:
        statement = statement.join(School.memberships).where(Membership.alliance_id == alliance_id)
    return dict(session.execute(statement).all())


def _able_at(
    session: Session, stage: Stage, schools: Mapping[int, str], alliance_id: int | None
) -> Mapping[int, int]:
    """By school, how many people may judge its teachers' work at this stage."""
    if stage is Stage.SCHOOL:
        judges = _judges(
            session,
            Appointed.school_id,
            Appointed.role.in_([Role.REVIEWER, Role.COORDINATOR]),
        )
        return {number: len(judges.get(number, {})) for number in schools}
    judges = _judges(session, Appointed.alliance_id, Appointed.role == Role.REVIEWER)
    able = dict.fromkeys(schools, 0)
    members = select(Membership.school_id, Membership.alliance_id)
    for number, joined in session.execute(members).all():
        if number in able and alliance_id in {None, joined}:
            others = [own for own in judges.get(joined, {}).values() if own != number]
            able[number] = max(able[number], len(others))
    return able


def _judges(
    session: Session,
    place: InstrumentedAttribute[int | None],
    condition: ColumnElement[bool],
) -> Mapping[int, Mapping[int, int | None]]:
    """By school or alliance, who judges for it, and of which school each is."""
    found: dict[int, dict[int, int | None]] = {}
    rows = session.execute(
        select(place, User.id, User.school_id)
        .join(Appointed, Appointed.user_id == User.id)
        .where(User.is_active, condition, place.is_not(None))
    )
    for number, who, own in rows:
        if number is not None:
            found.setdefault(number, {})[who] = own
    return found

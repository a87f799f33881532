"""Which policy a revision must pass, and how an administrator changes it."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import N_, Invalid, Missing, WrongState
from resource_hub.domain.people import Person
from resource_hub.domain.policy import Policy, flaws, for_audience, to_json, usual_policy
from resource_hub.domain.review_form import Form
from resource_hub.domain.taxonomy import Kind
from resource_hub.domain.visibility import Audience
from resource_hub.models import Alliance, PolicyRow, Revision
from resource_hub.services.organisations import require_administrator
from resource_hub.services.review_forms import (
    ALL_KINDS,
    form_for,
    forms_in_use,
    shipped_form,
)
from resource_hub.services.shortages import Shortage, nobody_could, shortages
from resource_hub.services.unit_of_work import FASTER, UnitOfWork


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
    short, hopeless = shortages(uow.session, policy, alliance_id)
    problems += [nobody_could(stage, short) for stage in hopeless]
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

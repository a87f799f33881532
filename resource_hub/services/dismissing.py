"""Take a role back, close an account: what somebody had to review then goes to others."""

from sqlalchemy import select

from resource_hub.domain.errors import N_, Invalid, Missing, NotAllowed, Problem
from resource_hub.domain.people import Person, Role
from resource_hub.domain.review import OPERATOR
from resource_hub.models import Appointed, User
from resource_hub.services.people import end_sign_ins, find_user, require_may_manage_account
from resource_hub.services.unit_of_work import UnitOfWork

JUDGING = frozenset({Role.REVIEWER, Role.COORDINATOR})


def may_dismiss(by: Person, held: Appointed) -> bool:
    """Whether ``by`` may take this role back."""
    if by == OPERATOR or by.is_administrator:
        return True
    in_school = held.school_id is not None and by.coordinates(held.school_id)
    return in_school and held.role in {Role.TEACHER, Role.REVIEWER}


def dismiss(
    uow: UnitOfWork, by: Person, appointment_id: int, *, user_id: int | None = None
) -> None:
    """Take a role back, if ``user_id`` holds it; what they had to judge by it goes to others.

    Raises:
        Invalid: it is the last administrator.
    """
    held = uow.session.get(Appointed, appointment_id)
    if held is None or user_id not in {None, held.user_id}:
        raise Missing(N_("This role is not held any more."))
    if not may_dismiss(by, held):
        raise NotAllowed(N_("Only an administrator can do this."))
    if held.role is Role.ADMINISTRATOR:
        others = (
            select(Appointed.id)
            .join(Appointed.user)
            .where(Appointed.role == Role.ADMINISTRATOR, Appointed.id != held.id, User.is_active)
            .limit(1)
        )
        if uow.session.scalar(others) is None:
            raise Invalid([Problem("role", N_("The hub needs at least one administrator."))])
    uow.record("person:dismiss", by=by, person=held.user_id, role=held.role.value)
    if held.role in JUDGING:
        uow.promise("turns", held.user_id)
    uow.session.delete(held)


def set_active(uow: UnitOfWork, by: Person, user_id: int, *, active: bool) -> None:
    """Close or reopen an account; closing ends every sign-in, and keeps what the person wrote.

    What they had to review goes to others.
    """
    user = find_user(uow.session, user_id)
    require_may_manage_account(uow.session, by, user)
    if not active and user.id == by.id:
        raise Invalid([Problem("person", N_("You cannot close your own account."))])
    user.is_active = active
    if not active:
        end_sign_ins(uow.session, user.id)
        uow.promise("turns", user.id)
    uow.record("person:open" if active else "person:close", by=by, person=user.id)

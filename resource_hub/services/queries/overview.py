"""How the hub is doing, for its administrators."""

from datetime import datetime

from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.services.organisations import require_administrator
from resource_hub.services.queries.status import Status, status


def overview(session: Session, by: Person, now: datetime) -> Status:
    """The figures of ``hub status``.

    Raises:
        NotAllowed: ``by`` is no administrator.
    """
    require_administrator(by)
    return status(session, now=now)

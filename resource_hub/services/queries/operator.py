"""What the person at the server's command line may see: everything that stands on the shelf."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.people import Appointment, Person, Role
from resource_hub.domain.review import OPERATOR
from resource_hub.domain.visibility import PUBLIC
from resource_hub.models import Entry, Resource


@dataclass(frozen=True, slots=True)
class Onlooker(Person):
    """A person to whom every audience in use is open; for reading only, in no page."""

    every_token: frozenset[str] = frozenset()

    @property
    def tokens(self) -> frozenset[str]:
        return self.every_token


def operators_view(session: Session) -> Person:
    """Whom to ask as when nobody is named; whoever can run a command can read the database."""
    in_use = select(Resource.audience_token).where(Resource.audience_token.is_not(None)).distinct()
    frozen = select(Entry.audience_token).distinct()
    found = {*session.scalars(in_use), *session.scalars(frozen), PUBLIC}
    return Onlooker(
        id=OPERATOR.id,
        name=OPERATOR.name,
        appointments=(Appointment(Role.ADMINISTRATOR),),
        every_token=frozenset(token for token in found if token),
    )

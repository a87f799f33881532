"""Mute a thread: no notices of it any more, unless one is named with an @."""

from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.models import ThreadMute
from resource_hub.services.discussion_access import find_thread
from resource_hub.services.unit_of_work import UnitOfWork


def mute(uow: UnitOfWork, person: Person, thread_id: int) -> None:
    """Muted already, nothing happens.

    Raises:
        Missing, WrongState: see ``find_thread``.
    """
    thread = find_thread(uow.session, person, thread_id, uow.now(), held=True)
    if not is_muted(uow.session, person, thread.id):
        uow.session.add(ThreadMute(thread_id=thread.id, person_id=person.id))
        uow.session.flush()


def unmute(uow: UnitOfWork, person: Person, thread_id: int) -> None:
    """The opposite of ``mute``."""
    thread = find_thread(uow.session, person, thread_id, uow.now(), held=True)
    found = uow.session.get(ThreadMute, (thread.id, person.id))
    if found is not None:
        uow.session.delete(found)
        uow.session.flush()


def is_muted(session: Session, person: Person, thread_id: int) -> bool:
    return session.get(ThreadMute, (thread_id, person.id)) is not None

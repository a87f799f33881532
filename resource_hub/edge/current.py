"""Who is asking, and with what: the hub's parts, the person, the taxonomy of this request."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import current_app, g, has_request_context, session
from flask_login import UserMixin, current_user
from sqlalchemy.orm import Session

from resource_hub.domain.errors import N_, SignInNeeded
from resource_hub.domain.people import STRANGER, Person
from resource_hub.domain.taxonomy import Taxonomy
from resource_hub.domain.uploads import UploadLimits
from resource_hub.edge.extensions import db, login_manager
from resource_hub.edge.guests import guest_here, why_not
from resource_hub.services.persons import load_person
from resource_hub.services.sign_in import signed_in_user_id
from resource_hub.services.taxonomy import read_taxonomy
from resource_hub.services.unit_of_work import UnitOfWork, unit_of_work
from resource_hub.services.uploads import Reception
from search_index import SearchEngine
from storage import Storage

SEEN_EVERY = timedelta(hours=1)


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Hub:
    """The parts that ``app.py`` built from the settings; ``app.extensions["hub"]``."""

    storage: Storage
    search: SearchEngine
    limits: UploadLimits
    zone: ZoneInfo
    language: str
    secret: str
    public_url: str
    smtp_url: str
    sign_in_days: int
    sign_in_failures: int
    data: Path
    file_seconds: int
    file_memory: int
    second_storage: Storage | None
    unused_days: int
    verify_rate: int
    downloads: str
    clamd: str
    robot_hosts: frozenset[str]
    ocr: bool
    now: Callable[[], datetime] = utc_now


def hub() -> Hub:
    found: Hub = current_app.extensions["hub"]
    return found


def reading() -> Session:
    """The session for reading; it is closed at the end of the request."""
    return db.session()


@contextmanager
def writing() -> Iterator[UnitOfWork]:
    """One change in one transaction; see ``services.unit_of_work``."""
    with unit_of_work(db.session(), hub().now, hub().zone) as uow:
        yield uow


def reception() -> Reception:
    """Where uploads arrive."""
    return Reception(hub().storage, hub().limits, reading, writing, hub().now)


class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """What Flask-Login keeps of a person: the token in the cookie, and the person it stands for."""

    def __init__(self, token: str, person: Person) -> None:
        self.token = token
        self.person = person

    def get_id(self) -> str:
        return self.token


@login_manager.user_loader  # type: ignore[untyped-decorator]  # Flask-Login has no types
def load_signed_in(token: str) -> SignedIn | None:
    """The person behind a cookie, unless signed out, closed, or unused for too long."""
    found = signed_in_user_id(reading(), token)
    if found is None:
        return None
    user_id, row = found
    now = hub().now()
    if row.seen_at < now - timedelta(days=hub().sign_in_days):
        return None
    person = load_person(reading(), user_id)
    if person is None:
        return None
    if row.seen_at < now - SEEN_EVERY:
        with writing() as uow:
            uow.session.merge(row).seen_at = now
        session.modified = True  # the cookie lives on as well; see SESSION_REFRESH_EACH_REQUEST
    return SignedIn(token, person)


def current_person() -> Person:
    """Whoever is signed in, or ``STRANGER``."""
    if stands_alone():
        return STRANGER
    if current_user.is_authenticated:
        found: Person = current_user.person
        return found
    return guest_here(reading(), hub().now()) if has_request_context() else STRANGER


def stand_alone() -> None:
    """Render the rest of this request without asking the database, for it may be what failed."""
    g.stands_alone = True


def stands_alone() -> bool:
    return bool(has_request_context() and g.get("stands_alone", False))


def require_person() -> Person:
    """Whoever is signed in, or was invited to this page.

    Raises:
        SignInNeeded: nobody is; the page offers to sign in and then goes on.
        WrongState: the invitation has ended; the sentence says whom to ask.
    """
    person = current_person()
    if person.id is None:
        if (refused := why_not()) is not None:
            raise refused
        raise SignInNeeded(N_("Sign in, and you will be brought back here."))
    return person


def taxonomy() -> Taxonomy:
    """The taxonomy, read once a request."""
    found: Taxonomy | None = g.get("taxonomy")
    if found is None:
        found = g.taxonomy = read_taxonomy(reading())
    return found


def chosen_language() -> str | None:
    """What the visitor chose with the language switch, if anything."""
    return session.get("language")

"""People from outside, in the pages of the one submission that they were asked to judge."""

from datetime import datetime

from flask import g, request, session
from sqlalchemy.orm import Session

from resource_hub.domain.errors import HubError
from resource_hub.domain.people import STRANGER, Person
from resource_hub.services.invitations import guest

TOKEN = "guest"  # noqa: S105 - the name of a place in the session
"""In the session: the token of the invitation that was opened in this browser."""

PAGES = frozenset(
    {
        "review.desk",
        "review.take_step",
        "opinions.keep",
        "opinions.drop",
        "remarks.write",
        "remarks.change",
        "files.download",
        "files.download_all",
        "files.thumbnail",
        "films.film",
        "films.captions",
        "viewer.show",
        "viewer.page_picture",
        "changes.show",
        "changes.judged_picture",
        "alike.passages",
    }
)
"""Where a guest is somebody; on every other page of the hub a guest is a stranger."""


def guest_here(reading: Session, now: datetime) -> Person:
    """Who was invited and asks for a page of that submission, or ``STRANGER``.

    Why an invitation is good no more is kept for ``why_not``.
    """
    if TOKEN not in session or request.endpoint not in PAGES:
        return STRANGER
    if "guest" not in g:
        g.guest, g.guest_refused = STRANGER, None
        try:
            g.guest = guest(reading, session[TOKEN], now)
        except HubError as error:
            g.guest_refused = error
    found: Person = g.guest
    return found


def why_not() -> HubError | None:
    """The sentence for somebody whose invitation has ended, on the pages of that submission."""
    refused: HubError | None = g.get("guest_refused")
    return refused

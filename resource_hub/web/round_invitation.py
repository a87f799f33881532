"""The invitation to a round, as a file for calendars."""

from urllib.parse import urlsplit

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from resource_hub.catalogue.calendar import MEDIA_TYPE, CalendarEvent, as_ical
from resource_hub.domain.catalogue import Month
from resource_hub.edge.current import hub, reading, require_person
from resource_hub.models import IssueRound
from resource_hub.services.round_access import find_round
from resource_hub.web.catalogue import number_words
from resource_hub.web.rounds import AT
from resource_hub.web.sending import send_made

blueprint = Blueprint("round_invitation", __name__, url_prefix="/catalogue")


@blueprint.get(f"{AT}/invitation.ics")
def calendar(month: Month, alliance_id: int) -> ResponseReturnValue:
    """The invitation for a calendar."""
    found = find_round(reading(), require_person(), alliance_id, month)
    name = f"{gettext('Discussion round')}-{month}.ics"
    return send_made(as_ical(_event(found, month)), MEDIA_TYPE, name, instead=f"round-{month}")


def _event(found: IssueRound, month: Month) -> CalendarEvent:
    at = url_for("rounds.show", month=month, alliance_id=found.issue.alliance_id)
    address = f"{hub().public_url}{at}"
    agenda = [f"{number}. {item.title}" for number, item in enumerate(found.agenda, start=1)]
    said = [found.called_off_why, found.introduction, "\n".join(agenda), address]
    title = gettext("Discussion of %(issue)s", issue=number_words(month))
    title = f"{found.issue.alliance.name} {title}"
    is_off = found.called_off_at is not None
    return CalendarEvent(
        uid=f"round-{found.issue_id}@{urlsplit(hub().public_url).hostname or 'hub'}",
        sequence=found.sequence,
        changed_at=found.changed_at,
        created_at=found.created_at,
        starts_at=found.opens_at,
        ends_at=found.closes_at,
        title=gettext("Called off: %(title)s", title=title) if is_off else title,
        description="\n\n".join(filter(None, said)),
        place=found.place,
        address=address,
        host=found.host.name,
        alarm=gettext("The discussion closes in a day."),
        is_cancelled=is_off,
    )

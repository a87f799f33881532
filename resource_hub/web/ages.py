"""How old a thing is, as people count: in days of the hub's calendar."""

from datetime import date, datetime

from flask_babel import gettext as _

from resource_hub.edge.current import hub
from resource_hub.edge.words import day


def days_since(moment: datetime) -> int:
    """Whole days in the hub's calendar: what came yesterday evening is one day old."""
    zone = hub().zone
    return (hub().now().astimezone(zone).date() - moment.astimezone(zone).date()).days


def today() -> date:
    """The day in the hub's time zone."""
    return hub().now().astimezone(hub().zone).date()


def expected_words(by: date | None) -> str:
    """When the author may expect a result of the present stage; empty while nobody has it."""
    if by is None:
        return ""
    if by < today():
        return str(_("a result was expected by %(day)s; the coordinator knows of it", day=day(by)))
    return str(_("a result is expected by %(day)s", day=day(by)))

"""Cards for group robots, in the hub's language."""

from flask_babel import gettext as _
from flask_babel import ngettext

from resource_hub.domain.catalogue import Month
from resource_hub.domain.errors import N_
from resource_hub.domain.robots import CardTopic
from resource_hub.edge.current import hub
from resource_hub.edge.words import force_locale, moment
from resource_hub.models import IssueRound, RobotRow
from resource_hub.notifications.robots import Card, Robot
from resource_hub.services.delivering import Due


def robot_of(row: RobotRow) -> Robot:
    return Robot(row.service, row.address, row.secret)


def card_of(due: Due) -> Card:
    """What the group reads of an issue, or of its round."""
    return _issue_card(due) if due.round is None else _round_card(due, due.round)


def _issue_card(due: Due) -> Card:
    """Which issue, how much is in it, its highlights; what everybody may see, wherever it goes."""
    month, alliance = Month.parse(due.issue.month), due.issue.alliance
    with force_locale(hub().language):
        number = _("Issue %(number)s of %(year)s", number=month.number, year=month.year)
        lines = [
            str(
                ngettext(
                    "%(num)s resource is open to everybody.",
                    "%(num)s resources are open to everybody.",
                    due.entries,
                )
            )
        ]
        if due.highlights:
            lines.append(str(_("Highlights: %(titles)s", titles=_(", ").join(due.highlights))))
        return Card(
            title=f"{alliance.name} {number}",
            lines=tuple(lines),
            link=f"{hub().public_url}/catalogue/{month}/{alliance.id}",
            button=str(_("Open the catalogue")),
        )


_HEADINGS = {
    CardTopic.ROUND: N_("Discussion planned: %(issue)s"),
    CardTopic.ROUND_OPENS: N_("Discussion open: %(issue)s"),
    CardTopic.ROUND_MOVED: N_("Discussion moved: %(issue)s"),
    CardTopic.ROUND_CALLED_OFF: N_("Discussion called off: %(issue)s"),
    CardTopic.MINUTES: N_("Minutes published: %(issue)s"),
}

_SPANS = {
    CardTopic.ROUND_MOVED: N_("Now from %(opens)s to %(closes)s"),
    CardTopic.ROUND_CALLED_OFF: N_("It was planned from %(opens)s to %(closes)s"),
}

_WITH_PLACE = frozenset({CardTopic.ROUND, CardTopic.ROUND_OPENS, CardTopic.ROUND_MOVED})


def _round_card(due: Due, found: IssueRound) -> Card:
    """Which round, from when to when, and where; nobody's words: strangers may be in the group."""
    month, alliance = Month.parse(due.issue.month), due.issue.alliance
    with force_locale(hub().language):
        number = _("Issue %(number)s of %(year)s", number=month.number, year=month.year)
        span = _SPANS.get(due.topic, N_("From %(opens)s to %(closes)s"))
        dates = {"opens": moment(found.opens_at), "closes": moment(found.closes_at)}
        lines = [alliance.name, str(_(span, **dates))]
        if found.place and due.topic in _WITH_PLACE:
            lines.append(str(_("Place: %(place)s", place=found.place)))
        return Card(
            title=str(_(_HEADINGS[due.topic], issue=number)),
            lines=tuple(lines),
            link=f"{hub().public_url}/catalogue/{month}/{alliance.id}/round",
            button=str(_("Open the discussion")),
        )


def trial_card(alliance_id: int) -> Card:
    """What an editor sends to see whether a robot works."""
    with force_locale(hub().language):
        return Card(
            title=str(_("Resource hub")),
            lines=(str(_("This robot works: the next issue will be announced here.")),),
            link=f"{hub().public_url}/catalogue?alliance={alliance_id}",
            button=str(_("Open the catalogue")),
        )

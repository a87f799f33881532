"""What the desk says of its buttons: where each leads, and what happened when it was pressed."""

from collections.abc import Iterable, Mapping

from flask_babel import gettext as _

from resource_hub.domain.assignment import WORDS, PassedOn, Why
from resource_hub.domain.errors import N_
from resource_hub.domain.review import DECISIONS, Action, Place, State
from resource_hub.edge.current import hub
from resource_hub.edge.words import day, label
from resource_hub.models import EndedAs
from resource_hub.services.available import Successor
from resource_hub.services.deciding import Decided
from resource_hub.services.queries.submission_page import SubmissionPage
from resource_hub.services.queries.turns import PastTurn
from resource_hub.services.verdicts import OUTCOMES

WAITS = N_("Your judgement of “%(title)s” is kept; nobody reads it before all have decided.")
WAITS_FOR_ALL = N_("When all have decided, the strictest decision holds; until then it is hidden.")

_HAPPENED: Mapping[Action, str] = {
    Action.CLAIM: N_("“%(title)s” is yours to judge; the others see that."),
    Action.RELEASE: N_("“%(title)s” is free again for other reviewers."),
    Action.DECLINE: N_("You have declined “%(title)s”; somebody else is asked."),
    Action.HAND_OVER: N_("“%(title)s” is handed over."),
    Action.REQUEST_CHANGES: N_("“%(title)s” is back with %(name)s, with your comment."),
    Action.REJECT: N_("“%(title)s” is rejected; %(name)s reads why."),
}

_ENDED: Mapping[EndedAs, str] = {
    EndedAs.RELEASED: N_("given back"),
    EndedAs.DECLINED: N_("declined"),
    EndedAs.HANDED_OVER: N_("handed over"),
    EndedAs.REASSIGNED: N_(
        "passed on: it was late, or this person was away or too close to the author"
    ),
}
_PASSED_ON: Mapping[str, str] = {
    PassedOn.LATE: N_("passed on: it was late"),
    PassedOn.AWAY: N_("passed on: this person was away"),
    PassedOn.TOO_CLOSE: N_("passed on: this person is too close to the author now"),
    PassedOn.NO_REVIEWER: N_("passed on: this person does not review this here any more"),
}

_LEADS: Mapping[Action, str] = {
    Action.CLAIM: N_("The other reviewers see that you are at it."),
    Action.RELEASE: N_("Another reviewer can take it then."),
    Action.DECLINE: N_("Somebody else is asked; you are not asked again for this one."),
    Action.HAND_OVER: N_("The person you chose is told, with your word."),
    Action.REQUEST_CHANGES: N_("It goes back to %(name)s, who changes it and submits it again."),
    Action.REJECT: N_("It ends here. %(name)s reads the reason and your comment."),
}


def outcome_words(action: Action, decided: Decided) -> str:
    """What has happened, in a sentence that names the work; ``action`` has been taken."""
    revision = decided.revision
    values = {"title": revision.title, "name": revision.resource.owner.name}
    sentence = _HAPPENED.get(_came_to(action, decided)) or _approved(decided)
    if revision.available_at is not None:
        values["day"] = day(revision.available_at)
    return str(_(sentence, **values))


def _came_to(action: Action, decided: Decided) -> Action:
    """What has happened to the work: with several reviewers, perhaps not what this one wished."""
    if action not in DECISIONS:
        return action
    return OUTCOMES.get(decided.revision.state, Action.APPROVE)


def _approved(decided: Decided) -> str:
    revision = decided.revision
    if revision.state is State.IN_REVIEW:
        if revision.stage is not decided.stage:
            return N_("“%(title)s” has passed; the alliance is next.")
        return WAITS
    if revision.available_at is not None and revision.available_at > hub().now():
        return N_("“%(title)s” is approved. Others see it from %(day)s on.")
    return N_("“%(title)s” is published.")


def why_words(why: Why | None) -> str:
    """Why somebody has it, in one line; empty where nobody noted it."""
    if why is None:
        return ""
    return str(_(WORDS[why.ground], open=why.open, of=why.of, by=why.by))


def ended_words(turn: PastTurn) -> str:
    """How a turn ended without a decision."""
    return str(_(_PASSED_ON.get(turn.passed_on or "", _ENDED[turn.ended_as])))


def successor_choices(successors: Iterable[Successor]) -> list[tuple[int, str]]:
    """To whom it could be handed over, with what they have to do already."""
    return [
        (
            one.reviewer_id,
            _("%(name)s (away)", name=one.name)
            if one.is_away
            else _("%(name)s (%(open)s to review)", name=one.name, open=one.open),
        )
        for one in successors
    ]


def choice_words(page: SubmissionPage) -> dict[Action, str]:
    """What each button that is offered leads to."""
    alliance, release = page.submission.alliance, page.revision.release_on
    values = {
        "name": page.resource.owner.name,
        "alliance": alliance.name if alliance else "",
        "audience": label(page.revision.audience, "audience"),
        "day": day(release) if release else "",
    }
    return {
        action: str(_(_leading(page, action, place), **values))
        for action, place in page.actions.items()
    }


def _leading(page: SubmissionPage, action: Action, place: Place) -> str:
    is_undecided = place == Place(State.IN_REVIEW, page.submission.stage)
    if action in DECISIONS and is_undecided:
        return WAITS_FOR_ALL
    return _LEADS.get(action) or _approving(page, place)


def _approving(page: SubmissionPage, place: Place) -> str:
    if place.state is State.IN_REVIEW:
        return N_("It goes on to the reviewers of “%(alliance)s”.")
    release = page.revision.release_on
    if release is not None and release > hub().now().astimezone(hub().zone).date():
        return N_("It is published on %(day)s. Who may see it: %(audience)s.")
    if page.live is not None:
        return N_("It takes the place of the present version. Who may see it: %(audience)s.")
    return N_("It is published at once. Who may see it: %(audience)s.")

"""What the desk says of its buttons: where each leads, and what happened when it was pressed."""

from collections.abc import Mapping

from flask_babel import gettext as _

from resource_hub.domain.errors import N_
from resource_hub.domain.review import Action, Place, State
from resource_hub.edge.current import hub
from resource_hub.edge.words import day, label
from resource_hub.services.deciding import Decided
from resource_hub.services.queries.submission_page import SubmissionPage

_HAPPENED: Mapping[Action, str] = {
    Action.CLAIM: N_("“%(title)s” is yours to judge; the others see that."),
    Action.RELEASE: N_("“%(title)s” is free again for other reviewers."),
    Action.REQUEST_CHANGES: N_("“%(title)s” is back with %(name)s, with your comment."),
    Action.REJECT: N_("“%(title)s” is rejected; %(name)s reads why."),
}

_LEADS: Mapping[Action, str] = {
    Action.CLAIM: N_("The other reviewers see that you are at it."),
    Action.RELEASE: N_("Another reviewer can take it then."),
    Action.REQUEST_CHANGES: N_("It goes back to %(name)s, who changes it and submits it again."),
    Action.REJECT: N_("It ends here. %(name)s reads the reason and your comment."),
}


def outcome_words(action: Action, decided: Decided) -> str:
    """What has happened, in a sentence that names the work; ``action`` has been taken."""
    revision = decided.revision
    values = {"title": revision.title, "name": revision.resource.owner.name}
    sentence = _HAPPENED.get(action) or _approved(decided)
    if revision.available_at is not None:
        values["day"] = day(revision.available_at)
    return str(_(sentence, **values))


def _approved(decided: Decided) -> str:
    revision = decided.revision
    if revision.state is State.IN_REVIEW:
        if revision.stage is not decided.stage:
            return N_("“%(title)s” has passed; the alliance is next.")
        return N_("You have approved “%(title)s”; another approval is needed.")
    if revision.available_at is not None and revision.available_at > hub().now():
        return N_("“%(title)s” is approved. Others see it from %(day)s on.")
    return N_("“%(title)s” is published.")


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
        action: str(_(_LEADS.get(action) or _approving(page, place), **values))
        for action, place in page.actions.items()
    }


def _approving(page: SubmissionPage, place: Place) -> str:
    if place.state is State.IN_REVIEW:
        if place.stage is page.submission.stage:
            return N_("One more approval is needed at this stage.")
        return N_("It goes on to the reviewers of “%(alliance)s”.")
    release = page.revision.release_on
    if release is not None and release > hub().now().astimezone(hub().zone).date():
        return N_("It is published on %(day)s. Who may see it: %(audience)s.")
    if page.live is not None:
        return N_("It takes the place of the present version. Who may see it: %(audience)s.")
    return N_("It is published at once. Who may see it: %(audience)s.")

"""People from outside who are asked to judge one submission: who may ask, and until when."""

from datetime import date, datetime, time, timedelta, tzinfo

from resource_hub.domain.errors import N_
from resource_hub.domain.people import Person
from resource_hub.domain.review_rules import is_reviewer_of_it
from resource_hub.domain.submissions import Reviewable, Stage, State

LASTS = timedelta(days=14)
"""For which an invitation is good at least."""
AFTER_DUE = timedelta(days=7)
"""For how long it stays good after the last day in time."""


def good_until(now: datetime, due: date, zone: tzinfo) -> datetime:
    """Until when the link of an invitation works that is due on ``due``."""
    return max(now + LASTS, datetime.combine(due, time(), zone) + timedelta(days=1) + AFTER_DUE)


def may_invite(person: Person, item: Reviewable) -> str | None:
    """None where ``person`` may ask somebody from outside, else the reason.

    At the school stage the school's coordinator; at the alliance stage, where no one of the own
    school judges, nobody of it chooses a judge either.
    """
    if item.state is not State.IN_REVIEW or item.stage is None:
        return N_("This is no longer possible: the work has moved on. Look again.")
    if not item.policy.externals:
        return N_("The rules for this kind of work do not provide for reviewers from outside.")
    if item.stage is Stage.ALLIANCE and person.school_id == item.school_id:
        return N_("At the alliance stage nobody judges work of the own school.")
    return (
        None
        if _answers_for_review(person, item)
        else N_("Only who answers for this review can invite somebody.")
    )


def _answers_for_review(person: Person, item: Reviewable) -> bool:
    if person.guest_of is not None or person.id in {item.author_id, *item.co_authors}:
        return False
    if person.is_administrator:
        return True
    if item.stage is Stage.SCHOOL:
        return person.coordinates(item.school_id)
    return is_reviewer_of_it(person, item) is None

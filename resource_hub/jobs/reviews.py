"""Jobs that look after reviews: each submission in a transaction of its own."""

from collections.abc import Sequence

from resource_hub.edge.current import hub, reading, writing
from resource_hub.services.absences import welcome_back
from resource_hub.services.evening import take_over, to_take_over
from resource_hub.services.review_clock import look_at, open_submissions, submissions_of


def review_clock(_subjects: Sequence[str], _tools: object) -> None:
    """Remind, escalate, ask somebody else; who comes back from a leave takes work over."""
    for number in open_submissions(reading()):
        with writing() as uow:
            look_at(uow, number)
    with writing() as uow:
        welcome_back(uow)


def turns(subjects: Sequence[str], _tools: object) -> None:
    """Look again at all that these people have: a leave began, or they became too close."""
    for subject in subjects:
        for number in submissions_of(reading(), int(subject)):
            with writing() as uow:
                look_at(uow, number)


def rebalance(subjects: Sequence[str], _tools: object) -> None:
    """Move to these people, who became free, what others have too much of."""
    today = hub().now().astimezone(hub().zone).date()
    for subject in dict.fromkeys(subjects):
        number, is_going_on = int(subject), True
        while is_going_on and (turn := to_take_over(reading(), number, today)) is not None:
            with writing() as uow:
                is_going_on = take_over(uow, number, turn)

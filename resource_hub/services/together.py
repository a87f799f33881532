"""One button for several submissions: each is done by itself, so one refusal stops no other."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum

from resource_hub.domain.errors import N_, HubError, Invalid, WrongState
from resource_hub.domain.people import Person
from resource_hub.domain.review import Action
from resource_hub.models import Revision
from resource_hub.services.deciding import decide, submission_on_desk
from resource_hub.services.reminding import remind
from resource_hub.services.unit_of_work import UnitOfWork

MAX_NOTE = 1_000
"""Characters of a word to the one to whom it is handed over."""

Writing = Callable[[], AbstractContextManager[UnitOfWork]]


class Together(StrEnum):
    """What can be done with several at once."""

    CLAIM = "claim"
    RELEASE = "release"
    HAND_OVER = "hand_over"
    """To one person, who is chosen first."""
    APPROVE = "approve"
    """Small changes only, which the policy lets pass by one approval."""
    REMIND = "remind"


_STEPS = {
    Together.CLAIM: Action.CLAIM,
    Together.RELEASE: Action.RELEASE,
    Together.HAND_OVER: Action.HAND_OVER,
    Together.APPROVE: Action.APPROVE,
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """A line that was ticked, as its page showed it."""

    submission_id: int
    seen: int | None = None
    """The revision's ``version`` on that page; None skips the check."""


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one of them."""

    submission_id: int
    title: str
    """Empty for what the person may not know of."""
    refusal: HubError | None = None


def act_on_each(
    writing: Writing,
    person: Person,
    chosen: Iterable[Chosen],
    act: Together,
    *,
    successor: int | None = None,
    note: str = "",
) -> list[Done]:
    """Do ``act`` with each, in a transaction of its own; what is refused stays as it was.

    Args:
        successor: to whom it is handed over.
        note: a word to that person, for all of them.
    """
    done = []
    for one in chosen:
        title = ""
        try:
            with writing() as uow:
                submission = submission_on_desk(uow.session, person, one.submission_id)
                title = uow.session.get_one(Revision, submission.revision_id).title
                if act is Together.REMIND:
                    remind(uow, person, submission)
                elif act is Together.APPROVE and not submission.fast_lane:
                    raise WrongState(
                        N_("Only small changes are approved together: open it and judge it.")
                    )
                else:
                    decide(
                        uow,
                        person,
                        one.submission_id,
                        _STEPS[act],
                        seen=one.seen,
                        successor=successor,
                        comment=note,
                    )
        except Invalid as error:
            done.append(Done(one.submission_id, title, _as_one_sentence(error)))
        except HubError as error:
            done.append(Done(one.submission_id, title, error))
        else:
            done.append(Done(one.submission_id, title))
    return done


def _as_one_sentence(error: Invalid) -> HubError:
    """Beside a title there is no form whose fields could bear the problems."""
    if any(problem.field == "successor" for problem in error.problems):
        return WrongState(
            N_("This person may not review it, or had it already: choose somebody else for it.")
        )
    return error

"""One button for several submissions: each is done by itself, so one refusal stops no other."""

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from resource_hub.domain.errors import N_, HubError, Invalid, WrongState
from resource_hub.domain.people import Person
from resource_hub.domain.review import Action
from resource_hub.domain.review_form import Sheet
from resource_hub.domain.verdict import what_decides
from resource_hub.models import Revision, Submission
from resource_hub.services.deciding import decide, submission_on_desk
from resource_hub.services.reminding import remind
from resource_hub.services.review_forms import form_for
from resource_hub.services.revisions import load_revision
from resource_hub.services.unit_of_work import UnitOfWork

MAX_NOTE = 1_000
"""Characters of a word to the one to whom it is handed over."""

NOTHING_MET: Mapping[str, Collection[str]] = MappingProxyType({})

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
    met: Mapping[str, Collection[str]] = NOTHING_MET,
) -> list[Done]:
    """Do ``act`` with each, in a transaction of its own; what is refused stays as it was.

    Args:
        successor: to whom it is handed over.
        note: a word to that person, for all of them.
        met: for an approval, the criteria that each of them meets, by the digest of their form.
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
                elif act is Together.APPROVE:
                    _approve(uow, person, submission, one.seen, met)
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


def _approve(
    uow: UnitOfWork,
    person: Person,
    submission: Submission,
    seen: int | None,
    met: Mapping[str, Collection[str]],
) -> None:
    """Approve a small change if everything is answered that its rules let decide.

    Scores are not given to several at once: what needs them is opened.
    """
    if not submission.fast_lane:
        raise WrongState(N_("Only small changes are approved together: open it and judge it."))
    revision = load_revision(uow.session, submission.revision_id)
    form = form_for(uow.session, revision.resource.kind)
    asked = what_decides(submission.policy, form)
    if asked.scores:
        raise WrongState(N_("Here the scores decide too: open it and judge it."))
    answers = met.get(form.digest, ())
    if any(item.code not in answers for item in asked.criteria):
        raise WrongState(
            N_("Not every criterion is ticked that it must meet: open it and judge it.")
        )
    sheet = Sheet(passes=dict.fromkeys(answers, True), form=form.digest)
    decide(uow, person, submission.id, Action.APPROVE, sheet=sheet, in_brief=True, seen=seen)


def _as_one_sentence(error: Invalid) -> HubError:
    """Beside a title there is no form whose fields could bear the problems."""
    if any(problem.field == "successor" for problem in error.problems):
        return WrongState(
            N_("This person may not review it, or had it already: choose somebody else for it.")
        )
    return error

"""Claim, give back, decline, hand over: what each step of the workflow does to who has it."""

from dataclasses import dataclass

from resource_hub.domain.assignment import Ground, Why
from resource_hub.domain.errors import N_, Invalid, Problem
from resource_hub.domain.people import Person
from resource_hub.domain.review import DECISIONS, Action
from resource_hub.models import Assignment, EndedAs, Revision, Submission
from resource_hub.services.assigning import (
    close_assignments,
    end,
    end_assignment,
    give,
    open_assignments,
    relieve,
)
from resource_hub.services.available import successors
from resource_hub.services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Turn:
    """A step of the workflow, and what it says about who is to have the submission."""

    action: Action
    note: str = ""
    """Why it is declined, or a word to the one to whom it is handed over."""
    successor: int | None = None
    """To whom it is handed over."""


def change_turns(
    uow: UnitOfWork,
    person: Person,
    revision: Revision,
    submission: Submission | None,
    turn: Turn,
) -> None:
    """Who claims has it; who decides, declines or gives it back has it no more.

    Raises:
        Invalid: it cannot be handed over to that person.
    """
    if submission is None:
        return
    action, note = turn.action, turn.note
    present = open_assignments(uow.session, submission.id)
    mine = next((held for held in present if held.reviewer_id == person.id), None)
    if action is Action.CLAIM:
        _claim(uow, person, revision, submission, mine)
    elif action in DECISIONS:
        end_assignment(uow, submission, person.id, EndedAs.DECIDED)
    elif action is Action.DECLINE and mine is not None:
        end(uow, mine, EndedAs.DECLINED, note)
    elif action is Action.RELEASE and mine is not None:
        end(uow, mine, EndedAs.RELEASED)
    elif action is Action.RELEASE:  # the coordinator frees what others have
        close_assignments(uow, submission, EndedAs.RELEASED)
    elif action is Action.HAND_OVER:
        _hand_over(uow, person, revision, submission, mine, turn)


def _claim(
    uow: UnitOfWork,
    person: Person,
    revision: Revision,
    submission: Submission,
    mine: Assignment | None,
) -> None:
    if mine is None:
        mine = give(uow, submission, revision, person.id or 0, Why(Ground.CLAIMED), by=person)
        others = [
            held
            for held in open_assignments(uow.session, submission.id)
            if held.reviewer_id != person.id and held.claimed_at is None
        ]
        room = submission.policy.approvals_at(submission.stage) - 1
        relieve(uow, submission, revision, others, max(0, len(others) - room))
    mine.claimed_at = uow.now()
    uow.session.flush()


def _hand_over(
    uow: UnitOfWork,
    person: Person,
    revision: Revision,
    submission: Submission,
    mine: Assignment | None,
    turn: Turn,
) -> None:
    """A reviewer hands over what is theirs; a coordinator, what has lain with somebody longest."""
    possible = {
        one.reviewer_id for one in successors(uow.session, submission, revision, uow.today())
    }
    if turn.successor not in possible:
        raise Invalid([Problem("successor", N_("Choose a person from the list."))])
    present = open_assignments(uow.session, submission.id)
    leaves = mine or (present[0] if present else None)
    if leaves is not None:
        end(uow, leaves, EndedAs.HANDED_OVER, turn.note)
    why = Why(Ground.HANDED_OVER, by=person.name)
    give(uow, submission, revision, turn.successor or 0, why, by=person, note=turn.note)

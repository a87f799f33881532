"""Who may review what: tiny named rules, each with the sentence that a refused person reads."""

from collections.abc import Callable

from resource_hub.domain.errors import N_
from resource_hub.domain.people import Appointment, Person, Role
from resource_hub.domain.submissions import Reviewable, Stage, State

Rule = Callable[[Person, Reviewable], str | None]
"""Answers None when content, else the reason to show to the person."""


def is_author(person: Person, item: Reviewable) -> str | None:
    return None if person.id == item.author_id else N_("Only the author can do this.")


def answers_for_it(person: Person, item: Reviewable) -> str | None:
    if person.id == item.author_id or person.is_administrator or person.coordinates(item.school_id):
        return None
    return N_("Only the author, the school's coordinator or an administrator can do this.")


def must_stand_aside(person: Person, item: Reviewable) -> str | None:
    """Own work never; own school's work never at the alliance stage; nobody is an exception.

    Nor do mentors and mentees judge each other's, nor anybody an appeal against what they decided.
    """
    if person.id == item.author_id or person.id in item.co_authors:
        return N_("You cannot review your own work.")
    if person.id in item.paired:
        return N_("You are the author's mentor or mentee: somebody else reviews it.")
    if person.id in item.barred:
        return N_("The author appeals against what you decided; another reviewer looks at it now.")
    if item.stage is Stage.ALLIANCE and person.school_id == item.school_id:
        return N_("At the alliance stage nobody judges work of the own school.")
    return None


def is_reviewer_of_it(person: Person, item: Reviewable) -> str | None:
    if reason := must_stand_aside(person, item):
        return reason
    if person.guest_of is not None:
        is_asked = is_guest_of(person, item) and person.guest_stage is item.stage
        other = N_("You were asked to judge another submission, or at another stage.")
        return None if is_asked else other
    if item.stage is Stage.SCHOOL and person.coordinates(item.school_id):
        return None
    if any(_judges(held, item) for held in person.appointments):
        return None
    return N_("Only reviewers of this subject and stage can do this.")


def _judges(held: Appointment, item: Reviewable) -> bool:
    """Whether a reviewer's appointment is for this subject, this stage, and here."""
    if held.role is not Role.REVIEWER or not held.covers(
        subject=item.subject, school_stage=item.school_stage
    ):
        return False
    if item.stage is Stage.ALLIANCE:
        return held.alliance_id is not None and held.alliance_id == item.alliance_id
    return (
        item.stage is Stage.SCHOOL and held.alliance_id is None and held.school_id == item.school_id
    )


def is_guest_of(person: Person, item: Reviewable) -> bool:
    """Whether somebody from outside was asked to judge this very round, which is under way."""
    return (
        person.guest_of is not None
        and person.guest_of == item.submission_id
        and item.state is State.IN_REVIEW
        and item.policy.externals
    )


def is_holder(person: Person, item: Reviewable) -> str | None:
    if person.id in item.holders:
        return None
    return N_("Only who has it to review can decline it.")


def may_release(person: Person, item: Reviewable) -> str | None:
    """Who frees what others hold chooses too: whoever is passed over is not asked again."""
    other = N_("Only who has it to review, or who answers for this review, can release it.")
    return _may_choose(person, item, other)


def may_hand_over(person: Person, item: Reviewable) -> str | None:
    other = N_("Only who has it to review, or who answers for this review, can hand it over.")
    return _may_choose(person, item, other)


def _may_choose(person: Person, item: Reviewable, other: str) -> str | None:
    """Who has it; else at the school stage the school's coordinator, then an administrator.

    Authors never choose who judges them, and at the alliance stage nobody of their school does.
    """
    if person.id == item.author_id or person.id in item.co_authors:
        return N_("You cannot choose who reviews your own work.")
    if person.id in item.holders:
        return None
    coordinates = person.coordinates(item.school_id)
    if item.stage is not Stage.ALLIANCE:
        return None if coordinates else other
    if coordinates or person.school_id == item.school_id:
        return N_("At the alliance stage nobody of the author's school chooses who judges it.")
    return None if person.is_administrator else other


def runs_the_hub(person: Person, item: Reviewable) -> str | None:
    """Import from the command line; no page offers it, whoever is signed in."""
    del item
    return None if person == OPERATOR else N_("Only the import command can do this.")


def is_complete(person: Person, item: Reviewable) -> str | None:
    del person
    return None if item.complete else N_("Something is still missing; the list says what.")


def is_free(person: Person, item: Reviewable) -> str | None:
    """Some place is left that nobody has claimed; a guest has a place anyway."""
    if person.guest_of is not None:
        return N_("You were asked for your opinion: there is nothing to take.")
    if person.id in item.claimed_by:
        return N_("You have already taken this.")
    if has_unclaimed_place(item):
        return None
    return N_("Another reviewer has already taken this.")


def is_free_or_mine(person: Person, item: Reviewable) -> str | None:
    if person.guest_of is not None or person.id in item.claimed_by or has_unclaimed_place(item):
        return None
    return N_("Another reviewer has taken this; ask them to release it.")


def has_unclaimed_place(item: Reviewable) -> bool:
    """Whether the stage wants more approvals than there are, and people who claimed it."""
    wanted = item.policy.approvals_at(item.stage or Stage.SCHOOL)
    return len(item.claimed_by) + len(item.opinions) < wanted


def is_held(person: Person, item: Reviewable) -> str | None:
    del person
    return N_("Nobody holds it.") if not item.holders else None


def has_not_judged(person: Person, item: Reviewable) -> str | None:
    if person.id in item.judged_by:
        return N_("You have already decided at this stage.")
    return None


def may_still_appeal(person: Person, item: Reviewable) -> str | None:
    """Once for each rejection, and not for what a newer version has left behind."""
    del person
    if item.is_appealed:
        return N_("This was the appeal. Write a new version, with what the reviewers said in mind.")
    if item.has_newer_version:
        return N_("There is a newer version: go on with that one.")
    return None


def no_open_revision(person: Person, item: Reviewable) -> str | None:
    del person
    if item.has_open_revision:
        return N_("A new version is already being written; go on with that one.")
    return None


OPERATOR = Person(id=0, name="hub")
"""The person at the server's command line."""

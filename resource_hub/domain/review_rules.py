"""Who may review what: tiny named rules, each with the sentence that a refused person reads."""

from collections.abc import Callable

from resource_hub.domain.errors import N_
from resource_hub.domain.people import Person, Role
from resource_hub.domain.submissions import Reviewable, Stage

Rule = Callable[[Person, Reviewable], str | None]
"""Answers None when content, else the reason to show to the person."""


def is_author(person: Person, item: Reviewable) -> str | None:
    return None if person.id == item.author_id else N_("Only the author can do this.")


def answers_for_it(person: Person, item: Reviewable) -> str | None:
    if person.id == item.author_id or person.is_administrator or person.coordinates(item.school_id):
        return None
    return N_("Only the author, the school's coordinator or an administrator can do this.")


def is_reviewer_of_it(person: Person, item: Reviewable) -> str | None:
    """Own work never; own school's work never at the alliance stage; nobody is an exception."""
    if person.id == item.author_id:
        return N_("You cannot review your own work.")
    if item.stage is Stage.ALLIANCE and person.school_id == item.school_id:
        return N_("At the alliance stage nobody judges work of the own school.")
    if item.stage is Stage.SCHOOL and person.coordinates(item.school_id):
        return None
    for held in person.appointments:
        if held.role is Role.REVIEWER and held.covers(
            subject=item.subject, school_stage=item.school_stage
        ):
            if item.stage is Stage.ALLIANCE and held.alliance_id is not None:
                if held.alliance_id == item.alliance_id:
                    return None
            elif item.stage is Stage.SCHOOL and held.school_id == item.school_id:
                return None
    return N_("Only reviewers of this subject and stage can do this.")


def is_holder_or_coordinator(person: Person, item: Reviewable) -> str | None:
    if person.id == item.holder_id or person.coordinates(item.school_id):
        return None
    return N_("Only the reviewer who holds it, or the school's coordinator, can release it.")


def runs_the_hub(person: Person, item: Reviewable) -> str | None:
    """Import from the command line; no page offers it, whoever is signed in."""
    del item
    return None if person == OPERATOR else N_("Only the import command can do this.")


def is_complete(person: Person, item: Reviewable) -> str | None:
    del person
    return None if item.complete else N_("Something is still missing; the list says what.")


def is_free(person: Person, item: Reviewable) -> str | None:
    del person
    if item.holder_id is None:
        return None
    return N_("Another reviewer has already taken this.")


def is_free_or_mine(person: Person, item: Reviewable) -> str | None:
    if item.holder_id in {None, person.id}:
        return None
    return N_("Another reviewer has taken this; ask them to release it.")


def is_held(person: Person, item: Reviewable) -> str | None:
    del person
    return N_("Nobody holds it.") if item.holder_id is None else None


def has_not_approved(person: Person, item: Reviewable) -> str | None:
    if person.id in item.approved_by:
        return N_("You have already approved it at this stage.")
    return None


def no_open_revision(person: Person, item: Reviewable) -> str | None:
    del person
    if item.has_open_revision:
        return N_("A new version is already being written; go on with that one.")
    return None


OPERATOR = Person(id=0, name="hub")
"""The person at the server's command line."""

"""Open the demo's hub: its schools, their alliance, and the accounts of its people."""

from collections.abc import Mapping
from dataclasses import dataclass

from resource_hub.demo.content import Demo, DemoPerson
from resource_hub.domain.people import Person
from resource_hub.domain.review import OPERATOR
from resource_hub.domain.taxonomy import Language
from resource_hub.models import Standing
from resource_hub.services import organisations
from resource_hub.services import people as accounts
from resource_hub.services.persons import person_of
from resource_hub.services.unit_of_work import UnitOfWork

_LOCALES = {Language.SIMPLIFIED: "", Language.TRADITIONAL: "zh_Hant", Language.ENGLISH: "en"}
"""Simplified Chinese needs no choice: it is what the hub speaks."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays in the story."""

    alliance_id: int
    people: Mapping[str, Person]
    """By account."""

    @property
    def editor(self) -> Person:
        return next(person for person in self.people.values() if person.is_editor)


def open_hub(uow: UnitOfWork, demo: Demo, *, password_hash: str) -> Cast:
    """Do what a new hub's administrator does at the command line.

    Args:
        password_hash: of the one password of all.
    """
    alliance = organisations.add_alliance(
        uow, OPERATOR, name=demo.alliance.name, kind=demo.alliance.kind
    )
    places = {demo.alliance.key: alliance.id}
    for known in demo.schools:
        school = organisations.add_school(uow, OPERATOR, name=known.name, code=known.key)
        places[known.key] = school.id
        organisations.join(
            uow,
            OPERATOR,
            alliance_id=alliance.id,
            school_id=school.id,
            standing=Standing.CORE if known.core else Standing.MEMBER,
        )
    return Cast(
        alliance.id,
        {
            person.account: _open_account(uow, person, demo, places, password_hash)
            for person in demo.people
        },
    )


def _open_account(
    uow: UnitOfWork,
    person: DemoPerson,
    demo: Demo,
    places: Mapping[str, int],
    password_hash: str,
) -> Person:
    user = accounts.add_person(
        uow,
        OPERATOR,
        name=person.name,
        account=person.account,
        email=person.email,
        school_id=places[person.school],
        password_hash=password_hash,
        subjects=person.subjects,
        grades=person.grades,
        language=_LOCALES[person.language],
        is_demo=True,
    )
    for held in person.roles:
        in_alliance = held.organisation == demo.alliance.key
        place = places.get(held.organisation)
        accounts.appoint(
            uow,
            OPERATOR,
            user.id,
            held.role,
            school_id=None if in_alliance else place,
            alliance_id=place if in_alliance else None,
            subjects=tuple(sorted(held.subjects)),
            stages=tuple(sorted(held.stages)),
        )
    uow.session.refresh(user, ["appointments", "school"])
    return person_of(uow.session, user)

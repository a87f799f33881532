"""The demo's story obeys the hub's own table of review, and leaves work in every inbox."""

from datetime import UTC, datetime

import pytest

from resource_hub.demo.content import DemoPerson, DemoResource, Fate
from resource_hub.demo.load import load
from resource_hub.domain.people import Appointment, Person, Role
from resource_hub.domain.review import (
    Action,
    Place,
    Reviewable,
    Stage,
    State,
    is_reviewer_of_it,
    next_place,
    usual_policy,
)

NOW = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
DEMO = load()
SCHOOLS = {school.key: number for number, school in enumerate(DEMO.schools, 1)}
PEOPLE = {person.account: number for number, person in enumerate(DEMO.people, 1)}
ALLIANCE = 1
ENDS = {
    Fate.DRAFT: Place(State.DRAFT),
    Fate.IN_REVIEW_SCHOOL: Place(State.IN_REVIEW, Stage.SCHOOL),
    Fate.IN_REVIEW_ALLIANCE: Place(State.IN_REVIEW, Stage.ALLIANCE),
    Fate.CHANGES_REQUESTED: Place(State.CHANGES_REQUESTED),
    Fate.REJECTED: Place(State.REJECTED),
    Fate.PUBLISHED: Place(State.PUBLISHED),
    Fate.REVISED: Place(State.PUBLISHED),
    Fate.REVISING: Place(State.IN_REVIEW, Stage.ALLIANCE),
    Fate.EMBARGOED: Place(State.PUBLISHED),
    Fate.WITHDRAWN: Place(State.WITHDRAWN),
}


def as_the_rules_see(person: DemoPerson) -> Person:
    return Person(
        id=PEOPLE[person.account],
        school_id=SCHOOLS[person.school],
        alliance_ids=frozenset({ALLIANCE}),
        appointments=tuple(
            Appointment(
                role.role,
                school_id=SCHOOLS.get(role.organisation),
                alliance_id=ALLIANCE if role.organisation == DEMO.alliance.key else None,
                subjects=role.subjects,
                stages=role.stages,
            )
            for role in person.roles
        ),
    )


def reviewable(
    resource: DemoResource, place: Place, rejected_at: Stage | None = None
) -> Reviewable:
    return Reviewable(
        author_id=PEOPLE[resource.author],
        school_id=SCHOOLS[DEMO.person(resource.author).school],
        alliance_id=ALLIANCE,
        subject=resource.subject,
        school_stage=resource.stage,
        state=place.state,
        policy=usual_policy(resource.audience),
        stage=place.stage,
        rejected_at=rejected_at,
    )


@pytest.mark.parametrize("resource", DEMO.resources, ids=lambda resource: resource.key)
def test_every_step_is_allowed_and_leads_to_the_fate(resource: DemoResource) -> None:
    place, last = Place(State.DRAFT), None
    for step in resource.steps:
        person = as_the_rules_see(DEMO.person(step.by))
        if place.stage is not None:
            last = place.stage
        after = next_place(step.action, person, reviewable(resource, place, last))
        assert step.stage == (place.stage if place.state is State.IN_REVIEW else None)
        place = Place(State.DRAFT) if step.action is Action.REVISE else after
    assert place == ENDS[resource.fate]


def test_every_reviewer_and_coordinator_has_something_waiting_today() -> None:
    waiting = [
        reviewable(resource, ENDS[resource.fate])
        for resource in DEMO.resources
        if ENDS[resource.fate].state is State.IN_REVIEW
    ]
    assert len(waiting) == 15
    idle = {
        person.account
        for person in DEMO.people
        if as_the_rules_see(person).is_reviewer
        and all(is_reviewer_of_it(as_the_rules_see(person), item) for item in waiting)
    }
    assert idle == set()


def test_every_school_has_a_coordinator_and_a_reviewer_beside() -> None:
    for school in DEMO.schools:
        held = [
            role.role
            for person in DEMO.people
            for role in person.roles
            if role.organisation == school.key
        ]
        assert held.count(Role.COORDINATOR) == 1
        assert held.count(Role.REVIEWER) >= 1


def test_the_story_lasts_three_months_and_touches_each_of_them() -> None:
    days = [step.day for resource in DEMO.resources for step in resource.steps]
    assert min(days) == -93
    assert max(days) == 0
    published = [
        step.day
        for resource in DEMO.resources
        if resource.fate is not Fate.WITHDRAWN
        for step in resource.steps[-1:]
        if step.action is Action.APPROVE
    ]
    assert sum(day < -62 for day in published) >= 8
    assert sum(-62 <= day < -31 for day in published) >= 8
    assert sum(day >= -31 for day in published) >= 5


@pytest.mark.parametrize(
    "now", [NOW, NOW.replace(hour=16, minute=1), NOW.replace(hour=15, minute=59)]
)
def test_steps_come_in_order_and_never_in_the_future(now: datetime) -> None:
    for resource in DEMO.resources:
        times = [resource.begun_at(now), *(step.at(now) for step in resource.steps)]
        assert times == sorted(times), resource.key
        assert len(set(times)) == len(times), resource.key
        assert times[-1] <= now, resource.key


def test_the_embargoed_resource_is_released_in_the_future() -> None:
    releases = {
        resource.key: revision.release_in_days
        for resource in DEMO.resources
        for revision in resource.revisions
        if revision.release_in_days is not None
    }
    assert releases == {"final-math": 35}

"""The workflow table, walked: every action, in every state, by every kind of person."""

from dataclasses import replace

import pytest

from resource_hub.domain.errors import NotAllowed, WrongState
from resource_hub.domain.people import STRANGER, Appointment, Person, Role
from resource_hub.domain.review import (
    OPERATOR,
    WORKFLOW,
    Action,
    Place,
    Policy,
    Reviewable,
    Stage,
    State,
    next_place,
    possible_actions,
    usual_policy,
)
from resource_hub.domain.verdict import Decision, Opinion
from resource_hub.domain.visibility import Audience

VILLAGE, TOWN, ALLIANCE = 1, 2, 9


def person(number: int, school: int, *appointments: Appointment) -> Person:
    return Person(
        id=number,
        school_id=school,
        alliance_ids=frozenset({ALLIANCE}),
        appointments=appointments,
    )


ALL: frozenset[str] = frozenset()


def reviewer(
    number: int, school: int, *, subjects: frozenset[str] = ALL, stages: frozenset[str] = ALL
) -> Person:
    held = Appointment(Role.REVIEWER, school_id=school, subjects=subjects, stages=stages)
    return person(number, school, held)


def alliance_reviewer(number: int, school: int, *, subjects: frozenset[str] = ALL) -> Person:
    held = Appointment(Role.REVIEWER, alliance_id=ALLIANCE, subjects=subjects)
    return person(number, school, held)


PEOPLE = {
    "author": person(1, VILLAGE),
    "author who reviews": reviewer(1, VILLAGE),
    "author who coordinates": person(1, VILLAGE, Appointment(Role.COORDINATOR, school_id=VILLAGE)),
    "author who administers": person(1, VILLAGE, Appointment(Role.ADMINISTRATOR)),
    "colleague": person(2, VILLAGE),
    "reviewer of the school": reviewer(3, VILLAGE),
    "reviewer of the school, other subject": reviewer(4, VILLAGE, subjects=frozenset({"art"})),
    "reviewer of the school, other stage": reviewer(5, VILLAGE, stages=frozenset({"senior"})),
    "reviewer of another school": reviewer(6, TOWN),
    "coordinator of the school": person(
        7, VILLAGE, Appointment(Role.COORDINATOR, school_id=VILLAGE)
    ),
    "coordinator of another school": person(8, TOWN, Appointment(Role.COORDINATOR, school_id=TOWN)),
    "reviewer of the alliance": alliance_reviewer(9, TOWN, subjects=frozenset({"math"})),
    "reviewer of the alliance, own school": alliance_reviewer(10, VILLAGE),
    "reviewer of the alliance, other subject": alliance_reviewer(
        11, TOWN, subjects=frozenset({"art"})
    ),
    "editor": person(12, TOWN, Appointment(Role.EDITOR, alliance_id=ALLIANCE)),
    "administrator": person(13, TOWN, Appointment(Role.ADMINISTRATOR)),
    "administrator of the school": person(14, VILLAGE, Appointment(Role.ADMINISTRATOR)),
    "stranger": STRANGER,
    "operator": OPERATOR,
}

AT_SCHOOL = {"reviewer of the school", "coordinator of the school"}
AT_ALLIANCE = {"reviewer of the alliance"}
AUTHORS = {name for name in PEOPLE if name.startswith("author")}
ADMINISTRATORS = {"administrator", "administrator of the school"}
ANSWERABLE = AUTHORS | {"coordinator of the school"} | ADMINISTRATORS
CHOOSING = {Stage.SCHOOL: {"coordinator of the school"}, Stage.ALLIANCE: {"administrator"}}
"""Who chooses a judge without being one."""

PLACES = [Place(state) for state in State if state is not State.IN_REVIEW] + [
    Place(State.IN_REVIEW, stage) for stage in Stage
]
DECIDING = {Action.CLAIM, Action.APPROVE, Action.REQUEST_CHANGES, Action.REJECT}


def expected(action: Action, place: Place) -> set[str]:  # noqa: PLR0911 - one line a row of the table
    """Who may take ``action`` at ``place``, written down once more by hand."""
    editable = place.state in {State.DRAFT, State.CHANGES_REQUESTED}
    if action in {Action.SUBMIT, Action.DISCARD}:
        return AUTHORS if editable else set()
    if action is Action.TAKE_BACK:
        return AUTHORS if place.state is State.IN_REVIEW else set()
    if action in DECIDING:
        return {Stage.SCHOOL: AT_SCHOOL, Stage.ALLIANCE: AT_ALLIANCE, None: set()}[place.stage]
    if action is Action.WITHDRAW:
        return ANSWERABLE if place.state is State.PUBLISHED else set()
    if action is Action.REVISE:
        revisable = place.state in {State.PUBLISHED, State.REJECTED, State.WITHDRAWN}
        return AUTHORS if revisable else set()
    if action is Action.APPEAL:
        return AUTHORS if place.state is State.REJECTED else set()
    if action is Action.ADMIT:
        return {"operator"} if place.state is State.DRAFT else set()
    if action is Action.HAND_OVER:
        return CHOOSING[place.stage] if place.stage else set()
    return set()  # RELEASE, DECLINE: nobody holds it in this walk


def item_at(place: Place) -> Reviewable:
    return Reviewable(
        author_id=1,
        school_id=VILLAGE,
        alliance_id=ALLIANCE,
        subject="math",
        school_stage="primary",
        state=place.state,
        stage=place.stage,
        policy=usual_policy(Audience.ALLIANCE),
    )


@pytest.mark.parametrize("place", PLACES, ids=lambda place: f"{place.state}-{place.stage or ''}")
@pytest.mark.parametrize("action", Action)
def test_exactly_the_right_people_may_take_each_step(action: Action, place: Place) -> None:
    allowed = set()
    for name, who in PEOPLE.items():
        try:
            next_place(action, who, item_at(place))
        except (NotAllowed, WrongState):
            continue
        allowed.add(name)
    assert allowed == expected(action, place)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: f"{place.state}-{place.stage or ''}")
def test_every_button_that_is_offered_works_when_nothing_is_missing(place: Place) -> None:
    assert possible_actions(STRANGER, item_at(place)) == []
    for who in PEOPLE.values():
        for action in possible_actions(who, item_at(place)):
            next_place(action, who, item_at(place))


def test_an_approval_leads_from_the_school_to_the_alliance_to_publication() -> None:
    school = item_at(Place(State.IN_REVIEW, Stage.SCHOOL))
    alliance = item_at(Place(State.IN_REVIEW, Stage.ALLIANCE))
    approve = WORKFLOW[Action.APPROVE].leads
    assert approve(school) == Place(State.IN_REVIEW, Stage.ALLIANCE)
    assert approve(alliance) == Place(State.PUBLISHED)
    own = replace(school, policy=usual_policy(Audience.SCHOOL))
    assert approve(own) == Place(State.PUBLISHED)


def test_two_approvals_are_two_people() -> None:
    twice = replace(
        item_at(Place(State.IN_REVIEW, Stage.SCHOOL)),
        policy=Policy((Stage.SCHOOL,), approvals={Stage.SCHOOL: 2}),
    )
    first, second = PEOPLE["reviewer of the school"], PEOPLE["coordinator of the school"]
    assert next_place(Action.APPROVE, first, twice) == Place(State.IN_REVIEW, Stage.SCHOOL)
    after = replace(twice, opinions=(Opinion(Decision.APPROVE, reviewer_id=3),))
    with pytest.raises(WrongState, match="already decided"):
        next_place(Action.APPROVE, first, after)
    assert next_place(Action.APPROVE, second, after) == Place(State.PUBLISHED)


@pytest.mark.parametrize("action", [Action.RELEASE, Action.HAND_OVER])
def test_what_someone_holds_is_moved_by_them_and_by_who_answers_for_the_stage(
    action: Action,
) -> None:
    def able(stage: Stage, holder: int) -> set[str]:
        held = replace(item_at(Place(State.IN_REVIEW, stage)), holders=frozenset({holder}))
        return {name for name, who in PEOPLE.items() if action in possible_actions(who, held)}

    assert able(Stage.SCHOOL, 3) == {"reviewer of the school", "coordinator of the school"}
    assert able(Stage.ALLIANCE, 9) == {"reviewer of the alliance", "administrator"}


def test_who_answers_for_it_and_wrote_it_too_frees_nobody_of_it() -> None:
    for stage, name in (
        (Stage.SCHOOL, "coordinator of the school"),
        (Stage.ALLIANCE, "administrator"),
    ):
        item = item_at(Place(State.IN_REVIEW, stage))
        written = replace(
            item, holders=frozenset({3}), co_authors=frozenset({PEOPLE[name].id or 0})
        )
        with pytest.raises(NotAllowed, match="You cannot choose who reviews your own work"):
            next_place(Action.RELEASE, PEOPLE[name], written)


def test_at_the_alliance_stage_the_authors_school_reads_why_it_chooses_nobody() -> None:
    held = replace(item_at(Place(State.IN_REVIEW, Stage.ALLIANCE)), holders=frozenset({9}))
    far = person(15, TOWN, Appointment(Role.COORDINATOR, school_id=VILLAGE))
    for who in (
        PEOPLE["coordinator of the school"],
        PEOPLE["administrator of the school"],
        far,
    ):
        with pytest.raises(NotAllowed, match="nobody of the author's school chooses"):
            next_place(Action.RELEASE, who, held)


def test_a_second_open_revision_is_refused_with_the_reason() -> None:
    live = replace(item_at(Place(State.PUBLISHED)), has_open_revision=True)
    with pytest.raises(WrongState, match="already being written"):
        next_place(Action.REVISE, PEOPLE["author"], live)


def test_an_incomplete_draft_keeps_its_button_and_says_why_when_pressed() -> None:
    draft = replace(item_at(Place(State.DRAFT)), complete=False)
    assert Action.SUBMIT in possible_actions(PEOPLE["author"], draft)
    with pytest.raises(WrongState, match="still missing"):
        next_place(Action.SUBMIT, PEOPLE["author"], draft)

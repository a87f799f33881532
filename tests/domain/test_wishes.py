"""Who may do what with a wish: every action, every state, every kind of person."""

import pytest

from resource_hub.domain.errors import HubError, Missing, NotAllowed, WrongState
from resource_hub.domain.people import STRANGER, Appointment, Person, Role
from resource_hub.domain.wishes import (
    WishAction,
    Wished,
    WishState,
    circle,
    possible_actions,
    require,
    sees,
)

ALLIANCE, OTHER = 3, 4


def person(
    number: int, *appointments: Appointment, alliances: tuple[int, ...] = (ALLIANCE,)
) -> Person:
    return Person(
        id=number, school_id=number, alliance_ids=frozenset(alliances), appointments=appointments
    )


CAST = {
    "anonymous": STRANGER,
    "stranger": person(1, alliances=(OTHER,)),
    "neighbour": person(2),
    "wisher": person(3),
    "editor": person(4, Appointment(Role.EDITOR, alliance_id=ALLIANCE)),
    "editor from outside": person(
        5, Appointment(Role.EDITOR, alliance_id=ALLIANCE), alliances=(OTHER,)
    ),
    "other editor": person(6, Appointment(Role.EDITOR, alliance_id=OTHER)),
    "coordinator": person(7, Appointment(Role.COORDINATOR, school_id=7)),
    "administrator": Person(id=8, appointments=(Appointment(Role.ADMINISTRATOR),)),
}

WISH = Wished(WishState.OPEN, frozenset({f"alliance:{ALLIANCE}"}), frozenset({3, 30}))

ANSWERS = {
    "anonymous": "missing missing missing",
    "stranger": "missing missing missing",
    "neighbour": "ok no no",
    "wisher": "ok ok ok",
    "editor": "ok no ok",
    "editor from outside": "ok no ok",
    "other editor": "ok no no",
    "coordinator": "ok no no",
    "administrator": "no ok ok",
}
"""By person: join, withdraw, answer."""


def outcome(action: WishAction, who: Person, wish: Wished) -> str:
    words = {Missing: "missing", NotAllowed: "no", WrongState: "closed"}
    try:
        require(action, who, wish)
    except HubError as error:
        return words[type(error)]
    return "ok"


@pytest.mark.parametrize("name", CAST)
def test_each_person_may_do_with_an_open_wish_what_the_table_says(name: str) -> None:
    assert " ".join(outcome(action, CAST[name], WISH) for action in WishAction) == ANSWERS[name]


@pytest.mark.parametrize("state", [WishState.ANSWERED, WishState.WITHDRAWN])
@pytest.mark.parametrize("name", CAST)
def test_nothing_can_be_done_with_a_closed_one(name: str, state: WishState) -> None:
    closed = Wished(state, WISH.tokens, WISH.wisher_ids)
    expected = ANSWERS[name].replace("ok", "closed")
    assert " ".join(outcome(action, CAST[name], closed) for action in WishAction) == expected
    assert possible_actions(CAST[name], closed) == []


@pytest.mark.parametrize("name", CAST)
def test_a_button_is_offered_exactly_where_it_does_something(name: str) -> None:
    who = CAST[name]
    expected = [
        action
        for action in WishAction
        if outcome(action, who, WISH) == "ok"
        and not (action is WishAction.JOIN and who.id in WISH.wisher_ids)
    ]
    assert possible_actions(who, WISH) == expected


def test_a_wish_is_shown_to_the_alliances_or_else_to_the_school() -> None:
    assert circle(person(1, alliances=(3, 4))) == {"alliance:3", "alliance:4"}
    assert circle(person(1, alliances=())) == {"school:1"}
    alone = Wished(WishState.OPEN, frozenset({"school:1"}), frozenset({1}))
    assert sees(person(1), alone)
    assert not sees(person(2), alone)
    assert not sees(STRANGER, Wished(WishState.OPEN, frozenset({"public"}), frozenset()))

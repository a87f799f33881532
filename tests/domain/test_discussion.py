"""Who moderates a thread, and whom an @ means."""

import pytest

from resource_hub.domain.discussion import (
    TalkPlace,
    beginnings,
    checked_reason,
    checked_title,
    meant,
    moderates,
    named,
    whom_to_ask,
    why_no_post,
)
from resource_hub.domain.errors import Invalid, NotAllowed, WrongState
from resource_hub.domain.people import STRANGER, Appointment, Person, Role

SCHOOL, OTHER_SCHOOL, ALLIANCE, OTHER_ALLIANCE = 1, 2, 7, 8
AUTHOR = 50
SHARED = TalkPlace(ALLIANCE, SCHOOL, frozenset({AUTHOR}))
OF_THE_SCHOOL = TalkPlace(None, SCHOOL, frozenset({AUTHOR}))


def person(
    number: int, *held: Appointment, school: int = SCHOOL, alliance: int = ALLIANCE
) -> Person:
    return Person(number, school_id=school, alliance_ids=frozenset({alliance}), appointments=held)


COORDINATOR = person(1, Appointment(Role.COORDINATOR, school_id=SCHOOL))
NEIGHBOUR = person(2, Appointment(Role.COORDINATOR, school_id=OTHER_SCHOOL), school=OTHER_SCHOOL)
EDITOR = person(3, Appointment(Role.EDITOR, alliance_id=ALLIANCE))
FOREIGN_EDITOR = person(4, Appointment(Role.EDITOR, alliance_id=OTHER_ALLIANCE))
FOREIGN_COORDINATOR = person(
    5, Appointment(Role.COORDINATOR, school_id=9), school=9, alliance=OTHER_ALLIANCE
)
ADMINISTRATOR = Person(6, appointments=(Appointment(Role.ADMINISTRATOR),))
TEACHER = person(7, Appointment(Role.TEACHER, school_id=SCHOOL))
EVERYBODY = (
    COORDINATOR, NEIGHBOUR, EDITOR, FOREIGN_EDITOR, FOREIGN_COORDINATOR, ADMINISTRATOR, TEACHER,
    STRANGER,
)  # fmt: skip


def moderators(place: TalkPlace) -> set[int | None]:
    return {one.id for one in EVERYBODY if moderates(one, place)}


def test_coordinators_and_editors_of_the_alliance_moderate() -> None:
    assert moderators(SHARED) == {COORDINATOR.id, NEIGHBOUR.id, EDITOR.id, ADMINISTRATOR.id}


def test_what_stays_in_the_school_is_left_to_its_own_coordinator() -> None:
    assert moderators(OF_THE_SCHOOL) == {COORDINATOR.id, ADMINISTRATOR.id}


def test_who_runs_the_hub_is_asked_where_nobody_else_moderates() -> None:
    assert whom_to_ask(EVERYBODY, SHARED) == [COORDINATOR, NEIGHBOUR, EDITOR]
    assert whom_to_ask([ADMINISTRATOR, TEACHER], SHARED) == [ADMINISTRATOR]
    both = person(8, *ADMINISTRATOR.appointments, *COORDINATOR.appointments)
    assert whom_to_ask([ADMINISTRATOR, both], SHARED) == [both]


@pytest.mark.parametrize("one", [COORDINATOR, EDITOR, ADMINISTRATOR])
def test_nobody_moderates_what_is_said_of_the_own_work(one: Person) -> None:
    assert one.id is not None
    assert not moderates(one, TalkPlace(ALLIANCE, SCHOOL, frozenset({one.id})))


def test_a_stranger_and_a_guest_post_nothing_and_nobody_posts_in_a_locked_thread() -> None:
    guest = Person(9, guest_of=3)
    assert [type(why_no_post(one, SHARED)) for one in (STRANGER, guest, TEACHER)] == [
        NotAllowed,
        NotAllowed,
        type(None),
    ]
    assert isinstance(why_no_post(TEACHER, TalkPlace(ALLIANCE, is_locked=True)), WrongState)


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("@王敏老师好", {1}),
        ("谢谢@王敏敏！", {2}),
        ("＠王敏 和 @Ann Lee：", {1, 3}),
        ("wang@王敏", set()),
        ("写信到 a.b@example.org", set()),
        ("@", set()),
        ("@王", set()),
        ("@Ann Leefield, @Ann Lee2", set()),
        ("@Ann Lee您好", {3}),
    ],
)
def test_the_longest_name_after_an_at_is_meant(text: str, people: set[int]) -> None:
    known = {"王敏": frozenset({1}), "王敏敏": frozenset({2}), "Ann Lee": frozenset({3})}
    tails = named(text)
    assert (
        meant(tails, {name: known[name] for name in known if name in beginnings(tails)}) == people
    )


def test_a_megabyte_of_ats_names_ten_people_at_most() -> None:
    assert len(named("".join(f"@同学{number} " for number in range(100_000)))) == 10


def test_titles_and_reasons_are_asked_for_and_have_an_end() -> None:
    assert checked_title("  分数\n怎么教 ", needed=True) == "分数 怎么教"
    assert checked_title("", needed=False) == ""
    assert checked_reason(" 广告 ") == "广告"
    for title, needed in ((" ", True), ("长" * 121, False)):
        with pytest.raises(Invalid):
            checked_title(title, needed=needed)
    for reason in ("\r\n", "长" * 501):
        with pytest.raises(Invalid):
            checked_reason(reason)

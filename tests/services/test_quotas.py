"""The room of a person and of a school, counted in the database."""

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import Invalid, NotAllowed, TooLarge
from resource_hub.domain.people import Person
from resource_hub.domain.quotas import Quotas, Room
from resource_hub.domain.review import OPERATOR
from resource_hub.domain.uploads import Announcement
from resource_hub.models import Attachment, Upload
from resource_hub.services import uploading
from resource_hub.services.quotas import (
    parse_size,
    person_room,
    school_room,
    school_rooms,
    set_school_quota,
)
from resource_hub.services.unit_of_work import unit_of_work
from resource_hub.services.uploads import Reception
from tests.conftest import SHANGHAI
from tests.given import LIMITS, Clock, Given

QUOTAS = Quotas(person=1_000_000, school=1_500_000)
NARROW = replace(LIMITS, quotas=QUOTAS)


def attach(given: Given, by: Person, revision_id: int, content: bytes, name: str = "a.txt") -> None:
    kept = uploading.keep(given.storage, io.BytesIO(content), name)
    uploading.attach(given.uow, by, revision_id, kept, limits=NARROW)


def test_the_same_bytes_count_once_for_a_person_and_once_for_a_school(
    given: Given, session: Session
) -> None:
    school = given.home()
    wang, li = given.teacher(school=school), given.teacher(school=school)
    for person in (wang, wang, li):
        attach(given, person, given.draft(by=person).id, b"a" * 400_000)
    attach(given, li, given.draft(by=li).id, b"b" * 100_000)
    assert person_room(session, wang.id or 0, QUOTAS) == Room(400_000, 1_000_000)
    assert person_room(session, li.id or 0, QUOTAS) == Room(500_000, 1_000_000)
    assert school_room(session, school.id, QUOTAS) == Room(500_000, 1_500_000)


def test_what_does_not_fit_is_refused_with_the_figures(given: Given) -> None:
    school = given.home()
    wang, li, zhao = (given.teacher(school=school) for _number in range(3))
    attach(given, wang, given.draft(by=wang).id, b"a" * 900_000)
    with pytest.raises(TooLarge, match="You have room for 1 MB and use 0; this file needs 1 more"):
        attach(given, wang, given.draft(by=wang).id, b"b" * 200_000)
    attach(given, li, given.draft(by=li).id, b"c" * 500_000)
    with pytest.raises(TooLarge, match="Your school has room for 1 MB and uses 1"):
        attach(given, zhao, given.draft(by=zhao).id, b"d" * 200_000)
    attach(given, zhao, given.draft(by=zhao).id, b"c" * 500_000)  # the school has these already


def test_a_school_with_a_figure_of_its_own(given: Given, session: Session) -> None:
    school = given.home()
    wang = given.teacher(school=school)
    set_school_quota(given.uow, OPERATOR, school_id=school.id, text="300 kB")
    with pytest.raises(TooLarge, match="Your school has room for 0 MB"):
        attach(given, wang, given.draft(by=wang).id, b"a" * 400_000)
    set_school_quota(given.uow, OPERATOR, school_id=school.id, text="0")
    attach(given, wang, given.draft(by=wang).id, b"a" * 400_000)
    other = given.school("另一所")
    rooms = school_rooms(session, OPERATOR, QUOTAS)
    assert [(one.school_id, one.room, one.is_own) for one in rooms] == [
        (school.id, Room(400_000, 0), True),
        (other.id, Room(0, 1_500_000), False),
    ]
    set_school_quota(given.uow, OPERATOR, school_id=school.id, text="")
    assert school_room(session, school.id, QUOTAS).limit == 1_500_000


def test_only_administrators_give_room(given: Given) -> None:
    school = given.school()
    with pytest.raises(NotAllowed):
        set_school_quota(
            given.uow, given.coordinator(school=school), school_id=school.id, text="1 TB"
        )


def test_of_two_who_attach_at_once_one_is_refused(
    engine: Engine, given: Given, session: Session, clock: Clock
) -> None:
    """Both see room for one file; together they would pass the limit of their school."""
    school = given.home()
    people = [given.teacher(school=school) for _number in range(4)]
    drafts = [given.draft(by=person).id for person in people]
    session.commit()
    barrier = Barrier(4)

    def upload(number: int) -> str:
        content = bytes([number]) * 700_000
        kept = uploading.keep(given.storage, io.BytesIO(content), "a.bin")
        barrier.wait()
        try:
            with Session(engine) as own, unit_of_work(own, clock, SHANGHAI) as uow:
                uploading.attach(uow, people[number], drafts[number], kept, limits=NARROW)
        except TooLarge:
            return "refused"
        return "attached"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(upload, range(4))) == ["attached"] * 2 + ["refused"] * 2
    assert session.scalar(select(func.count(Attachment.id))) == 2


def test_of_two_announced_at_once_one_is_refused(
    engine: Engine, given: Given, session: Session, clock: Clock
) -> None:
    """By one person, to drafts of their own: what is on its way counts, however new it is."""
    wang = given.teacher(school=given.home())
    drafts = [given.draft(by=wang).id for _number in range(4)]
    session.commit()
    barrier = Barrier(4)

    def announce(number: int) -> str:
        with Session(engine) as own:
            reception = Reception(
                given.storage,
                NARROW,
                lambda: own,
                lambda: unit_of_work(own, clock, SHANGHAI),
                clock,
            )
            barrier.wait()
            try:
                reception.create(wang, drafts[number], Announcement.of("a.bin", 450_000))
            except TooLarge:
                return "refused"
            return "announced"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(announce, range(4))) == ["announced"] * 2 + ["refused"] * 2
    assert session.scalar(select(func.count(Upload.id))) == 2


@pytest.mark.parametrize(
    ("text", "size"),
    [("50 GB", 50 * 10**9), ("1.5g", 15 * 10**8), ("40", 40 * 10**9), ("700 kB", 700_000),
     ("2TB", 2 * 10**12), ("0", 0), ("", None), ("  ", None)],
)  # fmt: skip
def test_sizes_are_read_as_people_write_them(text: str, size: int | None) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["much", "-1 GB", "5 PB", "1e9", "9" * 30])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="Write a size such as 50 GB"):
        parse_size(text)


def test_a_bar_says_how_full_it_is() -> None:
    assert (Room(899, 1000).percent, Room(899, 1000).is_tight) == (89, False)
    assert (Room(900, 1000).percent, Room(900, 1000).is_tight) == (90, True)
    assert (Room(2000, 1000).percent, Room(5, 0).percent, Room(5, 0).is_tight) == (100, 0, False)

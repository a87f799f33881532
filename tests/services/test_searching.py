"""What was looked for in vain is counted by month, without the person."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from resource_hub.models import FruitlessSearch
from resource_hub.services import searching
from resource_hub.services.searching import MAX_QUERY, MOST_A_MONTH, note_fruitless
from resource_hub.services.unit_of_work import UnitOfWork, unit_of_work
from tests.conftest import SHANGHAI
from tests.given import NOON, Clock


def counted(session: Session) -> list[tuple[str, str, int]]:
    rows = session.execute(
        select(FruitlessSearch.month, FruitlessSearch.query, FruitlessSearch.times).order_by(
            FruitlessSearch.id
        )
    )
    return [(month, query, times) for month, query, times in rows]


def test_the_same_words_in_another_script_case_or_width_are_one_search(
    session: Session, uow: UnitOfWork, clock: Clock
) -> None:
    for query in ("圓的面積 PPT", "  圆的面积\tppt ", "圆的面积　ＰＰＴ"):
        note_fruitless(uow, query)
        clock.pass_(minutes=1)
    assert counted(session) == [("2026-10", "圆的面积 ppt", 3)]
    session.expire_all()
    [row] = session.scalars(select(FruitlessSearch))
    assert (row.last_at - NOON).total_seconds() == 120


@pytest.mark.parametrize("query", ["", " \n\t ", "\x00", "　"])
def test_an_empty_search_is_not_noted(session: Session, uow: UnitOfWork, query: str) -> None:
    note_fruitless(uow, query)
    assert counted(session) == []


def test_a_month_begins_at_midnight_of_the_hub(
    session: Session, uow: UnitOfWork, clock: Clock
) -> None:
    clock.at = NOON.replace(month=10, day=31, hour=15, minute=59)
    note_fruitless(uow, "鸦片战争")
    clock.pass_(minutes=1)
    note_fruitless(uow, "鸦片战争")
    assert counted(session) == [("2026-10", "鸦片战争", 1), ("2026-11", "鸦片战争", 1)]


def test_whatever_was_typed_is_kept_as_text(session: Session, uow: UnitOfWork) -> None:
    note_fruitless(uow, "问" * 10_000)
    note_fruitless(uow, "a\x00b\udcff\x1b\u202e%_'\"")
    assert counted(session) == [("2026-10", "问" * MAX_QUERY, 1), ("2026-10", "a b %_'\"", 1)]


def test_beyond_the_most_of_a_month_only_known_ones_are_counted(
    session: Session, uow: UnitOfWork, clock: Clock
) -> None:
    rows = [
        {"month": "2026-10", "query": f"q{n}", "times": 1, "last_at": NOON}
        for n in range(MOST_A_MONTH)
    ]
    session.execute(insert(FruitlessSearch), rows)
    note_fruitless(uow, "new")
    note_fruitless(uow, "Q7")
    found = counted(session)
    assert len(found) == MOST_A_MONTH
    assert ("2026-10", "q7", 2) in found
    clock.pass_(days=30)
    note_fruitless(uow, "new")
    assert counted(session)[-1] == ("2026-11", "new", 1)


def test_two_people_who_miss_the_same_at_once_are_two(
    engine: Engine, session: Session, clock: Clock
) -> None:
    session.rollback()
    barrier = Barrier(4)

    def look() -> None:
        barrier.wait()
        with Session(engine) as own, unit_of_work(own, clock, SHANGHAI) as uow:
            note_fruitless(uow, "勾股定理")

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(look) for _ in range(4)]:
            done.result()
    assert counted(session) == [("2026-10", "勾股定理", 4)]


@pytest.mark.parametrize("times", [0, -1])
def test_the_table_refuses_what_never_happened(session: Session, times: int) -> None:
    row = FruitlessSearch(month="2026-10", query="x", times=times, last_at=NOON)
    session.add(row)
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_a_query_is_there_once_a_month(session: Session) -> None:
    for _ in range(2):
        session.add(FruitlessSearch(month="2026-10", query="x", times=1, last_at=NOON))
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_folding_keeps_a_query_short_enough_for_the_table() -> None:
    assert len(searching.folded_query("㈠ﬁ" * 500)) <= MAX_QUERY

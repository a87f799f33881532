"""Open work is even: whoever became free takes what somebody else has too much of."""

from dataclasses import replace
from datetime import timedelta
from itertools import count
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resource_hub.domain.assignment import Candidate, Ground, Why, may_have, propose, reads
from resource_hub.domain.evening import MovableTurn, Move, to_move
from tests.domain.test_assignment import CANDIDATES, MONDAY, VILLAGE, WORK, WORKS

TURNS = st.lists(
    st.builds(
        MovableTurn,
        id=st.integers(1, 99),
        holder_name=st.just("李老师"),
        holder_open=st.integers(1, 9),
        given_at=st.datetimes().map(lambda at: at.replace(tzinfo=MONDAY.tzinfo)),
        work=WORKS,
    ),
    unique_by=lambda one: one.id,
    max_size=12,
)


@given(takers=CANDIDATES, turns=TURNS, luck=st.randoms())
def test_what_is_moved_could_have_been_given_and_makes_it_more_even(
    takers: list[Candidate], turns: list[MovableTurn], luck: Random
) -> None:
    known = {one.id: one for one in turns}
    for taker in takers:
        move = to_move(taker, turns)
        assert move == to_move(taker, luck.sample(turns, len(turns)))
        possible = [
            one
            for one in turns
            if may_have(taker, one.work) and reads(taker, one.work.language)
            and one.holder_open > taker.open + 2
        ]  # fmt: skip
        assert (move is None) == (possible == [])
        if move is not None:
            moved = known[move.turn_id]
            assert moved in possible
            assert moved.holder_open == max(one.holder_open for one in possible)
            assert move.why == Why(Ground.EVENED_OUT, taker.open, by="李老师")


def test_it_is_the_youngest_of_whoever_has_the_most() -> None:
    def turn(number: int, load: int, hours: int) -> MovableTurn:
        return MovableTurn(number, f"有{load}份", load, MONDAY + timedelta(hours=hours), WORK)

    turns = [turn(1, 4, 9), turn(2, 5, 1), turn(3, 5, 3), turn(4, 5, 3), turn(5, 3, 20)]
    free = Candidate(20, VILLAGE, open=1)
    assert to_move(free, turns) == Move(4, Why(Ground.EVENED_OUT, 1, by="有5份"))
    assert to_move(replace(free, open=3), turns) is None
    assert to_move(replace(free, is_away=True), turns) is None
    assert to_move(replace(free, language="en"), turns) is not None
    english = [replace(each, work=replace(WORK, language="en")) for each in turns]
    assert to_move(free, english) is None
    assert to_move(replace(free, teaches=frozenset({"english"})), english) is not None


class School:
    """Eight equals; what comes is given to them, and they decide when they like."""

    def __init__(self, approvals: int, seed: int) -> None:
        self.luck = Random(seed)  # noqa: S311 - no secret, the same every time
        self.approvals, self.now, self.moves = approvals, MONDAY, 0
        self.people = {number: Candidate(number, VILLAGE) for number in range(10, 18)}
        self.numbers = count(1)
        self.open: dict[int, tuple[int, int, MovableTurn]] = {}
        """By turn: its submission, who has it, and the rest."""
        self.had: dict[int, set[int]] = {}
        self.settled: set[int] = set()

    def spread(self) -> int:
        loads = [one.open for one in self.people.values()]
        return max(loads) - min(loads)

    def submit(self, submission: int) -> None:
        for proposal in propose(WORK, list(self.people.values()), wanted=self.approvals):
            self._give(submission, proposal.reviewer_id)

    def _give(self, submission: int, person: int) -> int:
        number = next(self.numbers)
        one = self.people[person]
        self.people[person] = replace(one, open=one.open + 1, last_given=self.now)
        self.had.setdefault(submission, set()).add(person)
        turn = MovableTurn(number, str(person), 0, self.now, WORK)
        self.open[number] = (submission, person, turn)
        return number

    def _leave(self, number: int) -> tuple[int, int]:
        submission, person, _turn = self.open.pop(number)
        one = self.people[person]
        self.people[person] = replace(one, open=one.open - 1)
        return submission, person

    def decide(self) -> None:
        """Somebody decides on something, and then takes over what is too much for others."""
        if not self.open:
            return
        _submission, person = self._leave(self.luck.choice(list(self.open)))
        while move := to_move(self.people[person], self._movable(person)):
            submission, holder = self._leave(move.turn_id)
            self.had[submission].discard(holder)
            self.settled.add(self._give(submission, person))
            self.moves += 1

    def _movable(self, person: int) -> list[MovableTurn]:
        return [
            replace(
                turn,
                holder_open=self.people[holder].open,
                work=replace(WORK, had_it=frozenset(self.had[submission])),
            )
            for number, (submission, holder, turn) in self.open.items()
            if self.people[holder].open > self.people[person].open + 2
            and number not in self.settled
        ]


@pytest.mark.parametrize(("approvals", "most"), [(1, 1), (2, 2), (3, 3), (1, 2), (2, 4)])
@pytest.mark.parametrize("seed", range(3))
def test_over_a_thousand_submissions_equals_differ_by_two_at_most(
    approvals: int, most: int, seed: int
) -> None:
    """After each submission up to ``most`` decisions fall, whoever takes them.

    In the first three, work piles up; in the others as much is done as comes.
    """
    school, worst = School(approvals, seed), 0
    for submission in range(1_000):
        school.now += timedelta(minutes=school.luck.randrange(1, 600))
        school.submit(submission)
        worst = max(worst, school.spread())
        for _ in range(school.luck.randrange(most + 1)):
            school.decide()
            worst = max(worst, school.spread())
    assert worst <= 2
    assert school.moves < 100

"""Who reviews what: fair, explained, and the same for the same facts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from resource_hub.domain.assignment import (
    WORDS,
    Candidate,
    Ground,
    Proposal,
    Why,
    Work,
    may_have,
    propose,
)
from resource_hub.domain.review import Stage

VILLAGE, TOWN = 1, 2
MONDAY = datetime(2026, 10, 12, 1, tzinfo=UTC)
WORK = Work(Stage.SCHOOL, author_id=1, school_id=VILLAGE, subject="math", school_stage="primary")

CANDIDATES = st.lists(
    st.builds(
        Candidate,
        id=st.integers(1, 30),
        school_id=st.sampled_from([VILLAGE, TOWN, None]),
        subjects=st.frozensets(st.sampled_from(["math", "art"])),
        school_stages=st.frozensets(st.sampled_from(["primary", "junior"])),
        language=st.sampled_from(["", "zh_Hans", "zh_Hant", "en"]),
        open=st.integers(0, 5),
        last_given=st.none() | st.datetimes(timezones=st.just(UTC)),
        is_away=st.booleans(),
    ),
    unique_by=lambda one: one.id,
    max_size=12,
)
WORKS = st.builds(
    Work,
    stage=st.sampled_from(Stage),
    author_id=st.integers(1, 30),
    school_id=st.just(VILLAGE),
    subject=st.just("math"),
    school_stage=st.just("primary"),
    language=st.sampled_from(["zh-Hans", "zh-Hant", "en"]),
    barred=st.frozensets(st.integers(1, 30), max_size=5),
    had_it=st.frozensets(st.integers(1, 30), max_size=5),
)


@given(work=WORKS, candidates=CANDIDATES, wanted=st.integers(1, 3), luck=st.randoms())
def test_the_same_facts_give_the_same_people_in_whatever_order_they_come(
    work: Work, candidates: list[Candidate], wanted: int, luck: Random
) -> None:
    shuffled = luck.sample(candidates, len(candidates))
    assert propose(work, shuffled, wanted=wanted) == propose(work, candidates, wanted=wanted)


@given(work=WORKS, candidates=CANDIDATES, wanted=st.integers(1, 3))
def test_nobody_gets_what_they_may_not_judge(
    work: Work, candidates: list[Candidate], wanted: int
) -> None:
    known = {one.id: one for one in candidates}
    chosen = [known[each.reviewer_id] for each in propose(work, candidates, wanted=wanted)]
    assert len(chosen) == min(wanted, sum(may_have(one, work) for one in candidates))
    assert len({one.id for one in chosen}) == len(chosen)
    for one in chosen:
        assert not one.is_away
        assert one.id not in {work.author_id, *work.barred, *work.had_it}
        assert work.stage is Stage.SCHOOL or one.school_id != work.school_id
        assert one.subjects <= {"art"} or "math" in one.subjects
        assert not one.subjects or "math" in one.subjects


@given(work=WORKS, candidates=CANDIDATES)
def test_whoever_is_passed_over_had_no_less_to_review_or_another_language(
    work: Work, candidates: list[Candidate]
) -> None:
    known = {one.id: one for one in candidates}
    for proposal in propose(work, candidates):
        chosen = known[proposal.reviewer_id]
        assert proposal.why.open == chosen.open
        if proposal.why.ground is not Ground.LANGUAGE and chosen.language in {"", "zh_Hans"}:
            for one in candidates:
                if may_have(one, work) and one.language == chosen.language:
                    assert one.open >= chosen.open


def test_the_least_work_comes_first_then_the_longest_idle_then_the_number() -> None:
    later = MONDAY + timedelta(hours=1)
    busy = Candidate(5, VILLAGE, open=2)
    fresh, tired = Candidate(8, VILLAGE, last_given=MONDAY), Candidate(7, VILLAGE, last_given=later)
    assert propose(WORK, [busy, tired]) == [Proposal(7, Why(Ground.LEAST_WORK, 0, 2))]
    assert propose(WORK, [busy, tired, fresh]) == [Proposal(8, Why(Ground.IDLE_LONGEST, 0, 3))]
    twin = replace(fresh, id=6)
    assert propose(WORK, [fresh, twin]) == [Proposal(6, Why(Ground.IN_TURN, 0, 2))]
    newcomer = Candidate(9, VILLAGE)
    assert propose(WORK, [fresh, newcomer]) == [Proposal(9, Why(Ground.IDLE_LONGEST, 0, 2))]


def test_an_english_lesson_goes_to_who_reads_english_and_both_scripts_are_chinese() -> None:
    english = replace(WORK, language="en")
    chinese, other = Candidate(5, VILLAGE, language="zh_Hant"), Candidate(6, VILLAGE, language="en")
    assert propose(english, [chinese, replace(other, open=4)]) == [
        Proposal(6, Why(Ground.LANGUAGE, 4, 2))
    ]
    assert propose(english, [chinese]) == [Proposal(5, Why(Ground.ONLY, 0, 1))]
    teacher = Candidate(7, VILLAGE, open=5, teaches=frozenset({"english"}))
    assert propose(english, [chinese, teacher])[0].reviewer_id == 7
    judge = Candidate(8, VILLAGE, open=5, subjects=frozenset({"english", WORK.subject}))
    assert propose(english, [chinese, judge])[0].reviewer_id == 8


def test_pages_in_english_keep_nobody_from_chinese_lessons() -> None:
    chinese, other = Candidate(5, VILLAGE, language="zh_Hant"), Candidate(6, VILLAGE, language="en")
    assert propose(WORK, [replace(chinese, open=3), other]) == [
        Proposal(6, Why(Ground.LEAST_WORK, 0, 2))
    ]


def test_nobody_available_is_an_answer() -> None:
    assert propose(WORK, [Candidate(1, VILLAGE), Candidate(2, VILLAGE, is_away=True)]) == []


def test_every_ground_has_its_words_and_survives_the_table() -> None:
    assert set(WORDS) == set(Ground)
    for ground in Ground:
        why = Why(ground, 2, 3, "李老师")
        assert Why.from_json(why.to_json()) == why
        assert WORDS[ground] % {"open": 2, "of": 3, "by": "李老师"}
    assert Why.from_json({}) is None

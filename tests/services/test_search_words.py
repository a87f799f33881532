"""The administrator's own words: what may be added, once, and how search gets them."""

import pytest
from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from resource_hub.domain.errors import Invalid, Missing, NotAllowed
from resource_hub.domain.people import Person
from resource_hub.domain.review import OPERATOR
from resource_hub.models import AuditEvent, SearchWord, WordKind
from resource_hub.services.search_words import (
    MOST,
    Added,
    add_word,
    add_words,
    lexicon,
    remove_text,
    remove_word,
)
from resource_hub.services.unit_of_work import UnitOfWork, unit_of_work
from search_index.lexicon import NO_WORDS, Lexicon
from tests.conftest import SHANGHAI
from tests.given import NOON, Clock, Given
from tests.web.reading import Statements


@pytest.fixture
def admin(given: Given) -> Person:
    return given.administrator()


def test_a_word_and_a_group_reach_the_lexicon_as_they_were_written(
    session: Session, uow: UnitOfWork, admin: Person
) -> None:
    assert lexicon(session) == NO_WORDS
    word = add_word(uow, admin, "  双师课堂 ")
    group = add_word(uow, admin, "教案＝ 教學設計\x00 =Lesson\tPlan=")
    assert (word.kind, word.text) == (WordKind.WORD, "双师课堂")
    assert (group.kind, group.text) == (WordKind.SYNONYMS, "教案 = 教學設計 = Lesson Plan")
    assert lexicon(session) == Lexicon(
        frozenset({"双师课堂"}), frozenset({("教案", "教學設計", "Lesson Plan")})
    )


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ("雙師課堂", "双师课堂"),
        ("STEAM", "ｓｔｅａｍ"),
        ("教案 = 教学设计", "教學設計=教案"),
        ("课件 = PPT", "ppt = 課件 = PPT"),
    ],
)
def test_what_is_the_same_to_search_is_there_once(
    uow: UnitOfWork, admin: Person, first: str, again: str
) -> None:
    add_word(uow, admin, first)
    with pytest.raises(Invalid, match="in the list already"):
        add_word(uow, admin, again)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Write a word"),
        (" = ", "Write a word"),
        ("课", "at least two"),
        ("lesson plan", "with a blank between"),
        ("……", "has letters, digits or Chinese"),
        ("教案 = ……", "has letters, digits or Chinese"),
        ("教案 = 教案", "the same already"),
        ("軟體 = 软体", "the same already"),
        ("课" * 41, "At most 200 characters, and 40 in each word"),
        (" = ".join(f"{n}号教案的另一个很长的名字" for n in range(16)), "At most 200"),
    ],
)
def test_what_search_could_not_learn_from_is_refused(
    uow: UnitOfWork, admin: Person, text: str, sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence) as caught:
        add_word(uow, admin, text)
    assert [problem.field for problem in caught.value.problems] == ["text"]


def test_many_lines_are_added_at_once_and_known_ones_left_as_they_are(
    session: Session, uow: UnitOfWork, admin: Person
) -> None:
    add_word(uow, admin, "课件 = PPT")
    pasted = "教案 = 教学设计\n\n双师课堂\r\n課件＝ｐｐｔ\n雙師課堂\n"
    assert add_words(uow, admin, pasted) == Added(new=2, known=2)
    assert session.scalars(select(SearchWord.text).order_by(SearchWord.id)).all() == [
        "课件 = PPT",
        "教案 = 教学设计",
        "双师课堂",
    ]
    events = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    assert [(event.tag, event.actor_id, event.detail) for event in events[-2:]] == [
        ("search_words:add", admin.id, {"words": ["课件 = PPT"]}),
        ("search_words:add", admin.id, {"words": ["教案 = 教学设计", "双师课堂"]}),
    ]
    assert add_words(uow, admin, pasted) == Added(new=0, known=4)


def test_one_wrong_line_and_nothing_is_added(
    session: Session, uow: UnitOfWork, admin: Person
) -> None:
    with pytest.raises(Invalid) as caught:
        add_words(uow, admin, "教案 = 教学设计\n\n课\n双师课堂\n…")
    assert [problem.field for problem in caught.value.problems] == ["line-3", "line-5"]
    assert session.scalars(select(SearchWord)).all() == []


@pytest.mark.parametrize("text", ["", " \n\n", "词语\n" * 1_001])
def test_no_line_or_too_many_are_said(uow: UnitOfWork, admin: Person, text: str) -> None:
    with pytest.raises(Invalid) as caught:
        add_words(uow, admin, text)
    assert [problem.field for problem in caught.value.problems] == ["lines"]


def test_there_are_at_most_five_thousand(session: Session, uow: UnitOfWork, admin: Person) -> None:
    rows = [
        {"kind": WordKind.WORD, "text": f"w{n}", "key": f"w{n}", "added_at": NOON}
        for n in range(MOST - 1)
    ]
    session.execute(insert(SearchWord), rows)
    with pytest.raises(Invalid, match="remove some first"):
        add_words(uow, admin, "甲乙\n丙丁")
    add_word(uow, admin, "甲乙")
    with pytest.raises(Invalid, match="At most 5000 words and groups"):
        add_word(uow, admin, "丙丁")


def test_what_is_removed_is_gone_at_once_also_when_another_takes_its_number(
    session: Session, uow: UnitOfWork, admin: Person
) -> None:
    first = add_word(uow, admin, "双师课堂").id
    assert lexicon(session).words == {"双师课堂"}
    assert remove_word(uow, admin, first) == "双师课堂"
    add_word(uow, admin, "空中课堂")
    assert lexicon(session).words == {"空中课堂"}
    assert remove_text(uow, OPERATOR, "空中課堂") == "空中课堂"
    assert lexicon(session) == NO_WORDS
    with pytest.raises(Missing, match="not in the list"):
        remove_text(uow, admin, "空中课堂")
    with pytest.raises(Missing, match="not in the list"):
        remove_word(uow, admin, first)


def test_an_unchanged_lexicon_costs_one_small_query(
    engine: Engine, session: Session, uow: UnitOfWork, admin: Person
) -> None:
    add_words(uow, admin, "教案 = 教学设计\n双师课堂")
    first = lexicon(session)
    statements = Statements(engine)
    assert lexicon(session) is first
    assert statements.count == 1


def test_a_change_that_is_taken_back_is_not_remembered(
    engine: Engine, session: Session, clock: Clock, admin: Person
) -> None:
    session.commit()
    with Session(engine) as own:
        add_word(UnitOfWork(own, clock, SHANGHAI), admin, "双师课堂")
        assert lexicon(own).words == {"双师课堂"}
        own.rollback()
    clock.pass_(seconds=1)
    with Session(engine) as own, unit_of_work(own, clock, SHANGHAI) as uow:
        add_word(uow, admin, "空中课堂")
    assert lexicon(session).words == {"空中课堂"}


def test_only_administrators_and_the_command_line_change_the_words(
    uow: UnitOfWork, given: Given
) -> None:
    school = given.school()
    alliance = given.alliance(school)
    added = add_word(uow, OPERATOR, "双师课堂")
    for person in (
        given.teacher(school=school),
        given.coordinator(school=school),
        given.editor(alliance=alliance, school=school),
    ):
        with pytest.raises(NotAllowed):
            add_word(uow, person, "空中课堂")
        with pytest.raises(NotAllowed):
            add_words(uow, person, "空中课堂")
        with pytest.raises(NotAllowed):
            remove_word(uow, person, added.id)
        with pytest.raises(NotAllowed):
            remove_text(uow, person, "双师课堂")


@pytest.mark.parametrize(
    ("kind", "text"), [(WordKind.WORD, "教案 = 教学设计"), (WordKind.SYNONYMS, "教案")]
)
def test_the_table_refuses_a_kind_that_does_not_fit(
    session: Session, kind: WordKind, text: str
) -> None:
    session.add(SearchWord(kind=kind, text=text, key="x", added_at=NOON))
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()

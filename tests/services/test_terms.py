"""The taxonomy in the hands of an administrator."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import Invalid, Missing, NotAllowed
from resource_hub.domain.people import Person
from resource_hub.domain.taxonomy import Scheme
from resource_hub.models import TermRow
from resource_hub.services.taxonomy import read_taxonomy
from resource_hub.services.terms import add_term, change_term
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Given

WORDS = {"zh_Hans": "围棋", "zh_Hant": "圍棋", "en": "Go"}


@pytest.fixture
def admin(given: Given) -> Person:
    return given.administrator()


def test_a_new_term_stands_at_the_end_of_its_list(
    session: Session, uow: UnitOfWork, admin: Person
) -> None:
    add_term(
        uow, admin, Scheme.SUBJECT, code=" Chess ", labels=WORDS, stages=("primary",), colour=3
    )
    offered = read_taxonomy(session).offered(Scheme.SUBJECT)
    last = offered[-1]
    assert (last.code, dict(last.labels), last.stages, last.colour) == (
        "chess",
        WORDS,
        frozenset({"primary"}),
        3,
    )


def test_missing_words_repeat_the_simplified_one(
    session: Session, uow: UnitOfWork, admin: Person
) -> None:
    add_term(uow, admin, Scheme.EDITION, code="local", labels={"zh_Hans": " 地方  版 "})
    term = read_taxonomy(session).term(Scheme.EDITION, "local")
    assert term is not None
    assert set(term.labels.values()) == {"地方 版"}


def test_other_words_for_a_term_reach_everything_that_uses_it(
    session: Session, uow: UnitOfWork, admin: Person
) -> None:
    before = read_taxonomy(session).offered(Scheme.SUBJECT)
    change_term(
        uow, admin, Scheme.SUBJECT, "math",
        labels={"zh_Hans": "算术"}, stages=(), colour=2, hidden=False,
    )  # fmt: skip
    after = read_taxonomy(session)
    assert after.label(Scheme.SUBJECT, "math", "zh_Hans") == "算术"
    assert [term.code for term in after.offered(Scheme.SUBJECT)] == [term.code for term in before]


def test_a_hidden_term_is_not_offered_and_still_has_its_word(
    session: Session, uow: UnitOfWork, admin: Person
) -> None:
    change_term(
        uow, admin, Scheme.VOLUME, "whole",
        labels={"zh_Hans": "全一册"}, stages=(), colour=0, hidden=True,
    )  # fmt: skip
    found = read_taxonomy(session)
    assert [term.code for term in found.offered(Scheme.VOLUME)] == ["first", "second"]
    assert found.label(Scheme.VOLUME, "whole", "zh_Hans") == "全一册"


def test_something_is_always_left_to_choose(
    session: Session, uow: UnitOfWork, admin: Person
) -> None:
    for row in session.scalars(select(TermRow).where(TermRow.scheme == Scheme.VOLUME)):
        row.hidden = row.code != "first"
    session.flush()
    with pytest.raises(Invalid, match="something must be left"):
        change_term(
            uow, admin, Scheme.VOLUME, "first",
            labels={"zh_Hans": "上册"}, stages=(), colour=0, hidden=True,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": ""}, "code"),
        ({"code": "1a"}, "code"),
        ({"code": "math"}, "code"),
        ({"code": "a" * 40}, "code"),
        ({"code": "中"}, "code"),
        ({"labels": {}}, "zh_Hans"),
        ({"labels": WORDS | {"zh_Hans": "数学"}}, "zh_Hans"),
        ({"labels": WORDS | {"en": "Mathematics"}}, "en"),
        ({"labels": WORDS | {"zh_Hant": "字" * 61}}, "zh_Hant"),
        ({"stages": ("moon",)}, "stages"),
        ({"colour": 17}, "colour"),
    ],
)
def test_each_mistake_is_said_beside_its_field(
    uow: UnitOfWork, admin: Person, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        add_term(uow, admin, Scheme.SUBJECT, **({"code": "chess", "labels": WORDS} | changes))
    assert [problem.field for problem in caught.value.problems] == [field]


def test_a_grade_belongs_to_one_stage_of_school(uow: UnitOfWork, admin: Person) -> None:
    for stages in ((), ("primary", "junior")):
        with pytest.raises(Invalid, match="exactly one stage"):
            add_term(uow, admin, Scheme.GRADE, code="g0", labels=WORDS, stages=stages)


def test_only_administrators_edit_terms(uow: UnitOfWork, given: Given, admin: Person) -> None:
    school = given.school()
    for person in (given.teacher(school=school), given.coordinator(school=school)):
        with pytest.raises(NotAllowed):
            add_term(uow, person, Scheme.SUBJECT, code="chess", labels=WORDS)
        with pytest.raises(NotAllowed):
            change_term(
                uow, person, Scheme.SUBJECT, "math",
                labels=WORDS, stages=(), colour=0, hidden=False,
            )  # fmt: skip
    with pytest.raises(Missing):
        change_term(
            uow, admin, Scheme.SUBJECT, "chess", labels=WORDS, stages=(), colour=0, hidden=False
        )

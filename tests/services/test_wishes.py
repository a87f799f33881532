"""Wishes: one for the same words in an alliance, taken back by their people, answered for all."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from resource_hub.domain.errors import Invalid, Missing, NotAllowed, WrongState
from resource_hub.domain.people import Person
from resource_hub.domain.review import OPERATOR, Action
from resource_hub.domain.visibility import Audience
from resource_hub.domain.wishes import MOST_OPEN, WishState
from resource_hub.models import AuditEvent, Notice, Resource, Wish, WishAudience, Wisher
from resource_hub.services.answering import answer_wish
from resource_hub.services.review import take_step
from resource_hub.services.unit_of_work import UnitOfWork, unit_of_work
from resource_hub.services.wishes import join_wish, leave_wish, withdraw_wish
from tests.conftest import SHANGHAI
from tests.given import NOON, Clock, Given


class Cast:
    """Two schools of an alliance, one outside it."""

    def __init__(self, given: Given) -> None:
        self.village, self.town = given.school("山口小学"), given.school("镇中心小学")
        self.alliance = given.alliance(self.village, self.town)
        self.wang = given.teacher("王敏", school=self.village)
        self.colleague = given.teacher("李强", school=self.village)
        self.zhao = given.teacher("赵云", school=self.town)
        self.far = given.teacher("远方", school=given.school())
        self.editor = given.editor(alliance=self.alliance, school=self.town)


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


def people(session: Session, wish: Wish) -> list[str]:
    session.flush()
    session.expire_all()
    found = session.scalars(select(Wisher).where(Wisher.wish_id == wish.id).order_by(Wisher.id))
    return [f"{one.person_id}:{one.note}" for one in found]


def test_a_wish_is_kept_as_it_was_written(session: Session, uow: UnitOfWork, cast: Cast) -> None:
    left = leave_wish(
        uow, cast.wang, text=" 圆的面积\n公开课 ", subject="math", grade="g6", note="要有动画\x00"
    )
    assert left.people == 1
    wish = left.wish
    assert (wish.text, wish.subject, wish.grade) == ("圆的面积 公开课", "math", "g6")
    assert (wish.state, wish.created_at, wish.closed_at) == (WishState.OPEN, NOON, None)
    assert people(session, wish) == [f"{cast.wang.id}:要有动画"]
    tokens = session.scalars(select(WishAudience.token)).all()
    assert tokens == [f"alliance:{cast.alliance.id}"]
    event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert event is not None
    assert (event.tag, event.actor_id, event.detail) == (
        "wish:leave",
        cast.wang.id,
        {"wish": wish.id, "text": "圆的面积 公开课"},
    )


@pytest.mark.parametrize("again", ["圆的面积", "圓的面積", "《圆的面积》", " 圆 的面积？"])
def test_the_same_wish_within_the_alliance_is_joined(
    session: Session, uow: UnitOfWork, cast: Cast, again: str
) -> None:
    first = leave_wish(uow, cast.wang, text="圆的面积", note="六年级")
    second = leave_wish(uow, cast.zhao, text=again, note="要课件")
    assert (second.wish.id, second.people) == (first.wish.id, 2)
    assert people(session, first.wish) == [f"{cast.wang.id}:六年级", f"{cast.zhao.id}:要课件"]


@pytest.mark.parametrize(
    "other",
    [
        {"text": "圆的周长"},
        {"text": "3.5的教案"},
        {"text": "35的教案", "subject": "math"},
        {"text": "35的教案", "grade": "g3"},
        {"text": "3+5的教案"},
    ],
)
def test_another_wish_is_not_joined(uow: UnitOfWork, cast: Cast, other: dict[str, str]) -> None:
    first = leave_wish(uow, cast.wang, text="35的教案")
    assert leave_wish(uow, cast.zhao, **other).wish.id != first.wish.id


def test_pressing_twice_is_one_wish(session: Session, uow: UnitOfWork, cast: Cast) -> None:
    first = leave_wish(uow, cast.wang, text="圆的面积", note="六年级")
    again = leave_wish(uow, cast.wang, text="圆的面积")
    assert (again.wish.id, again.people) == (first.wish.id, 1)
    assert people(session, first.wish) == [f"{cast.wang.id}:六年级"]
    leave_wish(uow, cast.wang, text="圆的面积", note="最好有动画")
    assert people(session, first.wish) == [f"{cast.wang.id}:最好有动画"]


def test_the_same_in_another_alliance_is_another_wish(uow: UnitOfWork, cast: Cast) -> None:
    first = leave_wish(uow, cast.wang, text="圆的面积")
    second = leave_wish(uow, cast.far, text="圆的面积")
    assert second.wish.id != first.wish.id
    with pytest.raises(Missing):
        join_wish(uow, cast.far, first.wish.id)


def test_a_school_of_two_alliances_shows_its_wish_to_both(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    second = given.alliance(cast.village)
    wang = given.again(cast.wang.id)
    wish = leave_wish(uow, wang, text="圆的面积").wish
    assert set(session.scalars(select(WishAudience.token))) == {
        f"alliance:{cast.alliance.id}",
        f"alliance:{second.id}",
    }
    assert join_wish(uow, cast.zhao, wish.id).people == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": " \n\x00"}, "text"),
        ({"text": "圆" * 201}, "text"),
        ({"note": "圆" * 1_001}, "note"),
        ({"subject": "alchemy"}, "subject"),
        ({"grade": "math"}, "grade"),
    ],
)
def test_each_mistake_is_said_beside_its_field(
    uow: UnitOfWork, cast: Cast, changes: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        leave_wish(uow, cast.wang, **({"text": "圆的面积"} | changes))
    assert [problem.field for problem in caught.value.problems] == [field]


def test_nobody_has_more_than_fifty_open_wishes(uow: UnitOfWork, cast: Cast) -> None:
    wishes = [leave_wish(uow, cast.wang, text=f"第{n}课").wish.id for n in range(MOST_OPEN)]
    with pytest.raises(Invalid, match="50 open wishes"):
        leave_wish(uow, cast.wang, text="又一课")
    other = leave_wish(uow, cast.zhao, text="别的课").wish.id
    with pytest.raises(Invalid, match="50 open wishes"):
        join_wish(uow, cast.wang, other)
    assert leave_wish(uow, cast.wang, text="第7课").wish.id == wishes[7]
    withdraw_wish(uow, cast.wang, wishes[0])
    assert leave_wish(uow, cast.wang, text="又一课").people == 1


def test_strangers_and_accounts_without_a_school_cannot_wish(uow: UnitOfWork, given: Given) -> None:
    for person in (OPERATOR, Person(), given.administrator()):
        with pytest.raises(NotAllowed, match="account of a school"):
            leave_wish(uow, person, text="圆的面积")


def test_a_wish_stays_while_somebody_wishes_it(
    session: Session, uow: UnitOfWork, cast: Cast
) -> None:
    wish = leave_wish(uow, cast.wang, text="圆的面积").wish
    join_wish(uow, cast.zhao, wish.id)
    with pytest.raises(NotAllowed):
        withdraw_wish(uow, cast.colleague, wish.id)
    withdraw_wish(uow, cast.wang, wish.id)
    assert (wish.state, people(session, wish)) == (WishState.OPEN, [f"{cast.zhao.id}:"])
    withdraw_wish(uow, cast.zhao, wish.id)
    assert (wish.state, wish.closed_at) == (WishState.WITHDRAWN, NOON)
    with pytest.raises(WrongState):
        join_wish(uow, cast.wang, wish.id)
    assert leave_wish(uow, cast.wang, text="圆的面积").wish.id != wish.id


def test_an_administrator_takes_a_wish_off_the_list_for_everybody(
    uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    wish = leave_wish(uow, cast.wang, text="广告").wish
    join_wish(uow, cast.zhao, wish.id)
    withdraw_wish(uow, given.administrator(), wish.id)
    assert wish.state is WishState.WITHDRAWN


def notices(session: Session) -> list[tuple[int, str, str]]:
    session.flush()
    found = session.scalars(select(Notice).order_by(Notice.user_id))
    return [(one.user_id, one.kind, one.values["comment"]) for one in found]


@pytest.mark.parametrize(
    "typed", ["{id}", " {lower} ", "http://hub.example/r/{id}?v=1", "/r/{id}/"]
)
def test_an_answer_is_told_to_everybody_who_wished_it(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast, typed: str
) -> None:
    wish = leave_wish(uow, cast.wang, text="圆的面积").wish
    join_wish(uow, cast.zhao, wish.id)
    resource = given.published(by=cast.colleague, audience=Audience.ALLIANCE).resource
    typed = typed.format(id=resource.public_id, lower=resource.public_id.lower())
    assert answer_wish(uow, cast.zhao, wish.id, typed).id == resource.id
    assert (wish.state, wish.answer_id, wish.closed_at) == (WishState.ANSWERED, resource.id, NOON)
    assert notices(session) == [(cast.wang.id, "wish_answered", "圆的面积")]
    with pytest.raises(WrongState):
        answer_wish(uow, cast.wang, wish.id, typed)


def test_an_editor_of_the_alliance_answers_and_a_colleague_does_not(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    wish = leave_wish(uow, cast.wang, text="圆的面积").wish
    resource = given.published(by=cast.colleague, audience=Audience.PUBLIC).resource
    for person, refusal in ((cast.colleague, NotAllowed), (cast.far, Missing)):
        with pytest.raises(refusal):
            answer_wish(uow, person, wish.id, resource.public_id)
    answer_wish(uow, cast.editor, wish.id, resource.public_id)
    assert notices(session) == [(cast.wang.id, "wish_answered", "圆的面积")]


def test_only_what_every_wisher_may_see_is_an_answer(
    uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    wish = leave_wish(uow, cast.wang, text="圆的面积").wish
    join_wish(uow, cast.zhao, wish.id)
    own = given.published(by=cast.wang, audience=Audience.SCHOOL).resource.public_id
    with pytest.raises(Invalid, match="Not everybody who wishes this"):
        answer_wish(uow, cast.wang, wish.id, own)
    withdraw_wish(uow, cast.zhao, wish.id)
    assert answer_wish(uow, cast.wang, wish.id, own).public_id == own


def test_a_draft_a_withdrawn_one_or_nonsense_is_no_answer(
    uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    wish = leave_wish(uow, cast.wang, text="圆的面积").wish
    draft = given.draft(by=cast.wang).resource.public_id
    gone = given.published(by=cast.wang)
    take_step(uow, cast.wang, gone.id, Action.WITHDRAW, comment="有误")
    elsewhere = given.published(by=cast.far, audience=Audience.SCHOOL).resource.public_id
    for typed in (
        draft,
        gone.resource.public_id,
        elsewhere,
        "",
        "R-000000",
        "圆的面积",
        "\x00" * 9,
    ):
        with pytest.raises(Invalid) as caught:
            answer_wish(uow, cast.wang, wish.id, typed)
        assert [problem.field for problem in caught.value.problems] == ["public_id"]


def test_the_same_wish_at_the_same_moment_is_one(
    engine: Engine, session: Session, clock: Clock, cast: Cast
) -> None:
    session.commit()
    crowd = [cast.wang, cast.wang, cast.colleague, cast.zhao]
    barrier = Barrier(len(crowd))

    def leave(person: Person) -> Callable[[], None]:
        def act() -> None:
            barrier.wait()
            with Session(engine) as own, unit_of_work(own, clock, SHANGHAI) as uow:
                leave_wish(uow, person, text="圆的面积")

        return act

    with ThreadPoolExecutor(len(crowd)) as pool:
        for done in [pool.submit(leave(person)) for person in crowd]:
            done.result()
    assert len(session.scalars(select(Wish)).all()) == 1
    assert len(session.scalars(select(Wisher)).all()) == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"text": ""},
        {"state": WishState.ANSWERED, "closed_at": NOON},
        {"state": WishState.WITHDRAWN},
        {"closed_at": NOON},
    ],
)
def test_the_table_refuses_what_cannot_be(session: Session, changes: dict[str, object]) -> None:
    session.add(Wish(**({"text": "x", "created_at": NOON} | changes)))
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_the_table_refuses_an_answer_that_is_still_open_and_doubles(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast
) -> None:
    resource = given.published(by=cast.wang).resource_id
    wish = leave_wish(uow, cast.wang, text="圆的面积").wish
    key = session.scalars(select(WishAudience.open_key)).one()
    assert session.get(Resource, resource) is not None
    for row in (
        Wish(text="x", created_at=NOON, answer_id=resource),
        Wish(
            text="x",
            created_at=NOON,
            audience=[WishAudience(token=f"alliance:{cast.alliance.id}", open_key=key)],
        ),
        Wisher(wish_id=wish.id, person_id=cast.wang.id, at=NOON),
    ):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.add(row)

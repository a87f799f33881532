"""What the demo's people look for in vain, and what they wish for."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from resource_hub.domain.people import Person
from resource_hub.services.searching import note_fruitless
from resource_hub.services.unit_of_work import UnitOfWork
from resource_hub.services.wishes import leave_wish

AFTERNOON = 16 * 60 + 20
"""Minutes after midnight: lessons are over, and people look for tomorrow's."""

People = Mapping[str, Person]


@dataclass(frozen=True, slots=True)
class Missed:
    """Words that nothing in the demo has, on which days, counted from today."""

    words: str
    days: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Wished:
    """A wish of one person; the same words of another person join it."""

    account: str
    day: int
    text: str
    subject: str = ""
    grade: str = ""
    note: str = ""


MISSED = (
    Missed("皮影戏", (-71, -52, -50, -23, -22, -4)),
    Missed("立体几何", (-66, -41, -19, -3)),
    Missed("垃圾分类 手抄报", (-58, -30, -29)),
    Missed("量子糾纏", (-26,)),
    Missed("校园广播剧", (-18, -5)),
)

WISHES = (
    Wished("yang.liu", -22, "皮影戏", "fine_art", "", "想在美术课上做一次，最好有影人的纸样。"),
    Wished("hsu.peiyu", -4, "皮影戲", "fine_art", "", "我們也想試試看。"),
    Wished("luo.jun", -5, "校园广播剧的剧本", "chinese", "g5"),
    Wished("qian.lan", -3, "立体几何入门微课", "math", "g10", "学生空间想象弱，要能转动的图形。"),
)


def what_was_missed(
    people: Callable[[], People],
) -> Iterator[tuple[int, Callable[[UnitOfWork], object]]]:
    """Give the day and the play of each search in vain and of each wish.

    ``people`` is asked when a scene is played, for nobody has an account before.
    """
    for missed in MISSED:
        for day in missed.days:
            yield day, partial(note_fruitless, query=missed.words)
    for wished in WISHES:
        yield wished.day, partial(_wish, wished=wished, people=people)


def _wish(uow: UnitOfWork, *, wished: Wished, people: Callable[[], People]) -> None:
    leave_wish(
        uow,
        people()[wished.account],
        text=wished.text,
        subject=wished.subject,
        grade=wished.grade,
        note=wished.note,
    )

"""What the demo's people say in two discussion rounds: one is over and minuted, one is open."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from functools import partial

from sqlalchemy import select

from resource_hub.catalogue.labels import Labels
from resource_hub.cli.cast import Cast
from resource_hub.domain.catalogue import Change, Month
from resource_hub.models import Entry, IssueRound
from resource_hub.services import discussion, follow_ups, round_clock, round_minutes
from resource_hub.services.issue_access import edited_by
from resource_hub.services.moderation import conclude_thread
from resource_hub.services.round_access import find_round
from resource_hub.services.round_agenda import PlanAct
from resource_hub.services.round_attendance import sign_list
from resource_hub.services.round_planning import Plan, change_round, plan_round
from resource_hub.services.round_talk import talk_about
from resource_hub.services.unit_of_work import UnitOfWork

HOST = "lin.xiaoyun"
LENGTH = timedelta(days=14)
"""Of the round that is over."""
LEFT = timedelta(days=5)
"""Of the one that is open."""

INTRODUCTION = (
    "请先看一看议程上的资源，最好在自己的班上试一试，再来说：哪里好用，哪里要改，教学点能不能用。"
)
PLACE = "青溪镇中心学校三楼会议室（每周四 16:30），其余时间在网上"
FREE = "教学点没有网络时怎么用"

Play = Callable[[UnitOfWork], object]


@dataclass(frozen=True, slots=True)
class Said:
    """A post: about which item of the agenda, by whom, how long after the beginning."""

    item: int
    account: str
    hours: int
    text: str


OVER = (
    Said(
        0,
        "yang.liu",
        3,
        "上周在我们班试了。引入很自然，学生一下子就进去了；练习少了一点，做完还有十分钟。",
    ),
    Said(
        0,
        "luo.jun",
        9,
        "我们是复式班，两个年级一起上。**第二部分**可以让高年级带着低年级做，效果不错。",
    ),
    Said(0, "lin.xiaoyun", 30, "@杨柳 练习不够的话，能不能按三个层次补？教学点人少，分层更要紧。"),
    Said(1, "wei.bo", 52, "课件在旧电脑上字体会变，建议作者另存一份 PDF。"),
    Said(1, "huang.shan", 75, "同意。另外最后一页的问题可以提前，作为开头的任务。"),
    Said(2, "hsu.peiyu", 80, "我們用隨身碟帶過去，在教室直接打開，不必連網，搜尋也能用。"),
    Said(2, "jiang.hui", 96, "每月的离线包由校管理员带回来，大家就不用各自下载了。"),
)
CONCLUDED = (
    "引入可以直接用；**请补充分层练习**（基础、提高、复式班各一组）。",
    "请另存 PDF，防止字体变化；最后一页的问题移到开头。",
    "离线包每月初由校管理员带到教学点。",
)
TASK = "请补充一组三个层次的练习，复式班也能用。"
NOW_SAID = (
    Said(0, "xie.yuting", 20, "这一份我打算下周四试教，想先问：需要几课时？"),
    Said(0, "lin.xiaoyun", 26, "按教案是一课时，带活动的话最好两课时。试完请说一说！"),
    Said(1, "peng.fei", 44, "图很清楚，投影也看得见。要是有一页给家长看的说明就更好了。"),
)
SIGNED = ("su.ping", "ma.lili")


def what_is_discussed(
    months: Sequence[tuple[Month, datetime]],
    cast: Callable[[], Cast],
    now: datetime,
    zone: tzinfo,
    labels: Labels,
) -> Iterator[tuple[datetime, Play]]:
    """Moment and play of each scene.

    Args:
        months: the older and the newer issue, and when each was published.
        cast: asked when a scene is played, for nobody has an account before.
        labels: the words between which the minutes are written.
    """
    (older, began), (newer, since) = months
    tell = partial(_Round, cast, zone, labels)
    first = tell(older, began, began + LENGTH)
    yield began, first.plan
    yield from first.posts(OVER, until=now)
    yield began + timedelta(days=9), first.sign
    for number, words in enumerate(CONCLUDED):
        yield began + timedelta(days=13), partial(first.conclude, number=number, words=words)
    last = (now + LEFT).astimezone(zone).date()
    yield began + timedelta(days=13), partial(first.ask, due=last)
    yield began + LENGTH + timedelta(days=1), first.publish
    second = tell(newer, since, datetime.combine(last, time(21), zone))
    yield since, second.plan
    yield from second.posts(NOW_SAID, until=now)


@dataclass(frozen=True, slots=True)
class _Round:
    """The round of an issue, from its beginning to its minutes."""

    cast: Callable[[], Cast]
    zone: tzinfo
    labels: Labels
    month: Month
    opens: datetime
    closes: datetime

    @property
    def at(self) -> tuple[int, Month]:
        return min(edited_by(self.cast().editor)), self.month

    def found(self, uow: UnitOfWork) -> IssueRound:
        return find_round(uow.session, self.cast().editor, *self.at)

    def plan(self, uow: UnitOfWork) -> None:
        """Two resources that are new, and something free."""
        editor, people = self.cast().editor, self.cast().people
        plan = Plan(
            opens=self._typed(self.opens),
            closes=self._typed(self.closes),
            host=people[HOST].name,
            place=PLACE,
            introduction=INTRODUCTION,
        )
        made = plan_round(uow, editor, *self.at, plan)
        new = uow.session.scalars(
            select(Entry.public_id)
            .where(Entry.issue_id == made.issue_id, Entry.change == Change.NEW)
            .order_by(Entry.position)
            .limit(2)
        ).all()
        added = [(public_id, "") for public_id in new] + [("", FREE)]
        for seen, (public_id, title) in enumerate(added):
            more = replace(plan, seen=seen, new_resource=public_id, new_title=title)
            change_round(uow, editor, *self.at, more, (PlanAct.ADD, 0))
        round_clock.tell_opening(uow, made.id)

    def _typed(self, moment: datetime) -> str:
        return f"{moment.astimezone(self.zone):%Y-%m-%dT%H:%M}"

    def posts(self, said: Sequence[Said], *, until: datetime) -> Iterator[tuple[datetime, Play]]:
        for post in said:
            at = self.opens + timedelta(hours=post.hours)
            yield min(at, until), partial(self.post, said=post)

    def post(self, uow: UnitOfWork, *, said: Said) -> None:
        person = self.cast().people[said.account]
        item = self.found(uow).agenda[said.item].id
        thread = talk_about(uow, person, *self.at, item)
        discussion.post(uow, person, thread.id, said.text)

    def sign(self, uow: UnitOfWork) -> None:
        for account in SIGNED:
            sign_list(uow, self.cast().people[account], *self.at)

    def conclude(self, uow: UnitOfWork, *, number: int, words: str) -> None:
        item = self.found(uow).agenda[number].id
        host = self.cast().people[HOST]
        thread = talk_about(uow, host, *self.at, item)
        conclude_thread(uow, host, thread.id, words, seen=thread.version)

    def ask(self, uow: UnitOfWork, *, due: date) -> None:
        host = self.cast().people[HOST]
        about = self.found(uow).agenda[0].resource
        if about is not None:
            follow_ups.ask(uow, host, *self.at, about.public_id, TASK, due=f"{due}")

    def publish(self, uow: UnitOfWork) -> None:
        editor, host = self.cast().editor, self.cast().people[HOST]
        found = self.found(uow)
        text = round_minutes.draft_minutes(uow.session, editor, found, self.labels)
        round_minutes.publish_minutes(uow, host, *self.at, text, seen=0)

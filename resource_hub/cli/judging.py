"""What the demo's reviewers answer, remark and say, and what the authors answer to that."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from zlib import crc32

from sqlalchemy import select

from resource_hub.domain.people import Person, Role
from resource_hub.domain.policy import Policy
from resource_hub.domain.remarks import Target, Weight
from resource_hub.domain.review import Stage
from resource_hub.domain.review_form import Form, Sheet
from resource_hub.models import Remark, Submission
from resource_hub.services import thread
from resource_hub.services.policies import save_policy
from resource_hub.services.remark_answers import answer_remark
from resource_hub.services.remarks import write_remark
from resource_hub.services.rounds import last_round
from resource_hub.services.unit_of_work import UnitOfWork

MORNING = 9 * 60 + 40
"""Minutes after midnight: between two lessons."""


@dataclass(frozen=True, slots=True)
class Remarked:
    """One remark, and what the author answers before the work is submitted again."""

    field: str
    text: str
    must_fix: bool = False
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """One message in the thread of a work that was judged by then."""

    resource: str
    day: int
    account: str
    text: str


REMARKS: Mapping[str, tuple[Remarked, ...]] = {
    "market-politics": (
        Remarked(
            "summary",
            "请写明价格数据是示意，不是真实统计，以免误用。",
            must_fix=True,
            answer="已在简介、表格所在页和页脚注明“示意数据”。",
        ),
        Remarked("title", "题目很吸引人，不用改。", answer="谢谢！"),
    ),
    "baicaoyuan": (
        Remarked("title", "题目里写明“当堂检测”，老师们更容易找到。"),
        Remarked("summary", "请说明做完大约要几分钟，乡镇学校课时紧。", must_fix=True),
    ),
    "farm-writing": (
        Remarked("summary", "两篇学生作品请先匿名，再在简介里说明已经匿名。", must_fix=True),
        Remarked("keywords", "可以加上“劳动教育”，综合实践的老师也会来找。"),
    ),
}
"""By the key of a resource, what its reviewer remarks on with the first request for changes."""

TALK = (
    Said(
        "baicaoyuan",
        -8,
        "jiang.hui",
        "第 3 题我想改成“任选三个动词，说说换一个词行不行”，您看合适吗？",
    ),
    Said(
        "baicaoyuan",
        -7,
        "tang.yalan",
        "很好，比数动词有意思。记得给一个示范答案，方便年轻老师讲评。",
    ),
)


def alliance_policy(uow: UnitOfWork, people: Mapping[str, Person], alliance_id: int) -> None:
    """The rule of the demo's alliance: the usual one, and people from outside may be invited."""
    administrator = next(
        person
        for person in people.values()
        if any(held.role is Role.ADMINISTRATOR for held in person.appointments)
    )
    policy = Policy((Stage.SCHOOL, Stage.ALLIANCE), externals=True)
    save_policy(uow, administrator, policy, alliance_id=alliance_id)


def sheet_of(form: Form, key: str, comment: str) -> Sheet:
    """A form filled in: all criteria met, scores that differ from work to work, always the same."""
    luck = crc32(key.encode())
    return Sheet(
        passes={item.code: True for item in form.criteria},
        scores={item.code: 3 + (luck >> place) % 3 for place, item in enumerate(form.scores)},
        changes=comment,
        form=form.digest,
    )


def remark_on(uow: UnitOfWork, reviewer: Person, revision_id: int, key: str) -> None:
    """What the reviewer remarks before asking for changes; once for each resource."""
    submission = last_round(uow.session, revision_id)
    if submission is None or submission.round > 1:
        return
    for each in REMARKS.get(key, ()):
        weight = Weight.MUST_FIX if each.must_fix else Weight.SUGGESTION
        target = Target(field=each.field)
        write_remark(uow, reviewer, submission.id, target, text=each.text, weight=weight)


def answer_all(uow: UnitOfWork, author: Person, revision_id: int, key: str) -> None:
    """What the author answers before the next round."""
    answers = {each.text: each.answer for each in REMARKS.get(key, ()) if each.answer}
    found = uow.session.scalars(
        select(Remark)
        .join(Remark.submission)
        .where(Submission.revision_id == revision_id, Remark.done_at.is_(None))
        .order_by(Remark.id)
    ).all()
    for remark in found:
        if remark.text in answers:
            answer_remark(uow, author, remark.id, answer=answers[remark.text], done=True)


def what_is_said(
    people: Callable[[], Mapping[str, Person]], revision_of: Callable[[str], int]
) -> Iterator[tuple[int, Callable[[UnitOfWork], object]]]:
    """Give the day and the play of each message; both are asked when the scene is played."""

    def play(uow: UnitOfWork, said: Said) -> None:
        submission = last_round(uow.session, revision_of(said.resource))
        if submission is not None:
            thread.say(uow, people()[said.account], submission.id, said.text)

    for said in TALK:
        yield said.day, partial(play, said=said)

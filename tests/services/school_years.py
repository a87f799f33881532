"""School years by chance: two alliances, their people, and what they do, step by step."""

from collections import Counter
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from sqlalchemy import select

from resource_hub.domain.catalogue import Month
from resource_hub.domain.errors import HubError
from resource_hub.domain.people import Person, Role
from resource_hub.domain.policy import Stage
from resource_hub.domain.review import Action, Reason, State
from resource_hub.domain.visibility import Audience
from resource_hub.models import Post, Resource, Revision, Submission
from resource_hub.services import catalogue, drafting, usage
from resource_hub.services.class_uses import Lesson, used_in_class
from resource_hub.services.co_authors import name_co_author
from resource_hub.services.discussion import comment, open_thread, post
from resource_hub.services.moderation import hide_post, show_post, take_back
from resource_hub.services.review import take_step
from tests.conftest import SHANGHAI
from tests.given import Clock, Given

MONTH = Month(2026, 9)
"""Of the issues in whose rounds is talked."""

WORDS = (
    "new", "new", "approve", "approve", "approve", "changes", "reject", "again", "take_back",
    "appeal", "withdraw", "revise", "with", "download", "discard", "say", "say", "say_in_round",
    "teach", "teach", "hide", "show", "unsay",
)  # fmt: skip


def script_of(chance: Random) -> list[tuple[str, int, int]]:
    """What is done, to which work (or by whom), and how many hours later."""
    words = ["new"] * 4 + ["approve"] * 6 + chance.choices(WORDS, k=36)
    return [(word, chance.randrange(8), chance.randrange(1, 50)) for word in words]


@dataclass
class World:
    """Two alliances with a school in common, their teachers and reviewers, and what they do.

    What the audit trail does not know is noted here: downloads, and on which day a lesson was held.
    """

    given: Given
    clock: Clock
    alliances: list[int] = field(default_factory=list)
    schools: list[int] = field(default_factory=list)
    teachers: list[Person] = field(default_factory=list)
    judges: list[Person] = field(default_factory=list)
    works: list[int] = field(default_factory=list)
    posts: list[int] = field(default_factory=list)
    editors: list[Person] = field(default_factory=list)
    issues: dict[int, int] = field(default_factory=dict)
    """By the number of a published issue, its alliance."""
    downloads: Counter[tuple[int, str]] = field(default_factory=Counter)
    """By resource and month."""
    lessons: dict[int, date] = field(default_factory=dict)
    """By post."""

    def __post_init__(self) -> None:
        given = self.given
        one, two, three = schools = [given.school() for _ in range(3)]
        alliances = [given.alliance(one, two), given.alliance(two, three)]
        self.teachers = [given.teacher(f"师{n}", school=schools[n % 3]) for n in range(4)]
        self.judges = [given.reviewer(f"审{n}", school=each) for n, each in enumerate(schools)]
        for alliance, members in zip(alliances, ((one, two), (two, three)), strict=True):
            self.judges += [given.reviewer(alliance=alliance, school=each) for each in members]
        self.schools = [each.id for each in schools]
        self.alliances = [each.id for each in alliances]
        for alliance in alliances:
            editor = given.editor(alliance=alliance, school=two)
            catalogue.build(given.uow, editor, alliance.id, MONTH)
            issue = catalogue.publish(given.uow, editor, alliance.id, MONTH)
            self.editors.append(editor)
            self.issues[issue.id] = alliance.id

    def play(self, script: Collection[tuple[str, int, int]]) -> None:
        for what, which, hours in script:
            self.clock.pass_(hours=hours)
            if what != "new" and not self.works:
                continue
            with suppress(HubError):
                DO[what](self, which)
            self.given.session.flush()
            # SQLite gives the numbers of discarded rows again: nothing may be remembered of them.
            self.given.session.expunge_all()

    def work(self, which: int) -> int:
        return self.works[which % len(self.works)]

    def owner(self, work: int) -> Person:
        wanted = select(Resource.owner_id).join(Revision).where(Revision.id == work)
        return self.given.again(self.given.session.scalar(wanted) or self.teachers[0].id)

    def submit(self, which: int) -> None:
        author = self.teachers[which % 4]
        audience = Audience.SCHOOL if which == 7 else Audience.ALLIANCE
        alliance_id = sorted(author.alliance_ids)[which // 4 - 1]
        draft = self.given.draft(by=author, audience=audience, alliance_id=alliance_id)
        self.works.append(draft.id)
        if which % 2:
            name_co_author(self.given.uow, author, draft.id, self.teachers[(which + 1) % 4].id or 0)
        take_step(self.given.uow, author, draft.id, Action.SUBMIT, rights_declared=True)

    def decide(self, which: int, action: Action) -> None:
        for judge in self.at_the_turn(self.work(which)):
            with suppress(HubError):
                take_step(
                    self.given.uow,
                    judge,
                    self.work(which),
                    action,
                    comment="意见",
                    reason=Reason.RIGHTS if action is Action.REJECT else None,
                )
                return

    def at_the_turn(self, work: int) -> list[Person]:
        """Who is appointed for the stage at which a work is: to ask all would take its time."""
        here = self.given.session.execute(
            select(Submission.stage, Submission.alliance_id, Resource.school_id)
            .join(Submission.revision)
            .join(Revision.resource)
            .where(Revision.id == work, Submission.outcome.is_(None))
        ).first()
        if here is None:
            return []
        stage, alliance_id, school_id = here
        return [
            judge
            for judge in self.judges
            for held in judge.appointments
            if held.role is Role.REVIEWER
            and (
                held.school_id == school_id
                if stage is Stage.SCHOOL
                else held.alliance_id == alliance_id and judge.school_id != school_id
            )
        ]

    def step(self, which: int, action: Action) -> None:
        work = self.work(which)
        rights = action is Action.SUBMIT
        take_step(
            self.given.uow,
            self.owner(work),
            work,
            action,
            comment="因为",
            rights_declared=rights,
        )

    def revise(self, which: int) -> None:
        work = self.work(which)
        self.works.append(drafting.revise(self.given.uow, self.owner(work), work).id)

    def co_author(self, which: int) -> None:
        work = self.work(which)
        name_co_author(self.given.uow, self.owner(work), work, self.teachers[which % 4].id or 0)

    def download(self, which: int) -> None:
        resource_id = self.resource(which)
        if resource_id is None:
            return
        usage.count_download(self.given.uow, resource_id)
        month = f"{self.clock().astimezone(SHANGHAI):%Y-%m}"
        self.downloads[resource_id, month] += 1

    def resource(self, which: int) -> int | None:
        """One that is published, for nothing can be said of others; None: there is none."""
        wanted = select(Revision.resource_id).where(Revision.state == State.PUBLISHED)
        found = self.given.session.scalars(wanted.order_by(Revision.id)).all()
        return found[which % len(found)] if found else None

    def someone(self, which: int) -> Person:
        """Another one each time, whatever it is about."""
        people = [*self.teachers, *self.judges]
        return people[(which + 5 * len(self.posts)) % len(people)]

    def say(self, which: int) -> None:
        speaker, about = self.someone(which), self.resource(which)
        self.posts.append(comment(self.given.uow, speaker, about or 0, "好").id)

    def say_in_round(self, which: int) -> None:
        issue_id = list(self.issues)[which % 2]
        about = self.resource(which) if which > 4 else None
        speaker = self.someone(which)
        thread = open_thread(
            self.given.uow, speaker, issue_id=issue_id, title="备课", resource_id=about
        )
        self.posts.append(post(self.given.uow, speaker, thread.id, "好").id)

    def teach(self, which: int) -> None:
        teacher, about = self.someone(which), self.resource(which)
        first = self.given.session.scalar(
            select(Resource.first_available_at).where(Resource.id == about)
        )
        earliest = first.astimezone(SHANGHAI).date() if first else date.min
        held_on = max(earliest, self.given.uow.today() - timedelta(days=3 * which))
        told = used_in_class(self.given.uow, teacher, about or 0, Lesson("g3", held_on, "好"))
        self.posts.append(told.post_id)
        self.lessons[told.post_id] = held_on

    def moderate(self, which: int, step: Callable[[Person, int], object]) -> None:
        if self.posts:
            step(self.editors[which % 2], self.posts[which % len(self.posts)])

    def unsay(self, which: int) -> None:
        if self.posts:
            said = self.given.session.get_one(Post, self.posts[-1 - which % len(self.posts)])
            take_back(self.given.uow, self.given.again(said.author_id), said.id)

    def discard(self, which: int) -> None:
        work = self.work(which)
        drafting.discard(self.given.uow, self.owner(work), work)


DO: dict[str, Callable[[World, int], None]] = {
    "new": World.submit,
    "approve": lambda world, which: world.decide(which, Action.APPROVE),
    "changes": lambda world, which: world.decide(which, Action.REQUEST_CHANGES),
    "reject": lambda world, which: world.decide(which, Action.REJECT),
    "again": lambda world, which: world.step(which, Action.SUBMIT),
    "take_back": lambda world, which: world.step(which, Action.TAKE_BACK),
    "appeal": lambda world, which: world.step(which, Action.APPEAL),
    "withdraw": lambda world, which: world.step(which, Action.WITHDRAW),
    "revise": World.revise,
    "with": World.co_author,
    "download": World.download,
    "discard": World.discard,
    "say": World.say,
    "say_in_round": World.say_in_round,
    "teach": World.teach,
    "hide": lambda world, which: world.moderate(
        which, lambda editor, said: hide_post(world.given.uow, editor, said, "不当")
    ),
    "show": lambda world, which: world.moderate(
        which, lambda editor, said: show_post(world.given.uow, editor, said)
    ),
    "unsay": World.unsay,
}

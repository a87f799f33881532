"""What changed since a version or a round, for those who may know."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from resource_hub.domain.errors import Missing
from resource_hub.domain.people import Person
from resource_hub.domain.review import Action
from resource_hub.domain.visibility import Audience
from resource_hub.models import Blob, BlobText, Resource, Revision
from resource_hub.services import drafting
from resource_hub.services.queries.changes import Changes, changes_of
from resource_hub.services.review import take_step
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Clock, Given
from tests.services.test_inbox import Cast, submission_of

PLAN = "一、导入：把一个月饼平均分给两个小朋友。二、新授：认识二分之一。"


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


class Story:
    """A lesson that goes through rounds and versions."""

    def __init__(self, uow: UnitOfWork, given: Given, cast: Cast, clock: Clock) -> None:
        self.uow, self.given, self.cast, self.clock = uow, given, cast, clock

    def submit(self, revision: Revision, **changes: Any) -> Revision:  # Any: a description
        description = self.given.description(alliance_id=self.cast.alliance.id, **changes)
        drafting.describe(self.uow, self.cast.author, revision.id, description)
        self.clock.pass_(minutes=1)
        return take_step(
            self.uow, self.cast.author, revision.id, Action.SUBMIT, rights_declared=True
        )

    def send_back(self, revision: Revision, by: Person) -> None:
        take_step(self.uow, by, revision.id, Action.REQUEST_CHANGES, comment="请补板书")

    def changes(self, person: Person, revision: Revision, **more: Any) -> Changes:  # Any: options
        resource = self.uow.session.get_one(Resource, revision.resource_id)
        public_id = resource.public_id
        return changes_of(
            self.uow.session, person, public_id, revision.number, self.clock(), **more
        )


@pytest.fixture
def story(uow: UnitOfWork, given: Given, cast: Cast, clock: Clock) -> Story:
    return Story(uow, given, cast, clock)


def codes(changes: Changes) -> list[str]:
    return [each.code for each in changes.bases]


def test_a_first_round_has_nothing_to_be_compared_with(
    given: Given, cast: Cast, story: Story
) -> None:
    changes = story.changes(cast.reviewer, given.submitted(by=cast.author))
    assert (changes.base, codes(changes), changes.live, list(changes.fields)) == (
        None,
        [],
        None,
        [],
    )


def test_a_later_round_is_compared_with_the_one_before(
    session: Session, given: Given, cast: Cast, story: Story
) -> None:
    revision = story.submit(given.draft(by=cast.author), title="分数一")
    first = submission_of(session, revision)
    story.send_back(revision, cast.reviewer)
    story.submit(revision, title="分数二")
    for person in (cast.reviewer, cast.second, cast.author):
        changes = story.changes(person, revision)
        assert changes.base is not None
        assert (changes.base.code, changes.base.round) == (f"s{first.id}", 1)
        assert [(each.field, each.before, each.after) for each in changes.fields] == [
            ("title", "分数一", "分数二")
        ]


def test_who_approved_it_sees_only_what_changed_since(
    session: Session, given: Given, cast: Cast, story: Story, uow: UnitOfWork
) -> None:
    revision = story.submit(given.draft(by=cast.author), title="一")
    first = submission_of(session, revision)
    take_step(uow, cast.reviewer, revision.id, Action.APPROVE)
    story.send_back(revision, cast.alliance_reviewer)
    story.submit(revision, title="二")
    second = submission_of(session, revision)
    story.send_back(revision, cast.second)
    story.submit(revision, title="三")
    approver = story.changes(cast.reviewer, revision)
    assert approver.base is not None
    assert (approver.base.code, approver.base.is_approved) == (f"s{first.id}", True)
    other = story.changes(cast.second, revision)
    assert other.base is not None
    assert (other.base.code, other.base.is_approved) == (f"s{second.id}", False)
    chosen = story.changes(cast.second, revision, since=f"s{first.id}")
    assert [each.before for each in chosen.fields] == ["一"]
    of_second_round = story.changes(cast.second, revision, judged_in=second.id)
    assert [(each.before, each.after) for each in of_second_round.fields] == [("一", "二")]


def test_a_new_version_is_compared_with_the_live_one_which_is_named(
    given: Given, cast: Cast, story: Story, uow: UnitOfWork
) -> None:
    live = story.submit(given.draft(by=cast.author), title="一")
    given.through_review(live, cast.reviewer, cast.alliance_reviewer)
    second = story.submit(drafting.revise(uow, cast.author, live.id), title="二")
    for person, is_approved in ((cast.second, False), (cast.reviewer, True)):
        changes = story.changes(person, second)
        assert changes.live is not None
        assert changes.live.number == 1
        assert [(each.code, each.is_live, each.is_approved) for each in changes.bases] == [
            ("v1", True, is_approved)
        ]
        assert [each.field for each in changes.fields] == ["title"]


def test_rounds_are_shown_to_those_alone_who_judge_or_answer_for_them(
    session: Session, given: Given, cast: Cast, story: Story
) -> None:
    revision = story.submit(given.draft(by=cast.author), audience=Audience.PUBLIC, title="一")
    first = submission_of(session, revision)
    story.send_back(revision, cast.reviewer)
    story.submit(revision, audience=Audience.PUBLIC, title="二")
    given.through_review(revision, cast.reviewer, cast.alliance_reviewer)
    for person in (
        cast.author,
        cast.reviewer,
        given.coordinator(school=cast.village),
        given.administrator(),
    ):
        assert codes(story.changes(person, revision)) == [f"s{first.id}"]
    reader = given.teacher(school=cast.town)
    assert codes(story.changes(reader, revision)) == []
    for more in ({"since": f"s{first.id}"}, {"judged_in": first.id}, {"since": "v7"}):
        with pytest.raises(Missing):
            story.changes(reader, revision, **more)


def test_readers_see_what_changed_between_versions_that_are_open_to_them(
    given: Given, cast: Cast, story: Story, uow: UnitOfWork
) -> None:
    live = story.submit(given.draft(by=cast.author), audience=Audience.PUBLIC, title="一")
    given.through_review(live, cast.reviewer, cast.alliance_reviewer)
    draft = drafting.revise(uow, cast.author, live.id)
    reader = given.teacher(school=cast.town)
    with pytest.raises(Missing):
        story.changes(reader, draft)
    second = story.submit(draft, audience=Audience.PUBLIC, title="二")
    given.through_review(second, cast.reviewer, cast.alliance_reviewer)
    story.clock.pass_(minutes=1)
    assert [(each.before, each.after) for each in story.changes(reader, second).fields] == [
        ("一", "二")
    ]


def test_files_are_matched_and_counted(
    session: Session, given: Given, cast: Cast, story: Story, clock: Clock
) -> None:
    draft = given.draft(by=cast.author)
    for name, content in (("教案.txt", b"1"), ("课件.txt", b"2"), ("a.txt", b"3")):
        given.file(draft, by=cast.author, name=name, content=content)
    known(session, draft, PLAN, clock())
    story.submit(draft)
    story.send_back(draft, cast.reviewer)
    draft.attachments[:] = [each for each in draft.attachments if each.filename == "课件.txt"]
    session.flush()
    given.file(draft, by=cast.author, name="教案改.txt", content=b"4")
    known(session, draft, PLAN.replace("二分", "三分"), clock())
    given.file(draft, by=cast.author, name="b.txt", content=b"3")
    story.submit(draft)
    changes = story.changes(cast.reviewer, draft)
    assert [(each.change.value, each.name) for each in changes.files] == [
        ("replaced", "教案改.txt"),
        ("renamed", "b.txt"),
    ]
    assert changes.same_files == 1


def known(session: Session, revision: Revision, text: str, now: datetime) -> None:
    """Give a text to the files that have none yet and whose name begins with 教案."""
    session.refresh(revision, ["attachments"])
    for each in revision.attachments:
        if each.filename.startswith("教案") and session.get(BlobText, each.blob_key) is None:
            session.add(BlobText(blob_key=each.blob_key, text=text, places=[]))
            blob = session.get(Blob, each.blob_key)
            assert blob is not None
            blob.inspected_at = now
    session.flush()


def test_the_number_of_queries_does_not_grow(
    engine: Engine, session: Session, given: Given, cast: Cast, story: Story
) -> None:
    def queries(revision: Revision) -> int:
        sent: list[str] = []

        def note(*details: Any) -> None:  # Any: as SQLAlchemy calls it
            sent.append(details[2])

        session.flush()
        event.listen(engine, "before_cursor_execute", note)
        story.changes(cast.reviewer, revision)
        event.remove(engine, "before_cursor_execute", note)
        return len(sent)

    revision = given.draft(by=cast.author)
    given.file(revision, by=cast.author, name="0.txt", content=b"0")
    story.submit(revision)
    story.send_back(revision, cast.reviewer)
    story.submit(revision)
    few = queries(revision)
    for number in range(1, 5):
        story.send_back(revision, cast.reviewer)
        given.file(revision, by=cast.author, name=f"{number}.txt", content=b"%d" % number)
        story.submit(revision, title=f"第{number}稿")
    assert queries(revision) == few

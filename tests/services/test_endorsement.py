"""Who stands behind what is published, kept with the version and shown on its card."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from resource_hub.domain.endorsement import Badge
from resource_hub.domain.people import Person
from resource_hub.domain.policy import Policy, Stage
from resource_hub.domain.review import Action, Reason
from resource_hub.domain.visibility import Audience
from resource_hub.edge.migrating import downgrade, upgrade
from resource_hub.models import Revision, Submission
from resource_hub.services import drafting
from resource_hub.services.deciding import decide
from resource_hub.services.invitations import guest, invite, token_of
from resource_hub.services.queries.shelf import cards
from resource_hub.services.review import take_step
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Given

SECRET = "the hub's key"


class Cast:
    """An author, a reviewer at the own school, two judges of the alliance."""

    def __init__(self, given: Given) -> None:
        self.given = given
        village, town = given.school("山口小学"), given.school("实验小学")
        alliance = given.alliance(village, town)
        self.author = given.teacher(school=village)
        self.coordinator = given.coordinator(school=village)
        self.first = given.reviewer("初审", school=village)
        self.finals = [given.reviewer(f"终审{n}", school=town, alliance=alliance) for n in (1, 2)]

    def published(self) -> Revision:
        return self.given.through_review(
            self.given.submitted(by=self.author), self.first, self.finals[0]
        )


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


def badge_of(session: Session, revision: Revision) -> str:
    session.flush()
    return cards(session, [revision.resource_id])[revision.resource_id].badge


def round_of(session: Session, revision: Revision) -> Submission:
    return session.scalars(
        select(Submission).where(
            Submission.revision_id == revision.id, Submission.outcome.is_(None)
        )
    ).one()


def guest_for(given: Given, by: Person, submission: Submission) -> Person:
    made = invite(given.uow, by, submission.id, name="钱教授", email="q@example.com", secret=SECRET)
    return guest(given.session, token_of(SECRET, made), given.uow.now())


def test_both_stages_endorse_what_passed_both(session: Session, cast: Cast) -> None:
    revision = cast.published()
    assert revision.endorsed_at == ("school", "alliance")
    assert badge_of(session, revision) == Badge.ENDORSED_BY_ALLIANCE


def test_the_school_endorses_what_is_for_itself(session: Session, given: Given, cast: Cast) -> None:
    revision = given.submitted(by=cast.author, audience=Audience.SCHOOL)
    given.through_review(revision, cast.first)
    assert badge_of(session, revision) == Badge.ENDORSED_BY_SCHOOL


def test_a_collection_is_not_reviewed(session: Session, given: Given, cast: Cast) -> None:
    assert badge_of(session, given.published(by=cast.author)) == Badge.NOT_REVIEWED


def test_people_from_outside_alone_review_and_do_not_endorse(
    session: Session, given: Given, uow: UnitOfWork, cast: Cast
) -> None:
    revision = given.submitted(by=cast.author, audience=Audience.SCHOOL)
    submission = round_of(session, revision)
    submission.policy = replace(submission.policy, externals=True)
    session.flush()
    decide(uow, guest_for(given, cast.coordinator, submission), submission.id, Action.APPROVE)
    assert badge_of(session, revision) == Badge.REVIEWED


def test_what_was_approved_before_an_appeal_counts(
    session: Session, given: Given, uow: UnitOfWork, cast: Cast
) -> None:
    revision = given.submitted(by=cast.author)
    take_step(uow, cast.first, revision.id, Action.APPROVE)
    one, other = cast.finals
    take_step(uow, one, revision.id, Action.REJECT, comment="抄", reason=Reason.RIGHTS)
    take_step(uow, cast.author, revision.id, Action.APPEAL, comment="有授权")
    take_step(uow, other, revision.id, Action.APPROVE)
    session.refresh(revision)
    assert revision.endorsed_at == ("school", "alliance")


def in_the_fast_lane(session: Session, uow: UnitOfWork, cast: Cast, old: Revision) -> Revision:
    new = drafting.revise(uow, cast.author, old.id)
    new.title = "新标题"
    take_step(uow, cast.author, new.id, Action.SUBMIT, rights_declared=True)
    submission = round_of(session, new)
    submission.fast_lane, submission.policy = True, Policy((Stage.ALLIANCE,))
    new.stage = submission.stage = Stage.ALLIANCE
    session.flush()
    take_step(uow, cast.finals[1], new.id, Action.APPROVE)
    return new


def test_new_words_in_the_fast_lane_keep_what_the_version_before_had(
    session: Session, uow: UnitOfWork, cast: Cast
) -> None:
    new = in_the_fast_lane(session, uow, cast, cast.published())
    assert new.endorsed_at == ("school", "alliance")


def test_an_upgrade_finds_out_what_was_endorsed(
    engine: Engine, session: Session, given: Given, uow: UnitOfWork, cast: Cast
) -> None:
    old = cast.published()
    new = in_the_fast_lane(session, uow, cast, old)
    imported = given.published(by=cast.author)
    own = given.submitted(by=cast.author, audience=Audience.SCHOOL)
    given.through_review(own, cast.first)
    numbers = [each.id for each in (old, new, imported, own)]
    session.commit()
    session.close()
    downgrade(engine, "0026")
    upgrade(engine)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT id, endorsed_at FROM revision")).all()
        kept = {row.id: row.endorsed_at for row in rows}
    assert [kept[number] for number in numbers] == [
        " school alliance ",
        " school alliance ",
        "",
        " school ",
    ]

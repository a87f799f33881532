"""The entries of an issue say who stood behind each version when the issue was built."""

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from resource_hub.catalogue.data import IssueData, to_json
from resource_hub.domain.catalogue import IssueEdition, Month
from resource_hub.domain.endorsement import Badge
from resource_hub.domain.review import Action
from resource_hub.edge.migrating import downgrade, upgrade
from resource_hub.models import Entry, Issue
from resource_hub.services import catalogue, review
from resource_hub.services.issue_access import find_issue
from resource_hub.services.issue_data import issue_data
from resource_hub.services.unit_of_work import UnitOfWork
from tests.conftest import SHANGHAI
from tests.given import Clock, Given

OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)


class Cast:
    """An author with reviewers at the own school and in the alliance, and the editor."""

    def __init__(self, given: Given) -> None:
        self.given = given
        village, town = given.school("青石小学"), given.school("实验小学")
        self.alliance = given.alliance(village, town)
        self.wang = given.teacher("王敏", school=village)
        self.first = given.reviewer("初审", school=village)
        self.final = given.reviewer("终审", school=town, alliance=self.alliance)
        self.editor = given.editor(alliance=self.alliance, school=town)

    def reviewed(self, title: str) -> None:
        submitted = self.given.submitted(by=self.wang, title=title)
        self.given.through_review(submitted, self.first, self.final)


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


def said(issue: Issue) -> dict[str, str]:
    return {entry.title: entry.badge for entry in issue.entries}


def data_of(session: Session, alliance_id: int) -> IssueData:
    issue = find_issue(session, alliance_id, OCTOBER)
    assert issue is not None
    return issue_data(
        session, issue, IssueEdition.ALLIANCE, public_url="https://hub", zone=SHANGHAI
    )


def test_an_entry_says_who_stands_behind_its_version(
    session: Session, uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> None:
    cast.reviewed("终审过的")
    outside = given.published(by=cast.wang, title="校外人审的")
    outside.basis = "review"
    own = given.published(by=cast.wang, title="学校认可的")
    own.basis, own.endorsed_at = "review", ("school",)
    given.published(by=cast.wang, title="收集来的")
    clock.pass_(hours=1)
    issue = catalogue.publish(uow, cast.editor, cast.alliance.id, OCTOBER)
    assert said(issue) == {
        "终审过的": "endorsed_by_alliance",
        "学校认可的": "endorsed_by_school",
        "校外人审的": "reviewed",
        "收集来的": "not_reviewed",
    }
    badges = {entry.title: entry.badge for entry in data_of(session, cast.alliance.id).entries}
    assert badges == {title: Badge(badge) for title, badge in said(issue).items()}


def test_nobody_stands_behind_what_was_withdrawn(
    uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> None:
    gone = given.published(by=cast.wang, title="有错的")
    clock.at = NOVEMBER.start(SHANGHAI)
    review.take_step(uow, cast.wang, gone.id, Action.WITHDRAW, comment="有错")
    clock.pass_(hours=1)
    october = catalogue.publish(uow, cast.editor, cast.alliance.id, OCTOBER)
    november = catalogue.publish(uow, cast.editor, cast.alliance.id, NOVEMBER)
    assert said(october) == {"有错的": "not_reviewed"}
    assert said(november) == {"有错的": ""}


def test_an_issue_frozen_before_there_were_badges_is_as_it_was(
    engine: Engine, session: Session, uow: UnitOfWork, cast: Cast, clock: Clock
) -> None:
    cast.reviewed("终审过的")
    clock.pass_(hours=1)
    catalogue.publish(uow, cast.editor, cast.alliance.id, OCTOBER)
    alliance_id = cast.alliance.id
    content = to_json(data_of(session, alliance_id))
    session.commit()
    session.close()
    downgrade(engine, "0042")
    upgrade(engine)
    with Session(engine) as after:
        assert after.execute(select(Entry.title, Entry.badge)).all() == [("终审过的", "")]
        said_now = to_json(data_of(after, alliance_id))
    assert said_now == content.replace(b'   "badge": "endorsed_by_alliance",\n', b"")
    assert said_now != content

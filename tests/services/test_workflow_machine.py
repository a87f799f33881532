"""Random people take random steps on real tables; what must never happen never does."""

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import HubError
from resource_hub.domain.people import Person, Role
from resource_hub.domain.review import Action, Reason, Stage, State, policy_for
from resource_hub.domain.visibility import Audience
from resource_hub.models import AuditEvent, Resource, Review, Revision, Submission
from resource_hub.models.database import WRITING
from resource_hub.services import drafting
from resource_hub.services.review import take_step
from resource_hub.services.unit_of_work import UnitOfWork
from storage import LocalStorage
from tests.conftest import SHANGHAI
from tests.given import Clock, Given

STEPS = [action for action in Action if action not in {Action.REVISE, Action.DISCARD}]


def machine_on(  # noqa: C901 - a class of small rules
    engine: Engine, storage: LocalStorage
) -> type[RuleBasedStateMachine]:
    """The machine, bound to a database; each run is one transaction that is rolled back."""

    class Workflow(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.session = Session(engine)
            self.session.connection(execution_options={WRITING: True})
            self.clock = Clock()
            self.uow = UnitOfWork(self.session, self.clock, SHANGHAI)
            given = Given(self.session, self.uow, storage)
            town, village = given.school(), given.school()
            alliance = given.alliance(town, village)
            author = given.teacher("作者", school=village)
            both = given.reviewer("作者兼审核", school=village)
            self.people: list[Person] = [
                author,
                given.with_role(both, Role.REVIEWER, alliance=alliance),
                given.reviewer("校审一", school=village),
                given.reviewer("校审二", school=village, subjects=("math",)),
                given.reviewer("终审一", school=town, alliance=alliance),
                given.reviewer("终审二", school=town, alliance=alliance, stages=("primary",)),
                given.reviewer("同校终审", school=village, alliance=alliance),
                given.coordinator("校管理员", school=village),
                given.administrator(),
                given.teacher("外校", school=given.school()),
            ]
            self.given = given
            self.revisions: list[int] = []

        def teardown(self) -> None:
            self.session.rollback()
            self.session.close()

        @rule(who=st.integers(0, 1), audience=st.sampled_from(Audience))
        def write(self, who: int, audience: Audience) -> None:
            self.revisions.append(self.given.draft(by=self.people[who], audience=audience).id)

        @precondition(lambda self: self.revisions)
        @rule(
            which=st.integers(0, 50),
            who=st.integers(0, 9),
            action=st.sampled_from(STEPS),
            comment=st.sampled_from(["", "请修改"]),
            reason=st.sampled_from([None, Reason.QUALITY]),
            declared=st.booleans(),
        )
        def step(
            self,
            which: int,
            who: int,
            action: Action,
            comment: str,
            reason: Reason | None,
            *,
            declared: bool,
        ) -> None:
            self.clock.pass_(minutes=1)
            self._try(
                lambda: take_step(
                    self.uow,
                    self.people[who],
                    self.revisions[which % len(self.revisions)],
                    action,
                    comment=comment,
                    reason=reason,
                    rights_declared=declared,
                )
            )

        @precondition(lambda self: self.revisions)
        @rule(which=st.integers(0, 50), who=st.integers(0, 9))
        def revise(self, which: int, who: int) -> None:
            revision_id = self.revisions[which % len(self.revisions)]
            new = self._try(lambda: drafting.revise(self.uow, self.people[who], revision_id))
            if new is not None:
                self.revisions.append(new.id)

        @precondition(lambda self: self.revisions)
        @rule(which=st.integers(0, 50))
        def approve_as_the_right_person_would(self, which: int) -> None:
            """Random steps alone seldom reach publication; this one pushes on."""
            revision_id = self.revisions[which % len(self.revisions)]
            for person in self.people:
                if self._try(partial(take_step, self.uow, person, revision_id, Action.APPROVE)):
                    return

        def _try(self, act: Callable[[], Revision]) -> Revision | None:
            """Do it, or be refused in words and leave no trace of it."""
            with self.session.begin_nested() as savepoint:
                try:
                    return act()
                except HubError:
                    savepoint.rollback()
                    self.session.expire_all()
                    return None

        @invariant()
        def what_is_published_was_approved_by_the_right_people(self) -> None:
            self.session.flush()
            published = self.session.execute(
                select(Revision, Resource)
                .join(Revision.resource)
                .where(Revision.state.in_([State.PUBLISHED, State.SUPERSEDED]))
            ).all()
            people = {person.id: person for person in self.people}
            for revision, resource in published:
                submission = self.session.scalars(
                    select(Submission)
                    .where(Submission.revision_id == revision.id)
                    .order_by(Submission.round.desc())
                ).first()
                assert submission is not None
                assert submission.outcome is Action.APPROVE
                reviews = self.session.scalars(
                    select(Review).where(Review.submission_id == submission.id)
                ).all()
                stages = policy_for(revision.audience).stages
                assert {each.stage for each in reviews} == set(stages)
                for each in reviews:
                    reviewer = people[each.reviewer_id]
                    assert each.decision is Action.APPROVE
                    assert each.reviewer_id != resource.owner_id
                    if each.stage is Stage.ALLIANCE:
                        assert reviewer.school_id != resource.school_id
                    else:
                        assert reviewer.school_id == resource.school_id

        @invariant()
        def one_live_and_one_open_revision_at_most(self) -> None:
            for states in (
                [State.PUBLISHED],
                [State.DRAFT, State.IN_REVIEW, State.CHANGES_REQUESTED],
            ):
                most = self.session.execute(
                    select(func.count())
                    .where(Revision.state.in_(states))
                    .group_by(Revision.resource_id)
                    .order_by(func.count().desc())
                ).scalar()
                assert (most or 0) <= 1

        @invariant()
        def in_review_means_an_open_submission_at_the_same_stage(self) -> None:
            in_review = self.session.execute(
                select(Revision.id, Revision.stage).where(Revision.state == State.IN_REVIEW)
            ).all()
            submissions = self.session.execute(
                select(Submission.revision_id, Submission.stage).where(Submission.outcome.is_(None))
            ).all()
            assert sorted(map(tuple, in_review)) == sorted(map(tuple, submissions))

        @invariant()
        def every_decision_is_in_the_audit_trail(self) -> None:
            decisions = self.session.scalar(select(func.count(Review.id)))
            events = self.session.scalar(
                select(func.count(AuditEvent.id)).where(
                    AuditEvent.tag.in_(
                        ["revision:approve", "revision:request_changes", "revision:reject"]
                    )
                )
            )
            assert decisions == events

    return Workflow


@pytest.mark.long
def test_no_path_leads_around_the_review(engine: Engine, storage: LocalStorage) -> None:
    machine = machine_on(engine, storage)
    run = machine.TestCase
    run.settings = settings(
        max_examples=8 if engine.dialect.name == "sqlite" else 3,
        stateful_step_count=50,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
    )
    run("runTest").runTest()

"""Random people take random steps on real tables; what must never happen never does."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import ColumnElement, Engine, func, or_, select
from sqlalchemy.orm import Session, joinedload

from resource_hub.domain.errors import HubError
from resource_hub.domain.people import Person, Role
from resource_hub.domain.policy import Policy
from resource_hub.domain.review import DECISIONS, Action, Reason, Stage, State
from resource_hub.domain.review_form import Sheet
from resource_hub.domain.review_rules import is_reviewer_of_it
from resource_hub.domain.visibility import Audience
from resource_hub.models import (
    Appointed,
    Assignment,
    AuditEvent,
    Job,
    JudgedCopy,
    Notice,
    Resource,
    Review,
    Revision,
    Submission,
)
from resource_hub.models.database import WRITING
from resource_hub.services import drafting
from resource_hub.services.absences import away, come_back, go_away, leaves
from resource_hub.services.assigning import open_assignments
from resource_hub.services.closeness import co_author_ids
from resource_hub.services.co_authors import name_co_author, remove_co_author
from resource_hub.services.coordinators import NOBODY
from resource_hub.services.descriptions import description_of
from resource_hub.services.dismissing import set_active
from resource_hub.services.evening import note_opened, take_over, to_take_over
from resource_hub.services.holidays import working_calendar
from resource_hub.services.judged_copies import packed
from resource_hub.services.mentoring import pair, pairs_of, part
from resource_hub.services.people import appoint
from resource_hub.services.persons import load_person
from resource_hub.services.policies import save_policy
from resource_hub.services.review import take_step
from resource_hub.services.review_clock import (
    AWAY,
    ESCALATED,
    look_at,
    open_submissions,
    submissions_of,
)
from resource_hub.services.review_forms import shipped_form
from resource_hub.services.revisions import load_revision, reviewable
from resource_hub.services.unit_of_work import UnitOfWork
from storage import LocalStorage
from tests.conftest import SHANGHAI
from tests.given import Clock, Given

STEPS = [action for action in Action if action not in {Action.REVISE, Action.DISCARD}]


IN_ALL = int(os.environ.get("HUB_TEST_STEPS", "400"))
"""Steps on SQLite; a third of them on PostgreSQL. Ten thousand take a quarter of an hour."""
IN_ONE = 50

Done = TypeVar("Done")

BEGUN = select(Assignment.id).where(
    Assignment.ended_at.is_(None),
    or_(Assignment.claimed_at.is_not(None), Assignment.opened_at.is_not(None)),
)
"""Turns that stay where they are."""


TURNS = [Action.CLAIM, Action.RELEASE, Action.DECLINE, Action.HAND_OVER]
KINDS: dict[str, st.SearchStrategy[dict[str, Any]]] = {  # Any: arguments of a step
    "set_policy": st.fixed_dictionaries(
        {
            "stages": st.sampled_from(
                [(Stage.SCHOOL, Stage.ALLIANCE), *((each,) for each in Stage)]
            ),
            "approvals": st.fixed_dictionaries({each: st.integers(1, 3) for each in Stage}),
            "lowest": st.sampled_from([None, 3.0]),
            "fast": st.booleans(),
            "of_alliance": st.booleans(),
        }
    ),
    "write": st.fixed_dictionaries(
        {"who": st.integers(0, 1), "audience": st.sampled_from(Audience)}
    ),
    "step": st.fixed_dictionaries(
        {
            "which": st.integers(0, 50),
            "who": st.integers(0, 9),
            "action": st.sampled_from(STEPS),
            "comment": st.sampled_from(["", "请修改"]),
            "reason": st.sampled_from([None, Reason.QUALITY]),
            "declared": st.booleans(),
            "marks": st.sampled_from([None, 2, 4]),
        }
    ),
    "revise": st.fixed_dictionaries({"which": st.integers(0, 50), "who": st.integers(0, 9)}),
    "push": st.fixed_dictionaries(
        {
            "what": st.sampled_from(
                ["write", "submit", "judge", "judge", "approve", "reject", "go on"]
            ),
            "which": st.integers(0, 50),
            "who": st.permutations(range(1, 8)),
            "action": st.sampled_from([*TURNS, *DECISIONS]),
            "marks": st.sampled_from([2, 4]),
        }
    ),
    "days_pass": st.fixed_dictionaries({"days": st.integers(1, 5)}),
    "leave": st.fixed_dictionaries(
        {"who": st.integers(0, 9), "ahead": st.integers(0, 4), "days": st.integers(0, 9)}
    ),
    "return_early": st.fixed_dictionaries({"who": st.integers(0, 9)}),
    "rewrite": st.fixed_dictionaries({"which": st.integers(0, 50), "who": st.integers(0, 2)}),
    "write_together": st.fixed_dictionaries(
        {"which": st.integers(0, 50), "who": st.integers(0, 9), "is_named": st.booleans()}
    ),
    "pair_up": st.fixed_dictionaries(
        {"mentor": st.integers(0, 9), "mentee": st.integers(0, 1), "is_over": st.booleans()}
    ),
    "staff": st.fixed_dictionaries(
        {
            "who": st.integers(2, 6),
            "what": st.sampled_from(["close", "open", "open", "narrow", "widen"]),
        }
    ),
    "open_desk": st.fixed_dictionaries({"who": st.integers(0, 9)}),
}
"""What may be done, and with what. One rule draws among them: of several, hypothesis would switch
some off in each run, and most runs would never begin a review."""
OFTEN = ["push"] * 6


def sheet(marks: int | None, comment: str) -> Sheet | None:
    """The whole form: everything met, and these marks for each; None: no form."""
    if marks is None:
        return None
    form = shipped_form()
    return Sheet(
        {item.code: True for item in form.criteria},
        {item.code: marks for item in form.scores},
        changes=comment,
    )


def is_over(submission: Submission, stage: Stage) -> bool:
    """Whether this round has brought the stage to its end; taken back is no end."""
    if stage is submission.stage:
        return submission.outcome in DECISIONS
    order = submission.policy.stages
    return stage in order and order.index(stage) < order.index(submission.stage)


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
            self.boss = self.people[8]
            self.alliance_id = alliance.id
            self.by_id = {person.id: person for person in self.people}
            self.began_with: dict[int, Policy] = {}
            self.lacks: dict[tuple[int, Stage], tuple[int, int]] = {}
            """How many people a stage lacked after the last step, and how often that was told."""
            self.most_reviews = 0
            self.given = given
            self.revisions: list[int] = []

        def teardown(self) -> None:
            self.session.rollback()
            self.session.close()

        @rule(data=st.data())
        def step_on(self, data: st.DataObject) -> None:
            what = data.draw(st.sampled_from([*KINDS, *OFTEN]))
            if self.revisions or what in {"write", "push", "set_policy", "leave", "staff"}:
                getattr(self, what)(**data.draw(KINDS[what]))
                self._even_out()

        def set_policy(
            self,
            stages: tuple[Stage, ...],
            approvals: dict[Stage, int],
            lowest: float | None,
            *,
            fast: bool,
            of_alliance: bool,
        ) -> None:
            policy = Policy(stages, approvals, lowest, fast_lane=fast)
            place = self.alliance_id if of_alliance else None
            self._try(lambda: save_policy(self.uow, self.boss, policy, alliance_id=place))

        def write(self, who: int, audience: Audience) -> None:
            self.revisions.append(self.given.draft(by=self.people[who], audience=audience).id)

        def step(
            self,
            which: int,
            who: int,
            action: Action,
            comment: str,
            reason: Reason | None,
            marks: int | None,
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
                    sheet=sheet(marks, comment),
                )
            )

        def revise(self, which: int, who: int) -> None:
            revision_id = self.revisions[which % len(self.revisions)]
            new = self._try(lambda: drafting.revise(self.uow, self.people[who], revision_id))
            if new is not None:
                self.revisions.append(new.id)

        def push(self, what: str, which: int, who: list[int], action: Action, marks: int) -> None:
            """Random steps alone seldom get anywhere; these are what people would do."""
            self.clock.pass_(minutes=1)
            if what == "write" or not self.revisions:
                audience = list(Audience)[which % 3]
                self.revisions.append(self.given.draft(by=self.people[0], audience=audience).id)
            revision_id = self.revisions[which % len(self.revisions)]
            act = partial(take_step, self.uow, comment="请说明", reason=Reason.QUALITY)
            author, other = self.people[:2]
            if what in {"submit", "write"}:
                for each in (author, other):
                    self._try(partial(act, each, revision_id, Action.SUBMIT, rights_declared=True))
            elif what == "go on":
                new = self._try(lambda: drafting.revise(self.uow, author, revision_id))
                if new is not None:
                    self.revisions.append(new.id)
                    self._rewrite(author, new.id, str(which))
                    self._try(partial(act, author, new.id, Action.SUBMIT, rights_declared=True))
            else:
                self._judge(act, what, revision_id, who, action, marks)

        def _judge(
            self,
            act: Callable[..., Revision],
            what: str,
            revision_id: int,
            who: list[int],
            action: Action,
            marks: int,
        ) -> None:
            """The first who may takes ``action``, or as many as may approve or reject."""
            words = sheet(4 if what == "approve" else marks, "请说明")
            chosen = {"approve": Action.APPROVE, "reject": Action.REJECT}.get(what, action)
            if chosen is Action.HAND_OVER:
                act = partial(act, successor=self.people[who[-1]].id)
            for number in who:
                taken = partial(act, self.people[number], revision_id, chosen)
                if self._try(partial(taken, sheet=words)) and what == "judge":
                    break
            if what == "reject":
                for author in self.people[:2]:
                    self._try(partial(act, author, revision_id, Action.APPEAL))

        def days_pass(self, days: int) -> None:
            """Reminders, escalation, and on to the next reviewer, as the clock has it."""
            self.clock.pass_(days=days)
            for number in open_submissions(self.session):
                look_at(self.uow, number)
            told = self._notices()
            for number in open_submissions(self.session):
                look_at(self.uow, number)
            assert self._notices() == told, "twice on one day"
            today = self.uow.today()
            late = select(Assignment).where(
                Assignment.ended_at.is_(None), Assignment.due_on < today
            )
            if working_calendar(self.session).is_working_day(today):
                for turn in self.session.scalars(late.options(joinedload(Assignment.submission))):
                    told_of = self._turns_told_of(turn.submission, Notice.kind == ESCALATED)
                    assert turn.id in told_of

        def _notices(self) -> int:
            return self.session.scalar(select(func.count(Notice.id))) or 0

        def leave(self, who: int, ahead: int, days: int) -> None:
            """What the worker does at once when a leave begins today, and at dawn else."""
            person, today = self.people[who], self.uow.today()
            first = today + timedelta(days=ahead)
            last = first + timedelta(days=days)
            self._try(lambda: go_away(self.uow, person, person.id or 0, first, last, ""))
            for number in submissions_of(self.session, person.id or 0):
                look_at(self.uow, number)

        def return_early(self, who: int) -> None:
            person = self.people[who]
            for leave in leaves(self.session, person.id or 0, self.uow.today()):
                self._try(partial(come_back, self.uow, person, leave.id))

        def write_together(self, which: int, who: int, *, is_named: bool) -> None:
            """A draft of a first or a second author gets one more author, or one less."""
            act = name_co_author if is_named else remove_co_author
            number = self.revisions[which % len(self.revisions)]
            for author in self.people[:2]:
                self._try(partial(act, self.uow, author, number, self.people[who].id or 0))

        def pair_up(self, mentor: int, mentee: int, *, is_over: bool) -> None:
            """Somebody becomes an author's mentor, or is so no more; the worker acts at once."""
            one, other = self.people[mentor], self.people[mentee]
            pairs = {each.id for each in pairs_of(self.session, other.id or 0)}
            if is_over:
                for number in pairs:
                    self._try(partial(part, self.uow, self.boss, number))
                return
            act = partial(pair, self.uow, self.boss)
            self._try(partial(act, mentor_id=one.id or 0, mentee_id=other.id or 0))
            for person in (one, other):
                for number in submissions_of(self.session, person.id or 0):
                    look_at(self.uow, number)

        def staff(self, who: int, what: str) -> None:
            """A reviewer's account is closed or opened, or the subjects change; all act at once."""
            person = self.people[who]
            number = person.id or 0
            if what in {"close", "open"}:
                set_active(self.uow, self.boss, number, active=what == "open")
            else:
                role = self.session.scalars(
                    select(Appointed).where(
                        Appointed.user_id == number, Appointed.role == Role.REVIEWER
                    )
                ).one()
                appoint(
                    self.uow,
                    self.boss,
                    number,
                    Role.REVIEWER,
                    school_id=role.school_id,
                    alliance_id=role.alliance_id,
                    subjects=("art",) if what == "narrow" else (),
                )
            self.session.flush()
            self.session.expire_all()
            nobody = replace(person, appointments=())
            self.people[who] = load_person(self.session, number) or nobody
            for each in submissions_of(self.session, number):
                look_at(self.uow, each)

        def open_desk(self, who: int) -> None:
            """What somebody has had on the desk stays theirs."""
            person = self.people[who]
            for number in submissions_of(self.session, person.id or 0)[:1]:
                note_opened(self.uow, person, number)

        def _even_out(self) -> None:
            """What the worker does with what was promised: everybody has the least they can."""
            jobs = select(Job).where(Job.kind == "rebalance").order_by(Job.id)
            while promised := self.session.scalars(jobs).all():
                for job in promised:
                    self.session.delete(job)
                for number in {int(job.subject) for job in promised}:
                    begun = set(self.session.scalars(BEGUN))
                    before = self._open_by_person()
                    while self._take_over(number):
                        after = self._open_by_person()
                        (loser,) = [one for one in before if after.get(one, 0) < before[one]]
                        assert before[loser] - before.get(number, 0) > 2
                        before = after
                    assert begun <= set(self.session.scalars(BEGUN))

        def _take_over(self, number: int) -> bool:
            turn = to_take_over(self.session, number, self.uow.today())
            return turn is not None and take_over(self.uow, number, turn)

        def _open_by_person(self) -> dict[int, int]:
            rows = self.session.execute(
                select(Assignment.reviewer_id, func.count())
                .where(Assignment.ended_at.is_(None))
                .group_by(Assignment.reviewer_id)
            )
            return dict(rows.all())

        def _rewrite(self, author: Person, revision_id: int, title: str) -> None:
            """Only a draft takes it; the title alone makes a small change."""
            revision = self.session.get_one(Revision, revision_id)
            changed = self.given.description(
                title=title, audience=revision.audience, alliance_id=revision.alliance_id
            )
            act = partial(drafting.describe, self.uow, author, revision_id, changed)
            self._try(act)

        def rewrite(self, which: int, who: int) -> None:
            number = self.revisions[which % len(self.revisions)]
            self._rewrite(self.people[who], number, f"教案{which}")

        def _try(self, act: Callable[[], Done]) -> Done | None:
            """Do it, or be refused in words and leave no trace of it."""
            with self.session.begin_nested() as savepoint:
                try:
                    return act()
                except HubError:
                    savepoint.rollback()
                    self.session.expire_all()
                    return None

        @invariant()
        def what_is_published_was_approved_by_the_right_people_as_it_is(self) -> None:
            self.session.flush()
            published = self.session.execute(
                select(Revision, Resource)
                .join(Revision.resource)
                .where(Revision.state.in_([State.PUBLISHED, State.SUPERSEDED]))
            ).all()
            for revision, resource in published:
                rounds = self.session.scalars(
                    select(Submission)
                    .where(Submission.revision_id == revision.id)
                    .order_by(Submission.round.desc())
                ).all()
                last = rounds[0]
                assert last.outcome is Action.APPROVE
                copy = self.session.get_one(JudgedCopy, last.id)
                assert copy.description == packed(description_of(resource, revision))
                counted = [last.id]
                if last.appeal_of is not None:
                    counted.append(rounds[1].id)
                    assert rounds[1].outcome is Action.REJECT
                self._approved(resource, last, counted)

        def _approved(self, resource: Resource, last: Submission, counted: list[int]) -> None:
            """At each stage the policy's approvals; those before an appeal count for it."""
            reviews = self.session.scalars(
                select(Review).where(Review.submission_id.in_(counted)).order_by(Review.id)
            ).all()
            order = list(Stage)
            together = co_author_ids(self.session, last.revision_id)
            for stage in last.policy.stages:
                passed_before = last.appeal_of is not None and order.index(stage) < order.index(
                    self._appealed_at(last)
                )
                ours = [
                    each
                    for each in reviews
                    if each.stage is stage and (each.submission_id != last.id) == passed_before
                ]
                assert {each.decision for each in ours} == {Action.APPROVE}
                assert len({each.reviewer_id for each in ours}) == last.policy.approvals_at(stage)
                assert len(ours) == last.policy.approvals_at(stage)
                assert together.isdisjoint({each.reviewer_id for each in ours})
                for each in ours:
                    reviewer = self.by_id[each.reviewer_id]
                    assert each.reviewer_id != resource.owner_id
                    if stage is Stage.ALLIANCE:
                        assert reviewer.school_id != resource.school_id
                    else:
                        assert reviewer.school_id == resource.school_id
            barred = {
                each.reviewer_id
                for each in reviews
                if each.submission_id != last.id and each.decision is not Action.APPROVE
            }
            assert barred.isdisjoint(
                {each.reviewer_id for each in reviews if each.submission_id == last.id}
            )

        def _appealed_at(self, appeal: Submission) -> Stage:
            """Where the round ended that the appeal is about."""
            return self.session.scalars(
                select(Submission.stage).where(
                    Submission.revision_id == appeal.revision_id,
                    Submission.round == appeal.appeal_of,
                )
            ).one()

        @invariant()
        def who_is_under_review_has_somebody_or_the_coordinator_knows(self) -> None:
            for submission in self.session.scalars(
                select(Submission).where(Submission.outcome.is_(None))
            ):
                ours = (Review.submission_id == submission.id, Review.stage == submission.stage)
                judged = self.session.scalar(select(func.count(Review.id)).where(*ours)) or 0
                turns = open_assignments(self.session, submission.id)
                wanted = submission.policy.approvals_at(submission.stage)
                assert len(turns) + judged <= wanted
                self._a_new_lack_is_told(submission, wanted - len(turns) - judged)
                absent = away(self.session, [each.reviewer_id for each in turns], self.uow.today())
                for turn in turns:
                    if leave := absent.get(turn.reviewer_id):
                        dawn = datetime.combine(leave.first_on, time(), SHANGHAI)
                        since, began = turn.claimed_at or turn.assigned_at, leave.entered_at
                        said = (Notice.kind == AWAY, Notice.at >= max(began, dawn))
                        is_told = turn.id in self._turns_told_of(submission, *said)
                        assert is_told or since > max(began, dawn)

        def _a_new_lack_is_told(self, submission: Submission, number: int) -> None:
            """That more are lacking than after the last step of this stage."""
            told = self.session.scalar(
                select(func.count(Notice.id)).where(
                    Notice.submission_id == submission.id, Notice.kind == NOBODY
                )
            )
            here = (submission.id, submission.stage)
            before, told_before = self.lacks.get(here, (0, 0))
            assert (told or 0) > told_before or number <= before
            self.lacks[here] = (number, told or 0)

        def _turns_told_of(
            self, submission: Submission, *conditions: ColumnElement[bool]
        ) -> set[int]:
            """Of whose turns the coordinators were told."""
            told = select(Notice.values).where(Notice.submission_id == submission.id, *conditions)
            return {values["turn"] for values in self.session.scalars(told)}

        @invariant()
        def nobody_has_to_judge_what_they_may_not(self) -> None:
            """The own or a mentor's work, another subject, anything after they were dismissed."""
            held = select(Assignment).where(Assignment.ended_at.is_(None))
            for turn in self.session.scalars(held.options(joinedload(Assignment.submission))):
                revision = load_revision(self.session, turn.submission.revision_id)
                holder = load_person(self.session, turn.reviewer_id)
                assert holder is not None
                assert is_reviewer_of_it(holder, reviewable(self.session, revision)) is None

        @invariant()
        def a_policy_under_way_stays_as_it_was(self) -> None:
            for number, policy in self.session.execute(select(Submission.id, Submission.policy)):
                assert self.began_with.setdefault(number, policy) == policy

        @invariant()
        def what_is_decided_is_hidden_until_all_are_in_and_never_afterwards(self) -> None:
            rows = self.session.execute(select(Review, Submission).join(Review.submission)).all()
            rounds = self.session.scalars(select(Submission)).all()
            for review, submission in rows:
                over = any(
                    each.revision_id == submission.revision_id
                    and each.round >= submission.round
                    and is_over(each, review.stage)
                    for each in rounds
                )
                assert (review.disclosed_at is not None) == over
            assert len(rows) >= self.most_reviews, "a decision was lost"
            self.most_reviews = len(rows)

        @invariant()
        def the_audit_trail_replays_to_the_same_states(self) -> None:
            replayed: dict[int, tuple[int | None, str, str | None]] = {}
            for event in self.session.scalars(select(AuditEvent).order_by(AuditEvent.id)):
                number, resource = event.revision_id, event.resource_id
                if number is None or not event.tag.startswith(("revision:", "resource:")):
                    continue
                if event.tag in {"resource:create", "resource:revise"}:
                    replayed[number] = (resource, "draft", None)
                elif "after" in event.detail:
                    after = event.detail["after"]
                    if after == "published":
                        for other, (same, state, _stage) in replayed.items():
                            if same == resource and state == "published":
                                replayed[other] = (resource, "superseded", None)
                    replayed[number] = (resource, after, event.detail.get("after_stage"))
            rows = self.session.execute(
                select(Revision.id, Revision.resource_id, Revision.state, Revision.stage)
            )
            kept = {
                number: (resource, state.value, stage.value if stage else None)
                for number, resource, state, stage in rows
            }
            assert replayed == kept

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
@pytest.mark.timeout(300 + IN_ALL)
def test_no_path_leads_around_the_review(engine: Engine, storage: LocalStorage) -> None:
    machine = machine_on(engine, storage)
    run = machine.TestCase
    run.settings = settings(
        max_examples=max(1, IN_ALL // IN_ONE // (1 if engine.dialect.name == "sqlite" else 3)),
        stateful_step_count=IN_ONE,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
    )
    run("runTest").runTest()

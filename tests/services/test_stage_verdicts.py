"""The thread says of each stage by which rule it ended, and what the scores come to."""

from sqlalchemy.orm import Session

from resource_hub.domain.policy import Policy, Stage
from resource_hub.domain.review import Action, Reason
from resource_hub.domain.review_form import Sheet
from resource_hub.domain.verdict import Decision, Ground
from resource_hub.models import Revision
from resource_hub.services.queries.stage_verdicts import StageVerdict
from resource_hub.services.queries.thread import thread
from resource_hub.services.queries.thread_entries import What
from resource_hub.services.review import take_step
from resource_hub.services.review_forms import shipped_form
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import NOON, Given
from tests.services.test_inbox import submission_of
from tests.services.test_verdicts import Cast

FORM = shipped_form()


def sheet(score: int, **failed: bool) -> Sheet:
    return Sheet(
        {item.code: True for item in FORM.criteria} | failed,
        {item.code: score for item in FORM.scores},
        changes="再改",
        form=FORM.digest,
    )


def ends(session: Session, cast: Cast, revision: Revision) -> list[StageVerdict]:
    found = thread(session, cast.author, submission_of(session, revision).id, NOON)
    return [
        entry.verdict
        for round_ in found.rounds
        for entry in round_.entries
        if entry.what is What.VERDICT and entry.verdict is not None
    ]


def test_one_of_two_asked_for_changes_and_that_holds(given: Given, uow: UnitOfWork) -> None:
    cast = Cast(given, uow, Policy((Stage.SCHOOL,), {Stage.SCHOOL: 2}))
    revision = cast.submitted()
    cast.decide(0, revision, Action.APPROVE, sheet=sheet(4))
    assert ends(uow.session, cast, revision) == []  # the second is not in
    cast.decide(1, revision, Action.REQUEST_CHANGES, sheet=sheet(2))
    [found] = ends(uow.session, cast, revision)
    assert found.verdict.decision is Decision.REQUEST_CHANGES
    assert found.verdict.grounds == {Ground.OPINION}
    assert found.verdict.mean == 3.0
    assert found.opinions == {
        Decision.APPROVE: 1,
        Decision.REQUEST_CHANGES: 1,
        Decision.REJECT: 0,
    }


def test_all_approved_and_the_mean_sends_it_back(given: Given, uow: UnitOfWork) -> None:
    cast = Cast(given, uow, Policy((Stage.SCHOOL,), {Stage.SCHOOL: 2}, lowest_mean=4.0))
    revision = cast.submitted()
    for who, score in ((0, 5), (1, 2)):
        cast.decide(who, revision, Action.APPROVE, sheet=sheet(score))
    [found] = ends(uow.session, cast, revision)
    assert (found.verdict.decision, found.verdict.grounds) == (
        Decision.REQUEST_CHANGES,
        frozenset({Ground.LOW_MEAN}),
    )
    assert (found.verdict.mean, found.lowest_mean) == (3.5, 4.0)


def test_what_was_taken_back_before_all_were_in_has_no_end(given: Given, uow: UnitOfWork) -> None:
    cast = Cast(given, uow, Policy((Stage.SCHOOL,), {Stage.SCHOOL: 2}))
    revision = cast.submitted()
    cast.decide(0, revision, Action.REJECT, "抄来的")
    take_step(uow, cast.author, revision.id, Action.TAKE_BACK)
    assert ends(uow.session, cast, revision) == []


def test_each_stage_and_each_round_has_its_end(given: Given, uow: UnitOfWork) -> None:
    village, town = given.school(), given.school()
    alliance = given.alliance(village, town)
    author = given.teacher(school=village)
    first = given.reviewer(school=village)
    one, other = (given.reviewer(school=town, alliance=alliance) for _ in range(2))
    revision = given.submitted(by=author)
    take_step(uow, first, revision.id, Action.APPROVE)
    take_step(uow, one, revision.id, Action.REJECT, comment="抄", reason=Reason.RIGHTS)
    take_step(uow, author, revision.id, Action.APPEAL, comment="有授权")
    take_step(uow, other, revision.id, Action.APPROVE)
    found = thread(uow.session, author, submission_of(uow.session, revision).id, NOON)
    assert [
        (round_.number, entry.stage, entry.action)
        for round_ in found.rounds
        for entry in round_.entries
        if entry.what is What.VERDICT
    ] == [
        (1, Stage.SCHOOL, Action.APPROVE),
        (1, Stage.ALLIANCE, Action.REJECT),
        (2, Stage.ALLIANCE, Action.APPROVE),
    ]

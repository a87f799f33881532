"""Whose turn it is at a submission, as a test wants it."""

from datetime import date

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.domain.review import State
from resource_hub.models import Assignment, Resource, Revision, Submission
from resource_hub.services.assigning import close_assignments
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import NOON

TODAY = NOON.date()


def give(
    uow: UnitOfWork,
    submission: Submission,
    to: Person | None = None,
    *,
    due: date = TODAY,
) -> None:
    """Make it the turn of ``to`` alone, until ``due``; of nobody without."""
    close_assignments(uow, submission)
    uow.session.flush()
    if to is not None:
        uow.session.add(
            Assignment(
                submission_id=submission.id,
                stage=submission.stage,
                reviewer_id=to.id,
                assigned_at=uow.now(),
                due_on=due,
            )
        )
        uow.session.flush()


def many(session: Session, like: Submission, number: int) -> None:
    """``number`` further submissions, each of a resource of its own, with a turn of their own."""
    revision = session.get_one(Revision, like.revision_id)
    resource = session.get_one(Resource, revision.resource_id)
    first = 1_000_000
    numbers = range(first, first + number)
    session.execute(
        insert(Resource),
        [
            {
                "id": n,
                "public_id": f"R-{n}",
                "kind": resource.kind,
                "owner_id": resource.owner_id,
                "school_id": resource.school_id,
                "created_at": NOON,
            }
            for n in numbers
        ],
    )
    session.execute(
        insert(Revision),
        [
            {
                "id": n,
                "resource_id": n,
                "number": 1,
                "state": State.IN_REVIEW,
                "stage": like.stage,
                "title": f"第{n}课",
                "subject": revision.subject,
                "school_stage": revision.school_stage,
                "rights_declared_at": NOON,
                "created_at": NOON,
                "updated_at": NOON,
            }
            for n in numbers
        ],
    )
    session.execute(
        insert(Submission),
        [
            {
                "id": n,
                "revision_id": n,
                "round": 1,
                "alliance_id": like.alliance_id,
                "policy": like.policy,
                "stage": like.stage,
                "opened_at": NOON,
                "stage_since": NOON,
            }
            for n in numbers
        ],
    )
    turn = session.scalars(
        select(Assignment).where(Assignment.submission_id == like.id, Assignment.ended_at.is_(None))
    ).first()
    if turn is not None:
        session.execute(
            insert(Assignment),
            [
                {
                    "submission_id": n,
                    "stage": like.stage,
                    "reviewer_id": turn.reviewer_id,
                    "assigned_at": NOON,
                    "due_on": turn.due_on,
                }
                for n in numbers
            ],
        )
    session.expire_all()

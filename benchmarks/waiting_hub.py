"""A data folder with many submissions under review, all of which one reviewer may judge."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.filled_hub import BATCH, Row, add_rows, filled_hub
from benchmarks.material import NEWEST
from config import Settings
from resource_hub.domain.people import Role
from resource_hub.domain.policy import usual_policy
from resource_hub.domain.review import Stage, State
from resource_hub.domain.visibility import Audience
from resource_hub.models import Appointed, Assignment, Resource, Revision, Submission
from resource_hub.models.database import WRITING, open_database

READER = 7
"""``teacher7``: a reviewer of the alliance, and so of every school but the own."""

HOLDERS = range(100, 130)
"""Thirty reviewers who have most of it; the reader has some, and some nobody has."""


def waiting_hub(data: Path, count: int) -> Settings:
    """The settings of a hub with ``count`` open submissions at the alliance stage."""
    settings = filled_hub(data, count)
    engine = open_database(settings.database_url)
    try:
        with Session(engine) as session:
            present = session.scalar(select(func.count()).select_from(Submission)) or 0
            owners = dict(session.execute(select(Resource.id, Resource.owner_id)).all())
        if present == count:
            return settings
        with engine.connect().execution_options(**{WRITING: True}) as connection:
            connection.execute(
                Revision.__table__.update().values(  # type: ignore[attr-defined]  # FromClause
                    state=State.IN_REVIEW, stage=Stage.ALLIANCE, published_at=None, basis=None
                )
            )
            connection.execute(
                Resource.__table__.update().values(  # type: ignore[attr-defined]  # FromClause
                    audience_token=None, available_at=None
                )
            )
            add_rows(connection, Appointed, list(_reviewers()))
            rows = [_submission(number) for number in sorted(owners)]
            for start in range(0, count, BATCH):
                add_rows(connection, Submission, rows[start : start + BATCH])
            add_rows(connection, Assignment, list(_turns(owners)))
            connection.commit()
    finally:
        engine.dispose()
    return settings


def _reviewers() -> Iterator[Row]:
    for number in (READER, *HOLDERS):
        yield {
            "user_id": number,
            "role": Role.REVIEWER,
            "alliance_id": 1,
            "subjects": (),
            "stages": (),
        }


def _submission(number: int) -> Row:
    at = NEWEST - timedelta(hours=number % 400)
    return {
        "id": number,
        "revision_id": number,
        "round": 1,
        "alliance_id": 1,
        "policy": usual_policy(Audience.ALLIANCE),
        "stage": Stage.ALLIANCE,
        "opened_at": at,
        "stage_since": at,
    }


def _turns(owners: dict[int, int]) -> Iterator[Row]:
    """Nineteen of twenty have somebody; the reader has about one in thirty."""
    everybody = (READER, *HOLDERS)
    for number, owner in sorted(owners.items()):
        holder = everybody[number % len(everybody)]
        if number % 20 == 0 or holder == owner:
            continue
        at = NEWEST - timedelta(hours=number % 400)
        yield {
            "submission_id": number,
            "stage": Stage.ALLIANCE,
            "reviewer_id": holder,
            "assigned_at": at,
            "due_on": (at + timedelta(days=7)).date(),
        }

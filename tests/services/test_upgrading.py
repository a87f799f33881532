"""A hub in use is upgraded: what was in its tables is still there, in its new place."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.orm import Session

from resource_hub.domain.review import Stage
from resource_hub.edge.migrating import downgrade, upgrade
from resource_hub.models import Assignment, Notice, Review, Submission
from tests.given import NOON

SINCE = datetime(2026, 10, 9, 1, 30, tzinfo=UTC)


def insert(connection: Connection, table: str, **values: Any) -> None:  # Any: values of a row
    columns, places = ", ".join(f'"{name}"' for name in values), ", ".join(f":{n}" for n in values)
    connection.execute(text(f'INSERT INTO "{table}" ({columns}) VALUES ({places})'), values)  # noqa: S608 - names of this file


def a_hub_before_assignments(engine: Engine) -> None:
    """One author, one reviewer with a submission; an opinion and a notice of the last round."""
    downgrade(engine, "0016")
    with engine.begin() as connection:
        insert(connection, "school", id=1, code="s1", name="山口小学", created_at=NOON)
        for number, name in ((1, "王敏"), (2, "李老师")):
            insert(
                connection, "user", id=number, account=f"p{number}", name=name, school_id=1,
                password_hash="", subjects="", grades="", language="", is_active=True,
                is_demo=False, created_at=NOON,
            )  # fmt: skip
        insert(
            connection, "resource", id=1, public_id="R-000001", kind="lesson_plan", owner_id=1,
            school_id=1, withdrawn_reason="", views=0, downloads=0, created_at=NOON, version=1,
        )  # fmt: skip
        insert(
            connection, "revision", id=1, resource_id=1, number=1, state="in_review",
            stage="school", title="分数", summary="", school_stage="", subject="", volume="",
            edition="", unit="", keywords="[]", language="zh-Hans", licence="", audience="school",
            sections="{}", text="", source="", rights_declared_at=NOON, created_at=NOON,
            updated_at=NOON, version=1,
        )  # fmt: skip
        for number, outcome, holder in ((1, "request_changes", None), (2, None, 2)):
            insert(
                connection, "submission", id=number, revision_id=1, round=number,
                policy='{"stages": ["school"]}', fast_lane=False, stage="school",
                opened_at=NOON, stage_since=NOON,
                closed_at=NOON if outcome else None, outcome=outcome, holder_id=holder,
                held_since=SINCE if holder else None, message="", version=1,
            )  # fmt: skip
        insert(
            connection, "review", id=1, submission_id=1, stage="school", reviewer_id=2,
            reviewer_school_id=1, author_id=1, author_school_id=1, decision="request_changes",
            comment="请补充", decided_at=NOON,
        )  # fmt: skip
        insert(
            connection, "notice", id=1, user_id=1, at=NOON, kind="request_changes", values="{}",
            submission_id=1,
        )  # fmt: skip


def test_who_held_a_submission_has_it_still_and_nothing_else_is_lost(engine: Engine) -> None:
    a_hub_before_assignments(engine)
    upgrade(engine)
    with Session(engine) as session:
        [held] = session.query(Assignment).all()
        assert (held.submission_id, held.stage, held.reviewer_id) == (2, Stage.SCHOOL, 2)
        assert (held.assigned_at, held.claimed_at, held.due_on) == (
            SINCE,
            SINCE,
            date(2026, 10, 16),
        )
        assert (held.ended_at, held.why) == (None, {})
        assert [review.comment for review in session.query(Review)] == ["请补充"]
        assert [notice.submission_id for notice in session.query(Notice)] == [1]
        assert [each.round for each in session.query(Submission).order_by(Submission.id)] == [1, 2]


def test_going_back_names_the_holder_again_and_keeps_the_rules_of_the_table(
    engine: Engine,
) -> None:
    a_hub_before_assignments(engine)
    upgrade(engine)
    downgrade(engine, "0016")
    with engine.begin() as connection:
        rows = connection.execute(text("SELECT id, holder_id FROM submission ORDER BY id")).all()
        assert [tuple(row) for row in rows] == [(1, None), (2, 2)]
    upgrade(engine)
    with engine.begin() as connection:
        names = {found["name"] for found in inspect(connection).get_check_constraints("submission")}
    assert {"ck_submission_closed_has_outcome", "ck_submission_stage"} <= names
    assert not names & {"ck_submission_held_since_when", "ck_submission_closed_is_not_held"}

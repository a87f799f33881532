"""The migrations and the models say the same, up and down, on both databases."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.orm import Session

from resource_hub.domain.policy import Policy, Stage
from resource_hub.domain.visibility import Audience
from resource_hub.edge.migrating import downgrade, upgrade
from resource_hub.models import Base, Issue, Submission
from resource_hub.models.database import open_database
from tests.given import NOON, Given

TWO = Policy((Stage.SCHOOL,), {Stage.SCHOOL: 2})


def test_a_migrated_database_is_what_the_models_describe(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrations_go_down_and_up_again(engine: Engine) -> None:
    tables = set(inspect(engine).get_table_names())
    downgrade(engine, "base")
    assert set(inspect(engine).get_table_names()) == {"alembic_version"}
    upgrade(engine)
    assert set(inspect(engine).get_table_names()) == tables


def test_upgrading_twice_changes_nothing(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'new.db'}")
    upgrade(engine)
    before = inspect(engine).get_table_names()
    upgrade(engine)
    assert inspect(engine).get_table_names() == before
    engine.dispose()


@pytest.mark.parametrize("table", ["user", "resource", "revision", "submission", "review", "job"])
def test_the_tables_of_the_main_flow_are_there(engine: Engine, table: str) -> None:
    assert table in inspect(engine).get_table_names()


def test_submissions_keep_what_they_must_pass_down_and_up(
    engine: Engine, session: Session, given: Given
) -> None:
    author = given.teacher(school=given.home())
    given.submitted(by=author)
    two = given.submitted(by=author, audience=Audience.SCHOOL).id
    session.scalars(select(Submission).where(Submission.revision_id == two)).one().policy = TWO
    session.commit()
    session.close()
    downgrade(engine, "0011")
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT stages, approvals FROM submission ORDER BY id"))
        assert kept.all() == [(" school alliance ", 1), (" school ", 2)]
    upgrade(engine)
    policies = session.scalars(select(Submission.policy).order_by(Submission.id)).all()
    assert [(policy.stages, policy.approvals_at(Stage.SCHOOL)) for policy in policies] == [
        ((Stage.SCHOOL, Stage.ALLIANCE), 1),
        ((Stage.SCHOOL,), 2),
    ]


def test_an_issue_that_is_out_keeps_the_name_its_alliance_has_when_names_begin_to_be_copied(
    engine: Engine, session: Session, given: Given
) -> None:
    alliance = given.alliance(name="城乡联盟")
    for month, number in (("2026-09", 1), ("2026-10", None)):
        session.add(
            Issue(
                alliance_id=alliance.id, month=month, number=number, covers_from=NOON,
                covers_to=NOON, built_at=NOON, published_at=NOON if number else None,
            )
        )  # fmt: skip
    session.commit()
    session.close()
    downgrade(engine, "0045")
    upgrade(engine)
    kept = session.execute(select(Issue.month, Issue.alliance_name).order_by(Issue.month))
    assert kept.all() == [("2026-09", "城乡联盟"), ("2026-10", None)]

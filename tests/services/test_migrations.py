"""The migrations and the models say the same, up and down, on both databases."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect

from resource_hub.edge.migrating import downgrade, upgrade
from resource_hub.models import Base
from resource_hub.models.database import open_database


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

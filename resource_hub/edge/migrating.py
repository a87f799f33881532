"""Bring a database to the present shape."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine

from resource_hub.models.database import WRITING

SCRIPTS = Path(__file__).resolve().parents[2] / "migrations"


def upgrade(engine: Engine, target: str = "head") -> None:
    """Run the missing migrations; nothing happens when there are none."""
    with engine.connect().execution_options(**{WRITING: True}) as connection:
        command.upgrade(_config(connection), target)
        connection.commit()


def downgrade(engine: Engine, target: str) -> None:
    with engine.connect().execution_options(**{WRITING: True}) as connection:
        command.downgrade(_config(connection), target)
        connection.commit()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    return config

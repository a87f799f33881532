"""Run the migrations on the connection that the hub hands over."""

from alembic import context

from resource_hub.models import Base
from resource_hub.models.base import Codes, UtcDateTime


def plain(kind: str, thing: object, _context: object) -> str | bool:
    """Write the hub's own column types as what the database sees, so old migrations stay true."""
    if kind == "type" and isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(thing, Codes):
        return "sa.Text()"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    compare_type=True,
    render_item=plain,
    render_as_batch=connection.dialect.name == "sqlite",
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()

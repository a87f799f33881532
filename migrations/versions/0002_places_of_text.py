"""Where each page, slide and sheet begins in the text of a file.

What was inspected before does not know its places: such a file is looked into once more, in the
background, one every five seconds so that new uploads do not wait.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

PAUSE = timedelta(seconds=5)

blob = sa.table("blob", sa.column("key", sa.String), sa.column("pages", sa.Integer))
blob_text = sa.table("blob_text", sa.column("blob_key", sa.String))
job = sa.table(
    "job",
    sa.column("kind", sa.String),
    sa.column("subject", sa.String),
    sa.column("state", sa.String),
    sa.column("run_at", sa.DateTime(timezone=True)),
    sa.column("attempts", sa.Integer),
    sa.column("error", sa.Text),
    sa.column("created_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    with op.batch_alter_table("blob_text") as batch_op:
        batch_op.add_column(sa.Column("places", sa.JSON(), server_default="[]", nullable=False))
    now = datetime.now(UTC)
    with_pages = sa.select(blob.c.key).where(
        blob.c.pages.is_not(None), blob.c.key.in_(sa.select(blob_text.c.blob_key))
    )
    keys = op.get_bind().scalars(with_pages.order_by(blob.c.key)).all()
    op.bulk_insert(
        job,
        [
            {
                "kind": "inspect",
                "subject": key,
                "state": "waiting",
                "run_at": now + number * PAUSE,
                "attempts": 0,
                "error": "",
                "created_at": now,
            }
            for number, key in enumerate(keys)
        ],
    )


def downgrade() -> None:
    with op.batch_alter_table("blob_text") as batch_op:
        batch_op.drop_column("places")

"""A person mutes a thread: no notices of it any more, but those that name them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0042"
down_revision: str | None = "0041"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "thread_mute",
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["thread.id"], name="fk_thread_mute_thread_id_thread", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["user.id"], name="fk_thread_mute_person_id_user", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("thread_id", "person_id", name="pk_thread_mute"),
    )
    op.create_index("ix_thread_mute_person_id", "thread_mute", ["person_id"])


def downgrade() -> None:
    op.drop_table("thread_mute")

"""A round may be called off, for a reason; people say beforehand that they will come."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0040"
down_revision: str | None = "0039"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # Rules of a column come with it: SQLite would write the table anew for those of the table, and
    # with it go the rows that refer to it.
    op.add_column(
        "issue_round",
        sa.Column(
            "called_off_at",
            sa.DateTime(timezone=True),
            sa.CheckConstraint(
                "called_off_at IS NULL OR minutes_at IS NULL",
                name=op.f("ck_issue_round_called_off_has_no_minutes"),
            ),
            nullable=True,
        ),
    )
    op.add_column(
        "issue_round",
        sa.Column(
            "called_off_why",
            sa.Text(),
            sa.CheckConstraint(
                "(called_off_at IS NULL) = (called_off_why = '')",
                name=op.f("ck_issue_round_called_off_for_a_reason"),
            ),
            server_default="",
            nullable=False,
        ),
    )
    op.create_table(
        "coming",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["issue_round.id"],
            name="fk_coming_round_id_issue_round",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name="fk_coming_user_id_user", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("round_id", "user_id", name="pk_coming"),
    )
    op.create_index("ix_coming_user_id", "coming", ["user_id"])


def downgrade() -> None:
    op.drop_table("coming")
    op.drop_column("issue_round", "called_off_why")
    op.drop_column("issue_round", "called_off_at")

"""What works are compared by, what was found to be alike, and what authors say to it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "work_print",
        sa.Column("revision_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("method", sa.Integer(), nullable=False),
        sa.Column("tokens", sa.Integer(), nullable=False),
        sa.Column("shingles", sa.Integer(), nullable=False),
        sa.Column("reach", sa.Float(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        _belongs_to("work_print", "revision_id", "revision"),
        sa.PrimaryKeyConstraint("revision_id", name=op.f("pk_work_print")),
    )
    op.create_table(
        "work_value",
        sa.Column("value", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("revision_id", sa.Integer(), autoincrement=False, nullable=False),
        _belongs_to("work_value", "revision_id", "revision"),
        sa.PrimaryKeyConstraint("value", "revision_id", name=op.f("pk_work_value")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_work_value_revision_id"), "work_value", ["revision_id"])
    op.create_table(
        "comparison",
        sa.Column("revision_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("compared_at", sa.DateTime(timezone=True), nullable=False),
        _belongs_to("comparison", "revision_id", "revision"),
        sa.PrimaryKeyConstraint("revision_id", name=op.f("pk_comparison")),
    )
    op.create_table(
        "found_alike",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("of_new", sa.Float(), nullable=False),
        sa.Column("of_old", sa.Float(), nullable=False),
        sa.Column("same_files", sa.JSON(), nullable=False),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("ck_found_alike_percent_is_one")),
        _belongs_to("found_alike", "revision_id", "revision"),
        _belongs_to("found_alike", "other_id", "revision"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_found_alike")),
        sa.UniqueConstraint(
            "revision_id", "other_id", name=op.f("uq_found_alike_revision_id_other_id")
        ),
    )
    op.create_index(op.f("ix_found_alike_other_id"), "found_alike", ["other_id"])
    op.create_table(
        "kinship",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column(
            "relation",
            sa.Enum(
                "new_version",
                "derived",
                "different",
                name="relation",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "relation <> 'different' OR why <> ''", name=op.f("ck_kinship_different_says_why")
        ),
        _belongs_to("kinship", "revision_id", "revision"),
        _belongs_to("kinship", "other_id", "resource"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kinship")),
        sa.UniqueConstraint(
            "revision_id", "other_id", name=op.f("uq_kinship_revision_id_other_id")
        ),
    )
    op.create_index(op.f("ix_kinship_other_id"), "kinship", ["other_id"])


def downgrade() -> None:
    for table in ("kinship", "found_alike", "comparison", "work_value", "work_print"):
        op.drop_table(table)


def _belongs_to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete="CASCADE"
    )

"""What was looked for in vain, and the words that administrators add for search."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "fruitless_search",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("query", sa.String(length=100), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("times > 0", name=op.f("ck_fruitless_search_happened")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fruitless_search")),
        sa.UniqueConstraint("month", "query", name=op.f("uq_fruitless_search_month_query")),
    )
    op.create_table(
        "search_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "word",
                "synonyms",
                name="wordkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'synonyms') = (text <> replace(text, '=', ''))",
            name=op.f("ck_search_word_synonyms_are_several"),
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["user.id"], name=op.f("fk_search_word_added_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_word")),
        sa.UniqueConstraint("key", name=op.f("uq_search_word_key")),
    )
    with op.batch_alter_table("search_word", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_search_word_added_by_id"), ["added_by_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("search_word", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_search_word_added_by_id"))

    op.drop_table("search_word")
    op.drop_table("fruitless_search")

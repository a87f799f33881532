"""What teachers wish for, and who wishes it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "wish",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("grade", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "answered",
                "withdrawn",
                name="wishstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("answer_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'answered') = (answer_id IS NOT NULL)", name=op.f("ck_wish_answer_is_named")
        ),
        sa.CheckConstraint(
            "(state = 'open') = (closed_at IS NULL)", name=op.f("ck_wish_closed_has_date")
        ),
        sa.CheckConstraint("text <> ''", name=op.f("ck_wish_says_something")),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["resource.id"], name=op.f("fk_wish_answer_id_resource")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish")),
    )
    with op.batch_alter_table("wish", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wish_answer_id"), ["answer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_wish_state"), ["state"], unique=False)

    op.create_table(
        "wish_audience",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wish_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("open_key", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(
            ["wish_id"], ["wish.id"], name=op.f("fk_wish_audience_wish_id_wish"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish_audience")),
        sa.UniqueConstraint("token", "open_key", name=op.f("uq_wish_audience_token_open_key")),
        sa.UniqueConstraint("wish_id", "token", name=op.f("uq_wish_audience_wish_id_token")),
    )
    op.create_table(
        "wisher",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wish_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["user.id"], name=op.f("fk_wisher_person_id_user"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["wish_id"], ["wish.id"], name=op.f("fk_wisher_wish_id_wish"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wisher")),
        sa.UniqueConstraint("wish_id", "person_id", name=op.f("uq_wisher_wish_id_person_id")),
    )
    with op.batch_alter_table("wisher", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wisher_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("wisher", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_wisher_person_id"))

    op.drop_table("wisher")
    op.drop_table("wish_audience")
    with op.batch_alter_table("wish", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_wish_state"))
        batch_op.drop_index(batch_op.f("ix_wish_answer_id"))

    op.drop_table("wish")

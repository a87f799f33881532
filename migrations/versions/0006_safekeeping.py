"""What is remembered so that nothing is lost: checks, unused bytes, periodic work, allowances."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "verification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "asked_by",
            sa.Enum(
                "night",
                "command",
                name="askedby",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("turn", sa.Integer(), nullable=True),
        sa.Column("cursor", sa.String(length=64), nullable=False),
        sa.Column("holder", sa.String(length=120), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("unused_files", sa.Integer(), nullable=False),
        sa.Column("unused_size", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(finished_at IS NULL) = (turn IS NOT NULL)",
            name=op.f("ck_verification_finished_frees_turn"),
        ),
        sa.CheckConstraint(
            "(holder IS NULL) = (lease_until IS NULL)",
            name=op.f("ck_verification_held_until_when"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification")),
        sa.UniqueConstraint("turn", name=op.f("uq_verification_turn")),
    )
    op.create_table(
        "fault",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("verification_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "damaged",
                "missing",
                "unreadable",
                "database",
                "index",
                name="faultkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("repaired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["verification_id"],
            ["verification.id"],
            name=op.f("fk_fault_verification_id_verification"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fault")),
    )
    with op.batch_alter_table("fault", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fault_key"), ["key"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_fault_verification_id"), ["verification_id"], unique=False
        )

    op.create_table(
        "unused_blob",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_unused_blob")),
    )
    with op.batch_alter_table("unused_blob", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unused_blob_since"), ["since"], unique=False)

    op.create_table(
        "tick",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_tick")),
    )
    with op.batch_alter_table("tick", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tick_at"), ["at"], unique=False)

    op.create_table(
        "school_quota",
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("size >= 0", name=op.f("ck_school_quota_not_negative")),
        sa.ForeignKeyConstraint(
            ["school_id"],
            ["school.id"],
            name=op.f("fk_school_quota_school_id_school"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("school_id", name=op.f("pk_school_quota")),
    )


def downgrade() -> None:
    op.drop_table("school_quota")
    with op.batch_alter_table("tick", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tick_at"))

    op.drop_table("tick")
    with op.batch_alter_table("unused_blob", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unused_blob_since"))

    op.drop_table("unused_blob")
    with op.batch_alter_table("fault", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fault_verification_id"))
        batch_op.drop_index(batch_op.f("ix_fault_key"))

    op.drop_table("fault")
    op.drop_table("verification")

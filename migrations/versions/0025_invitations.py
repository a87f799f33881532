"""People from outside are invited to judge one submission; they have no school."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0025"
down_revision: str | None = "0024"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("review") as batch:  # nothing points at it
        batch.alter_column("reviewer_school_id", existing_type=sa.Integer(), nullable=True)
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "school",
                "alliance",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("nonce", sa.String(length=43), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("inviter_id", sa.Integer(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["guest_id"], ["user.id"], name=op.f("fk_invitation_guest_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["inviter_id"], ["user.id"], name=op.f("fk_invitation_inviter_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submission.id"],
            name=op.f("fk_invitation_submission_id_submission"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    op.create_index("ix_invitation_submission", "invitation", ["submission_id", "email"])
    op.create_index(op.f("ix_invitation_guest_id"), "invitation", ["guest_id"])
    op.create_index(op.f("ix_invitation_inviter_id"), "invitation", ["inviter_id"])


def downgrade() -> None:
    op.drop_table("invitation")
    # What guests decided cannot stand without a school: their author's is not theirs, so it goes.
    op.execute("DELETE FROM review WHERE reviewer_school_id IS NULL")
    with op.batch_alter_table("review") as batch:
        batch.alter_column("reviewer_school_id", existing_type=sa.Integer(), nullable=False)

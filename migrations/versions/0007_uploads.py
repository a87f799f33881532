"""Files that arrive in pieces."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "upload",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("first", sa.String(length=64), nullable=False),
        sa.Column("last", sa.String(length=64), nullable=False),
        sa.Column("whole", sa.String(length=64), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("blob_key", sa.String(length=64), nullable=True),
        sa.Column("attachment_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("size IS NULL OR size > 0", name=op.f("ck_upload_has_bytes")),
        sa.CheckConstraint("received >= 0", name=op.f("ck_upload_not_negative")),
        sa.CheckConstraint(
            "blob_key IS NULL OR size IS NOT NULL", name=op.f("ck_upload_finished_has_size")
        ),
        sa.ForeignKeyConstraint(
            ["attachment_id"],
            ["attachment.id"],
            name=op.f("fk_upload_attachment_id_attachment"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["blob_key"], ["blob.key"], name=op.f("fk_upload_blob_key_blob")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user.id"], name=op.f("fk_upload_owner_id_user"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["revision.id"],
            name=op.f("fk_upload_revision_id_revision"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_upload_attachment_id"), ["attachment_id"])
        batch_op.create_index(batch_op.f("ix_upload_blob_key"), ["blob_key"])
        batch_op.create_index(batch_op.f("ix_upload_expires_at"), ["expires_at"])
        batch_op.create_index(batch_op.f("ix_upload_revision_id"), ["revision_id"])
        batch_op.create_index("ix_upload_unfinished", ["owner_id", "revision_id", "blob_key"])


def downgrade() -> None:
    op.drop_table("upload")

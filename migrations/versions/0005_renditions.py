"""Pages as pictures, films that every browser plays: what is made from a file."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "rendition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("blob_key", sa.String(length=64), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "page",
                "film",
                "poster",
                name="renditionkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("variant", sa.String(length=12), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("approximate", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'page') = (number > 0)", name=op.f("ck_rendition_pages_are_numbered")
        ),
        sa.ForeignKeyConstraint(
            ["blob_key"],
            ["blob.key"],
            name=op.f("fk_rendition_blob_key_blob"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rendition")),
        sa.UniqueConstraint(
            "blob_key",
            "kind",
            "number",
            "variant",
            name=op.f("uq_rendition_blob_key_kind_number_variant"),
        ),
    )
    with op.batch_alter_table("rendition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rendition_key"), ["key"], unique=False)

    op.create_table(
        "preview",
        sa.Column("blob_key", sa.String(length=64), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("trouble", sa.String(length=24), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "pages IS NULL OR pages >= 0", name=op.f("ck_preview_pages_are_counted")
        ),
        sa.ForeignKeyConstraint(
            ["blob_key"],
            ["blob.key"],
            name=op.f("fk_preview_blob_key_blob"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("blob_key", name=op.f("pk_preview")),
    )


def downgrade() -> None:
    op.drop_table("preview")
    with op.batch_alter_table("rendition", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rendition_key"))

    op.drop_table("rendition")

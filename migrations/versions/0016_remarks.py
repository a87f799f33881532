"""Remarks of reviewers, each anchored to a place of the work."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "remark",
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
        sa.Column("writer_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column(
            "weight",
            sa.Enum(
                "must_fix",
                "suggestion",
                name="weight",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "page",
                "second",
                "field",
                "passage",
                name="anchorkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("blob_key", sa.String(length=64), nullable=True),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("rect_left", sa.Float(), nullable=True),
        sa.Column("rect_top", sa.Float(), nullable=True),
        sa.Column("rect_width", sa.Float(), nullable=True),
        sa.Column("rect_height", sa.Float(), nullable=True),
        sa.Column("second", sa.Float(), nullable=True),
        sa.Column("start", sa.Integer(), nullable=True),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("words", sa.String(length=64), nullable=False),
        sa.Column("picture", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(filename = '') <> (field = '')", name=op.f("ck_remark_on_a_file_or_a_field")
        ),
        sa.CheckConstraint(
            "(filename = '') = (blob_key IS NULL)", name=op.f("ck_remark_file_has_bytes")
        ),
        sa.CheckConstraint(
            "(kind <> 'page' OR (page > 0 AND filename <> ''))"
            " AND (kind = 'second') = (second IS NOT NULL)"
            " AND (kind = 'passage') = (quote <> '')"
            " AND (kind <> 'field' OR field <> '')",
            name=op.f("ck_remark_place_fits_its_kind"),
        ),
        sa.CheckConstraint(
            "(rect_left IS NULL AND rect_top IS NULL AND rect_width IS NULL"
            " AND rect_height IS NULL) OR (kind = 'page' AND rect_left >= 0 AND rect_top >= 0"
            " AND rect_width > 0 AND rect_height > 0)",
            name=op.f("ck_remark_rectangle_is_on_a_page"),
        ),
        sa.CheckConstraint(
            "released_at IS NOT NULL OR (answered_at IS NULL AND done_at IS NULL AND answer = '')",
            name=op.f("ck_remark_answered_once_sent"),
        ),
        sa.CheckConstraint("text <> ''", name=op.f("ck_remark_says_something")),
        sa.CheckConstraint("writer_id <> author_id", name=op.f("ck_remark_not_on_own_work")),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_remark_author_id_user")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_remark_submission_id_submission")
        ),
        sa.ForeignKeyConstraint(["writer_id"], ["user.id"], name=op.f("fk_remark_writer_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remark")),
    )
    op.create_index(
        "ix_remark_submission_id_stage", "remark", ["submission_id", "stage"], unique=False
    )
    op.create_index(op.f("ix_remark_writer_id"), "remark", ["writer_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_remark_writer_id"), table_name="remark")
    op.drop_index("ix_remark_submission_id_stage", table_name="remark")
    op.drop_table("remark")

"""Figures for appraisal: rules of points, dates of terms, objections, what was fixed."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0037"
down_revision: str | None = "0036"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "points_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alliance_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        _refers("points_rule", "alliance_id", "alliance"),
        _refers("points_rule", "made_by_id", "user"),
        sa.PrimaryKeyConstraint("id", name="pk_points_rule"),
        sa.UniqueConstraint("alliance_id", "number", name="uq_points_rule_alliance_id_number"),
    )
    op.create_table(
        "school_year",
        sa.Column("alliance_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("second", sa.Date(), nullable=False),
        _refers("school_year", "alliance_id", "alliance"),
        sa.PrimaryKeyConstraint("alliance_id", "year", name="pk_school_year"),
    )
    _objections()
    _statements()


def _objections() -> None:
    op.create_table(
        "objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alliance_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(12), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint("note <> ''", name=op.f("ck_objection_says_something")),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by_id IS NULL)",
            name=op.f("ck_objection_answered_by_somebody"),
        ),
        sa.CheckConstraint(
            "answered_at IS NULL OR answer <> ''", name=op.f("ck_objection_answer_says_something")
        ),
        sa.CheckConstraint(
            "answered_by_id <> person_id", name=op.f("ck_objection_not_answered_by_oneself")
        ),
        _refers("objection", "alliance_id", "alliance"),
        _refers("objection", "school_id", "school"),
        _refers("objection", "person_id", "user"),
        _refers("objection", "answered_by_id", "user"),
        sa.PrimaryKeyConstraint("id", name="pk_objection"),
    )
    op.create_index("ix_objection_school_id", "objection", ["school_id"])
    op.create_index("ix_objection_person_id", "objection", ["person_id"])
    op.create_index(
        "uq_objection_open",
        "objection",
        ["alliance_id", "school_id", "period", "person_id"],
        unique=True,
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )


def _statements() -> None:
    op.create_table(
        "statement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alliance_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(12), nullable=False),
        sa.Column("covers_from", sa.Date(), nullable=False),
        sa.Column("covers_to", sa.Date(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("fixed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fixed_by_id", sa.Integer(), nullable=True),
        _refers("statement", "alliance_id", "alliance"),
        _refers("statement", "school_id", "school"),
        _refers("statement", "fixed_by_id", "user"),
        sa.PrimaryKeyConstraint("id", name="pk_statement"),
        sa.UniqueConstraint(
            "alliance_id", "school_id", "period", name="uq_statement_alliance_id_school_id_period"
        ),
    )
    op.create_index("ix_statement_school_id", "statement", ["school_id"])
    op.create_table(
        "statement_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(12), nullable=False),
        sa.Column("script", sa.String(12), nullable=False),
        sa.Column("blob_hash", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["statement.id"],
            name="fk_statement_file_statement_id_statement",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_statement_file"),
        sa.UniqueConstraint(
            "statement_id", "format", "script", name="uq_statement_file_statement_id_format_script"
        ),
    )
    op.create_index("ix_statement_file_blob_hash", "statement_file", ["blob_hash"])


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}_{to}")


def downgrade() -> None:
    op.drop_table("statement_file")
    op.drop_table("statement")
    op.drop_table("objection")
    op.drop_table("school_year")
    op.drop_table("points_rule")

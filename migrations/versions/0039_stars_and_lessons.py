"""Stars, uses in class, pictures of posts; uses in class count with views and downloads."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0039"
down_revision: str | None = "0038"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_AT = sa.DateTime(timezone=True)
_COUNTED = ("resource", "month_of_use")


def upgrade() -> None:
    for table in _COUNTED:
        column = sa.Column("class_uses", sa.Integer(), nullable=False, server_default="0")
        op.add_column(table, column)
    op.create_table(
        "rating",
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_rating_one_to_five_stars")),
        sa.CheckConstraint("person_id <> owner_id", name=op.f("ck_rating_not_on_own_work")),
        _to("rating", "resource_id", "resource", cascade=True),
        _to("rating", "person_id", "user", cascade=True),
        _to("rating", "owner_id", "user"),
        sa.PrimaryKeyConstraint("resource_id", "person_id", name="pk_rating"),
    )
    op.create_index("ix_rating_person_id", "rating", ["person_id"])
    op.create_table(
        "class_use",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("grade", sa.String(40), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("worked", sa.Text(), nullable=False),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        _to("class_use", "post_id", "post", cascade=True),
        _to("class_use", "resource_id", "resource", cascade=True),
        _to("class_use", "person_id", "user"),
        sa.PrimaryKeyConstraint("post_id", name="pk_class_use"),
    )
    op.create_index("ix_class_use_resource_id", "class_use", ["resource_id"])
    op.create_index("ix_class_use_person_id", "class_use", ["person_id"])
    op.create_table(
        "post_picture",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        _to("post_picture", "post_id", "post", cascade=True),
        sa.PrimaryKeyConstraint("id", name="pk_post_picture"),
        sa.UniqueConstraint("post_id", "position", name="uq_post_picture_post_id_position"),
    )
    op.create_index("ix_post_picture_key", "post_picture", ["key"])


def downgrade() -> None:
    for table in ("post_picture", "class_use", "rating"):
        op.drop_table(table)
    for table in _COUNTED:
        op.drop_column(table, "class_uses")


def _to(table: str, column: str, other: str, *, cascade: bool = False) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column],
        [f"{other}.id"],
        name=f"fk_{table}_{column}_{other}",
        ondelete="CASCADE" if cascade else None,
    )

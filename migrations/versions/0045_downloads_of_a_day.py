"""Who downloaded what today, so that a person counts once a day; forgotten every night."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0045"
down_revision: str | None = "0044"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "download_of_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resource.id"],
            name="fk_download_of_day_resource_id_resource",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["user.id"],
            name="fk_download_of_day_person_id_user",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("day", "resource_id", "person_id", name="pk_download_of_day"),
    )
    op.create_index("ix_download_of_day_resource_id", "download_of_day", ["resource_id"])
    op.create_index("ix_download_of_day_person_id", "download_of_day", ["person_id"])


def downgrade() -> None:
    op.drop_table("download_of_day")

"""What a submission must pass is data: a policy by alliance and kind, kept on each submission."""

import json
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "policy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alliance_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("policy", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["alliance_id"], ["alliance.id"], name=op.f("fk_policy_alliance_id_alliance")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy")),
    )
    op.create_index(
        "uq_policy_alliance",
        "policy",
        ["alliance_id", "kind"],
        unique=True,
        sqlite_where=sa.text("alliance_id IS NOT NULL"),
        postgresql_where=sa.text("alliance_id IS NOT NULL"),
    )
    op.create_index(
        "uq_policy_hub",
        "policy",
        ["kind"],
        unique=True,
        sqlite_where=sa.text("alliance_id IS NULL"),
        postgresql_where=sa.text("alliance_id IS NULL"),
    )
    # Columns are added and dropped in place: to copy the table would drop what refers to it.
    op.add_column("submission", sa.Column("policy", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column(
        "submission",
        sa.Column("fast_lane", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    connection = op.get_bind()
    kept = connection.execute(sa.text("SELECT DISTINCT stages, approvals FROM submission"))
    for stages, approvals in kept.all():
        policy = {
            "stages": stages.split(),
            "approvals": dict.fromkeys(stages.split(), approvals),
        }
        connection.execute(
            sa.text(
                "UPDATE submission SET policy = :policy"
                " WHERE stages = :stages AND approvals = :approvals"
            ).bindparams(sa.bindparam("policy", type_=sa.JSON())),
            {"policy": policy, "stages": stages, "approvals": approvals},
        )
    op.drop_column("submission", "stages")
    op.drop_column("submission", "approvals")


def downgrade() -> None:
    op.add_column("submission", sa.Column("stages", sa.Text(), nullable=False, server_default=""))
    op.add_column(
        "submission", sa.Column("approvals", sa.Integer(), nullable=False, server_default="1")
    )
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, policy FROM submission")).all()
    for number, kept in rows:
        policy = json.loads(kept) if isinstance(kept, str) else kept
        stages = policy["stages"]
        connection.execute(
            sa.text("UPDATE submission SET stages = :stages, approvals = :most WHERE id = :id"),
            {
                "stages": f" {' '.join(stages)} ",
                "most": max(policy.get("approvals", {}).values(), default=1),
                "id": number,
            },
        )
    op.drop_column("submission", "fast_lane")
    op.drop_column("submission", "policy")
    op.drop_index("uq_policy_hub", table_name="policy")
    op.drop_index("uq_policy_alliance", table_name="policy")
    op.drop_table("policy")

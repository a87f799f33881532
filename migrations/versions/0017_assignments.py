"""Who has a submission to review: a table of turns instead of one holder."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

DAYS = 7
"""Days from the claim until it is due, for what was held before there were due dates."""

HELD = ("ck_submission_held_since_when", "ck_submission_closed_is_not_held")

submission = sa.table(
    "submission",
    sa.column("id", sa.Integer()),
    sa.column("stage", sa.String()),
    sa.column("outcome", sa.String()),
    sa.column("holder_id", sa.Integer()),
    sa.column("held_since", sa.DateTime(timezone=True)),
)
assignment = sa.table(
    "assignment",
    sa.column("submission_id", sa.Integer()),
    sa.column("stage", sa.String()),
    sa.column("reviewer_id", sa.Integer()),
    sa.column("assigned_at", sa.DateTime(timezone=True)),
    sa.column("claimed_at", sa.DateTime(timezone=True)),
    sa.column("due_on", sa.Date()),
    sa.column("why", sa.JSON()),
    sa.column("ended_at", sa.DateTime(timezone=True)),
    sa.column("note", sa.Text()),
)


def upgrade() -> None:
    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("stage", _one_of("stage", "school", "alliance"), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "ended_as",
            _one_of(
                "endedas",
                "decided", "released", "declined", "handed_over", "reassigned", "closed",
            ),
            nullable=True,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_as IS NULL)", name=op.f("ck_assignment_ended_somehow")
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["user.id"], name=op.f("fk_assignment_reviewer_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submission.id"],
            name=op.f("fk_assignment_submission_id_submission"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )  # fmt: skip
    op.create_index(op.f("ix_assignment_submission_id"), "assignment", ["submission_id"])
    op.create_index("ix_assignment_load", "assignment", ["reviewer_id", "ended_at"])
    op.create_index("ix_assignment_due", "assignment", ["ended_at", "due_on"])
    op.create_index(
        "uq_assignment_open",
        "assignment",
        ["submission_id", "reviewer_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    held = op.get_bind().execute(sa.select(submission).where(submission.c.holder_id.is_not(None)))
    for row in held.all():
        op.get_bind().execute(
            sa.insert(assignment).values(
                submission_id=row.id,
                stage=row.stage,
                reviewer_id=row.holder_id,
                assigned_at=row.held_since,
                claimed_at=row.held_since,
                due_on=row.held_since.date() + timedelta(days=DAYS),
                why={},
                note="",
            )
        )
    # SQLite copies the table: that its old copy is dropped may not take the notices with it, see
    # ``edge.migrating``.
    with op.batch_alter_table("submission") as batch_op:
        batch_op.drop_index("ix_submission_holder_id")
        for name in HELD:
            batch_op.drop_constraint(op.f(name), type_="check")
        batch_op.drop_constraint(op.f("fk_submission_holder_id_user"), type_="foreignkey")
        batch_op.drop_column("holder_id")
        batch_op.drop_column("held_since")


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def downgrade() -> None:
    with op.batch_alter_table("submission") as batch_op:
        batch_op.add_column(sa.Column("holder_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("held_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_submission_holder_id_user"), "user", ["holder_id"], ["id"]
        )
        batch_op.create_check_constraint(
            op.f("ck_submission_held_since_when"), "(holder_id IS NULL) = (held_since IS NULL)"
        )
        batch_op.create_check_constraint(
            op.f("ck_submission_closed_is_not_held"), "outcome IS NULL OR holder_id IS NULL"
        )
        batch_op.create_index(op.f("ix_submission_holder_id"), ["holder_id"])
    claimed = op.get_bind().execute(
        sa.select(assignment)
        .where(assignment.c.ended_at.is_(None), assignment.c.claimed_at.is_not(None))
        .order_by(assignment.c.claimed_at)
    )
    for row in claimed.all():  # where several have one, the last who claimed it keeps it
        op.get_bind().execute(
            sa.update(submission)
            .where(submission.c.id == row.submission_id)
            .values(holder_id=row.reviewer_id, held_since=row.claimed_at)
        )
    op.drop_table("assignment")

"""Whose school or alliance stands behind a published version is kept with it."""

import json
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0027"
down_revision: str | None = "0026"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ORDER = ("school", "alliance")


def upgrade() -> None:
    op.add_column(
        "revision", sa.Column("endorsed_at", sa.Text(), server_default="", nullable=False)
    )
    connection = op.get_bind()
    # In the order of the versions: one of the fast lane keeps what the version before it had.
    passed = connection.execute(
        sa.text(
            "SELECT s.revision_id, r.resource_id, s.round, s.appeal_of, s.policy, s.fast_lane"
            " FROM submission s JOIN revision r ON r.id = s.revision_id"
            " WHERE s.outcome = 'approve' AND r.basis = 'review'"
            " ORDER BY r.resource_id, r.published_at, r.number"
        )
    ).all()
    approved: dict[tuple[int, int], set[str]] = {}
    rows = connection.execute(
        sa.text(
            "SELECT s.revision_id, s.round, v.stage"
            " FROM review v JOIN submission s ON s.id = v.submission_id"
            " WHERE v.decision = 'approve' AND v.reviewer_school_id IS NOT NULL"
        )
    )
    for revision_id, number, stage in rows:
        approved.setdefault((revision_id, number), set()).add(stage)
    before: dict[int, str] = {}
    found = []
    for revision_id, resource_id, number, appeal_of, kept, fast_lane in passed:
        if fast_lane:
            codes = before.get(resource_id, "")
        else:
            policy = json.loads(kept) if isinstance(kept, str) else kept
            here = approved.get((revision_id, number), set())
            here = here | approved.get((revision_id, appeal_of), set())
            stages = [each for each in ORDER if each in policy["stages"] and each in here]
            codes = f" {' '.join(stages)} " if stages else ""
        before[resource_id] = codes
        found.append({"id": revision_id, "codes": codes})
    if found:
        statement = sa.text("UPDATE revision SET endorsed_at = :codes WHERE id = :id")
        connection.execute(statement, found)


def downgrade() -> None:
    op.drop_column("revision", "endorsed_at")

"""Each round of review keeps a copy of what was judged."""

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NO_FIELDS = ("submission_id", "revision_id")


def upgrade() -> None:
    op.create_table(
        "judged_copy",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("description", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submission.id"],
            name=op.f("fk_judged_copy_submission_id_submission"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_judged_copy")),
    )
    op.create_table(
        "judged_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("blob_key", sa.String(length=64), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["blob_key"], ["blob.key"], name=op.f("fk_judged_file_blob_key_blob")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["judged_copy.submission_id"],
            name=op.f("fk_judged_file_submission_id_judged_copy"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judged_file")),
        sa.UniqueConstraint(
            "submission_id", "position", name=op.f("uq_judged_file_submission_id_position")
        ),
    )
    op.create_index(op.f("ix_judged_file_blob_key"), "judged_file", ["blob_key"], unique=False)
    _copy_what_cannot_have_changed()


def _copy_what_cannot_have_changed() -> None:
    """The last round of what its author has not been able to touch since it was submitted."""
    db = op.get_bind()
    rows = db.execute(
        sa.text(
            "SELECT s.id AS submission_id, r.id AS revision_id, e.kind, r.title, r.summary,"
            " r.school_stage, r.subject, r.volume, r.edition, r.unit, r.keywords, r.language,"
            " r.licence, r.audience, r.alliance_id, r.release_on, r.sections, r.text, r.source"
            " FROM submission s JOIN revision r ON r.id = s.revision_id"
            " JOIN resource e ON e.id = r.resource_id"
            " WHERE r.state IN ('in_review', 'published', 'superseded', 'rejected')"
            " AND s.id = (SELECT max(l.id) FROM submission l WHERE l.revision_id = r.id)"
        )
    ).mappings()
    for row in rows.all():
        _copy(db, dict(row))


def _copy(db: sa.Connection, row: dict[str, Any]) -> None:  # Any: columns of many types
    of_it = {"revision": row["revision_id"]}
    grades = db.execute(
        sa.text("SELECT grade FROM revision_grade WHERE revision_id = :revision ORDER BY id"),
        of_it,
    ).scalars()
    description = {name: value for name, value in row.items() if name not in NO_FIELDS}
    description["grades"] = list(grades)
    for name in ("keywords", "sections"):
        kept = row[name]
        description[name] = json.loads(kept) if isinstance(kept, str) else kept
    description["release_on"] = str(row["release_on"]) if row["release_on"] else None
    copies = sa.table("judged_copy", sa.column("submission_id"), sa.column("description", sa.JSON))
    db.execute(copies.insert().values(submission_id=row["submission_id"], description=description))
    files = db.execute(
        sa.text(
            "SELECT blob_key, filename FROM attachment WHERE revision_id = :revision"
            " ORDER BY position, id"
        ),
        of_it,
    )
    judged = sa.table(
        "judged_file",
        *(sa.column(name) for name in ("submission_id", "blob_key", "filename", "position")),
    )
    for position, (blob_key, filename) in enumerate(files.all()):
        db.execute(
            judged.insert().values(
                submission_id=row["submission_id"],
                blob_key=blob_key,
                filename=filename,
                position=position,
            )
        )


def downgrade() -> None:
    op.drop_index(op.f("ix_judged_file_blob_key"), table_name="judged_file")
    op.drop_table("judged_file")
    op.drop_table("judged_copy")

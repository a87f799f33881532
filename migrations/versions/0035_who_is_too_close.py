"""The database too keeps co-authors, mentors and mentees from judging; turns know their desk."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0035"
down_revision: str | None = "0034"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("assignment", sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_submission_closed_at", "submission", ["closed_at"])
    op.execute("UPDATE job SET kind = 'turns' WHERE kind = 'absence'")
    for table, (person, at) in _JUDGED.items():
        _bar(table, _TOO_CLOSE.replace("<person>", person).replace("<at>", at))


_JUDGED = {"review": ("reviewer_id", "decided_at"), "remark": ("writer_id", "created_at")}
_REASON = "co-authors, mentors and mentees do not judge"
_TOO_CLOSE = """(
    EXISTS (
        SELECT 1 FROM submission JOIN co_author ON co_author.revision_id = submission.revision_id
        WHERE submission.id = NEW.submission_id AND submission.outcome IS NULL
        AND co_author.user_id = NEW.<person>
    ) OR EXISTS (
        SELECT 1 FROM mentor_pair WHERE since < NEW.<at> AND (
            (mentor_id = NEW.<person> AND mentee_id = NEW.author_id)
            OR (mentee_id = NEW.<person> AND mentor_id = NEW.author_id)
        )
    )
)"""
"""As services have it: who is named in the round under way, or was paired with the author.

What was right when it was done stays right, also when a backup is brought back: somebody who
judged may be named in a later round, or become the author's mentor.
"""


def _bar(table: str, is_too_close: str) -> None:
    name = f"{table}_not_too_close"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE INSERT ON {table}"
            f" WHEN {is_too_close} BEGIN SELECT RAISE(ABORT, '{_REASON}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF {is_too_close} THEN RAISE EXCEPTION '{_REASON}'"
        " USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {name} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
    )


def downgrade() -> None:
    for table in _JUDGED:
        name = f"{table}_not_too_close"
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"DROP TRIGGER {name}")
        else:
            op.execute(f"DROP TRIGGER {name} ON {table}")
            op.execute(f"DROP FUNCTION {name}()")
    op.execute("DELETE FROM job WHERE kind = 'rebalance'")
    op.execute("UPDATE job SET kind = 'absence' WHERE kind = 'turns'")
    op.drop_index("ix_submission_closed_at", table_name="submission")
    op.drop_column("assignment", "opened_at")

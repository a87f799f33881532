"""People talk about resources and in rounds: threads, posts, whom they name, reports."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0034"
down_revision: str | None = "0033"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_BEFORE = ("own_work", "talk", "to_review", "catalogue", "other")
_TOPICS = ("own_work", "talk", "discussion", "to_review", "catalogue", "other")
_KINDS = ("comment", "class_use")
_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _allow_topics(_TOPICS)
    op.create_table(
        "thread",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=True),
        sa.Column("issue_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", _AT, nullable=False),
        sa.Column("locked_at", _AT, nullable=True),
        sa.Column("locked_by_id", sa.Integer(), nullable=True),
        sa.Column("concluded", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "resource_id IS NOT NULL OR issue_id IS NOT NULL", name=op.f("ck_thread_has_a_place")
        ),
        sa.CheckConstraint(
            "resource_id IS NOT NULL OR title <> ''", name=op.f("ck_thread_free_one_has_a_title")
        ),
        sa.CheckConstraint(
            "(locked_at IS NULL) = (locked_by_id IS NULL)",
            name=op.f("ck_thread_locked_by_somebody"),
        ),
        _to("thread", "resource_id", "resource", cascade=True),
        _to("thread", "issue_id", "issue", cascade=True),
        _to("thread", "opened_by_id", "user"),
        _to("thread", "locked_by_id", "user"),
        sa.PrimaryKeyConstraint("id", name="pk_thread"),
        sa.UniqueConstraint("issue_id", "resource_id", name="uq_thread_issue_id_resource_id"),
    )
    op.create_index(
        "uq_thread_standing",
        "thread",
        ["resource_id"],
        unique=True,
        sqlite_where=sa.text("issue_id IS NULL"),
        postgresql_where=sa.text("issue_id IS NULL"),
    )
    op.create_index("ix_thread_resource_id", "thread", ["resource_id"])
    _posts()


def _posts() -> None:
    kind = sa.Enum(*_KINDS, name="postkind", native_enum=False, length=24, create_constraint=True)
    op.create_table(
        "post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("reply_to_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.Column("form_key", sa.String(40), nullable=False),
        sa.Column("hidden_at", _AT, nullable=True),
        sa.Column("hidden_by_id", sa.Integer(), nullable=True),
        sa.Column("hidden_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("text <> '' OR kind <> 'comment'", name=op.f("ck_post_says_something")),
        sa.CheckConstraint(
            "(hidden_at IS NULL) = (hidden_by_id IS NULL)"
            " AND (hidden_at IS NOT NULL OR hidden_reason = '')"
            " AND (hidden_at IS NULL OR hidden_reason <> '' OR hidden_by_id = author_id)",
            name=op.f("ck_post_hidden_with_a_reason"),
        ),
        _to("post", "thread_id", "thread", cascade=True),
        _to("post", "author_id", "user"),
        _to("post", "reply_to_id", "post", cascade=True),
        _to("post", "hidden_by_id", "user"),
        sa.PrimaryKeyConstraint("id", name="pk_post"),
        sa.UniqueConstraint("author_id", "form_key", name="uq_post_author_id_form_key"),
    )
    op.create_index("ix_post_author_id", "post", ["author_id"])
    op.create_index("ix_post_reply_to_id", "post", ["reply_to_id"])
    op.create_index("ix_post_at", "post", ["at"])
    op.create_index("ix_post_thread_id_id", "post", ["thread_id", "id"])
    op.create_table(
        "mention",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        _to("mention", "post_id", "post", cascade=True),
        _to("mention", "person_id", "user", cascade=True),
        sa.PrimaryKeyConstraint("post_id", "person_id", name="pk_mention"),
    )
    op.create_index("ix_mention_person_id", "mention", ["person_id"])
    op.create_table(
        "post_report",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.Column("settled_at", _AT, nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_post_report_says_why")),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (settled_by_id IS NULL)",
            name=op.f("ck_post_report_settled_by_one"),
        ),
        _to("post_report", "post_id", "post", cascade=True),
        _to("post_report", "person_id", "user", cascade=True),
        _to("post_report", "settled_by_id", "user"),
        sa.PrimaryKeyConstraint("post_id", "person_id", name="pk_post_report"),
    )
    op.create_index("ix_post_report_person_id", "post_report", ["person_id"])
    op.create_index("ix_post_report_settled_at", "post_report", ["settled_at"])


def downgrade() -> None:
    for table in ("post_report", "mention", "post", "thread"):
        op.drop_table(table)
    op.execute("DELETE FROM mail_choice WHERE topic = 'discussion'")
    _allow_topics(_BEFORE)


def _to(table: str, column: str, other: str, *, cascade: bool = False) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column],
        [f"{other}.id"],
        name=f"fk_{table}_{column}_{other}",
        ondelete="CASCADE" if cascade else None,
    )


def _allow_topics(topics: tuple[str, ...]) -> None:
    """Nothing refers to this table, so it may be written anew on SQLite."""
    allowed = ", ".join(f"'{topic}'" for topic in topics)
    with op.batch_alter_table("mail_choice") as table:
        table.drop_constraint(op.f("ck_mail_choice_topic"), type_="check")
        table.create_check_constraint(op.f("ck_mail_choice_topic"), f"topic IN ({allowed})")

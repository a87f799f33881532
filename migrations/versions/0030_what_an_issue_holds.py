"""An issue holds its editors' work, wishes, figures, errata and files; use is kept by month."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0030"
down_revision: str | None = "0029"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_ISSUE_ID = ["issue_id"], ["issue.id"]
_NEW = {"issue": ("edits", "subjects", "cover_key", "figures"), "entry": ("rank", "thumbnail_key")}


def upgrade() -> None:
    op.add_column("issue", sa.Column("edits", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("issue", sa.Column("subjects", sa.Text(), nullable=False, server_default=""))
    op.add_column("issue", sa.Column("cover_key", sa.String(64), nullable=True))
    op.add_column("issue", sa.Column("figures", sa.JSON(), nullable=True))
    op.add_column("entry", sa.Column("rank", sa.Integer(), nullable=True))
    op.add_column("entry", sa.Column("thumbnail_key", sa.String(64), nullable=True))
    op.create_index("ix_entry_thumbnail_key", "entry", ["thumbnail_key"])
    op.create_table(
        "highlight",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(*_ISSUE_ID, name="fk_highlight_issue_id_issue", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_highlight"),
        sa.UniqueConstraint("issue_id", "public_id", name="uq_highlight_issue_id_public_id"),
    )
    op.create_table(
        "asked_for",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("wish_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(200), nullable=False),
        sa.Column("subject", sa.String(40), nullable=False),
        sa.Column("grade", sa.String(40), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(*_ISSUE_ID, name="fk_asked_for_issue_id_issue", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_asked_for"),
        sa.UniqueConstraint("issue_id", "wish_id", name="uq_asked_for_issue_id_wish_id"),
    )
    op.create_table(
        "erratum",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(*_ISSUE_ID, name="fk_erratum_issue_id_issue", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name="fk_erratum_by_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_erratum"),
    )
    op.create_index("ix_erratum_issue_id", "erratum", ["issue_id"])
    op.create_table(
        "artefact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column(
            "edition",
            sa.Enum(
                "public",
                "alliance",
                name="issueedition",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("format", sa.String(24), nullable=False),
        sa.Column("script", sa.String(12), nullable=False),
        sa.Column("errata", sa.Integer(), nullable=False),
        sa.Column("blob_hash", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(*_ISSUE_ID, name="fk_artefact_issue_id_issue", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_artefact"),
        sa.UniqueConstraint(
            *("issue_id", "edition", "format", "script", "errata"),
            name="uq_artefact_issue_id_edition_format_script_errata",
        ),
    )
    op.create_index("ix_artefact_blob_hash", "artefact", ["blob_hash"])
    op.create_table(
        "month_of_use",
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("views", sa.Integer(), nullable=False),
        sa.Column("downloads", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["resource.id"],
            name="fk_month_of_use_resource_id_resource",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("resource_id", "month", name="pk_month_of_use"),
    )
    op.create_index("ix_month_of_use_month", "month_of_use", ["month"])

    _freeze()


_FROZEN = "the entries of a published issue never change"
_IS_OUT = "EXISTS (SELECT 1 FROM issue WHERE id = OLD.issue_id AND published_at IS NOT NULL)"


def _freeze() -> None:
    """Entries of a published issue are neither changed nor taken out, whoever asks."""
    if op.get_bind().dialect.name == "sqlite":
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER entry_frozen_{event.lower()} BEFORE {event} ON entry"
                f" WHEN {_IS_OUT} BEGIN SELECT RAISE(ABORT, '{_FROZEN}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION entry_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF {_IS_OUT} THEN RAISE EXCEPTION '{_FROZEN}'"
        " USING ERRCODE = 'integrity_constraint_violation'; END IF;"
        " IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER entry_frozen BEFORE UPDATE OR DELETE ON entry"
        " FOR EACH ROW EXECUTE FUNCTION entry_frozen()"
    )


def _thaw() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER entry_frozen_update")
        op.execute("DROP TRIGGER entry_frozen_delete")
        return
    op.execute("DROP TRIGGER entry_frozen ON entry")
    op.execute("DROP FUNCTION entry_frozen()")


def downgrade() -> None:
    _thaw()
    for table in ("month_of_use", "artefact", "erratum", "asked_for", "highlight"):
        op.drop_table(table)
    op.drop_index("ix_entry_thumbnail_key", table_name="entry")
    for table, columns in _NEW.items():
        for column in columns:
            op.drop_column(table, column)

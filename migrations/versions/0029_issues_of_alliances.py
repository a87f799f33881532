"""Every alliance has its own issue of a month; the hub's issues so far are shared out."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0029"
down_revision: str | None = "0028"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

Row = dict[str, Any]  # Any: a row of any table

_WHEN = sa.DateTime(timezone=True)
_ISSUE = ("month", "number", "covers_from", "covers_to", "preface", "built_at", "published_at",
          "published_by_id", "version")  # fmt: skip
_ENTRY = ("position", "change", "resource_id", "public_id", "revision_number", "kind", "title",
          "summary", "school_stage", "subject", "grades", "school_name", "author_name",
          "audience_token")  # fmt: skip


def upgrade() -> None:
    # Both tables are read, dropped and made anew: SQLite cannot take a UNIQUE away, and making
    # "issue" again while "entry" refers to it would delete the entries.
    issues, entries = _read()
    alliances = _alliances(needed=bool(issues))
    owner = _owner(alliances) if entries else {}
    op.drop_table("entry")
    op.drop_table("issue")
    _make_issue(of_alliances=True)
    _make_entry()
    for issue in issues:
        for alliance in alliances:
            mine = [row for row in entries[issue["id"]] if _of(row, owner, alliances) == alliance]
            _write({"alliance_id": alliance, **issue}, mine)


def downgrade() -> None:
    issues, entries = _read()
    op.drop_table("entry")
    op.drop_table("issue")
    _make_issue(of_alliances=False)
    _make_entry()
    number = 0
    for month in sorted({issue["month"] for issue in issues}):
        together = [issue for issue in issues if issue["month"] == month]
        # A draft beside published issues would make them a draft again; what is out stays out.
        out = [issue for issue in together if issue["published_at"] is not None]
        first = (out or together)[0]
        number += bool(out)
        rows: dict[int, Row] = {}
        for issue in out or together:
            for row in entries[issue["id"]]:
                rows.setdefault(row["resource_id"], row | {"position": len(rows) + 1})
        _write(first | {"number": number if out else None}, list(rows.values()))


def _read() -> tuple[list[Row], dict[int, list[Row]]]:
    """All issues by id, and the entries of each in order."""
    bind = op.get_bind()
    issue = sa.table("issue", *_columns(("id", *_ISSUE)))
    entry = sa.table("entry", *_columns(("issue_id", *_ENTRY)))
    issues = [dict(row) for row in bind.execute(sa.select(issue).order_by(issue.c.id)).mappings()]
    entries: dict[int, list[Row]] = {row["id"]: [] for row in issues}
    ordered = sa.select(entry).order_by(entry.c.issue_id, entry.c.position)
    for found in bind.execute(ordered).mappings():
        row = dict(found)
        entries[row.pop("issue_id")].append(row)
    return issues, entries


def _columns(names: Sequence[str]) -> list[sa.ColumnClause[Any]]:  # Any: of any type
    moments = {"covers_from", "covers_to", "built_at", "published_at"}
    return [sa.column(name, _WHEN) if name in moments else sa.column(name) for name in names]


def _alliances(*, needed: bool) -> list[int]:
    """The ids of all alliances; a hub that has issues and no alliance gets one that holds them."""
    bind = op.get_bind()
    found = list(bind.scalars(sa.text("SELECT id FROM alliance ORDER BY id")))
    if found or not needed:
        return found
    alliance = sa.table(
        "alliance", sa.column("name"), sa.column("kind"), sa.column("created_at", _WHEN)
    )
    values = {"name": "联盟", "kind": "group", "created_at": sa.func.now()}
    bind.execute(sa.insert(alliance).values(**values))
    return list(bind.scalars(sa.text("SELECT id FROM alliance")))


def _owner(alliances: Sequence[int]) -> Mapping[object, int]:
    """The alliance of each revision (resource, number), and the first one of each school."""
    bind = op.get_bind()
    found: dict[object, int] = {}
    for alliance, school in bind.execute(
        sa.text("SELECT alliance_id, school_id FROM membership ORDER BY alliance_id")
    ):
        found.setdefault(f"school:{school}", alliance)
    for resource, number, alliance, school in bind.execute(
        sa.text(
            "SELECT revision.resource_id, revision.number, revision.alliance_id,"
            " resource.school_id"
            " FROM revision JOIN resource ON resource.id = revision.resource_id"
        )
    ):
        found[resource, number] = alliance or found.get(f"school:{school}", alliances[0])
    return found


def _of(row: Row, owner: Mapping[object, int], alliances: Sequence[int]) -> int:
    kind, _colon, number = row["audience_token"].partition(":")
    if kind == "alliance" and int(number) in alliances:
        return int(number)
    key = (
        row["audience_token"] if kind == "school" else (row["resource_id"], row["revision_number"])
    )
    return owner.get(key, alliances[0])


def _write(issue: Row, entries: Sequence[Row]) -> None:
    bind = op.get_bind()
    values = {name: value for name, value in issue.items() if name != "id"}
    table = sa.table("issue", sa.column("id"), *_columns(tuple(values)))
    bind.execute(sa.insert(table).values(**values))
    new = bind.scalar(sa.text("SELECT max(id) FROM issue"))
    if entries:
        rows = sa.table("entry", *_columns(("issue_id", *_ENTRY)))
        bind.execute(sa.insert(rows), [{"issue_id": new, **row} for row in entries])


def _make_issue(*, of_alliances: bool) -> None:
    own: tuple[sa.schema.SchemaItem, ...] = (
        sa.UniqueConstraint("month", name="uq_issue_month"),
        sa.UniqueConstraint("number", name="uq_issue_number"),
    )
    if of_alliances:
        own = (
            sa.Column("alliance_id", sa.Integer(), nullable=False),
            sa.ForeignKeyConstraint(
                ["alliance_id"], ["alliance.id"], name="fk_issue_alliance_id_alliance"
            ),
            sa.UniqueConstraint("alliance_id", "month", name="uq_issue_alliance_id_month"),
            sa.UniqueConstraint("alliance_id", "number", name="uq_issue_alliance_id_number"),
        )
    op.create_table(
        "issue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("covers_from", _WHEN, nullable=False),
        sa.Column("covers_to", _WHEN, nullable=False),
        sa.Column("preface", sa.Text(), nullable=False),
        sa.Column("built_at", _WHEN, nullable=False),
        sa.Column("published_at", _WHEN, nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(published_at IS NULL) = (number IS NULL)", name="ck_issue_published_has_number"
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["user.id"], name="fk_issue_published_by_id_user"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_issue"),
        *own,
    )
    if of_alliances:
        op.create_index("ix_issue_month", "issue", ["month"])


def _make_entry() -> None:
    def one_of(name: str, *words: str) -> sa.Enum:
        return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=24)

    op.create_table(
        "entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("change", one_of("change", "new", "updated", "withdrawn"), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("revision_number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            one_of(
                *("kind", "lesson_plan", "micro_lesson", "case"),
                *("courseware", "exercise", "outline"),
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("school_stage", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("grades", sa.Text(), nullable=False),
        sa.Column("school_name", sa.String(length=120), nullable=False),
        sa.Column("author_name", sa.String(length=60), nullable=False),
        sa.Column("audience_token", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issue.id"], name="fk_entry_issue_id_issue", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resource.id"], name="fk_entry_resource_id_resource"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_entry"),
        sa.UniqueConstraint("issue_id", "resource_id", name="uq_entry_issue_id_resource_id"),
    )
    op.create_index("ix_entry_resource_id", "entry", ["resource_id"])

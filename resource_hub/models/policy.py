"""What resources of one kind must pass in one alliance, as an administrator has set it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, TypeDecorator, text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, mapped_column, relationship

from resource_hub.domain.policy import Policy, from_json, to_json
from resource_hub.models.base import Base
from resource_hub.models.organisation import Alliance


class StoredPolicy(TypeDecorator[Policy]):
    """A policy as JSON; ``resource_hub.domain.policy.to_json`` says how."""

    impl = JSON
    cache_ok = True

    def process_bind_param(
        self, value: Policy | None, dialect: Dialect
    ) -> dict[str, Any] | None:  # Any: JSON
        del dialect
        return None if value is None else to_json(value)

    def process_result_value(
        self,
        value: dict[str, Any] | None,  # Any: JSON
        dialect: Dialect,
    ) -> Policy | None:
        del dialect
        return None if value is None else from_json(value)


class PolicyRow(Base):
    """One policy; without ``alliance_id`` it is the hub's, with an empty ``kind`` for all kinds."""

    __tablename__ = "policy"
    __table_args__ = (
        Index(
            "uq_policy_alliance",
            "alliance_id",
            "kind",
            unique=True,
            sqlite_where=text("alliance_id IS NOT NULL"),
            postgresql_where=text("alliance_id IS NOT NULL"),
        ),
        Index(
            "uq_policy_hub",
            "kind",
            unique=True,
            sqlite_where=text("alliance_id IS NULL"),
            postgresql_where=text("alliance_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    alliance_id: Mapped[int | None] = mapped_column(ForeignKey("alliance.id"))
    kind: Mapped[str] = mapped_column(String(24), default="")
    policy: Mapped[Policy] = mapped_column(StoredPolicy())
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    alliance: Mapped[Alliance | None] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so

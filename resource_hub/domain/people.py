"""A person as the rules see one: a school, its alliances, and appointments."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from resource_hub.domain.errors import N_
from resource_hub.domain.policy import Stage
from resource_hub.domain.visibility import tokens


class Role(StrEnum):
    TEACHER = "teacher"
    REVIEWER = "reviewer"
    COORDINATOR = "coordinator"
    EDITOR = "editor"
    ADMINISTRATOR = "administrator"


ROLE_LABELS: Mapping[Role, str] = {
    Role.TEACHER: N_("Teacher"),
    Role.REVIEWER: N_("Reviewer"),
    Role.COORDINATOR: N_("School coordinator"),
    Role.EDITOR: N_("Catalogue editor"),
    Role.ADMINISTRATOR: N_("Administrator"),
}


@dataclass(frozen=True, slots=True)
class Appointment:
    """A role held in one organisation; an administrator's belongs to no organisation.

    A reviewer's may be narrowed to ``subjects`` and ``stages`` of school; empty means all.
    """

    role: Role
    school_id: int | None = None
    alliance_id: int | None = None
    subjects: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()

    def covers(self, *, subject: str, school_stage: str) -> bool:
        return (not self.subjects or subject in self.subjects) and (
            not self.stages or school_stage in self.stages
        )


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts. A stranger is ``STRANGER``: no id, no school, no appointment."""

    id: int | None = None
    name: str = ""
    school_id: int | None = None
    school_name: str = ""
    alliance_ids: frozenset[int] = frozenset()
    appointments: tuple[Appointment, ...] = ()
    language: str = ""
    """Locale that the person chose; empty follows the browser and the hub."""
    guest_of: int | None = None
    """The one submission that somebody from outside was asked to judge."""
    guest_stage: Stage | None = None
    """And the stage at which."""

    @property
    def tokens(self) -> frozenset[str]:
        return tokens(school_id=self.school_id, alliance_ids=self.alliance_ids)

    def holds(self, role: Role) -> bool:
        return any(held.role is role for held in self.appointments)

    @property
    def is_signed_in(self) -> bool:
        """With an account; a guest has an id, and none."""
        return self.id is not None and self.guest_of is None

    @property
    def is_administrator(self) -> bool:
        return self.holds(Role.ADMINISTRATOR)

    @property
    def is_editor(self) -> bool:
        return self.holds(Role.EDITOR)

    @property
    def edits(self) -> frozenset[int]:
        """The alliances of whose catalogue the person is appointed editor."""
        return frozenset(
            held.alliance_id
            for held in self.appointments
            if held.role is Role.EDITOR and held.alliance_id is not None
        )

    @property
    def is_coordinator(self) -> bool:
        return self.holds(Role.COORDINATOR)

    @property
    def is_reviewer(self) -> bool:
        """Coordinators judge at the school stage too, so the inbox is theirs as well."""
        return self.holds(Role.REVIEWER) or self.is_coordinator

    def coordinates(self, school_id: int) -> bool:
        return any(
            held.role is Role.COORDINATOR and held.school_id == school_id
            for held in self.appointments
        )


STRANGER = Person()

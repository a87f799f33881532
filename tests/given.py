"""The cast and props of a test: ``given.teacher()``, ``given.published(by=wang)``."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from resource_hub.domain.description import Description
from resource_hub.domain.people import Person, Role
from resource_hub.domain.review import OPERATOR, Action
from resource_hub.domain.taxonomy import AllianceKind, Kind
from resource_hub.domain.uploads import UploadLimits
from resource_hub.domain.visibility import Audience
from resource_hub.models import Alliance, Appointed, Revision, School, Standing, User
from resource_hub.services import drafting, organisations, review, uploading
from resource_hub.services.admission import admit
from resource_hub.services.persons import load_person
from resource_hub.services.unit_of_work import UnitOfWork
from storage import Storage

NOON = datetime(2026, 10, 12, 4, 0, tzinfo=UTC)
"""Noon in Shanghai, 12 October 2026."""

PASSWORD = "lesson-plan-9"
PASSWORD_HASH = (
    "$argon2id$v=19$m=8,t=1,p=1$ctw/f5o6/mZiwET8JDL22A$k9k0vZE1DDfsaJkTAs30fl2DSRMPshNwd0QXc5dOMTQ"
)
"""Argon2 of ``PASSWORD`` with the least of memory and time, so that tests are quick."""

LIMITS = UploadLimits(file=1 << 20, revision=2 << 20, files=5, unpublished=4 << 20)


@dataclass
class Clock:
    """Time that passes only when a test says so."""

    at: datetime = NOON

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, **units: float) -> None:
        self.at += timedelta(**units)


@dataclass
class Given:
    """Makes what a test needs, through the services wherever there is one."""

    session: Session
    uow: UnitOfWork
    storage: Storage
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def school(self, name: str = "", *, alliance: Alliance | None = None) -> School:
        school = organisations.add_school(
            self.uow, OPERATOR, name=name or f"第{next(self._numbers)}小学"
        )
        if alliance is not None:
            self.member(alliance, school)
        return school

    def home(self) -> School:
        """A school that is in an alliance, so that its teachers may share beyond it."""
        school = self.school()
        self.alliance(school)
        return school

    def alliance(self, *schools: School, name: str = "") -> Alliance:
        alliance = organisations.add_alliance(
            self.uow,
            OPERATOR,
            name=name or f"第{next(self._numbers)}联盟",
            kind=AllianceKind.GROUP,
        )
        for school in schools:
            self.member(alliance, school)
        return alliance

    def member(self, alliance: Alliance, school: School) -> None:
        organisations.join(
            self.uow,
            OPERATOR,
            alliance_id=alliance.id,
            school_id=school.id,
            standing=Standing.MEMBER,
        )
        self.session.flush()

    def person(
        self, name: str = "王敏", *, school: School | None = None, account: str = ""
    ) -> Person:
        account = account or f"person{next(self._numbers)}"
        user = User(
            name=name,
            account=account,
            email=f"{account}@example.org",
            school_id=school.id if school else None,
            password_hash=PASSWORD_HASH,
            subjects=(),
            grades=(),
            created_at=NOON,
            appointments=[],
        )
        if school is not None:
            user.appointments.append(Appointed(role=Role.TEACHER, school_id=school.id))
        self.session.add(user)
        self.session.flush()
        return self.again(user.id)

    teacher = person

    def again(self, person_id: int | None) -> Person:
        """The person as the tables know them now."""
        person = load_person(self.session, person_id or 0)
        assert person is not None
        return person

    def with_role(
        self,
        person: Person,
        role: Role,
        *,
        school: School | None = None,
        alliance: Alliance | None = None,
        subjects: tuple[str, ...] = (),
        stages: tuple[str, ...] = (),
    ) -> Person:
        self.session.add(
            Appointed(
                user_id=person.id,
                role=role,
                school_id=school.id if school else None,
                alliance_id=alliance.id if alliance else None,
                subjects=subjects,
                stages=stages,
            )
        )
        self.session.flush()
        self.session.expire_all()
        return self.again(person.id)

    def reviewer(
        self,
        name: str = "李老师",
        *,
        school: School,
        alliance: Alliance | None = None,
        subjects: tuple[str, ...] = (),
        stages: tuple[str, ...] = (),
    ) -> Person:
        """A reviewer of ``school``; with ``alliance``, of that alliance instead."""
        return self.with_role(
            self.person(name, school=school),
            Role.REVIEWER,
            school=None if alliance else school,
            alliance=alliance,
            subjects=subjects,
            stages=stages,
        )

    def administrator(self, name: str = "管理员") -> Person:
        return self.with_role(self.person(name), Role.ADMINISTRATOR)

    def editor(self, name: str = "编辑", *, alliance: Alliance, school: School) -> Person:
        return self.with_role(self.person(name, school=school), Role.EDITOR, alliance=alliance)

    def coordinator(self, name: str = "校管理员", *, school: School) -> Person:
        return self.with_role(self.person(name, school=school), Role.COORDINATOR, school=school)

    def description(self, **changes: Any) -> Description:  # Any: any field of a description
        values: dict[str, Any] = {
            "kind": Kind.LESSON_PLAN,
            "title": "分数的初步认识",
            "summary": "从分月饼开始，认识几分之一。",
            "school_stage": "primary",
            "subject": "math",
            "grades": ("g3",),
            "licence": "cc-by-4.0",
            "audience": Audience.ALLIANCE,
            "text": "把一个月饼平均分成两份，每份是它的二分之一。",
        }
        return Description(**(values | changes))

    def draft(self, *, by: Person, **changes: Any) -> Revision:  # Any: fields of a description
        """A draft that could be submitted as it is; for an alliance, in the person's first."""
        description = self.description(
            **({"alliance_id": min(by.alliance_ids, default=None)} | changes)
        )
        revision = drafting.create_draft(self.uow, by, description.kind)
        return drafting.describe(self.uow, by, revision.id, description)

    def file(
        self, revision: Revision, *, by: Person, name: str = "教案.txt", content: bytes = b"abc"
    ) -> None:
        kept = uploading.keep(self.storage, io.BytesIO(content), name)
        uploading.attach(self.uow, by, revision.id, kept, limits=LIMITS)

    def submitted(self, *, by: Person, **changes: Any) -> Revision:  # Any: see draft
        revision = self.draft(by=by, **changes)
        return review.take_step(self.uow, by, revision.id, Action.SUBMIT, rights_declared=True)

    def published(self, *, by: Person, **changes: Any) -> Revision:  # Any: see draft
        """Published by import, the shortest road; for reviewed work use ``through_review``."""
        return self.admit(self.draft(by=by, **changes))

    def admit(self, draft: Revision) -> Revision:
        return admit(self.uow, draft)

    def through_review(self, revision: Revision, *reviewers: Person) -> Revision:
        """Approved by each of ``reviewers`` in turn."""
        for reviewer in reviewers:
            revision = review.take_step(self.uow, reviewer, revision.id, Action.APPROVE)
        return revision

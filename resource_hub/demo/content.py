"""What the demo consists of: schools, people, resources, their files and their way through review."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import StrEnum

from resource_hub.domain.licences import LICENCES
from resource_hub.domain.people import Role
from resource_hub.domain.review import Action, Reason, Stage
from resource_hub.domain.taxonomy import AllianceKind, Kind, Language, Section
from resource_hub.domain.visibility import Audience

CHINA = timezone(timedelta(hours=8))
KNOWN_LICENCES = frozenset(LICENCES)


class Fate(StrEnum):
    """Where a resource stands today."""

    DRAFT = "draft"
    IN_REVIEW_SCHOOL = "in_review_school"
    IN_REVIEW_ALLIANCE = "in_review_alliance"
    CHANGES_REQUESTED = "changes_requested"
    REJECTED = "rejected"
    PUBLISHED = "published"
    REVISED = "revised"
    """A second revision is live; the first is superseded."""
    REVISING = "revising"
    """The first revision is live while the second is in review."""
    EMBARGOED = "embargoed"
    """Approved by everyone, but kept back until its release date."""
    WITHDRAWN = "withdrawn"


LIVE = frozenset({Fate.PUBLISHED, Fate.REVISED, Fate.REVISING})
"""Fates under which people find the resource today."""


@dataclass(frozen=True, slots=True)
class DemoSchool:
    key: str
    name: str
    address: str
    stages: tuple[str, ...]
    core: bool


@dataclass(frozen=True, slots=True)
class DemoAlliance:
    key: str
    name: str
    kind: AllianceKind
    schools: tuple[str, ...]
    """Keys of schools; those that are ``core`` are its core schools."""


@dataclass(frozen=True, slots=True)
class DemoRole:
    """A role in one organisation: the key of a school or of an alliance, empty for the whole hub."""

    role: Role
    organisation: str
    subjects: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class DemoPerson:
    account: str
    name: str
    email: str
    school: str
    subjects: tuple[str, ...]
    grades: tuple[str, ...]
    roles: tuple[DemoRole, ...]
    language: Language


@dataclass(frozen=True, slots=True)
class DemoFile:
    """What ``make_file`` needs to make one file; its format is the ending of ``name``."""

    name: str
    content: str = ""
    """Text in the markup of ``resource_hub.demo.markup``."""
    drawing: str = ""
    """Name of a picture or of a movie's scene."""
    words: tuple[str, ...] = ()
    """Words that stand in the file and nowhere in the description."""

    @property
    def format(self) -> str:
        return self.name.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class DemoRevision:
    """One version of the description and the files."""

    title: str
    summary: str
    keywords: tuple[str, ...]
    grades: tuple[str, ...]
    volume: str
    edition: str
    unit: str
    language: Language
    licence: str
    sections: Mapping[Section, str]
    text: str
    """Shown on the page of a resource that may have no file."""
    files: tuple[DemoFile, ...]
    release_in_days: int | None
    """Days from today until it may be seen; None: as soon as it is published."""
    changes: str
    """What is new in it; empty for the first."""


@dataclass(frozen=True, slots=True)
class DemoStep:
    """One thing that one person does to a resource on one day."""

    day: int
    """0 is today, -1 yesterday; never in the future."""
    minute: int
    """Of that day, so that the steps of one resource come in order."""
    action: Action
    by: str
    """Account."""
    revision: int
    """Which of the resource's revisions: 0 or 1."""
    stage: Stage | None
    """At which stage it is decided; None where it is no decision."""
    comment: str = ""
    reason: Reason | None = None

    def at(self, now: datetime) -> datetime:
        return moment(self.day, self.minute, now)


@dataclass(frozen=True, slots=True)
class DemoResource:
    key: str
    kind: Kind
    subject: str
    stage: str
    audience: Audience
    author: str
    """Account."""
    byline: str
    """School and name of the author, as printed in the files."""
    fate: Fate
    begun: int
    """Day of the first draft: 0 is today, -1 yesterday."""
    revisions: tuple[DemoRevision, ...]
    steps: tuple[DemoStep, ...]

    @property
    def title(self) -> str:
        return self.revisions[0].title

    def begun_at(self, now: datetime) -> datetime:
        return moment(self.begun, FIRST_MINUTE, now)


@dataclass(frozen=True, slots=True)
class Demo:
    schools: tuple[DemoSchool, ...]
    alliance: DemoAlliance
    people: tuple[DemoPerson, ...]
    resources: tuple[DemoResource, ...]

    def school(self, key: str) -> DemoSchool:
        return next(school for school in self.schools if school.key == key)

    def person(self, account: str) -> DemoPerson:
        return next(person for person in self.people if person.account == account)

    def resource(self, key: str) -> DemoResource:
        return next(resource for resource in self.resources if resource.key == key)


FIRST_MINUTE = 8 * 60
LAST_MINUTE = 20 * 60
_DAY = 24 * 60


def moment(day: int, minute: int, now: datetime) -> datetime:
    """The time ``minute`` of ``day``, counted from the day of ``now`` in China.

    Today has only lasted until ``now``, so its minutes are squeezed into that: whatever the
    hour, no step lies in the future and the order stays.
    """
    midnight = now.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    if day == 0:
        return midnight + (now - midnight) * (minute / _DAY)
    return midnight + timedelta(days=day, minutes=minute)

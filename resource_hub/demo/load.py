"""Read the demo's texts, and refuse a story that does not hold together."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from tomllib import loads
from typing import Any
from zlib import crc32

from resource_hub.demo.content import (
    FIRST_MINUTE,
    KNOWN_LICENCES,
    LAST_MINUTE,
    Demo,
    DemoAlliance,
    DemoFile,
    DemoPerson,
    DemoResource,
    DemoRevision,
    DemoRole,
    DemoSchool,
    DemoStep,
    Fate,
)
from resource_hub.domain.people import Role
from resource_hub.domain.review import Action, Reason, Stage, usual_policy
from resource_hub.domain.taxonomy import AllianceKind, Kind, Language, Section
from resource_hub.domain.visibility import Audience

Table = Mapping[str, Any]  # Any: what TOML holds is only known once it is read

_EXPLAINED = {Action.REJECT, Action.REQUEST_CHANGES, Action.WITHDRAW, Action.APPEAL}
_DECISIONS = {Action.APPROVE, Action.REQUEST_CHANGES, Action.REJECT}


class StoryError(ValueError):
    """The texts contradict themselves; the message names the place."""


@cache
def load() -> Demo:
    """Read everything, once per process.

    Raises:
        StoryError: a reference leads nowhere, or a resource does not end as its fate says.
    """
    organisations = _read("organisations.toml")
    schools = tuple(_school(table) for table in organisations["school"])
    alliance = _alliance(organisations["alliance"], schools)
    known = {school.key for school in schools} | {alliance.key, ""}
    people = tuple(_person(table, known) for table in _read("people.toml")["person"])
    bylines = {
        person.account: f"{school.name} {person.name}"
        for person in people
        for school in schools
        if school.key == person.school
    }
    _refuse_doubles("account", [person.account for person in people])
    found = tuple(
        _resource(table, bylines)
        for school in schools
        for name in (f"{school.key}.toml",)
        for table in _read(name)["resource"]
    )
    _refuse_doubles("key", [resource.key for resource in found])
    return Demo(schools, alliance, people, found)


def _read(name: str) -> Table:
    return loads(resources.files("resource_hub.demo.data").joinpath(name).read_text("utf-8"))


def _refuse_doubles(what: str, values: list[str]) -> None:
    if doubles := {value for value in values if values.count(value) > 1}:
        raise StoryError(f"{what} used twice: {', '.join(sorted(doubles))}")


def _school(table: Table) -> DemoSchool:
    return DemoSchool(
        key=table["key"],
        name=table["name"],
        address=table["address"],
        stages=tuple(table["stages"]),
        core=table.get("core", False),
    )


def _alliance(table: Table, schools: tuple[DemoSchool, ...]) -> DemoAlliance:
    return DemoAlliance(
        key=table["key"],
        name=table["name"],
        kind=AllianceKind(table["kind"]),
        schools=tuple(school.key for school in schools),
    )


def _person(table: Table, organisations: set[str]) -> DemoPerson:
    account = table["account"]
    roles = [DemoRole(Role.TEACHER, table["school"])]
    roles += [
        DemoRole(
            Role(role["as"]),
            role.get("in", ""),
            frozenset(role.get("subjects", [])),
            frozenset(role.get("stages", [])),
        )
        for role in table.get("role", [])
    ]
    if unknown := {role.organisation for role in roles} - organisations:
        raise StoryError(f"{account}: unknown organisation {', '.join(sorted(unknown))}")
    return DemoPerson(
        account=account,
        name=table["name"],
        email=f"{account}@example.org",
        school=table["school"],
        subjects=tuple(table["subjects"]),
        grades=tuple(table["grades"]),
        roles=tuple(roles),
        language=Language(table.get("language", Language.SIMPLIFIED)),
    )


def _resource(table: Table, bylines: Mapping[str, str]) -> DemoResource:
    key, author = table["key"], table["author"]
    if author not in bylines:
        raise StoryError(f"{key}: unknown author {author}")
    revisions = [_revision(table)]
    if "second" in table:
        # What the second revision does not say anew, it takes over.
        second = table["second"]
        sections = {**table.get("sections", {}), **second.get("sections", {})}
        revisions.append(_revision({**table, **second, "sections": sections}))
    audience = Audience(table["audience"])
    walk = _Walk(key, author, audience, len(revisions))
    steps = tuple(walk.step(step) for step in table.get("steps", []))
    if unknown := {step.by for step in steps} - set(bylines):
        raise StoryError(f"{key}: unknown account {', '.join(sorted(unknown))}")
    release = revisions[0].release_in_days
    fate = walk.fate(embargoed=release is not None and release > 0)
    if fate is not Fate(table["fate"]):
        raise StoryError(f"{key}: should end as {table['fate']}, ends as {fate}")
    begun = table.get("begun", steps[0].day - 1 if steps else -1)
    return DemoResource(
        key=key,
        kind=Kind(table["kind"]),
        subject=table["subject"],
        stage=table["stage"],
        audience=audience,
        author=author,
        byline=bylines[author],
        fate=fate,
        begun=begun,
        revisions=tuple(revisions),
        steps=steps,
    )


def _revision(table: Table) -> DemoRevision:
    licence = table.get("licence", "cc-by-nc-4.0")
    if licence not in KNOWN_LICENCES:
        raise StoryError(f"{table['key']}: unknown licence {licence}")
    return DemoRevision(
        title=table["title"],
        summary=table["summary"].strip(),
        keywords=tuple(table["keywords"]),
        grades=tuple(table["grades"]),
        volume=table.get("volume", ""),
        edition=table.get("edition", ""),
        unit=table.get("unit", ""),
        language=Language(table.get("language", Language.SIMPLIFIED)),
        licence=licence,
        sections={
            Section(name): words.strip() for name, words in table.get("sections", {}).items()
        },
        text=table.get("text", "").strip(),
        files=tuple(_file(file) for file in table.get("file", [])),
        release_in_days=table.get("release_in_days"),
        changes=table.get("changes", ""),
    )


def _file(table: Table) -> DemoFile:
    return DemoFile(
        name=table["name"],
        content=table.get("content", "").strip(),
        drawing=table.get("drawing", ""),
        words=tuple(table.get("words", [])),
    )


class _Walk:
    """Follows one resource from step to step, so that each step knows its stage and revision."""

    def __init__(self, key: str, author: str, audience: Audience, revisions: int) -> None:
        self.key, self.author, self.revisions = key, author, revisions
        self.stages = usual_policy(audience).stages
        self.live: int | None = None
        self.revision = 0
        self.place: Stage | str = "draft"
        self._rejected_at = self.place
        self._last = DemoStep(-10_000, 0, Action.DISCARD, author, 0, None)
        self._minutes = self._spread()

    def step(self, table: Table) -> DemoStep:
        action = Action(table["do"])
        stage = self.place if isinstance(self.place, Stage) else None
        if (action in _DECISIONS) != (stage is not None):
            raise StoryError(f"{self.key}: cannot {action} when {self.place}")
        by = table["by"] if action in _DECISIONS else table.get("by", self.author)
        day: int = table["day"]
        minute = next(self._minutes)
        if day == self._last.day:
            minute = min(self._last.minute + 45, LAST_MINUTE)
        if day < self._last.day or day > 0:
            raise StoryError(f"{self.key}: day {day} is out of order")
        self._move(action)
        comment = table.get("comment", "")
        reason = Reason(table["reason"]) if "reason" in table else None
        if action in _EXPLAINED and not comment:
            raise StoryError(f"{self.key}: {action} needs a comment")
        if (action is Action.REJECT) != (reason is not None):
            raise StoryError(f"{self.key}: a rejection, and only that, has a reason")
        self._last = DemoStep(day, minute, action, by, self.revision, stage, comment, reason)
        return self._last

    def _move(self, action: Action) -> None:
        match action:
            case Action.SUBMIT if self.place in {"draft", "changes_requested"}:
                self.place = self.stages[0]
            case Action.APPROVE:
                position = self.stages.index(Stage(self.place))
                later = list(self.stages[position + 1 :])
                self.place = later[0] if later else "published"
                self.live = self.live if later else self.revision
            case Action.REQUEST_CHANGES:
                self.place = "changes_requested"
            case Action.REJECT:
                self._rejected_at, self.place = self.place, "rejected"
            case Action.APPEAL if self.place == "rejected":
                self.place = self._rejected_at
            case Action.WITHDRAW if self.place == "published":
                self.place = "withdrawn"
            case Action.REVISE if self.place == "published" and self.revisions == 2:
                self.place, self.revision = "draft", 1
            case _:
                raise StoryError(f"{self.key}: cannot {action} when {self.place}")

    def fate(self, *, embargoed: bool) -> Fate:
        """Name the place where the walk has ended."""
        if self.live == 0 and self.revision == 1:
            if not isinstance(self.place, Stage):
                raise StoryError(f"{self.key}: the second revision is not in review")
            return Fate.REVISING
        if isinstance(self.place, Stage):
            return Fate(f"in_review_{self.place}")
        if self.place == "published" and self.live == 1:
            return Fate.REVISED
        return Fate.EMBARGOED if self.place == "published" and embargoed else Fate(self.place)

    def _spread(self) -> Iterator[int]:
        """Minutes within the working day that look unplanned and are the same each time."""
        number = crc32(self.key.encode())
        while True:
            yield FIRST_MINUTE + number % (LAST_MINUTE - FIRST_MINUTE)
            number = crc32(number.to_bytes(4))

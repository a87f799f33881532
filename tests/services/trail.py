"""What the audit trail tells of reviews, works and posts, read once from its beginning."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.models import Assignment, AuditEvent, CoAuthor, EndedAs, Resource, Submission

DECIDED = {"approve", "request_changes", "reject"}


@dataclass
class Judged:
    """A decision in the trail."""

    work: int
    round: int
    by: int
    at: datetime
    given_at: datetime | None = None
    due_on: date | None = None
    is_known: bool = False


@dataclass
class Passage:
    """A round in the trail."""

    opened_at: datetime
    closed_at: datetime | None = None
    after: str = ""


@dataclass
class Said:
    """A post in the trail, or a lesson of which it tells."""

    by: int
    at: datetime
    resource_id: int | None
    issue_id: int | None
    is_lesson: bool
    is_own: bool
    """Whether an author of the work said it."""


@dataclass
class Trail:
    """The audit trail, read once from its beginning."""

    session: Session
    rounds: dict[int, dict[int, Passage]] = field(default_factory=lambda: defaultdict(dict))
    reviews: list[Judged] = field(default_factory=list)
    live: dict[int, int] = field(default_factory=dict)
    """By resource, the work that is published now."""
    said: dict[int, Said] = field(default_factory=dict)
    """By post, what was not hidden."""
    hidden: dict[int, Said] = field(default_factory=dict)
    withdrawn: list[tuple[int, datetime]] = field(default_factory=list)

    def __post_init__(self) -> None:
        given_at: dict[tuple[int, int], datetime] = {}
        places = {
            each.id: (each.revision_id, each.round)
            for each in self.session.scalars(select(Submission))
        }
        due_on = {
            (each.submission_id, each.reviewer_id): each.due_on
            for each in self.session.scalars(
                select(Assignment).where(Assignment.ended_as == EndedAs.DECIDED)
            )
        }
        for event in self.session.scalars(select(AuditEvent).order_by(AuditEvent.id)):
            detail = event.detail
            if event.tag == "assignment:give":
                given_at[detail["submission"], detail["reviewer"]] = event.at
            elif event.tag == "assignment:end" and detail["how"] == "decided":
                work, number = places[detail["submission"]]
                for each in self.reviews:
                    if (each.work, each.round, each.by) == (work, number, detail["reviewer"]):
                        each.given_at = given_at[detail["submission"], detail["reviewer"]]
                        each.due_on = due_on[detail["submission"], detail["reviewer"]]
            elif event.tag.startswith("discussion:") and "post" in detail:
                self._talk(event, detail["post"], event.tag.removeprefix("discussion:"))
            elif event.tag.startswith("revision:") and event.revision_id is not None:
                self._step(event, event.revision_id, event.tag.removeprefix("revision:"))

    def _talk(self, event: AuditEvent, number: int, what: str) -> None:
        if what in {"comment", "class_use"}:
            self.said[number] = Said(
                event.actor_id or 0,
                event.at,
                event.resource_id,
                event.detail["issue"],
                is_lesson=what == "class_use",
                is_own=event.actor_id in self._authors(event.resource_id),
            )
        elif what in {"hide", "take_back"}:
            self.hidden[number] = self.said.pop(number)
        elif what == "show":
            self.said[number] = self.hidden.pop(number)

    def _authors(self, resource_id: int | None) -> set[int]:
        if resource_id is None:
            return set()
        work = self.live.get(resource_id)
        named = self.session.scalars(select(CoAuthor.user_id).where(CoAuthor.revision_id == work))
        return {self.session.get_one(Resource, resource_id).owner_id, *named}

    def _step(self, event: AuditEvent, work: int, action: str) -> None:
        rounds, detail = self.rounds[work], event.detail
        if action in {"submit", "appeal"}:
            rounds[detail["round"]] = Passage(event.at)
        elif action == "withdraw":
            self.withdrawn.append((work, event.at))
            if self.live.get(event.resource_id or 0) == work:
                del self.live[event.resource_id or 0]
        elif action in DECIDED:
            self.reviews.append(Judged(work, detail["round"], event.actor_id or 0, event.at))
        if action in DECIDED | {"take_back"}:
            self._close(event, work, action)

    def _close(self, event: AuditEvent, work: int, action: str) -> None:
        """What ends a stage or a round."""
        rounds, detail = self.rounds[work], event.detail
        if (detail["before"], detail["stage"]) != (detail["after"], detail["after_stage"]):
            for each in self.reviews:
                each.is_known |= each.work == work
        if action == "take_back":
            del rounds[detail["round"]]
        elif detail["after"] != "in_review":
            rounds[detail["round"]].closed_at = event.at
            rounds[detail["round"]].after = detail["after"]
            if detail["after"] == "published":
                self.live[event.resource_id or 0] = work

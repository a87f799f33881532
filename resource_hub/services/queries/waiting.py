"""What waits, line by line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.review import Stage
from resource_hub.models import Resource, Revision, School, Submission, User
from resource_hub.services.assigning import Holder, holders
from resource_hub.services.queries.grades import grades_of
from resource_hub.services.queries.queues import Queue, Sought, Whose
from resource_hub.services.queries.sheets import Sheet, sheet

PER_PAGE = 30


@dataclass(frozen=True, slots=True)
class Waiting:
    """One submission in the inbox; codes, not labels."""

    submission_id: int
    revision_id: int
    version: int
    """Of the revision, as this page shows it: a button pressed on a stale page is refused."""
    kind: str
    title: str
    subject: str
    grades: tuple[str, ...]
    stage: Stage
    round: int
    fast_lane: bool
    author_name: str
    school_name: str
    waiting_since: datetime
    holders: Sequence[Holder]
    mine: Holder | None
    """The reader among them."""

    @property
    def whose(self) -> Whose:
        if self.mine is not None:
            return Whose.MINE
        return Whose.OTHERS if self.holders else Whose.FREE

    @property
    def due_on(self) -> date | None:
        """Mine where it is mine, else the first of those who have it; None: nobody has it."""
        if self.mine is not None:
            return self.mine.due_on
        return min((each.due_on for each in self.holders), default=None)


def lines(
    session: Session, queue: Queue, sought: Sought, *, page: int
) -> tuple[list[Waiting], Sheet]:
    """One page of what is sought; four queries, however much there is."""
    found = sheet(session, queue, sought, page=page, per_page=PER_PAGE)
    shown = found.numbers
    rows = session.execute(
        select(
            Submission.id,
            Submission.revision_id,
            Revision.version,
            Resource.kind,
            Revision.title,
            Revision.subject,
            Submission.stage,
            Submission.round,
            Submission.fast_lane,
            User.name.label("author_name"),
            School.name.label("school_name"),
            Submission.stage_since,
        )
        .join(Submission.revision)
        .join(Revision.resource)
        .join(User, Resource.owner_id == User.id)
        .join(School, Resource.school_id == School.id)
        .where(Submission.id.in_(shown))
    ).all()
    held = holders(session, shown)
    grades = grades_of(session, [row.revision_id for row in rows])
    by_number = {
        row.id: Waiting(
            submission_id=row.id,
            revision_id=row.revision_id,
            version=row.version,
            kind=row.kind.value,
            title=row.title,
            subject=row.subject,
            grades=grades.get(row.revision_id, ()),
            stage=row.stage,
            round=row.round,
            fast_lane=row.fast_lane,
            author_name=row.author_name,
            school_name=row.school_name,
            waiting_since=row.stage_since,
            holders=held[row.id],
            mine=next((each for each in held[row.id] if each.reviewer_id == queue.person.id), None),
        )
        for row in rows
    }
    return [by_number[number] for number in shown if number in by_number], found

"""Keep an opinion while it is written: no reload, second window or other device loses a word.

Each page that writes has a random name, its *window*, and knows the *turn* of the text it began
from. A save goes to the window's own row; else it takes over the row it began from, if that is as
it was; else another window wrote meanwhile, and both texts are kept: the newer one is shown, the
older one offered.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import N_, Invalid, Missing
from resource_hub.domain.people import Person
from resource_hub.domain.review_form import Sheet, malformed
from resource_hub.models import HalfWritten, Submission
from resource_hub.services.deciding import submission_on_desk
from resource_hub.services.unit_of_work import UnitOfWork

MOST_WINDOWS = 10
"""Different texts of one person on one submission; then the oldest gives way."""
KEPT_AFTER_THE_END = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in the form: the sheet, and the reason of a rejection."""

    sheet: Sheet = field(default_factory=Sheet)
    reason: str = ""

    @property
    def is_empty(self) -> bool:
        sheet = self.sheet
        texts = (sheet.strengths, sheet.changes, sheet.hidden_note)
        answers = any(met is not None for met in sheet.passes.values()) or sheet.scores
        return not (answers or self.reason or any(text.strip() for text in texts))

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        sheet = self.sheet
        return {
            "passes": dict(sheet.passes),
            "scores": dict(sheet.scores),
            "strengths": sheet.strengths,
            "changes": sheet.changes,
            "hidden_note": sheet.hidden_note,
            "form": sheet.form,
            "reason": self.reason,
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Written":  # Any: JSON
        answers = {name: value for name, value in kept.items() if name != "reason"}
        return cls(Sheet(**answers), kept["reason"])


@dataclass(frozen=True, slots=True)
class Kept:
    """One text that is kept; ``version`` is what a page that shows it hands back."""

    id: int
    version: str
    saved_at: datetime
    written: Written


def kept_opinions(session: Session, person: Person, submission_id: int) -> Sequence[Kept]:
    """What this person has written about the submission, the newest first; one query."""
    return [_kept(row) for row in _rows(session, person, submission_id)]


def keep_opinion(
    uow: UnitOfWork,
    person: Person,
    submission_id: int,
    written: Written,
    *,
    window: str,
    version: str = "",
) -> tuple[Kept | None, int]:
    """Save what stands on a page.

    Returns it (None: there was nothing to keep), and how many other texts are kept beside it.

    Args:
        window: the page's own name, at most 32 characters.
        version: of the text that the page began from, or was told by its last save.

    Raises:
        Missing: there is no such submission, as far as ``person`` may know.
        NotAllowed: it is the person's own work.
        Invalid: a text is too long.
    """
    submission_on_desk(uow.session, person, submission_id)
    if problems := list(malformed(written.sheet)):
        raise Invalid(problems)
    rows = _rows(uow.session, person, submission_id, to_write=True)
    row = next((each for each in rows if each.window == window), None)
    if row is None:
        row = next((each for each in rows if _kept(each).version == version), None)
    if row is None and written.is_empty:
        return None, len(rows)
    if row is None:
        row = HalfWritten(submission_id=submission_id, reviewer_id=person.id or 0, turn=0)
        uow.session.add(row)
    row.window, row.turn = window[:32], row.turn + 1
    row.content, row.saved_at = written.to_json(), uow.now()
    others = [each for each in rows if each is not row]
    for each in others:
        if each.content == row.content or each in others[MOST_WINDOWS - 1 :]:
            uow.session.delete(each)
    uow.session.flush()
    return _kept(row), len([each for each in others if each.content != row.content])


def drop_opinion(uow: UnitOfWork, person: Person, submission_id: int, opinion_id: int) -> None:
    """Throw one of the own texts away.

    Raises:
        Missing: there is none.
    """
    for row in _rows(uow.session, person, submission_id, to_write=True):
        if row.id == opinion_id:
            uow.session.delete(row)
            return
    raise Missing(N_("This text is not kept any more."))


def forget_old_opinions(uow: UnitOfWork) -> int:
    """Delete what was never sent, 90 days after its round ended. Returns how many."""
    ended = select(Submission.id).where(Submission.closed_at < uow.now() - KEPT_AFTER_THE_END)
    gone = uow.session.execute(
        delete(HalfWritten).where(HalfWritten.submission_id.in_(ended)).returning(HalfWritten.id)
    )
    return len(gone.all())


def _rows(
    session: Session, person: Person, submission_id: int, *, to_write: bool = False
) -> Sequence[HalfWritten]:
    statement = (
        select(HalfWritten)
        .where(HalfWritten.submission_id == submission_id, HalfWritten.reviewer_id == person.id)
        .order_by(HalfWritten.saved_at.desc(), HalfWritten.id.desc())
        .execution_options(populate_existing=True)
    )
    if to_write:
        statement = statement.with_for_update()
    return session.scalars(statement).all()


def _kept(row: HalfWritten) -> Kept:
    return Kept(row.id, f"{row.id}.{row.turn}", row.saved_at, Written.from_json(row.content))

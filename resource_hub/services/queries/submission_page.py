"""The reviewer's desk: everything that is needed to judge one submission."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from resource_hub.domain.errors import Missing
from resource_hub.domain.people import Person
from resource_hub.domain.permissions import may_read
from resource_hub.domain.review import (
    Action,
    Place,
    Reviewable,
    State,
    possible_actions,
    prospect,
)
from resource_hub.models import (
    BlobText,
    Resource,
    Review,
    Revision,
    Submission,
)
from resource_hub.services.assigning import Holder, holders
from resource_hub.services.available import Successor, successors
from resource_hub.services.deciding import AT_THE_DESK, submission_on_desk
from resource_hub.services.queries.changes import Changes, changes_of
from resource_hub.services.queries.turns import PastTurn, past_turns
from resource_hub.services.revisions import load_revision, readable
from resource_hub.services.verdicts import is_disclosed_to

MOST_TEXT = 4_000
"""Characters of a file's text that stand on the page."""
MOST_TEXTS = 10


@dataclass(frozen=True, slots=True)
class SubmissionPage:
    """What the desk shows; ``rounds`` are all submissions of the resource, the latest first."""

    submission: Submission
    resource: Resource
    revision: Revision
    content_is_open: bool
    """Whether the person may read it now: what went back to its author is the author's again."""
    actions: Mapping[Action, Place]
    """The buttons, and where each leads."""
    rounds: Sequence[Submission]
    live: Revision | None
    """What is public now, when the submission is a later version of it."""
    changes: Changes | None
    """Since what this person approved, or the live version, or the round before; None: closed."""
    texts: Mapping[str, str]
    """By blob: how the text inside begins."""
    holders: Sequence[Holder]
    past_turns: Sequence[PastTurn]
    successors: Sequence[Successor]
    """To whom this person could hand it over."""

    @property
    def is_closed(self) -> bool:
        return self.submission.outcome is not None

    @property
    def open_round(self) -> Submission | None:
        """The round that is under way, if it is another one than this."""
        return next(
            (each for each in self.rounds if each.outcome is None and each != self.submission),
            None,
        )


def submission_page(
    session: Session, person: Person, submission_id: int, now: datetime
) -> SubmissionPage:
    """The desk, in the same number of queries whatever lies on it.

    Args:
        now: in the hub's time zone, for its day says who is away.

    Raises:
        Missing: there is no such submission, as far as this person may know.
        NotAllowed: it is the person's own work.
    """
    on_desk = submission_on_desk(session, person, submission_id)
    revision_id, is_closed = on_desk.revision_id, on_desk.outcome is not None
    # Before the rest: it reads the same rows, without the files.
    changes = _changes(session, person, revision_id, submission_id if is_closed else None, now)
    rounds = _rounds(session, person, revision_id)
    submission = next(each for each in rounds if each.id == submission_id)
    revision = load_revision(session, revision_id)
    facts = readable(session, revision)
    is_guest = person.guest_of is not None  # sees this round alone, and nobody's opinion
    live = None if is_guest else _live(session, revision)
    actions = _actions(person, facts.item) if submission.outcome is None else {}
    return SubmissionPage(
        submission=submission,
        resource=revision.resource,
        revision=revision,
        content_is_open=may_read(person, facts, now),
        actions=actions,
        rounds=() if is_guest else rounds,
        live=live,
        changes=changes,
        texts=_texts(session, revision),
        holders=holders(session, [submission_id])[submission_id],
        past_turns=past_turns(session, submission),
        successors=(
            successors(session, submission, revision, now.date())
            if Action.HAND_OVER in actions
            else ()
        ),
    )


def _actions(person: Person, item: Reviewable) -> Mapping[Action, Place]:
    return {
        action: prospect(action, item)
        for action in possible_actions(person, item)
        if action in AT_THE_DESK
    }


def _rounds(session: Session, person: Person, revision_id: int) -> Sequence[Submission]:
    """All rounds of the resource, with what this person may know of what was decided."""
    same_resource = select(Revision.resource_id).where(Revision.id == revision_id)
    return session.scalars(
        select(Submission)
        .join(Submission.revision)
        .where(Revision.resource_id == same_resource.scalar_subquery())
        .order_by(Submission.id.desc())
        .options(
            joinedload(Submission.revision),
            joinedload(Submission.alliance),
            selectinload(Submission.reviews.and_(is_disclosed_to(person))).joinedload(
                Review.reviewer
            ),
        )
        .execution_options(populate_existing=True)
    ).all()


def _live(session: Session, revision: Revision) -> Revision | None:
    """The live revision of the same resource, unless it is this one."""
    return session.scalar(
        select(Revision)
        .where(
            Revision.resource_id == revision.resource_id,
            Revision.state == State.PUBLISHED,
            Revision.id != revision.id,
        )
        .options(selectinload(Revision.attachments))
    )


def _changes(
    session: Session, person: Person, revision_id: int, judged_in: int | None, now: datetime
) -> Changes | None:
    """What is different; of a round that is over, as it was judged, if a copy was kept."""
    public_id, number = session.execute(
        select(Resource.public_id, Revision.number)
        .join(Revision.resource)
        .where(Revision.id == revision_id)
    ).one()
    try:
        return changes_of(session, person, public_id, number, now, judged_in=judged_in)
    except Missing:
        return None


def _texts(session: Session, revision: Revision) -> Mapping[str, str]:
    keys = [attachment.blob_key for attachment in revision.attachments][:MOST_TEXTS]
    rows = session.execute(
        select(BlobText.blob_key, func.substr(BlobText.text, 1, MOST_TEXT + 1)).where(
            BlobText.blob_key.in_(keys)
        )
    )
    return {key: text for key, text in rows if text.strip()}

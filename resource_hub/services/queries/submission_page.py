"""The reviewer's desk: everything that is needed to judge one submission."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from resource_hub.domain.differences import (
    Difference,
    FileDifferences,
    differences,
    file_differences,
)
from resource_hub.domain.people import Person
from resource_hub.domain.permissions import may_read
from resource_hub.domain.review import (
    WORKFLOW,
    Action,
    Place,
    Reviewable,
    State,
    possible_actions,
)
from resource_hub.models import (
    Attachment,
    BlobText,
    Resource,
    Review,
    Revision,
    Submission,
)
from resource_hub.services.deciding import AT_THE_DESK, submission_on_desk
from resource_hub.services.descriptions import description_of
from resource_hub.services.revisions import load_revision, readable

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
    differences: Sequence[Difference]
    file_differences: FileDifferences
    texts: Mapping[str, str]
    """By blob: how the text inside begins."""

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

    Raises:
        Missing: there is no such submission, as far as this person may know.
        NotAllowed: it is the person's own work.
    """
    revision_id = submission_on_desk(session, person, submission_id).revision_id
    rounds = _rounds(session, revision_id)
    submission = next(each for each in rounds if each.id == submission_id)
    revision = load_revision(session, revision_id)
    facts = readable(session, revision)
    live = _live(session, revision)
    return SubmissionPage(
        submission=submission,
        resource=revision.resource,
        revision=revision,
        content_is_open=may_read(person, facts, now),
        actions=_actions(person, facts.item) if submission.outcome is None else {},
        rounds=rounds,
        live=live,
        differences=_differences(revision.resource, live, revision),
        file_differences=_file_differences(live, revision),
        texts=_texts(session, revision),
    )


def _actions(person: Person, item: Reviewable) -> Mapping[Action, Place]:
    return {
        action: WORKFLOW[action].leads(item)
        for action in possible_actions(person, item)
        if action in AT_THE_DESK
    }


def _rounds(session: Session, revision_id: int) -> Sequence[Submission]:
    same_resource = select(Revision.resource_id).where(Revision.id == revision_id)
    return session.scalars(
        select(Submission)
        .join(Submission.revision)
        .where(Revision.resource_id == same_resource.scalar_subquery())
        .order_by(Submission.id.desc())
        .options(
            joinedload(Submission.revision),
            joinedload(Submission.holder),
            joinedload(Submission.alliance),
            selectinload(Submission.reviews).joinedload(Review.reviewer),
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


def _differences(
    resource: Resource, live: Revision | None, revision: Revision
) -> Sequence[Difference]:
    if live is None:
        return ()
    return differences(description_of(resource, live), description_of(resource, revision))


def _file_differences(live: Revision | None, revision: Revision) -> FileDifferences:
    if live is None:
        return FileDifferences()
    return file_differences(_files(live.attachments), _files(revision.attachments))


def _files(attachments: Sequence[Attachment]) -> list[tuple[str, str]]:
    return [(attachment.filename, attachment.blob_key) for attachment in attachments]


def _texts(session: Session, revision: Revision) -> Mapping[str, str]:
    keys = [attachment.blob_key for attachment in revision.attachments][:MOST_TEXTS]
    rows = session.execute(
        select(BlobText.blob_key, func.substr(BlobText.text, 1, MOST_TEXT + 1)).where(
            BlobText.blob_key.in_(keys)
        )
    )
    return {key: text for key, text in rows if text.strip()}

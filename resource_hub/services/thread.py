"""Author and reviewers talk about a submission."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from resource_hub.domain.errors import N_, Missing
from resource_hub.domain.people import Person
from resource_hub.domain.permissions import may_open_desk
from resource_hub.domain.thread import Round, said, shows_message
from resource_hub.models import Message, Review, Revision, Submission
from resource_hub.services.assigning import open_assignments
from resource_hub.services.notices import tell
from resource_hub.services.revisions import load_revision, readable
from resource_hub.services.unit_of_work import UnitOfWork

NO_SUCH = N_("There is no such submission, or you have no part in it.")

TWICE = timedelta(minutes=1)
"""The same words of the same person within this time are one message, sent twice."""


@dataclass(frozen=True, slots=True)
class Talk:
    """A submission as one who takes part in it finds it."""

    submission: Submission
    revision: Revision
    is_author: bool

    @property
    def round(self) -> Round:
        return round_of(self.submission, self.revision.resource.owner_id)


def round_of(submission: Submission, author_id: int) -> Round:
    return Round(
        author_id=author_id,
        is_open=submission.outcome is None,
        stage=submission.stage,
        opinions=submission.policy.approvals_at(submission.stage),
    )


def take_part(session: Session, person: Person, submission_id: int) -> Talk:
    """The submission for its author, those who judge it and those who answer for it.

    Raises:
        Missing: there is none, as far as this person may know.
    """
    submission = session.scalar(
        select(Submission)
        .where(Submission.id == submission_id)
        .execution_options(populate_existing=True)
    )
    if submission is None:
        raise Missing(NO_SUCH)
    revision = load_revision(session, submission.revision_id)
    is_author = person.id is not None and person.id == revision.resource.owner_id
    if not is_author and not may_open_desk(person, readable(session, revision)):
        raise Missing(NO_SUCH)
    return Talk(submission, revision, is_author)


def say(
    uow: UnitOfWork, person: Person, submission_id: int, text: str, *, answers: int | None = None
) -> Message:
    """Leave a message in Markdown, at most 5,000 characters; whom it is for is told.

    Args:
        answers: the message that it answers; an own one goes to whom that one went.

    Raises:
        Missing: there is no such submission, as far as this person may know.
        Invalid: nothing was written, or too much.
    """
    talk = take_part(uow.session, person, submission_id)
    text = said(text)
    answered = _answered(uow.session, person, talk, answers)
    same = uow.session.scalar(
        select(Message).where(
            Message.submission_id == submission_id,
            Message.speaker_id == person.id,
            Message.text == text,
            Message.at > uow.now() - TWICE,
        )
    )
    if same is not None:
        return same
    message = Message(
        submission_id=submission_id,
        stage=talk.submission.stage,
        speaker_id=person.id,
        answers_id=answered.id if answered is not None else None,
        text=text,
        at=uow.now(),
    )
    uow.session.add(message)
    uow.session.flush()
    for user_id in _for_whom(uow.session, talk, message, answered):
        tell(
            uow,
            user_id,
            "message",
            by=person,
            resource=talk.revision.resource,
            revision=talk.revision,
            submission=talk.submission,
            comment=text,
            message=message.id,
        )
    return message


def _answered(
    session: Session, person: Person, talk: Talk, message_id: int | None
) -> Message | None:
    if message_id is None:
        return None
    found = session.scalar(
        select(Message)
        .where(Message.id == message_id, Message.submission_id == talk.submission.id)
        .options(joinedload(Message.answers))
    )
    if found is None or not _reads(person.id, talk.round, found, found.answers):
        raise Missing(N_("The message that you answer is not there any more."))
    return found.answers if found.speaker_id == person.id else found


def _reads(
    person_id: int | None, round_: Round, message: Message, answered: Message | None
) -> bool:
    return shows_message(
        person_id,
        round_,
        stage=message.stage,
        speaker_id=message.speaker_id,
        answered_id=answered.speaker_id if answered is not None else None,
    )


def _for_whom(
    session: Session, talk: Talk, message: Message, answered: Message | None
) -> list[int]:
    """The author, who holds it, and everybody who decided or spoke, as far as they may read it."""
    submission, author_id = talk.submission, talk.revision.resource.owner_id
    concerned = {author_id} | {
        held.reviewer_id for held in open_assignments(session, submission.id)
    }
    concerned |= set(
        session.scalars(select(Review.reviewer_id).where(Review.submission_id == submission.id))
    )
    concerned |= set(
        session.scalars(select(Message.speaker_id).where(Message.submission_id == submission.id))
    )
    return sorted(
        user_id
        for user_id in concerned - {message.speaker_id}
        if _reads(user_id, talk.round, message, answered)
    )

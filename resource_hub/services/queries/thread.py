"""The whole history of a submission as one thread: rounds, decisions, people, messages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from resource_hub.domain.people import Person
from resource_hub.domain.review import Action, Stage
from resource_hub.domain.thread import shows_message
from resource_hub.models import (
    AuditEvent,
    JudgedFile,
    Message,
    Resource,
    Review,
    Revision,
    Submission,
    User,
)
from resource_hub.services.queries.stage_verdicts import stage_verdicts
from resource_hub.services.queries.thread_entries import Entry, What, remarks_and_answers, turns
from resource_hub.services.thread import Talk, round_of, take_part
from resource_hub.services.verdicts import is_disclosed_to

MOST = 200
"""Messages and steps on the page, the latest; all of them where the reader asks for it."""


@dataclass(slots=True)
class RoundOfThread:
    """One submission of the resource with what happened in it, in the order of time."""

    submission_id: int
    version: int
    number: int
    outcome: Action | None
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Thread:
    """The thread of a resource's rounds; the one that was asked for is ``here``."""

    talk: Talk
    resource: Resource
    rounds: Sequence[RoundOfThread]
    left_out: int
    """How many earlier entries are not on this page."""

    @property
    def here(self) -> RoundOfThread:
        return next(each for each in self.rounds if each.submission_id == self.talk.submission.id)


def thread(
    session: Session, person: Person, submission_id: int, now: datetime, *, whole: bool = False
) -> Thread:
    """The thread as this person may read it, in the same number of queries however long it is.

    Raises:
        Missing: there is no such submission, as far as this person may know.
    """
    talk = take_part(session, person, submission_id)
    resource = talk.revision.resource
    rounds = _submissions(session, resource)
    found = {
        each.id: RoundOfThread(each.id, each.revision.number, each.round, each.outcome)
        for each in rounds
    }
    reviews = _reviews(session, person, rounds)
    entries = sorted(
        [
            *_steps(session, rounds),
            *turns(session, rounds, is_author=talk.is_author),
            *_opinions(reviews),
            *_verdicts(session, rounds, [review for review, _name in reviews]),
            *remarks_and_answers(session, person, talk.revision, now),
            *_messages(session, person, rounds, resource.owner_id),
        ],
        key=lambda pair: pair[1].at,
    )
    kept = entries if whole else entries[-MOST:]
    for number, entry in kept:
        found[number].entries.append(entry)
    return Thread(talk, resource, list(found.values()), len(entries) - len(kept))


def count_messages(session: Session, submission_id: int) -> int:
    """How many messages a submission has; for a link to its thread."""
    return (
        session.scalar(select(func.count(Message.id)).where(Message.submission_id == submission_id))
        or 0
    )


def _submissions(session: Session, resource: Resource) -> Sequence[Submission]:
    return session.scalars(
        select(Submission)
        .join(Submission.revision)
        .where(Revision.resource_id == resource.id)
        .order_by(Submission.id)
        .options(joinedload(Submission.revision))
    ).all()


SHOWN = frozenset(
    {Action.APPEAL, Action.SUBMIT, Action.TAKE_BACK, Action.CLAIM, Action.RELEASE, Action.WITHDRAW}
)
"""Steps that stand in the thread; decisions stand there with their opinions."""

_SAID_ALOUD = frozenset({Action.APPEAL, Action.SUBMIT, Action.WITHDRAW})
"""Steps whose words are for everybody who takes part."""


def _steps(session: Session, rounds: Sequence[Submission]) -> Iterable[tuple[int, Entry]]:
    """From the log, which knows every step for ever; what was taken down ends the last round."""
    by_place = {(each.revision_id, each.round): each for each in rounds}
    last = {each.revision_id: each for each in rounds}
    files = _files(session, rounds)
    events = session.execute(
        select(AuditEvent, User.name)
        .outerjoin(AuditEvent.actor)
        .where(
            AuditEvent.revision_id.in_(last),
            AuditEvent.tag.in_([f"revision:{action}" for action in SHOWN]),
        )
        .order_by(AuditEvent.id)
    )
    for event, name in events:
        action = Action(event.tag.partition(":")[2])
        revision_id = event.revision_id or 0
        submission = by_place.get((revision_id, event.detail.get("round") or 0), last[revision_id])
        stage = event.detail.get("stage")
        yield (
            submission.id,
            Entry(
                what=What.STEP,
                at=event.at,
                by=name or "",
                by_id=event.actor_id,
                action=action,
                stage=Stage(stage) if stage else None,
                text=event.detail.get("comment", "") if action in _SAID_ALOUD else "",
                files=files.get(submission.id, ()) if action is Action.SUBMIT else (),
            ),
        )


def _files(session: Session, rounds: Sequence[Submission]) -> dict[int, tuple[str, ...]]:
    """By round, the names of the files that were judged in it."""
    names: dict[int, tuple[str, ...]] = {}
    rows = session.execute(
        select(JudgedFile.submission_id, JudgedFile.filename)
        .where(JudgedFile.submission_id.in_([each.id for each in rounds]))
        .order_by(JudgedFile.submission_id, JudgedFile.position)
    )
    for number, filename in rows:
        names[number] = (*names.get(number, ()), filename)
    return names


def _reviews(
    session: Session, person: Person, rounds: Sequence[Submission]
) -> Sequence[tuple[Review, str]]:
    """With who wrote each. Until all opinions of a stage are in, each is for its writer alone."""
    rows = session.execute(
        select(Review, User.name)
        .join(Review.reviewer)
        .where(Review.submission_id.in_([each.id for each in rounds]), is_disclosed_to(person))
        .order_by(Review.id)
    )
    return [(review, name) for review, name in rows]


def _verdicts(
    session: Session, rounds: Sequence[Submission], reviews: Sequence[Review]
) -> Iterable[tuple[int, Entry]]:
    for found in stage_verdicts(session, rounds, reviews):
        yield (
            found.submission_id,
            Entry(
                what=What.VERDICT,
                at=found.at,
                by="",
                by_id=None,
                action=Action(found.verdict.decision) if found.verdict.decision else None,
                stage=found.stage,
                verdict=found,
            ),
        )


def _opinions(reviews: Sequence[tuple[Review, str]]) -> Iterable[tuple[int, Entry]]:
    for review, name in reviews:
        yield (
            review.submission_id,
            Entry(
                what=What.OPINION,
                at=review.decided_at,
                by=name,
                by_id=review.reviewer_id,
                action=review.decision,
                stage=review.stage,
                reason=review.reason,
                text=review.comment,
                strengths=review.strengths,
            ),
        )


def _messages(
    session: Session, person: Person, rounds: Sequence[Submission], author_id: int
) -> Iterable[tuple[int, Entry]]:
    by_id = {each.id: each for each in rounds}
    rows = session.execute(
        select(Message, User.name)
        .join(Message.speaker)
        .where(Message.submission_id.in_(by_id))
        .order_by(Message.id)
    ).all()
    speakers = {message.id: (message.speaker_id, name) for message, name in rows}
    for message, name in rows:
        submission = by_id[message.submission_id]
        answered_id, answered_name = speakers.get(message.answers_id or 0, (None, ""))
        if shows_message(
            person.id,
            round_of(submission, author_id),
            stage=message.stage,
            speaker_id=message.speaker_id,
            answered_id=answered_id,
        ):
            yield (
                submission.id,
                Entry(
                    what=What.MESSAGE,
                    at=message.at,
                    by=name,
                    by_id=message.speaker_id,
                    stage=message.stage,
                    text=message.text,
                    message_id=message.id,
                    answers=(message.answers_id, answered_name) if message.answers_id else None,
                ),
            )

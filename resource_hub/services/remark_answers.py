"""The author answers remarks, and whoever wrote them is told."""

from sqlalchemy import select

from resource_hub.domain.errors import Invalid, Missing
from resource_hub.domain.people import Person
from resource_hub.domain.remarks import text_problems
from resource_hub.models import Notice, Remark
from resource_hub.services.notices import tell
from resource_hub.services.remarks import NO_SUCH, find_remark
from resource_hub.services.revisions import load_revision
from resource_hub.services.unit_of_work import UnitOfWork

ANSWERED = "remark_answered"
"""The notice to the reviewer whose remark the author answered."""


def answer_remark(
    uow: UnitOfWork, person: Person, remark_id: int, *, answer: str, done: bool
) -> Remark:
    """The author's word on a remark, and whether it is dealt with; may be said again later.

    Wherever the work stands: also what was withdrawn may come back as its next version, and
    waits until what must be fixed is done.

    Raises:
        Missing: there is no such remark, or it was not sent to this person.
        Invalid: the answer is too long.
    """
    remark = find_remark(uow, remark_id)
    if remark.author_id != person.id or remark.released_at is None:
        raise Missing(NO_SUCH)
    revision = remark.submission.revision
    answer = answer.strip()
    if problems := text_problems(answer, field="answer"):
        raise Invalid(problems)
    now = uow.now()
    if answer != remark.answer:
        remark.answer, remark.answered_at = answer, now if answer else None
        uow.record("remark:answer", by=person, revision=revision, remark=remark.id, answer=answer)
        if answer:
            _tell_writer(uow, person, remark)
    if done != (remark.done_at is not None):
        remark.done_at = now if done else None
        tag = "remark:done" if done else "remark:reopen"
        uow.record(tag, by=person, revision=revision, remark=remark.id)
    uow.session.flush()
    return remark


def _tell_writer(uow: UnitOfWork, person: Person, remark: Remark) -> None:
    """Once until it is read: ten answers on an evening are one notice, and all stand at its end."""
    waiting = uow.session.scalar(
        select(Notice.id)
        .where(
            Notice.user_id == remark.writer_id,
            Notice.kind == ANSWERED,
            Notice.submission_id == remark.submission_id,
            Notice.read_at.is_(None),
        )
        .limit(1)
    )
    if waiting is not None:
        return
    revision = load_revision(uow.session, remark.submission.revision_id)
    tell(
        uow,
        remark.writer_id,
        ANSWERED,
        by=person,
        resource=revision.resource,
        revision=revision,
        submission=remark.submission,
        comment=remark.answer,
    )

"""Write remarks on a submission."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from resource_hub.domain.anchors import Witness, digest
from resource_hub.domain.errors import (
    N_,
    HubError,
    Invalid,
    Missing,
    NotAllowed,
    Problem,
    WrongState,
)
from resource_hub.domain.people import Person
from resource_hub.domain.remarks import (
    MOST_REMARKS,
    Anchor,
    Target,
    Weight,
    anchor_in_field,
    anchor_in_file,
    field_text,
    text_problems,
)
from resource_hub.domain.review import Action, next_place
from resource_hub.models import (
    Attachment,
    Remark,
    Rendition,
    RenditionKind,
    Revision,
    Submission,
)
from resource_hub.services.deciding import submission_on_desk
from resource_hub.services.descriptions import description_of
from resource_hub.services.previews import has_pages, promise_pages
from resource_hub.services.queries.previews import LARGE
from resource_hub.services.remark_places import file_facts
from resource_hub.services.revisions import hold_still, load_revision, reviewable
from resource_hub.services.unit_of_work import FASTER, UnitOfWork

NO_SUCH = N_("There is no such remark, or it is not yours.")


def write_remark(
    uow: UnitOfWork,
    person: Person,
    submission_id: int,
    target: Target,
    *,
    text: str,
    weight: Weight | None,
) -> Remark:
    """Put a remark on a place of the work; the author sees it from the decision on.

    Those may write who may decide now: the same rule of the workflow table.

    Raises:
        Missing: there is no such submission, as far as the person may know.
        NotAllowed: it is the person's own work, or not theirs to judge.
        WrongState: the round is over, or another reviewer has taken it.
        Invalid: there is no such place, or the words are missing or too long.
    """
    submission, revision = _on_the_desk(uow, person, submission_id)
    text = text.strip()
    problems = _word_problems(text, weight)
    try:
        filename, blob_key, anchor, witness = _place(uow, revision, target)
    except Invalid as error:
        raise Invalid([*error.problems, *problems]) from error
    written = uow.session.scalar(
        select(func.count()).where(
            Remark.submission_id == submission.id, Remark.writer_id == person.id
        )
    )
    if (written or 0) >= MOST_REMARKS:
        problems.append(
            Problem("text", N_("At most %(limit)s remarks: sum up the rest in your comment."),
                    {"limit": MOST_REMARKS})
        )  # fmt: skip
    if problems or weight is None:
        raise Invalid(problems)
    rectangle, passage = anchor.rectangle, anchor.passage
    remark = Remark(
        submission_id=submission.id,
        stage=submission.stage,
        writer_id=person.id,
        author_id=revision.resource.owner_id,
        weight=weight,
        text=text,
        kind=anchor.kind,
        filename=filename,
        blob_key=blob_key,
        field="" if filename else target.field,
        page=anchor.page,
        rect_left=rectangle.left if rectangle else None,
        rect_top=rectangle.top if rectangle else None,
        rect_width=rectangle.width if rectangle else None,
        rect_height=rectangle.height if rectangle else None,
        second=anchor.second,
        start=passage.start if passage else None,
        quote=passage.quote if passage else "",
        before=passage.before if passage else "",
        after=passage.after if passage else "",
        words=witness.words,
        picture=witness.picture,
        created_at=uow.now(),
    )
    uow.session.add(remark)
    uow.session.flush()
    uow.record(
        "remark:write",
        by=person,
        resource=revision.resource,
        revision=revision,
        remark=remark.id,
        weight=weight.value,
    )
    return remark


def change_remark(
    uow: UnitOfWork,
    person: Person,
    remark_id: int,
    *,
    text: str,
    weight: Weight | None,
    seen: int | None = None,
) -> Remark:
    """Put other words in the place of one's own, until it is sent.

    Args:
        seen: the remark's ``version`` on the page; None skips the check.

    Raises:
        Missing: there is no such remark of this person.
        WrongState: it was sent already, or changed in another window.
        Invalid: the words are missing or too long.
    """
    remark = _own_unsent(uow, person, remark_id)
    if seen is not None and seen != remark.version:
        raise WrongState(FASTER)
    text = text.strip()
    if problems := _word_problems(text, weight):
        raise Invalid(problems)
    remark.text, remark.weight = text, weight or remark.weight
    uow.session.flush()
    return remark


def remove_remark(uow: UnitOfWork, person: Person, remark_id: int) -> None:
    """Take one's own remark away, until it is sent.

    Raises:
        Missing: there is no such remark of this person.
        WrongState: it was sent already.
    """
    remark = _own_unsent(uow, person, remark_id)
    revision = remark.submission.revision
    uow.record("remark:remove", by=person, revision=revision, remark=remark.id, text=remark.text)
    uow.session.delete(remark)
    uow.session.flush()


def _on_the_desk(
    uow: UnitOfWork, person: Person, submission_id: int
) -> tuple[Submission, Revision]:
    """The submission and its revision, if the person may decide on it now."""
    found = uow.session.get(Submission, submission_id)
    hold_still(uow.session, found.revision_id if found is not None else 0)
    submission = submission_on_desk(uow.session, person, submission_id)
    revision = load_revision(uow.session, submission.revision_id)
    refusal = why_no_remarks(uow.session, person, submission, revision)
    if refusal is not None:
        raise refusal
    return submission, revision


def why_no_remarks(
    session: Session, person: Person, submission: Submission, revision: Revision
) -> HubError | None:
    """Why this person may not write on this submission now; None: they may."""
    if submission.outcome is not None:
        return WrongState(N_("This round is over; what you wrote is kept below."))
    try:
        next_place(Action.APPROVE, person, reviewable(session, revision))
    except (NotAllowed, WrongState) as refusal:
        return refusal
    return None


def _word_problems(text: str, weight: Weight | None) -> list[Problem]:
    problems = []
    if weight is None:
        problems.append(Problem("weight", N_("Say whether it must be fixed or is a suggestion.")))
    if not text:
        problems.append(Problem("text", N_("Write what you have to say of this place.")))
    return [*problems, *text_problems(text)]


def _place(
    uow: UnitOfWork, revision: Revision, target: Target
) -> tuple[str, str | None, Anchor, Witness]:
    """The name and bytes of the file (empty for a field), the place, and what it holds."""
    if target.attachment_id is None:
        description = description_of(revision.resource, revision)
        anchor = anchor_in_field(target, description)
        return "", None, anchor, Witness(words=digest(field_text(description, target.field)))
    attachment = next(
        (each for each in revision.attachments if each.id == target.attachment_id), None
    )
    if attachment is None:
        gone = N_("This file is not part of the work (any more): choose another.")
        raise Invalid([Problem("place", gone)])
    facts = file_facts(uow.session, attachment.blob)
    anchor = anchor_in_file(target, facts)
    witness = _witness(uow, attachment, anchor, facts.words_of(anchor.page))
    return attachment.filename, attachment.blob_key, anchor, witness


def _witness(uow: UnitOfWork, attachment: Attachment, anchor: Anchor, words: str) -> Witness:
    """What the page holds; its picture is promised if nobody has drawn it yet."""
    if anchor.page is None or anchor.passage is not None:
        return Witness()
    picture = uow.session.scalar(
        select(Rendition.key).where(
            Rendition.blob_key == attachment.blob_key,
            Rendition.kind == RenditionKind.PAGE,
            Rendition.number == anchor.page,
            Rendition.variant == LARGE,
        )
    )
    if picture is None and has_pages(attachment.blob):
        promise_pages(uow, attachment.blob_key, anchor.page)
    return Witness(words=digest(words), picture=picture or "")


def find_remark(uow: UnitOfWork, remark_id: int) -> Remark:
    """A remark with its submission and revision, which stays as it is until this is over.

    Raises:
        Missing: there is none.
    """
    revision_id = uow.session.scalar(
        select(Submission.revision_id).join(Remark).where(Remark.id == remark_id)
    )
    hold_still(uow.session, revision_id or 0)
    remark = uow.session.scalar(
        select(Remark)
        .where(Remark.id == remark_id)
        .options(joinedload(Remark.submission).joinedload(Submission.revision))
        .execution_options(populate_existing=True)
    )
    if remark is None:
        raise Missing(NO_SUCH)
    return remark


def _own_unsent(uow: UnitOfWork, person: Person, remark_id: int) -> Remark:
    remark = find_remark(uow, remark_id)
    if remark.writer_id != person.id:
        raise Missing(NO_SUCH)
    if remark.released_at is not None:
        raise WrongState(N_("The author has read it already: write another remark instead."))
    return remark

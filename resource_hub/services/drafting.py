"""Write a resource: open a draft, describe it, discard it, open the next revision."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from resource_hub.domain.description import Description, format_problems
from resource_hub.domain.errors import N_, Invalid, NotAllowed, WrongState
from resource_hub.domain.people import Person
from resource_hub.domain.public_id import new_public_id
from resource_hub.domain.review import EDITABLE, Action, State, next_place
from resource_hub.domain.taxonomy import Kind, Taxonomy
from resource_hub.models import Attachment, CoAuthor, Resource, Revision, RevisionGrade, Submission
from resource_hub.services.closeness import co_author_ids
from resource_hub.services.descriptions import write_description
from resource_hub.services.kinships import carry_over
from resource_hub.services.revisions import hold_still, load_revision, readable_revision, reviewable
from resource_hub.services.taxonomy import read_taxonomy
from resource_hub.services.unit_of_work import UnitOfWork

COPIED = (
    "title", "summary", "school_stage", "subject", "volume", "edition", "unit", "keywords",
    "language", "licence", "audience", "alliance_id", "sections", "text", "source",
)  # fmt: skip


def create_draft(
    uow: UnitOfWork,
    person: Person,
    kind: Kind,
    description: Description | None = None,
    *,
    taxonomy: Taxonomy | None = None,
) -> Revision:
    """Open a draft that only its author sees.

    Args:
        description: what an import knows already; the same as to ``describe`` it afterwards.
        taxonomy: the one in use, if the caller has read it.

    Raises:
        NotAllowed: the person belongs to no school.
        Invalid: something in the description is too long or not in the lists.
    """
    if description is not None:
        problems = format_problems(description, taxonomy or read_taxonomy(uow.session))
        if problems:
            raise Invalid(problems)
    return _create(uow, person, [(kind, description)])[0]


def create_drafts(
    uow: UnitOfWork, person: Person, descriptions: Sequence[Description]
) -> list[Revision]:
    """Open many drafts at once, in a handful of statements.

    Args:
        descriptions: without ``format_problems``; the caller has told each of them apart.

    Raises:
        NotAllowed: the person belongs to no school.
    """
    return _create(uow, person, [(description.kind, description) for description in descriptions])


def _create(
    uow: UnitOfWork, person: Person, wanted: Sequence[tuple[Kind, Description | None]]
) -> list[Revision]:
    if person.id is None or person.school_id is None:
        raise NotAllowed(N_("To upload, sign in with an account of a school."))
    now = uow.now()
    revisions = []
    public_ids = _unused_public_ids(uow.session, len(wanted))
    for public_id, (kind, description) in zip(public_ids, wanted, strict=True):
        revision = Revision(
            resource=Resource(
                public_id=public_id,
                kind=kind,
                owner_id=person.id,
                school_id=person.school_id,
                created_at=now,
            ),
            number=1,
            state=State.DRAFT,
            alliance_id=min(person.alliance_ids, default=None),
            created_at=now,
            updated_at=now,
            attachments=[],
        )
        if description is not None:
            write_description(revision, replace(description, grades=()))
        revisions.append(revision)
    uow.session.add_all(revisions)
    uow.session.flush()
    _add_grades(uow.session, revisions, [description for _kind, description in wanted])
    for revision in revisions:
        uow.record("resource:create", by=person, resource=revision.resource, revision=revision)
    return revisions


def _add_grades(
    session: Session, revisions: Sequence[Revision], descriptions: Sequence[Description | None]
) -> None:
    """All grades in one statement: a poem for a whole stage of school has six."""
    rows = [
        {"revision_id": revision.id, "grade": grade}
        for revision, description in zip(revisions, descriptions, strict=True)
        if description is not None
        for grade in dict.fromkeys(description.grades)
    ]
    if rows:
        session.execute(insert(RevisionGrade), rows)
        for revision in revisions:
            session.expire(revision, ["grade_rows"])


def _unused_public_ids(session: Session, count: int) -> list[str]:
    found: set[str] = set()
    while len(found) < count:
        drawn = {new_public_id() for _ in range(count - len(found))}
        taken = select(Resource.public_id).where(Resource.public_id.in_(drawn))
        found |= drawn - set(session.scalars(taken))
    return list(found)


def describe(
    uow: UnitOfWork,
    person: Person,
    revision_id: int,
    description: Description,
    *,
    taxonomy: Taxonomy | None = None,
) -> Revision:
    """Save the form into the draft, however incomplete; saving again later wins.

    Raises:
        Missing: there is no such revision, as far as ``person`` may know.
        NotAllowed: the person is not its author.
        WrongState: it is under review or decided.
        Invalid: something is too long or not in the lists.
    """
    revision = editable_revision(uow, person, revision_id)
    problems = format_problems(description, taxonomy or read_taxonomy(uow.session))
    if problems:
        raise Invalid(problems)
    write_description(revision, description)
    if revision.number == 1:
        revision.resource.kind = description.kind
    revision.updated_at = uow.now()
    uow.session.flush()
    return revision


def editable_revision(uow: UnitOfWork, person: Person, revision_id: int) -> Revision:
    """The revision, if it is the person's own and may be changed now."""
    hold_still(uow.session, revision_id)
    revision = readable_revision(uow.session, person, revision_id, uow.now())
    refuse_unless_editable(person, revision)
    return revision


def refuse_unless_editable(person: Person, revision: Revision) -> None:
    """Raise ``NotAllowed`` for all but the author, ``WrongState`` when it is no draft any more."""
    if revision.resource.owner_id != person.id:
        raise NotAllowed(N_("Only the author can change this."))
    if revision.state not in EDITABLE:
        raise WrongState(N_("It is no longer a draft. Take it back first, or open a new version."))


def discard(uow: UnitOfWork, person: Person, revision_id: int) -> None:
    """Delete a draft for good; a resource that was never submitted goes with it.

    A revision that has been through a round keeps its history and becomes ``withdrawn``.
    """
    hold_still(uow.session, revision_id)
    revision = readable_revision(uow.session, person, revision_id, uow.now())
    next_place(Action.DISCARD, person, reviewable(uow.session, revision))
    session, resource = uow.session, revision.resource
    uow.record("resource:discard", by=person, resource=resource, title=revision.title)
    submitted = session.scalar(select(func.count()).where(Submission.revision_id == revision.id))
    if submitted:
        revision.state = State.WITHDRAWN
        revision.withdrawn_at = uow.now()
        return
    revisions = session.scalar(select(func.count()).where(Revision.resource_id == resource.id))
    session.delete(revision)
    if revisions == 1:
        session.flush()
        session.delete(resource)


def revise(uow: UnitOfWork, person: Person, revision_id: int) -> Revision:
    """Open the next revision as a draft, with the description and files of this one.

    The live revision stays as it is until the new one is published.

    Raises:
        WrongState: a new revision is already being written.
    """
    hold_still(uow.session, revision_id)
    old = readable_revision(uow.session, person, revision_id, uow.now())
    next_place(Action.REVISE, person, reviewable(uow.session, old))
    now = uow.now()
    last = uow.session.scalar(
        select(func.max(Revision.number)).where(Revision.resource_id == old.resource_id)
    )
    new = Revision(
        resource_id=old.resource_id,
        number=(last or 0) + 1,
        state=State.DRAFT,
        created_at=now,
        updated_at=now,
        grade_rows=[RevisionGrade(grade=grade) for grade in old.grades],
        attachments=[_copied(attachment) for attachment in old.attachments],
        **{name: getattr(old, name) for name in COPIED},
    )
    uow.session.add(new)
    uow.session.flush()
    carry_over(uow, old, new)
    for number in co_author_ids(uow.session, old.id):
        uow.session.add(CoAuthor(revision_id=new.id, user_id=number))
    uow.session.flush()
    uow.record("resource:revise", by=person, resource=old.resource, revision=new)
    return load_revision(uow.session, new.id)


def _copied(attachment: Attachment) -> Attachment:
    return Attachment(
        blob_key=attachment.blob_key,
        filename=attachment.filename,
        position=attachment.position,
        created_at=attachment.created_at,
    )

"""Tell somebody who may see both when a work is like one that its author may not read.

Nobody is told who cannot read both; the author is told no more than that there is something alike.
"""

from collections.abc import Collection, Iterable

from sqlalchemy import select

from resource_hub.domain.people import Person, Role
from resource_hub.domain.review import OPERATOR
from resource_hub.models import Appointed, Notice, Revision, Submission
from resource_hub.services.assigning import open_assignments
from resource_hub.services.closeness import co_author_ids
from resource_hub.services.notices import tell
from resource_hub.services.persons import load_persons
from resource_hub.services.queries.alike import alike_ids, alike_works
from resource_hub.services.unit_of_work import UnitOfWork

HIDDEN_ALIKE = "hidden_alike"


def tell_who_may_see_both(uow: UnitOfWork, revision: Revision) -> None:
    """For each work that is hidden from the author, unless a reviewer has both on the desk.

    The coordinators of the author's school who may read it, else the administrators; each once
    for a version. ``resource`` must be loaded.
    """
    session, resource = uow.session, revision.resource
    submission = session.scalars(
        select(Submission)
        .where(Submission.revision_id == revision.id)
        .order_by(Submission.round.desc())
    ).first()
    found = alike_ids(session, revision.id)
    if submission is None or not found:
        return
    writers = {resource.owner_id, *co_author_ids(session, revision.id)}
    unseen = set(found)
    for person in load_persons(session, {resource.owner_id}):
        unseen -= _read_by(uow, person, revision)
    holders = {held.reviewer_id for held in open_assignments(session, submission.id)}
    for person in load_persons(session, holders) if unseen else ():
        unseen -= _read_by(uow, person, revision)
    of_the_school = select(Appointed.user_id).where(
        Appointed.role == Role.COORDINATOR, Appointed.school_id == resource.school_id
    )
    of_the_hub = select(Appointed.user_id).where(Appointed.role == Role.ADMINISTRATOR)
    for serving in (of_the_school, of_the_hub):
        if unseen:
            people = load_persons(session, set(session.scalars(serving)) - writers)
            unseen -= _tell_each(uow, people, revision, submission, unseen)


def _tell_each(
    uow: UnitOfWork,
    people: Iterable[Person],
    revision: Revision,
    submission: Submission,
    unseen: Collection[int],
) -> set[int]:
    """Tell those who may read one of ``unseen`` at least; what they may read is returned."""
    told = set(
        uow.session.scalars(
            select(Notice.user_id).where(
                Notice.kind == HIDDEN_ALIKE, Notice.revision_id == revision.id
            )
        )
    )
    covered: set[int] = set()
    for person in people:
        theirs = _read_by(uow, person, revision).intersection(unseen)
        covered |= theirs
        if theirs and person.id is not None and person.id not in told:
            tell(
                uow,
                person.id,
                HIDDEN_ALIKE,
                by=OPERATOR,
                resource=revision.resource,
                revision=revision,
                submission=submission,
            )
    return covered


def _read_by(uow: UnitOfWork, person: Person, revision: Revision) -> set[int]:
    works = alike_works(uow.session, person, revision, uow.now())
    return {each.resource_id for each in works.known}

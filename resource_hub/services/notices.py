"""Tell a person inside the hub what happened to their work."""

from collections.abc import Collection

from sqlalchemy import update

from resource_hub.domain.people import Person
from resource_hub.models import Notice, Resource, Revision, Submission
from resource_hub.services.unit_of_work import UnitOfWork


def tell(
    uow: UnitOfWork,
    user_id: int,
    kind: str,
    *,
    by: Person,
    resource: Resource,
    revision: Revision,
    submission: Submission | None = None,
    comment: str = "",
) -> None:
    """Leave a notice for ``user_id``, unless that person did it.

    ``kind`` picks the words, see ``resource_hub.notifications.messages``.
    """
    if user_id == by.id:
        return
    uow.session.add(
        Notice(
            user_id=user_id,
            at=uow.now(),
            kind=kind,
            values={
                "title": revision.title,
                "by": by.name,
                "comment": comment,
                "stage": revision.stage.value if revision.stage else "",
                "public_id": resource.public_id,
            },
            resource_id=resource.id,
            revision_id=revision.id,
            submission_id=submission.id if submission is not None else None,
        )
    )


def mark_read(uow: UnitOfWork, person: Person, notice_ids: Collection[int] | None = None) -> None:
    """Note that the person has seen these notices; None: all of them."""
    statement = (
        update(Notice)
        .where(Notice.user_id == person.id, Notice.read_at.is_(None))
        .values(read_at=uow.now())
    )
    if notice_ids is not None:
        statement = statement.where(Notice.id.in_(notice_ids))
    uow.session.execute(statement)

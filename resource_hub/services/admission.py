"""Admit a collection at the command line: published without review, and marked so."""

from collections.abc import Collection, Sequence

from resource_hub.domain.description import Description, missing
from resource_hub.domain.errors import Invalid, Problem
from resource_hub.domain.review import OPERATOR, Action, next_place
from resource_hub.domain.taxonomy import Taxonomy
from resource_hub.models import Revision
from resource_hub.services.publishing import go_live, go_live_first
from resource_hub.services.revisions import reviewable, untouched, what_is_missing
from resource_hub.services.unit_of_work import UnitOfWork


def admit(uow: UnitOfWork, revision: Revision, *, taxonomy: Taxonomy | None = None) -> Revision:
    """Publish a draft that an import has just written; its page says that nobody reviewed it.

    Only the operator at the server's command line can do this: no page, whoever is signed in.

    Args:
        revision: with its resource and files loaded, as ``drafting`` leaves it.
        taxonomy: the one in use, if the caller has read it.

    Raises:
        Invalid: something that every resource needs is missing.
        WrongState: it is no draft.
    """
    next_place(Action.ADMIT, OPERATOR, reviewable(uow.session, revision))
    if problems := what_is_missing(uow.session, revision, rights_declared=True, taxonomy=taxonomy):
        raise Invalid(problems)
    now = uow.now()
    revision.rights_declared_at = revision.submitted_at = revision.updated_at = now
    go_live(uow, revision, basis="import")
    uow.record("revision:admit", by=OPERATOR, resource=revision.resource, revision=revision)
    uow.session.flush()
    return revision


def admit_new(uow: UnitOfWork, revisions: Sequence[Revision]) -> None:
    """Publish many drafts that ``create_drafts`` has just made, without a query for each.

    Nothing may be ``lacking`` in them. Nobody else can know of them yet, so that there is neither
    a submission nor a live revision to look for.
    """
    now = uow.now()
    for revision in revisions:
        next_place(Action.ADMIT, OPERATOR, untouched(revision))
        revision.rights_declared_at = revision.submitted_at = revision.updated_at = now
        uow.record("revision:admit", by=OPERATOR, resource=revision.resource, revision=revision)
    go_live_first(uow, revisions, basis="import")
    uow.session.flush()


def lacking(
    description: Description,
    taxonomy: Taxonomy,
    *,
    file_count: int,
    alliance_ids: Collection[int],
) -> list[Problem]:
    """What stands between a line of an import and its publication."""
    return missing(
        description,
        taxonomy,
        file_count=file_count,
        alliance_ids=alliance_ids,
        rights_declared=True,
    )

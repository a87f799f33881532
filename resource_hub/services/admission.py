"""Admit a collection at the command line: published without review, and marked so."""

from resource_hub.domain.errors import Invalid
from resource_hub.domain.review import OPERATOR, Action, next_place
from resource_hub.models import Revision
from resource_hub.services.publishing import go_live
from resource_hub.services.revisions import reviewable, what_is_missing
from resource_hub.services.unit_of_work import UnitOfWork


def admit(uow: UnitOfWork, revision: Revision) -> Revision:
    """Publish a draft that an import has just written; its page says that nobody reviewed it.

    Only the operator at the server's command line can do this: no page, whoever is signed in.

    Args:
        revision: with its resource and files loaded, as ``drafting`` leaves it.

    Raises:
        Invalid: something that every resource needs is missing.
        WrongState: it is no draft.
    """
    next_place(Action.ADMIT, OPERATOR, reviewable(uow.session, revision))
    if problems := what_is_missing(uow.session, revision, rights_declared=True):
        raise Invalid(problems)
    now = uow.now()
    revision.rights_declared_at = revision.submitted_at = revision.updated_at = now
    go_live(uow, revision, basis="import")
    uow.record("revision:admit", by=OPERATOR, resource=revision.resource, revision=revision)
    uow.session.flush()
    return revision

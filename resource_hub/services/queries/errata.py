"""When published issues were last corrected, as far as a reader may know."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.models import Entry, Issue, IssueErratum
from resource_hub.services.queries.issues import entry_open_to


def last_errata(
    session: Session, person: Person, months: Collection[str]
) -> Mapping[tuple[int, str], datetime]:
    """By alliance and month; an erratum of an entry that is hidden from the person is passed over.

    Args:
        months: of the issues, such as ``2026-10``.
    """
    about = exists().where(
        Entry.issue_id == Issue.id,
        Entry.public_id == IssueErratum.public_id,
        entry_open_to(person),
    )
    rows = session.execute(
        select(Issue.alliance_id, Issue.month, func.max(IssueErratum.at))
        .join(Issue, Issue.id == IssueErratum.issue_id)
        .where(Issue.month.in_(sorted(months)), or_(IssueErratum.public_id == "", about))
        .group_by(Issue.alliance_id, Issue.month)
    )
    return {(alliance_id, month): at for alliance_id, month, at in rows}

"""The issues of the catalogue that go into an offline pack, as the receiving school reads them."""

from collections.abc import Sequence
from datetime import date, datetime, tzinfo

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session, joinedload, selectinload

from resource_hub.catalogue.data import EntryData, IssueData
from resource_hub.catalogue.formats import PDF
from resource_hub.domain.catalogue import IssueEdition, Month
from resource_hub.domain.people import Person
from resource_hub.models import Artefact, Issue
from resource_hub.pack.data import PackEntry, PackErratum, PackFile, PackIssue, Stored
from resource_hub.services.issue_access import own_alliances
from resource_hub.services.issue_data import issue_data
from resource_hub.services.issue_files import SCRIPTS, newest_files, readable_editions

MOST = 12
"""The newest ones; a year is enough for a stick."""


def issues_for(
    session: Session, person: Person, zone: tzinfo, *, public_url: str, language: str
) -> list[PackIssue]:
    """What is published, newest first, in the best edition that ``person`` may read.

    A stick has one catalogue: of the person's alliance, the first one where there are several, and
    for whom is in none that of the hub's first alliance.

    Args:
        language: of the hub, as ``zh-Hant``: the script of the issues as they are printed, which
            are simplified where none is printed in it.
    """
    published = Issue.published_at.is_not(None)
    whose = select(func.min(Issue.alliance_id)).where(published)
    if own := own_alliances(person):
        whose = select(literal(min(own)))
    found = session.scalars(
        select(Issue)
        .where(published, Issue.alliance_id == whose.scalar_subquery())
        .order_by(Issue.month.desc())
        .limit(MOST)
        .options(selectinload(Issue.entries), joinedload(Issue.alliance))
    ).all()
    if not found:
        return []
    edition = readable_editions(person, found[0].alliance_id)[-1]
    script = language if language in SCRIPTS else SCRIPTS[0]
    printed = _printed(session, found, edition, script)
    read = [
        (issue_data(session, issue, edition, public_url=public_url, zone=zone), issue.id)
        for issue in found
    ]
    return [
        _issue(data, data.published_at.date(), printed.get(issue_id))
        for data, issue_id in read
        if data.published_at is not None
    ]


def _issue(data: IssueData, published_on: date, pdf: PackFile | None) -> PackIssue:
    return PackIssue(
        month=data.month,
        number=data.running_number or 0,
        published_on=published_on,
        preface=data.preface,
        entries=tuple(map(_entry, data.all_entries)),
        highlights=tuple((one.public_id, one.words) for one in data.highlights),
        errata=tuple(PackErratum(one.at.date(), one.words, one.public_id) for one in data.errata),
        pdf=pdf,
    )


def _printed(
    session: Session, issues: Sequence[Issue], edition: IssueEdition, script: str
) -> dict[int, PackFile]:
    """The PDF of each issue, with its last errata."""
    months = {issue.id: issue.month for issue in issues}
    rows = session.scalars(
        newest_files(list(months), edition).where(Artefact.format == PDF, Artefact.script == script)
    )
    return {
        row.issue_id: PackFile(
            name=f"catalogue-{months[row.issue_id]}.pdf",
            original=Stored(row.blob_hash, row.size),
            format=PDF,
            family="pdf",
        )
        for row in rows
    }


def since_issue(session: Session, month: Month, zone: tzinfo) -> datetime:
    """The moment from which on the issue of ``month`` counts what is new; of several, the first."""
    covered = session.scalar(
        select(Issue.covers_from)
        .where(Issue.month == str(month))
        .order_by(Issue.covers_from)
        .limit(1)
    )
    return covered or month.start(zone)


def _entry(entry: EntryData) -> PackEntry:
    return PackEntry(
        public_id=entry.public_id,
        change=entry.change.value,
        title=entry.title,
        summary=entry.summary,
        kind=entry.kind,
        subject=entry.subject,
        grades=entry.grades,
        school_name=entry.school,
        author_name=entry.author,
    )

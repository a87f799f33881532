"""An issue of the catalogue as the formats take it: one edition as one value."""

from collections.abc import Iterable
from datetime import tzinfo

from sqlalchemy.orm import Session

from resource_hub.catalogue.data import AskedFor, EntryData, Erratum, Highlight, IssueData
from resource_hub.domain.catalogue import Change, IssueEdition
from resource_hub.domain.endorsement import Badge
from resource_hub.models import Entry, Issue
from resource_hub.services.issue_figures import figures_of, tokens_of

TITLE = "%s资源目录"
"""An issue is one thing in every language; its title is in the language of the schools."""


def issue_data(
    session: Session,
    issue: Issue,
    edition: IssueEdition,
    *,
    public_url: str,
    zone: tzinfo,
    errata: int | None = None,
) -> IssueData:
    """What ``edition`` of the issue says, from copies alone: the same today and next year.

    Args:
        issue: with its alliance and entries.
        public_url: the hub's address, without a slash at the end.
        zone: in which its moments are shown.
        errata: how many of the errata, the oldest first; None: all.
    """
    session.refresh(issue, ["highlights", "asked_for", "errata"])
    tokens = tokens_of(edition, issue.alliance_id)
    entries = [entry for entry in issue.entries if entry.audience_token in tokens]
    live = {entry.public_id for entry in entries if entry.change is not Change.WITHDRAWN}
    shown = {entry.public_id for entry in entries}
    alliance = issue.alliance_name or issue.alliance.name
    is_public = edition is IssueEdition.PUBLIC
    return IssueData(
        alliance=alliance,
        month=issue.month,
        running_number=issue.number,
        title=TITLE % alliance,
        preface=issue.preface,
        edition=edition,
        address=f"{public_url}/catalogue/{issue.month}/{issue.alliance_id}",
        covers_from=issue.covers_from.astimezone(zone),
        covers_to=issue.covers_to.astimezone(zone),
        published_at=issue.published_at and issue.published_at.astimezone(zone),
        highlights=tuple(
            Highlight(chosen.public_id, chosen.words)
            for chosen in issue.highlights
            if chosen.public_id in live
        ),
        entries=_of(Change.NEW, entries, public_url),
        updated=_of(Change.UPDATED, entries, public_url),
        withdrawn=_of(Change.WITHDRAWN, entries, public_url),
        asked_for=()
        if is_public
        else tuple(
            AskedFor(asked.text, asked.subject, asked.grade, asked.people, f"{public_url}/wishes")
            for asked in issue.asked_for
        ),
        figures=figures_of(issue, edition, public_url=public_url),
        errata=tuple(
            Erratum(erratum.at.astimezone(zone), erratum.words, erratum.public_id)
            for erratum in issue.errata[:errata]
            if not erratum.public_id or erratum.public_id in shown
        ),
    )


def _of(change: Change, entries: Iterable[Entry], public_url: str) -> tuple[EntryData, ...]:
    return tuple(
        EntryData(
            public_id=entry.public_id,
            title=entry.title,
            kind=entry.kind.value,
            stage=entry.school_stage,
            subject=entry.subject,
            grades=entry.grades,
            school=entry.school_name,
            author=entry.author_name,
            summary=entry.summary,
            revision=entry.revision_number,
            change=entry.change,
            address=f"{public_url}/r/{entry.public_id}",
            thumbnail=entry.thumbnail_key,
            badge=Badge(entry.badge) if entry.badge else None,
        )
        for entry in entries
        if entry.change is change
    )

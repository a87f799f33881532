"""What stands on the page of an issue beside its entries: highlights, wishes, figures, errata."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.catalogue.data import FiguresData
from resource_hub.domain.catalogue import Change, IssueEdition
from resource_hub.domain.people import Person
from resource_hub.models import Artefact, Asked, Entry, Highlighted, Issue, IssueErratum
from resource_hub.services.issue_figures import figures_of, tokens_of
from resource_hub.services.issue_files import files_of


@dataclass(frozen=True, slots=True)
class Beside:
    """Of one edition of an issue."""

    highlights: Sequence[tuple[Highlighted, Entry]]
    asked_for: Sequence[Asked]
    figures: FiguresData
    errata: Sequence[tuple[IssueErratum, Entry | None]]
    files: Sequence[Artefact]


def beside_entries(session: Session, person: Person, issue: Issue, edition: IssueEdition) -> Beside:
    """Four queries, however long the issue is; five for its alliance."""
    is_inside = edition is IssueEdition.ALLIANCE
    return Beside(
        highlights=highlighted(session, issue, edition),
        asked_for=session.scalars(
            select(Asked).where(Asked.issue_id == issue.id).order_by(Asked.position)
        ).all()
        if is_inside
        else (),
        figures=figures_of(issue, edition, public_url=""),
        errata=_errata(session, issue, edition),
        files=files_of(session, person, issue),
    )


def highlighted(
    session: Session, issue: Issue, edition: IssueEdition = IssueEdition.ALLIANCE
) -> list[tuple[Highlighted, Entry]]:
    """The highlights in order, each with its entry; what is not in the issue any more is not."""
    return list(
        session.execute(
            select(Highlighted, Entry)
            .join(
                Entry,
                (Entry.issue_id == Highlighted.issue_id)
                & (Entry.public_id == Highlighted.public_id),
            )
            .where(
                Highlighted.issue_id == issue.id,
                Entry.change != Change.WITHDRAWN,
                Entry.audience_token.in_(sorted(tokens_of(edition, issue.alliance_id))),
            )
            .order_by(Highlighted.position)
        )
    )


def _errata(
    session: Session, issue: Issue, edition: IssueEdition
) -> list[tuple[IssueErratum, Entry | None]]:
    """The oldest first; of an entry that this edition does not hold, nothing is said."""
    rows = session.execute(
        select(IssueErratum, Entry)
        .outerjoin(
            Entry,
            (Entry.issue_id == IssueErratum.issue_id)
            & (Entry.public_id == IssueErratum.public_id)
            & Entry.audience_token.in_(sorted(tokens_of(edition, issue.alliance_id))),
        )
        .where(IssueErratum.issue_id == issue.id)
        .order_by(IssueErratum.id)
    )
    found: list[tuple[IssueErratum, Entry | None]] = [(row[0], row[1]) for row in rows]
    return [
        (erratum, entry) for erratum, entry in found if not erratum.public_id or entry is not None
    ]

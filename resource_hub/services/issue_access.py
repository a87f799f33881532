"""Who may read and who may edit the issues of an alliance, and in which edition."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from resource_hub.domain.catalogue import Month
from resource_hub.domain.errors import N_, Invalid, Missing, NotAllowed, Problem
from resource_hub.domain.people import Person
from resource_hub.domain.review import OPERATOR
from resource_hub.domain.visibility import PUBLIC
from resource_hub.models import Alliance, Entry, Issue

NO_ISSUE = N_("There is no issue of this month.")


def may_edit(person: Person, alliance_id: int) -> bool:
    """Its own editors, and those who run the hub."""
    return is_everywhere(person) or alliance_id in edited_by(person)


def may_edit_some(person: Person) -> bool:
    return is_everywhere(person) or bool(edited_by(person))


def edited_by(person: Person) -> frozenset[int]:
    """The alliances of which ``person`` is appointed editor."""
    return person.edits


def is_everywhere(person: Person) -> bool:
    """Whether the person edits the catalogues of all alliances."""
    return person.is_administrator or person == OPERATOR


def require_editor(by: Person, alliance_id: int) -> None:
    """Let nobody else pass.

    Raises:
        NotAllowed: the person neither edits this alliance's catalogue nor runs the hub.
    """
    if not may_edit(by, alliance_id):
        raise NotAllowed(N_("Only the catalogue's editor can do this."))


def seen_by(person: Person, alliance_id: int) -> frozenset[str]:
    """The audience tokens of what ``person`` finds in an issue of this alliance.

    Its people and its editors have the alliance's edition, everybody else the public one. Issues
    from before alliances had their own may hold what a school keeps to itself, too.
    """
    own = person.tokens | {PUBLIC}
    return own | {f"alliance:{alliance_id}"} if may_edit(person, alliance_id) else own


def find_issue(session: Session, alliance_id: int, month: Month) -> Issue | None:
    """The issue with its entries in order, or None."""
    return session.scalar(
        select(Issue)
        .where(Issue.alliance_id == alliance_id, Issue.month == str(month))
        .options(
            selectinload(Issue.entries),
            selectinload(Issue.highlights),
            selectinload(Issue.asked_for),
            selectinload(Issue.errata),
            joinedload(Issue.published_by),
            joinedload(Issue.alliance),
        )
        .execution_options(populate_existing=True)
    )


def readable_issue(session: Session, person: Person, alliance_id: int, month: Month) -> Issue:
    """A published issue, or for its editors a draft.

    Raises:
        Missing: there is none, as far as ``person`` may know.
    """
    issue = find_issue(session, alliance_id, month)
    if issue is None or (issue.published_at is None and not may_edit(person, alliance_id)):
        raise Missing(NO_ISSUE)
    return issue


def entries_for(issue: Issue, person: Person) -> list[Entry]:
    """What ``person`` may see of an issue, in its order; at the command line, all of it."""
    if person == OPERATOR:
        return list(issue.entries)
    tokens = seen_by(person, issue.alliance_id)
    return [entry for entry in issue.entries if entry.audience_token in tokens]


def alliances_of_issues(session: Session, person: Person, month: Month) -> list[Alliance]:
    """Whose issue of a month a person may mean: of the own alliances, or else of any."""
    rows = session.execute(
        select(Alliance, Issue.published_at)
        .join(Issue, Issue.alliance_id == Alliance.id)
        .where(Issue.month == str(month))
        .order_by(Alliance.name)
    ).all()
    readable = [
        alliance
        for alliance, published_at in rows
        if published_at is not None or may_edit(person, alliance.id)
    ]
    own = [alliance for alliance in readable if alliance.id in own_alliances(person)]
    return own or readable


def own_alliances(person: Person) -> frozenset[int]:
    """Where the person belongs: by school, or as an editor."""
    return person.alliance_ids | edited_by(person)


def editable_alliances(session: Session, person: Person) -> list[Alliance]:
    """The alliances whose catalogue the person may edit, by name."""
    wanted = select(Alliance).order_by(Alliance.name)
    if not is_everywhere(person):
        wanted = wanted.where(Alliance.id.in_(sorted(edited_by(person))))
    return list(session.scalars(wanted))


def the_only(alliances: Collection[Alliance]) -> Alliance:
    """The alliance that is meant where nobody names one.

    Raises:
        Invalid: there is none, or there are several.
    """
    if not alliances:
        raise Invalid([Problem("alliance", N_("There is no alliance yet; found one first."))])
    if len(alliances) > 1:
        raise Invalid([Problem("alliance", N_("Say of which alliance."))])
    return next(iter(alliances))

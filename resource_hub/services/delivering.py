"""A published issue goes out: a notice, and so a mail, to the alliance; cards to its groups.

Whether a person gets the mail at once, in the morning or never is their own switch. A card is
written down before it is posted, as letters are: see ``services.mailing``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, func, insert, select
from sqlalchemy.orm import Session, joinedload

from resource_hub.domain.catalogue import Change, IssueEdition, Month
from resource_hub.domain.errors import N_, Missing, NotAllowed, WrongState
from resource_hub.domain.people import Person
from resource_hub.domain.robots import CardTopic
from resource_hub.models import (
    Entry,
    Issue,
    IssueNotice,
    IssueRound,
    Letter,
    LetterNotice,
    Notice,
    Posting,
    RobotRow,
    User,
)
from resource_hub.services.group_cards import JOB as CARD
from resource_hub.services.group_cards import promise_cards, round_to_tell
from resource_hub.services.issue_access import NO_ISSUE, may_edit, require_editor
from resource_hub.services.issue_figures import tokens_of
from resource_hub.services.notices import everybody_of, leave_many
from resource_hub.services.queries.beside_entries import highlighted
from resource_hub.services.unit_of_work import UnitOfWork

JOB = "issue_out"
"""Tells people and groups of an issue; its subject is the number of the issue."""

MOST_NAMED = 5
"""Highlights in a notice and on a card."""

MOST_REFUSED = 100
"""Addresses named on the page."""

MOST_PREFACE = 300
"""Characters of the preface in a notice; the issue has all of it."""


@dataclass(frozen=True, slots=True)
class Due:
    """A card that is to be posted now; what an issue holds, or the round that it is about."""

    robot: RobotRow
    topic: CardTopic
    issue: Issue
    entries: int = 0
    highlights: tuple[str, ...] = ()
    round: IssueRound | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of an issue: how many were told, and each group."""

    told: int
    read: int
    mailed: int
    refused: Sequence[tuple[str, str]]
    """Name and what the mail server said."""
    postings: Sequence[Posting]


def go_out(uow: UnitOfWork, issue_id: int) -> None:
    """Leave notices and promise cards, once: a job that runs again finds them there."""
    issue = uow.session.scalar(
        select(Issue)
        .where(Issue.id == issue_id, Issue.published_at.is_not(None))
        .options(joinedload(Issue.alliance))
        .with_for_update(of=Issue)
    )
    if issue is None or _went_out(uow.session, issue_id):
        return
    _tell_people(uow, issue)
    promise_cards(uow, issue_id, issue.alliance_id, CardTopic.ISSUE)


def _went_out(session: Session, issue_id: int) -> bool:
    notices = exists().where(IssueNotice.issue_id == issue_id)
    cards = exists().where(Posting.issue_id == issue_id, Posting.topic == CardTopic.ISSUE)
    return bool(session.scalar(select(notices | cards)))


def _tell_people(uow: UnitOfWork, issue: Issue) -> None:
    """Four statements, however many people there are."""
    people = everybody_of(uow, issue.alliance_id) - {issue.published_by_id}
    if not people:
        return
    entries, highlights = contents(uow.session, issue, IssueEdition.ALLIANCE)
    values = {
        "title": issue.alliance.name,
        "month": issue.month,
        "alliance": issue.alliance_id,
        "count": entries,
        "comment": _said(issue, highlights),
    }
    numbers = leave_many(uow, people, JOB, values)
    uow.session.execute(
        insert(IssueNotice), [{"issue_id": issue.id, "notice_id": number} for number in numbers]
    )


def contents(session: Session, issue: Issue, edition: IssueEdition) -> tuple[int, tuple[str, ...]]:
    """How many resources an edition names, and its first highlights: title and school."""
    number = session.scalar(
        select(func.count(Entry.id)).where(
            Entry.issue_id == issue.id,
            Entry.change != Change.WITHDRAWN,
            Entry.audience_token.in_(sorted(tokens_of(edition, issue.alliance_id))),
        )
    )
    chosen = highlighted(session, issue, edition)[:MOST_NAMED]
    return number or 0, tuple(f"{entry.title} ({entry.school_name})" for _words, entry in chosen)


def _said(issue: Issue, highlights: Sequence[str]) -> str:
    """The beginning of the preface, and the highlights, as Markdown."""
    preface = issue.preface
    if len(preface) > MOST_PREFACE:
        preface = f"{preface[: MOST_PREFACE - 1].rstrip()}…"
    return "\n\n".join(filter(None, [preface, "\n".join(f"- {line}" for line in highlights)]))


def begin(uow: UnitOfWork, posting_id: int) -> Due | None:
    """Note that a card is on its way; None if it is, was, or is dropped, or its robot is gone."""
    posting = uow.session.get(Posting, posting_id, with_for_update=True)
    if posting is None or posting.begun_at is not None or posting.robot_id is None:
        return None
    robot = uow.session.get_one(RobotRow, posting.robot_id, populate_existing=True)
    issue = uow.session.get_one(Issue, posting.issue_id, options=[joinedload(Issue.alliance)])
    if posting.topic is CardTopic.ISSUE:
        number, highlights = contents(uow.session, issue, IssueEdition.PUBLIC)
        due = Due(robot, posting.topic, issue, entries=number, highlights=highlights)
    else:
        found = round_to_tell(uow, posting, robot)
        if found is None:
            posting.dropped_at = posting.dropped_at or uow.now()
            return None
        due = Due(robot, posting.topic, issue, round=found)
    posting.begun_at = uow.now()
    return due


def note_sent(uow: UnitOfWork, posting_id: int) -> None:
    posting = uow.session.get_one(Posting, posting_id)
    posting.sent_at, posting.error = uow.now(), ""


def take_back(uow: UnitOfWork, posting_id: int, error: str) -> None:
    """The service did not take it: it is tried again, and meanwhile the page says why."""
    posting = uow.session.get_one(Posting, posting_id)
    posting.begun_at, posting.error = None, error[:500]


def note_refusal(uow: UnitOfWork, posting_id: int, reason: str) -> None:
    """The service will never take it; an editor mends the robot and posts it again."""
    posting = uow.session.get_one(Posting, posting_id)
    posting.is_refused, posting.error = True, reason[:500]


def post_again(
    uow: UnitOfWork, by: Person, alliance_id: int, month: Month, posting_id: int
) -> None:
    """Post a card anew that was refused or got lost.

    Raises:
        NotAllowed: the person does not edit this catalogue.
        Missing: there is no such posting.
        WrongState: it has arrived, or is still tried.
    """
    require_editor(by, alliance_id)
    posting = uow.session.scalar(
        select(Posting)
        .join(Issue, Issue.id == Posting.issue_id)
        .where(
            Posting.id == posting_id,
            Posting.robot_id.is_not(None),
            Issue.alliance_id == alliance_id,
            Issue.month == str(month),
        )
        .with_for_update(of=Posting)
    )
    if posting is None:
        raise Missing(N_("There is no such card, or its robot was removed."))
    if not posting.may_be_repeated:
        raise WrongState(N_("This card has arrived, or is still being tried."))
    posting.begun_at, posting.is_refused, posting.error = None, False, ""
    uow.promise(CARD, posting.id)
    uow.record("catalogue:post_again", by=by, alliance=alliance_id, month=str(month),
               robot=posting.robot_name)  # fmt: skip


def may_see_delivery(person: Person, alliance_id: int) -> bool:
    """Its editors, and the coordinators of its schools."""
    is_ours = person.is_coordinator and alliance_id in person.alliance_ids
    return is_ours or may_edit(person, alliance_id)


def delivery_of(session: Session, person: Person, alliance_id: int, month: Month) -> Delivery:
    """What became of an issue; the same three queries however many people there are.

    Raises:
        NotAllowed: the person neither edits this catalogue nor coordinates one of its schools.
        Missing: it is not published.
    """
    if not may_see_delivery(person, alliance_id):
        raise NotAllowed(N_("Only editors and coordinators of this alliance see this."))
    issue_id = session.scalar(
        select(Issue.id).where(
            Issue.alliance_id == alliance_id,
            Issue.month == str(month),
            Issue.published_at.is_not(None),
        )
    )
    if issue_id is None:
        raise Missing(NO_ISSUE)
    told, read, mailed = session.execute(
        select(
            func.count(Notice.id),
            func.count(Notice.read_at),
            func.count(Letter.sent_at),
        )
        .join(IssueNotice, IssueNotice.notice_id == Notice.id)
        .outerjoin(LetterNotice, LetterNotice.notice_id == Notice.id)
        .outerjoin(Letter, Letter.id == LetterNotice.letter_id)
        .where(IssueNotice.issue_id == issue_id)
    ).one()
    refused = session.execute(
        select(User.name, Letter.refusal)
        .join(Letter, Letter.user_id == User.id)
        .join(LetterNotice, LetterNotice.letter_id == Letter.id)
        .join(IssueNotice, IssueNotice.notice_id == LetterNotice.notice_id)
        .where(IssueNotice.issue_id == issue_id, Letter.refusal != "")
        .order_by(User.name)
        .limit(MOST_REFUSED)
    )
    postings = session.scalars(
        select(Posting).where(Posting.issue_id == issue_id).order_by(Posting.robot_name, Posting.id)
    )
    return Delivery(told, read, mailed, refused.all(), postings.all())

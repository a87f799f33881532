"""Hide posts and show them again, lock threads, conclude them, report what to look at."""

from sqlalchemy import or_, select, update

from resource_hub.domain.discussion import (
    ONLY_MODERATORS,
    OWN_POST,
    TalkPlace,
    checked_reason,
    moderates,
    whom_to_ask,
)
from resource_hub.domain.discussion_round import RoundAct
from resource_hub.domain.errors import N_, NotAllowed, WrongState
from resource_hub.domain.people import Person, Role
from resource_hub.domain.thread import said
from resource_hub.models import Appointed, Membership, Post, PostReport, Thread
from resource_hub.services.class_uses import count_again
from resource_hub.services.discussion import talk
from resource_hub.services.discussion_access import find_post, place_of, who_reads
from resource_hub.services.post_notices import take_words_back, tell_about
from resource_hub.services.round_access import hosts, why_not_now
from resource_hub.services.unit_of_work import FASTER, UnitOfWork

HIDDEN_ALREADY = N_("It is hidden already.")


def hide_post(uow: UnitOfWork, person: Person, post_id: int, reason: str) -> Post:
    """Hide a post; its author is told why, others see that something was hidden.

    Raises:
        Missing, WrongState: see ``find_thread``; or it is hidden already.
        NotAllowed: the person does not moderate this thread, or wrote the post.
        Invalid: no reason is given, or a long one.
    """
    post = _post_to_moderate(uow, person, post_id)
    reason = checked_reason(reason)
    if post.hidden_at is not None:
        raise WrongState(HIDDEN_ALREADY)
    post.hidden_at, post.hidden_by_id, post.hidden_reason = uow.now(), person.id, reason
    _settle(uow, person, post)
    count_again(uow, post, by=-1)
    take_words_back(uow, post)
    tell_about(uow, post.author_id, "post_hidden", by=person, post=post, comment=reason)
    _record(uow, "hide", person, post, reason)
    return post


def show_post(uow: UnitOfWork, person: Person, post_id: int) -> Post:
    """Show again what a moderator hid; its author is told. Shown already, nothing happens.

    Raises:
        Missing, WrongState: see ``find_thread``; or its author has taken it back.
        NotAllowed: the person does not moderate this thread, or wrote the post.
    """
    post = _post_to_moderate(uow, person, post_id)
    if post.hidden_at is None:
        return post
    if post.hidden_by_id == post.author_id:
        raise WrongState(N_("Its author has taken it back; only the author can post it again."))
    post.hidden_at, post.hidden_by_id, post.hidden_reason = None, None, ""
    count_again(uow, post, by=1)
    tell_about(uow, post.author_id, "post_shown", by=person, post=post, comment="")
    _record(uow, "show", person, post)
    return post


def take_back(uow: UnitOfWork, person: Person, post_id: int) -> Post:
    """Take back what one said oneself; done already, nothing happens.

    Raises:
        Missing, WrongState: see ``find_thread``.
        NotAllowed: somebody else said it.
    """
    post = find_post(uow.session, person, post_id, uow.now(), held=True)
    if post.author_id != person.id:
        raise NotAllowed(N_("Only who wrote it can take it back."))
    if post.hidden_at is not None:
        return post
    post.hidden_at, post.hidden_by_id = uow.now(), person.id
    _settle(uow, person, post)
    count_again(uow, post, by=-1)
    take_words_back(uow, post)
    _record(uow, "take_back", person, post)
    return post


def lock_thread(uow: UnitOfWork, person: Person, thread_id: int) -> Thread:
    """Nothing more is posted in it; locked already, nothing happens.

    Raises:
        Missing, WrongState: see ``find_thread``.
        NotAllowed: the person does not moderate it.
    """
    thread = _thread_to_moderate(uow, person, thread_id)
    if thread.locked_at is None:
        thread.locked_at, thread.locked_by_id = uow.now(), person.id
        uow.record("discussion:lock", by=person, resource=thread.resource, thread=thread.id)
    return thread


def unlock_thread(uow: UnitOfWork, person: Person, thread_id: int) -> Thread:
    """The opposite of ``lock_thread``."""
    thread = _thread_to_moderate(uow, person, thread_id)
    if thread.locked_at is not None:
        thread.locked_at = thread.locked_by_id = None
        uow.record("discussion:unlock", by=person, resource=thread.resource, thread=thread.id)
    return thread


def conclude_thread(
    uow: UnitOfWork, person: Person, thread_id: int, words: str, *, seen: int
) -> Thread:
    """Say what the thread came to, for the minutes; no words take that back.

    Args:
        seen: the version of the thread that stood on the page.

    Raises:
        Missing, WrongState: see ``find_thread``.
        NotAllowed: the person neither moderates it nor hosts its round.
        WrongState: the minutes of its round are published, or somebody was faster.
        Invalid: too many words.
    """
    where = talk(uow.session, person, thread_id, uow.now(), held=True)
    thread = where.thread
    if not (moderates(person, where.place) or hosts(uow.session, person, thread.issue_id)):
        raise NotAllowed(ONLY_MODERATORS)
    if refusal := why_not_now(uow.session, thread.issue_id, uow.now(), RoundAct.WRITE):
        raise refusal
    concluded = said(words) if words.strip() else ""
    if concluded == thread.concluded:
        return thread
    if seen != thread.version:
        raise WrongState(FASTER)
    thread.concluded = concluded
    uow.record("discussion:conclude", by=person, resource=thread.resource, thread=thread.id)
    return thread


def report_post(uow: UnitOfWork, person: Person, post_id: int, reason: str) -> PostReport:
    """Ask the moderators to look at a post; the same person's second report gives a new reason.

    Raises:
        Missing, WrongState: see ``find_thread``; or it is hidden already, or one's own.
        Invalid: no reason is given, or a long one.
    """
    post = find_post(uow.session, person, post_id, uow.now(), held=True)
    reason = checked_reason(reason)
    if post.hidden_at is not None:
        raise WrongState(HIDDEN_ALREADY)
    if post.author_id == person.id:
        raise WrongState(N_("It is your own: take it back instead."))
    report = uow.session.get(PostReport, (post.id, person.id))
    is_new = report is None or report.settled_at is not None
    if report is None:
        report = PostReport(post_id=post.id, person_id=person.id)
        uow.session.add(report)
    report.reason, report.at = reason, uow.now()
    report.settled_at = report.settled_by_id = None
    uow.session.flush()
    if is_new:
        place = place_of(uow.session, post.thread)
        for user_id in _moderators(uow, post, place):
            tell_about(uow, user_id, "post_reported", by=person, post=post, comment=reason)
        _record(uow, "report", person, post, reason)
    return report


def settle_reports(uow: UnitOfWork, person: Person, post_id: int) -> Post:
    """Leave a reported post as it is; without an open report, nothing happens.

    Raises:
        Missing, WrongState: see ``find_thread``; or somebody has hidden it meanwhile.
        NotAllowed: the person does not moderate this thread, or wrote the post.
    """
    post = _post_to_moderate(uow, person, post_id)
    if post.hidden_at is not None:
        raise WrongState(HIDDEN_ALREADY)
    if _settle(uow, person, post):
        _record(uow, "leave", person, post)
    return post


def _thread_to_moderate(uow: UnitOfWork, person: Person, thread_id: int) -> Thread:
    where = talk(uow.session, person, thread_id, uow.now(), held=True)
    if not moderates(person, where.place):
        raise NotAllowed(ONLY_MODERATORS)
    return where.thread


def _post_to_moderate(uow: UnitOfWork, person: Person, post_id: int) -> Post:
    post = find_post(uow.session, person, post_id, uow.now(), held=True)
    if not moderates(person, place_of(uow.session, post.thread)):
        raise NotAllowed(ONLY_MODERATORS)
    if post.author_id == person.id:
        raise NotAllowed(OWN_POST)
    return post


def _settle(uow: UnitOfWork, person: Person, post: Post) -> bool:
    """Whether there was an open report."""
    open_ones = uow.session.scalars(
        update(PostReport)
        .where(PostReport.post_id == post.id, PostReport.settled_at.is_(None))
        .values(settled_at=uow.now(), settled_by_id=person.id)
        .returning(PostReport.person_id)
    ).all()
    return bool(open_ones)


def _record(uow: UnitOfWork, what: str, person: Person, post: Post, reason: str = "") -> None:
    uow.record(
        f"discussion:{what}",
        by=person,
        resource=post.thread.resource,
        post=post.id,
        thread=post.thread_id,
        reason=reason,
    )


def _moderators(uow: UnitOfWork, post: Post, place: TalkPlace) -> list[int]:
    """Who is asked to look at a post that somebody else wrote."""
    of_the_alliance = select(Membership.school_id).where(
        Membership.alliance_id == place.alliance_id
    )
    held = or_(
        (Appointed.role == Role.EDITOR) & (Appointed.alliance_id == place.alliance_id),
        (Appointed.role == Role.COORDINATOR)
        & or_(Appointed.school_id == place.school_id, Appointed.school_id.in_(of_the_alliance)),
        Appointed.role == Role.ADMINISTRATOR,
    )
    appointed = uow.session.scalars(
        select(Appointed.user_id).where(held, Appointed.user_id != post.author_id).distinct()
    ).all()
    readers = who_reads(uow.session, appointed, post.thread_id, uow.now())
    return [one.id for one in whom_to_ask(readers, place) if one.id is not None]

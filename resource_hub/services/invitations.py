"""Invite somebody from outside to judge one submission, and know them again by their link."""

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from resource_hub.domain.deadlines import due_on
from resource_hub.domain.errors import (
    N_,
    HubError,
    Invalid,
    Missing,
    NotAllowed,
    Problem,
    WrongState,
)
from resource_hub.domain.invitations import good_until, may_invite
from resource_hub.domain.people import Person
from resource_hub.models import Invitation, Review, Submission, User
from resource_hub.services.deciding import submission_on_desk
from resource_hub.services.holidays import working_calendar
from resource_hub.services.revisions import load_revision, reviewable
from resource_hub.services.sign_in import token_hash
from resource_hub.services.unit_of_work import UnitOfWork

ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+")
MOST_NAME = 60


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation as who answers for the review sees it."""

    id: int
    name: str
    email: str
    inviter_name: str
    expires_at: datetime
    is_open: bool
    has_decided: bool


def token_of(secret: str, invitation: Invitation) -> str:
    """The token of the link; whoever has the tables alone cannot make it."""
    digest = hmac.new(secret.encode(), f"invitation:{invitation.nonce}".encode(), hashlib.sha256)
    return urlsafe_b64encode(digest.digest()).rstrip(b"=").decode()


def invite(
    uow: UnitOfWork, person: Person, submission_id: int, *, name: str, email: str, secret: str
) -> Invitation:
    """Ask somebody who has no account here; a mail with the link is promised.

    Who is asked again for the same submission gets a new link, and the old one ends.

    Raises:
        Missing: there is no such submission, as far as ``person`` may know.
        NotAllowed: it is not theirs to invite, or the rules want nobody from outside.
        Invalid: name or address is missing, or the person has an account here.
    """
    submission, refusal = _invitable(uow.session, person, submission_id)
    if refusal is not None:
        raise NotAllowed(refusal)
    name, email = " ".join(name.split()), email.strip().lower()
    _check(uow.session, name, email)
    now = uow.now()
    earlier = uow.session.scalars(select(Invitation).where(Invitation.email == email)).all()
    for each in earlier:
        if each.submission_id == submission_id and each.revoked_at is None:
            each.revoked_at = now
    guest_id = earlier[-1].guest_id if earlier else _new_guest(uow, name, person.language)
    invitation = Invitation(
        submission_id=submission_id,
        stage=submission.stage,
        guest_id=guest_id,
        email=email,
        nonce=secrets.token_urlsafe(32),
        token_hash="",
        inviter_id=person.id,
        invited_at=now,
        expires_at=good_until(now, _due(uow.session, submission, uow.today()), uow.zone),
        revoked_at=None,
    )
    invitation.token_hash = token_hash(token_of(secret, invitation))
    uow.session.add(invitation)
    uow.session.flush()
    uow.record(
        "review:invite", by=person, submission=submission_id, invitation=invitation.id, name=name
    )
    uow.promise("mail_invitation", invitation.id)
    return invitation


def wanted_by(session: Session, invitation: Invitation, zone: tzinfo) -> date:
    """The last day in time, by the days that the rules give; ``submission`` must be loaded."""
    return _due(session, invitation.submission, invitation.invited_at.astimezone(zone).date())


def _due(session: Session, submission: Submission, asked_on: date) -> date:
    days = submission.policy.days_at(submission.stage)
    return due_on(asked_on, days, working_calendar(session))


def revoke(uow: UnitOfWork, person: Person, submission_id: int, invitation_id: int) -> None:
    """End an invitation; its link says whom to ask from now on.

    Raises:
        Missing: there is no such invitation, as far as ``person`` may know.
        NotAllowed: it is not theirs to end.
        WrongState: the review has moved on meanwhile.
    """
    _submission, refusal = _invitable(uow.session, person, submission_id)
    invitation = uow.session.get(Invitation, invitation_id)
    if invitation is None or invitation.submission_id != submission_id:
        raise Missing(N_("There is no such invitation."))
    if refusal is not None:
        raise NotAllowed(refusal)
    if invitation.revoked_at is None:
        invitation.revoked_at = uow.now()
        uow.record("review:revoke", by=person, submission=submission_id, invitation=invitation_id)


def invited(
    session: Session, person: Person, submission_id: int, now: datetime
) -> tuple[Submission, list[Invited], str | None]:
    """Who was asked for this submission, and why ``person`` may ask nobody, or None.

    Raises:
        Missing, NotAllowed: it is not theirs to know.
    """
    submission, refusal = _invitable(session, person, submission_id)
    decided = set(
        session.scalars(select(Review.reviewer_id).where(Review.submission_id == submission_id))
    )
    rows = session.scalars(
        select(Invitation)
        .where(Invitation.submission_id == submission_id)
        .order_by(Invitation.id)
        .options(joinedload(Invitation.guest), joinedload(Invitation.inviter))
    )
    return (
        submission,
        [
            Invited(
                each.id,
                each.guest.name,
                each.email,
                each.inviter.name,
                each.expires_at,
                each.revoked_at is None and each.expires_at > now,
                each.guest_id in decided,
            )
            for each in rows
        ],
        refusal,
    )


def by_token(session: Session, token: str) -> Invitation | None:
    """The invitation of a link, with whom and what it names; None when there is none such."""
    return _find(session, Invitation.token_hash == token_hash(token))


def find_invitation(session: Session, invitation_id: int) -> Invitation | None:
    """The invitation of this id, with whom and what it names."""
    return _find(session, Invitation.id == invitation_id)


def _find(session: Session, condition: ColumnElement[bool]) -> Invitation | None:
    return session.scalar(
        select(Invitation)
        .where(condition)
        .options(
            joinedload(Invitation.guest),
            joinedload(Invitation.inviter).joinedload(User.school),
            joinedload(Invitation.submission).joinedload(Submission.revision),
        )
        .execution_options(populate_existing=True)
    )


def guest(session: Session, token: str, now: datetime) -> Person:
    """The person behind a link, who may judge that one submission at that one stage.

    Raises:
        Missing: there is no such invitation.
        WrongState: it has ended; the sentence says why, and whom to ask.
    """
    invitation = by_token(session, token)
    if invitation is None:
        raise Missing(
            N_("This invitation is not known. Open the whole link of the mail, or ask who sent it.")
        )
    if (ended := why_ended(session, invitation, now)) is not None:
        raise ended
    return Person(
        id=invitation.guest_id,
        name=invitation.guest.name,
        language=invitation.guest.language,
        guest_of=invitation.submission_id,
        guest_stage=invitation.stage,
    )


def why_ended(session: Session, invitation: Invitation, now: datetime) -> HubError | None:
    """The sentence for a link that is good no more, or None."""
    asked = invitation.inviter.name
    if invitation.inviter.school is not None:
        asked = f"{asked} ({invitation.inviter.school.name})"
    if invitation.submission.outcome is not None or _has_decided(session, invitation):
        return WrongState(
            N_(
                "This review is over; nothing more is asked of you. Thank you. Questions: %(name)s."
            ),
            name=asked,
        )
    if invitation.revoked_at is not None:
        return WrongState(
            N_("This invitation was taken back. If that surprises you, ask %(name)s."), name=asked
        )
    if invitation.expires_at <= now:
        return WrongState(
            N_("This invitation has expired. Ask %(name)s, who invited you, for a new one."),
            name=asked,
        )
    if invitation.stage is not invitation.submission.stage:
        return WrongState(
            N_("The stage for which you were asked is over. Thank you. Questions: %(name)s."),
            name=asked,
        )
    return None


def _has_decided(session: Session, invitation: Invitation) -> bool:
    found = session.scalar(
        select(Review.id).where(
            Review.submission_id == invitation.submission_id,
            Review.reviewer_id == invitation.guest_id,
        )
    )
    return found is not None


def _invitable(
    session: Session, person: Person, submission_id: int
) -> tuple[Submission, str | None]:
    submission = submission_on_desk(session, person, submission_id)
    revision = load_revision(session, submission.revision_id)
    over = submission.outcome is not None
    item = reviewable(session, revision)
    return submission, (N_("This round is over.") if over else may_invite(person, item))


def _check(session: Session, name: str, email: str) -> None:
    problems = []
    if not name or len(name) > MOST_NAME:
        problems.append(Problem("name", N_("Write the person's name, at most 60 characters.")))
    if not ADDRESS.fullmatch(email) or len(email) > 254:  # noqa: PLR2004 - RFC 5321
        problems.append(Problem("email", N_("Write an address such as name@example.org.")))
    elif session.scalar(select(User.id).where(User.email == email)) is not None:
        sentence = N_(
            "This person has an account here. Whoever may judge such work finds it in the own"
            " inbox; the administrator appoints reviewers."
        )
        problems.append(Problem("email", sentence))
    if problems:
        raise Invalid(problems)


def _new_guest(uow: UnitOfWork, name: str, language: str) -> int:
    """A row that stands for the person; nobody signs in with it, and no mail finds it."""
    user = User(
        account=f"guest-{secrets.token_hex(8)}",
        email=None,
        name=name,
        school_id=None,
        password_hash="!",  # noqa: S106 - no password has this hash
        subjects=(),
        grades=(),
        language=language,
        created_at=uow.now(),
    )
    uow.session.add(user)
    uow.session.flush()
    return user.id

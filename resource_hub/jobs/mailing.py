"""What the worker mails: a notice at once, the letter of a morning, the link for a password."""

import smtplib

from resource_hub.edge.current import hub, reading, writing
from resource_hub.edge.letters import invitation_mail, morning_mail, notice_mail, password_mail
from resource_hub.models import User
from resource_hub.notifications.mail import Mail, Refused, send
from resource_hub.services import mailing
from resource_hub.services.invitations import find_invitation, token_of, wanted_by, why_ended
from resource_hub.services.passwords import reset_token
from resource_hub.services.persons import load_person
from resource_hub.services.queries.inbox import count_waiting


def notice(notice_id: int) -> None:
    """Mail a notice, if its reader wants it at once and has not read it meanwhile."""
    due = mailing.due_at_once(reading(), notice_id) if hub().smtp_url else None
    if due is not None:
        _once(notice_mail(due), due.user.id, [notice_id])


def promise_letters(day: str) -> None:
    """Promise everybody who has something unread a letter of ``day``."""
    if not hub().smtp_url:
        return
    user_ids = mailing.who_gets_a_letter(reading(), hub().now())
    with writing() as uow:
        for user_id in user_ids:
            uow.promise("mail_letter", f"{user_id}:{day}")


def letter(user_id: int, day: str) -> None:
    """Mail what a person has not read, once a day."""
    due = mailing.due_this_morning(reading(), user_id, hub().now()) if hub().smtp_url else None
    if due is None:
        return
    person = load_person(reading(), user_id)
    waiting = count_waiting(reading(), person) if person is not None and person.is_reviewer else 0
    mail = morning_mail(due, f"morning:{user_id}:{day}", waiting)
    _once(mail, user_id, [notice.id for notice in due.notices])


def password_link(user_id: int) -> None:
    """Mail a link for a new password; its token is made here, so the queue holds no secret.

    It was asked for, so it may come twice rather than not at all.
    """
    user = reading().get(User, user_id)
    if user is None or not user.email or not user.is_active or not hub().smtp_url:
        return
    token = reset_token(hub().secret, user)
    try:
        send(hub().smtp_url, password_mail(user, token, f"password:{token}"))
    except Refused:
        return  # nobody to tell: who asked has no other address here


def invitation(invitation_id: int, reminded_on: str = "") -> None:
    """Mail somebody from outside the link of an invitation that is good still.

    Args:
        reminded_on: the day of a reminder; each goes out once.
    """
    found = find_invitation(reading(), invitation_id) if hub().smtp_url else None
    if found is None or why_ended(reading(), found, hub().now()) is not None:
        return
    title, key = found.submission.revision.title, f"invitation:{found.id}"
    if reminded_on:
        key = f"{key}:{reminded_on}"
    mail = invitation_mail(
        found,
        token_of(hub().secret, found),
        title,
        key,
        due=wanted_by(reading(), found, hub().zone),
        is_reminder=bool(reminded_on),
    )
    _once(mail, found.guest_id, [])


def _once(mail: Mail, user_id: int, notice_ids: list[int]) -> None:
    """Send a mail that was not sent before; see ``services.mailing`` for how sure that is."""
    with writing() as uow:
        letter_id = mailing.begin(uow, mail.key, user_id, notice_ids)
    if letter_id is None:
        return
    try:
        send(hub().smtp_url, mail)
    except Refused as error:
        with writing() as uow:
            mailing.note_refusal(uow, letter_id, str(error))
        return
    except (OSError, smtplib.SMTPException):
        with writing() as uow:
            mailing.take_back(uow, letter_id)
        raise
    with writing() as uow:
        mailing.note_sent(uow, letter_id)

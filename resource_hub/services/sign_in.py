"""Signing in and out; the cookie's token is new at each sign-in and known here by its hash."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import N_, Invalid, Problem, TooManyTries
from resource_hub.models import SignIn, SignInFailure, User
from resource_hub.services import passwords
from resource_hub.services.unit_of_work import UnitOfWork

WINDOW = timedelta(minutes=15)


def check_password(session: Session, login: str, password: str) -> User | None:
    """The active person with this account name or e-mail and password, or None.

    Takes the same time whether or not there is such an account. Runs outside the write
    transaction: hashing takes 0.1 s, and on SQLite nobody else could write meanwhile.
    """
    name = login.strip().lower()
    user = session.scalar(
        select(User).where((User.account == name) | (User.email == name), User.is_active)
    )
    right = passwords.matches(user.password_hash if user else passwords.nobody(), password)
    return user if right else None


def sign_in(uow: UnitOfWork, *, login: str, address: str, user_id: int | None, limit: int) -> str:
    """Open a sign-in for ``user_id`` (from :func:`check_password`), or count a failure.

    Returns:
        The token for the cookie; only its hash is kept.

    Raises:
        TooManyTries: more than ``limit`` failures for this account or address in 15 minutes.
        Invalid: name or password is wrong; the sentence does not say which.
    """
    refuse_too_many(uow.session, login=login, address=address, now=uow.now(), limit=limit)
    uow.session.execute(delete(SignInFailure).where(SignInFailure.at < uow.now() - WINDOW))
    if user_id is None:
        uow.session.add_all(SignInFailure(key=key, at=uow.now()) for key in _keys(login, address))
        uow.session.commit()  # the failure must be counted although the request is refused
        raise Invalid([Problem("password", N_("The name or the password is not right."))])
    token = secrets.token_urlsafe(32)
    now = uow.now()
    uow.session.add(
        SignIn(token_hash=token_hash(token), user_id=user_id, created_at=now, seen_at=now)
    )
    return token


def refuse_too_many(
    session: Session, *, login: str, address: str, now: datetime, limit: int
) -> None:
    """Raise ``TooManyTries`` before any hashing when this account or address failed too often."""
    failures = session.scalars(
        select(func.count())
        .where(SignInFailure.key.in_(_keys(login, address)), SignInFailure.at >= now - WINDOW)
        .group_by(SignInFailure.key)
    )
    if any(count >= limit for count in failures):
        raise TooManyTries(N_("Too many failed sign-ins. Wait 15 minutes, or reset the password."))


def _keys(login: str, address: str) -> list[str]:
    return [f"account:{login.strip().lower()[:250]}", f"address:{address}"]


LINKS = 3
"""Mails with a password link to one person in 15 minutes, whoever asks."""


def promise_link(uow: UnitOfWork, user_id: int) -> None:
    """Promise a mail with a link for a new password; nobody's mailbox is flooded."""
    key, since = f"link:{user_id}", uow.now() - WINDOW
    asked = uow.session.scalar(
        select(func.count()).where(SignInFailure.key == key, SignInFailure.at >= since)
    )
    if (asked or 0) < LINKS:
        uow.session.add(SignInFailure(key=key, at=uow.now()))
        uow.promise("mail_password", user_id)


def sign_out(uow: UnitOfWork, token: str) -> None:
    uow.session.execute(delete(SignIn).where(SignIn.token_hash == token_hash(token)))


def signed_in_user_id(session: Session, token: str) -> tuple[int, SignIn] | None:
    """Who holds ``token``, with the row that says so; None when it is unknown or closed."""
    found = session.scalar(select(SignIn).where(SignIn.token_hash == token_hash(token)))
    return None if found is None else (found.user_id, found)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

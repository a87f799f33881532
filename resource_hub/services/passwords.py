"""Passwords: argon2, and links that let a person set a new one."""

import hashlib
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from itsdangerous import BadSignature, URLSafeTimedSerializer

from resource_hub.domain.errors import N_, Invalid, Problem
from resource_hub.models import User

MIN_LENGTH = 8
RESET_SECONDS = 48 * 3600

_hasher = PasswordHasher()


def hashed(password: str) -> str:
    """Hash with argon2id, 64 MiB; takes about 0.1 s on purpose."""
    return _hasher.hash(password)


def matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def nobody() -> str:
    """A hash to compare with when there is no such account, so that both take the same time."""
    return hashed("nobody has this password")


def weakness(password: str) -> str | None:
    """Why a password cannot be taken, or None; length is what counts (NIST SP 800-63B)."""
    if len(password) < MIN_LENGTH:
        return N_("A password needs at least 8 characters.")
    if len(password) > 200:  # noqa: PLR2004 - hashing a book would cost memory
        return N_("A password may have at most 200 characters.")
    if len(set(password)) < 4:  # noqa: PLR2004 - "aaaaaaaa"
        return N_("This password is too easy to guess; use several different characters.")
    return None


def new_hash(password: str) -> str:
    """The hash of a password that somebody chose; made before the transaction that stores it.

    On SQLite a tenth of a second inside it would hold up every other writer.

    Raises:
        Invalid: the password is too weak, with the reason.
    """
    if sentence := weakness(password):
        raise Invalid([Problem("password", sentence)])
    return hashed(password)


def proven_new_hash(present_hash: str, *, old: str, new: str) -> str:
    """As ``new_hash``, with the old password as proof.

    Raises:
        Invalid: the old password is not right, or the new one too weak.
    """
    if not matches(present_hash, old):
        raise Invalid([Problem("old", N_("The present password is not right."))])
    return new_hash(new)


def reset_token(secret: str, user: User) -> str:
    """A link's token: valid for 48 hours, and only until the password is changed."""
    return _serializer(secret).dumps([user.id, _mark(user)])


def token_owner(secret: str, token: str) -> tuple[int, str] | None:
    """The person's id and the mark in ``token``, or None when it is forged or too old."""
    try:
        user_id, mark = _serializer(secret).loads(token, max_age=RESET_SECONDS)
    except (BadSignature, ValueError, TypeError):
        return None
    return int(user_id), str(mark)


def still_valid(user: User, mark: str) -> bool:
    return _mark(user) == mark


def _mark(user: User) -> str:
    return hashlib.sha256(user.password_hash.encode()).hexdigest()[:16]


def _serializer(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt="password-reset")

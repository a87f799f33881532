"""The short public id of a resource: ``R-`` and six characters of Crockford's base32."""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: nothing to mistake on a blackboard
LENGTH = 6
_LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0"})
_SHAPE = re.compile(rf"R-[{ALPHABET}]{{{LENGTH}}}")


def new_public_id() -> str:
    """Draw one of about a thousand million; the table's unique index catches the rare repeat."""
    return "R-" + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def read_public_id(text: str) -> str | None:
    """The id that a person meant: any case, O for 0, I or L for 1; None if it is none at all."""
    head, _, tail = text.strip().upper().partition("-")
    candidate = f"{head}-{tail.translate(_LOOKALIKES)}"
    return candidate if _SHAPE.fullmatch(candidate) else None

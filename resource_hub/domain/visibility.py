"""Who may see a resource: one audience token on it, a set of them on each person."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from resource_hub.domain.errors import N_

PUBLIC = "public"


class Audience(StrEnum):
    SCHOOL = "school"
    ALLIANCE = "alliance"
    PUBLIC = "public"


AUDIENCE_LABELS: Mapping[Audience, str] = {
    Audience.SCHOOL: N_("My school"),
    Audience.ALLIANCE: N_("The alliance"),
    Audience.PUBLIC: N_("Everyone"),
}


def audience_token(audience: Audience, *, school_id: int, alliance_id: int | None) -> str:
    """The token that a published resource carries, such as ``public`` or ``alliance:3``."""
    if audience is Audience.PUBLIC:
        return PUBLIC
    if audience is Audience.ALLIANCE and alliance_id is not None:
        return f"alliance:{alliance_id}"
    return f"school:{school_id}"


def tokens(*, school_id: int | None, alliance_ids: Iterable[int]) -> frozenset[str]:
    """The tokens that a person carries; a stranger carries ``public`` alone."""
    own = {PUBLIC} if school_id is None else {PUBLIC, f"school:{school_id}"}
    return frozenset(own | {f"alliance:{alliance_id}" for alliance_id in alliance_ids})

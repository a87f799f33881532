"""What stands behind a published version: nobody, a review, the author's school, the alliance."""

from collections.abc import Collection
from enum import StrEnum

from resource_hub.domain.errors import N_
from resource_hub.domain.policy import Stage


class Badge(StrEnum):
    """What readers are told of a version, the weakest first."""

    NOT_REVIEWED = "not_reviewed"
    """It came with a collection; nobody in the hub has judged it."""
    REVIEWED = "reviewed"
    """People judged it and it passed, but none of them speaks for the school or the alliance."""
    ENDORSED_BY_SCHOOL = "endorsed_by_school"
    """It passed the school stage, and somebody of the school was among those who approved it."""
    ENDORSED_BY_ALLIANCE = "endorsed_by_alliance"
    """It passed the alliance stage, and somebody of the alliance was among them."""


BADGE_LABELS = {
    Badge.NOT_REVIEWED: N_("Not reviewed"),
    Badge.REVIEWED: N_("Reviewed"),
    Badge.ENDORSED_BY_SCHOOL: N_("Endorsed by the school"),
    Badge.ENDORSED_BY_ALLIANCE: N_("Endorsed by the alliance"),
}

_OF = {
    Stage.SCHOOL: Badge.ENDORSED_BY_SCHOOL,
    Stage.ALLIANCE: Badge.ENDORSED_BY_ALLIANCE,
}


def endorsing(
    asked: Collection[Stage],
    approved_by_members: Collection[Stage],
    *,
    fast_lane: bool,
    before: Collection[Stage],
) -> tuple[Stage, ...]:
    """The stages whose school or alliance stands behind a version that is published now.

    Args:
        asked: the stages of its policy; all of them are passed.
        approved_by_members: the stages at which a member of the school or alliance approved it,
            not only people from outside.
        fast_lane: one approval was enough, for its words alone are new. It endorses nothing anew
            and takes nothing away.
        before: the endorsing stages of the version that it replaces.
    """
    kept = before if fast_lane else set(asked) & set(approved_by_members)
    return tuple(stage for stage in Stage if stage in kept)


def badges(basis: str | None, endorsed_at: Collection[str]) -> tuple[Badge, ...]:
    """What a page shows of a version, the strongest first; nothing before it was published.

    Args:
        basis: on what ground it was published: ``review`` or ``import``.
        endorsed_at: what ``endorsing`` gave then.
    """
    if basis is None:
        return ()
    if basis != "review":
        return (Badge.NOT_REVIEWED,)
    endorsed = tuple(_OF[stage] for stage in reversed(Stage) if stage.value in endorsed_at)
    return endorsed or (Badge.REVIEWED,)

"""Who may read a revision that is not, or not only, on the open shelf."""

from dataclasses import dataclass
from datetime import datetime

from resource_hub.domain.people import Person
from resource_hub.domain.review import (
    Reviewable,
    Stage,
    State,
    answers_for_it,
    is_reviewer_of_it,
)
from resource_hub.domain.review_rules import is_guest_of
from resource_hub.domain.visibility import Audience, audience_token

PRIVATE = frozenset({State.DRAFT})
SHARED = frozenset({State.PUBLISHED, State.SUPERSEDED, State.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Readable:
    """What the rule needs to know besides the revision's own facts."""

    item: Reviewable
    audience: Audience
    available_at: datetime | None
    """None also for what was withdrawn before its release date: others never saw it."""
    reviewed_by: frozenset[int]
    """Everybody who decided on it, in any round."""
    live_token: str | None = None
    """The audience token of the live revision of the same resource; None while nothing is live."""


def on_the_shelf(person: Person, readable: Readable, now: datetime) -> bool:
    """Published once, released by now, and within the person's audience.

    An earlier version is shown to nobody who may not see the live one, and goes when that goes.
    """
    item = readable.item
    if item.state is State.SUPERSEDED and readable.live_token not in person.tokens:
        return False
    token = audience_token(
        readable.audience, school_id=item.school_id, alliance_id=item.alliance_id
    )
    return (
        item.state in SHARED
        and readable.available_at is not None
        and readable.available_at <= now
        and token in person.tokens
    )


def wrote_it(person: Person, item: Reviewable) -> bool:
    """The author, who alone changes it, or somebody named as co-author."""
    return person.id is not None and (person.id == item.author_id or person.id in item.co_authors)


def may_read(person: Person, readable: Readable, now: datetime) -> bool:
    """A draft is its authors' alone; from submission on, those who judge or answer for it too."""
    item = readable.item
    if wrote_it(person, item):
        return True
    if item.state in PRIVATE:
        return False
    if person.guest_of is not None:
        return on_the_shelf(person, readable, now) or is_guest_of(person, item)
    if on_the_shelf(person, readable, now) or person.is_administrator:
        return True
    if person.id in readable.reviewed_by or person.coordinates(item.school_id):
        return True
    return item.state is State.IN_REVIEW and may_judge_at_some_stage(person, item)


def may_open_files(person: Person, readable: Readable, now: datetime) -> bool:
    """What was taken down keeps its page; its files are left to those who answer for it."""
    item = readable.item
    if item.state is State.WITHDRAWN and answers_for_it(person, item):
        return False
    return may_read(person, readable, now)


def may_open_desk(person: Person, readable: Readable) -> bool:
    """Who judges it or answers for it sees how its review went, also when that is over.

    The author does not: the own work and what was said of it stand on pages of their own.
    """
    item = readable.item
    if person.id is None or wrote_it(person, item):
        return False
    if person.guest_of is not None:
        return is_guest_of(person, item)
    if person.is_administrator or person.coordinates(item.school_id):
        return True
    return person.id in readable.reviewed_by or may_judge_at_some_stage(person, item)


def may_judge_at_some_stage(person: Person, item: Reviewable) -> bool:
    """A reviewer of a later stage may look ahead; one of a passed stage may look back."""
    return any(
        is_reviewer_of_it(person, _at(item, stage)) is None
        for stage in (item.policy.stages or (Stage.SCHOOL,))
    )


def _at(item: Reviewable, stage: Stage) -> Reviewable:
    return Reviewable(
        author_id=item.author_id,
        school_id=item.school_id,
        alliance_id=item.alliance_id,
        subject=item.subject,
        school_stage=item.school_stage,
        state=item.state,
        policy=item.policy,
        stage=stage,
        co_authors=item.co_authors,
        paired=item.paired,
    )

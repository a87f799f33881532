"""Count what people contribute: every figure as the very items that it consists of.

The same few queries whoever is counted: the conditions of a scope are in each of them, and what a
query brings besides is left out afterwards. docs/explanation/figures.md tells the rules;
``tests/services/test_figures_agree.py`` counts again from the audit trail.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, tzinfo
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from resource_hub.domain.deadlines import working_days_between
from resource_hub.domain.discussion import PostKind
from resource_hub.domain.points import Figure, Item
from resource_hub.domain.review import Action, State
from resource_hub.domain.school_year import Period
from resource_hub.models import (
    Assignment,
    ClassUse,
    EndedAs,
    Issue,
    MonthOfUse,
    Post,
    Resource,
    Review,
    Revision,
    Submission,
    Thread,
    User,
)
from resource_hub.services.figures import Scope
from resource_hub.services.figures_bounds import Bounds, is_shared
from resource_hub.services.figures_works import withdrawn, works
from resource_hub.services.holidays import working_calendar

_ORDER = {figure: at for at, figure in enumerate(Figure)}


def count_items(session: Session, scope: Scope, period: Period, zone: tzinfo) -> list[Item]:
    """Every item of a scope in a period, in the order of figures, then of time; nine queries."""
    bounds = Bounds(session, scope, period, zone)
    found = [item for item in _items(bounds) if bounds.fits(item)]
    return in_order(found)


def in_order(items: Iterable[Item]) -> list[Item]:
    """By figure, then by time."""
    return sorted(items, key=_place)


def _place(item: Item) -> tuple[int, date, int, int, int]:
    return (
        _ORDER[item.figure],
        item.on or date.min,
        item.resource_id,
        item.revision_id or 0,
        item.person_id,
    )


def _items(bounds: Bounds) -> Iterator[Item]:
    yield from works(bounds)
    yield from withdrawn(bounds)
    yield from _reviews(bounds)
    yield from _used(bounds)
    yield from _taught(bounds)
    yield from _posts(bounds)


def _reviews(bounds: Bounds) -> Iterator[Item]:
    """Decisions that may be known, of people who have a school."""
    calendar = working_calendar(bounds.session)
    conditions = [
        Submission.alliance_id == bounds.scope.alliance_id,
        is_shared(Revision),
        bounds.during(Review.decided_at),
    ]
    if bounds.scope.school_id is not None:
        conditions.append(Review.reviewer_school_id == bounds.scope.school_id)
    if bounds.scope.person_id is not None:
        conditions.append(Review.reviewer_id == bounds.scope.person_id)
    rows = bounds.session.execute(
        select(
            Submission.alliance_id,
            Review.reviewer_school_id,
            Review.reviewer_id,
            Revision.resource_id,
            Revision.id,
            Review.decided_at,
            Assignment.assigned_at,
            Assignment.due_on,
        )
        .join(Review.submission)
        .join(Submission.revision)
        .outerjoin(
            Assignment,
            and_(
                Assignment.submission_id == Review.submission_id,
                Assignment.reviewer_id == Review.reviewer_id,
                Assignment.stage == Review.stage,
                Assignment.ended_as == EndedAs.DECIDED,
            ),
        )
        .where(
            Review.reviewer_school_id.is_not(None),
            or_(Review.disclosed_at.is_not(None), Submission.outcome.is_not(None)),
            *conditions,
        )
        .order_by(Review.id)
    )
    found: Sequence[Any] = rows.all()  # Any: the outer join leaves two columns empty
    for *who, decided_at, assigned_at, due_on in found:
        on, days = bounds.day(decided_at), None
        if assigned_at is not None:
            days = working_days_between(bounds.day(assigned_at), on, calendar)
        alliance_id, school_id, person_id, resource_id, revision_id = who
        done = Item(
            Figure.REVIEWS,
            alliance_id,
            school_id,
            person_id,
            resource_id,
            revision_id,
            on,
            days=days,
        )
        yield done
        if due_on is not None and on <= due_on:
            yield replace(done, figure=Figure.IN_TIME, days=None)


def _used(bounds: Bounds) -> Iterator[Item]:
    """Downloads by others of what was accepted, for the alliance that accepted it last."""
    first, last = bounds.period.months
    in_months = MonthOfUse.month.between(first, last)
    here = (
        select(Revision.resource_id)
        .join(Submission, Submission.revision_id == Revision.id)
        .where(
            Submission.alliance_id == bounds.scope.alliance_id,
            Submission.outcome == Action.APPROVE,
            is_shared(Revision),
        )
    )
    times = func.sum(MonthOfUse.downloads)
    rows = bounds.session.execute(
        select(Resource.school_id, Resource.owner_id, Resource.id, times)
        .join(MonthOfUse, MonthOfUse.resource_id == Resource.id)
        .where(in_months, Resource.id.in_(here), bounds.by_owner())
        .group_by(Resource.school_id, Resource.owner_id, Resource.id)
        .having(times > 0)
        .order_by(Resource.id)
    ).all()
    accepted = bounds.session.execute(
        select(Revision.resource_id, Submission.alliance_id)
        .join(Submission.revision)
        .join(Revision.resource)
        .where(
            Submission.outcome == Action.APPROVE,
            Submission.closed_at < bounds.period.end(bounds.zone),
            is_shared(Revision),
            Revision.resource_id.in_(here),
            Revision.resource_id.in_(select(MonthOfUse.resource_id).where(in_months)),
            bounds.by_owner(),
        )
        .order_by(Submission.closed_at, Submission.id)
    )
    alliances = dict(accepted.all())
    for school_id, owner_id, resource_id, number in rows:
        alliance_id = alliances.get(resource_id)
        if alliance_id is not None:
            yield Item(
                Figure.USED,
                alliance_id,
                school_id,
                owner_id,
                resource_id,
                number=int(number),
            )


def _taught(bounds: Bounds) -> Iterator[Item]:
    """Lessons in which others used a reviewed work that the alliance has now."""
    rows = bounds.session.execute(
        select(Resource.school_id, Resource.owner_id, Resource.id, ClassUse.held_on)
        .join(Resource, Resource.id == ClassUse.resource_id)
        .join(ClassUse.post)
        .join(Revision, Revision.resource_id == Resource.id)
        .where(
            ClassUse.counts,
            ClassUse.held_on.between(bounds.period.first, bounds.period.last),
            Post.hidden_at.is_(None),
            Revision.state == State.PUBLISHED,
            Revision.basis == "review",
            bounds.shared_here(Revision),
            bounds.by_owner(),
        )
        .order_by(ClassUse.post_id)
    )
    for school_id, owner_id, resource_id, held_on in rows:
        alliance_id = bounds.scope.alliance_id
        yield Item(Figure.TAUGHT, alliance_id, school_id, owner_id, resource_id, on=held_on)


def _posts(bounds: Bounds) -> Iterator[Item]:
    """What was said and not hidden: in a round of the alliance, or about a work that it has."""
    live = aliased(Revision)
    rows = bounds.session.execute(
        select(User.school_id, User.id, Thread.resource_id, Post.at)
        .join(Post.thread)
        .join(User, User.id == Post.author_id)
        .outerjoin(Issue, Issue.id == Thread.issue_id)
        .outerjoin(
            live, and_(live.resource_id == Thread.resource_id, live.state == State.PUBLISHED)
        )
        .where(
            Post.kind == PostKind.COMMENT,
            Post.hidden_at.is_(None),
            bounds.during(Post.at),
            or_(
                Issue.alliance_id == bounds.scope.alliance_id,
                and_(Thread.issue_id.is_(None), bounds.shared_here(live)),
            ),
            User.school_id.is_not(None),
            bounds.by_person(),
        )
        .order_by(Post.id)
    )
    for school_id, person_id, resource_id, moment in rows:
        yield Item(
            Figure.POSTS,
            bounds.scope.alliance_id,
            school_id or 0,
            person_id,
            resource_id or 0,
            on=bounds.day(moment),
        )

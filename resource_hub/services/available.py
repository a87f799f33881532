"""Who could review a submission at its stage, as the proposal wants to know them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from resource_hub.domain.assignment import Candidate, Work, may_have
from resource_hub.domain.people import Role
from resource_hub.domain.review import Stage
from resource_hub.models import (
    Appointed,
    Assignment,
    EndedAs,
    Resource,
    Review,
    Revision,
    Submission,
    User,
)
from resource_hub.services.absences import away
from resource_hub.services.closeness import co_author_ids, paired_with
from resource_hub.services.rounds import barred_from


@dataclass(frozen=True, slots=True)
class Successor:
    """Somebody to whom a submission can be handed over."""

    reviewer_id: int
    name: str
    open: int
    is_away: bool


def work_of(session: Session, submission: Submission, revision: Revision) -> Work:
    """What is to be reviewed now; ``resource`` must be loaded."""
    resource = revision.resource
    return Work(
        stage=submission.stage,
        author_id=resource.owner_id,
        school_id=resource.school_id,
        subject=revision.subject,
        school_stage=revision.school_stage,
        language=revision.language,
        barred=frozenset(barred_from(session, submission))
        | co_author_ids(session, revision.id)
        | paired_with(session, resource.owner_id),
        had_it=_who_had_it(session, submission),
    )


def _who_had_it(session: Session, submission: Submission) -> frozenset[int]:
    """Who has it, judged it, or gave it out of hand at this stage.

    Not who was only relieved of it, because somebody else was faster.
    """
    had = session.scalars(
        select(Assignment.reviewer_id).where(
            Assignment.submission_id == submission.id,
            Assignment.stage == submission.stage,
            Assignment.ended_as.is_distinct_from(EndedAs.CLOSED),
        )
    )
    judged = session.scalars(
        select(Review.reviewer_id).where(
            Review.submission_id == submission.id, Review.stage == submission.stage
        )
    )
    return frozenset([*had, *judged])


def candidates(
    session: Session, submission: Submission, resource: Resource, today: date
) -> list[Candidate]:
    """Everybody appointed to review at this stage, in three queries.

    A coordinator may judge the school's work too, but is not asked before the reviewers are.
    """
    at_this_stage = (
        Appointed.school_id == resource.school_id
        if submission.stage is Stage.SCHOOL
        else Appointed.alliance_id == submission.alliance_id
    )
    rows = session.execute(
        select(Appointed, User.school_id, User.language, User.subjects)
        .join(Appointed.user)
        .where(Appointed.role == Role.REVIEWER, at_this_stage, User.is_active)
        .order_by(Appointed.id)
    ).all()
    people = [held.user_id for held, *_own in rows]
    loads, absent = _loads(session, people), away(session, people, today)
    return [
        Candidate(
            id=held.user_id,
            school_id=school_id,
            subjects=frozenset(held.subjects),
            school_stages=frozenset(held.stages),
            language=language,
            teaches=frozenset(teaches),
            open=loads.get(held.user_id, (0, None))[0],
            last_given=loads.get(held.user_id, (0, None))[1],
            is_away=held.user_id in absent,
        )
        for held, school_id, language, teaches in rows
        if school_id is not None
    ]


def _loads(session: Session, people: Sequence[int]) -> Mapping[int, tuple[int, datetime | None]]:
    """How much each has to review now, and when they last got something."""
    still_open = func.sum(case((Assignment.ended_at.is_(None), 1), else_=0))
    rows = session.execute(
        select(Assignment.reviewer_id, still_open, func.max(Assignment.assigned_at))
        .where(Assignment.reviewer_id.in_(people))
        .group_by(Assignment.reviewer_id)
    )
    return {person: (int(number), last) for person, number, last in rows}


def successors(
    session: Session, submission: Submission, revision: Revision, today: date
) -> list[Successor]:
    """To whom it can be handed over now, who has least to review first."""
    work = work_of(session, submission, revision)
    found = {
        one.id: one
        for one in candidates(session, submission, revision.resource, today)
        if may_have(replace(one, is_away=False), work)
    }
    names = session.execute(select(User.id, User.name).where(User.id.in_(found))).all()
    return sorted(
        (
            Successor(number, name, found[number].open, found[number].is_away)
            for number, name in names
        ),
        key=lambda one: (one.is_away, one.open, one.name, one.reviewer_id),
    )

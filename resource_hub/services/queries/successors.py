"""To whom several submissions could be handed over at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, false, func, or_, select, true
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person, Role
from resource_hub.domain.review import Stage, State
from resource_hub.models import Appointed, Assignment, Resource, Revision, Submission, User
from resource_hub.services.absences import away
from resource_hub.services.available import Successor
from resource_hub.services.closeness import wrote_it


@dataclass(frozen=True, slots=True)
class HandingOver:
    """What a person could hand over, and who reviews where it waits.

    Whether somebody may have this very submission (their subjects, what they had before) is
    answered when it is handed over, one by one: asked here, it would take queries for each line.
    """

    titles: Mapping[int, str]
    people: Sequence[Successor]


def handing_over(
    session: Session, person: Person, numbers: Collection[int], today: date
) -> HandingOver:
    """Of these submissions, those that are this person's to hand over; three queries at most.

    As the workflow's ``may_hand_over``: what one has to review; at the school stage what one's
    school submitted; at the alliance stage, for an administrator, what other schools did.
    """
    mine = (
        select(Assignment.id)
        .where(
            Assignment.submission_id == Submission.id,
            Assignment.reviewer_id == (person.id or 0),
            Assignment.ended_at.is_(None),
        )
        .exists()
    )
    schools = {held.school_id for held in person.appointments if held.role is Role.COORDINATOR} - {
        None
    }
    rows = session.execute(
        select(
            Submission.id,
            Revision.title,
            Submission.stage,
            Submission.alliance_id,
            Resource.school_id,
        )
        .join(Submission.revision)
        .join(Revision.resource)
        .where(
            Submission.id.in_(numbers),
            Submission.outcome.is_(None),
            Revision.state == State.IN_REVIEW,
            ~wrote_it(person),
            or_(
                mine,
                and_(Submission.stage != Stage.ALLIANCE, Resource.school_id.in_(schools)),
                and_(
                    Submission.stage == Stage.ALLIANCE,
                    Resource.school_id.not_in({*schools, person.school_id} - {None}),
                    true() if person.is_administrator else false(),
                ),
            ),
        )
        .order_by(Submission.id)
    ).all()
    if not rows:
        return HandingOver({}, [])
    at_school = {row.school_id for row in rows if row.stage is Stage.SCHOOL}
    at_alliance = {row.alliance_id for row in rows if row.stage is Stage.ALLIANCE}
    return HandingOver(
        {row.id: row.title for row in rows},
        _reviewers(session, person, at_school, at_alliance, today),
    )


def _reviewers(
    session: Session,
    person: Person,
    schools: Collection[int],
    alliances: Collection[int | None],
    today: date,
) -> list[Successor]:
    """Who reviews there, with what they have to review already; the least burdened first."""
    rows = session.execute(
        select(User.id, User.name, func.count(Assignment.id.distinct()))
        .join(Appointed, Appointed.user_id == User.id)
        .outerjoin(
            Assignment,
            and_(Assignment.reviewer_id == User.id, Assignment.ended_at.is_(None)),
        )
        .where(
            Appointed.role == Role.REVIEWER,
            or_(Appointed.school_id.in_(schools), Appointed.alliance_id.in_(alliances)),
            User.is_active,
            User.id != (person.id or 0),
        )
        .group_by(User.id, User.name)
    ).all()
    absent = away(session, [number for number, _name, _open in rows], today)
    return sorted(
        (Successor(number, name, count, number in absent) for number, name, count in rows),
        key=lambda one: (one.is_away, one.open, one.name, one.reviewer_id),
    )

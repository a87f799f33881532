"""The rules of ``domain.permissions`` as conditions, for lists and for files.

``tests/services/test_readable.py`` asks both about the same cast: they must agree.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, false, or_

from resource_hub.domain.people import Appointment, Person, Role
from resource_hub.domain.permissions import SHARED
from resource_hub.domain.review import State
from resource_hub.domain.visibility import Audience
from resource_hub.models import Resource, Review, Revision, Submission
from resource_hub.services.closeness import is_paired, wrote_it


def readable_by(person: Person, now: datetime) -> ColumnElement[bool]:
    """``may_read`` as a condition on Revision joined with its Resource."""
    if person.guest_of is not None:
        asked_for = exists().where(
            Submission.id == person.guest_of,
            Submission.revision_id == Revision.id,
            Submission.outcome.is_(None),
        )
        return or_(_on_the_shelf(person, now), and_(Revision.state == State.IN_REVIEW, asked_for))
    return or_(
        wrote_it(person),
        _on_the_shelf(person, now),
        and_(
            Revision.state != State.DRAFT,
            or_(
                _answers_for_it(person),
                exists().where(
                    Submission.revision_id == Revision.id,
                    Review.submission_id == Submission.id,
                    Review.reviewer_id == (person.id or 0),
                ),
            ),
        ),
        and_(
            Revision.state == State.IN_REVIEW,
            _may_judge_at_some_stage(person),
            ~is_paired(person),
        ),
    )


def files_open_to(person: Person, now: datetime) -> ColumnElement[bool]:
    """``may_open_files`` as a condition on Revision joined with its Resource."""
    return and_(
        readable_by(person, now),
        or_(
            Revision.state != State.WITHDRAWN,
            Resource.owner_id == (person.id or 0),
            _answers_for_it(person),
        ),
    )


def _on_the_shelf(person: Person, now: datetime) -> ColumnElement[bool]:
    own_school = Resource.school_id == (person.school_id or 0)
    no_alliance = and_(Revision.audience == Audience.ALLIANCE, Revision.alliance_id.is_(None))
    return and_(
        Revision.state.in_(SHARED),
        Revision.available_at <= now,
        or_(
            Revision.state != State.WITHDRAWN,
            Revision.withdrawn_at >= Revision.available_at,
        ),
        or_(
            Revision.audience == Audience.PUBLIC,
            and_(
                Revision.audience == Audience.ALLIANCE,
                Revision.alliance_id.in_(sorted(person.alliance_ids)),
            ),
            and_(or_(Revision.audience == Audience.SCHOOL, no_alliance), own_school),
        ),
        or_(
            Revision.state != State.SUPERSEDED,
            Resource.audience_token.in_(sorted(person.tokens)),
        ),
    )


def _answers_for_it(person: Person) -> ColumnElement[bool]:
    if person.is_administrator:
        return Resource.id.is_not(None)
    schools = {
        held.school_id
        for held in person.appointments
        if held.role is Role.COORDINATOR and held.school_id is not None
    }
    return Resource.school_id.in_(sorted(schools))


def _may_judge_at_some_stage(person: Person) -> ColumnElement[bool]:
    scopes = [_scope(person, held) for held in person.appointments if held.role is Role.REVIEWER]
    return or_(false(), *scopes)


def _scope(person: Person, held: Appointment) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = []
    if held.subjects:
        conditions.append(Revision.subject.in_(sorted(held.subjects)))
    if held.stages:
        conditions.append(Revision.school_stage.in_(sorted(held.stages)))
    if held.alliance_id is None:
        return and_(Resource.school_id == held.school_id, *conditions)
    return and_(
        Revision.audience != Audience.SCHOOL,
        Revision.alliance_id == held.alliance_id,
        Resource.school_id != (person.school_id or 0),
        *conditions,
    )

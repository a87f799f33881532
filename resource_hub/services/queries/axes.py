"""The ways through the shelf, and the query that follows one or several of them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm.attributes import InstrumentedAttribute

from resource_hub.domain.people import Person
from resource_hub.models import Resource, Revision, RevisionGrade, School
from resource_hub.services.queries.shelf import is_live, on_shelf


class Axis(StrEnum):
    """The ways through the shelf, by the names of the index's facets; see also ``WAYS_IN``."""

    SUBJECT = "subject"
    GRADE = "grade"
    SCHOOL = "school"
    STAGE = "stage"
    KIND = "kind"


WAYS_IN = (Axis.SUBJECT, Axis.GRADE, Axis.SCHOOL)
"""Those that are pages of their own: stage of school and kind are only ever a second choice."""

COLUMNS: Mapping[Axis, InstrumentedAttribute[Any]] = {  # Any: columns of several types
    Axis.SUBJECT: Revision.subject,
    Axis.GRADE: RevisionGrade.grade,
    Axis.SCHOOL: School.code,
    Axis.STAGE: Revision.school_stage,
    Axis.KIND: Resource.kind,
}


def along(
    statement: Select[*tuple[Any, ...]],  # Any: whatever is selected
    chosen: Mapping[Axis, str],
    person: Person,
    now: datetime,
    *,
    also: Collection[Axis] = (),
) -> Select[*tuple[Any, ...]]:  # Any: as it came
    """Add the tables and conditions that ``chosen`` and the person's audience ask for.

    Every resource is one row, or one for each of its grades where those are in ``also``.
    """
    axes = {*chosen, *also}
    joined = statement.select_from(Resource).join(Revision, is_live())
    if Axis.GRADE in axes:
        joined = joined.join(RevisionGrade, RevisionGrade.revision_id == Revision.id)
    if Axis.SCHOOL in axes:
        joined = joined.join(School, Resource.school_id == School.id)
    conditions = [COLUMNS[axis] == code for axis, code in chosen.items()]
    return joined.where(on_shelf(person, now), *conditions)

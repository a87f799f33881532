"""The room of a person and of a school: how much is used, how much there is, what still fits in."""

import re
from dataclasses import dataclass

from sqlalchemy import CompoundSelect, ScalarSelect, exists, func, select, union
from sqlalchemy.orm import InstrumentedAttribute, Session

from resource_hub.domain.errors import N_, Invalid, Missing, Problem
from resource_hub.domain.people import Person
from resource_hub.domain.quotas import Quotas, Room, require_room
from resource_hub.models import (
    Attachment,
    Blob,
    JudgedFile,
    Resource,
    Revision,
    School,
    SchoolQuota,
    Submission,
)
from resource_hub.services.organisations import require_administrator
from resource_hub.services.unit_of_work import UnitOfWork

UNITS = {"": 10**9, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}

_SIZE = re.compile(r"(\d+(?:\.\d+)?) ?([KMGT]?)B?", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class SchoolRoom:
    """One school's room; ``is_own`` when the administrator gave it a figure of its own."""

    school_id: int
    name: str
    code: str
    room: Room
    is_own: bool


def person_room(session: Session, person_id: int, quotas: Quotas) -> Room:
    """What a person uses."""
    return rooms(session, person_id, 0, quotas)[0]


def school_room(session: Session, school_id: int, quotas: Quotas) -> Room:
    """What a school uses."""
    return rooms(session, 0, school_id, quotas)[1]


def rooms(session: Session, person_id: int, school_id: int, quotas: Quotas) -> tuple[Room, Room]:
    """What a person and a school use, in one query."""
    own = select(SchoolQuota.size).where(SchoolQuota.school_id == school_id)
    by_person, by_school, given = session.execute(
        select(
            _used(Resource.owner_id, person_id),
            _used(Resource.school_id, school_id),
            func.coalesce(own.scalar_subquery(), quotas.school),
        )
    ).one()
    return Room(int(by_person or 0), quotas.person), Room(int(by_school or 0), int(given))


def _used(column: InstrumentedAttribute[int], value: int) -> ScalarSelect[int]:
    """Bytes of all files of these resources, in whatever version or round; the same bytes once."""
    sizes = select(func.sum(Blob.size)).where(Blob.key.in_(_keys(column, value)))
    return sizes.scalar_subquery()


def _keys(
    column: InstrumentedAttribute[int], value: int, *, key: str | None = None
) -> CompoundSelect[str]:
    """The blobs of these resources, or only ``key`` if it is among them."""
    now = select(Attachment.blob_key).join(Attachment.revision).join(Revision.resource)
    judged = (
        select(JudgedFile.blob_key)
        .join(Submission, Submission.id == JudgedFile.submission_id)
        .join(Submission.revision)
        .join(Revision.resource)
    )
    if key is not None:
        now, judged = (
            now.where(Attachment.blob_key == key),
            judged.where(JudgedFile.blob_key == key),
        )
    return union(now.where(column == value), judged.where(column == value))


def hold_room(session: Session, school_id: int) -> None:
    """Let nobody else count for this school until the transaction ends, before anything is counted.

    Two people of one school, or one person with two files, wait for each other, so that both
    together cannot pass a limit, and what one has just finished is not counted twice.
    """
    # Others may go on to name the school in their rows; only who counts for it must wait.
    session.execute(select(School.id).where(School.id == school_id).with_for_update(key_share=True))


def check_quotas(
    session: Session,
    *,
    owner_id: int,
    school_id: int,
    size: int,
    quotas: Quotas,
    key: str | None = None,
) -> None:
    """Refuse a file of ``size`` bytes for which the owner or the school has no room left.

    Ask before the bytes travel, and again, inside the transaction, when the file is attached, both
    after ``hold_room``.

    Args:
        key: of the bytes, if known: what is there already needs no more room.

    Raises:
        TooLarge: in a sentence with the figures.
    """
    person, school = rooms(session, owner_id, school_id, quotas)
    require_room(
        person=person if not _has(session, Resource.owner_id, owner_id, key) else Room(0, 0),
        school=school if not _has(session, Resource.school_id, school_id, key) else Room(0, 0),
        more=size,
    )


def _has(session: Session, column: InstrumentedAttribute[int], value: int, key: str | None) -> bool:
    if key is None:
        return False
    return bool(session.scalar(select(exists(_keys(column, value, key=key).subquery()))))


def school_rooms(session: Session, by: Person, quotas: Quotas) -> list[SchoolRoom]:
    """All schools, those that use most first; three queries.

    Raises:
        NotAllowed: ``by`` is no administrator.
    """
    require_administrator(by)
    per_file = union(
        select(Resource.school_id, Attachment.blob_key, Blob.size)
        .select_from(Attachment)
        .join(Attachment.blob)
        .join(Attachment.revision)
        .join(Revision.resource),
        select(Resource.school_id, JudgedFile.blob_key, Blob.size)
        .select_from(JudgedFile)
        .join(JudgedFile.blob)
        .join(Submission, Submission.id == JudgedFile.submission_id)
        .join(Submission.revision)
        .join(Revision.resource),
    ).subquery()
    used = {
        school_id: int(size)
        for school_id, size in session.execute(
            select(per_file.c.school_id, func.sum(per_file.c.size)).group_by(per_file.c.school_id)
        )
    }
    own = {row.school_id: row.size for row in session.scalars(select(SchoolQuota))}
    rows = session.execute(
        select(School.id, School.name, School.code).order_by(School.name, School.id)
    )
    lines = [
        SchoolRoom(
            id_,
            name,
            code,
            Room(used.get(id_, 0), own.get(id_, quotas.school)),
            id_ in own,
        )
        for id_, name, code in rows
    ]
    return sorted(lines, key=lambda each: -each.room.used)


def set_school_quota(uow: UnitOfWork, by: Person, *, school_id: int, text: str) -> int | None:
    """Give a school its own figure, such as ``50 GB``; 0 is without limit, empty the hub's figure.

    Returns:
        Bytes, or None for the hub's figure.

    Raises:
        NotAllowed: ``by`` is no administrator.
        Missing: there is no such school.
        Invalid: the text is no size.
    """
    require_administrator(by)
    if uow.session.get(School, school_id) is None:
        raise Missing(N_("There is no such school."))
    row = uow.session.get(SchoolQuota, school_id)
    size = parse_size(text)
    if size is None:
        if row is not None:
            uow.session.delete(row)
    elif row is None:
        uow.session.add(SchoolQuota(school_id=school_id, size=size))
    else:
        row.size = size
    uow.record("school:quota", by=by, school=school_id, size=size)
    return size


def parse_size(text: str) -> int | None:
    """Bytes of ``500 MB``, ``1.5G`` or ``40``, which means gigabytes; None of nothing.

    In steps of 1,000, as the hub and file managers show sizes.

    Raises:
        Invalid: it is no size.
    """
    if not text.strip():
        return None
    found = _SIZE.fullmatch(text.strip())
    size = round(float(found[1]) * UNITS[found[2].upper()]) if found else -1
    if not 0 <= size < 1 << 62:
        raise Invalid([Problem("size", N_("Write a size such as 50 GB or 500 MB."))])
    return size

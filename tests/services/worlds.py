"""Little worlds for search: random schools, people and resources, made by the real services."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum, auto

from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from resource_hub.domain.people import STRANGER, Person, Role
from resource_hub.domain.review import Action, State
from resource_hub.domain.taxonomy import Kind
from resource_hub.domain.visibility import Audience
from resource_hub.models import Attachment, Blob, BlobText, Resource, Revision
from resource_hub.services import drafting, review, uploading
from tests.given import LIMITS, NOON, Clock, Given

WORDS = ("月饼", "勾股", "观潮", "荷塘", "松柏", "灯笼", "蝴蝶", "钟摆")
"""Of two ideographs each, none twice: what has one of them literally is all that has it at all."""

_BETWEEN = ("", "", "的", " ", "，", "·", "photon", "pythagoras")
_GRADES = {"primary": ("g3", "g4"), "junior": ("g7", "g8")}

CODES = {
    "subject": ("math", "chinese", "science"),
    "stage": tuple(_GRADES),
    "grade": ("g3", "g4", "g7", "g8"),
    "kind": ("lesson_plan", "exercise", "case"),
    "edition": ("renjiao", "sujiao"),
    "year": ("2024", "2025", "2026"),
    "format": ("txt", "csv"),
}
"""What may be chosen beside a query; the schools' codes come with a world."""


class Fate(Enum):
    """What became of a resource; its first version says other words than its second."""

    DRAFT = auto()
    IN_REVIEW = auto()
    PUBLISHED = auto()
    RELEASED_LATER = auto()
    WITHDRAWN = auto()
    REPLACED = auto()
    BEING_REPLACED = auto()
    REPLACED_FOR_FEWER = auto()


@dataclass(frozen=True)
class Said:
    """The words of one version."""

    title: str
    summary: str
    keywords: tuple[str, ...]
    unit: str
    text: str
    file: str


@dataclass(frozen=True)
class Lesson:
    fate: Fate
    author: int
    audience: Audience
    first: Said
    second: Said
    stage: str
    grades: int
    subject: str
    kind: Kind
    edition: str
    file_name: str
    days_ago: int
    views: int


@dataclass(frozen=True)
class Plan:
    """``alliances`` holds the schools of each, by number; every school has one teacher."""

    alliances: tuple[frozenset[int], ...]
    lessons: tuple[Lesson, ...]


@st.composite
def _texts(draw: st.DrawFn, *, least: int = 1) -> str:
    words = draw(st.lists(st.sampled_from(WORDS), min_size=least, max_size=3))
    return "".join(word + draw(st.sampled_from(_BETWEEN)) for word in words).strip()


_said = st.builds(
    Said,
    title=_texts(),
    summary=_texts(),
    keywords=st.lists(_texts(), max_size=2).map(tuple),
    unit=_texts(least=0),
    text=_texts(),
    file=_texts(least=0),
)

_lessons = st.builds(
    Lesson,
    fate=st.sampled_from([*Fate, Fate.PUBLISHED, Fate.PUBLISHED]),
    author=st.integers(0, 2),
    audience=st.sampled_from(Audience),
    first=_said,
    second=_said,
    stage=st.sampled_from(CODES["stage"]),
    grades=st.integers(1, 3),
    subject=st.sampled_from(CODES["subject"]),
    kind=st.sampled_from([Kind(code) for code in CODES["kind"]]),
    edition=st.sampled_from(("", *CODES["edition"])),
    file_name=st.sampled_from(("", "磁铁.txt", "荷塘.csv")),
    days_ago=st.sampled_from((0, 1, 300, 700)),
    views=st.integers(0, 3),
)

plans = st.builds(
    Plan,
    alliances=st.tuples(
        st.frozensets(st.integers(0, 2), min_size=2), st.frozensets(st.integers(0, 2))
    ),
    lessons=st.lists(_lessons, min_size=3, max_size=9).map(tuple),
)


@dataclass(frozen=True)
class World:
    people: tuple[Person, ...]
    schools: tuple[str, ...]
    """Their codes."""

    resources: tuple[int, ...]
    """The ids of all, whatever became of them."""


def build(given: Given, clock: Clock, plan: Plan) -> World:
    """Make what ``plan`` says, and people of every standing."""
    schools = [given.school(name) for name in ("观潮小学", "荷塘中学", "松柏学校")]
    for number, members in enumerate(plan.alliances):
        given.alliance(*(schools[at] for at in sorted(members)), name=f"{WORDS[number]}联盟")
    names = ("王蝴蝶", "李磁铁", "赵荷塘")
    teachers = [
        given.teacher(*pair[:1], school=pair[1]) for pair in zip(names, schools, strict=True)
    ]
    for number, lesson in enumerate(plan.lessons):
        clock.at = NOON - timedelta(days=lesson.days_ago, minutes=number)
        _live_through(given, teachers[lesson.author], lesson, number)
    clock.at = NOON
    given.session.flush()
    elsewhere = given.school("外校")
    people = (
        STRANGER,
        *teachers,
        given.with_role(
            given.person("校管理员", school=schools[0]), Role.COORDINATOR, school=schools[0]
        ),
        given.teacher("外人", school=elsewhere),
        given.administrator(),
    )
    return World(
        people,
        tuple(school.code for school in schools),
        tuple(given.session.scalars(select(Resource.id))),
    )


def _live_through(given: Given, author: Person, lesson: Lesson, number: int) -> None:
    fate = lesson.fate
    draft = given.draft(by=author, **_fields(author, lesson, lesson.first))
    if fate is Fate.RELEASED_LATER:
        draft.release_on = date(2026, 10, 13)
    if lesson.file_name:
        kept = uploading.keep(given.storage, io.BytesIO(b"file,%d\n" % number), lesson.file_name)
        uploading.attach(given.uow, author, draft.id, kept, limits=LIMITS)
        if lesson.first.file:
            given.session.add(BlobText(blob_key=kept.key, text=lesson.first.file))
    if fate is Fate.DRAFT:
        return
    if fate is Fate.IN_REVIEW:
        review.take_step(given.uow, author, draft.id, Action.SUBMIT, rights_declared=True)
        return
    live = given.admit(draft)
    live.resource.views = lesson.views
    if fate is Fate.WITHDRAWN:
        review.take_step(given.uow, author, live.id, Action.WITHDRAW, comment="错了")
    if fate in {Fate.REPLACED, Fate.BEING_REPLACED, Fate.REPLACED_FOR_FEWER}:
        fields = _fields(author, lesson, lesson.second)
        if fate is Fate.REPLACED_FOR_FEWER:
            fields["audience"] = Audience.SCHOOL
        new = drafting.revise(given.uow, author, live.id)
        drafting.describe(given.uow, author, new.id, given.description(**fields))
        if fate is Fate.BEING_REPLACED:
            review.take_step(given.uow, author, new.id, Action.SUBMIT, rights_declared=True)
        else:
            given.admit(new)


def _fields(author: Person, lesson: Lesson, said: Said) -> dict[str, object]:
    alliance = min(author.alliance_ids, default=None)
    return {
        "kind": lesson.kind,
        "title": said.title,
        "summary": said.summary,
        "keywords": said.keywords,
        "unit": said.unit,
        "text": said.text,
        "school_stage": lesson.stage,
        "grades": tuple(
            grade for bit, grade in enumerate(_GRADES[lesson.stage]) if lesson.grades >> bit & 1
        ),
        "subject": lesson.subject,
        "edition": lesson.edition,
        "audience": lesson.audience if alliance else Audience.SCHOOL,
        "alliance_id": alliance,
    }


@dataclass(frozen=True)
class Seen:
    """A resource that a person may see, as plain strings."""

    resource_id: int
    title: str
    unit: str
    author: str
    school: str
    texts: tuple[str, ...]
    """Everything in it that is searched, piece by piece."""

    codes: dict[str, frozenset[str]]
    published_at: datetime


def all_seen(session: Session, person: Person, now: datetime) -> dict[int, Seen]:
    """What ``person`` may see, by the rules said in words: live, released, and meant for them."""
    revisions = session.scalars(
        select(Revision)
        .where(Revision.state == State.PUBLISHED)
        .options(
            joinedload(Revision.resource).options(
                joinedload(Resource.owner), joinedload(Resource.school)
            ),
            selectinload(Revision.attachments).joinedload(Attachment.blob).joinedload(Blob.text),
        )
        .execution_options(populate_existing=True)
    ).all()
    return {
        revision.resource_id: _seen(session, revision)
        for revision in revisions
        if revision.available_at is not None
        and revision.available_at <= now
        and _is_meant_for(person, revision)
    }


def _is_meant_for(person: Person, revision: Revision) -> bool:
    match revision.audience:
        case Audience.PUBLIC:
            return True
        case Audience.ALLIANCE:
            return revision.alliance_id in person.alliance_ids
        case Audience.SCHOOL:
            return revision.resource.school_id == person.school_id


def _seen(session: Session, revision: Revision) -> Seen:
    resource = revision.resource
    return Seen(
        resource.id,
        revision.title,
        revision.unit,
        resource.owner.name,
        resource.school.name,
        tuple(_pieces(session, revision)),
        {
            "subject": frozenset({revision.subject}),
            "stage": frozenset({revision.school_stage}),
            "grade": frozenset(revision.grades),
            "school": frozenset({resource.school.code}),
            "kind": frozenset({resource.kind.value}),
            "edition": frozenset({revision.edition} - {""}),
            "year": frozenset({str((revision.available_at or NOON).year)}),
            "format": frozenset(file.blob.format for file in revision.attachments),
        },
        revision.available_at or NOON,
    )


def _pieces(session: Session, revision: Revision) -> Iterator[str]:
    school = revision.resource.school
    yield from (revision.title, revision.summary, *revision.keywords, revision.unit)
    yield from (revision.resource.owner.name, school.name)
    session.refresh(school, ["memberships"])
    for membership in school.memberships:
        session.refresh(membership, ["alliance"])
        yield membership.alliance.name
    yield revision.text
    for file in revision.attachments:
        yield file.filename
        if file.blob.text:
            yield file.blob.text.text

"""Say that a resource was used in class: with which grade, when, what worked, what one changed."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from resource_hub.domain.discussion import PostKind, TalkPlace, why_no_post
from resource_hub.domain.errors import Invalid
from resource_hub.domain.feedback import EARLIEST, TOLD_ALREADY, class_use_problems
from resource_hub.domain.people import Person
from resource_hub.domain.taxonomy import Scheme
from resource_hub.models import ClassUse, Post
from resource_hub.services.discussion import Talk, put, standing_thread, talk
from resource_hub.services.post_notices import tell_of_post
from resource_hub.services.taxonomy import read_taxonomy
from resource_hub.services.unit_of_work import UnitOfWork
from resource_hub.services.usage import count_class_use


@dataclass(frozen=True, slots=True)
class Lesson:
    """What somebody says of the lesson, as typed; ``held_on`` None: no day could be read."""

    grade: str
    held_on: date | None
    worked: str = ""
    changed: str = ""


def used_in_class(
    uow: UnitOfWork, person: Person, resource_id: int, lesson: Lesson, *, key: str = ""
) -> ClassUse:
    """Note a use in class; the authors are told. A lock on the talk does not keep it out.

    Args:
        key: names the form; the same lesson out of the same form is noted once.

    Raises:
        Missing, WrongState: see ``discussion_access.live_revision``.
        NotAllowed: the person has no account.
        Invalid: grade or day are missing, the day is to come or before the work was here (its
            authors may have taught it before), the lesson was told of, or a text is too long.
    """
    thread = standing_thread(uow, person, resource_id)
    if refusal := why_no_post(person, TalkPlace()):
        raise refusal
    where = talk(uow.session, person, thread.id, uow.now(), held=True)
    is_author = person.id in where.place.authors
    lesson = _checked(uow, lesson, EARLIEST if is_author else _first_day(uow, where))
    if (same := _sent_before(uow, person, where, lesson, key)) is not None:
        return same
    if _told_already(uow, person, resource_id, lesson):
        raise Invalid([TOLD_ALREADY])
    words = "\n\n".join(filter(None, (lesson.worked, lesson.changed)))
    post = put(uow, person, where, text="", key=key, kind=PostKind.CLASS_USE, named_in=words)
    use = ClassUse(
        post_id=post.id,
        resource_id=resource_id,
        person_id=person.id,
        grade=lesson.grade,
        held_on=lesson.held_on,
        worked=lesson.worked,
        changed=lesson.changed,
        counts=not is_author,
    )
    uow.session.add(use)
    uow.session.flush()
    if use.counts:
        count_class_use(uow, resource_id, post.at)
        uow.promise("index", resource_id)
    tell_of_post(uow, person, post, words, where.place, to_authors="class_use")
    return use


def count_again(uow: UnitOfWork, post: Post, *, by: int) -> None:
    """When a post is hidden (-1) or shown again (+1), so is the use in class that it tells of."""
    if post.kind is not PostKind.CLASS_USE:
        return
    use = uow.session.get_one(ClassUse, post.id)
    if use.counts:
        count_class_use(uow, use.resource_id, post.at, by=by)
        uow.promise("index", use.resource_id)


def _checked(uow: UnitOfWork, lesson: Lesson, since: date) -> Lesson:
    texts = {
        "worked": lesson.worked.replace("\r\n", "\n").strip(),
        "changed": lesson.changed.replace("\r\n", "\n").strip(),
    }
    problems = class_use_problems(
        knows_grade=read_taxonomy(uow.session).has(Scheme.GRADE, lesson.grade),
        held_on=lesson.held_on,
        today=uow.today(),
        texts=texts,
        since=since,
    )
    if problems:
        raise Invalid(problems)
    return Lesson(lesson.grade, lesson.held_on, **texts)


def _first_day(uow: UnitOfWork, where: Talk) -> date:
    """On which the work came to where others could use it."""
    resource = where.thread.resource
    first = resource.first_available_at if resource is not None else None
    return first.astimezone(uow.zone).date() if first is not None else EARLIEST


def _told_already(uow: UnitOfWork, person: Person, resource_id: int, lesson: Lesson) -> bool:
    """Whether the same lesson stands there, or stood there until somebody else hid it."""
    same = (
        select(ClassUse.post_id)
        .join(ClassUse.post)
        .where(
            ClassUse.resource_id == resource_id,
            ClassUse.person_id == person.id,
            ClassUse.grade == lesson.grade,
            ClassUse.held_on == lesson.held_on,
            Post.hidden_by_id.is_distinct_from(Post.author_id),
        )
    )
    return uow.session.scalar(same.limit(1)) is not None


def _sent_before(
    uow: UnitOfWork, person: Person, where: Talk, lesson: Lesson, key: str
) -> ClassUse | None:
    if not key:
        return None
    return uow.session.scalar(
        select(ClassUse)
        .join(ClassUse.post)
        .where(
            Post.author_id == person.id,
            Post.form_key == key,
            Post.thread_id == where.thread.id,
            ClassUse.grade == lesson.grade,
            ClassUse.held_on == lesson.held_on,
            ClassUse.worked == lesson.worked,
            ClassUse.changed == lesson.changed,
        )
    )

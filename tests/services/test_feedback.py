"""Stars and uses in class: who gives them, what they count, what happens when they are hidden."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from resource_hub.domain.catalogue import Month
from resource_hub.domain.errors import Invalid, Missing, NotAllowed, WrongState
from resource_hub.domain.people import STRANGER
from resource_hub.domain.review import Action
from resource_hub.models import AuditEvent, ClassUse, MonthOfUse, Notice, Post, PostPicture, Rating
from resource_hub.services import catalogue
from resource_hub.services.class_uses import Lesson, used_in_class
from resource_hub.services.discussion import comment, standing_thread
from resource_hub.services.moderation import hide_post, lock_thread, show_post, take_back
from resource_hub.services.post_pictures import add_pictures, keep_pictures, picture_key
from resource_hub.services.queries.browse import Order, shelf
from resource_hub.services.queries.feedback import Stars, stars_of
from resource_hub.services.queries.issues import issue_view
from resource_hub.services.queries.talk_box import talk_box
from resource_hub.services.ratings import rate, take_rating_back
from resource_hub.services.review import take_step
from resource_hub.services.taxonomy import read_taxonomy
from resource_hub.services.unit_of_work import UnitOfWork
from resource_hub.services.usage import CLASS_USE, count_download
from resource_hub.services.vocabulary import search_vocabulary
from search_index import SearchEngine, engine_from_url
from storage import Storage
from tests.given import NOON, Clock, Given
from tests.services.test_discussion import Staff, refusals

LESSON = Lesson("g3", date(2026, 10, 12), "折纸很快就懂了。", "把月饼换成了披萨，@王敏 谢谢。")


@pytest.fixture
def staff(given: Given) -> Staff:
    return Staff(given)


def test_the_mean_of_the_stars_is_shown_from_three_people_on(
    session: Session, staff: Staff, uow: UnitOfWork
) -> None:
    number = staff.resource.id
    rate(uow, staff.colleague, number, 5)
    rate(uow, staff.neighbour, number, 1)
    rate(uow, staff.neighbour, number, 4)
    assert stars_of(session, staff.neighbour, number) == Stars(mean=None, people=2, own=4)
    rate(uow, staff.coordinator, number, 4)
    assert stars_of(session, STRANGER, number) == Stars(mean=4.3, people=3, own=None)
    for _ in range(2):
        take_rating_back(uow, staff.colleague, number)
    tags = session.scalars(select(AuditEvent.tag).where(AuditEvent.tag.like("rating:%"))).all()
    assert (tags.count("rating:give"), tags.count("rating:take_back")) == (4, 1)
    assert stars_of(session, staff.colleague, number) == Stars(mean=None, people=2, own=None)


def test_authors_strangers_and_other_alliances_give_no_stars(
    session: Session, staff: Staff, uow: UnitOfWork
) -> None:
    people = [staff.author, staff.foreigner, staff.foreign_coordinator, STRANGER]
    assert refusals(people, lambda one: rate(uow, one, staff.resource.id, 5)) == [
        NotAllowed,
        Missing,
        Missing,
        Missing,
    ]
    for stars in (None, 0, 6, -1):
        with pytest.raises(Invalid):
            rate(uow, staff.colleague, staff.resource.id, stars)
    assert session.scalars(select(Rating)).all() == []


def test_the_table_takes_no_stars_for_own_work(session: Session, staff: Staff) -> None:
    owner = staff.author.id
    session.add(
        Rating(resource_id=staff.resource.id, person_id=owner, owner_id=owner, stars=5, at=NOON)
    )
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_lesson_is_told_once_from_one_form_and_several_times_by_one_person(
    session: Session, staff: Staff, uow: UnitOfWork
) -> None:
    first = used_in_class(uow, staff.neighbour, staff.resource.id, LESSON, key="a")
    assert used_in_class(uow, staff.neighbour, staff.resource.id, LESSON, key="a") is first
    other = Lesson("g4", date(2026, 10, 12))
    used_in_class(uow, staff.neighbour, staff.resource.id, other, key="b")
    used_in_class(uow, staff.author, staff.resource.id, LESSON, key="c")
    session.refresh(staff.resource)
    assert (staff.resource.class_uses, session.scalars(select(MonthOfUse.class_uses)).all()) == (
        2,  # the author's own lesson is told, not counted
        [2],
    )
    box = talk_box(session, staff.colleague, staff.resource.id, NOON)
    told = [(post.by, post.use.grade, post.use.held_on) for post in box.uses if post.use]
    assert told == [
        ("王敏", "g3", date(2026, 10, 12)),
        ("周玲", "g4", date(2026, 10, 12)),
        ("周玲", "g3", date(2026, 10, 12)),
    ]
    notices = session.execute(select(Notice.user_id, Notice.kind).order_by(Notice.id)).all()
    assert [tuple(row) for row in notices] == [
        (staff.author.id, "post_mention"),
        (staff.author.id, "class_use"),
    ]


@pytest.mark.parametrize(
    ("lesson", "fields"),
    [
        (Lesson("", None), ["grade", "held_on"]),
        (Lesson("g99", date(2026, 10, 13)), ["grade", "held_on"]),
        (Lesson("g3", date(1926, 10, 12)), ["held_on"]),
        (Lesson("g3", date(2026, 10, 11)), ["held_on"]),
        (Lesson("g3", date(2026, 10, 12), "x" * 1_000_000, "长" * 5_001), ["worked", "changed"]),
    ],
)
def test_what_is_wrong_with_a_lesson_is_said_field_by_field(
    session: Session, staff: Staff, uow: UnitOfWork, lesson: Lesson, fields: list[str]
) -> None:
    with pytest.raises(Invalid) as refused:
        used_in_class(uow, staff.neighbour, staff.resource.id, lesson)
    assert [problem.field for problem in refused.value.problems] == fields
    assert session.scalars(select(ClassUse)).all() == []


def test_the_same_lesson_is_told_once_until_it_is_taken_back(
    session: Session, staff: Staff, uow: UnitOfWork
) -> None:
    told = used_in_class(uow, staff.neighbour, staff.resource.id, LESSON, key="a")
    again = replace(LESSON, worked="换个说法。")
    with pytest.raises(Invalid, match="it counts once") as refused:
        used_in_class(uow, staff.neighbour, staff.resource.id, again, key="b")
    assert [problem.field for problem in refused.value.problems] == ["held_on"]
    used_in_class(uow, staff.colleague, staff.resource.id, LESSON)  # a lesson of somebody else
    take_back(uow, staff.neighbour, told.post_id)
    told = used_in_class(uow, staff.neighbour, staff.resource.id, again, key="c")
    hide_post(uow, staff.editor, told.post_id, "写了学生姓名")
    with pytest.raises(Invalid, match="it counts once"):  # else hiding it would help little
        used_in_class(uow, staff.neighbour, staff.resource.id, LESSON, key="d")
    session.refresh(staff.resource)
    assert staff.resource.class_uses == 1


def test_authors_tell_of_lessons_before_their_work_was_published_and_others_cannot(
    staff: Staff, uow: UnitOfWork
) -> None:
    before = replace(LESSON, held_on=date(2026, 9, 15))
    assert used_in_class(uow, staff.author, staff.resource.id, before).held_on == before.held_on
    with pytest.raises(Invalid) as refused:
        used_in_class(uow, staff.neighbour, staff.resource.id, before)
    assert refused.value.problems[0].values == {"since": date(2026, 10, 12)}


def test_a_hidden_lesson_does_not_count_and_a_lock_keeps_none_out(
    session: Session, staff: Staff, uow: UnitOfWork
) -> None:
    lock_thread(uow, staff.editor, standing_thread(uow, staff.author, staff.resource.id).id)
    use = used_in_class(uow, staff.neighbour, staff.resource.id, LESSON)

    def counted() -> int:
        session.refresh(staff.resource)
        return staff.resource.class_uses

    assert counted() == 1
    hide_post(uow, staff.editor, use.post_id, "不是这份资源")
    assert counted() == 0
    show_post(uow, staff.editor, use.post_id)
    assert counted() == 1
    take_back(uow, staff.neighbour, use.post_id)
    assert counted() == 0


def test_what_is_taken_down_or_not_shared_takes_no_lesson(staff: Staff, uow: UnitOfWork) -> None:
    people = [staff.foreigner, staff.foreign_coordinator, STRANGER]
    assert (
        refusals(people, lambda one: used_in_class(uow, one, staff.resource.id, LESSON))
        == [Missing] * 3
    )
    take_step(uow, staff.author, staff.revision.id, Action.WITHDRAW, comment="有错")
    for act in (
        lambda: used_in_class(uow, staff.neighbour, staff.resource.id, LESSON),
        lambda: rate(uow, staff.neighbour, staff.resource.id, 5),
    ):
        with pytest.raises(WrongState, match="taken down"):
            act()


@pytest.fixture
def index(tmp_path: Path) -> Iterator[SearchEngine]:
    """A new one, which is not complete yet: the database counts."""
    engine = engine_from_url(f"tantivy://{tmp_path / 'index'}", vocabulary=search_vocabulary())
    yield engine
    engine.close()


def test_one_use_in_class_weighs_more_than_many_downloads_on_the_shelf(
    session: Session, given: Given, staff: Staff, uow: UnitOfWork, index: SearchEngine
) -> None:
    other = given.published(by=staff.author, title="只是下载").resource
    for _ in range(CLASS_USE - 1):
        count_download(uow, other.id)

    def first() -> str:
        found = shelf(session, index, staff.colleague, NOON, {}, order=Order.MOST_USED)
        return found.cards[0].title

    assert first() == "只是下载"
    used_in_class(uow, staff.neighbour, staff.resource.id, LESSON)
    assert first() == "分数的初步认识"
    found = shelf(session, index, staff.colleague, NOON, {}, order=Order.MOST_USED)
    assert [card.class_uses for card in found.cards] == [1, 0]


def test_the_issue_says_of_each_entry_how_often_it_was_used_in_class(
    session: Session, staff: Staff, uow: UnitOfWork, clock: Clock
) -> None:
    clock.pass_(days=1)
    catalogue.build(uow, staff.editor, staff.alliance.id, Month(2026, 10))
    used_in_class(uow, staff.neighbour, staff.resource.id, LESSON)
    view = issue_view(
        session, staff.editor, read_taxonomy(session), staff.alliance.id, Month(2026, 10)
    )
    assert view.class_uses == {staff.resource.public_id: 1}


def test_a_picture_is_made_small_and_read_by_whom_may_read_the_post(
    session: Session, staff: Staff, uow: UnitOfWork, storage: Storage
) -> None:
    big, exif = BytesIO(), Image.Exif()
    exif[0x010F] = "a camera"
    Image.new("RGB", (3000, 1500), (200, 20, 20)).save(big, "JPEG", exif=exif)
    kept = keep_pictures(storage, [big.getvalue()])
    post = comment(uow, staff.neighbour, staff.resource.id, "黑板")
    add_pictures(uow, storage, post, kept)
    add_pictures(uow, storage, post, kept)  # pressed twice
    [picture] = session.scalars(select(PostPicture))
    assert (picture.width, picture.height) == (1600, 800)
    with storage.open(picture_key(session, staff.colleague, picture.id, NOON)) as stream:
        seen = Image.open(BytesIO(stream.read()))
        assert (seen.format, seen.size, dict(seen.getexif())) == ("WEBP", (1600, 800), {})
    with pytest.raises(Missing):
        picture_key(session, staff.foreigner, picture.id, NOON)
    hide_post(uow, staff.editor, post.id, "有学生")
    with pytest.raises(Missing):
        picture_key(session, staff.colleague, picture.id, NOON)


def test_a_picture_that_would_fill_the_memory_is_refused_with_its_limit(storage: Storage) -> None:
    huge = BytesIO()
    Image.new("1", (7_100, 7_100)).save(huge, "PNG")
    with pytest.raises(Invalid, match="at most 50 megapixels"):
        keep_pictures(storage, [huge.getvalue()])


@pytest.mark.parametrize("pictures", [[b"<svg/>"], [b""], [b"x"] * 5, [b"x" * (10 * 2**20 + 1)]])
def test_what_is_no_picture_is_refused_in_a_sentence(
    storage: Storage, pictures: list[bytes]
) -> None:
    with pytest.raises(Invalid) as refused:
        keep_pictures(storage, pictures)
    assert [problem.field for problem in refused.value.problems] == ["pictures"]


def test_the_box_on_the_page_asks_the_same_number_of_questions_however_long_the_talk(
    session: Session,
    staff: Staff,
    uow: UnitOfWork,
    clock: Clock,
    queries: Callable[[Callable[[], object]], int],
) -> None:
    comment(uow, staff.neighbour, staff.resource.id, "好")
    used_in_class(uow, staff.neighbour, staff.resource.id, LESSON)

    def look() -> object:
        return talk_box(session, staff.editor, staff.resource.id, NOON)

    alone = queries(look)
    clock.pass_(days=1)
    for number in range(12):
        comment(uow, staff.neighbour, staff.resource.id, f"{number} @王敏")
        lesson = Lesson(f"g{1 + number % 6}", date(2026, 10, 12 + number // 6))
        used_in_class(uow, staff.colleague, staff.resource.id, lesson)
    assert queries(look) == alone
    box = talk_box(session, staff.editor, staff.resource.id, NOON)
    assert (len(box.uses), len(box.comments), box.total) == (3, 6, 26)
    assert len(session.scalars(select(Post)).all()) == 26

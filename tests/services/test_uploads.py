"""Uploads in pieces: nothing that arrived is sent again, and nobody meddles with another's."""

import hashlib
import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import BinaryIO, cast

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import Invalid, Missing, TooLarge, WrongState
from resource_hub.domain.file_policy import FilePolicy
from resource_hub.domain.people import Person
from resource_hub.domain.review import Action
from resource_hub.domain.uploads import (
    PATIENCE,
    Announcement,
    LineBroken,
    UploadDamaged,
    UploadMoved,
)
from resource_hub.domain.visibility import Audience
from resource_hub.models import (
    AskedBy,
    Attachment,
    Blob,
    Fault,
    FaultKind,
    Job,
    Playing,
    Revision,
    Upload,
    Verification,
)
from resource_hub.services import review
from resource_hub.services.arrivals import Begun
from resource_hub.services.giving_up import discard_draft
from resource_hub.services.unit_of_work import UnitOfWork, unit_of_work
from resource_hub.services.uploads import Reception
from storage import LocalStorage, Storage, UploadMissing, check_blob
from tests.conftest import SHANGHAI
from tests.given import LIMITS, NOON, Clock, Given

FILM = bytes(range(256)) * 1000


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def told(content: bytes, name: str = "微课.mp4") -> Announcement:
    """What a page says of a small file."""
    return Announcement.of(
        name,
        len(content),
        first=sha256(content[: 1 << 20]),
        last=sha256(content[-(1 << 20) :]),
        whole=sha256(content),
    )


@pytest.fixture
def reception(session: Session, storage: Storage, clock: Clock) -> Reception:
    def writing() -> AbstractContextManager[UnitOfWork]:
        return unit_of_work(session, clock, SHANGHAI)

    limits = replace(LIMITS, refused=frozenset({"exe"}))
    return Reception(storage, limits, lambda: session, writing, clock)


@pytest.fixture
def wang(given: Given) -> Person:
    return given.teacher("王敏", school=given.home())


@pytest.fixture
def draft(given: Given, wang: Person, session: Session) -> int:
    """Of 王敏; its id."""
    revision_id = given.draft(by=wang).id
    session.commit()
    return revision_id


@pytest.fixture
def names(session: Session) -> Callable[[int], list[str]]:
    """The files of a draft, as the tables have them."""

    def read(revision_id: int) -> list[str]:
        session.rollback()
        return list(
            session.scalars(
                select(Attachment.filename)
                .where(Attachment.revision_id == revision_id)
                .order_by(Attachment.position)
            )
        )

    return read


def begun(reception: Reception, person: Person, draft: int, file: Announcement) -> Begun:
    answer = reception.announce(person, draft, file)
    assert answer is not None
    return answer


def test_a_file_in_two_pieces_becomes_a_file_of_the_draft(
    reception: Reception,
    wang: Person,
    draft: int,
    session: Session,
    storage: Storage,
    names: Callable[[int], list[str]],
) -> None:
    upload = begun(reception, wang, draft, told(FILM))
    half = reception.take(wang, upload.id, io.BytesIO(FILM[:100_000]), offset=0)
    assert (half.received, half.is_finished) == (100_000, False)
    assert names(draft) == []

    whole = reception.take(wang, upload.id, io.BytesIO(FILM[100_000:]), offset=100_000)

    assert (whole.received, whole.is_finished) == (len(FILM), True)
    assert names(draft) == ["微课.mp4"]
    with storage.open(sha256(FILM)) as stream:
        assert stream.read() == FILM
    assert session.scalars(select(Job.subject).where(Job.kind == "inspect")).all() == [sha256(FILM)]
    with pytest.raises(UploadMissing):
        storage.received(upload.id)
    assert reception.look(wang, upload.id) == whole


def test_the_same_file_goes_on_where_it_was_from_any_computer_and_under_any_name(
    reception: Reception, wang: Person, draft: int
) -> None:
    first = begun(reception, wang, draft, told(FILM))
    reception.take(wang, first.id, io.BytesIO(FILM[:1000]), offset=0)

    again = begun(reception, wang, draft, told(FILM, "微课 (1).mp4"))
    other = begun(reception, wang, draft, told(FILM[::-1]))

    assert (again.id, again.received) == (first.id, 1000)
    assert (other.id == first.id, other.received) == (False, 0)


def test_whoever_points_at_an_upload_must_bring_the_same_file(
    reception: Reception, wang: Person, draft: int
) -> None:
    first = begun(reception, wang, draft, told(FILM))

    with pytest.raises(Invalid, match=r"begun as “微课\.mp4”"):
        reception.announce(wang, draft, told(FILM[::-1]), upload_id=first.id)


def test_without_fingerprints_nothing_is_taken_for_the_same(
    reception: Reception, wang: Person, draft: int
) -> None:
    file = Announcement.of("a.txt", 5)

    assert begun(reception, wang, draft, file).id != begun(reception, wang, draft, file).id


@pytest.mark.parametrize(
    ("name", "size", "sentence"),
    [
        ("大.mp4", (1 << 20) + 1, "One file may have 1 MiB; this one is larger."),
        ("小.mp4", 0, "“小.mp4” is empty."),
        ("游戏.EXE", 10, "Files that end in .exe are not taken here."),
    ],
)
def test_what_would_not_be_taken_is_refused_before_a_byte_travels(
    reception: Reception,
    wang: Person,
    draft: int,
    session: Session,
    name: str,
    size: int,
    sentence: str,
) -> None:
    with pytest.raises((TooLarge, Invalid)) as caught:
        reception.announce(wang, draft, Announcement.of(name, size))

    assert str(caught.value) == sentence
    assert session.scalars(select(Upload)).all() == []


def test_what_is_on_its_way_counts(reception: Reception, wang: Person, draft: int) -> None:
    mib = 1 << 20
    begun(reception, wang, draft, Announcement.of("a.mp4", mib))
    begun(reception, wang, draft, Announcement.of("b.mp4", mib))

    with pytest.raises(TooLarge, match="All files of a resource together may have 2 MiB"):
        reception.announce(wang, draft, Announcement.of("c.mp4", 1))


def test_what_has_no_size_yet_needs_room_with_each_piece(
    reception: Reception, wang: Person, draft: int
) -> None:
    begun(reception, wang, draft, Announcement.of("a.mp4", 1 << 20))
    begun(reception, wang, draft, Announcement.of("b.mp4", (1 << 20) - 5))
    upload = begun(reception, wang, draft, Announcement.of("录音.mp3", None))
    reception.take(wang, upload.id, io.BytesIO(b"abc"), offset=0, length=3)

    with pytest.raises(TooLarge, match="All files of a resource together may have 2 MiB"):
        reception.take(wang, upload.id, io.BytesIO(b"def"), offset=3, length=3)

    assert reception.look(wang, upload.id).received == 3


def test_so_many_files_and_no_more(reception: Reception, wang: Person, draft: int) -> None:
    for number in range(5):
        begun(reception, wang, draft, Announcement.of(f"{number}.txt", 1))

    with pytest.raises(TooLarge, match="may have 5 files"):
        reception.announce(wang, draft, Announcement.of("6.txt", 1))


def test_what_the_person_may_open_needs_no_bytes(
    reception: Reception,
    given: Given,
    wang: Person,
    draft: int,
    session: Session,
    names: Callable[[int], list[str]],
) -> None:
    shared = given.draft(by=given.teacher(school=given.home()), audience=Audience.PUBLIC)
    given.file(shared, by=given.again(shared.resource.owner_id), name="他的.mp4", content=FILM)
    given.admit(shared)
    session.commit()

    assert reception.announce(wang, draft, told(FILM, "我的.mp4")) is None
    assert names(draft) == ["我的.mp4"]
    assert session.scalars(select(Blob.key)).all() == [sha256(FILM)]


def test_nobody_learns_what_lies_in_another_ones_draft(
    reception: Reception, given: Given, wang: Person, draft: int, session: Session
) -> None:
    hidden = given.draft(by=given.teacher(school=given.school()))
    given.file(hidden, by=given.again(hidden.resource.owner_id), content=FILM)
    session.commit()

    upload = begun(reception, wang, draft, told(FILM))

    assert upload.received == 0


def test_what_the_person_brought_before_needs_no_bytes(
    reception: Reception,
    wang: Person,
    draft: int,
    session: Session,
    names: Callable[[int], list[str]],
) -> None:
    upload = begun(reception, wang, draft, told(FILM))
    reception.take(wang, upload.id, io.BytesIO(FILM), offset=0)
    for attachment in session.scalars(select(Attachment)):
        session.delete(attachment)
    session.commit()
    assert names(draft) == []

    assert reception.announce(wang, draft, told(FILM)) is None
    assert names(draft) == ["微课.mp4"]


@pytest.mark.parametrize("kind", ["inspect", "film"])
def test_what_a_job_left_alone_while_nothing_used_it_is_promised_again(
    reception: Reception, wang: Person, draft: int, session: Session, kind: str
) -> None:
    upload = begun(reception, wang, draft, told(FILM))
    reception.take(wang, upload.id, io.BytesIO(FILM), offset=0)
    if kind == "film":
        blob = session.get_one(Blob, sha256(FILM))
        blob.inspected_at, blob.playing = reception.now(), Playing.PREPARING
    for row in (*session.scalars(select(Attachment)), *session.scalars(select(Job))):
        session.delete(row)  # the file was taken out, then its job found nothing to do
    session.commit()

    assert reception.announce(wang, draft, told(FILM)) is None
    assert reception.announce(wang, draft, told(FILM, "再来.mp4")) is None

    assert session.execute(select(Job.kind, Job.subject)).all() == [(kind, sha256(FILM))]


def test_bytes_that_the_storage_has_lost_are_asked_for_again(
    reception: Reception, given: Given, wang: Person, draft: int, session: Session, storage: Storage
) -> None:
    given.file(session.get_one(Revision, draft), by=wang, content=FILM)
    session.commit()
    storage.delete(sha256(FILM))

    assert begun(reception, wang, draft, told(FILM)).received == 0


def verified(session: Session, *faults: Fault) -> None:
    """A night has read everything, and found this."""
    night = Verification(asked_by=AskedBy.NIGHT, started_at=NOON, faults=list(faults))
    session.add(night)
    session.flush()
    night.finished_at, night.turn = NOON, None
    session.commit()


def test_bytes_that_were_found_damaged_are_asked_for_again_and_heal_every_file_of_theirs(
    reception: Reception,
    given: Given,
    wang: Person,
    draft: int,
    session: Session,
    storage: LocalStorage,
) -> None:
    given.file(session.get_one(Revision, draft), by=wang, content=FILM)
    with storage.local_copy(sha256(FILM)) as path:
        path.chmod(0o640)
        path.write_bytes(FILM[:-1] + b"?")
    damaged = Fault(kind=FaultKind.DAMAGED, key=sha256(FILM))
    verified(session, damaged)

    upload = begun(reception, wang, draft, told(FILM))
    reception.take(wang, upload.id, io.BytesIO(FILM), offset=0)

    assert check_blob(sha256(FILM), storage) == len(FILM)
    damaged.repaired_at = NOON
    session.commit()
    assert reception.announce(wang, draft, told(FILM, "再来.mp4")) is None


def test_a_damage_of_long_ago_is_not_held_against_bytes(
    reception: Reception, given: Given, wang: Person, draft: int, session: Session
) -> None:
    given.file(session.get_one(Revision, draft), by=wang, content=FILM)
    verified(session, Fault(kind=FaultKind.DAMAGED, key=sha256(FILM)))
    verified(session)

    assert reception.announce(wang, draft, told(FILM)) is None


def test_only_the_owner_touches_an_upload(
    reception: Reception, given: Given, wang: Person, draft: int, session: Session
) -> None:
    upload = begun(reception, wang, draft, told(FILM))
    school = session.get_one(Revision, draft)
    session.refresh(school, ["resource"])
    session.refresh(school.resource, ["school"])
    others = (
        given.teacher(school=school.resource.school),
        given.coordinator(school=school.resource.school),
        given.teacher(school=given.school()),
        given.administrator(),
        Person(),
    )
    session.commit()

    for person in others:
        for meddle in (
            lambda who: reception.check_owner(who, upload.id),
            lambda who: reception.look(who, upload.id),
            lambda who: reception.declare(who, upload.id, 3),
            lambda who: reception.take(who, upload.id, io.BytesIO(b"abc"), offset=0),
            lambda who: reception.discard(who, upload.id),
        ):
            with pytest.raises(Missing):
                meddle(person)
    assert reception.look(wang, upload.id).received == 0


def test_a_size_may_be_said_later_and_only_once(
    reception: Reception, wang: Person, draft: int, names: Callable[[int], list[str]]
) -> None:
    upload = begun(reception, wang, draft, Announcement.of("录音.mp3", None))
    reception.take(wang, upload.id, io.BytesIO(FILM[:10]), offset=0)

    reception.declare(wang, upload.id, 20)
    with pytest.raises(Invalid):
        reception.declare(wang, upload.id, 21)
    done = reception.take(wang, upload.id, io.BytesIO(FILM[10:20]), offset=10)

    assert (done.is_finished, names(draft)) == (True, ["录音.mp3"])


def test_more_than_was_announced_is_refused_and_what_belongs_is_kept(
    reception: Reception, wang: Person, draft: int
) -> None:
    upload = begun(reception, wang, draft, told(FILM[:10]))

    with pytest.raises(TooLarge, match="More was sent"):
        reception.take(wang, upload.id, io.BytesIO(FILM), offset=0, length=len(FILM))
    assert reception.look(wang, upload.id).received == 0
    with pytest.raises(TooLarge, match="More was sent"):
        reception.take(wang, upload.id, io.BytesIO(FILM), offset=0)
    assert reception.look(wang, upload.id).received == 0


def test_bytes_for_another_place_are_refused_unread(
    reception: Reception, wang: Person, draft: int
) -> None:
    upload = begun(reception, wang, draft, told(FILM))
    source = io.BytesIO(FILM)

    with pytest.raises(UploadMoved):
        reception.take(wang, upload.id, source, offset=5)
    assert source.tell() == 0


class BreakingLine:
    """Gives some bytes, then nothing but an error."""

    def __init__(self, content: bytes) -> None:
        self._pieces: Iterator[bytes] = iter([content])

    def read(self, _size: int = -1) -> bytes:
        for piece in self._pieces:
            return piece
        raise ConnectionResetError("gone")


def test_a_broken_line_keeps_what_arrived(reception: Reception, wang: Person, draft: int) -> None:
    upload = begun(reception, wang, draft, told(FILM))

    with pytest.raises(LineBroken):
        reception.take(wang, upload.id, cast(BinaryIO, BreakingLine(FILM[:777])), offset=0)

    assert reception.look(wang, upload.id).received == 777


def test_of_an_upload_that_was_given_up_while_it_was_sent_nothing_is_left(
    reception: Reception, wang: Person, draft: int, storage: Storage
) -> None:
    upload = begun(reception, wang, draft, told(FILM))

    class GivenUp(BreakingLine):
        def read(self, _size: int = -1) -> bytes:
            reception.discard(wang, upload.id)
            raise ConnectionResetError("gone")

    with pytest.raises(Missing):
        reception.take(wang, upload.id, cast(BinaryIO, GivenUp(b"")), offset=0)

    with pytest.raises(UploadMissing):
        storage.received(upload.id)


def test_a_piece_that_is_not_right_is_thrown_away(
    reception: Reception, wang: Person, draft: int
) -> None:
    upload = begun(reception, wang, draft, told(FILM))

    with pytest.raises(UploadDamaged):
        reception.take(wang, upload.id, io.BytesIO(FILM[:9]), offset=0, accept=lambda: False)

    assert reception.look(wang, upload.id).received == 0


@pytest.mark.parametrize("which", ["first", "last", "whole"])
def test_a_file_that_changed_on_its_way_is_not_taken_for_what_was_announced(
    reception: Reception,
    wang: Person,
    draft: int,
    names: Callable[[int], list[str]],
    which: str,
) -> None:
    said = {"first": "", "last": "", "whole": ""} | {which: sha256(b"another")}
    file = Announcement.of("a.bin", len(FILM), **said)
    upload = begun(reception, wang, draft, file)

    with pytest.raises(UploadDamaged, match="changed while it was being uploaded"):
        reception.take(wang, upload.id, io.BytesIO(FILM), offset=0)
    with pytest.raises(Missing):
        reception.look(wang, upload.id)
    assert names(draft) == []


def test_a_kill_between_storing_and_attaching_costs_nothing(
    reception: Reception,
    wang: Person,
    draft: int,
    storage: Storage,
    names: Callable[[int], list[str]],
) -> None:
    upload = begun(reception, wang, draft, told(FILM))
    storage.append(upload.id, io.BytesIO(FILM), offset=0)
    storage.finish(upload.id)

    assert reception.look(wang, upload.id).is_finished
    assert reception.look(wang, upload.id).is_finished
    assert names(draft) == ["微课.mp4"]


def test_what_arrives_while_the_draft_is_under_review_waits_whole(
    reception: Reception,
    given: Given,
    wang: Person,
    draft: int,
    session: Session,
    uow: UnitOfWork,
    names: Callable[[int], list[str]],
) -> None:
    upload = begun(reception, wang, draft, told(FILM))
    review.take_step(uow, wang, draft, Action.SUBMIT, rights_declared=True)
    session.commit()

    with pytest.raises(WrongState):
        reception.take(wang, upload.id, io.BytesIO(FILM), offset=0)
    assert names(draft) == []
    review.take_step(uow, given.again(wang.id), draft, Action.TAKE_BACK)
    session.commit()

    assert reception.announce(wang, draft, told(FILM)) is None  # no byte is sent again
    assert reception.look(wang, upload.id).is_finished
    assert names(draft) == ["微课.mp4"]


def test_why_it_waits_whole_is_said_again_when_it_is_chosen_again(
    reception: Reception, wang: Person, draft: int
) -> None:
    upload = begun(reception, wang, draft, told(FILM))
    reception.take(wang, upload.id, io.BytesIO(FILM[:-1]), offset=0)
    full = replace(reception, limits=replace(reception.limits, revision=len(FILM) - 1))

    with pytest.raises(TooLarge):
        full.take(wang, upload.id, io.BytesIO(FILM[-1:]), offset=len(FILM) - 1)
    with pytest.raises(TooLarge, match="All files of a resource together"):
        full.announce(wang, draft, told(FILM))

    assert reception.announce(wang, draft, told(FILM)) is None


def test_of_what_a_setting_refuses_nothing_is_kept(
    reception: Reception, wang: Person, draft: int, storage: Storage
) -> None:
    strict = replace(reception, limits=replace(reception.limits, policy=FilePolicy(misnamed=False)))
    picture = told(b"%PDF-1.7\n" + FILM, "图片.jpg")
    upload = begun(strict, wang, draft, picture)

    with pytest.raises(Invalid):
        strict.take(wang, upload.id, io.BytesIO(b"%PDF-1.7\n" + FILM), offset=0)

    with pytest.raises(Missing):
        strict.look(wang, upload.id)
    with pytest.raises(UploadMissing):
        storage.received(upload.id)


def test_who_sends_to_a_draft_that_is_discarded_meanwhile_is_told_so(
    reception: Reception, wang: Person, draft: int, storage: Storage
) -> None:
    upload = begun(reception, wang, draft, told(FILM))

    class Sent(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() == 0:
                discard_draft(reception.writing, storage, wang, draft)
            return super().read(size)

    with pytest.raises(Missing, match="no such upload any more"):
        reception.take(wang, upload.id, Sent(FILM), offset=0)


def test_given_up_is_gone(reception: Reception, wang: Person, draft: int, storage: Storage) -> None:
    upload = begun(reception, wang, draft, told(FILM))

    reception.discard(wang, upload.id)

    with pytest.raises(Missing):
        reception.look(wang, upload.id)
    with pytest.raises(UploadMissing):
        storage.received(upload.id)


@pytest.mark.parametrize("was_submitted", [False, True])
def test_with_a_draft_goes_what_is_on_its_way_to_it(
    reception: Reception,
    given: Given,
    wang: Person,
    draft: int,
    session: Session,
    storage: Storage,
    was_submitted: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    if was_submitted:
        draft = given.submitted(by=wang, audience=Audience.SCHOOL).id
        session.commit()
        with reception.writing() as uow:
            review.take_step(uow, wang, draft, Action.TAKE_BACK)
    upload = begun(reception, wang, draft, told(FILM))
    reception.take(wang, upload.id, io.BytesIO(FILM[:1000]), offset=0)

    discard_draft(reception.writing, storage, wang, draft)

    with pytest.raises(UploadMissing):
        storage.received(upload.id)
    with pytest.raises(Missing):
        reception.take(wang, upload.id, io.BytesIO(FILM[1000:]), offset=1000)
    assert session.scalars(select(Upload.id)).all() == []


def test_who_may_not_discard_a_draft_stops_no_upload_to_it(
    reception: Reception, given: Given, wang: Person, draft: int, storage: Storage
) -> None:
    upload = begun(reception, wang, draft, told(FILM))
    reception.take(wang, upload.id, io.BytesIO(FILM[:1000]), offset=0)

    with pytest.raises(Missing):
        discard_draft(reception.writing, storage, given.teacher(school=given.school()), draft)

    assert reception.look(wang, upload.id).received == storage.received(upload.id) == 1000


def test_what_the_storage_lost_is_begun_anew(
    reception: Reception, wang: Person, draft: int, storage: Storage
) -> None:
    upload = begun(reception, wang, draft, told(FILM))
    storage.discard(upload.id)

    with pytest.raises(Missing):
        reception.look(wang, upload.id)
    assert begun(reception, wang, draft, told(FILM)).id != upload.id


def test_after_a_week_of_silence_it_is_forgotten(
    reception: Reception,
    wang: Person,
    draft: int,
    clock: Clock,
    session: Session,
    storage: Storage,
) -> None:
    silent = begun(reception, wang, draft, told(FILM))
    clock.pass_(days=4)
    lively = begun(reception, wang, draft, told(FILM[::-1]))
    clock.pass_(days=PATIENCE.days - 4)

    with pytest.raises(Missing):
        reception.look(wang, silent.id)
    assert reception.forget_expired() == 1
    assert session.scalars(select(Upload.id)).all() == [lively.id]
    with pytest.raises(UploadMissing):
        storage.received(silent.id)

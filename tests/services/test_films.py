"""Films that browsers cannot play: promised once, made in the background, the original kept."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.files import Facts, Trouble
from resource_hub.files.browsers import Wrap
from resource_hub.files.guard import Unreadable
from resource_hub.files.playable import Played
from resource_hub.files.types import TYPES
from resource_hub.models import Attachment, Blob, Job, Rendition
from resource_hub.services.films import make_film, note_film, note_media
from resource_hub.services.inspecting import note_facts
from resource_hub.services.unit_of_work import UnitOfWork
from storage import Storage
from tests.given import Given

MADE = b"\0\0\0\x18ftypisom, a film"


def maker(source: Path, folder: Path, *, seconds: float | None, progress: object) -> Played:
    """Makes at once a film of what it is given; nothing is decoded here."""
    del progress
    assert source.read_bytes() == b"RIFF, an old film"
    path = folder / "made"
    path.write_bytes(MADE)
    return Played(path, Wrap.MP4, encoded=True, seconds=seconds or 0, width=1280, height=720)


def tick() -> None:
    """Nobody ends the worker."""


@pytest.fixture
def wang(given: Given) -> Person:
    return given.teacher("王敏", school=given.home())


@pytest.fixture
def film(given: Given, wang: Person) -> Attachment:
    draft = given.draft(by=wang)
    given.file(draft, by=wang, name="月相.avi", content=b"RIFF, an old film")
    given.session.commit()
    return given.session.scalars(select(Attachment)).one()


def found(*, playable: bool, trouble: Trouble | None = None) -> Facts:
    return Facts(
        TYPES["avi"],
        width=1920,
        height=1080,
        duration=80.5,
        video_codec="mpeg4",
        audio_codec="mp3",
        playable=playable,
        trouble=trouble,
    )


def promised(session: Session) -> list[str]:
    return list(session.scalars(select(Job.subject).where(Job.kind == "film")))


def test_what_a_film_is_stands_with_its_bytes(
    uow: UnitOfWork, film: Attachment, session: Session
) -> None:
    note_facts(uow, film.blob_key, found(playable=True), None)
    session.commit()

    blob = session.get_one(Blob, film.blob_key)
    assert (blob.duration, blob.width, blob.height) == (80.5, 1920, 1080)
    assert (blob.codecs, blob.playing) == ("mpeg4, mp3", "as_it_is")
    assert promised(session) == []


def test_a_film_that_browsers_cannot_play_is_promised_once(
    uow: UnitOfWork, film: Attachment, session: Session
) -> None:
    for _ in range(2):
        note_facts(uow, film.blob_key, found(playable=False), None)
        session.commit()

    assert session.get_one(Blob, film.blob_key).playing == "preparing"
    assert promised(session) == [film.blob_key]


@pytest.mark.parametrize("trouble", [Trouble.KILLED, Trouble.TOO_LARGE, Trouble.ENCRYPTED])
def test_a_film_without_hope_is_not_promised(
    uow: UnitOfWork, film: Attachment, session: Session, trouble: Trouble
) -> None:
    note_facts(uow, film.blob_key, found(playable=False, trouble=trouble), None)
    session.commit()

    assert session.get_one(Blob, film.blob_key).playing == "impossible"
    assert promised(session) == []


def test_a_film_that_was_cut_short_is_made_as_far_as_it_goes(
    uow: UnitOfWork, film: Attachment, session: Session
) -> None:
    note_facts(uow, film.blob_key, found(playable=False, trouble=Trouble.DAMAGED), None)

    assert session.get_one(Blob, film.blob_key).playing == "preparing"


def test_a_film_that_cannot_be_opened_is_not_promised(
    uow: UnitOfWork, film: Attachment, session: Session
) -> None:
    note_facts(uow, film.blob_key, Facts(TYPES["avi"], trouble=Trouble.DAMAGED), None)

    assert session.get_one(Blob, film.blob_key).playing == "impossible"
    assert promised(session) == []


def test_a_made_film_is_kept_beside_the_original(
    uow: UnitOfWork, film: Attachment, session: Session, storage: Storage
) -> None:
    key = film.blob_key
    note_facts(uow, key, found(playable=False), None)
    session.commit()

    made = make_film(session, storage, maker, key, tick)
    assert made is not None
    for _ in range(2):  # the job may run twice
        note_film(uow, storage, made)
        session.commit()

    assert session.get_one(Blob, key).playing == "made"
    kept = session.scalars(select(Rendition)).one()
    assert (kept.blob_key, kept.kind, kept.number, kept.variant) == (key, "film", 0, "")
    assert (kept.media_type, kept.size) == ("video/mp4", len(MADE))
    assert (kept.width, kept.height) == (1280, 720)
    with storage.open(kept.key) as stream:
        assert stream.read() == MADE
    with storage.open(key) as stream:
        assert stream.read() == b"RIFF, an old film"
    assert make_film(session, storage, maker, key, tick) is None


def test_another_look_does_not_make_it_again(
    uow: UnitOfWork, film: Attachment, session: Session, storage: Storage
) -> None:
    key = film.blob_key
    note_facts(uow, key, found(playable=False), None)
    session.commit()
    made = make_film(session, storage, maker, key, tick)
    assert made is not None
    note_film(uow, storage, made)
    session.commit()
    session.query(Job).delete()

    note_facts(uow, key, found(playable=False), None)
    session.commit()

    assert (session.get_one(Blob, key).playing, promised(session)) == ("made", [])


def test_what_cannot_be_decoded_is_said_to_be_impossible(
    uow: UnitOfWork, film: Attachment, session: Session, storage: Storage
) -> None:
    def refuse(source: Path, folder: Path, *, seconds: float | None, progress: object) -> Played:
        del source, folder, seconds, progress
        raise Unreadable(Trouble.TOO_SLOW)

    note_facts(uow, film.blob_key, found(playable=False), None)
    session.commit()
    made = make_film(session, storage, refuse, film.blob_key, tick)
    assert made is not None
    note_film(uow, storage, made)
    session.commit()

    assert session.get_one(Blob, film.blob_key).playing == "impossible"
    assert session.scalars(select(Rendition)).all() == []


def test_a_worker_that_ends_leaves_no_half_film(
    uow: UnitOfWork, film: Attachment, session: Session, storage: Storage
) -> None:
    class Ended(Exception):
        """The worker was told to stop."""

    def end() -> None:
        raise Ended

    def slow(
        source: Path, folder: Path, *, seconds: float | None, progress: Callable[[float], None]
    ) -> Played:
        progress(1.0)
        return maker(source, folder, seconds=seconds, progress=progress)

    note_facts(uow, film.blob_key, found(playable=False), None)
    session.commit()
    before = set(storage.keys())
    with pytest.raises(Ended):
        make_film(session, storage, slow, film.blob_key, end)

    assert set(storage.keys()) == before
    assert session.get_one(Blob, film.blob_key).playing == "preparing"


def test_a_film_that_nobody_uses_any_more_is_not_made(
    uow: UnitOfWork, film: Attachment, session: Session, storage: Storage
) -> None:
    key = film.blob_key
    note_media(uow, session.get_one(Blob, key), found(playable=False))
    session.delete(film)
    session.commit()

    assert make_film(session, storage, maker, key, tick) is None

"""Films and sounds that browsers cannot play: another file is made of each, in the background."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.files import Facts, Family, Trouble
from resource_hub.files.bounded import scratch
from resource_hub.files.guard import Unreadable
from resource_hub.files.playable import Played
from resource_hub.models import (
    Attachment,
    Blob,
    Job,
    JobState,
    Playing,
    Rendition,
    RenditionKind,
)
from resource_hub.services.blob_uses import claim
from resource_hub.services.unit_of_work import UnitOfWork
from storage import Storage

FILM = "film"
"""The kind of job; its subject is the key of a blob."""

_HOPELESS = frozenset({Trouble.ENCRYPTED, Trouble.KILLED, Trouble.TOO_LARGE, Trouble.UNSUPPORTED})


class FilmMaker(Protocol):
    """Who makes films playable: ``resource_hub.files.playable.make_at_a_distance``."""

    def __call__(
        self,
        source: Path,
        folder: Path,
        *,
        seconds: float | None,
        progress: Callable[[float], None],
    ) -> Played: ...


@dataclass(frozen=True, slots=True)
class MadeFilm:
    """What came of it: the bytes are in the storage and not yet in the tables.

    Attributes:
        blob_key: Of the original.
        key: Of what browsers play; None where nothing can be made.
    """

    blob_key: str
    key: str | None = None
    size: int = 0
    media_type: str = ""
    width: int | None = None
    height: int | None = None


def note_media(uow: UnitOfWork, blob: Blob, facts: Facts) -> None:
    """Write down what an inspection found, and promise a playable film where one is needed."""
    blob.duration = facts.duration
    blob.codecs = ", ".join(filter(None, (facts.video_codec, facts.audio_codec))) or None
    is_media = facts.file_type.family in {Family.VIDEO, Family.AUDIO}
    if facts.playable is None:
        # Not even what it consists of could be read: there is nothing to wait for.
        blob.playing = Playing.IMPOSSIBLE if is_media and facts.trouble else None
    elif facts.playable:
        blob.playing = Playing.AS_IT_IS
    elif _film_of(uow.session, blob.key) is not None:
        blob.playing = Playing.MADE
    elif facts.trouble in _HOPELESS:
        blob.playing = Playing.IMPOSSIBLE
    else:
        blob.playing = Playing.PREPARING
        _promise_once(uow, blob.key)


def make_film(
    session: Session, storage: Storage, maker: FilmMaker, key: str, tick: Callable[[], None]
) -> MadeFilm | None:
    """Make what browsers play of blob ``key``; touches no row, so nobody waits meanwhile.

    Args:
        tick: Called about once a second; what it raises ends the work.

    Returns:
        What came of it, or None when there is nothing to do (any more).

    Raises:
        StorageError: the storage does not answer; the job is tried again.
        OSError: there is no room in the folder for temporary files; likewise.
    """
    blob = session.get(Blob, key)
    is_used = session.scalar(select(Attachment.id).where(Attachment.blob_key == key).limit(1))
    if blob is None or is_used is None or blob.playing != Playing.PREPARING:
        return None
    seconds = blob.duration
    session.rollback()
    with storage.local_copy(key) as source, scratch() as folder:
        try:
            made = maker(source, folder, seconds=seconds, progress=lambda _seconds: tick())
        except Unreadable:
            return MadeFilm(key)
        with made.path.open("rb") as stream:
            kept = storage.put(stream)
        return MadeFilm(key, kept.key, kept.size, made.media_type, made.width, made.height)


def note_film(uow: UnitOfWork, storage: Storage, made: MadeFilm) -> None:
    """Write down what was made; from now on players use it."""
    blob = uow.session.get(Blob, made.blob_key)
    if blob is None:
        return
    if made.key is None:
        blob.playing = Playing.IMPOSSIBLE
        return
    blob.playing = Playing.MADE
    if _film_of(uow.session, blob.key) is not None:
        return
    claim(uow, storage, made.key)
    uow.session.add(
        Rendition(
            blob_key=blob.key,
            kind=RenditionKind.FILM,
            key=made.key,
            media_type=made.media_type,
            size=made.size,
            width=made.width,
            height=made.height,
            made_at=uow.now(),
        )
    )


def is_given_up(session: Session, key: str) -> bool:
    """Whether nothing comes of a film that is being prepared: its job was set aside, or is gone."""
    states = session.scalars(select(Job.state).where(Job.kind == FILM, Job.subject == key))
    return all(state is JobState.SET_ASIDE for state in states)


def _promise_once(uow: UnitOfWork, key: str) -> None:
    promised = select(Job.id).where(Job.kind == FILM, Job.subject == key).limit(1)
    if uow.session.scalar(promised) is None:
        uow.promise(FILM, key)


def _film_of(session: Session, key: str) -> int | None:
    return session.scalar(
        select(Rendition.id).where(Rendition.blob_key == key, Rendition.kind == RenditionKind.FILM)
    )

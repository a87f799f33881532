"""Pictures in posts: made small, without what the camera wrote into them, read by whom may read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.discussion import NO_SUCH_POST
from resource_hub.domain.errors import N_, Invalid, Missing, Problem
from resource_hub.domain.people import Person
from resource_hub.files.facts import Trouble
from resource_hub.files.guard import Unreadable
from resource_hub.files.preview import as_seen, webp
from resource_hub.models import Post, PostPicture
from resource_hub.services.blob_uses import claim
from resource_hub.services.discussion_access import find_post
from resource_hub.services.unit_of_work import UnitOfWork
from storage import BlobMissing, Storage

MOST_PICTURES = 4
MAX_BYTES = 10 * 1024 * 1024
"""Of one picture as it comes."""
MAX_PIXELS = 50_000_000
"""Of one picture: it is made small in the web process, which must stay small itself."""
BOX = (1600, 1600)
"""Pixels that a picture is made to fit."""


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """A picture whose bytes are in the storage already; in pixels."""

    key: str
    width: int
    height: int


def keep_pictures(storage: Storage, pictures: Sequence[bytes]) -> list[StoredPicture]:
    """Make them small and store them, before the transaction: no other writer waits for that.

    Raises:
        Invalid: too many, too large, or no pictures.
    """
    if len(pictures) > MOST_PICTURES:
        raise _refused(N_("At most %(most)s pictures in one post."), most=MOST_PICTURES)
    if any(len(each) > MAX_BYTES for each in pictures):
        raise _refused(N_("A picture of at most 10 MB, please."))
    kept = []
    for each in pictures:
        try:
            _size, small = as_seen(BytesIO(each), box=BOX, most=MAX_PIXELS)
        except Unreadable as error:
            raise _refused(_WHY.get(error.trouble, _NO_PICTURE)) from error
        kept.append(StoredPicture(storage.put(BytesIO(webp(small))).key, *small.size))
    return kept


def add_pictures(
    uow: UnitOfWork, storage: Storage, post: Post, pictures: Sequence[StoredPicture]
) -> None:
    """Put stored pictures under a post of this transaction; one that has some keeps those."""
    there = select(PostPicture.id).where(PostPicture.post_id == post.id)
    if uow.session.scalar(there.limit(1)) is not None:
        return
    for position, picture in enumerate(pictures, start=1):
        claim(uow, storage, picture.key)
        uow.session.add(
            PostPicture(
                post_id=post.id,
                position=position,
                key=picture.key,
                width=picture.width,
                height=picture.height,
            )
        )
    uow.session.flush()


def picture_key(session: Session, person: Person, picture_id: int, now: datetime) -> str:
    """The storage key of a picture that the person may see.

    Raises:
        Missing: there is none, it is hidden, or not shared with this person.
        WrongState: the resource was taken down.
    """
    picture = session.get(PostPicture, picture_id)
    if picture is None:
        raise Missing(NO_SUCH_POST)
    post = find_post(session, person, picture.post_id, now)
    if post.hidden_at is not None:
        raise Missing(NO_SUCH_POST)
    return picture.key


def picture_bytes(storage: Storage, key: str) -> bytes:
    """A WebP picture.

    Raises:
        Missing: its bytes are lost.
    """
    try:
        with storage.open(key) as stream:
            return stream.read()
    except BlobMissing as error:
        raise Missing(NO_SUCH_POST) from error


_NO_PICTURE = N_("This is no picture that can be read. A JPEG, PNG or WebP will do.")
_WHY = {Trouble.TOO_LARGE: N_("A picture of at most 50 megapixels, please.")}


def _refused(sentence: str, **values: object) -> Invalid:
    return Invalid([Problem("pictures", sentence, values)])

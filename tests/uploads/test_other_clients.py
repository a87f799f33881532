"""tuspy, written by others after the protocol alone, against the hub as it is served."""

import hashlib
import random
from io import BytesIO
from pathlib import Path

import pytest
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError

from tests.uploads.conftest import TUS, Teacher

MIB = 1 << 20
FILM = random.Random(4).randbytes(3 * MIB + 123)  # noqa: S311 - bytes, no secret


@pytest.fixture
def film() -> BytesIO:
    return BytesIO(FILM)


def client_of(teacher: Teacher) -> TusClient:
    return TusClient(f"{teacher.hub.url}/uploads", headers=teacher.headers)


def metadata(teacher: Teacher) -> dict[str, str]:
    return {"revision": str(teacher.draft), "filename": "微课.mp4"}


def test_a_file_arrives_whole(wang: Teacher, film: BytesIO) -> None:
    uploader = client_of(wang).uploader(file_stream=film, chunk_size=MIB, metadata=metadata(wang))

    uploader.upload()

    key = hashlib.sha256(FILM).hexdigest()
    assert wang.files() == [("微课.mp4", key)]
    assert wang.stored(key) == FILM


def test_another_client_goes_on_where_the_first_one_stopped(wang: Teacher, film: BytesIO) -> None:
    first = client_of(wang).uploader(file_stream=film, chunk_size=MIB, metadata=metadata(wang))
    first.upload(stop_at=2 * MIB)
    url = first.url
    assert wang.offset(str(url)) == 2 * MIB

    second = client_of(wang).uploader(file_stream=film, chunk_size=MIB, url=url)
    assert second.offset == 2 * MIB
    second.upload()

    assert wang.files() == [("微课.mp4", hashlib.sha256(FILM).hexdigest())]


def test_checksums_are_checked(wang: Teacher, film: BytesIO) -> None:
    uploader = client_of(wang).uploader(
        file_stream=film, chunk_size=MIB, metadata=metadata(wang), upload_checksum=True
    )

    uploader.upload()

    assert wang.files() == [("微课.mp4", hashlib.sha256(FILM).hexdigest())]


def test_what_is_too_large_is_refused_at_the_beginning(wang: Teacher, tmp_path: Path) -> None:
    with (tmp_path / "large.mp4").open("w+b") as large:
        large.truncate(3 << 30)
        uploader = client_of(wang).uploader(file_stream=large, metadata=metadata(wang))
        with pytest.raises(TusCommunicationError) as caught:
            uploader.create_url()

    assert caught.value.status_code == 413
    assert wang.session.options(f"{wang.hub.url}/uploads", timeout=20).headers["Tus-Max-Size"] == (
        str(2 << 30)
    )


def test_a_colleague_cannot_go_on_with_it(wang: Teacher, zhao: Teacher, film: BytesIO) -> None:
    uploader = client_of(wang).uploader(file_stream=film, chunk_size=MIB, metadata=metadata(wang))
    uploader.upload(stop_at=MIB)

    with pytest.raises(TusCommunicationError) as caught:
        client_of(zhao).uploader(file_stream=film, chunk_size=MIB, url=uploader.url)

    assert caught.value.status_code == 404
    assert zhao.session.delete(str(uploader.url), headers=TUS, timeout=20).status_code == 404
    assert wang.offset(str(uploader.url)) == MIB

"""What ails a file is told apart from what ails the disk it lies on."""

import errno
import io
from collections.abc import Callable
from typing import BinaryIO

import pytest

from resource_hub.files.epub import read_epub
from resource_hub.files.gathering import Gathering
from resource_hub.files.guard import Unreadable, open_office
from resource_hub.files.office import read_docx
from resource_hub.files.ole import open_ole
from resource_hub.files.preview import shrink_picture
from resource_hub.files.typesetting.pictures import Pictures
from tests.files import made, made_old


class Failing(io.BytesIO):
    """A file whose last pieces cannot be had: reading fails after so many times."""

    def __init__(self, content: bytes, error: OSError, *, reads: int) -> None:
        super().__init__(content)
        self.left, self._error = reads, error

    def read(self, size: int | None = -1, /) -> bytes:
        if not self.left:
            raise self._error
        self.left -= 1
        return super().read(size)


Reading = Callable[[BinaryIO], object]

READ: dict[str, tuple[Reading, bytes]] = {
    "the list of a package": (open_office, made.document("静夜思")),
    "its XML": (lambda stream: read_docx(stream, Gathering()), made.document("静夜思")),
    "a book": (lambda stream: read_epub(stream, Gathering()), made_old.epub("静夜思")),
    "an old file": (open_ole, made.ole("WordDocument", content=b"a")),
    "a picture": (shrink_picture, made.picture()),
}


@pytest.fixture(params=READ)
def failing(request: pytest.FixtureRequest) -> Callable[[OSError], object]:
    """Reads a sound file, but for the last read, which fails."""
    read, content = READ[request.param]
    sound = Failing(content, OSError(), reads=10_000)
    read(sound)
    reads = 10_000 - sound.left
    return lambda error: read(Failing(content, error, reads=reads - 1))


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOENT, errno.EMFILE, errno.ENOSPC])
def test_a_disk_that_fails_is_not_told_as_damage(
    failing: Callable[[OSError], object], number: int
) -> None:
    with pytest.raises(OSError, match="the disk") as caught:
        failing(OSError(number, "the disk"))
    assert caught.value.errno == number


@pytest.mark.parametrize("error", [OSError("cut short"), OSError(errno.EINVAL, "no such place")])
def test_what_content_brings_about_is_damage(
    failing: Callable[[OSError], object], error: OSError
) -> None:
    with pytest.raises(Unreadable, match="damaged"):
        failing(error)


def test_a_picture_in_a_file_is_left_out_if_it_is_damaged_alone() -> None:
    def read(error: OSError) -> bytes:
        raise error

    pictures = Pictures()
    assert not pictures.take("a.png", lambda: read(OSError("cut short")))
    with pytest.raises(OSError, match="the disk"):
        pictures.take("b.png", lambda: read(OSError(errno.EIO, "the disk")))

"""The pictures inside an office file, encoded anew: one broken picture would stop typst."""

import base64
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from resource_hub.files.guard import MIB, Unreadable, is_our_own
from resource_hub.files.preview import as_seen

MAX_PICTURES = 80
"""Of one file; later ones are left out."""

_BOX = (1000, 1000)  # pixels
_LARGEST = 40 * MIB  # bytes of one picture, unpacked
_QUALITY = 80
# What no part of Pillow that we use can draw; trying costs time.
_DRAWINGS = (".emf", ".wmf", ".svg", ".wdp", ".emz", ".wmz")


@dataclass(frozen=True, slots=True)
class Crop:
    """Shares of a picture that are cut off at its sides."""

    left: float = 0
    top: float = 0
    right: float = 0
    bottom: float = 0

    def named(self, name: str) -> str:
        """A name for the cropped picture: the same file may be shown twice."""
        return (
            name if self == WHOLE else f"{name}#{self.left},{self.top},{self.right},{self.bottom}"
        )

    def cut(self, picture: Image.Image) -> Image.Image:
        width, height = picture.size
        box = (
            round(width * self.left),
            round(height * self.top),
            round(width * (1 - self.right)),
            round(height * (1 - self.bottom)),
        )
        if self == WHOLE or box[0] >= box[2] or box[1] >= box[3]:
            return picture
        return picture.crop(box)


WHOLE = Crop()


class Pictures:
    """Takes pictures of a file by name, and keeps them as what typst understands."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self._refused: set[str] = set()

    def take(self, name: str, read: Callable[[], bytes], crop: Crop = WHOLE) -> bool:
        """Keep a picture under its (cropped) name, if it is one; ``read`` gives its bytes."""
        name = crop.named(name)
        if name in self.kept:
            return True
        if name in self._refused or len(self.kept) >= MAX_PICTURES:
            return False
        written = _as_svg(read, crop)
        if written is None:
            self._refused.add(name)
            return False
        self.kept[name] = written
        return True

    def take_member(
        self, packed: zipfile.ZipFile, name: str, crop: Crop = WHOLE, *, called: str = ""
    ) -> bool:
        """Keep a picture that is a member of a zip file, as ``called`` or else by its name."""
        if name.lower().endswith(_DRAWINGS):
            return False

        def read() -> bytes:
            if packed.getinfo(name).file_size > _LARGEST:
                return b""
            return packed.read(name)

        return self.take(called or name, read, crop)


def _as_svg(read: Callable[[], bytes], crop: Crop) -> str | None:
    """An SVG around a JPEG, or None.

    typst gets everything as text, and its pictures from no file: an SVG is a text, and may hold
    a picture.
    """
    try:
        _, picture = as_seen(BytesIO(read()), box=_BOX)
    except (
        Unreadable,
        KeyError,
        OSError,
        EOFError,
        RuntimeError,
        NotImplementedError,
        zipfile.BadZipFile,
        zlib.error,
    ) as error:
        if is_our_own(error):
            raise
        return None
    picture = crop.cut(picture)
    written = BytesIO()
    picture.save(written, "JPEG", quality=_QUALITY)
    inside = base64.b64encode(written.getvalue()).decode()
    size = f'width="{picture.width}" height="{picture.height}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}>'
        f'<image {size} href="data:image/jpeg;base64,{inside}"/></svg>'
    )

"""A printer for tests: it draws plain sheets of paper, as many as a file is said to have."""

import io
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from resource_hub.files import Trouble
from resource_hub.files.drawing import Drawn
from resource_hub.files.pages import PagePicture


def sheet(number: int) -> PagePicture:
    """A page of its own grey, so that no two have the same bytes."""

    def webp(width: int, height: int) -> bytes:
        picture = io.BytesIO()
        Image.new("RGB", (width, height), (255 - number,) * 3).save(picture, "WEBP")
        return picture.getvalue()

    return PagePicture(number, 1200, 900, small=webp(32, 24), large=webp(40, 30))


@dataclass
class Printer:
    """Prints up to ``pages`` sheets; ``stops_at`` is where it breaks down."""

    pages: int
    knows_total: bool = True
    approximate: bool = False
    stops_at: int | None = None
    asked: list[tuple[str, int, int]] = field(default_factory=list)

    def print(self, path: Path, code: str, *, first: int, last: int) -> Drawn:
        assert path.is_file()
        self.asked.append((code, first, last))
        end = min(last, self.pages)
        trouble = None
        if self.stops_at is not None and end >= self.stops_at:
            end, trouble = self.stops_at - 1, Trouble.TOO_SLOW
        return Drawn(
            pages=[sheet(number) for number in range(first, end + 1)],
            total=self.pages if self.knows_total and not trouble else None,
            approximate=self.approximate,
            trouble=trouble,
        )

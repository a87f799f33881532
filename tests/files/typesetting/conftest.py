"""Files set by typst, and read again by pdfium."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from resource_hub.files.typesetting.manuscripts import typeset


@dataclass
class Set:
    """Pages that were set: what stands on each, and what it looks like."""

    texts: list[str]
    pictures: list[Image.Image]
    first: int
    count: int | None

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    @property
    def letters(self) -> str:
        """Without spaces: those between Chinese and Latin are a matter of taste."""
        return "".join(self.text.split())


Sets = Callable[..., Set]


@pytest.fixture
def sets(tmp_path: Path) -> Sets:
    def run(content: bytes, code: str, first: int = 1, last: int = 40) -> Set:
        path = tmp_path / "blob"
        path.write_bytes(content)
        made = typeset(path, code, first=first, last=last)
        document = pypdfium2.PdfDocument(made.pdf)
        texts, pictures = [], []
        for page in document:
            texts.append(page.get_textpage().get_text_range().replace("\r\n", "\n").strip())
            pictures.append(page.render(scale=1).to_pil().convert("RGB"))
            page.close()
        document.close()
        return Set(texts, pictures, made.first, made.count)

    return run


def count_of(picture: Image.Image, colour: tuple[int, int, int], *, near: int = 30) -> int:
    """How many pixels are (nearly) of a colour."""
    found = picture.getcolors(picture.width * picture.height) or []
    return sum(
        times
        for times, seen in found
        if isinstance(seen, tuple)
        and all(abs(a - b) <= near for a, b in zip(seen, colour, strict=True))
    )

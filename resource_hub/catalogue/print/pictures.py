"""Pictures made fit for print: whatever they were, they become small JPEG files, or none."""

import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps

from resource_hub.catalogue.data import EntryData, IssueData
from resource_hub.catalogue.print.qr import qr_png

THUMBNAIL = (400, 225)  # pixels; 32 mm wide at 300 dots an inch
COVER = (1800, 1200)
_MOST_PIXELS = 50_000_000
_QUALITY = 84


def for_print(content: bytes, box: tuple[int, int]) -> bytes | None:
    """A JPEG that fills ``box`` (cut at its edges, never enlarged), or None for a broken picture.

    One broken picture would stop the whole of typst's run; so each is read and written here first.
    """
    try:
        with Image.open(BytesIO(content)) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                return None
            picture.draft("RGB", (box[0] * 2, box[1] * 2))
            upright = ImageOps.exif_transpose(picture)
            if upright.mode in {"RGBA", "LA", "P", "PA"}:
                upright = upright.convert("RGBA")
                ground = Image.new("RGBA", upright.size, "white")
                upright = Image.alpha_composite(ground, upright)
            whole = upright.convert("RGB")
            fitted = _filling(whole, box)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, MemoryError):
        return None  # Pillow says broken in all these ways
    result = BytesIO()
    fitted.save(result, "JPEG", quality=_QUALITY)
    return result.getvalue()


def _filling(picture: Image.Image, box: tuple[int, int]) -> Image.Image:
    """Cut to the shape of the box from its middle, and shrunk to it if it is larger."""
    shape = box[0] / box[1]
    width, height = picture.size
    if width / height > shape:
        cut = (width - height * shape) / 2
        edges = (cut, 0.0, width - cut, float(height))
    else:
        cut = (height - width / shape) / 5  # what matters stands at the top of a page
        edges = (0.0, cut, float(width), cut + width / shape)
    right, bottom = edges[2] - edges[0], edges[3] - edges[1]
    size = box if right > box[0] else (max(round(right), 1), max(round(bottom), 1))
    return picture.resize(size, Image.Resampling.BILINEAR, box=edges, reducing_gap=2.0)


def of_entries(
    folder: Path, entries: Iterable[EntryData], thumbnails: Mapping[str, bytes]
) -> Iterator[tuple[str, str]]:
    """Write what the entries show; gives the hash or address of each and the name of its file."""
    entries = tuple(entries)
    hashes = sorted({it.thumbnail for it in entries if it.thumbnail})

    def made_fit(key: str) -> bytes | None:
        found = thumbnails.get(key)
        return None if found is None else for_print(found, THUMBNAIL)

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        made = pool.map(made_fit, hashes)
        for number, (key, content) in enumerate(zip(hashes, made, strict=True)):
            if content is not None:
                (folder / f"{number}.jpg").write_bytes(content)
                yield key, f"{number}.jpg"
    for number, address in enumerate(sorted({entry.address for entry in entries})):
        if (name := _code(folder, f"{number}.png", address)) is not None:
            yield address, name


def of_issue(folder: Path, issue: IssueData, cover: bytes | None) -> Iterator[tuple[str, str]]:
    """The same for the cover: its picture, and the code of the issue."""
    if cover is not None and (content := for_print(cover, COVER)) is not None:
        (folder / "cover.jpg").write_bytes(content)
        yield "cover", "cover.jpg"
    if (name := _code(folder, "issue.png", issue.address)) is not None:
        yield issue.address, name


def _code(folder: Path, name: str, address: str) -> str | None:
    try:
        content = qr_png(address)
    except ValueError:
        return None  # no camera reads a code so large; the address stands beside it
    (folder / name).write_bytes(content)
    return name

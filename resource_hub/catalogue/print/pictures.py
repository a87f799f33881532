"""Pictures made fit for print: whatever they were, they become small JPEG files, or none."""

from io import BytesIO

from PIL import Image, ImageOps

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

"""Small pictures of large ones."""

import warnings
from io import BytesIO
from typing import BinaryIO

from PIL import Image, ImageOps

from resource_hub.files.facts import THUMBNAIL_BOX, Trouble
from resource_hub.files.guard import MAX_PIXELS, Unreadable

_QUALITY = 75
_ROUGHLY = 4 * THUMBNAIL_BOX  # pixels: a huge picture is first shrunk so far, roughly
_HUGE = 40_000_000  # pixels: a second copy at full size would cost as much memory as the first
_DOUBLED = {"WEBP", "AVIF"}  # their decoders keep a copy of their own
_PALETTES = {"P", "PA", "1"}
_DEEP = {"I;16", "I;16B", "I;16L", "I;16N", "I", "F"}
# What Pillow may open: nothing that starts another program, nothing that no school has.
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "DIB", "TIFF", "ICO", "AVIF")


def shrink_picture(source: BinaryIO) -> tuple[int, int, bytes]:
    """Make a thumbnail of a picture file.

    Returns:
        Width and height as the picture is seen (turned as its camera says), in pixels, and a WebP
        file that fits a square of ``THUMBNAIL_BOX`` pixels: 8 bits a channel, on white, no EXIF,
        hence no GPS; small pictures are never enlarged.

    Raises:
        Unreadable: the bytes are no picture, are cut short, or hold more than ``MAX_PIXELS``.
    """
    source.seek(0)
    try:
        # The hub has a limit of its own, below, where Pillow begins to warn.
        with (
            warnings.catch_warnings(action="ignore"),
            Image.open(source, formats=FORMATS) as opened,
        ):
            most = MAX_PIXELS // 2 if opened.format in _DOUBLED else MAX_PIXELS
            if opened.width * opened.height > most:
                raise Unreadable(Trouble.TOO_LARGE)
            size = _size_as_seen(opened)
            return *size, webp(_small(opened))
    except Image.DecompressionBombError as error:
        raise Unreadable(Trouble.TOO_LARGE) from error
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError) as error:
        raise Unreadable(Trouble.DAMAGED) from error


def webp(picture: Image.Image) -> bytes:
    """Write a picture as WebP without anything else in it."""
    bare = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    result = BytesIO()
    bare.save(result, "WEBP", quality=_QUALITY)
    return result.getvalue()


def _size_as_seen(picture: Image.Image) -> tuple[int, int]:
    sideways = picture.getexif().get(0x0112, 1) in {5, 6, 7, 8}
    return (picture.height, picture.width) if sideways else (picture.width, picture.height)


def _small(picture: Image.Image) -> Image.Image:
    """An RGB picture that fits the box, right way up, on white."""
    picture.draft("RGB", (2 * THUMBNAIL_BOX, 2 * THUMBNAIL_BOX))  # JPEG: decode an eighth
    if picture.width * picture.height > _HUGE:
        picture.thumbnail((_ROUGHLY, _ROUGHLY), Image.Resampling.NEAREST)
    if picture.mode in _DEEP:
        shallow = picture.convert("F").point(lambda value: value * (1 / 256)).convert("L")
    elif picture.mode in _PALETTES or "transparency" in picture.info:
        shallow = picture.convert("RGBA")
    else:
        shallow = picture
    shallow.thumbnail((THUMBNAIL_BOX, THUMBNAIL_BOX), Image.Resampling.LANCZOS, reducing_gap=2.0)
    turned = ImageOps.exif_transpose(shallow)
    if turned.mode not in {"RGBA", "LA", "RGBa", "La"}:
        return turned.convert("RGB")
    turned = turned.convert("RGBA")
    paper = Image.new("RGB", turned.size, "white")
    paper.paste(turned, mask=turned.getchannel("A"))
    return paper

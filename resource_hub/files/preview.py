"""Small pictures of large ones."""

import warnings
from io import BytesIO
from typing import BinaryIO, cast

from PIL import ExifTags, Image, ImageOps

from resource_hub.files.facts import THUMBNAIL_BOX, Trouble
from resource_hub.files.guard import MAX_PIXELS, Unreadable, is_our_own

_QUALITY = 75
_ROUGHLY = 4  # times the box: a huge picture is first shrunk so far, roughly
_HUGE = 40_000_000  # pixels: a second copy at full size would cost as much memory as the first
_DOUBLED = {"WEBP", "AVIF"}  # their decoders keep a copy of their own
_BYTE = 255
_SLATE, _FAINT = "#4a5158", 240  # the other paper; the light of what cannot be seen on white
_PALETTES = {"P", "PA", "1"}
_DEEP = {"I;16", "I;16B", "I;16L", "I;16N", "I", "F"}
# What Pillow may open: nothing that starts another program, nothing that no school has.
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "DIB", "TIFF", "ICO", "AVIF")


def shrink_picture(source: BinaryIO) -> tuple[int, int, bytes]:
    """Make a thumbnail of a picture file.

    Returns:
        Width and height as the picture is seen (turned as its camera says), in pixels, and a WebP
        file that fits a square of ``THUMBNAIL_BOX`` pixels: 8 bits a channel, on white
        (what is white itself, on grey), no EXIF, hence no GPS; small pictures are never enlarged.

    Raises:
        Unreadable: the bytes are no picture, are cut short, or hold more than ``MAX_PIXELS``.
    """
    size, small = as_seen(source, box=(THUMBNAIL_BOX, THUMBNAIL_BOX))
    return *size, webp(small)


def tells_place(source: BinaryIO) -> bool:
    """Whether a picture file that can be opened says where it was taken."""
    source.seek(0)
    try:
        with (
            warnings.catch_warnings(action="ignore"),
            Image.open(source, formats=FORMATS) as opened,
        ):
            place = opened.getexif().get_ifd(ExifTags.IFD.GPSInfo)
    except Exception:  # noqa: BLE001 - a broken EXIF breaks nothing else
        return False
    return ExifTags.GPS.GPSLatitude in place or ExifTags.GPS.GPSLongitude in place


def as_seen(
    source: BinaryIO, *, box: tuple[int, int], most: int = MAX_PIXELS
) -> tuple[tuple[int, int], Image.Image]:
    """Decode a picture file to fit in ``box``: RGB, turned upright, on white, never enlarged.

    Returns:
        Its width and height at full size as it is seen, in pixels, and what fits the box.

    Raises:
        Unreadable: the bytes are no picture, are cut short, or hold more than ``most`` pixels.
    """
    source.seek(0)
    try:
        # The hub has a limit of its own, below, where Pillow begins to warn.
        with (
            warnings.catch_warnings(action="ignore"),
            Image.open(source, formats=FORMATS) as opened,
        ):
            if opened.width * opened.height > most // (2 if opened.format in _DOUBLED else 1):
                raise Unreadable(Trouble.TOO_LARGE)
            size = _size_as_seen(opened)
            return size, _small(opened, box if size == opened.size else box[::-1])
    except Image.DecompressionBombError as error:
        raise Unreadable(Trouble.TOO_LARGE) from error
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError) as error:
        if is_our_own(error):
            raise
        raise Unreadable(Trouble.DAMAGED) from error


def webp(picture: Image.Image, *, quality: int = _QUALITY, effort: int = 4) -> bytes:
    """Write a picture as WebP without anything else in it; ``effort`` is from 0 to 6."""
    bare = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    result = BytesIO()
    bare.save(result, "WEBP", quality=quality, method=effort)
    return result.getvalue()


def _size_as_seen(picture: Image.Image) -> tuple[int, int]:
    sideways = picture.getexif().get(0x0112, 1) in {5, 6, 7, 8}
    return (picture.height, picture.width) if sideways else (picture.width, picture.height)


def _small(picture: Image.Image, box: tuple[int, int]) -> Image.Image:
    """An RGB picture that fits the box (as the file lies, not as seen), right way up, on white."""
    picture.draft("RGB", (2 * box[0], 2 * box[1]))  # JPEG: decode an eighth
    if picture.width * picture.height > _HUGE:
        picture.thumbnail((_ROUGHLY * box[0], _ROUGHLY * box[1]), Image.Resampling.NEAREST)
    if picture.mode in _DEEP:
        share = _share_of_a_byte(picture)
        shallow = picture.convert("F").point(lambda value: value * share).convert("L")
    elif picture.mode in _PALETTES or "transparency" in picture.info:
        shallow = picture.convert("RGBA")
    else:
        shallow = picture
    shallow.thumbnail(box, Image.Resampling.LANCZOS, reducing_gap=2.0)
    turned = ImageOps.exif_transpose(shallow)
    if turned.mode not in {"RGBA", "LA", "RGBa", "La"}:
        return turned.convert("RGB")
    turned = turned.convert("RGBA")
    shape = turned.getchannel("A")
    paper = Image.new("RGB", turned.size, "white")
    paper.paste(turned, mask=shape)
    darkest = cast("tuple[int, int]", paper.convert("L").getextrema())[0]
    if darkest >= _FAINT and shape.getbbox() is not None:
        # White chalk without its blackboard: on white nothing of it can be seen.
        paper.paste(_SLATE, (0, 0, *paper.size))
        paper.paste(turned, mask=shape)
    return paper


def _share_of_a_byte(picture: Image.Image) -> float:
    """By what the values of a deep picture are multiplied: programs count to 1, 255 or 65,535."""
    if picture.mode not in {"I", "F"}:
        return 1 / 256
    most = cast("tuple[float, float]", picture.getextrema())[1]
    return 255 if most <= 1 else 1 if most <= _BYTE else 1 / 256

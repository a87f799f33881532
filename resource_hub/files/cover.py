"""A drawn cover for a resource that has no picture of its own."""

from functools import lru_cache
from io import BytesIO

import pylopdf_fonts_zh_cn
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 640, 360  # pixels
_PAPER, _INK, _FAINT = "#fbfaf7", "#1f2933", "#5b6770"
_BAR, _MARGIN = 14, 52
_SHORT, _LONG, _LABEL = 58, 44, 24
_LEADING = 1.36  # of the size of the letters
_QUALITIES = (75, 55, 35)  # the first that keeps the cover below _MOST
_MOST = 15_000  # bytes
_LINES = 4
# What may not begin a line, and what may not end one.
_NOT_FIRST = "，。、；：？！）》〉」』】”’…·,.;:?!)%"
_NOT_LAST = "（《〈「『【“‘("


def drawn_cover(title: str, kind_label: str, subject_label: str, colour: str) -> bytes:
    """Draw a calm cover: a bar in the subject's colour, what it is, and its title.

    Args:
        title: Up to four lines of it are shown, the last one with an ellipsis if need be.
        colour: Such as ``#2f6f4f``.

    Returns:
        A WebP file of 640 x 360 pixels, below 15 kB.
    """
    cover = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    pen = ImageDraw.Draw(cover)
    pen.rectangle((0, 0, _BAR, HEIGHT), fill=colour)
    label = "  ·  ".join(part for part in (subject_label.strip(), kind_label.strip()) if part)
    small = _font(_LABEL)
    pen.text((_MARGIN, 34), _fitted(label, small), font=small, fill=_FAINT)
    title = " ".join(title.split())[:200]  # more than any four lines hold
    size = _SHORT if _font(_SHORT).getlength(title) <= _room() else _LONG
    for number, line in enumerate(_wrapped(title, _font(size))):
        pen.text((_MARGIN, 86 + number * size * _LEADING), line, font=_font(size), fill=_INK)
    written = b""
    for quality in _QUALITIES:
        result = BytesIO()
        cover.save(result, "WEBP", quality=quality)
        written = result.getvalue()
        if len(written) < _MOST:
            break
    return written


def _room() -> int:
    return WIDTH - 2 * _MARGIN


@lru_cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(pylopdf_fonts_zh_cn.sans_path()), size)


def _fitted(text: str, font: ImageFont.FreeTypeFont) -> str:
    """One line that fits, with an ellipsis if something is missing."""
    if font.getlength(text) <= _room():
        return text
    while text and font.getlength(f"{text}…") > _room():
        text = text[:-1]
    return f"{text}…"


def _wrapped(text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    """At most ``_LINES`` lines, broken as Chinese is, and between the words of other scripts."""
    lines: list[str] = []
    while text and len(lines) < _LINES:
        line = _first_line(text, font)
        lines.append(line.strip())
        text = text[len(line) :].lstrip()
    if text:
        lines[-1] = _fitted(f"{lines[-1]}{text}", font)
    return lines


def _first_line(text: str, font: ImageFont.FreeTypeFont) -> str:
    if font.getlength(text) <= _room():
        return text
    length = next(n for n in range(1, len(text) + 1) if font.getlength(text[:n]) > _room()) - 1
    at = length
    while at > 1 and not _may_break(text[at - 1], text[at]):
        at -= 1
    return text[: at if at > 1 else max(1, length)]


def _may_break(before: str, after: str) -> bool:
    if after in _NOT_FIRST or before in _NOT_LAST:
        return False
    inside_a_word = before.isascii() and after.isascii() and before != " " and after != " "
    return not inside_a_word

"""Pages that are pictures: what a school's scanner writes, and what a telephone takes."""

import io

import pylopdf_fonts_zh_cn
import pytest
from PIL import Image, ImageDraw, ImageFont

from resource_hub.files.scans import is_installed

PAGE = (1240, 1754)  # A4 at 150 dots an inch

needs_engine = pytest.mark.skipif(not is_installed(), reason="the extra ocr is not installed")


def scanned_page(text: str, size: tuple[int, int] = PAGE) -> Image.Image:
    """A sheet with these lines, grey on paper that is not quite white."""
    page = Image.new("RGB", size, (246, 244, 238))
    font = ImageFont.truetype(str(pylopdf_fonts_zh_cn.sans_path()), 32)
    ImageDraw.Draw(page).multiline_text((90, 90), text, (40, 40, 48), font, spacing=20)
    return page


def scan(*pages: str) -> bytes:
    """A PDF whose pages are pictures of these texts."""
    drawn = [scanned_page(text) for text in pages]
    result = io.BytesIO()
    drawn[0].save(result, "PDF", save_all=True, append_images=drawn[1:], resolution=150)
    return result.getvalue()


def photograph(text: str, size: tuple[int, int] = (900, 600)) -> bytes:
    """A JPEG of a worksheet."""
    result = io.BytesIO()
    scanned_page(text, size).save(result, "JPEG", quality=85)
    return result.getvalue()

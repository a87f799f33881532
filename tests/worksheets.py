"""Pages that are only pictures, and the dresses in which they come back."""

import io
from collections.abc import Callable, Sequence

import pylopdf_fonts_zh_cn
from PIL import Image, ImageDraw, ImageEnhance, ImageFont, ImageOps

FONT = str(pylopdf_fonts_zh_cn.sans_path())
WORDS = ("声音的产生", "望庐山瀑布", "认识几分之一", "水的三态变化", "北京的春节", "圆的面积")
SLIDE, SHEET = (960, 540), (1000, 1414)


def lettering(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, size)


def worksheet(number: int) -> Image.Image:
    """White paper, a heading, and lines of words of which no two sheets have the same."""
    page = Image.new("RGB", SHEET, "white")
    pen = ImageDraw.Draw(page)
    pen.text((100, 90), WORDS[number % 6], font=lettering(60), fill="black")
    for line in range(9 + number % 3):
        words = "".join(WORDS[(number * 5 + line * (number + 2) + i) % 6] for i in range(3))
        pen.text((100, 240 + 95 * line), words[: 8 + (line * 7 + number * 3) % 9],
                 font=lettering(52), fill="black")  # fmt: skip
    return page


def on_a_picture(number: int) -> Image.Image:
    """A title slide: the same picture behind other words."""
    page = Image.linear_gradient("L").rotate(90).resize(SLIDE).convert("RGB")
    pen = ImageDraw.Draw(page)
    pen.ellipse((650, 60, 900, 310), fill=(240, 210, 90))
    pen.rectangle((0, 440, 960, 540), fill=(40, 90, 60))
    pen.text((60, 210), WORDS[number % 6], font=lettering(64), fill="white")
    pen.text((60, 320), WORDS[(number + 2) % 6] * 2, font=lettering(40), fill="white")
    return page


def as_jpeg(page: Image.Image) -> Image.Image:
    kept = io.BytesIO()
    page.save(kept, "JPEG", quality=40)
    return Image.open(kept)


DRESSES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "smaller": lambda page: page.resize((page.width * 6 // 10, page.height * 6 // 10)),
    "JPEG of quality 40": as_jpeg,
    "grey": ImageOps.grayscale,
    "darker": lambda page: ImageEnhance.Brightness(page).enhance(0.8),
    "paler": lambda page: ImageEnhance.Contrast(page).enhance(0.7),
    "cut at the edges": lambda page: page.crop((12, 10, page.width - 14, page.height - 8)),
    "on larger paper": lambda page: ImageOps.expand(page, 60, "white"),
}


def picture(page: Image.Image, kind: str = "PNG", **how: int) -> bytes:
    kept = io.BytesIO()
    page.save(kept, kind, **how)
    return kept.getvalue()


def scan(pages: Sequence[Image.Image]) -> bytes:
    """A PDF of which each page is a grey picture."""
    kept = io.BytesIO()
    grey = [
        page.convert("L").resize((page.width * 7 // 10, page.height * 7 // 10)) for page in pages
    ]
    grey[0].save(kept, "PDF", save_all=True, append_images=grey[1:], resolution=100, quality=50)
    return kept.getvalue()

"""The one typeface of everything the demo draws or prints."""

from functools import cache
from io import BytesIO

from fontTools import subset  # type: ignore[import-untyped]  # it ships no types
from PIL import ImageFont
from pylopdf_fonts_zh_cn import sans_path

from resource_hub.demo.load import load


@cache
def letters(size: int) -> ImageFont.FreeTypeFont:
    """The typeface for drawing, ``size`` pixels high."""
    return ImageFont.truetype(sans_path(), size)


@cache
def printing_font() -> bytes:
    """An OpenType file with only the characters that the demo's PDFs use.

    The whole typeface has 30,000 characters, and fpdf2 would read and cut it once for each
    document, half a second every time; this cuts it once for all of them.
    """
    printed = {
        file.content + revision.title + resource.byline
        for resource in load().resources
        for revision in resource.revisions
        for file in revision.files
        if file.format == "pdf"
    }
    options = subset.Options(layout_features=[], notdef_outline=True)
    options.drop_tables += ["BASE", "GPOS", "GSUB", "GDEF", "VORG", "vhea", "vmtx"]
    cutter = subset.Subsetter(options)
    cutter.populate(text="".join(printed) + "".join(map(chr, range(32, 127))) + "•·—")
    target = BytesIO()
    with subset.load_font(str(sans_path()), options) as font:
        cutter.subset(font)
        subset.save_font(font, target, options)
    return target.getvalue()

"""A manuscript set by typst, as the bytes of a PDF."""

import json
from dataclasses import asdict
from functools import lru_cache
from importlib import resources
from pathlib import Path

import pylopdf_fonts_zh_cn
import typst

from resource_hub.files.facts import Trouble
from resource_hub.files.guard import Unreadable
from resource_hub.files.typesetting.blocks import Manuscript

_HERE = str(Path(__file__).parent)


def compose(manuscript: Manuscript, pictures: dict[str, str]) -> bytes:
    """Set the pages; the manuscript's words stay literal, whatever they look like.

    Args:
        manuscript: What stands on the pages.
        pictures: Name -> SVG, as ``Pictures.kept``; a picture that is not here is left out.

    Returns:
        A PDF without tags, the same for the same manuscript.

    Raises:
        Unreadable: typst finds no way to set it.
    """
    said = {
        "manuscript": json.dumps(asdict(manuscript), ensure_ascii=False),
        "pictures": json.dumps(pictures),
    }
    return compile_pages(_template(), said)


def compile_pages(source: bytes, said: dict[str, str]) -> bytes:
    """Compile a source of ours with data of others; raises ``Unreadable``."""
    try:
        return typst.compile(  # type: ignore[type-var]  # its stubs want a root like the source
            source,
            root=_HERE,  # no file beside this one can be read, whatever the data refer to
            font_paths=_fonts(),
            sys_inputs=said,
            pdf_tags=False,
            timestamp=0,
        )
    except typst.TypstError as error:
        raise Unreadable(Trouble.DAMAGED) from error


@lru_cache(maxsize=1)
def _template() -> bytes:
    return resources.files(__package__).joinpath("pages.typ").read_bytes()


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The hub's own Chinese fonts, and typst's own for what they lack; none of the machine's."""
    folder = str(Path(pylopdf_fonts_zh_cn.sans_path()).parent)
    return typst.Fonts(include_system_fonts=False, font_paths=[folder])

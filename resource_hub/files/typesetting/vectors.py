"""An SVG as a page: drawn by typst, which runs no scripts, and fetches nothing."""

import re
from pathlib import Path

from resource_hub.files.facts import Trouble
from resource_hub.files.guard import MIB, Unreadable
from resource_hub.files.typesetting.compose import compile_pages

_LARGEST = 8 * MIB  # bytes
_SOURCE = b"""#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg", width: 900pt)
"""
# Whatever is not inside the file itself: other files, other machines.
_ELSEWHERE = re.compile(r"""\b(?:xlink:)?href\s*=\s*(?:"(?!#|data:)[^"]*"|'(?!#|data:)[^']*')""")


def svg_as_pdf(path: Path) -> bytes:
    """A PDF of one page, as large as the drawing; raises ``Unreadable``."""
    content = path.read_bytes() if path.stat().st_size <= _LARGEST else None
    if content is None:
        raise Unreadable(Trouble.TOO_LARGE)
    encoding = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        drawing = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(Trouble.DAMAGED) from error
    return compile_pages(_SOURCE, {"svg": _ELSEWHERE.sub("", drawing)})

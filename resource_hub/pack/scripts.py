"""Data as classic scripts: a page from a stick may load scripts, and nothing else."""

import json
from typing import Any

Plain = Any  # Any: whatever JSON can hold

_LINE_ENDS = str.maketrans({"\u2028": "\\u2028", "\u2029": "\\u2029"})
"""They end a line in the JavaScript of old browsers, also inside a string."""


def script(name: str, content: Plain) -> bytes:
    """Hand ``content`` to the page under ``name``; the same content gives the same bytes."""
    return f'pack.give("{name}",{plain(content)});\n'.encode("utf-8", "replace")


def plain(content: Plain) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).translate(_LINE_ENDS)

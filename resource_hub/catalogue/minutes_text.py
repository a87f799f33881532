"""Minutes as they were written, in Markdown, taken apart for print."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from resource_hub.catalogue.plain import printable

Block = dict[str, object]
"""``kind``, and what belongs to it: see ``blocks``."""

_SCHEMES = ("http://", "https://", "mailto:")
_MARKED = re.compile(r"([\\`*_\[\]<>~|#])")
_BEGINS_A_LIST = re.compile(r"\A(\d{1,9}(?=[.)])|(?=[-+]))")

markdown_it = (
    MarkdownIt("commonmark", {"html": False, "breaks": True})
    .enable(["strikethrough", "table"])
    .disable(["html_block", "html_inline", "image", "reference"])
)
"""As the page reads them, too: no HTML, and no pictures of elsewhere."""


def literal(words: str) -> str:
    """Words that mean nothing in Markdown."""
    return _BEGINS_A_LIST.sub(r"\1\\", _MARKED.sub(r"\\\1", " ".join(words.split())))


@dataclass(frozen=True, slots=True)
class _Look:
    """How the words of a run look."""

    bold: bool = False
    slanted: bool = False
    struck: bool = False
    href: str = ""


def blocks(text: str) -> list[Block]:
    """The blocks of a text, as JSON knows them.

    ``heading`` (``level``, ``runs``), ``paragraph`` (``runs``), ``list`` (``start``, None for
    bullets; ``items``, each a list of blocks), ``quote`` (``blocks``), ``code`` (``text``),
    ``table`` (``rows`` of cells of runs, the first the heading), ``rule``. A run has ``text``,
    ``bold``, ``slanted``, ``struck``, ``code`` and ``href``; a run that is a line feed ends a line.
    """
    return list(_blocks(SyntaxTreeNode(markdown_it.parse(printable(text)))))


def _blocks(parent: SyntaxTreeNode) -> Iterator[Block]:
    for node in parent.children:
        if node.type == "heading":
            yield {"kind": "heading", "level": int(node.tag[1:]), "runs": _runs(node)}
        elif node.type == "paragraph":
            yield {"kind": "paragraph", "runs": _runs(node)}
        elif node.type in {"bullet_list", "ordered_list"}:
            start = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
            items = [list(_blocks(item)) for item in node.children]
            yield {"kind": "list", "start": start, "items": items}
        elif node.type == "blockquote":
            yield {"kind": "quote", "blocks": list(_blocks(node))}
        elif node.type in {"fence", "code_block"}:
            yield {"kind": "code", "text": node.content.rstrip("\n")}
        elif node.type == "hr":
            yield {"kind": "rule"}
        elif node.type == "table":
            rows = [row for part in node.children for row in part.children]
            yield {
                "kind": "table",
                "rows": [[_runs(cell) for cell in row.children] for row in rows],
            }


def _runs(node: SyntaxTreeNode) -> list[Block]:
    return [run for inline in node.children for run in _spans(inline, _Look())]


def _spans(parent: SyntaxTreeNode, look: _Look) -> Iterator[Block]:
    for node in parent.children:
        if node.type in {"softbreak", "hardbreak"}:
            yield _run("\n", look)
        elif node.type == "code_inline":
            yield _run(node.content, look, code=True)
        elif node.children:
            yield from _spans(node, _within(node, look))
        elif node.content:
            yield _run(node.content, look)


def _within(node: SyntaxTreeNode, look: _Look) -> _Look:
    href = str(node.attrs.get("href", "")) if node.type == "link" else look.href
    return _Look(
        bold=look.bold or node.type == "strong",
        slanted=look.slanted or node.type == "em",
        struck=look.struck or node.type == "s",
        href=href if href.startswith(_SCHEMES) else "",
    )


def _run(text: str, look: _Look, *, code: bool = False) -> Block:
    return {
        "text": text,
        "bold": look.bold,
        "slanted": look.slanted,
        "struck": look.struck,
        "code": code,
        "href": look.href,
    }

"""What people write to each other: Markdown in, harmless HTML out."""

import re

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

from resource_hub.catalogue.minutes_text import markdown_it as minutes_it
from resource_hub.edge.words import paragraphs

MOST = 10_000
"""Characters that are read as Markdown; what is longer is shown as it was typed."""

TAGS = frozenset(
    {"a", "blockquote", "br", "code", "em", "hr", "li", "ol", "p", "pre", "s", "strong", "ul"}
    | {"table", "tbody", "td", "th", "thead", "tr"}
)

_WITHOUT = ["heading", "html_block", "html_inline", "image", "lheading", "reference"]
"""A comment has no headings beside those of the page, and pictures would tell others who reads."""

_TURNS_WRITING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Signs that let a line read otherwise than it is."""

_markdown = (
    MarkdownIt("commonmark", {"html": False, "breaks": True})
    .enable(["strikethrough", "table"])
    .disable(_WITHOUT)
)


def markdown(text: str) -> Markup:
    """Emphasis, lists, quotes, code, tables and links; HTML is shown as it was typed.

    Two guards: the reader of Markdown escapes HTML, and what it writes passes a list of tags and
    of schemes of links besides.
    """
    text = _readable(text)
    return paragraphs(text) if len(text) > MOST else _cleaned(_markdown.render(text), TAGS)


def minutes(text: str) -> Markup:
    """The same with headings, which stand below the second one of the page.

    As long as ``domain.discussion_round`` allows: 20,000 characters.
    """
    tokens = minutes_it.parse(_readable(text))
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = _BELOW.get(token.tag, "h5")
    html = minutes_it.renderer.render(tokens, minutes_it.options, {})
    return _cleaned(html, TAGS | frozenset(_BELOW.values()) | {"h5"})


_BELOW = {"h1": "h3", "h2": "h3", "h3": "h4"}
"""The minutes' own headings, as those of the page."""


def _readable(text: str) -> str:
    return _TURNS_WRITING.sub("", text.replace("\r\n", "\n"))


def _cleaned(html: str, tags: frozenset[str]) -> Markup:
    return Markup(  # noqa: S704 - cleaned by nh3 in this very line
        nh3.clean(
            html,
            tags=set(tags),
            attributes={"a": {"href"}},
            url_schemes={"http", "https", "mailto"},
            link_rel="nofollow noopener noreferrer",
        )
    )

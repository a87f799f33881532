"""Text out of plain text and of web pages, whatever their encoding."""

import re
from html.parser import HTMLParser
from typing import BinaryIO

from resource_hub.files.charset import text_encoding
from resource_hub.files.facts import Trouble
from resource_hub.files.gathering import Gathering
from resource_hub.files.guard import MIB, Unreadable

_MOST = 8 * MIB  # bytes read of a file: enough for the characters that are kept, tags included
_CUT = 4  # bytes that may be left of a character where reading ended
_DECLARED = re.compile(rb"""charset\s*=\s*["']?([\w-]{3,20})""", re.ASCII | re.IGNORECASE)
_CHINESE = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5hkscs"}
_SILENT = {"script", "style", "template", "noscript", "iframe", "object", "svg"}
_ABOVE = {"rt", "rp", "rtc"}  # the reading above a character, which would cut its word in two
_RUBY = {*_ABOVE, "rb", "ruby"}
_LINES = re.compile(
    "address|article|aside|blockquote|br|caption|d[dlt]|div|figcaption|figure|footer|form|h[1-6r]"
    "|header|li|main|nav|[ou]l|option|p|pre|section|table|title|tr"
)


def read_text(stream: BinaryIO, gathering: Gathering) -> None:
    """Gather plain text as it is; raises ``Unreadable`` for what is none."""
    gathering.add(_decoded(_head(stream)))


def read_html(stream: BinaryIO, gathering: Gathering) -> None:
    """Gather what a web page shows, without tags, scripts and styles."""
    gathering.add(html_text(_head(stream)))


def read_svg(stream: BinaryIO, gathering: Gathering) -> None:
    """Gather the words in a drawing, its title and its description."""
    reader = _Drawing()
    reader.feed(_decoded(_head(stream)))
    reader.close()
    gathering.add("".join(reader.out))


def html_text(head: bytes) -> str:
    """What a web page shows; raises ``Unreadable`` for what is no text."""
    declared = _DECLARED.search(head[:4096])
    codec = _CHINESE.get(declared.group(1).decode().lower()) if declared else None
    reader = _Page()
    # A page that says Chinese and is valid UTF-8 was converted by someone who forgot the label.
    page = head.decode(codec, "replace") if codec and not _is_utf8(head) else _decoded(head)
    reader.feed(_closed(page))
    reader.close()
    return re.sub(" *\n *", "\n", re.sub("  +", " ", "".join(reader.out)))


def _closed(page: str) -> str:
    """The page without what never ends: from each such place the parser would look to the end.

    A comment that is never closed hides the rest, as in a browser; after the last tag is text.
    """
    page = page.replace("<![", "<! ")  # what a browser takes for a comment up to the next >
    hidden = page.find("<!--", page.rfind("-->") + 1)
    page = page if hidden < 0 else page[:hidden]
    ended = page.rfind(">") + 1
    return page[:ended] + page[ended:].replace("<", "&lt;")


def _head(stream: BinaryIO) -> bytes:
    stream.seek(0)
    return stream.read(_MOST)


def _decoded(head: bytes) -> str:
    codec = text_encoding(head)
    if codec is None:
        raise Unreadable(Trouble.DAMAGED)
    try:
        return head.decode(codec)
    except UnicodeDecodeError as error:
        # Plain letters for a long while, then Chinese: it is the Chinese that tells the encoding.
        rest = head[error.start :]
        if codec == "utf-8" and len(rest) > _CUT:
            codec = text_encoding(rest) or codec
    return head.decode(codec, "replace")


def _is_utf8(head: bytes) -> bool:
    return (text_encoding(head) or "").startswith("utf-8")


class _Page(HTMLParser):
    """Listens to the events of a web page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self._silent = 0
        self._is_above = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the base class decides
        self._silent += tag in _SILENT
        if tag in _RUBY or _LINES.fullmatch(tag):
            self._is_above = tag in _ABOVE  # its end may be left out
        if _LINES.fullmatch(tag):
            self.out.append("\n")
        elif tag in {"td", "th"}:
            self.out.append("\t")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the base class decides
        if _LINES.fullmatch(tag):
            self.out.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _RUBY or _LINES.fullmatch(tag):
            self._is_above = False
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif _LINES.fullmatch(tag):
            self.out.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent and not self._is_above:
            self.out.append(re.sub(r"\s+", " ", data))


class _Drawing(HTMLParser):
    """Listens to the words of a drawing; as a web page, since entities do no harm there."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self._worded = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        name = tag.rpartition(":")[2]
        self._worded += name in _WORDED
        if name in _WORDED or (name == "tspan" and any(each in {"x", "y"} for each, _ in attrs)):
            self.out.append("\n")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element without words."""

    def handle_endtag(self, tag: str) -> None:
        if tag.rpartition(":")[2] in _WORDED:
            self._worded = max(0, self._worded - 1)
            self.out.append("\n")

    def handle_data(self, data: str) -> None:
        if self._worded:
            self.out.append(re.sub(r"\s+", " ", data).lstrip(" " if self._ends_line() else ""))

    def _ends_line(self) -> bool:
        return self.out[-1:] == ["\n"]


_WORDED = {"text", "title", "desc", "foreignobject"}

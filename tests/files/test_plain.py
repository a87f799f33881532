"""Exact text out of plain files and web pages."""

import base64

import pytest

from resource_hub.files.facts import Trouble
from tests.files import made
from tests.files.conftest import FactsOf

POEM = "静夜思\n床前明月光，\n疑是地上霜。"
VERSE = "靜夜思\n床前明月光，\n疑是地上霜。"


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (POEM, "utf-8"),
        (POEM, "utf-8-sig"),
        (POEM, "utf-16"),
        (POEM, "gb18030"),
        (VERSE, "big5"),
        (VERSE, "gbk"),
    ],
)
def test_text_is_read_in_any_encoding(facts_of: FactsOf, text: str, codec: str) -> None:
    facts = facts_of(text.encode(codec), "诗.txt")
    assert (facts.file_type.code, facts.text, facts.trouble) == ("txt", text, None)


def test_lines_end_alike_and_control_characters_go(facts_of: FactsOf) -> None:
    assert facts_of(b"a\r\nb\rc \x0c d\x1b[0m\n\n\n\ne", "a.txt").text == "a\nb\nc\n d[0m\n\ne"


def test_chinese_after_a_long_plain_beginning_is_found(facts_of: FactsOf) -> None:
    content = b"plain words\n" * 6_000 + "举头望明月，低头思故乡。".encode("gb18030")
    assert facts_of(content, "a.txt").text.endswith("\n举头望明月，低头思故乡。")


def test_tables_and_markdown_stay_as_they_are_written(facts_of: FactsOf) -> None:
    assert facts_of("题名,作者\n静夜思,李白".encode(), "a.csv").text == "题名,作者\n静夜思,李白"
    assert facts_of("# 静夜思\n* 李白".encode(), "a.md").text == "# 静夜思\n* 李白"


PAGE = """<!DOCTYPE html><html><head><meta charset="{}"><title>静夜思</title>
<style>p {{ color: red }}</style><script>alert("x")</script></head>
<body><h1>静夜思</h1><p>床前<b>明月</b>光，<br>疑是 &lt;地上&gt;   霜。</p>
<table><tr><td>举头</td><td>低头</td></tr></table></body></html>"""
SHOWN = "静夜思\n\n静夜思\n\n床前明月光，\n疑是 <地上> 霜。\n\n\t举头\t低头"


@pytest.mark.parametrize("codec", ["utf-8", "gb2312", "big5"])
def test_web_pages_give_what_they_show(facts_of: FactsOf, codec: str) -> None:
    shown = SHOWN.replace("举头", "月光").replace("低头", "地上").replace("静", "月")
    page = PAGE.replace("举头", "月光").replace("低头", "地上").replace("静", "月")
    facts = facts_of(page.format(codec).encode(codec), "a.html")
    assert (facts.file_type.code, facts.text) == ("html", shown)


def test_what_a_web_page_never_closes_is_no_riddle(facts_of: FactsOf) -> None:
    for page, text in (
        ("<p>床前</p><!-- 明月 <p>光", "床前"),
        ("<p>床前</p><!-- 明月 --><p>光", "床前\n\n光"),
        ("<p>床前</p>1 < 2 & 3", "床前\n1 < 2 & 3"),
        ("<p>床前<![if !supportLists]>·<![endif]>明月</p>", "床前·明月"),
    ):
        assert facts_of(f"<!DOCTYPE html><html>{page}".encode(), "a.html").text == text


def test_files_without_a_reader_say_so(facts_of: FactsOf) -> None:
    for name, content in (
        ("a.swf", b"FWS\x09"),
        ("a.bin", bytes(9)),
        ("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"),
    ):
        facts = facts_of(content, name)
        assert (facts.text, facts.trouble) == ("", Trouble.UNSUPPORTED)


def test_a_drawing_has_no_trouble_for_it_is_drawn_later(facts_of: FactsOf) -> None:
    facts = facts_of(b"<svg/>", "a.svg")
    assert (facts.file_type.code, facts.text, facts.trouble) == ("svg", "", None)


def test_an_empty_file_says_so(facts_of: FactsOf) -> None:
    assert facts_of(b"", "a.docx").trouble is Trouble.EMPTY


def test_a_password_stops_before_anything_is_read(facts_of: FactsOf) -> None:
    facts = facts_of(made.ole("EncryptedPackage"), "a.docx")
    assert (facts.file_type.code, facts.trouble) == ("docx", Trouble.ENCRYPTED)


@pytest.mark.parametrize(
    "ruby",
    [
        "<ruby>床<rp>(</rp><rt>chuáng</rt><rp>)</rp>前<rt>qián</rt></ruby>明月光",
        "<ruby>床<rt>chuáng<rb>前<rt>qián</ruby>明月光",
        "<ruby><rb>床前<rtc><rt>chuáng<rt>qián</rtc></ruby>明月光",
    ],
)
def test_the_reading_above_a_character_does_not_cut_its_word(facts_of: FactsOf, ruby: str) -> None:
    page = f"<!doctype html><p>{ruby}<p>疑是地上霜"
    assert facts_of(page.encode(), "a.html").text == "床前明月光\n疑是地上霜"


def test_a_drawing_gives_its_words(facts_of: FactsOf) -> None:
    drawing = (
        '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000">'
        '<title>水循环</title><style>text { fill: red }</style><path d="M0 0"/>stray'
        '<text x="1">蒸<tspan>发</tspan><tspan x="1" dy="1em">凝结</tspan></text>'
        "<text>&a;降水</text>"
        "<script>alert(1)</script></svg>"
    )
    facts = facts_of(drawing.encode(), "a.svg")
    assert facts.text == "水循环\n\n蒸发\n凝结\n\n&a;降水"
    assert (facts.file_type.code, facts.trouble) == ("svg", None)


def test_a_web_page_in_one_file_is_read_whatever_it_is_called(facts_of: FactsOf) -> None:
    page = base64.encodebytes(
        '<html><meta charset="gb2312"><p>第一课 静夜思</p></html>'.encode("gb18030")
    ).decode()
    saved = (
        'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="----=_a"\n\n'
        "------=_a\nContent-Type: text/html\nContent-Transfer-Encoding: base64\n\n"
        f"{page}\n------=_a\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\n"
        "iVBORw0KGgo=\n------=_a--\n"
    )
    facts = facts_of(saved.encode(), "教案.doc")
    assert (facts.text, facts.file_type.code, facts.file_type.misnamed, facts.trouble) == (
        "第一课 静夜思", "mht", False, None,
    )  # fmt: skip
    nothing = saved.replace("text/html", "text/plain").encode()
    assert facts_of(nothing, "教案.mht").trouble is Trouble.DAMAGED

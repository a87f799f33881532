"""Exact text out of RTF."""

import pytest

from resource_hub.files.facts import Trouble
from tests.files.conftest import FactsOf

FONTS = (
    r"{\fonttbl{\f0\froman\fcharset0 Times New Roman;}{\f1\fnil\fcharset134 \'cb\'ce\'cc\'e5;}"
    r"{\f2\fnil\fcharset136 PMingLiU;}{\f3\fcharset204 Arial;}}"
)


def rtf(body: str, *, page: int = 936) -> bytes:
    return rf"{{\rtf1\ansi\ansicpg{page}\deff0{FONTS}{body}}}".encode("latin-1")


def hexed(text: str, codec: str) -> str:
    return "".join(rf"\'{byte:02x}" for byte in text.encode(codec))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (r"\pard Hello\par world", "Hello\nworld"),
        (rf"\f1 {hexed('教案', 'gbk')}\par {hexed('静夜思', 'gbk')}", "教案\n静夜思"),
        (rf"{{\f2 {hexed('靜夜思', 'big5')}}}\f1{hexed('静', 'gbk')}", "靜夜思静"),
        (rf"{{\f3 {hexed('Урок', 'cp1251')}}}", "Урок"),
        (hexed("教案", "gbk"), "教案"),
        ("\\u25945?\\u26696?{\\uc2\\u-24616\\'a1\\'a1\\'41}", "教案鿘A"),
        (r"\u-10179?\u-8704?", "😀"),
        (r"a\tab b\line c\~d\_e\{f\}\\\emdash ", "a\tb\nc d-e{f}\\—"),
        (r"\trowd a\cell b\cell\row c\cell d\cell\row", "a\tb\nc\td"),
        (r"{\header \pard Kopf\par}Text{\footnote note}", "Kopf\nText note"),
        (r"{\*\generator WPS;}{\info{\title no}}{\pict\pngblip 89504e47}x", "x"),
        (r"{\field{\*\fldinst HYPERLINK no}{\fldrslt link}}", "link"),
        (r"{\shp{\*\shpinst{\sp{\sn a}{\sv b}}{\shptxt box\par}}{\shprslt box}}", "box"),
        (r"{\pict\bin4 }}}}}x", "x"),
        (
            r"{\field{\*\fldinst {EQ \\o(\\s\\up 9(chu\u225?ng),\u24202?)}}{\fldrslt }}\u21069?",
            "床前",
        ),
        (r"a{\field{\*\fldinst PAGE", "a"),
        (r"a{\deleted b}\deleted c\deleted0 d\deleted e\plain f", "adf"),
        (
            (
                r"x={\mmath{\*\moMath{\mf{\mfPr{\mtype bar}}{\mnum 1}{\mden{\mr a}{\mr +b}}}"
                r"{\mnary{\mnaryPr{\mchr \u8721?}}{\me{\mr n}}}}}"
            ),
            "x=1/(a+b)∑n",
        ),
    ],
)
def test_what_a_reader_sees_comes_out(facts_of: FactsOf, body: str, text: str) -> None:
    facts = facts_of(rtf(body), "a.rtf")
    assert (facts.file_type.code, facts.text, facts.trouble) == ("rtf", text, None)


def test_a_second_byte_that_is_a_letter_belongs_to_its_character(facts_of: FactsOf) -> None:
    assert "\u4e02".encode("gbk") == b"\x81\x40"
    assert facts_of(rtf(r"\f1 \'81@x"), "a.rtf").text == "丂x"


def test_the_page_of_the_file_counts_where_no_font_says_more(facts_of: FactsOf) -> None:
    assert facts_of(rtf(hexed("靜夜思", "big5"), page=950), "a.rtf").text == "靜夜思"
    assert facts_of(rtf(r"caf\'e9", page=1252), "a.rtf").text == "café"
    assert facts_of(rtf(r"caf\'e9", page=77777), "a.rtf").text == "café"


def test_a_doc_that_is_rtf_inside_is_read_and_no_lie(facts_of: FactsOf) -> None:
    facts = facts_of(rtf("words"), "a.doc")
    assert (facts.file_type.code, facts.file_type.misnamed, facts.text) == ("rtf", False, "words")


def test_a_picture_alone_has_no_text(facts_of: FactsOf) -> None:
    assert facts_of(rtf(r"{\pict ffd8}"), "a.rtf").trouble is Trouble.NO_TEXT


def test_groups_without_end_are_damage(facts_of: FactsOf) -> None:
    assert facts_of(b"{\\rtf1 " + b"{" * 10_000, "a.rtf").trouble is Trouble.DAMAGED
    whole = rtf(rf"\f1 {hexed('教案', 'gbk')}\u25945?{{\pict\bin99999 }}x")
    for length in range(6, len(whole)):
        assert facts_of(whole[:length], "a.rtf").trouble in {None, Trouble.NO_TEXT}

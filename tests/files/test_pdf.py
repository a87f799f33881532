"""Exact text and a first page out of PDF files."""

import io

import fpdf
from PIL import Image

from resource_hub.files.facts import Trouble
from resource_hub.files.pdf import unwrapped
from tests.files import made
from tests.files.conftest import FactsOf


def test_each_page_gives_its_text_and_the_first_a_picture(facts_of: FactsOf) -> None:
    facts = facts_of(made.pdf("静夜思", "床前明月光"), "a.pdf")
    assert facts.text == "静夜思\n\n床前明月光"
    assert [(part.place, part.start) for part in facts.parts] == [("page 1", 0), ("page 2", 5)]
    assert (facts.pages, facts.trouble) == (2, None)
    assert facts.thumbnail is not None
    with Image.open(io.BytesIO(facts.thumbnail)) as picture:
        assert (picture.format, picture.size) == ("WEBP", (453, 640))


def test_a_scan_has_a_picture_and_says_that_it_has_no_text(facts_of: FactsOf) -> None:
    scan = fpdf.FPDF()
    scan.add_page()
    scan.image(io.BytesIO(made.picture("PNG", (200, 100))))
    facts = facts_of(bytes(scan.output()), "a.pdf")
    assert (facts.text, facts.pages, facts.trouble) == ("", 1, Trouble.NO_TEXT)
    assert facts.thumbnail is not None


def test_a_password_is_said(facts_of: FactsOf) -> None:
    facts = facts_of(made.pdf("x", password="secret"), "a.pdf")
    assert (facts.trouble, facts.pages) == (Trouble.ENCRYPTED, None)


def test_a_cut_file_is_damaged(facts_of: FactsOf) -> None:
    content = made.pdf("x")
    assert facts_of(content[: len(content) // 2], "a.pdf").trouble is Trouble.DAMAGED


def test_chinese_lines_are_joined_where_the_page_was_too_narrow() -> None:
    wrapped = "在直角三角形中，两条直角边的平方和等于斜边的平方，这就是著名的勾股\r\n定理。\r\n证明"
    assert unwrapped(wrapped).endswith("这就是著名的勾股定理。\n证明")
    assert unwrapped("教学目标\r\n一、知识与技能，过程与方法，情感态度价值观") == (
        "教学目标\n一、知识与技能，过程与方法，情感态度价值观"
    )
    assert unwrapped("a hy\ufffe\r\nphen") == "a hyphen"


def by_hand(*objects: str) -> bytes:
    """A PDF of one page, whose first object is the catalogue; its list of places is left out."""
    body = "".join(f"{number} 0 obj{each}endobj\n" for number, each in enumerate(objects, start=1))
    return f"%PDF-1.7\n{body}trailer<</Root 1 0 R>>".encode("latin-1")


def test_what_is_filled_into_a_form_and_typed_onto_a_page_is_read(facts_of: FactsOf) -> None:
    content = by_hand(
        "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R 6 0 R 7 0 R]>>>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Annots[5 0 R 6 0 R 7 0 R 8 0 R 9 0 R]>>",
        "<</T(phone)/FT/Tx/Kids[5 0 R]/V(Call 13812345678)>>",
        "<</Type/Annot/Subtype/Widget/Parent 4 0 R/Rect[9 9 90 20]>>",
        "<</Type/Annot/Subtype/Widget/FT/Ch/Ff 131072/T(c)/Opt[(no)(yes)]/V(yes)/Rect[9 3 9 4]>>",
        "<</Type/Annot/Subtype/Widget/FT/Btn/T(b)/V/Off/Rect[9 50 90 60]>>",
        "<</Type/Annot/Subtype/FreeText/Contents<FEFF6559684800620078>/Rect[9 70 90 80]>>",
        "<</Type/Annot/Subtype/Text/Contents(what a reader noted)/Rect[9 90 90 99]>>",
    )
    facts = facts_of(content, "表.pdf")
    assert facts.text == "Call 13812345678\nyes\n教案bx"
    assert [(part.place, part.start) for part in facts.parts] == [("page 1", 0)]
    assert [finding.masked for finding in facts.findings] == ["138******78"]
    assert facts.trouble is None


def test_shapes_without_their_meaning_are_no_text(facts_of: FactsOf) -> None:
    whole = made.pdf("床前明月光，疑是地上霜。")
    assert facts_of(whole, "a.pdf").text == "床前明月光，疑是地上霜。"
    without = whole.replace(b"/ToUnicode", b"/ToNothing")
    assert without != whole
    facts = facts_of(without, "a.pdf")
    assert (facts.text, facts.trouble) == ("", Trouble.NO_TEXT)

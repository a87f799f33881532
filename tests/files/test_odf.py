"""Exact text out of OpenDocument and EPUB."""

from resource_hub.files.facts import Trouble
from tests.files import made, made_old
from tests.files.conftest import FactsOf
from tests.files.made_old import epub, open_document


def p(text: str) -> str:
    return f"<text:p>{text}</text:p>"


def row(*cells: str) -> str:
    inside = "".join(f"<table:table-cell>{p(cell)}</table:table-cell>" for cell in cells)
    return f"<table:table-row>{inside}</table:table-row>"


def test_a_document_gives_paragraphs_tables_boxes_and_headers(facts_of: FactsOf) -> None:
    body = (
        "<text:h>教学目标</text:h>"
        + p("认识<text:span>直角</text:span>三角形<text:tab/>一<text:s text:c='2'/>二")
        + p("三<text:line-break/>四")
        + row("环节", "时间")
        + row("导入", "5")
        + p(f"前<draw:frame><draw:text-box>{p('框中的字')}</draw:text-box></draw:frame>")
        + "<text:tracked-changes>"
        + p("删去的")
        + "</text:tracked-changes>"
    )
    styles = f"<style:header>{p('实验小学')}</style:header><style:footer-left>{p('实验小学')}"
    styles += f"</style:footer-left>{p('样式')}"
    facts = facts_of(open_document("text", body, styles=styles), "教案.odt")
    assert facts.text == (
        "教学目标\n认识直角三角形\t一  二\n三\n四\n环节\t时间\n导入\t5\n前\n框中的字\n\n实验小学"
    )
    assert (facts.file_type.code, facts.trouble, facts.parts) == ("odt", None, ())


def test_slides_know_their_places_and_bring_their_notes(facts_of: FactsOf) -> None:
    notes = f"<presentation:notes>{p('先提问')}</presentation:notes>"
    body = f"<draw:page>{p('静夜思')}{notes}</draw:page><draw:page/>"
    body += f"<draw:page>{p('李白')}</draw:page>"
    facts = facts_of(open_document("presentation", body), "课件.odp")
    assert facts.text == "静夜思\n先提问\n\n李白"
    assert [part.place for part in facts.parts] == ["slide 1", "slide 3"]
    assert (facts.file_type.code, facts.pages) == ("odp", 3)


def test_a_password_is_said(facts_of: FactsOf) -> None:
    content = open_document("text", "", manifest="<manifest:encryption-data/>")
    assert facts_of(content, "a.odt").trouble is Trouble.ENCRYPTED
    content = open_document("presentation", "", manifest="<manifest:encryption-data/>")
    assert facts_of(content, "a.odp").trouble is Trouble.ENCRYPTED
    content = open_document("spreadsheet", "", manifest="<manifest:encryption-data/>")
    assert facts_of(content, "a.ods").trouble is Trouble.ENCRYPTED


def test_macros_are_noticed(facts_of: FactsOf) -> None:
    content = made.packed(
        {
            "mimetype": made_old.OPEN_DOCUMENT + "text",
            "content.xml": "<a/>",
            "Basic/Standard/Module1.xml": "<b/>",
        },
        stored=True,
    )
    assert facts_of(content, "a.odt").file_type.macros


def test_a_document_without_content_is_damaged(facts_of: FactsOf) -> None:
    content = made.packed({"mimetype": made_old.OPEN_DOCUMENT + "text"}, stored=True)
    assert facts_of(content, "a.odt").trouble is Trouble.DAMAGED


def test_a_book_is_read_in_its_order(facts_of: FactsOf) -> None:
    facts = facts_of(epub("<p>第二章</p>", "<h1>第一章</h1><p>床前<b>明月</b>光</p>"), "书.epub")
    assert (facts.file_type.code, facts.trouble) == ("epub", None)
    assert facts.text == "第一章\n\n床前明月光\n\n第二章"


def test_a_book_without_a_list_is_read_by_name(facts_of: FactsOf) -> None:
    content = made.packed(
        {"mimetype": "application/epub+zip", "b.xhtml": "<p>二</p>", "a.html": "<p>一</p>"},
        stored=True,
    )
    assert facts_of(content, "a.epub").text == "一\n\n二"


def test_a_book_bound_to_one_reader_says_so_and_hidden_fonts_do_not_matter(
    facts_of: FactsOf,
) -> None:
    locked = epub("<p>x</p>", locks="OEBPS/text/p 0.xhtml")
    assert facts_of(locked, "a.epub").trouble is Trouble.ENCRYPTED
    assert facts_of(epub("<p>x</p>", locks="OEBPS/font.ttf"), "a.epub").text == "x"


def test_a_book_that_was_packed_by_hand_is_one_all_the_same(facts_of: FactsOf) -> None:
    content = made.packed({"META-INF/container.xml": "<container/>", "1.xhtml": "<p>第一章</p>"})
    facts = facts_of(content, "书.epub")
    assert (facts.file_type.code, facts.file_type.misnamed, facts.text) == ("epub", False, "第一章")

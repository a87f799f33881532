"""Exact text out of documents and slides."""

import pytest

from resource_hub.files.facts import Trouble
from tests.files import made
from tests.files.conftest import FactsOf


def line(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def test_a_document_gives_paragraphs_table_and_header(facts_of: FactsOf) -> None:
    content = made.document(
        "教学目标", "认识直角三角形", header="实验小学", table=[["环节", "时间"], ["导入", "5"]]
    )
    facts = facts_of(content, "教案.docx")
    assert facts.text == "教学目标\n认识直角三角形\n环节\t时间\n导入\t5\n\n实验小学"
    assert (facts.parts, facts.pages, facts.trouble) == ((), None, None)


def test_text_boxes_are_read_once_and_do_not_cut_their_paragraph(facts_of: FactsOf) -> None:
    box = f"<w:txbxContent>{line('框中的字')}</w:txbxContent>"
    body = (
        "<w:p><w:r><w:t>前</w:t></w:r><w:r><mc:AlternateContent xmlns:mc='m'>"
        f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
        "</mc:AlternateContent></w:r><w:r><w:t>后</w:t></w:r></w:p>" + line("完")
    )
    assert facts_of(made.document_of(body), "a.docx").text == "前后\n框中的字\n完"


def test_pinyin_above_the_characters_does_not_cut_the_words(facts_of: FactsOf) -> None:
    ruby = "".join(
        f"<w:r><w:ruby><w:rt><w:r><w:t>{above}</w:t></w:r></w:rt>"
        f"<w:rubyBase><w:r><w:t>{base}</w:t></w:r></w:rubyBase></w:ruby></w:r>"
        for above, base in (("chuáng", "床"), ("qián", "前"))
    )
    assert facts_of(made.document_of(f"<w:p>{ruby}</w:p>"), "a.docx").text == "床前"


def test_strict_documents_are_read_like_others(facts_of: FactsOf) -> None:
    content = made.document_of(line("严格"), namespace=made.STRICT)
    assert facts_of(content, "a.docx").text == "严格"


def test_notes_and_breaks_are_kept_and_deleted_words_are_not(facts_of: FactsOf) -> None:
    body = (
        "<w:p><w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t>"
        "<w:delText>删</w:delText><w:instrText>PAGE</w:instrText></w:r></w:p>"
    )
    notes = f'<w:footnotes xmlns:w="{made.WORD}">{line("脚注")}</w:footnotes>'
    content = made.document_of(body, footnotes=notes)
    assert facts_of(content, "a.docx").text == "甲\t乙\n丙\n\n脚注"


def test_control_characters_never_come_through(facts_of: FactsOf) -> None:
    body = line("a\u200bb\u0085c\ufeffd")
    assert facts_of(made.document_of(body), "a.docx").text == "ab\ncd"


def test_a_document_without_a_word_says_so(facts_of: FactsOf) -> None:
    facts = facts_of(made.document_of(""), "a.docx")
    assert (facts.text, facts.trouble) == ("", Trouble.NO_TEXT)


def test_slides_know_their_places(facts_of: FactsOf) -> None:
    facts = facts_of(made.slides("第一张", "", "第三张", notes="提问"), "课件.pptx")
    assert facts.text == "第一张\n\n提问\n\n第三张"
    assert [(part.place, facts.text[part.start :][:3]) for part in facts.parts] == [
        ("slide 1", "第一张"),
        ("slide 3", "第三张"),
    ]
    assert (facts.pages, facts.trouble) == (3, None)


def test_slides_come_in_the_order_of_the_show(facts_of: FactsOf) -> None:
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    slide = '<p:sld xmlns:p="p" xmlns:a="a"><a:p><a:r><a:t>{}</a:t></a:r></a:p></p:sld>'
    content = made.packed(
        {
            "[Content_Types].xml": made.TYPES,
            "ppt/presentation.xml": (
                '<p:presentation xmlns:p="p" xmlns:r="r"><p:sldIdLst>'
                '<p:sldId id="256" r:id="two"/><p:sldId id="257" r:id="one"/>'
                "</p:sldIdLst></p:presentation>"
            ),
            "ppt/_rels/presentation.xml.rels": (
                "<Relationships>"
                f'<Relationship Id="one" Type="{office}/slide" Target="slides/slide1.xml"/>'
                f'<Relationship Id="two" Type="{office}/slide" Target="/ppt/slides/slide2.xml"/>'
                "</Relationships>"
            ),
            "ppt/slides/slide1.xml": slide.format("后"),
            "ppt/slides/slide2.xml": slide.format("先"),
        }
    )
    assert facts_of(content, "a.pptx").text == "先\n\n后"


def test_long_documents_are_kept_up_to_the_limit(facts_of: FactsOf) -> None:
    content = made.document_of(line("春" * 99) * 2_500)
    facts = facts_of(content, "a.docx")
    assert len(facts.text) == 200_000
    assert facts.text[:101] == "春" * 99 + "\n春"


@pytest.mark.parametrize(
    ("body", "trouble"),
    [
        ("<w:p><w:r><w:t>never closed", Trouble.DAMAGED),
        ("<w:p>" * 3_000 + "</w:p>" * 3_000, Trouble.DAMAGED),
        ("&boom;", Trouble.DAMAGED),
        (" " * (65 * 1024 * 1024), Trouble.TOO_LARGE),
    ],
    ids=["cut", "deep", "entity", "bomb"],
)
def test_bad_documents_have_a_trouble(facts_of: FactsOf, body: str, trouble: Trouble) -> None:
    facts = facts_of(made.document_of(body), "a.docx")
    assert (facts.file_type.code, facts.trouble, facts.text) == ("docx", trouble, "")


def test_entities_are_refused(facts_of: FactsOf) -> None:
    xml = (
        '<!DOCTYPE d [<!ENTITY a "lol"><!ENTITY b SYSTEM "file:///etc/hostname">]>'
        f'<w:document xmlns:w="{made.WORD}"><w:p><w:r><w:t>&a;&b;</w:t></w:r></w:p></w:document>'
    )
    content = made.packed({"[Content_Types].xml": made.TYPES, "word/document.xml": xml})
    facts = facts_of(content, "a.docx")
    assert (facts.text, facts.trouble) == ("", Trouble.DAMAGED)


def test_films_inside_slides_may_be_of_any_size(facts_of: FactsOf) -> None:
    content = made.packed(
        {
            "[Content_Types].xml": made.TYPES,
            "word/document.xml": f'<w:d xmlns:w="{made.WORD}">{line("有视频")}</w:d>',
            "word/media/film.mp4": bytes(70 * 1024 * 1024),
        }
    )
    assert facts_of(content, "a.docx").text == "有视频"


def test_a_file_of_too_many_members_is_not_opened(facts_of: FactsOf) -> None:
    members: dict[str, str | bytes] = {f"word/{number}.xml": "" for number in range(5_001)}
    content = made.packed({"[Content_Types].xml": made.TYPES, **members})
    assert facts_of(content, "a.docx").trouble is Trouble.TOO_LARGE


def test_a_footer_that_only_counts_pages_is_left_out(facts_of: FactsOf) -> None:
    footer = f'<w:ftr xmlns:w="{made.WORD}">{line("- 1 -")}</w:ftr>'
    assert facts_of(made.document_of(line("正文"), footer1=footer), "a.docx").text == "正文"


def field(instruction: str, result: str = "") -> str:
    turn = "<w:r><w:fldChar w:fldCharType='{}'/></w:r>".format
    shown = turn("separate") + f"<w:r><w:t>{result}</w:t></w:r>" if result else ""
    told = f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
    return turn("begin") + told + shown + turn("end")


def test_characters_below_pinyin_that_stand_in_a_field_are_read(facts_of: FactsOf) -> None:
    """Word's phonetic guide writes such fields into every file that was a doc once."""
    pinyin = "".join(
        field(r'EQ \* jc2 \* "Font:宋体" \o\ad(\s\up 9(' + f"{above}),{base})")
        for above, base in (("chuáng", "床"), ("qián", "前"))
    )
    body = f"<w:p>{pinyin}<w:r><w:t>明月光</w:t></w:r></w:p>"
    assert facts_of(made.document_of(body), "a.docx").text == "床前明月光"


def test_a_field_is_its_result_and_an_equation_without_one_is_shown(facts_of: FactsOf) -> None:
    half = field(r"eq \f(1,2)")
    body = (
        f"<w:p>{field('PAGE', '3')}</w:p><w:p>{field('EQ x', 'y')}</w:p><w:p>{field('TOC')}</w:p>"
        f"<w:p>{half}<w:r><w:t>米</w:t></w:r></w:p>"
    )
    assert facts_of(made.document_of(body), "a.docx").text == "3\ny\n\n1/2米"


def test_fractions_roots_and_brackets_keep_their_signs(facts_of: FactsOf) -> None:
    def r(text: str) -> str:
        return f"<m:r><m:t>{text}</m:t></m:r>"

    half = f"<m:f><m:fPr/><m:num>{r('1')}</m:num><m:den>{r('2')}</m:den></m:f>"
    sum_of_two = f"<m:f><m:num>{r('a')}{r('+b')}</m:num><m:den>{r('c')}</m:den></m:f>"
    root = f"<m:rad><m:deg>{r('3')}</m:deg><m:e>{r('8')}</m:e></m:rad>"
    rows = f"<m:eqArr><m:e>{r('x=1')}</m:e><m:e>{r('y=2')}</m:e></m:eqArr>"
    chosen = "<m:dPr><m:begChr m:val='{'/><m:endChr m:val=''/></m:dPr>"
    brace = f"<m:d>{chosen}<m:e>{rows}</m:e></m:d>"
    brackets = (
        f"<m:sSup><m:e><m:d><m:e>{r('x+1')}</m:e></m:d></m:e><m:sup>{r('2')}</m:sup></m:sSup>"
    )
    total = f"<m:nary><m:naryPr><m:chr m:val='∑'/></m:naryPr><m:e>{r('n')}</m:e></m:nary>"
    shown = [
        facts_of(
            made.document_of(f"<w:p xmlns:m='m'><m:oMath>{formula}</m:oMath></w:p>"), "a.docx"
        ).text
        for formula in (half, sum_of_two, root, brace, brackets, total)
    ]
    assert shown == ["1/2", "(a+b)/c", "3√8", "{x=1 y=2", "(x+1)2", "∑n"]


def test_what_was_moved_is_read_where_it_stands_now(facts_of: FactsOf) -> None:
    run = "<w:r><w:t>搬家</w:t></w:r>"
    body = (
        f"<w:p><w:moveFrom>{run}</w:moveFrom><w:r><w:t>一</w:t></w:r></w:p>"
        f"<w:p><w:moveTo>{run}</w:moveTo></w:p>"
    )
    assert facts_of(made.document_of(body), "a.docx").text == "一\n搬家"


def test_old_word_art_is_read(facts_of: FactsOf) -> None:
    art = (
        "<w:r><w:pict><v:shape xmlns:v='v'><v:textpath string='春天来了'/></v:shape></w:pict></w:r>"
    )
    assert facts_of(made.document_of(f"<w:p>{art}</w:p>"), "a.docx").text == "春天来了"


def test_tab_stops_are_no_tabs(facts_of: FactsOf) -> None:
    stops = "<w:pPr><w:tabs><w:tab w:val='left' w:pos='420'/></w:tabs></w:pPr>"
    body = f"<w:p>{stops}<w:r><w:t>甲</w:t></w:r></w:p>" * 2
    assert facts_of(made.document_of(body), "a.docx").text == "甲\n甲"


def test_diagrams_and_charts_of_a_document_are_read(facts_of: FactsOf) -> None:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    content = made.packed(
        {
            "[Content_Types].xml": made.TYPES,
            "word/document.xml": f'<w:document xmlns:w="{made.WORD}"><w:body>{line("正文")}'
            "</w:body></w:document>",
            "word/_rels/document.xml.rels": "<Relationships>"
            f'<Relationship Id="rId1" Type="{kind}/chart" Target="charts/chart1.xml"/>'
            f'<Relationship Id="rId2" Type="{kind}/diagramData" Target="diagrams/data1.xml"/>'
            f'<Relationship Id="rId3" Type="{kind}/chart" Target="charts/gone.xml"/>'
            "</Relationships>",
            "word/charts/chart1.xml": "<c:chart xmlns:c='c' xmlns:a='a'><a:p><a:t>身高</a:t></a:p>"
            "</c:chart>",
            "word/diagrams/data1.xml": "<d xmlns:a='a'><a:p><a:t>水循环</a:t></a:p></d>",
        }
    )
    facts = facts_of(content, "a.docx")
    assert (facts.text, facts.trouble) == ("正文\n\n身高\n\n水循环", None)


@pytest.mark.parametrize(
    "around",
    [
        (
            '<?mso-application progid="Word.Document"?><w:wordDocument xmlns:w="w"><w:body>{}'
            "</w:body><w:docPr/></w:wordDocument>"
        ),
        (
            '<pkg:package xmlns:pkg="p" xmlns:w="w"><pkg:part><pkg:xmlData><w:document><w:body>{}'
            "</w:body></w:document></pkg:xmlData></pkg:part><pkg:part><pkg:binaryData>iVBORw0K"
            "</pkg:binaryData></pkg:part></pkg:package>"
        ),
    ],
    ids=["of 2003", "flat"],
)
def test_a_document_that_is_one_file_of_xml_is_read(facts_of: FactsOf, around: str) -> None:
    xml = '<?xml version="1.0"?>' + around.format(line("教学目标") + line("认识直角三角形"))
    facts = facts_of(xml.encode(), "教案.doc")
    assert (facts.file_type.code, facts.file_type.misnamed) == ("doc-xml", False)
    assert (facts.text, facts.trouble) == ("教学目标\n认识直角三角形", None)
    assert facts_of(xml[:-9].encode(), "教案.doc").trouble is Trouble.DAMAGED

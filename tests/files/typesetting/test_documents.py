"""Documents: docx, odt and plain texts, set anew."""

import io
import zipfile

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.shared import Pt, RGBColor
from PIL import Image

from tests.files import made
from tests.files.typesetting.conftest import Sets, count_of

PARAGRAPH = "<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


def red_picture(kind: str = "PNG") -> io.BytesIO:
    written = io.BytesIO()
    Image.new("RGB", (300, 200), (255, 0, 0)).save(written, kind)
    written.seek(0)
    return written


def saved(document: "docx.document.Document") -> bytes:
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def test_text_stays_literal(sets: Sets) -> None:
    text = '#set text(red) *bold* _x_ $a^2$ <label> @see \\ "quoted" `code` // no comment [x]'
    assert sets(made.document(text), "docx").text == text


def test_headings_stand_out_and_keep_their_order(sets: Sets) -> None:
    document = docx.Document()
    document.add_heading("春晓", level=0)
    document.add_heading("一、教学目标", level=1)
    document.add_paragraph("认识生字")
    found = sets(saved(document), "docx")
    assert found.text.split("\n") == ["春晓", "一、教学目标", "认识生字"]


def test_a_table_keeps_its_merged_cells(sets: Sets) -> None:
    document = docx.Document()
    table = document.add_table(3, 3)
    for row in range(3):
        for column in range(3):
            table.cell(row, column).text = f"{row}{column}"
    table.cell(0, 0).merge(table.cell(0, 1)).text = "宽"
    table.cell(1, 2).merge(table.cell(2, 2)).text = "高"
    found = sets(saved(document), "docx").text.split()
    assert sorted(found) == sorted(["宽", "02", "10", "11", "高", "20", "21"])


def test_cells_that_overlap_are_put_in_order(sets: Sets) -> None:
    """Whatever spans a file tells, typst refuses none of its tables."""
    cell = (
        '<w:tc><w:tcPr><w:gridSpan w:val="{0}"/>{1}</w:tcPr>'
        "<w:p><w:r><w:t>{2}</w:t></w:r></w:p></w:tc>"
    )
    goes_on = "<w:vMerge/>"
    rows = [
        cell.format(1, "", "a") + cell.format(5, "", "b"),
        cell.format(3, goes_on, "") + cell.format(1, goes_on, "") + cell.format(70, "", "c"),
        cell.format(1, goes_on, "") * 80,
    ]
    body = "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"
    assert sorted(sets(made.document_of(body), "docx").letters) == ["a", "b", "c"]


def test_pictures_are_shown_also_in_tables(sets: Sets) -> None:
    document = docx.Document()
    document.add_picture(red_picture(), width=Pt(150))
    cell = document.add_table(1, 1).cell(0, 0)
    cell.paragraphs[0].add_run().add_picture(red_picture("BMP"), width=Pt(60))
    (page,) = sets(saved(document), "docx").pictures
    # 150 by 100 points, and 60 by 40.
    assert abs(count_of(page, (255, 0, 0)) - (15_000 + 2_400)) < 700


def test_a_broken_picture_stops_nothing(sets: Sets) -> None:
    document = docx.Document()
    document.add_paragraph("春晓")
    document.add_picture(red_picture())
    broken = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(saved(document))) as before,
        zipfile.ZipFile(broken, "w") as after,
    ):
        for name in before.namelist():
            content = before.read(name)
            after.writestr(name, content[:60] if name.endswith(".png") else content)
    found = sets(broken.getvalue(), "docx")
    assert (found.letters, count_of(found.pictures[0], (255, 0, 0))) == ("春晓", 0)


def test_colours_and_sizes_are_kept_but_nothing_is_white_on_white(sets: Sets) -> None:
    document = docx.Document()
    run = document.add_paragraph().add_run("红")
    run.font.size, run.font.color.rgb = Pt(90), RGBColor(255, 0, 0)
    pale = document.add_paragraph().add_run("白")
    pale.font.size, pale.font.color.rgb = Pt(90), RGBColor(255, 255, 255)
    found = sets(saved(document), "docx")
    assert found.letters == "红白"
    assert count_of(found.pictures[0], (255, 0, 0)) > 500
    assert count_of(found.pictures[0], (0, 0, 0)) > 500


def test_lists_are_counted(sets: Sets) -> None:
    document = docx.Document()
    for text in ("甲", "乙"):
        document.add_paragraph(text, style="List Number")
    document.add_paragraph("丙", style="List Bullet")
    assert sets(saved(document), "docx").text.split() == ["1.", "甲", "2.", "乙", "•", "丙"]


def test_blanks_to_fill_in_are_seen(sets: Sets) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("姓名")
    paragraph.add_run(" " * 30).underline = True
    (page,) = sets(saved(document), "docx").pictures
    assert (
        max(
            line.getbbox() is not None and count_of(line, (0, 0, 0), near=90)
            for line in lines(page)
        )
        > 60
    )


def lines(page: Image.Image) -> list[Image.Image]:
    return [page.crop((0, y, page.width, y + 1)) for y in range(page.height)]


def test_what_was_deleted_or_hidden_is_not_shown(sets: Sets) -> None:
    body = (
        "<w:p><w:r><w:t>春</w:t></w:r><w:del><w:r><w:delText>夏</w:delText></w:r></w:del>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>秋</w:t></w:r>"
        "<w:ins><w:r><w:t>冬</w:t></w:r></w:ins></w:p>"
    )
    assert sets(made.document_of(body), "docx").text == "春冬"


def test_emoji_and_control_characters_are_left_out(sets: Sets) -> None:
    assert sets(made.document("🌱植物的一生✏\ufe0f\u200d"), "docx").text.startswith("植物的一生")


def test_many_pages_come_in_their_order(sets: Sets) -> None:
    paragraphs = [f"第{number}段" for number in range(200)]
    found = sets(made.document(*paragraphs), "docx")
    assert (len(found.texts) > 2, found.letters) == (True, "".join(paragraphs))


def test_styles_that_refer_to_each_other_end(sets: Sets) -> None:
    styles = (
        f'<w:styles xmlns:w="{made.WORD}">'
        '<w:style w:type="paragraph" w:styleId="A"><w:basedOn w:val="B"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="B"><w:basedOn w:val="A"/></w:style></w:styles>'
    )
    body = PARAGRAPH.format(properties='<w:pPr><w:pStyle w:val="A"/></w:pPr>', text="春")
    assert sets(made.document_of(body, styles=styles), "docx").text == "春"


def test_a_deep_document_is_cut_and_not_a_crash(sets: Sets) -> None:
    deep = "<w:sdt>" * 1_500 + "</w:sdt>" * 1_500
    body = PARAGRAPH.format(properties="", text="春") + deep
    assert sets(made.document_of(body), "docx").text == "春"


def test_a_custom_style_named_in_chinese_is_a_heading(sets: Sets) -> None:
    document = docx.Document()
    document.styles.add_style("标题", WD_STYLE_TYPE.PARAGRAPH)
    document.add_paragraph("春晓", style="标题")
    document.add_paragraph("正文")
    (page,) = sets(saved(document), "docx").pictures
    first = page.crop((0, 60, page.width, 85)).convert("L").point(lambda value: value < 120 and 255)
    box = first.getbbox()
    assert box is not None
    assert box[3] - box[1] >= 15  # larger than the 11 points of the text


def test_a_text_with_tabs_is_a_table_and_marks_are_headings(sets: Sets) -> None:
    found = sets("# 春晓\n\n姓名\t分数\n小明\t98\n\n正文".encode(), "md")
    assert found.text.split() == ["春晓", "姓名", "分数", "小明", "98", "正文"]
    assert sets("# 春晓".encode(), "txt").text == "# 春晓"


def test_an_open_document_keeps_headings_lists_and_tables(sets: Sets) -> None:
    content = (
        '<office:document-content xmlns:office="o" xmlns:text="t" xmlns:table="b">'
        "<office:body><office:text>"
        '<text:h text:outline-level="1">春晓</text:h>'
        '<text:p>春眠<text:span>不觉</text:span>晓<text:s text:c="3"/>。</text:p>'
        "<text:list><text:list-item><text:p>甲</text:p></text:list-item></text:list>"
        "<table:table><table:table-row>"
        '<table:table-cell table:number-columns-spanned="2"><text:p>宽</text:p></table:table-cell>'
        "<table:covered-table-cell/></table:table-row><table:table-row>"
        "<table:table-cell><text:p>1</text:p></table:table-cell>"
        "<table:table-cell><text:p>2</text:p></table:table-cell>"
        "</table:table-row></table:table>"
        "</office:text></office:body></office:document-content>"
    )
    packed = made.packed(
        {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content}
    )
    assert sets(packed, "odt").letters == "春晓春眠不觉晓。•甲宽12"

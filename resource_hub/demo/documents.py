"""Word documents: lesson plans, records of lessons, cases."""

from datetime import UTC, datetime
from functools import cache
from io import BytesIO

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from resource_hub.demo.content import DemoFile, DemoRevision
from resource_hub.demo.markup import Block, Drawing, Heading, Paragraph, Point, Rows, blocks
from resource_hub.demo.pictures import drawing
from resource_hub.domain.taxonomy import Language, Section

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
FACES = {
    Language.SIMPLIFIED: "宋体",
    Language.TRADITIONAL: "新細明體",
    Language.ENGLISH: "宋体",
}
STYLES = frozenset(
    (
        "Normal",
        "Title",
        "Heading 1",
        "Heading 2",
        "Title Char",
        "Heading 1 Char",
        "Heading 2 Char",
        "List Bullet",
        "Table Grid",
        "Normal Table",
        "Default Paragraph Font",
        "No List",
    )
)
SECTIONS = {
    Language.SIMPLIFIED: dict(
        zip(
            Section,
            [
                "教材分析",
                "学情分析",
                "教学目标",
                "教学重难点",
                "教学流程",
                "板书设计",
                "作业设计",
                "教学反思",
            ],
            strict=True,
        )
    ),
    Language.TRADITIONAL: dict(
        zip(
            Section,
            [
                "教材分析",
                "學情分析",
                "教學目標",
                "教學重難點",
                "教學流程",
                "板書設計",
                "作業設計",
                "教學反思",
            ],
            strict=True,
        )
    ),
    Language.ENGLISH: dict(
        zip(
            Section,
            (
                "The textbook",
                "The learners",
                "Objectives",
                "Key points",
                "Procedure",
                "On the board",
                "Homework",
                "Reflection",
            ),
            strict=True,
        )
    ),
}


def document(spec: DemoFile, revision: DemoRevision, byline: str) -> bytes:
    """Title, who wrote it, the sections that the author filled in, then the file's own text."""
    made = Document(BytesIO(_template(revision.language)))
    made.core_properties.title = revision.title
    made.core_properties.author = byline
    made.core_properties.created = made.core_properties.modified = LONG_AGO
    made.add_heading(spec.name.rpartition(".")[0], level=0)
    made.add_paragraph(byline).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for section, words in revision.sections.items():
        made.add_heading(SECTIONS[revision.language][section], level=1)
        for block in blocks(words):
            _add(made, block)
    for block in blocks(spec.content):
        _add(made, block)
    target = BytesIO()
    made.save(target)
    return target.getvalue()


@cache
def _template(language: Language) -> bytes:
    """An empty document with the page, the faces and the few styles that are needed.

    python-docx brings 160 styles and looks through all of them for every paragraph; with these
    few, a document takes a third of the time.
    """
    made = Document()
    page = made.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.6)
    page.top_margin = page.bottom_margin = Cm(2.4)
    for style in list(made.styles):
        if style.name not in STYLES:
            made.styles.element.remove(style.element)
            continue
        # Word takes Chinese characters from the East Asian face, which python-docx cannot set.
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        fonts.set(qn("w:eastAsia"), FACES[language])
    normal = made.styles["Normal"]
    normal.font.size = Pt(11)
    normal.paragraph_format.line_spacing = 1.4
    normal.paragraph_format.space_after = Pt(4)
    target = BytesIO()
    made.save(target)
    return target.getvalue()


def _add(made: DocumentType, block: Block) -> None:
    match block:
        case Heading(words, level):
            made.add_heading(words, level=level)
        case Paragraph(words):
            made.add_paragraph(words)
        case Point(words):
            made.add_paragraph(words, style="List Bullet")
        case Rows(cells):
            table = made.add_table(rows=len(cells), cols=max(map(len, cells)), style="Table Grid")
            for row, line in zip(table.rows, cells, strict=True):
                for cell, words in zip(row.cells, line, strict=False):
                    cell.text = words
            for cell in table.rows[0].cells:
                for run in cell.paragraphs[0].runs:
                    run.bold = True
            made.add_paragraph()
        case Drawing(name):
            made.add_picture(BytesIO(drawing(name)), width=Cm(13))
            made.paragraphs[-1].alignment = WD_ALIGN_PARAGRAPH.CENTER

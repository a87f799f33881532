"""Files as schools make them, made on the spot."""

import io
import struct
import zipfile

import docx
import fpdf
import pptx
import pylopdf_fonts_zh_cn
import xlsxwriter
from PIL import Image
from pptx.util import Inches

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def document(*paragraphs: str, header: str = "", table: list[list[str]] | None = None) -> bytes:
    made = docx.Document()
    for paragraph in paragraphs:
        made.add_paragraph(paragraph)
    if header:
        made.sections[0].header.paragraphs[0].text = header
    if table:
        grid = made.add_table(len(table), len(table[0]))
        for row, line in enumerate(table):
            for column, cell in enumerate(line):
                grid.cell(row, column).text = cell
    result = io.BytesIO()
    made.save(result)
    return result.getvalue()


def document_of(body: str, *, namespace: str = WORD, **parts: str) -> bytes:
    """A docx of raw XML: ``body`` inside the body, ``parts`` as further files in ``word/``."""
    main = f'<w:document xmlns:w="{namespace}"><w:body>{body}</w:body></w:document>'
    named = {f"word/{name}.xml": xml for name, xml in parts.items()}
    return packed({"[Content_Types].xml": TYPES, "word/document.xml": main, **named})


def packed(members: dict[str, str | bytes], *, stored: bool = False) -> bytes:
    result = io.BytesIO()
    with zipfile.ZipFile(
        result, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    ) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return result.getvalue()


def slides(*texts: str, notes: str = "") -> bytes:
    """A presentation with a text box on each slide, and notes on the first."""
    made = pptx.Presentation()
    for text in texts:
        slide = made.slides.add_slide(made.slide_layouts[6])
        box = slide.shapes.add_textbox(Inches(1), Inches(1), Inches(5), Inches(1))
        box.text_frame.text = text
    if notes:
        made.slides[0].notes_slide.notes_text_frame.text = notes
    result = io.BytesIO()
    made.save(result)
    return result.getvalue()


def workbook(**sheets: list[list[object]]) -> bytes:
    result = io.BytesIO()
    made = xlsxwriter.Workbook(result, {"in_memory": True})
    for name, rows in sheets.items():
        sheet = made.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    made.close()
    return result.getvalue()


def pdf(*pages: str, password: str = "") -> bytes:
    made = fpdf.FPDF()
    made.add_font("sans", fname=str(pylopdf_fonts_zh_cn.sans_path()))
    made.set_font("sans", size=14)
    for page in pages:
        made.add_page()
        made.multi_cell(0, 10, page)
    if password:
        made.set_encryption(owner_password="owner", user_password=password)
    return bytes(made.output())


def picture(
    kind: str = "PNG", size: tuple[int, int] = (8, 6), mode: str = "RGB", **options: int
) -> bytes:
    result = io.BytesIO()
    Image.new(mode, size).save(result, kind, **options)
    return result.getvalue()


def ole(*names: str, content: bytes = b"") -> bytes:
    """An OLE file with streams of these names at its root, each of 4,096 bytes."""
    content = content.ljust(4096, b"\0")
    count = len(names)
    folder_sectors = (count + 1 + 3) // 4
    first = 1 + folder_sectors
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHH", header, 24, 0x3E, 3, 0xFFFE, 9)
    struct.pack_into("<I", header, 44, 1)
    struct.pack_into("<I", header, 48, 1)
    struct.pack_into("<I", header, 56, 4096)
    struct.pack_into("<109I", header, 76, 0, *([0xFFFFFFFF] * 108))
    table = [0xFFFFFFFD, *range(2, first), 0xFFFFFFFE]
    for number in range(count):
        begin = first + 8 * number
        table += [*range(begin + 1, begin + 8), 0xFFFFFFFE]
    table += [0xFFFFFFFF] * (128 - len(table))
    entries = [_entry("Root Entry", 5, child=1 if count else 0xFFFFFFFF)]
    for number, name in enumerate(names):
        right = number + 2 if number + 1 < count else 0xFFFFFFFF
        entries.append(_entry(name, 2, right=right, start=first + 8 * number, size=4096))
    folder = b"".join(entries).ljust(512 * folder_sectors, b"\0")
    return bytes(header) + struct.pack("<128I", *table) + folder + content * count


def _entry(
    name: str,
    kind: int,
    *,
    right: int = 0xFFFFFFFF,
    child: int = 0xFFFFFFFF,
    start: int = 0,
    size: int = 0,
) -> bytes:
    entry = bytearray(128)
    written = name.encode("utf-16-le") + b"\0\0"
    entry[: len(written)] = written
    struct.pack_into("<HBB", entry, 64, len(written), kind, 1)
    struct.pack_into("<III", entry, 68, 0xFFFFFFFF, right, child)
    struct.pack_into("<II", entry, 116, start, size)
    return bytes(entry)

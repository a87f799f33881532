"""Files that nobody means well with, made on the spot: bombs, loops, lies and evil names.

``tests/files/hostile_pdf.py`` has those of PDF. Each is small to send; none is a real attack.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping

import av
import xlsxwriter

from tests.files import made
from tests.files.hostile_pdf import PDFS

MIB = 1024 * 1024
LAUGHS = "<!DOCTYPE lolz [<!ENTITY l0 'lol'>{}]>".format(
    "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
)
OUTSIDE = (
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">'
    '<!ENTITY % y SYSTEM "http://127.0.0.1:9/y"> %y;]>'
)
PARAGRAPH = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
MACROS = bytes(1000)


def _document(head: str, body: str) -> bytes:
    main = f'{head}<w:document xmlns:w="{made.WORD}"><w:body>{body}</w:body></w:document>'
    return made.packed({"[Content_Types].xml": made.TYPES, "word/document.xml": main})


def _docx_that_laughs() -> bytes:
    return _document(LAUGHS, PARAGRAPH.format("&l9;"))


def _docx_that_reads_other_files() -> bytes:
    return _document(OUTSIDE, PARAGRAPH.format("&x;"))


def _docx_of_a_hundred_thousand_levels() -> bytes:
    return _document("", "<w:p>" * 100_000 + "</w:p>" * 100_000)


def _docx_with_two_hundred_thousand_attributes() -> bytes:
    many = " ".join(f'w:a{n}="1"' for n in range(200_000))
    return _document("", f"<w:p {many}/>")


def _docx_in_utf_16_that_laughs() -> bytes:
    main = f'<?xml version="1.0" encoding="UTF-16"?>{LAUGHS}<a>&l9;</a>'.encode("utf-16")
    return made.packed({"[Content_Types].xml": made.TYPES, "word/document.xml": main})


def _docx_that_says_it_is_small() -> bytes:
    """Its list says 10 bytes, its member unpacks to 20 MB."""
    raw = bytearray(_document("", PARAGRAPH.format("a" * 20 * MIB)))
    at = raw.rfind(b"PK\x01\x02")
    while at >= 0:
        struct.pack_into("<I", raw, at + 24, 10)
        at = raw.rfind(b"PK\x01\x02", 0, at)
    return bytes(raw)


def _docx_with_its_text_twice() -> bytes:
    raw = io.BytesIO(_document("", PARAGRAPH.format("first")))
    with zipfile.ZipFile(raw, "a") as archive:
        member = zipfile.ZipInfo("word/document.XML")
        archive.writestr(member, "<broken")
    return raw.getvalue().replace(b"word/document.XML", b"word/document.xml")


def _xlsx_of_seventeen_billion_cells() -> bytes:
    result = io.BytesIO()
    with xlsxwriter.Workbook(result, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "first")
        sheet.write(1_048_575, 16_383, "last")
    return result.getvalue()


def _xlsx_with_shared_strings_of_seventy_megabytes() -> bytes:
    raw = io.BytesIO(made.workbook(Sheet=[["a"]]))
    with zipfile.ZipFile(raw) as archive:
        members: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    members["xl/sharedStrings.xml"] = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>'
        + "a" * 70 * MIB + "</t></si></sst>"
    )  # fmt: skip
    return made.packed(members)


def _xlsx_of_formulas_that_call_programs() -> bytes:
    result = io.BytesIO()
    with xlsxwriter.Workbook(result, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_formula(0, 0, "=cmd|'/C calc'!A0", value="0")
        sheet.write_formula(1, 0, '=WEBSERVICE("http://127.0.0.1:9/"&A1)', value="0")
        sheet.write_string(2, 0, '=HYPERLINK("file:///etc/passwd")')
    return result.getvalue()


def _ods_that_repeats_a_cell_for_ever() -> bytes:
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
        '<office:body><office:spreadsheet><table:table table:name="s">'
        '<table:table-row table:number-rows-repeated="2147483647">'
        '<table:table-cell table:number-columns-repeated="2147483647">'
        "<text:p>a</text:p></table:table-cell></table:table-row></table:table>"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return made.packed({
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": "<manifest/>",
        "content.xml": content,
    }, stored=True)  # fmt: skip


def _odt_of_spaces() -> bytes:
    content = '<a xmlns:text="t"><text:p>' + '<text:s text:c="2000000000"/>' * 100 + "</text:p></a>"
    return made.packed({
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": content,
    }, stored=True)  # fmt: skip


def _pptx_whose_slides_lead_to_each_other() -> bytes:
    relation = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="slide" Target="../ppt/presentation.xml"/>'
        '<Relationship Id="r2" Type="slide" Target="../../../../../../etc/passwd"/>'
        '<Relationship Id="r3" Type="slide" Target="http://127.0.0.1:9/" TargetMode="External"/>'
        "</Relationships>"
    )
    listed = "".join(f'<p:sldId id="{n}" r:id="r{n % 3 + 1}"/>' for n in range(100_000))
    return made.packed({
        "[Content_Types].xml": made.TYPES,
        "ppt/presentation.xml": (
            f'<p:presentation xmlns:p="p" xmlns:r="r"><p:sldIdLst>{listed}</p:sldIdLst>'
            "</p:presentation>"
        ),
        "ppt/_rels/presentation.xml.rels": relation,
    })  # fmt: skip


def _epub_that_points_outside() -> bytes:
    return made.packed({
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": (
            '<container><rootfiles><rootfile full-path="../../../etc/passwd"/>'
            '<rootfile full-path="META-INF/container.xml"/></rootfiles></container>'
        ),
    }, stored=True)  # fmt: skip


def _zip_of_evil_names() -> bytes:
    names = (
        "../../../etc/cron.d/evil", "/etc/passwd", "C:\\Windows\\System32\\evil.dll", "CON",
        "a\0b.txt", "\u202egpj.exe", "a" * 30_000, "\r\nSet-Cookie: a=b",
        "<script>alert(1)</script>",
        "=cmd|'/C calc'!A0", "..", ".", "//////", "\ud83d\ude00" * 100,
    )  # fmt: skip
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as archive:
        for name in names:
            member = zipfile.ZipInfo("x")
            member.filename = name.encode("utf-16", "surrogatepass").decode("utf-16")
            archive.writestr(member, "x")
    return result.getvalue()


def _zip_with_a_link_to_secrets() -> bytes:
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as archive:
        member = zipfile.ZipInfo("word/document.xml")
        member.create_system, member.external_attr = 3, 0o120777 << 16
        archive.writestr(member, "/etc/passwd")
    return result.getvalue()


def _zip_of_two_hundred_thousand_names() -> bytes:
    """Written by hand: the library of Python takes too long over it."""
    entry = struct.pack(
        "<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", 20, 20, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0
    )
    listing = (entry + b"a") * 200_000
    head = b"PK\x03\x04" + bytes(26) + b"a"
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 65_535, 65_535, len(listing), len(head), 0)
    return head + listing + end


def _zip_whose_members_overlap() -> bytes:
    """A thousand names for the same megabytes, as the flattest bombs have it."""
    kernel = zlib.compress(bytes(10 * MIB), 9)[2:-4]
    crc = zlib.crc32(bytes(10 * MIB))
    sizes = (crc, len(kernel), 10 * MIB, 1, 0)
    head = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 8, 0, 33, *sizes) + b"a"
    entry = struct.pack(
        "<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", 20, 20, 0, 8, 0, 33, *sizes, 0, 0, 0, 0, 0
    )
    listing = (entry + b"a") * 1_000
    start = len(head) + len(kernel)
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1_000, 1_000, len(listing), start, 0)
    return head + kernel + listing + end


def _zip_of_lying_sizes() -> bytes:
    head = b"PK\x03\x04" + bytes(26) + b"a"
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 65_535, 65_535, 2**32 - 1, 2**32 - 1, 0)
    return head + end


def _zip_inside_a_zip_a_thousand_times() -> bytes:
    content = b"the end"
    for level in range(1_000):
        content = made.packed({f"{level}.zip": content}, stored=True)
    return content


def _png_of_two_billion_pixels_a_side() -> bytes:
    raw = bytearray(made.picture())
    struct.pack_into(">II", raw, 16, 2**31 - 1, 2**31 - 1)
    struct.pack_into(">I", raw, 29, zlib.crc32(raw[12:29]))
    return bytes(raw)


def _png_with_words_of_64_megabytes() -> bytes:
    raw = made.picture()
    squeezer = zlib.compressobj(9)
    words = b"".join(squeezer.compress(bytes(MIB)) for _ in range(64)) + squeezer.flush()
    body = b"zTXt" + b"Comment\0\0" + words
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return raw[:33] + chunk * 4 + raw[33:]


def _jpeg_of_65000_by_65000() -> bytes:
    raw = bytearray(made.picture("JPEG", (16, 16)))
    at = raw.index(b"\xff\xc0")
    struct.pack_into(">HH", raw, at + 5, 65_000, 65_000)
    return bytes(raw)


def _jpeg_of_ten_thousand_scans() -> bytes:
    """Each scan of a progressive picture has all of it decoded again."""
    raw = made.picture("JPEG", (4_000, 4_000), progressive=1)
    at = raw.rindex(b"\xff\xda")
    scan = raw[at:-2]
    return raw[:-2] + scan * 10_000 + raw[-2:]


def _gif_of_five_thousand_pictures() -> bytes:
    raw = made.picture("GIF", (2_000, 2_000))
    at = raw.index(b",", 13)
    return raw[:at] + raw[at:-1] * 5_000 + raw[-1:]


def _tiff_that_runs_in_a_circle() -> bytes:
    entries = b"".join(
        struct.pack("<HHII", *entry)
        for entry in ((256, 4, 1, 9), (257, 4, 1, 9), (273, 4, 1, 8), (279, 4, 1, 9))
    )
    return struct.pack("<2sHIH", b"II", 42, 8, 4) + entries + struct.pack("<I", 8)


def _tiff_of_a_billion_strips() -> bytes:
    entries = b"".join(
        struct.pack("<HHII", *entry)
        for entry in (
            (256, 4, 1, 40_000), (257, 4, 1, 4_000), (258, 3, 1, 8), (259, 3, 1, 8),
            (262, 3, 1, 1), (273, 4, 2**30, 8), (278, 4, 1, 1), (279, 4, 2**30, 8),
        )
    )  # fmt: skip
    return struct.pack("<2sHIH", b"II", 42, 8, 8) + entries + struct.pack("<I", 0)


def _bmp_of_negative_size() -> bytes:
    raw = bytearray(made.picture("BMP"))
    struct.pack_into("<ii", raw, 18, -2_147_483_648, -2_147_483_648)
    return bytes(raw)


def _ole_whose_table_is_a_circle() -> bytes:
    raw = bytearray(made.ole("WordDocument", "1Table"))
    table = 512  # the first sector after the head
    struct.pack_into("<I", raw, table + 4, 1)  # the folder leads to itself
    struct.pack_into("<I", raw, table + 8 + 4, 2)
    return bytes(raw)


def _ole_of_four_billion_sectors() -> bytes:
    raw = bytearray(made.ole("Workbook"))
    struct.pack_into("<I", raw, 44, 0xFFFFFFF0)
    struct.pack_into("<II", raw, 68, 3, 0xFFFFFFF0)
    return bytes(raw)


def _ppt_of_records_in_records() -> bytes:
    content = struct.pack("<HHI", 0x000F, 1000, 0xFFFFFFFF) * 512
    return made.ole("PowerPoint Document", "Current User", content=content)


def _rtf_of_a_million_groups() -> bytes:
    return b"{\\rtf1 " + b"{" * 1_000_000 + b"x" + b"}" * 1_000_000 + b"}"


def _rtf_of_a_huge_binary() -> bytes:
    return b"{\\rtf1 {\\pict\\bin2147483647 abc}{\\*\\objdata " + b"41" * MIB + b"}\\u-99999 ?}"


def _html_of_a_million_levels() -> bytes:
    return b"<!DOCTYPE html><html><body>" + b"<div>" * 1_000_000 + "静夜思".encode()


def _html_of_scripts() -> bytes:
    return (
        b"<html><script>fetch('/my').then(r => r.text())</script>"
        b"<img src=x onerror=alert(1)><iframe src='file:///etc/passwd'></iframe>"
        b"<meta http-equiv=refresh content='0;url=http://127.0.0.1:9/'>" + "静夜思".encode()
    )


def _svg_that_laughs() -> bytes:
    return f'<?xml version="1.0"?>{LAUGHS}<svg><script>alert(1)</script>&l9;</svg>'.encode()


def _text_on_one_line() -> bytes:
    return "静".encode() * (20 * MIB)


def _text_of_blanks() -> bytes:
    return "静".encode() + b" " * 200_000 + "夜".encode()


def _html_of_comments_without_an_end() -> bytes:
    return "<html><body>静夜思".encode() + b"<!--" * 200_000


def _html_of_tags_without_an_end() -> bytes:
    return "<html><body>静夜思".encode() + b"<!" * 200_000


def _text_of_half_characters() -> bytes:
    return b"\xff\xfe" + b"\x00\xd8" * 500_000


def _csv_of_a_million_columns() -> bytes:
    return b"=cmd|'/C calc'!A0," * 1_000_000


def _mp4_that_contains_itself() -> bytes:
    boxes = b"".join(
        struct.pack(">I4s", 2**31 - 1 - n, kind)
        for n, kind in enumerate((b"moov", b"trak", b"mdia", b"minf", b"stbl") * 5_000)
    )
    return struct.pack(">I4s4sI", 16, b"ftyp", b"isom", 0) + boxes


def _mp4_of_a_billion_samples() -> bytes:
    """A film in whose tables the counts are lies."""
    raw = bytearray(film())
    for name in (b"stsz", b"stts", b"stsc", b"stco", b"ctts"):
        at = raw.find(name)
        if at > 0:
            struct.pack_into(">I", raw, at + (12 if name == b"stsz" else 8), 2**31 - 1)
    return bytes(raw)


def _mp4_of_a_thousand_years_and_no_size() -> bytes:
    raw = bytearray(film())
    at = raw.index(b"mvhd")
    struct.pack_into(">II", raw, at + 16, 1, 2**32 - 1)
    at = raw.index(b"tkhd")
    struct.pack_into(">II", raw, at + 80, 2**32 - 1, 2**32 - 1)
    at = raw.index(b"mp4v")
    struct.pack_into(">HH", raw, at + 28, 65_535, 65_535)
    return bytes(raw)


def _webm_of_endless_elements() -> bytes:
    head = b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm\x18\x53\x80\x67\x01" + b"\xff" * 7
    return head + (b"\x15\x49\xa9\x66\x08" + b"\xff" * 7) * 10_000


def _avi_of_a_huge_index() -> bytes:
    return b"RIFF" + struct.pack("<I", 2**32 - 1) + b"AVI " + b"LIST" + struct.pack(
        "<I4s4sI", 2**32 - 1, b"hdrl", b"avih", 2**32 - 1
    ) + b"\xff" * 1_000  # fmt: skip


def _wav_of_two_billion_channels() -> bytes:
    form = b"fmt \x10\0\0\0\x01\0" + b"\xff" * 14
    return b"RIFF\xff\xff\xff\x7fWAVE" + form + b"data\xff\xff\xff\x7f" + bytes(1_000)


def _mp3_behind_a_huge_tag() -> bytes:
    return b"ID3\x04\0\0\x7f\x7f\x7f\x7fTIT2\x7f\x7f\x7f\x7f\0\0" + b"\xff\xfb\x90\x00" * 1_000


def _docm_with_a_macro() -> bytes:
    raw = io.BytesIO(made.document("静夜思"))
    with zipfile.ZipFile(raw, "a") as archive:
        archive.writestr("word/vbaProject.bin", MACROS)
    return raw.getvalue()


def film() -> bytes:
    """Five small pictures, one after another."""
    result = io.BytesIO()
    with av.open(result, "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=5)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        for _ in range(5):
            frame = av.VideoFrame(64, 64, "yuv420p")
            for plane in frame.planes:
                plane.update(bytes(plane.buffer_size))
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return result.getvalue()


HOSTILE: Mapping[str, Callable[[], bytes]] = {
    **PDFS,
    "laughs.docx": _docx_that_laughs,
    "laughs-utf-16.docx": _docx_in_utf_16_that_laughs,
    "reads-other-files.docx": _docx_that_reads_other_files,
    "levels.docx": _docx_of_a_hundred_thousand_levels,
    "attributes.docx": _docx_with_two_hundred_thousand_attributes,
    "says-it-is-small.docx": _docx_that_says_it_is_small,
    "text-twice.docx": _docx_with_its_text_twice,
    "macro.docx": _docm_with_a_macro,
    "billions.xlsx": _xlsx_of_seventeen_billion_cells,
    "strings.xlsx": _xlsx_with_shared_strings_of_seventy_megabytes,
    "formulas.xlsx": _xlsx_of_formulas_that_call_programs,
    "repeats.ods": _ods_that_repeats_a_cell_for_ever,
    "spaces.odt": _odt_of_spaces,
    "circle.pptx": _pptx_whose_slides_lead_to_each_other,
    "outside.epub": _epub_that_points_outside,
    "evil-names.zip": _zip_of_evil_names,
    "link.zip": _zip_with_a_link_to_secrets,
    "names.zip": _zip_of_two_hundred_thousand_names,
    "overlap.zip": _zip_whose_members_overlap,
    "lying-sizes.zip": _zip_of_lying_sizes,
    "matryoshka.zip": _zip_inside_a_zip_a_thousand_times,
    "huge.png": _png_of_two_billion_pixels_a_side,
    "words.png": _png_with_words_of_64_megabytes,
    "huge.jpg": _jpeg_of_65000_by_65000,
    "scans.jpg": _jpeg_of_ten_thousand_scans,
    "frames.gif": _gif_of_five_thousand_pictures,
    "circle.tiff": _tiff_that_runs_in_a_circle,
    "strips.tiff": _tiff_of_a_billion_strips,
    "negative.bmp": _bmp_of_negative_size,
    "circle.doc": _ole_whose_table_is_a_circle,
    "sectors.xls": _ole_of_four_billion_sectors,
    "records.ppt": _ppt_of_records_in_records,
    "groups.rtf": _rtf_of_a_million_groups,
    "binary.rtf": _rtf_of_a_huge_binary,
    "levels.html": _html_of_a_million_levels,
    "scripts.html": _html_of_scripts,
    "laughs.svg": _svg_that_laughs,
    "one-line.txt": _text_on_one_line,
    "blanks.txt": _text_of_blanks,
    "comments.html": _html_of_comments_without_an_end,
    "tags.html": _html_of_tags_without_an_end,
    "half-characters.txt": _text_of_half_characters,
    "columns.csv": _csv_of_a_million_columns,
    "itself.mp4": _mp4_that_contains_itself,
    "samples.mp4": _mp4_of_a_billion_samples,
    "thousand-years.mp4": _mp4_of_a_thousand_years_and_no_size,
    "endless.webm": _webm_of_endless_elements,
    "index.avi": _avi_of_a_huge_index,
    "channels.wav": _wav_of_two_billion_channels,
    "tag.mp3": _mp3_behind_a_huge_tag,
}
"""By the name under which an author might upload it."""

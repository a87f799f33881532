"""The true type of a file, whatever it is called."""

import io
import time

import pytest

from resource_hub.files.detection import detect, is_misnamed
from resource_hub.files.types import EXTENSIONS, TYPES, Family, FileType, extension_of
from tests.files import made


def found(content: bytes, name: str) -> FileType:
    return detect(io.BytesIO(content), name)


WITH_MACROS: dict[str, str | bytes] = {
    "[Content_Types].xml": "",
    "word/document.xml": "",
    "word/vbaProject.bin": "macros",
}
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."

ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")

HONEST: list[tuple[str, bytes]] = [
    ("教案.docx", made.document("静夜思")),
    ("课件.pptx", made.slides("静夜思")),
    ("成绩.xlsx", made.workbook(成绩=[[1]])),
    ("a.docm", made.packed(WITH_MACROS)),
    ("a.odt", made.packed({"mimetype": OPEN_DOCUMENT + "text"}, stored=True)),
    ("a.ods", made.packed({"mimetype": OPEN_DOCUMENT + "spreadsheet"}, stored=True)),
    ("a.odp", made.packed({"mimetype": OPEN_DOCUMENT + "presentation-template"}, stored=True)),
    ("a.epub", made.packed({"mimetype": "application/epub+zip"}, stored=True)),
    ("a.zip", made.packed({"word/document.xml": "no office file without its list of types"})),
    ("a.zip", made.packed({})),
    ("a.doc", made.ole("WordDocument", "1Table")),
    ("a.ppt", made.ole("Current User", "PowerPoint Document")),
    ("a.xls", made.ole("Workbook")),
    ("a.xls", made.ole("Book")),
    ("a.wps", made.ole("WordDocument")),
    ("a.dps", made.ole("PowerPoint Document")),
    ("a.et", made.ole("Workbook")),
    ("a.pdf", made.pdf("静夜思")),
    ("a.pdf", b"\n\n%PDF-1.4 after a few bytes of a mail"),
    ("a.rtf", b"{\\rtf1\\ansi hello}"),
    ("a.png", made.picture("PNG")),
    ("a.jpg", made.picture("JPEG")),
    ("a.gif", made.picture("GIF")),
    ("a.webp", made.picture("WEBP")),
    ("a.bmp", made.picture("BMP")),
    ("a.tiff", made.picture("TIFF")),
    ("a.svg", b'<?xml version="1.0"?>\n<!-- a leaf -->\n<svg xmlns="http://www.w3.org/2000/svg"/>'),
    ("a.mp4", b"\0\0\0\x18ftypisom\0\0\0\0isomiso2"),
    ("a.mov", b"\0\0\0\x14ftypqt  \0\0\0\0qt  "),
    ("a.mov", b"\0\0\0\x08wide\0\0\0\0mdat" + bytes(99)),
    ("a.m4a", b"\0\0\0\x18ftypM4A \0\0\0\0"),
    ("a.webm", b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm"),
    ("a.mkv", b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x88matroska"),
    ("a.avi", b"RIFF\0\0\0\0AVI LIST"),
    ("a.wav", b"RIFF\0\0\0\0WAVEfmt "),
    ("a.mp3", b"ID3\x04\0\0\0\0\0\0"),
    ("a.wmv", ASF + bytes(40) + bytes.fromhex("c0ef19bc4d5bcf11a8fd00805f5c442b")),
    ("a.wma", ASF + bytes(40)),
    ("a.ts", (b"G" + bytes(187)) * 5),
    ("a.ts", (bytes(4) + b"G" + bytes(187)) * 5),
    ("a.rm", b".RMF\0\0\0\x12"),
    ("a.ape", b"MAC \x96\x0f\0\0"),
    ("a.amr", b"#!AMR\n"),
    ("a.srt", b"1\n00:00:01,000 --> 00:00:02,000\nhello\n"),
    ("a.vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\nhello\n"),
    ("a.mp3", b"\xff\xfb\x90\x64" + bytes(99)),
    ("a.txt", "静夜思".encode()),
    ("a.txt", "静夜思，床前明月光".encode("gb18030")),
    ("a.txt", "靜夜思，床前明月光".encode("big5")),
    ("a.txt", "静夜思".encode("utf-16")),
    ("a.md", "# 静夜思".encode()),
    ("a.csv", "题名,作者\n静夜思,李白\n".encode("gb18030")),
    ("a.html", b"\xef\xbb\xbf<!DOCTYPE html>\n<title>x</title>"),
    ("a.html", b"<p>a fragment</p>"),
]
IDS = [f"{number}-{extension_of(name)}" for number, (name, _) in enumerate(HONEST)]


@pytest.mark.parametrize(("name", "content"), HONEST, ids=IDS)
def test_what_is_called_by_its_name_is_found(name: str, content: bytes) -> None:
    answer = found(content, name)
    assert (answer.code, answer.misnamed, answer.encrypted) == (extension_of(name), False, False)


@pytest.mark.parametrize(("name", "content"), HONEST, ids=IDS)
def test_a_false_name_is_noticed_and_does_not_matter(name: str, content: bytes) -> None:
    false = "a.png" if extension_of(name) != "png" else "a.pdf"
    answer = found(content, false)
    expected = {"wps": "doc", "dps": "ppt", "et": "xls", "md": "txt", "csv": "txt", "srt": "txt"}
    code = expected.get(extension_of(name), extension_of(name))
    if content == b"<p>a fragment</p>":
        code = "txt"
    assert (answer.code, answer.misnamed) == (code, True)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.JPEG", made.picture("JPEG")),
        ("a.htm", b"<html>"),
        ("a.text", b"words"),
        ("a.py", b"print('the extension is not known here')"),
        ("no extension", made.pdf("x")),
        (".docx", made.pdf("a hidden file has no extension")),
        ("a.ppsx", made.slides("x")),
        ("old.doc", b"{\\rtf1 what many programs write as doc}"),
    ],
)
def test_other_names_for_the_same_type_are_honest(name: str, content: bytes) -> None:
    assert not found(content, name).misnamed


@pytest.mark.parametrize(("name", "content"), HONEST, ids=IDS)
def test_every_name_of_the_same_bytes_is_right_or_wrong_by_itself(
    name: str, content: bytes
) -> None:
    for other in (name, "a.pdf", "a.docx", "a.png", "a.md", "a.txt", "a.wps", "a", "a.unknown"):
        code = found(content, other).code
        assert is_misnamed(other, code) == found(content, other).misnamed
        if name != "a.html":  # a fragment of HTML is what its name says
            assert is_misnamed(name, code) is False


def test_office_files_with_a_password_say_so() -> None:
    protected = made.ole("EncryptedPackage", "EncryptionInfo")
    for name, code in (("a.docx", "docx"), ("a.pptx", "pptx"), ("a.xlsx", "xlsx")):
        answer = found(protected, name)
        assert (answer.code, answer.encrypted, answer.misnamed) == (code, True, False)
    assert found(protected, "a").code == "office"
    word = bytearray(12)
    word[11] = 1
    assert found(made.ole("WordDocument", content=bytes(word) + b"x"), "a.doc").encrypted
    book = b"\x09\x08\x04\x00\x00\x06\x05\x00" + b"\x2f\x00\x02\x00\x00\x00"
    assert found(made.ole("Workbook", content=book), "a.xls").encrypted
    assert found(made.ole("PowerPoint Document", "EncryptedSummary"), "a.ppt").encrypted


def test_an_empty_file_is_what_its_name_says() -> None:
    assert found(b"", "a.docx") == TYPES["docx"]
    assert found(b"", "a") == TYPES["other"]


def test_what_nobody_knows_is_other() -> None:
    assert found(b"\x7fELF\x02\x01\x01" + bytes(200), "a.pdf") == FileType(
        "other", "application/octet-stream", Family.OTHER, misnamed=True
    )


def test_a_cut_office_file_is_still_one() -> None:
    for name, content in HONEST[:3]:
        answer = found(content[: len(content) * 2 // 3], name)
        assert (answer.code, answer.misnamed) == (extension_of(name), False)


@pytest.mark.parametrize(("name", "content"), HONEST, ids=IDS)
def test_no_damage_makes_it_stumble(name: str, content: bytes) -> None:
    step = max(1, len(content) // 40)
    for at in range(0, len(content), step):
        assert found(content[:at], name).code in TYPES
        spoiled = bytearray(content)
        spoiled[at : at + 4] = b"\xff\xff\xff\x7f"
        assert found(bytes(spoiled), name).code in TYPES


def test_it_is_quick_enough_for_a_request() -> None:
    texts = [("a.txt", ("静夜思，" * 20_000).encode("gb18030")), ("a.bin", bytes(range(256)) * 999)]
    for name, content in HONEST + texts:
        took = []
        for _ in range(3):
            begin = time.perf_counter()
            found(content, name)
            took.append(time.perf_counter() - begin)
        assert min(took) < 0.02, name  # seconds; 5 ms on an idle machine


def test_every_extension_leads_to_a_type() -> None:
    assert all(code in TYPES for codes in EXTENSIONS.values() for code in codes)
    assert EXTENSIONS["wps"] == ("wps", "docx", "works")

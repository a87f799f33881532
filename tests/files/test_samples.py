"""Real files, ordinary and hostile, that nobody here wrote."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from resource_hub.files import SENTENCES, Facts, Family, Trouble, Workshop
from tests.samples import SAMPLES, needs_samples

pytestmark = needs_samples

# File -> its type, and words that a person reads in it.
WORDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "docx/docx_01.docx": (
        "docx",
        ("有序列表构成的章节标题", "这是带公式的页眉", "复杂嵌套多级列表"),
    ),
    "pptx/arduino lesson 2.pptx": ("pptx", ("集成开发环境", "Arduino")),
    "pptx/pptx_01.pptx": ("pptx", ("Test Table Slide", "With footnote")),
    "pptx/science-plant-life-cycle.pptx": ("pptx", ("植物的一生",)),
    "pptx/正三角形程式簡報.pptx": ("pptx", ("正三角形", "海龜模組")),
    "pptx/流程.pptx": ("pptx", ("事件驅動程式", "結構與流程")),
    "pptx/說明.pptx": ("pptx", ("資料型態與轉換",)),
    "pdf/1100727teacher_workshop.pdf": ("pdf", ("線上研習", "110-07-27")),
    "pdf/1110624teacher_workshop.pdf": ("pdf", ("便利貼模式真的很帥",)),
    "pdf/2024.成都市中考政策发布.pdf": ("pdf", ("统一招生考试", "成招考委〔2024〕6号")),
    "pdf/cish_student_turtle_code01.pdf": ("pdf", ("from 海龜模組 import", "#綠草原")),
    "xlsx/schools.2024.xlsx": ("xlsx", ("学校代码", "录取分数线")),
    "xlsx/44235.xls": ("xls", ("还原利润表", "三农属性")),
    "doc/TestChineseProperties.doc": ("doc", ("世界雅虎", "愛爾蘭", "加泰隆")),
    "doc/testWORKS2000.wps": ("works", ("This is an example document",)),
    "ppt/54880_chinese.ppt": ("ppt", ("複数の文字", "表Mix", "𠮟")),
    "ppt/arduino lesson 1.ppt": ("ppt", ("Ubuntu下Arduino的安装", "在终端下输入")),
    "ppt/bug55902-mixedFontChineseCharacters.ppt": ("ppt", ("複数の文字", "𠮟Mix")),
}

WORDLESS = {
    "pdf/small_ocr.pdf",
    "doc/testWPSAttachment.doc",
    "docx/testWPSAttachment.docx",
    "ppt/testWPSAttachment.ppt",
}

TROUBLES: dict[str, tuple[str, Trouble | None]] = {
    "54764.xlsx": ("xlsx", Trouble.DAMAGED),
    "57272_corrupted_usereditatom.ppt": ("ppt", None),
    "SimpleMacro.docm": ("docm", None),
    "bomb_giant.pdf": ("pdf", None),
    "clusterfuzz-testcase-minimized-POIXWPFFuzzer-4959857092198400.docx": (
        "docx",
        Trouble.DAMAGED,
    ),
    "decompression_bomb.gif": ("gif", Trouble.TOO_LARGE),
    "decompression_bomb.ico": ("ico", Trouble.TOO_LARGE),
    "entityTest.svg": ("svg", None),
    "evaljs.pdf": ("pdf", None),
    "made_30000x30000.png": ("png", Trouble.TOO_LARGE),
    "made_docxbomb_300MB.docx": ("docx", Trouble.TOO_LARGE),
    "made_elf_named.pdf": ("other", Trouble.UNSUPPORTED),
    "made_empty.docx": ("docx", Trouble.EMPTY),
    "made_html_named.jpg": ("html", None),
    "made_jpg_named.png": ("jpg", None),
    "made_pdf_named.docx": ("pdf", None),
    "made_truncated.mp4": ("mp4", Trouble.DAMAGED),
    "made_truncated.pdf": ("pdf", Trouble.DAMAGED),
    "made_truncated.pptx": ("pptx", Trouble.DAMAGED),
    "made_zipbomb_1GiB.zip": ("zip", Trouble.TOO_LARGE),
    "made_zipbomb_nested.zip": ("zip", None),
    "made_zipslip.zip": ("zip", Trouble.STRAY_NAMES),
    "maliciousJsAndPhpTest.svg": ("svg", None),
    "noembed-identity.pdf": ("pdf", None),
    "oom-225817ca0f8c663be7ab4b9e717b02c661e66834.tif": ("tiff", Trouble.DAMAGED),
    "password.pdf": ("pdf", Trouble.ENCRYPTED),
    "png_decompression_dos.png": ("png", Trouble.DAMAGED),
    "quine.gz": ("gz", Trouble.CLOSED_ARCHIVE),
    "scan-bad.pdf": ("pdf", None),
    "svgTestOne.svg": ("svg", None),
    "testEXCEL_protected_passtika.xls": ("xls", Trouble.ENCRYPTED),
    "testEXCEL_protected_passtika.xlsx": ("xlsx", Trouble.ENCRYPTED),
    "testHTML_embedded_data_uri_js.html": ("html", None),
    "testHTML_script_in_body.html": ("html", None),
    "testPDF_protected.pdf": ("pdf", None),
    "testPPT_protected_passtika.ppt": ("ppt", Trouble.ENCRYPTED),
    "testPPT_protected_passtika.pptx": ("pptx", Trouble.ENCRYPTED),
    "testWORD_protected_passtika.doc": ("doc", Trouble.ENCRYPTED),
    "testWORD_protected_passtika.docx": ("docx", Trouble.ENCRYPTED),
    "testZIP_corrupted_oom.zip": ("zip", None),
    "truncated62886.docx": ("docx", Trouble.DAMAGED),
    "truncated_app14.jpg": ("jpg", None),
    "truncated_end_chunk.png": ("png", Trouble.DAMAGED),
    "useDosTest.svg": ("svg", None),
}
MISNAMED = {
    "made_elf_named.pdf",
    "made_html_named.jpg",
    "made_jpg_named.png",
    "made_pdf_named.docx",
}


@pytest.fixture(scope="module")
def workshop() -> Iterator[Workshop]:
    with Workshop(seconds=60) as workshop:
        yield workshop


def look(workshop: Workshop, path: Path) -> Facts:
    return workshop.inspect(path, path.name)


@pytest.mark.parametrize("name", WORDS)
def test_real_teaching_files_give_their_words(workshop: Workshop, name: str) -> None:
    code, words = WORDS[name]
    facts = look(workshop, SAMPLES / name)
    assert (facts.file_type.code, facts.file_type.misnamed, facts.trouble) == (code, False, None)
    assert [word for word in words if word not in facts.text] == []
    assert (facts.thumbnail is not None) == (code == "pdf")
    assert all(facts.text[part.start - 2 : part.start] in {"", "\n\n"} for part in facts.parts)


def test_every_office_file_and_pdf_among_the_samples_is_asked_for_words() -> None:
    there = {
        str(path.relative_to(SAMPLES))
        for folder in ("doc", "docx", "ppt", "pptx", "pdf", "xlsx")
        for path in (SAMPLES / folder).iterdir()
    }
    assert there - set(WORDS) == WORDLESS


def test_a_scan_and_documents_of_attachments_have_no_text(workshop: Workshop) -> None:
    for name in sorted(WORDLESS):
        assert look(workshop, SAMPLES / name).trouble is Trouble.NO_TEXT


def test_real_pictures_and_films_are_what_they_are(workshop: Workshop) -> None:
    for path in sorted((SAMPLES / "image").iterdir()):
        facts = look(workshop, path)
        assert (facts.file_type.family, facts.trouble) == (Family.IMAGE, None)
        assert facts.thumbnail is not None
    turned = look(workshop, SAMPLES / "image" / "hopper_orientation_6.jpg")
    assert (turned.width, turned.height) == (128, 128)
    for path in sorted((SAMPLES / "video").iterdir()):
        facts = look(workshop, path)
        assert (facts.playable, facts.trouble) == (True, None)
        assert facts.file_type.code == path.suffix[1:]


def test_old_office_files_are_told_apart(workshop: Workshop) -> None:
    found = {
        path.name: look(workshop, path).file_type.code
        for folder in ("doc", "ppt", "zip")
        for path in (SAMPLES / folder).iterdir()
    }
    assert found == {
        "54880_chinese.ppt": "ppt",
        "TestChineseProperties.doc": "doc",
        "arduino lesson 1.ppt": "ppt",
        "bug55902-mixedFontChineseCharacters.ppt": "ppt",
        "gbk.zip": "zip",
        "testWORKS2000.wps": "works",
        "testWPSAttachment.doc": "doc",
        "testWPSAttachment.ppt": "ppt",
    }


def test_an_archive_with_old_chinese_names_lists_them(workshop: Workshop) -> None:
    facts = look(workshop, SAMPLES / "zip" / "gbk.zip")
    file = "审计压缩包文件检索测试/集团邮件审计系统2021年自动巡检需求文档_V4.0.doc"
    assert facts.listing is not None
    assert [member.name for member in facts.listing.members] == [file]
    assert (facts.listing.total, facts.text, facts.trouble) == (1, file, None)


def test_hostile_files_end_in_a_result_or_a_trouble_in_little_memory() -> None:
    found, peak = {}, 0
    with Workshop(seconds=60) as workshop:
        for path in sorted((SAMPLES / "nasty").iterdir()):
            facts = look(workshop, path)
            found[path.name] = (facts.file_type.code, facts.trouble)
            assert facts.file_type.misnamed == (path.name in MISNAMED), path.name
            assert facts.trouble is None or SENTENCES[facts.trouble]
            assert workshop._child is not None, path.name
            peak = max(peak, peak_memory(workshop._child.pid))
    assert found == TROUBLES
    assert peak < 900 * 1024 * 1024


def peak_memory(pid: int) -> int:
    """The most memory that a process ever had in use, in bytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))

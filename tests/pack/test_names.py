"""Names that any stick takes."""

import pytest

from resource_hub.pack.names import LONGEST, safe_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("《分数的初步认识》第一课时.docx", "《分数的初步认识》第一课时.docx"),
        ("教案: 第1课?.doc", "教案_ 第1课_.doc"),
        ("a/b\\c|d.txt", "a_b_c_d.txt"),
        ("CON", "_CON"),
        ("con.txt", "_con.txt"),
        ("lpt1.课件.pptx", "_lpt1.课件.pptx"),
        ("COM¹.pdf", "_COM¹.pdf"),
        ("console.txt", "console.txt"),
        ("结尾有点...", "结尾有点"),
        ("  空格 .txt", "空格.txt"),
        ("…", "…"),
        ("..", "_"),
        ("", "_"),
        ("pic\u202egpj.exe", "pic_gpj.exe"),
        ("行\n列\t.txt", "行_列_.txt"),
        ("𠮷野.txt", "𠮷野.txt"),
        ("\ud83d.txt", "_.txt"),
    ],
)
def test_a_name_becomes_one_that_windows_takes(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_long_name_keeps_its_ending_and_whole_characters() -> None:
    safe = safe_name("𠮷" * 100 + ".pptx")
    assert (safe[-5:], set(safe[:-5])) == (".pptx", {"𠮷"})
    assert len(safe.encode("utf-16-le")) // 2 <= LONGEST
    assert safe_name("长" * 300) == "长" * LONGEST


def test_making_a_name_safe_twice_changes_nothing() -> None:
    for name in ("con.txt", "a:b.doc", "x" * 200 + ".pdf", " 。 "):
        assert safe_name(safe_name(name)) == safe_name(name)

"""Chinese text of any age is read as what it is."""

import pytest

from resource_hub.files.charset import text_encoding

SIMPLIFIED = "床前明月光，疑是地上霜。举头望明月，低头思故乡。"
TRADITIONAL = "床前明月光，疑是地上霜。舉頭望明月，低頭思故鄉。"


@pytest.mark.parametrize(
    ("text", "codec", "answer"),
    [
        (SIMPLIFIED, "utf-8", "utf-8"),
        (SIMPLIFIED, "utf-8-sig", "utf-8-sig"),
        (SIMPLIFIED, "utf-16", "utf-16"),
        (SIMPLIFIED, "utf-16-le", "utf-16-le"),
        (SIMPLIFIED, "utf-16-be", "utf-16-be"),
        (SIMPLIFIED, "utf-32", "utf-32"),
        (SIMPLIFIED, "gb2312", "gb18030"),
        (SIMPLIFIED, "gb18030", "gb18030"),
        (TRADITIONAL, "gbk", "gb18030"),
        (TRADITIONAL, "big5", "big5hkscs"),
        ("教案", "gbk", "gb18030"),
        ("教學設計：勾股定理", "big5", "big5hkscs"),
        ("1. 已知 a=3, b=4, 求 c。" * 9, "gbk", "gb18030"),
        ("The lesson begins at nine.", "ascii", "utf-8"),
        ("The lesson", "utf-16-le", "utf-16-le"),
        ("Le café est fermé aujourd'hui, déjà.", "cp1252", "cp1252"),
    ],
)
def test_the_encoding_is_recognised(text: str, codec: str, answer: str) -> None:
    written = text.encode(codec)
    assert text_encoding(written) == answer
    assert written.decode(answer) == text


@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "utf-16-le"])
def test_a_character_cut_at_the_end_does_no_harm(codec: str) -> None:
    assert text_encoding(SIMPLIFIED.encode(codec)[:-1]) == codec


@pytest.mark.parametrize(
    "content", [bytes(100), b"\x7fELF\x02\x01\x01" + bytes(99), b"\x89PNG\r\n\x1a\n\0\0"]
)
def test_what_is_no_text_is_none(content: bytes) -> None:
    assert text_encoding(content) is None

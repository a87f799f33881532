"""The printed minutes: what the host wrote in Markdown, read back off the pages."""

import re
from dataclasses import replace

import pypdfium2
import pytest

from resource_hub.catalogue.minutes_text import blocks, literal
from resource_hub.catalogue.print.minutes import MinutesData, minutes_as_pdf
from tests.catalogue.issues import CHINESE, TRADITIONAL
from tests.catalogue.test_calendar import EVENT
from tests.catalogue.test_print import codes, text_of

TEXT = """## 议程与结论

### 1. 《分数的初步认识》 #重点

> 怎样分月饼？

大家同意：**先折纸**，~~再说~~，*后算式*；见 [网页](https://example.org/a) 和 `1/2`。
第二行 =cmd|' /C calc'!A0 #let x = 1 𠮷 😀

1. 甲
2. 乙
   - 丙

| 年级 | 练习 |
| --- | --- |
| 三年级 | 五道 |

```
code  here
```

---

![图](https://example.org/tracker.png) <script>alert(1)</script>
"""
DATA = MinutesData(
    alliance="城乡联盟",
    month="2026-10",
    opens_at=EVENT.starts_at,
    closes_at=EVENT.ends_at,
    published_at=EVENT.ends_at,
    host="王敏",
    place="腾讯会议 123-456",
    attended=12,
    text=TEXT,
    address="https://hub.example.edu.cn/catalogue/2026-10/1/round",
)


def words(parts: object) -> str:
    """All text of blocks, in order."""
    if isinstance(parts, dict):
        return str(parts.get("text", "")) + "".join(
            words(value) for value in parts.values() if isinstance(value, list)
        )
    return "".join(words(part) for part in parts) if isinstance(parts, list) else ""


def test_every_kind_of_block_is_kept_and_nothing_else() -> None:
    found = blocks(TEXT)
    assert [part["kind"] for part in found] == [
        "heading", "heading", "quote", "paragraph", "list", "table", "code", "rule", "paragraph",
    ]  # fmt: skip
    runs = found[3]["runs"]
    assert isinstance(runs, list)
    looks = {
        run["text"]: [name for name in ("bold", "slanted", "struck", "code") if run[name]]
        for run in runs
    }
    assert (looks["先折纸"], looks["再说"], looks["后算式"], looks["1/2"]) == (
        ["bold"], ["struck"], ["slanted"], ["code"],
    )  # fmt: skip
    assert [run["href"] for run in runs if run["href"]] == ["https://example.org/a"]
    assert "<script>" in words(found[8]), "HTML is shown as it was typed"


def test_links_lead_to_the_web_alone_and_literal_words_mean_nothing() -> None:
    odd = "**x** [a](javascript:alert(1)) | `b`\n# c"
    (paragraph,) = blocks(literal(odd))
    assert words(paragraph) == "**x** [a](javascript:alert(1)) | `b` # c"
    for begins in ("1. 甲", "12) 乙", "- 丙", "+ 丁", "---", "2026.11 计划"):
        assert [part["kind"] for part in blocks(literal(begins))] == ["paragraph"]
        assert words(blocks(literal(begins))[0]) == begins
    assert '"href": "javascript' not in str(blocks("[a](javascript:alert(1))")).replace("'", '"')


@pytest.mark.parametrize("labels", [CHINESE, TRADITIONAL])
def test_the_pdf_says_it_all_and_its_code_leads_to_the_round(labels: object) -> None:
    content = minutes_as_pdf(DATA, labels)  # type: ignore[arg-type]  # pytest's own typing
    text = text_of(content)
    for said in ("城乡联盟", "王敏", "腾讯会议123-456", "08:00", "21:00", "先折纸", "再说", "五道",
                 "1.甲", "2.乙", "丙", "#letx=1", "=cmd|", "codehere", "<script>"):  # fmt: skip
        assert said in text, said
    assert list(codes(content)) == [DATA.address]


def test_long_minutes_go_over_pages_that_are_numbered() -> None:
    many = replace(DATA, text="\n\n".join(f"第 {number} 段。" + "话" * 200 for number in range(80)))
    content = minutes_as_pdf(many, CHINESE)
    pages = len(pypdfium2.PdfDocument(content))
    assert pages > 3
    text = text_of(content)
    assert f"1/{pages}" in text
    assert f"{pages}/{pages}" in text
    assert [int(found) for found in re.findall(r"第(\d+)段", text)] == list(range(80))


def test_the_same_minutes_give_the_same_bytes_and_odd_ones_are_set() -> None:
    assert minutes_as_pdf(DATA, CHINESE) == minutes_as_pdf(DATA, CHINESE)
    odd = replace(
        DATA, text="-\n\n|a|\n|-|\n\n>\n\n1)\n\n***\n\u202eabc", place="", address="x" * 5000
    )
    assert minutes_as_pdf(odd, CHINESE).startswith(b"%PDF")

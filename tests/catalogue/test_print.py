"""The printed issue: read back by pdfium, its codes by OpenCV."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import cv2
import pypdfium2
import pytest
from pypdfium2 import raw

from resource_hub.catalogue.data import IssueData
from resource_hub.catalogue.labels import Labels
from resource_hub.catalogue.plain import one_line
from resource_hub.catalogue.print.binding import booklet, in_order_of_folding
from resource_hub.catalogue.print.pdf import as_pdf
from resource_hub.catalogue.print.pictures import COVER, THUMBNAIL, for_print
from tests.architecture.checkout import ROOT
from tests.catalogue.issues import (
    CHINESE,
    ENGLISH,
    TRADITIONAL,
    entry,
    full_issue,
    issue,
    odd_issue,
    picture,
    thumbnails,
)

EMOJI = ROOT / "resource_hub" / "static" / "vendor" / "NotoEmoji_400Regular.ttf"
NOTO_CJK = Path("/usr/share/fonts/opentype/noto")
BROKEN = (b"", b"no picture at all", picture()[:100], b"RIFF\x00\x00\x00\x00WEBPVP8 ")


def printed(of: IssueData, labels: Labels = CHINESE, **different: object) -> bytes:
    given = {"thumbnails": thumbnails(of), **different}
    return as_pdf(of, labels, **given)  # type: ignore[arg-type]  # tests name real arguments


def text_of(content: bytes) -> str:
    """All text without spaces, line ends and places where long words may break."""
    document = pypdfium2.PdfDocument(content)
    pages = (page.get_textpage().get_text_range() for page in document)
    return re.sub(r"[\s\u200b]", "", "".join(pages))


def codes(content: bytes) -> Iterator[str]:
    """What a camera reads on the pages, from the first to the last, down each page."""
    reader = cv2.QRCodeDetector()
    for page in pypdfium2.PdfDocument(content):
        scale = 200 / 72  # dots an inch, of a plain printer
        picture = page.render(scale=scale, grayscale=True).to_numpy().squeeze()
        squares = []
        for thing in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=8):
            left, bottom, right, top = thing.get_bounds()
            if abs((right - left) - (top - bottom)) < 0.5:
                squares.append((page.get_height() - top, left, right - left))
        for top, left, side in sorted(squares):
            rows = slice(round((top - 4) * scale), round((top + side + 4) * scale))
            columns = slice(round((left - 4) * scale), round((left + side + 4) * scale))
            found, _, _ = reader.detectAndDecode(picture[rows, columns])
            yield found


@pytest.fixture(scope="module")
def full() -> bytes:
    return printed(full_issue())


def test_the_issue_has_a_cover_contents_and_all_its_words(full: bytes) -> None:
    text = text_of(full)
    for words in (
        "青山教育集团资源目录", "2026年第10期", "总第14期", "6个资源", "卷首语", "本期内容",
        "这个月的重点是分数。", "本期推荐", "动画把化曲为直讲清楚了，适合导入。", "更新的资源",
        "撤下的资源", "旧教案", "求资源人数", "长方体的展开图", "本月统计", "各校送审与通过",
        "勘误",
        "作者应为王敏。", "一年级、二年级", "王敏·联盟认可", "王敏·学校认可", "王敏·已审核",
        "李静·未审核",
    ):  # fmt: skip
        assert words in text, words
    for each in full_issue().all_entries:
        assert each.title in text
        assert each.public_id in text


def test_every_code_leads_to_its_resource(full: bytes) -> None:
    of = full_issue()
    highlighted = next(it.address for it in of.entries if it.public_id == "R-000003")
    shown = [it.address for it in (*of.entries, *of.updated)]
    assert list(codes(full)) == [of.address, highlighted, *shown]


def test_every_page_after_the_cover_has_a_running_head_and_its_number(full: bytes) -> None:
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(full)]
    inside = [re.sub(r"\s", "", page) for page in pages[1:]]
    assert all("青山教育集团资源目录2026年第10期" in page for page in inside)
    assert [page[-1] for page in inside] == ["2", "3", "4", "5"]


def test_pages_are_a4(full: bytes) -> None:
    assert {tuple(map(round, page.get_size())) for page in pypdfium2.PdfDocument(full)} == {
        (595, 842)
    }


def test_the_same_issue_gives_the_same_pages(full: bytes) -> None:
    again = printed(full_issue())
    assert again == full


def test_traditional_and_english_issues_speak_their_language() -> None:
    traditional = printed(full_issue(), TRADITIONAL)
    assert {"數學", "三年級", "卷首語", "本期推薦"} <= set(
        re.findall("數學|三年級|卷首語|本期推薦", text_of(traditional))
    )
    english = printed(full_issue(), ENGLISH)
    assert "Recommendedthismonth" in text_of(english)


def in_every_font(text: str) -> str:
    """Without what is a box where a machine lacks its font; those have tests of their own."""
    return "".join(one for one in text if ord(one) < 0x10000 and one not in "\u200d\ufe0f")


def test_odd_titles_are_printed_literally() -> None:
    made = printed(odd_issue())
    text = in_every_font(text_of(made))
    for title in (it.title for it in odd_issue().entries):
        plain = re.sub(r"\s", "", in_every_font(one_line(title)))
        if unicodedata.bidirectional(plain[0]) == "AL":  # pdfium turns its ligatures
            assert re.sub("[^\u0600-\u06ff]", "", plain)[:5] in text
        else:
            assert plain in text
    assert list(codes(made))[1:] == [it.address for it in odd_issue().entries]


def ink(title: str) -> int:
    """How dark the page with the entry of this title is."""
    made = printed(issue([entry(1, title)]))
    page = pypdfium2.PdfDocument(made)[2]
    return int((255 - page.render(scale=2).to_numpy()).sum())


NOBODYS = chr(0x10FFFD)
"""A character for private use: no font has it."""


def test_a_character_that_no_font_has_is_seen_as_a_box() -> None:
    """Not left out: a reader must see that there is something."""
    assert ink(f"{NOBODYS}野") > ink("野") * 1.001


@pytest.mark.skipif(not EMOJI.is_file(), reason="needs Noto Emoji from npm: make setup-test")
def test_emoji_are_printed() -> None:
    made = printed(issue([entry(1, "🦢天鹅")]))
    assert "🦢天鹅" in text_of(made)
    assert ink("🦢天鹅") != ink(f"{NOBODYS}天鹅")


@pytest.mark.skipif(not NOTO_CJK.is_dir(), reason="needs Debian's fonts-noto-cjk")
def test_a_rare_character_is_printed_where_the_machine_has_its_font() -> None:
    made = printed(issue([entry(1, "𠮷野家")]))
    assert "𠮷野家" in text_of(made)
    assert ink("𠮷野家") != ink(f"{NOBODYS}野家")


def test_an_empty_month_says_so() -> None:
    made = printed(issue())
    assert "本月没有发布资源。" in text_of(made)


@pytest.mark.parametrize("broken", BROKEN, ids=["empty", "text", "cut", "head"])
def test_a_broken_picture_is_drawn_instead(broken: bytes) -> None:
    of = full_issue()
    made = printed(of, thumbnails=thumbnails(of, content=broken), cover=broken)
    drawn = printed(of, thumbnails={})
    assert made == drawn


@pytest.mark.parametrize(
    "content",
    [
        picture(kind="PNG"),
        picture(kind="GIF"),
        picture(kind="JPEG", size=(3000, 50)),
        picture(kind="BMP", size=(20, 900)),
        picture(size=(1, 1)),
    ],
    ids=["png", "gif", "wide", "tall", "dot"],
)
def test_any_picture_becomes_a_jpeg_that_fits(content: bytes) -> None:
    made = for_print(content, THUMBNAIL)
    assert made is not None
    assert made.startswith(b"\xff\xd8\xff")
    made = printed(issue([entry(1, thumbnail="a" * 64)]), thumbnails={"a" * 64: content})
    assert entry(1).title in text_of(made)


def test_a_chosen_cover_is_printed() -> None:
    assert for_print(picture("#aa3300", (4000, 3000)), COVER) is not None
    made = printed(full_issue(), cover=picture("#aa3300", (900, 600)))
    cover = pypdfium2.PdfDocument(made)[0].render(scale=0.2).to_pil().convert("RGB")
    red, green, blue = cover.getpixel((60, 30))
    assert (red > 150, green < 80, blue < 40) == (True, True, True)


@pytest.mark.parametrize(
    ("pages", "order"),
    [
        (1, [1, None, None, None]),
        (4, [4, 1, 2, 3]),
        (5, [5, 1, 2, None, None, 3, 4, None]),
        (8, [8, 1, 2, 7, 6, 3, 4, 5]),
    ],
)
def test_a_booklet_is_in_the_order_of_folding(pages: int, order: list[int | None]) -> None:
    assert list(in_order_of_folding(pages)) == order


def test_a_booklet_has_two_pages_on_each_side_of_a4(full: bytes) -> None:
    source = pypdfium2.PdfDocument(full)
    sheets = pypdfium2.PdfDocument(booklet(full))
    assert len(sheets) == -(-len(source) // 4) * 2
    assert {tuple(map(round, page.get_size())) for page in sheets} == {(842, 595)}
    outside = re.sub(r"\s", "", sheets[0].get_textpage().get_text_range())
    assert "总第14期" in outside
    assert text_of(booklet(full)).count("长方体的展开图") == 1
    assert len(booklet(full)) < 2 * len(full)  # fonts and pictures are there once


def test_a_booklet_made_twice_is_the_same_bytes(full: bytes) -> None:
    assert booklet(full) == booklet(full)


def test_a_booklet_of_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match="no PDF"):
        booklet(b"nothing")

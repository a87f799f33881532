"""The page that needs nothing else, and all formats from one table."""

from html.parser import HTMLParser
from io import BytesIO

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageStat

from resource_hub.catalogue.data import IssueData
from resource_hub.catalogue.formats import FORMATS, Pictures, ending, write_formats
from resource_hub.catalogue.page import as_html
from resource_hub.catalogue.plain import one_line
from tests.catalogue.issues import (
    CHINESE,
    full_issue,
    issue,
    odd_issue,
    older_issue,
    picture,
    thumbnails,
)


class Read(HTMLParser):
    """Tags, words and links of a page; every element that is opened must be closed."""

    EMPTY = frozenset({"meta", "rect", "circle", "polygon", "polyline", "path"})

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]
        assert not any(name.startswith("on") for name, _ in attrs)
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.EMPTY:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.mark.parametrize("made", [issue(), full_issue(), odd_issue()], ids=["empty", "full", "odd"])
def test_the_page_holds_every_title_and_nothing_that_runs_or_loads(made: IssueData) -> None:
    page = Read(as_html(made, CHINESE))
    assert page.open == []
    assert page.tags.isdisjoint({"script", "link", "img", "iframe", "object", "form"})
    for entry in made.all_entries:
        assert one_line(entry.title) in page.words
        assert entry.address in page.links
    assert as_html(made, CHINESE) == as_html(made, CHINESE)


def test_the_page_has_highlights_figures_wishes_and_errata() -> None:
    words = Read(as_html(full_issue(), CHINESE)).words
    for each in (
        "本期推荐", "动画把化曲为直讲清楚了，适合导入。", "各校送审与通过", "长方体的展开图",
        "作者应为王敏。", "卷首语", "更新的资源", "撤下的资源",
    ):  # fmt: skip
        assert each in words
    assert "本月没有发布资源。" in Read(as_html(issue(), CHINESE)).words


def test_the_page_says_who_stands_behind_each_entry_where_it_is_known() -> None:
    page = as_html(full_issue(), CHINESE).decode()
    for facts in (
        "教案 · 三年级 · <bdi>王敏</bdi> · 联盟认可 · R-000001",
        "教案 · 三年级 · <bdi>王敏</bdi> · 学校认可 · R-000002",
        "微课 · 六年级 · <bdi>王敏</bdi> · 已审核 · R-000003",
        "教案 · 一年级、二年级 · <bdi>李静</bdi> · 未审核 · R-000004",
        "教案 · 三年级 · <bdi>实验小学</bdi> · <bdi>王敏</bdi> · 联盟认可 · R-000005",
        "教案 · 三年级 · <bdi>实验小学</bdi> · <bdi>王敏</bdi> · R-000006",
    ):
        assert page.count(f'<p class="facts">{facts}</p>') == 1
    older = as_html(older_issue(), CHINESE).decode()
    words = (" · 联盟认可", " · 学校认可", " · 已审核", " · 未审核")
    for word in words:
        page = page.replace(word, "")
    assert older == page


def test_every_format_is_written_once_and_pages_are_set_once() -> None:
    made = full_issue()
    told: list[tuple[int, int]] = []
    files = list(
        write_formats(
            made,
            CHINESE,
            pictures=Pictures(thumbnails(made)),
            progress=lambda done, total: told.append((done, total)),
        )
    )
    assert [ending(file.format) for file in files] == [
        ".xlsx", ".csv", ".html", ".json", ".atom", ".pdf", "-booklet.pdf", "-cover.webp",
    ]  # fmt: skip
    assert {file.format for file in files} == set(FORMATS)
    assert told == [(6, 12), (12, 12)]


def test_the_cover_is_the_first_page_as_it_is_printed() -> None:
    red = Pictures(cover=picture("#aa3300", (900, 600)))
    pages, cover = write_formats(issue(), CHINESE, ("pdf", "cover"), pictures=red)
    printed = pypdfium2.PdfDocument(pages.content)[0].render(scale=620 / 595.28).to_pil()
    with Image.open(BytesIO(cover.content)) as seen:
        assert (seen.format, seen.size, cover.media_type) == ("WEBP", (620, 877), "image/webp")
        apart = ImageStat.Stat(ImageChops.difference(seen.convert("RGB"), printed.convert("RGB")))
        assert max(apart.mean) < 3
        art = ImageStat.Stat(seen.convert("RGB").crop((100, 100, 500, 300)))
        assert art.mean[0] > 150 > art.mean[1]


def test_only_what_is_asked_for_is_written() -> None:
    assert [file.format for file in write_formats(issue(), CHINESE, ("csv", "json"))] == [
        "csv", "json",
    ]  # fmt: skip
    with pytest.raises(KeyError):
        list(write_formats(issue(), CHINESE, ("doc",)))

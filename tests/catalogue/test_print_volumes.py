"""A large issue is set in volumes, and is one book all the same."""

import ctypes
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pypdfium2
import pytest
from pypdfium2 import raw

from resource_hub.catalogue.data import EntryData, Highlight, IssueData
from resource_hub.catalogue.print import stitching
from resource_hub.catalogue.print.pdf import as_pdf
from resource_hub.catalogue.print.volumes import Volume, volumes
from resource_hub.domain.catalogue import Change
from tests.catalogue.issues import CHINESE, entry, full_issue, issue, thumbnails
from tests.catalogue.test_print import codes


def of_subjects(change: Change = Change.NEW, first: int = 1, **counts: int) -> list[EntryData]:
    subjects = [subject for subject, count in counts.items() for _ in range(count)]
    return [
        entry(number, f"第{number}课", subject=subject, change=change)
        for number, subject in enumerate(subjects, start=first)
    ]


def rows(parts: tuple[Volume, ...]) -> list[list[str]]:
    return [[it.subject for it in part.entries] for part in parts]


def test_volumes_hold_whole_subjects_and_only_large_ones_are_divided() -> None:
    made = issue(of_subjects(math=3, chinese=2, english=7, music=1))
    parts = volumes(made, CHINESE, 5)
    assert rows(parts) == [
        ["math"] * 3 + ["chinese"] * 2, ["english"] * 5, ["english"] * 2 + ["music"],
    ]  # fmt: skip
    assert [part.goes_on for part in parts] == ["", "", "英语"]
    assert [it for part in parts for it in part.entries] == list(made.entries)


def test_what_was_updated_and_withdrawn_fills_volumes_as_what_is_new_does() -> None:
    made = replace(
        issue(of_subjects(math=3)),
        updated=tuple(of_subjects(Change.UPDATED, 4, math=2, music=4)),
        withdrawn=tuple(of_subjects(Change.WITHDRAWN, 10, math=5)),
    )
    parts = volumes(made, CHINESE, 5)
    assert [len(part.rows) for part in parts] == [5, 4, 5]
    assert [part.goes_on for part in parts] == ["", "更新的资源", ""]
    assert [it for part in parts for it in part.entries] == list(made.all_entries)
    assert [
        (opening.level, opening.title)
        for row in parts[0].rows + parts[1].rows
        for opening in row.openings
    ] == [
        (1, "数学"), (2, "三年级"), (3, "实验小学"),
        (1, "更新的资源"), (2, "数学"), (3, "三年级"), (2, "音乐"), (3, "三年级"),
    ]  # fmt: skip


def test_an_issue_without_entries_is_one_volume() -> None:
    assert rows(volumes(issue(), CHINESE, 5)) == [[]]


def large() -> IssueData:
    """An ordinary month of 25 new, 9 updated and 4 withdrawn; the last new one is recommended."""
    new = of_subjects(chinese=4, math=13, english=5, music=3)
    return replace(
        full_issue(),
        entries=tuple(new),
        updated=tuple(of_subjects(Change.UPDATED, 31, math=5, music=4)),
        withdrawn=tuple(of_subjects(Change.WITHDRAWN, 41, math=4)),
        highlights=(Highlight(new[-1].public_id, "值得一看。"),),
    )


@cache
def book(most: int) -> bytes:
    return as_pdf(large(), CHINESE, thumbnails=thumbnails(large()), most=most)


IN_VOLUMES = 7
"""So many at once: six volumes, one of which begins in the middle of mathematics."""


def pages(content: bytes) -> list[str]:
    found = (page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content))
    return [re.sub(r"[\s\u200b]", "", page) for page in found]


def bookmarks(content: bytes) -> list[tuple[int, str, int, int]]:
    """Level, title, page from 1, and how far from the bottom of the page, in points."""
    return [
        (mark.level + 1, mark.get_title(), place.get_index() + 1, round(place.get_view()[1][1]))
        for mark in pypdfium2.PdfDocument(content).get_toc()
        for place in [mark.get_dest()]
    ]


def test_it_has_one_cover_one_contents_and_each_entry_once() -> None:
    whole = pages(book(IN_VOLUMES))
    assert [at for at, page in enumerate(whole) if "总第14期" in page] == [0]
    assert [at for at, page in enumerate(whole) if "本期内容" in page] == [1]
    text = "".join(whole)
    for each in large().all_entries:
        also = [it.public_id for it in large().highlights]
        also += [it.public_id for it in large().errata]
        assert text.count(each.public_id) == 1 + also.count(each.public_id), each.public_id
    for words in ("卷首语", "勘误", "本期推荐", "求资源", "本月统计"):
        assert text.count(words) >= 2, words  # in the contents and above what it names


def test_its_pages_are_numbered_from_the_cover_to_the_last() -> None:
    whole = pages(book(IN_VOLUMES))
    ends = [page[-len(str(at)) :] for at, page in enumerate(whole, start=1)]
    assert ends[1:] == [str(at) for at in range(2, len(whole) + 1)]
    document = pypdfium2.PdfDocument(book(IN_VOLUMES))
    assert {document.get_page_label(at) for at in range(len(document))} == {""}  # so: from 1


def test_every_page_has_the_running_head_of_its_chapter() -> None:
    whole = pages(book(IN_VOLUMES))
    assert all("青山教育集团资源目录2026年第10期" in page for page in whole[1:])
    goes_on = [page for page in whole if "R-00000C" in page]  # the eighth of mathematics
    assert [("数学" in page, "三年级实验小学" in page) for page in goes_on] == [(True, False)]


def test_inner_margins_lie_at_the_fold_on_every_page() -> None:
    """The running head begins 22 mm from the left on odd pages, 18 mm on even ones."""
    lefts = []
    for page in list(pypdfium2.PdfDocument(book(IN_VOLUMES)))[1:]:
        text = page.get_textpage()
        boxes = [text.get_charbox(at) for at in range(text.count_chars())]
        lefts.append(round(min(left for left, *_ in boxes) * 25.4 / 72))
    assert lefts == [18 if at % 2 == 0 else 22 for at in range(2, len(lefts) + 2)]


def test_its_bookmarks_are_those_of_the_same_issue_set_at_once() -> None:
    ours, at_once = bookmarks(book(IN_VOLUMES)), bookmarks(book(100))
    assert [mark[:2] for mark in ours] == [mark[:2] for mark in at_once]
    assert [title for level, title, *_ in ours if level == 1] == [
        "卷首语", "勘误", "本期推荐", "语文", "数学", "英语", "音乐",
        "更新的资源", "撤下的资源", "求资源", "本月统计",
    ]  # fmt: skip


def test_bookmarks_lead_right_above_their_headings() -> None:
    document = pypdfium2.PdfDocument(book(IN_VOLUMES))
    for _, title, number, top in bookmarks(book(IN_VOLUMES)):
        text = document[number - 1].get_textpage()
        below = text.get_text_bounded(bottom=top - 45, top=top)
        assert title in re.sub(r"\s", "", below), (title, number)


def contents(content: bytes) -> dict[str, str]:
    """The number that is printed behind each chapter, from the second page."""
    text = pypdfium2.PdfDocument(content)[1].get_textpage().get_text_range()
    lines = re.findall(r"^(\S+?)[ .]*\s(\d+)\s*$", text, re.MULTILINE)
    return dict(reversed(lines))


def links(content: bytes, page_number: int) -> Iterator[int]:
    """Pages to which the links of a page lead within the document."""
    document = pypdfium2.PdfDocument(content)
    page, at, link = document[page_number - 1], ctypes.c_int(0), raw.FPDF_LINK()
    while raw.FPDFLink_Enumerate(page.raw, at, link):
        if place := raw.FPDFLink_GetDest(document.raw, link):
            yield raw.FPDFDest_GetDestPageIndex(document.raw, place) + 1


def test_the_contents_say_and_lead_to_the_pages_of_all_volumes() -> None:
    marks = bookmarks(book(IN_VOLUMES))
    printed = contents(book(IN_VOLUMES))
    for level, title, number, _ in marks:
        if level == 1:
            assert printed[title] == str(number), title
    assert list(links(book(IN_VOLUMES), 2)) == [page for level, _, page, _ in marks if level < 3]
    (music,) = [number for level, title, number, _ in marks if (level, title) == (1, "音乐")]
    assert "R-00000Q" in pages(book(IN_VOLUMES))[music - 1]  # the 23rd, the first of music


def test_its_title_author_and_language_are_those_of_the_same_issue_set_at_once() -> None:
    assert pypdfium2.PdfDocument(book(IN_VOLUMES)).get_metadata_dict(skip_empty=True) == {
        "Title": "青山教育集团资源目录 2026年第10期",
        "Author": "青山教育集团",
        "Creator": pypdfium2.PdfDocument(book(100)).get_metadata_dict()["Creator"],
        "CreationDate": "D:19700101000000Z",
        "ModDate": "D:19700101000000Z",
    }
    assert b"/Lang(zh-CN)" in book(IN_VOLUMES)
    count = len(pypdfium2.PdfDocument(book(IN_VOLUMES)))
    assert f"<xmpTPg:NPages>{count}</xmpTPg:NPages>".encode() in book(IN_VOLUMES)


def test_its_codes_lead_to_its_resources() -> None:
    of = large()
    shown = [it.address for it in (of.entries[-1], *of.entries, *of.updated)]
    assert list(codes(book(IN_VOLUMES))) == [of.address, *shown]


def test_made_twice_it_is_the_same_bytes() -> None:
    again = as_pdf(large(), CHINESE, thumbnails=thumbnails(large()), most=IN_VOLUMES)
    assert again == book(IN_VOLUMES)


def test_nothing_in_it_is_there_in_vain() -> None:
    """Each object is reached from the end of the file, as a strict reader wants it."""
    objects = stitching.Objects(book(IN_VOLUMES))
    assert len(objects.pages()) == len(pypdfium2.PdfDocument(book(IN_VOLUMES)))
    assert book(IN_VOLUMES).count(b"/Type/Catalog") == 1
    assert book(IN_VOLUMES).count(b"/Type/Outlines") == 1
    assert book(IN_VOLUMES).count(b"/Type/Pages") == 1


def test_progress_counts_each_entry_twice_up_to_the_end() -> None:
    told: list[tuple[int, int]] = []
    made = issue(of_subjects(math=3, chinese=2))
    as_pdf(
        made,
        CHINESE,
        thumbnails={},
        most=3,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(3, 10), (6, 10), (8, 10), (10, 10)]


def test_brackets_and_numbers_in_a_title_stay_words() -> None:
    """In a PDF a text may look like a reference to another object."""
    made = replace(issue(of_subjects(math=2, chinese=2)), title="(1 0 R) endobj stream (a) 2 0 R")
    whole = as_pdf(made, CHINESE, thumbnails={}, most=2)
    found = pypdfium2.PdfDocument(whole).get_metadata_dict()["Title"]
    assert found == "(1 0 R) endobj stream (a) 2 0 R 2026年第10期"


def test_volumes_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    small = as_pdf(issue(of_subjects(math=2)), CHINESE, thumbnails={})
    for front, given, words in ((0, [], "fewer"), (2, [small], "more")):
        with (
            (tmp_path / "whole.pdf").open("wb") as target,
            pytest.raises(stitching.Unbindable, match=words),
        ):
            stitching.bind(small, given, target, front=front)

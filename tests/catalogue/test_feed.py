"""Atom feeds as feed readers see them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import feedparser
import pytest

from resource_hub.catalogue.data import IssueData
from resource_hub.catalogue.feed import Feed, FeedItem, as_atom, issue_as_atom
from resource_hub.catalogue.plain import one_line
from tests.catalogue.issues import CHINA, CHINESE, HUB, full_issue, issue, odd_issue

SHELF = Feed(
    address=f"{HUB}/browse/subject/math/feed.atom",
    page=f"{HUB}/browse/subject/math",
    title="数学",
    author="青山教育集团",
    language="zh-Hans",
    began=datetime(2026, 9, 1, tzinfo=UTC),
    items=(
        FeedItem(
            address=f"{HUB}/r/R-000001",
            title="分数的初步认识",
            updated=datetime(2026, 10, 3, 8, 0, tzinfo=CHINA),
            summary="折纸 & <剪纸>",
            author="王敏",
            categories=("数学", "三年级"),
        ),
        FeedItem(f"{HUB}/r/R-000002", "圆", datetime(2026, 10, 2, tzinfo=UTC)),
    ),
)


def test_a_reader_finds_the_feed_with_its_items() -> None:
    found = feedparser.parse(as_atom(SHELF))
    assert (found.bozo, found.version) == (False, "atom10")
    assert (found.feed.title, found.feed.id, found.feed.updated) == (
        "数学",
        SHELF.address,
        "2026-10-03T00:00:00Z",
    )
    assert {link.rel: link.href for link in found.feed.links} == {
        "self": SHELF.address,
        "alternate": SHELF.page,
    }
    first, second = found.entries
    assert (first.id, first.link, first.title, first.author, first.updated) == (
        f"{HUB}/r/R-000001", f"{HUB}/r/R-000001", "分数的初步认识", "王敏", "2026-10-03T00:00:00Z",
    )  # fmt: skip
    assert [tag.term for tag in first.tags] == ["数学", "三年级"]
    assert "&lt;剪纸&gt;" in as_atom(SHELF).decode()
    assert (second.title, second.summary) == ("圆", "")


def test_a_feed_without_items_is_as_old_as_its_beginning() -> None:
    found = feedparser.parse(as_atom(replace(SHELF, items=())))
    assert (found.bozo, found.feed.updated, found.entries) == (False, "2026-09-01T00:00:00Z", [])


@pytest.mark.parametrize("made", [issue(), full_issue(), odd_issue()], ids=["empty", "full", "odd"])
def test_an_issue_is_a_feed_of_what_is_new_and_updated(made: IssueData) -> None:
    content = issue_as_atom(made, CHINESE)
    found = feedparser.parse(content)
    assert found.bozo is False
    assert found.feed.title == "青山教育集团资源目录 2026年第10期"
    shown = made.entries + made.updated
    assert [item.id for item in found.entries] == [entry.address for entry in shown]
    assert content == issue_as_atom(made, CHINESE)
    tree = ET.fromstring(content)  # noqa: S314 - our own
    titles = [item.text for item in tree.iter("{http://www.w3.org/2005/Atom}title")]
    assert titles[1:] == [one_line(entry.title) for entry in shown]


def test_an_erratum_makes_its_entry_and_the_feed_new_again() -> None:
    plain = replace(full_issue(), errata=())
    (erratum,) = full_issue().errata
    whole = replace(erratum, at=erratum.at + timedelta(days=1), public_id="", words="期号有误。")

    def read(made: IssueData) -> tuple[str, dict[str, str], str, str]:
        found = feedparser.parse(issue_as_atom(made, CHINESE))
        updated = {item.id[-8:]: item.updated for item in found.entries}
        said = next(item.summary for item in found.entries if item.id.endswith("R-000002"))
        return found.feed.updated, updated, said, found.feed.get("subtitle", "")

    moment, before, said, subtitle = read(plain)
    assert (set(before.values()), subtitle) == ({moment}, "")
    again, after, corrected, _ = read(full_issue())
    assert again == "2026-11-03T01:00:00Z" > moment
    assert after == before | {"R-000002": again}
    assert corrected == f"{said}\n勘误（2026年11月3日）：作者应为王敏。"
    last, unchanged, _, subtitle = read(replace(plain, errata=(whole,)))
    assert (last, subtitle) == ("2026-11-04T01:00:00Z", "勘误（2026年11月4日）：期号有误。")
    assert unchanged == before

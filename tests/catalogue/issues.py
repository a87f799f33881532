"""Issues to try the formats with: an ordinary month, and one of which everything is odd."""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO

from babel.messages.pofile import read_po
from PIL import Image

from resource_hub.catalogue.data import (
    AskedFor,
    EntryData,
    Erratum,
    FiguresData,
    Highlight,
    IssueData,
    IssueEdition,
    Tally,
    Used,
)
from resource_hub.catalogue.labels import Labels
from resource_hub.domain.catalogue import Change
from resource_hub.domain.endorsement import Badge
from resource_hub.domain.taxonomy import KIND_LABELS, Kind
from tests.architecture.checkout import ROOT

HUB = "https://hub.example.edu.cn"
CHINA = timezone(timedelta(hours=8))
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def public_id(number: int) -> str:
    digits = ""
    for _ in range(6):
        number, last = divmod(number, 32)
        digits = _CROCKFORD[last] + digits
    return f"R-{digits}"


def entry(number: int, title: str = "分数的初步认识", **different: object) -> EntryData:
    """Entry number ``number``; what is not said is a lesson plan of mathematics for grade 3."""
    ordinary = EntryData(
        public_id=public_id(number),
        title=title,
        kind="lesson_plan",
        stage="primary",
        subject="math",
        grades=("g3",),
        school="实验小学",
        author="王敏",
        summary="把一个月饼平均分成两份，每份是它的二分之一。学生在折纸中认识几分之一。",
        revision=1,
        change=Change.NEW,
        address=f"{HUB}/r/{public_id(number)}",
    )
    return replace(ordinary, **different)  # type: ignore[arg-type]  # a test names real fields


ODD_TITLES = (
    "=cmd|' /C calc'!A0",
    "@SUM(A1:A9)",
    "折纸🦢与分数👩‍🏫",
    "𠮷野家的𠮷字与㐀㐁",
    "مقدمة في الكسور — شرح الدرس الأول",
    "שלום כיתה ג",
    "长" * 200,
    "A" * 200,
    "#set text(red) $x^2$ *bold* `raw` <tag> & \\ @ref",
    "行\x0b间\x00控\x1b制\ufffe符",
    "  前后空格  ",
    "“引号”，句号。（括号）！？",
)


def issue(
    entries: Iterable[EntryData] = (),
    *,
    updated: Iterable[EntryData] = (),
    withdrawn: Iterable[EntryData] = (),
) -> IssueData:
    """The issue of October 2026 with these entries."""
    return IssueData(
        alliance="青山教育集团",
        month="2026-10",
        running_number=14,
        title="青山教育集团资源目录",
        preface="这个月的重点是分数。\n欢迎各校老师在研讨中交流使用的体会。",
        edition=IssueEdition.ALLIANCE,
        address=f"{HUB}/catalogue/2026-10/1",
        covers_from=datetime(2026, 10, 1, tzinfo=CHINA),
        covers_to=datetime(2026, 11, 1, tzinfo=CHINA),
        published_at=datetime(2026, 11, 1, 9, 30, tzinfo=CHINA),
        entries=tuple(entries),
        updated=tuple(replace(each, change=Change.UPDATED) for each in updated),
        withdrawn=tuple(replace(each, change=Change.WITHDRAWN) for each in withdrawn),
    )


def full_issue() -> IssueData:
    """An issue in which nothing is missing."""
    entries = [
        entry(1, thumbnail=digest(b"one"), badge=Badge.ENDORSED_BY_ALLIANCE),
        entry(2, "分数的大小比较", school="青山村小学", badge=Badge.ENDORSED_BY_SCHOOL),
        entry(3, "圆的周长", grades=("g6",), kind="micro_lesson", badge=Badge.REVIEWED),
        entry(
            4, "荷叶圆圆", subject="chinese", grades=("g1", "g2"), author="李静",
            badge=Badge.NOT_REVIEWED,
        ),
    ]  # fmt: skip
    updated = entry(5, "口算练习", revision=3, badge=Badge.ENDORSED_BY_ALLIANCE)
    return replace(
        issue(entries, updated=[updated], withdrawn=[entry(6, "旧教案")]),
        highlights=(Highlight(public_id(3), "动画把化曲为直讲清楚了，适合导入。"),),
        asked_for=(AskedFor("长方体的展开图", "math", "g5", 4, f"{HUB}/wishes/7"),),
        figures=FiguresData(
            submitted=9,
            accepted=6,
            days=3.5,
            by_school=(Tally("实验小学", 6, 5, 3.0), Tally("青山村小学", 3, 1)),
            by_subject=(Tally("math", 7, 5, 3.2), Tally("chinese", 2, 1, 5.0)),
            most_used=(Used(public_id(3), "圆的周长", f"{HUB}/r/{public_id(3)}", 41),),
            months=(Tally("2026-09", 4, 3, 2.0), Tally("2026-10", 9, 6, 3.5)),
        ),
        errata=(Erratum(datetime(2026, 11, 3, 1, 0, tzinfo=UTC), "作者应为王敏。", public_id(2)),),
    )


def older_issue() -> IssueData:
    """The full one as it was frozen before entries had badges."""
    full = full_issue()
    return replace(
        full,
        entries=tuple(replace(each, badge=None) for each in full.entries),
        updated=tuple(replace(each, badge=None) for each in full.updated),
    )


def odd_issue() -> IssueData:
    """One in which every title, name and summary is odd."""
    return issue(
        entry(number, title, school=title[:60], author=title[:40], summary=title * 3)
        for number, title in enumerate(ODD_TITLES, start=1)
    )


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def picture(
    colour: str = "#2f6f4f", size: tuple[int, int] = (320, 180), kind: str = "WEBP"
) -> bytes:
    content = BytesIO()
    Image.new("RGB", size, colour).save(content, kind)
    return content.getvalue()


def thumbnails(of: IssueData, *, content: bytes | None = None) -> Mapping[str, bytes]:
    """A picture for each entry that says it has one."""
    made = picture() if content is None else content
    return {each.thumbnail: made for each in of.all_entries if each.thumbnail}


def labels(locale: str) -> Labels:
    """The hub's own words in one language, as the edge would bring them."""
    folder = ROOT / "resource_hub" / "translations" / locale / "LC_MESSAGES"
    said = {}
    if locale != "en":
        with (folder / "messages.po").open("rb") as stream:
            said = {str(each.id): str(each.string) for each in read_po(stream) if each.id}
    terms = tomllib.loads((ROOT / "resource_hub" / "taxonomy.toml").read_text("utf-8"))
    column = ("zh_Hans", "zh_Hant", "en").index(locale)

    def label(code: str, scheme: str) -> str:
        if scheme == "kind":
            words = KIND_LABELS[Kind(code)]
            return said.get(words, words)
        return str(terms[scheme][code][column])

    return Labels(label, lambda sentence: said.get(sentence, sentence), locale.replace("_", "-"))


CHINESE, TRADITIONAL, ENGLISH = labels("zh_Hans"), labels("zh_Hant"), labels("en")

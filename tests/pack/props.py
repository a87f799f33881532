"""Resources for packs, and bytes for them."""

import hashlib
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO

from resource_hub.pack.data import (
    Cover,
    PackFile,
    PackIssue,
    PackResource,
    Reader,
    Selection,
    Stored,
    Unobtainable,
)
from resource_hub.pack.index import PackIndex
from resource_hub.pack.sentences import SENTENCES
from resource_hub.pack.writer import Contents
from search_index import IndexDocument

NOON = datetime(2026, 10, 12, 4, tzinfo=UTC)


class Bytes:
    """What a storage would hold."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def keep(self, content: bytes) -> Stored:
        key = hashlib.sha256(content).hexdigest()
        self.kept[key] = content
        return Stored(key, len(content))

    @property
    def read(self) -> Reader:
        @contextmanager
        def opened(key: str) -> Iterator[BinaryIO]:
            if key not in self.kept:
                raise Unobtainable(key)
            yield io.BytesIO(self.kept[key])

        return opened


def resource(number: int, *files: PackFile, **changes: Any) -> PackResource:  # Any: any field
    values: dict[str, Any] = {
        "resource_id": number,
        "public_id": f"R-{number:06}",
        "revision": 1,
        "kind": "lesson_plan",
        "title": f"第{number}课",
        "summary": "从分月饼开始。",
        "language": "zh-Hans",
        "school_stage": "primary",
        "subject": "math",
        "grades": ("g3",),
        "volume": "",
        "edition": "",
        "unit": "",
        "keywords": (),
        "licence": "cc-by-4.0",
        "source": "",
        "sections": (),
        "text": "",
        "school_code": "s1",
        "school_name": "第一小学",
        "author_name": "王敏",
        "available_at": NOON + timedelta(days=number),
        "uses": 0,
        "class_uses": 0,
        "badge": "reviewed",
        "cover": None,
        "files": files,
    }
    return PackResource(**(values | changes))


def file(stored: Stored, name: str = "教案.docx", **changes: Any) -> PackFile:  # Any: any field
    return PackFile(name=name, original=stored, format="docx", family="document", **changes)


def index_of(*resources: PackResource) -> PackIndex:
    """Of their titles alone."""
    index = PackIndex({"zh_Hans": {"subject": {"math": "数学"}}})
    for one in resources:
        index.add(document(one))
    return index


def document(one: PackResource, body: str = "") -> IndexDocument:
    return IndexDocument(
        resource_id=one.resource_id,
        sequence=1,
        title=one.title,
        summary=one.summary,
        keywords=one.keywords,
        unit=one.unit,
        body=body,
        author=one.author_name,
        school=one.school_name,
        alliances=(),
        school_code=one.school_code,
        subject=one.subject,
        grades=one.grades,
        school_stage=one.school_stage,
        kind=one.kind,
        edition=one.edition,
        volume=one.volume,
        language=one.language,
        formats=(),
        published_at=one.available_at,
        year=one.available_at.year,
        views=0,
        downloads=one.uses,
        visible_to=frozenset({"public"}),
        places=(),
    )


def contents(
    *resources: PackResource,
    issues: tuple[PackIssue, ...] = (),
    sequence: int = 1,
    **more: Any,  # Any: any field of Contents
) -> Contents:
    cover = Cover(
        "ab12cd34", sequence, NOON, "第二小学", "https://hub.example", "zh_Hans", Selection()
    )
    words: Mapping[str, str] = {sentence: sentence for sentence in SENTENCES}
    values: dict[str, Any] = {
        "cover": cover,
        "resources": resources,
        "left_out": (),
        "issues": issues,
        "wording": {"zh_Hans": words},
        "labels": {"zh_Hans": {"subject": {"math": "数学"}}},
        "colours": {"math": 2},
        "offered": {
            "school_stage": {"primary": [], "junior": []},
            "subject": {"math": [], "chinese": [], "physics": ["junior"]},
            "grade": {"g3": ["primary"], "g7": ["junior"]},
        },
        "index": index_of(*resources),
    }
    return Contents(**(values | more))

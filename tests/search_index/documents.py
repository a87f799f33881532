"""Documents and engines for the tests of the search index."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from search_index.base import IndexDocument, Page, SearchEngine, SearchRequest, Sort
from search_index.vocabulary import Vocabulary

DAY = datetime(2026, 10, 1, 8, tzinfo=UTC)

VOCABULARY = Vocabulary(
    fields={
        "学科": "subject",
        "年级": "grade",
        "标题": "title",
        "学校": "school",
        "类型": "kind",
        "作者": "author",
        "关键词": "keywords",
        "单元": "unit",
        "简介": "summary",
        "联盟": "alliance",
        "正文": "text",
        "格式": "format",
        "上传": "published",
    },
    codes={
        "subject": {"数学": "math", "语文": "chinese"},
        "grade": {"三年级": "g3", "四年级": "g4"},
        "kind": {"教案": "lesson_plan", "微课": "micro_lesson"},
    },
    groups={"format": {"word": ("docx", "doc"), "图片": ("jpg", "png")}},
)


def lesson(
    resource_id: int,
    title: str,
    body: str = "",
    *,
    sequence: int = 1,
    summary: str = "",
    keywords: tuple[str, ...] = (),
    unit: str = "",
    author: str = "王老师",
    school: str = "晨光小学",
    school_code: str = "S1",
    subject: str = "math",
    grades: tuple[str, ...] = ("g3",),
    kind: str = "lesson_plan",
    views: int = 0,
    visible_to: frozenset[str] = frozenset({"public"}),
) -> IndexDocument:
    """Describe a lesson plan that was published ``resource_id`` days after ``DAY``."""
    return IndexDocument(
        resource_id=resource_id,
        sequence=sequence,
        title=title,
        summary=summary,
        keywords=keywords,
        unit=unit,
        body=body,
        author=author,
        school=school,
        alliances=("云岭教共体",),
        school_code=school_code,
        subject=subject,
        grades=grades,
        school_stage="primary",
        kind=kind,
        edition="pep",
        volume="upper",
        language="zh",
        formats=("docx",),
        published_at=DAY + timedelta(days=resource_id),
        year=2026,
        views=views,
        downloads=0,
        visible_to=visible_to,
    )


def ask(
    engine: SearchEngine,
    query: str = "",
    *,
    seen_by: Iterable[str] = ("public",),
    filters: dict[str, set[str]] | None = None,
    sort: Sort = Sort.RELEVANCE,
    page: int = 1,
    per_page: int = 20,
    relax: bool = False,
) -> Page:
    chosen = {name: frozenset(codes) for name, codes in (filters or {}).items()}
    return engine.search(
        SearchRequest(
            query,
            frozenset(seen_by),
            chosen,
            sort,
            page=page,
            per_page=per_page,
            facets=("subject", "grade", "school", "kind"),
            relax=relax,
        )
    )


def found(page: Page) -> list[int]:
    return [hit.resource_id for hit in page.hits]

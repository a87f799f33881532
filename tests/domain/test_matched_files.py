"""Which file of a later version is which of the earlier one."""

from resource_hub.domain.matched_files import FileChange, KnownFile, matched_files

TEXT = "一、导入：把一个月饼平均分给两个小朋友。二、新授：认识二分之一，读一读，写一写。"


def changes(before: list[KnownFile], after: list[KnownFile]) -> list[tuple[str, str, str]]:
    return [
        (
            pair.change.value,
            "" if pair.before is None else before[pair.before].name,
            "" if pair.after is None else after[pair.after].name,
        )
        for pair in matched_files(before, after)
    ]


def document(name: str, key: str, text: str = "") -> KnownFile:
    return KnownFile(name, key, "document", text)


def test_files_are_matched_by_content_and_name() -> None:
    before = [document("教案.docx", "a"), document("课件.docx", "b"), document("旧.docx", "c")]
    after = [document("教案.docx", "a"), document("课件.docx", "x"), document("新名.docx", "c")]
    assert changes(before, after) == [
        ("same", "教案.docx", "教案.docx"),
        ("replaced", "课件.docx", "课件.docx"),
        ("renamed", "旧.docx", "新名.docx"),
    ]


def test_a_file_with_a_new_name_and_a_better_text_replaces_the_old_one() -> None:
    before = [document("教案.docx", "a", TEXT), document("练习.docx", "b", "口算一百题" * 9)]
    after = [
        document("final-3.docx", "x", TEXT + "板书设计。"),
        document("儿歌.docx", "y", "小星星"),
    ]
    assert changes(before, after) == [
        ("replaced", "教案.docx", "final-3.docx"),
        ("added", "", "儿歌.docx"),
        ("removed", "练习.docx", ""),
    ]


def test_without_a_text_the_names_decide_and_only_within_a_family() -> None:
    before = [KnownFile("月饼的图1.png", "a", "image"), KnownFile("月饼.mp4", "b", "video")]
    after = [KnownFile("月饼的图2.png", "x", "image"), KnownFile("月饼.png", "y", "image")]
    assert changes(before, after) == [
        ("replaced", "月饼的图1.png", "月饼的图2.png"),
        ("added", "", "月饼.png"),
        ("removed", "月饼.mp4", ""),
    ]


def test_a_name_that_went_to_another_file_does_not_hide_where_the_content_went() -> None:
    before = [document("一.docx", "a"), document("二.docx", "b")]
    after = [document("二.docx", "a"), document("三.docx", "b")]
    assert changes(before, after) == [
        (FileChange.RENAMED.value, "一.docx", "二.docx"),
        (FileChange.RENAMED.value, "二.docx", "三.docx"),
    ]

"""Where a remark stands, and how a place is known again in a text that was changed."""

import pytest

from resource_hub.domain.anchors import (
    AnchorKind,
    Change,
    Passage,
    PlaceNow,
    Rectangle,
    Witness,
    digest,
    find_passage,
    page_now,
    passage_now,
)
from resource_hub.domain.description import Description
from resource_hub.domain.errors import Invalid
from resource_hub.domain.remarks import (
    Anchor,
    FileFacts,
    Target,
    anchor_in_field,
    anchor_in_file,
    clock_words,
    field_text,
    seconds_of,
    text_problems,
)
from resource_hub.domain.taxonomy import Kind, Section

TEXT = "从分月饼开始，认识几分之一。\n\n把一个月饼平均分成两份，每份是它的二分之一。"
SLIDES = FileFacts(
    pages=3, seconds=0, text="封面\n目标 一\n板书 一", places=((1, 0), (2, 3), (3, 8))
)
FILM = FileFacts(pages=0, seconds=90.5)


def passage(quote: str, text: str = TEXT) -> Passage:
    found = find_passage(text, quote)
    assert found is not None
    return found


def refusal(target: Target, facts: FileFacts) -> tuple[str, str]:
    with pytest.raises(Invalid) as refused:
        anchor_in_file(target, facts)
    (problem,) = refused.value.problems
    return problem.field, str(problem)


def test_a_passage_is_found_although_lines_end_elsewhere() -> None:
    assert passage("几分之一。 把一个") == Passage(
        start=9, quote="几分之一。\n\n把一个", before="从分月饼开始，认识", after=TEXT[19:51]
    )
    assert find_passage(TEXT, "四分之一") is None
    assert find_passage(TEXT, "  ") is None


def test_a_passage_stays_where_its_neighbours_are() -> None:
    place = passage("平均分成两份")
    assert passage_now(TEXT, place) == PlaceNow(Change.SAME)
    assert passage_now("导入：" + TEXT, place) == PlaceNow(Change.SAME)
    assert passage_now("平均分成两份", place) == PlaceNow(Change.MOVED)
    assert passage_now("另一篇课文。", place) == PlaceNow(Change.GONE)
    changed = TEXT.replace("平均分成两份", "分成相等的两份")
    assert passage_now(changed, place) == PlaceNow(Change.CHANGED, words="分成相等的两份")


def test_a_passage_at_either_end_of_a_text_is_known_again() -> None:
    first, last = passage("从分月饼开始"), passage("二分之一。")
    assert passage_now(TEXT.replace("从分月饼", "从切蛋糕"), first) == PlaceNow(
        Change.CHANGED, words="从切蛋糕开始"
    )
    assert passage_now(TEXT.replace("二分之一。", "一半。"), last) == PlaceNow(
        Change.CHANGED, words="一半。"
    )
    assert passage_now("", passage(TEXT)) == PlaceNow(Change.GONE)


@pytest.mark.parametrize(
    ("words", "pictures", "total", "now"),
    [
        (["a", "b"], ["p", "q"], 2, PlaceNow(Change.SAME, 2)),
        (["a", "b"], ["p", "r"], 2, PlaceNow(Change.CHANGED, 2)),
        (["a", "c"], ["p", ""], 2, PlaceNow(Change.CHANGED, 2)),
        (["a", "b"], ["p", ""], 2, PlaceNow(Change.UNKNOWN, 2)),
        (["a", ""], ["p", ""], None, PlaceNow(Change.UNKNOWN, 2)),
        (["a", "new", "b"], ["p", "s", "q"], 3, PlaceNow(Change.MOVED, 3)),
        (["a", "c", "b", "b"], ["p", "s", "q", "q"], 4, PlaceNow(Change.CHANGED, 2)),
        (["a"], ["p"], 1, PlaceNow(Change.GONE)),
    ],
)
def test_a_page_is_the_same_when_its_picture_is(
    words: list[str], pictures: list[str], total: int | None, now: PlaceNow
) -> None:
    """The remark stood on page 2, which read ``b`` and looked like ``q``."""
    assert page_now(2, Witness("b", "q"), words=words, pictures=pictures, total=total) == now


def test_spaces_and_line_ends_change_no_digest() -> None:
    assert digest("目标 一\n二") == digest(" 目标  一 二 ")
    assert digest("目标一") != digest("目标二")
    assert digest(" \n") == ""


def test_a_target_in_a_file_is_a_passage_a_moment_or_a_page() -> None:
    rectangle = Rectangle(0.1, 0.2, 0.3, 0.4)
    assert anchor_in_file(Target(page=2, rectangle=rectangle), SLIDES) == Anchor(
        AnchorKind.PAGE, page=2, rectangle=rectangle
    )
    found = anchor_in_file(Target(quote="一", page=3), SLIDES)
    assert (found.kind, found.page, found.passage and found.passage.start) == (
        AnchorKind.PASSAGE, 3, 11,
    )  # fmt: skip
    assert anchor_in_file(Target(second=90.5), FILM) == Anchor(AnchorKind.SECOND, second=90.5)
    assert anchor_in_file(Target(), FileFacts(pages=1, seconds=0)).page == 1


def test_a_place_that_is_not_there_is_refused_in_a_sentence() -> None:
    assert refusal(Target(page=4), SLIDES) == (
        "page", "There is no page 4: choose one from 1 to 3.",
    )  # fmt: skip
    assert refusal(Target(page=0), SLIDES)[0] == "page"
    assert refusal(Target(), SLIDES)[1].startswith("Say on which page or slide")
    assert refusal(Target(page=1), FILM)[1].startswith("This file has no pages")
    assert refusal(Target(second=91), FILM) == (
        "moment", "The film ends at 1:30: choose a moment before.",
    )  # fmt: skip
    assert refusal(Target(second=float("nan")), FILM)[0] == "moment"
    assert refusal(Target(), FILM)[1].startswith("Say at which moment")
    assert refusal(Target(second=3), SLIDES)[1].startswith("This file is no film")
    assert refusal(Target(quote="作业"), SLIDES)[0] == "quote"
    assert refusal(Target(quote="一" * 501), SLIDES)[1].startswith("At most 500 characters")


@pytest.mark.parametrize(
    "sides",
    [(-0.1, 0, 1, 1), (0, 0, 1.1, 1), (0.5, 0.5, 0.6, 0.1), (0, 0, 0, 1), (float("nan"), 0, 1, 1)],
)
def test_a_rectangle_outside_the_page_is_refused(sides: tuple[float, ...]) -> None:
    assert refusal(Target(page=1, rectangle=Rectangle(*sides)), SLIDES)[0] == "rectangle"


def test_a_target_in_the_description_is_a_field_or_words_of_it() -> None:
    description = Description(
        Kind.LESSON_PLAN,
        title="分数",
        grades=("g3", "g4"),
        sections={Section.OBJECTIVES: "会读会写"},
    )
    assert anchor_in_field(Target(field="grades"), description) == Anchor(AnchorKind.FIELD)
    found = anchor_in_field(Target(field="section_objectives", quote="会写"), description)
    assert found.passage == Passage(2, "会写", "会读", "")
    assert field_text(description, "grades") == "g3 g4"
    assert field_text(description, "section_homework") == ""
    for target in (Target(), Target(field="owner"), Target(field="title", quote="小数")):
        with pytest.raises(Invalid):
            anchor_in_field(target, description)


def test_a_moment_is_read_as_people_write_it() -> None:
    typed = ["1:25", "1：25", "0:01:25.5", "85", " 85 ", "", "x", "1:2:3:4", "-5"]
    assert [seconds_of(each) for each in typed] == [85, 85, 85.5, 85, 85, None, None, None, None]
    assert [clock_words(each) for each in (0, 85.9, 3725)] == ["0:00", "1:25", "1:02:05"]


def test_a_remark_has_at_most_two_thousand_characters() -> None:
    assert text_problems("字" * 2_000) == []
    assert [str(each) for each in text_problems("字" * 1_000_000)] == [
        "At most 2000 characters; this has 1000000."
    ]

"""A review on a phone: remarks on the slides, the author's answers, the next round."""

from collections.abc import Callable
from pathlib import Path

import pptx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from resource_hub.domain.people import Role
from resource_hub.domain.review import Action
from resource_hub.domain.taxonomy import Kind
from resource_hub.services import review
from tests.given import Given
from tests.journeys.conftest import Desk, LiveHub
from tests.samples import SAMPLES, needs_samples

SLIDES = SAMPLES / "pptx" / "說明.pptx"
TITLE = "输入与输出"
PHONE = 390
PATIENCE = 60_000  # milliseconds for a page to be drawn on a busy machine

pytestmark = pytest.mark.browser


def the_cast(given: Given) -> None:
    """Wang has submitted four slides that somebody else really made; Li reviews in her school."""
    village = given.school("石桥小学")
    given.alliance(village, name="城乡联盟")
    wang = given.teacher("王敏", school=village, account="wangmin")
    reviewer = given.teacher("李老师", school=village, account="li")
    given.with_role(reviewer, Role.REVIEWER, school=village)
    draft = given.draft(by=wang, title=TITLE, kind=Kind.COURSEWARE)
    given.file(draft, by=wang, name=SLIDES.name, content=SLIDES.read_bytes())
    review.take_step(given.uow, wang, draft.id, Action.SUBMIT, rights_declared=True)


@needs_samples
def test_three_remarks_go_to_the_author_and_the_next_round_says_what_became_of_them(
    arrange: Callable[[Callable[[Given], None]], Path],
    start: Callable[[Path], LiveHub],
    desk: Callable[[LiveHub], Desk],
    tmp_path: Path,
) -> None:
    people = desk(start(arrange(the_cast)))

    reviewer = people.page("li", width=PHONE)
    open_desk(reviewer)
    open_slides(reviewer, 2)
    mark_a_part(reviewer, "这一页的字太小，请放大。", "must_fix")
    turn_to(reviewer, 3)
    remark(reviewer, "可以加一个例子。", "suggestion")
    open_desk(reviewer)
    remark_on_the_title(reviewer, "题目请写明是哪一课。")
    ask_for_changes(reviewer)

    author = people.page("wangmin", width=PHONE)
    better = tmp_path / SLIDES.name
    with_other_words_on_the_second_slide(better)
    change_the_work(author, better)
    submit(author)
    expect(author.locator("#problems")).to_contain_text("这一页的字太小")
    answer_all(author)
    submit(author)
    author.wait_for_url("**/r/**")

    open_desk(reviewer)
    until_the_new_slides_are_drawn(reviewer)
    remarks = reviewer.locator(".remarks .remark")
    expect(remarks).to_have_count(3)
    on_the = dict.fromkeys(("第 2 页", "第 3 页", "标题"))
    for place in on_the:
        on_the[place] = remarks.filter(has_text=place).locator(".remark-change").inner_text()
    assert on_the == {
        "第 2 页": "这个位置已经改过。",
        "第 3 页": "这个位置没有改动。",
        "标题": "这个位置已经改过。",
    }
    expect(remarks.filter(has_text="第 2 页")).to_contain_text("已放大")

    what_changed(reviewer)
    no_violations(reviewer)
    expect(reviewer.locator(".diff-new ins")).to_have_text(["：第三课", "输", "（放大）"])
    expect(reviewer.locator(".diff-page figcaption")).to_have_text(
        ["以前的第 2 页", "现在的第 2 页"]
    )
    for picture in reviewer.locator(".diff-picture img").all():
        picture.scroll_into_view_if_needed()
        expect(picture).not_to_have_js_property("naturalWidth", 0)


def open_desk(page: Page) -> None:
    page.goto(f"{page.evaluate('location.origin')}/review")
    page.get_by_role("link", name=TITLE).first.click()
    expect(page.locator("h1")).to_contain_text(TITLE)


def open_slides(page: Page, number: int) -> None:
    """From the desk into the file, forward to a slide; its picture comes when it is drawn."""
    page.locator(".desk-files .file-name a").click()
    shows(page, 1)
    for following in range(2, number + 1):
        page.locator("#following").click()
        shows(page, following)


def turn_to(page: Page, number: int) -> None:
    page.locator("#following").click()
    shows(page, number)


def shows(page: Page, number: int) -> None:
    expect(page.locator("#stage")).to_have_attribute("data-page", str(number), timeout=PATIENCE)
    expect(page.locator("#sheet img")).to_have_js_property("complete", True, timeout=PATIENCE)


def mark_a_part(page: Page, words: str, weight: str) -> None:
    """A frame drawn over the left upper quarter; the form knows the page."""
    no_violations(page)
    page.locator("[data-mark-part]").click()
    box = page.locator("[data-marks]").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.1, box["y"] + box["height"] * 0.1)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.5, steps=4)
    page.mouse.up()
    expect(page.locator("[name=rectangle]")).to_have_value("0.1000,0.1000,0.4000,0.4000")
    remark(page, words, weight)
    expect(page.locator("[data-marks] rect")).to_have_count(1)


def remark(page: Page, words: str, weight: str) -> None:
    form = page.locator("[data-remark-form]")
    form.locator(f"input[name=weight][value={weight}]").check()
    form.locator("[name=text]").fill(words)
    form.get_by_role("button", name="保存批注").click()
    expect(page.locator(".remark:target")).to_contain_text(words)


def remark_on_the_title(page: Page, words: str) -> None:
    page.get_by_role("link", name="写批注").click()
    page.locator("[name=place]").select_option("field:title")
    remark(page, words, "must_fix")
    no_violations(page)


def ask_for_changes(page: Page) -> None:
    open_desk(page)
    for row in page.locator(".question").all():
        row.locator(".answer").first.click()
    page.locator("textarea[name=comment]").fill("请看批注。")
    page.locator("button[formaction$='/request_changes']").click()
    page.wait_for_url("**/review")


def with_other_words_on_the_second_slide(path: Path) -> None:
    slides = pptx.Presentation(str(SLIDES))
    frames = [shape for shape in slides.slides[1].shapes if shape.has_text_frame]
    frames[0].text_frame.text = "输入（放大）"
    slides.save(str(path))


def change_the_work(page: Page, better: Path) -> None:
    """Another title, and the better file in the place of the first."""
    page.goto(f"{page.evaluate('location.origin')}/my")
    page.locator("main a[href*='/submit/']").first.click()
    expect(page.locator("#field-remarks")).to_contain_text("题目请写明是哪一课。")
    no_violations(page)
    page.locator("form[action$='/remove'] button").first.click()
    expect(page.locator("#files")).not_to_contain_text(SLIDES.name)
    page.locator("input[type=file]").first.set_input_files(better)
    expect(page.locator("#files")).to_contain_text(SLIDES.name)
    page.locator("[name=title]").fill(f"{TITLE}：第三课")


def submit(page: Page) -> None:
    for point in page.locator("[name=checked]").all():
        point.check()
    page.locator("[name=rights]").check()
    page.locator("button[value=submit]").click()


def answer_all(page: Page) -> None:
    """One after another, the first that is open, until none is."""
    page.get_by_role("link", name="去回应批注").click()
    no_violations(page)
    for left in (2, 1, 0):
        first = page.locator(".remark:not(.is-done)").first
        _answer(first, "已放大" if "字太小" in first.inner_text() else "已改")
        expect(page.locator(".remark:not(.is-done)")).to_have_count(left)
    page.get_by_role("link", name="回去继续修改").click()


def until_the_new_slides_are_drawn(page: Page) -> None:
    """Before that nobody can tell whether a slide looks different."""
    for _look in range(120):
        if not page.locator(".remark-change-unknown").count():
            return
        page.wait_for_timeout(500)
        page.reload()


def what_changed(page: Page) -> None:
    """From the desk to the comparison, until its pictures have been compared, too."""
    page.get_by_role("link", name="逐处对照看改动").click()
    for _look in range(120):
        if page.locator(".diff-page").count():
            return
        page.wait_for_timeout(500)
        page.reload()


def _answer(line: Locator, words: str) -> None:
    line.locator("textarea").fill(words)
    line.locator("button[value=done]").click()


def no_violations(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()

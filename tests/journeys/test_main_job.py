"""The main job, end to end, by people before browsers: from a real file to the catalogue."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from resource_hub.domain.people import Role
from tests.given import Given
from tests.journeys.conftest import Desk, LiveHub
from tests.samples import SAMPLES, needs_samples

LESSON = SAMPLES / "pptx" / "science-plant-life-cycle.pptx"
TITLE = "植物的一生：从种子到种子"
INSIDE_THE_FILE = "濕紙巾"
"""In the slides it is 湿纸巾, and nowhere in the description."""

pytestmark = pytest.mark.browser


def the_cast(given: Given) -> None:
    village, town = given.school("石桥小学"), given.school("镇中心小学")
    alliance = given.alliance(village, town, name="城乡联盟")
    given.teacher("王敏", school=village, account="wangmin")
    reviewer = given.teacher("李老师", school=village, account="li")
    given.with_role(reviewer, Role.REVIEWER, school=village, subjects=("science",))
    judge = given.teacher("陈老师", school=town, account="chen")
    given.with_role(judge, Role.REVIEWER, alliance=alliance, stages=("primary",))
    given.teacher("赵云", school=town, account="zhaoyun")
    editor = given.teacher("周编辑", school=town, account="zhou")
    given.with_role(editor, Role.EDITOR, alliance=alliance)


@needs_samples
def test_a_lesson_goes_from_a_teachers_file_to_the_months_catalogue(
    arrange: Callable[[Callable[[Given], None]], Path],
    start: Callable[[Path], LiveHub],
    desk: Callable[[LiveHub], Desk],
) -> None:
    people = desk(start(arrange(the_cast)))

    teacher = people.page("wangmin")
    expect(teacher.locator("html")).to_have_attribute("lang", "zh-Hans")
    upload(teacher)
    submit(teacher)

    reviewer = people.page("li", width=360)
    open_desk(reviewer)
    decide(reviewer, "request_changes", "请在摘要里写明需要的材料。")

    answer(teacher, "摘要里已写明：绿豆、浅盘、清水。")

    open_desk(reviewer)
    expect(reviewer.locator("main")).to_contain_text("摘要里已写明")
    decide(reviewer, "approve", "很好。")
    judge = people.page("chen")
    open_desk(judge)
    decide(judge, "approve", "同意发布。")

    reader = people.page("zhaoyun")
    found_by_a_word_inside_the_file(reader)
    for shelf in ("subject", "grade", "school"):
        found_on_the_shelf(reader, shelf)

    editor = people.page("zhou")
    publish_the_month(editor)
    reader.goto(f"{people.hub.url}/catalogue")
    reader.locator("main a[href*='/catalogue/20']").first.click()
    expect(reader.locator("main")).to_contain_text(TITLE)


def upload(page: Page) -> None:
    """A draft with the file; the bar fills, the file appears, the words are typed."""
    page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + "/submit")
    page.locator("button[value=courseware]").click()
    page.locator("input[type=file]").set_input_files(LESSON)
    expect(page.locator("#files")).to_contain_text(LESSON.name)
    page.locator("[name=title]").fill(TITLE)
    page.locator("[name=summary]").fill("带学生观察绿豆发芽，认识植物一生的六个阶段。")
    page.locator("input[name=school_stage][value=primary]").check()
    page.locator("select[name=subject]").select_option("science")
    page.locator("input[name=grades][value=g3]").check()
    page.locator("select[name=licence]").select_option("cc-by-4.0")
    page.locator("input[name=audience][value=public]").check()


def submit(page: Page) -> None:
    """Without the declaration it is refused in words, and nothing typed is lost."""
    page.locator("button[value=submit]").click()
    expect(page.locator("#field-rights-problem")).to_be_visible()
    expect(page.locator("[name=title]")).to_have_value(TITLE)
    for point in page.locator("[name=checked]").all():
        point.check()
    page.locator("[name=rights]").check()
    page.locator("button[value=submit]").click()
    page.wait_for_url("**/r/**")
    expect(page.locator("main")).to_contain_text(TITLE)
    expect(page.locator(".state-chip, .chip").first).to_be_visible()


def open_desk(page: Page) -> None:
    base = page.evaluate("location.origin")
    page.goto(f"{base}/review")
    page.get_by_role("link", name=TITLE).first.click()
    expect(page.locator("h1")).to_contain_text(TITLE)


def decide(page: Page, action: str, comment: str) -> None:
    for row in page.locator(".question").all():
        row.locator(".answer").first.click()
    page.locator("textarea[name=comment]").fill(comment)
    page.locator(f"button[formaction$='/{action}']").click()
    page.wait_for_url("**/review")
    expect(page.locator(".flash")).to_contain_text(TITLE)


def answer(page: Page, words: str) -> None:
    """The author reads the notice, opens the draft from it, and submits again."""
    base = page.evaluate("location.origin")
    page.goto(f"{base}/my/notices")
    expect(page.locator("main")).to_contain_text("请在摘要里写明需要的材料。")
    page.goto(f"{base}/my")
    page.locator("main a[href*='/submit/']").first.click()
    expect(page.locator(".last-word")).to_contain_text("请在摘要里写明需要的材料。")
    page.locator("[name=summary]").fill("带学生观察绿豆发芽。材料：绿豆、浅盘、清水。")
    page.locator("[name=message]").fill(words)
    for point in page.locator("[name=checked]").all():
        point.check()
    page.locator("[name=rights]").check()
    page.locator("button[value=submit]").click()
    page.wait_for_url("**/r/**")
    expect(page.locator("main")).to_contain_text(TITLE)


def found_by_a_word_inside_the_file(page: Page) -> None:
    """Typed in the other script; the page is asked again until the worker has looked inside."""
    base = page.evaluate("location.origin")
    for _look in range(40):
        page.goto(f"{base}/search?q={INSIDE_THE_FILE}")
        if page.get_by_role("link", name=TITLE).count():
            break
        page.wait_for_timeout(250)
    expect(page.locator("main mark").first).to_have_text("湿纸巾")
    page.get_by_role("link", name=TITLE).first.click()
    expect(page.locator("h1")).to_contain_text(TITLE)
    expect(page.locator("main")).to_contain_text(LESSON.name)


def found_on_the_shelf(page: Page, shelf: str) -> None:
    base = page.evaluate("location.origin")
    code = {"subject": "science", "grade": "g3", "school": "s1"}[shelf]
    page.goto(f"{base}/browse/{shelf}")
    page.locator(f"main a[href*='/browse/{shelf}/{code}']").first.click()
    page.get_by_role("link", name=TITLE).first.click()
    expect(page.locator("h1")).to_contain_text(TITLE)


def publish_the_month(page: Page) -> None:
    base = page.evaluate("location.origin")
    page.goto(f"{base}/catalogue")
    page.locator("form:has([name=month]) button").click()
    expect(page.locator("main")).to_contain_text(TITLE)
    page.locator("details:has(button[formaction$='/publish']) summary").click()
    page.locator("input[name=early]").check()
    page.locator("button[formaction$='/publish']").click()
    expect(page.locator("main")).to_contain_text(TITLE)
    expect(page.locator("button[formaction$='/publish']")).to_have_count(0)

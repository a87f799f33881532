"""A lesson of another school, copied into the other script and another kind of file, is caught."""

import io
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from axe_playwright_python.sync_playwright import Axe
from opencc import OpenCC
from playwright.sync_api import Page, expect

from resource_hub.domain.people import Role
from resource_hub.domain.taxonomy import Kind
from resource_hub.files.inspection import inspect
from resource_hub.models import Revision
from tests.given import Given
from tests.journeys.conftest import Desk, LiveHub
from tests.samples import SAMPLES, needs_samples

PAPER = SAMPLES / "pdf" / "2024.成都市中考政策发布.pdf"
THEIRS, OURS = "中考政策解读", "給九年級的一封信"
PHONE = 360
LOOKS = 120
"""Twice a second: the worker reads both files first."""

pytestmark = pytest.mark.browser


def in_traditional_script() -> bytes:
    """The words of the paper as a text document, its second half first."""
    words = OpenCC("s2tw").convert(inspect(PAPER, PAPER.name).text).split("\n")
    document = docx.Document()
    for line in (*words[len(words) // 2 :], *words[: len(words) // 2]):
        document.add_paragraph(line)
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def the_cast(given: Given) -> None:
    """Wang of the town has published a paper; Zhao of the village has a draft of her own."""
    town, village = given.school("镇中心小学"), given.school("石桥小学")
    given.alliance(town, village, name="城乡联盟")
    wang = given.teacher("王敏", school=town)
    draft = given.draft(by=wang, title=THEIRS, kind=Kind.CASE, summary="给家长会用。")
    given.file(draft, by=wang, name=PAPER.name, content=PAPER.read_bytes())
    given.admit(given.session.get_one(Revision, draft.id))
    zhao = given.teacher("赵云", school=village, account="zhaoyun")
    copy = given.draft(by=zhao, title=OURS, summary="自己寫的。")
    given.file(copy, by=zhao, name="一封信.docx", content=in_traditional_script())
    reviewer = given.teacher("李老师", school=village, account="li")
    given.with_role(reviewer, Role.REVIEWER, school=village)


@needs_samples
def test_a_copy_in_traditional_script_and_another_file_format_is_caught_before_it_is_submitted(
    arrange: Callable[[Callable[[Given], None]], Path],
    start: Callable[[Path], LiveHub],
    desk: Callable[[LiveHub], Desk],
) -> None:
    people = desk(start(arrange(the_cast)))
    teacher = people.page("zhaoyun", width=PHONE)
    open_draft(teacher)
    until_it_is_compared(teacher)
    like = teacher.locator("fieldset", has_text=THEIRS)
    expect(like.locator("legend")).to_contain_text("% 相同于")
    assert int(like.locator("legend").inner_text().split("%")[0]) >= 90
    expect(like).to_contain_text("王敏 · 镇中心小学")
    expect(like.locator("input[value=new_version]")).to_have_count(0)
    assert_accessible(teacher)

    submit(teacher)
    expect(teacher.locator("#problems")).to_contain_text("请说明两者的关系")
    like.locator("input[value=derived]").check()
    teacher.locator("textarea[name^=why_]").fill("按她的讲稿写成了信。")
    submit(teacher)
    teacher.wait_for_url("**/r/**")

    reviewer = people.page("li")
    open_desk(reviewer)
    found = reviewer.locator("section", has=reviewer.locator("#alike"))
    expect(found).to_contain_text("由它改编")
    expect(found).to_contain_text("按她的讲稿写成了信。")
    found.get_by_role("link", name="对照相同段落").click()
    expect(reviewer.locator("main")).to_contain_text("按她的讲稿写成了信。")
    pair = reviewer.locator(".alike-pair:not(.alike-heads)").filter(has_text="考試").first
    expect(pair.locator("> div").nth(0)).to_contain_text("考試")
    expect(pair.locator("> div").nth(1)).to_contain_text("考试")
    assert_accessible(reviewer)


def open_draft(page: Page) -> None:
    page.goto(f"{page.evaluate('location.origin')}/my")
    page.locator("main a[href*='/submit/']").first.click()
    expect(page.locator("[name=title]")).to_have_value(OURS)


def until_it_is_compared(page: Page) -> None:
    """Saved again until the worker has read the files."""
    for _look in range(LOOKS):
        page.locator(".action-bar button[value=save]").click()
        page.wait_for_load_state("load")
        if page.locator("#alike").count():
            return
        page.wait_for_timeout(500)
    raise AssertionError("nothing alike was found")


def submit(page: Page) -> None:
    for point in page.locator("[name=checked]").all():
        point.check()
    page.locator("[name=rights]").check()
    page.locator("button[value=submit]").click()


def open_desk(page: Page) -> None:
    page.goto(f"{page.evaluate('location.origin')}/review")
    page.get_by_role("link", name=OURS).first.click()
    expect(page.locator("h1")).to_contain_text(OURS)


def assert_accessible(page: Page) -> None:
    violations = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in violations] == []

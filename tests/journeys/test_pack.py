"""The pack from a stick: by double click, without a server and without a network."""

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from resource_hub.pack.data import PackEntry, PackErratum, PackFile, PackIssue
from resource_hub.pack.index import PackIndex
from resource_hub.pack.sentences import SENTENCES
from resource_hub.pack.sinks import opened
from resource_hub.pack.submission import read_submission, unpack
from resource_hub.pack.writer import write_pack
from tests.files.films import Film
from tests.pack.props import NOON, Bytes, contents, document, file, resource

pytestmark = [pytest.mark.browser]

LABELS = {
    "subject": {"math": "数学", "chinese": "语文"},
    "grade": {"g3": "三年级", "g6": "六年级"},
    "kind": {"lesson_plan": "教案"},
    "school_stage": {"primary": "小学", "junior": "初中"},
    "licence": {"cc-by-4.0": "署名"},
    "audience": {"school": "本校", "alliance": "联盟", "public": "所有人"},
}
HANT = LABELS | {
    "subject": {"math": "數學", "chinese": "語文"},
    "grade": {"g3": "三年級", "g6": "六年級"},
}


def picture(colour: str) -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (300, 400), colour).save(kept, "WEBP")
    return kept.getvalue()


@pytest.fixture(scope="module")
def stick(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two resources and an issue; a film, pages, and a name with every awkward sign."""
    folder = tmp_path_factory.mktemp("usb #1 100%")
    kept = Bytes()
    film = kept.keep(Film("moon.webm", "libvpx").write(folder).read_bytes())
    pages = (kept.keep(picture("white")), kept.keep(picture("blue")))
    plan = kept.keep("教学设计".encode())
    first = resource(
        1,
        file(plan, "50% #1 教案.txt", pages=pages, total_pages=9),
        title="《分数的初步认识》<b>第一课时</b>",
        sections=(("objectives", "认识几分之一"),),
        cover=pages[0],
    )
    moon = PackFile("月相.webm", film, "webm", "video", plays=True, seconds=3.0)
    second = resource(2, moon, title="月相的变化", subject="chinese", grades=("g6",))
    entries = (
        PackEntry("R-000001", "new", first.title, "", "lesson_plan", "math", ("g3",), "一小", "王"),
        PackEntry("R-000009", "withdrawn", "撤回的课", "", "lesson_plan", "math", (), "一小", "王"),
    )
    printed = file(kept.keep(b"%PDF-1.7"), "catalogue-2026-10.pdf")
    issue = PackIssue(
        "2026-10",
        2,
        NOON.date(),
        "本期的话",
        entries,
        highlights=(("R-000001", "值得一看"),),
        errata=(PackErratum(NOON.date(), "第3页有误", "R-000001"),),
        pdf=printed,
    )
    index = PackIndex({"zh_Hans": LABELS})
    for one in (first, second):
        index.add(document(one))
    words = {sentence: sentence for sentence in SENTENCES}
    it = contents(
        first,
        second,
        issues=(issue,),
        index=index,
        wording={"zh_Hans": words | {"Browse": "浏览"}, "zh_Hant": words | {"Browse": "瀏覽"}},
        labels={"zh_Hans": LABELS, "zh_Hant": HANT},
    )
    with opened(folder / "资源包") as sink:
        write_pack(it, sink, kept.read, lambda _done: None)
    return folder / "资源包"


@pytest.fixture
def page(chromium: Browser, stick: Path) -> Iterator[Page]:
    """A browser without a network at the front page of the stick; nothing may go wrong in it."""
    context = chromium.new_context(
        locale="zh-CN", offline=True, viewport={"width": 1280, "height": 900}
    )
    context.set_default_timeout(15_000)
    found = context.new_page()
    wrong: list[str] = []
    found.on("pageerror", lambda error: wrong.append(str(error)))
    found.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
    found.goto((stick / "index.html").as_uri())
    yield found
    context.close()
    assert wrong == []


def whole(page: Page, selector: str) -> None:
    """The picture has been read, from a path with every awkward sign."""
    expect(page.locator(selector).first).to_be_visible()
    page.wait_for_function(
        "selector => { const p = document.querySelector(selector);"
        " return p.complete && p.naturalWidth > 0; }",
        arg=selector,
    )


def test_a_teacher_finds_reads_and_plays_what_is_on_the_stick(page: Page, stick: Path) -> None:
    whole(page, ".cover img")
    page.get_by_role("link", name="数学 1").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("数学")
    page.get_by_role("link", name="《分数的初步认识》<b>第一课时</b>").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("《分数的初步认识》<b>第一课时</b>")
    expect(page.get_by_text("认识几分之一")).to_be_visible()
    whole(page, ".pack-pages img")
    address = page.locator(".files a").get_attribute("href") or ""
    opened_page = page.context.new_page()
    opened_page.goto(page.evaluate("path => new URL(path, location.href).href", address))
    assert "教学设计" in opened_page.content()
    page.locator(".pack-pages a").first.click()
    whole(page, ".pack-screen")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("2 / 2")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto(f"{(stick / 'index.html').as_uri()}#/r/R-000002")
    film = page.locator("video")
    film.evaluate("it => { it.muted = true; return it.play(); }")
    page.wait_for_function("() => document.querySelector('video').currentTime > 0")


def test_either_script_finds_it_and_the_words_are_marked(page: Page) -> None:
    for query in ("分数认识", "分數認識"):
        page.get_by_role("searchbox").fill(query)
        page.get_by_role("button", name="Search").click()
        expect(page.locator(".resource-card h2")).to_have_text(
            ["《分数的初步认识》<b>第一课时</b>"]
        )
        expect(page.locator(".resource-card h2 mark")).to_have_text(["分数", "认识"])
    page.get_by_role("searchbox").fill("火星移民")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("status")).to_contain_text("Nothing in this pack")


def test_the_issue_of_the_month_leads_to_what_is_there(page: Page, stick: Path) -> None:
    page.get_by_role("link", name="The catalogue of 2026年10月").click()
    expect(page.get_by_text("本期的话")).to_be_visible()
    address = page.get_by_role("link", name="As a PDF, for print").get_attribute("href")
    assert (stick / (address or "")).read_bytes() == b"%PDF-1.7"
    expect(page.get_by_text("撤回的课")).to_be_visible()
    assert page.get_by_role("link", name="撤回的课").count() == 0
    expect(page.locator("#errata p")).to_have_text(
        "2026年10月12日 · 《分数的初步认识》<b>第一课时</b>: 第3页有误"
    )
    expect(page.locator(".highlights li")).to_have_text("《分数的初步认识》<b>第一课时</b>值得一看")
    expect(page.locator(".issue-subject")).to_have_text(["数学", "Withdrawn: 数学"])
    page.locator(".highlights a").click()
    expect(page.get_by_text("认识几分之一")).to_be_visible()


def test_the_language_is_changed_without_losing_the_place(page: Page) -> None:
    page.evaluate("location.hash = '#zh_Hans/browse?subject=math'")
    expect(page.get_by_role("heading", level=1)).to_have_text("数学")
    page.locator(".menu summary").click()
    page.get_by_role("link", name="繁體中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("數學")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hant")


def test_the_checker_finds_what_is_damaged_missing_and_left_over(
    page: Page, stick: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(stick, copy)
    page.goto((stick / "check.html").as_uri())
    page.locator("#folder").set_input_files(copy)
    expect(page.locator("html")).to_have_attribute("data-checked", "0 0 0")
    plan = next(copy.rglob("50%*.txt"))
    plan.write_bytes(b"x" * plan.stat().st_size)
    next(copy.rglob("*.webp")).unlink()
    (copy / "files" / "old.txt").write_text("old")
    page.locator("#folder").set_input_files(copy)
    expect(page.locator("html")).to_have_attribute("data-checked", "1 1 1")
    expect(page.get_by_text("Not whole")).to_be_visible()


def test_a_submission_written_on_the_stick_can_be_taken_in(
    page: Page, stick: Path, tmp_path: Path
) -> None:
    plan = tmp_path / "《认识角》 教案#1.txt"
    plan.write_bytes(b"plan " * 2_000_000)
    page.goto((stick / "submit.html").as_uri())
    page.get_by_role("button", name="Save for the stick").click()
    assert page.locator(".field-error:not(:empty)").count() >= 8
    page.locator("[name=name]").fill("王敏")
    expect(page.locator("#error-name")).to_be_empty()
    expect(page.locator("[name=name]:not([aria-invalid])")).to_be_visible()
    page.locator("[name=email]").fill("Wang@example.org")
    page.locator("[name=title]").fill("认识角")
    page.locator("[name=summary]").fill("用三角尺")
    page.locator("[name=kind]").select_option("lesson_plan")
    page.locator("[name=stage]").select_option("primary")
    page.locator("[name=subject]").select_option("math")
    page.get_by_label("三年级").check()
    page.get_by_label("It is my own work").check()
    page.locator("[name=files]").set_input_files(plan)
    expect(page.locator(".field-error:not(:empty)")).to_have_count(0)
    page.locator(".menu summary").click()
    page.get_by_role("link", name="繁體中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hant")
    expect(page.locator("[name=title]")).to_have_value("认识角")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save for the stick").click()
    expect(page.locator("#said")).to_contain_text("Saved as")
    path = tmp_path / "sent.zip"
    saved.value.save_as(path)
    found = read_submission(path, most_files=50, most_bytes=1 << 30)
    assert (found.email, found.cells["title"], found.cells["grades"]) == (
        "wang@example.org",
        "认识角",
        "g3",
    )
    (tmp_path / "out").mkdir()
    [kept] = unpack(path, found, tmp_path / "out")
    assert (kept.name, kept.read_bytes()) == (plan.name, plan.read_bytes())


@pytest.mark.parametrize("width", [1280, 360])
def test_the_pages_are_accessible_and_fit(page: Page, stick: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    root = stick.as_uri()
    for address in PAGES:
        page.goto(f"{root}/{address}")
        expect(page.locator("main h1, .pack-screen").first).to_be_attached()
        # It would fetch the style sheets again, which no page from a stick may do.
        result = Axe().run(page, options={"preload": False})
        assert result.violations_count == 0, (address, result.generate_report())
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


PAGES = (
    "index.html#zh_Hans/",
    "index.html#zh_Hans/browse",
    "index.html#zh_Hans/search?q=分数",
    "index.html#zh_Hans/r/R-000001",
    "index.html#zh_Hans/r/R-000002",
    "index.html#zh_Hans/r/R-NOTHERE",
    "index.html#zh_Hans/show/R-000001/0/1",
    "index.html#zh_Hans/issues",
    "index.html#zh_Hans/issue/2026-10",
    "index.html#zh_Hans/about",
    "check.html#zh_Hans/",
    "submit.html#zh_Hans/",
)

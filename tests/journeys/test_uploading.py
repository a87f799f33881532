"""A teacher in a village uploads a film: the line drops, the page is reloaded, nothing is lost."""

import hashlib
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.models import Attachment, Upload
from resource_hub.models.database import open_database
from tests.given import Given
from tests.journeys.broken_line import broken_line
from tests.journeys.conftest import ROOT, Desk, LiveHub

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not (ROOT / "resource_hub" / "static" / "vendor" / "tus.min.js").is_file(),
        reason="tus-js-client could not be fetched from npm",
    ),
]

MIB = 1 << 20
FILM = random.Random(7).randbytes(30 * MIB)  # noqa: S311 - bytes, no secret


def the_teacher(given: Given) -> None:
    given.teacher("王敏", school=given.school("石桥小学"), account="wangmin")


@pytest.fixture
def hub(
    arrange: Callable[[Callable[[Given], None]], Path], start: Callable[[Path], LiveHub]
) -> LiveHub:
    return start(arrange(the_teacher))


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "圆的面积.mp4"
    path.write_bytes(FILM)
    return path


def new_draft(page: Page) -> None:
    page.get_by_role("link", name="上传").first.click()
    page.get_by_role("button", name="微课").click()
    expect(page.locator(".drop-zone.is-live")).to_be_visible()
    page.wait_for_load_state("load")


def stored(hub: LiveHub) -> list[tuple[str, str]]:
    """Name and key of every file of the hub."""
    engine = open_database(f"sqlite:///{hub.folder / 'hub.db'}")
    with Session(engine) as session:
        rows = session.execute(select(Attachment.filename, Attachment.blob_key))
        found = [(name, key) for name, key in rows]
    engine.dispose()
    return found


def received(hub: LiveHub) -> int:
    """Bytes of the only upload, as the tables know them."""
    engine = open_database(f"sqlite:///{hub.folder / 'hub.db'}")
    with Session(engine) as session:
        found = session.scalars(select(Upload.received)).all()
    engine.dispose()
    return sum(found)


def test_over_a_line_that_is_reset_every_five_megabytes_a_film_arrives_whole(
    hub: LiveHub, desk: Callable[[LiveHub], Desk], film: Path
) -> None:
    with broken_line(hub.url, most=5_000_000) as (url, line):
        page = desk(replace(hub, url=url)).page("wangmin", width=360)
        new_draft(page)
        page.locator(".drop-zone input[type=file]").set_input_files(film)
        expect(page.locator("#files")).to_contain_text(film.name, timeout=90_000)
        expect(page.locator("[data-uploads] li")).to_have_count(0)

    key = hashlib.sha256(FILM).hexdigest()
    assert stored(hub) == [(film.name, key)]
    assert (hub.folder / "blobs" / key[:2] / key).read_bytes() == FILM
    assert line.resets >= len(FILM) // 5_000_000
    # What had arrived is not sent again, but for what Chromium repeats by itself: a request whose
    # kept connection was reset. The hub refuses that, for its bytes belong elsewhere.
    assert line.carried < len(FILM) * 2.2


def test_paused_reloaded_and_gone_on_with_at_another_computer(
    hub: LiveHub, desk: Callable[[LiveHub], Desk], film: Path, tmp_path: Path
) -> None:
    people = desk(hub)
    page = people.page("wangmin")
    slow(page, bytes_a_second=6 * MIB)
    new_draft(page)
    page.locator(".drop-zone input[type=file]").set_input_files(film)
    row = page.locator("[data-uploads] li")
    expect(row.locator(".upload-word")).to_contain_text("/s", timeout=20_000)
    row.get_by_role("button", name="暂停").click()
    expect(row.locator(".upload-word")).to_contain_text("已暂停")
    row.get_by_role("button", name="继续").click()
    expect(row.locator(".upload-word")).to_contain_text("/s", timeout=20_000)
    row.get_by_role("button", name="暂停").click()
    address = page.url
    page.close()

    other = people.page("wangmin")
    other.goto(address)
    waiting = other.locator("[data-unfinished]")
    expect(waiting).to_contain_text(film.name)
    before = received(hub)
    assert 0 < before < len(FILM)
    wrong = tmp_path / "别的.mp4"
    wrong.write_bytes(FILM[::-1])
    waiting.locator("input[type=file]").set_input_files(wrong)
    expect(other.locator("[data-uploads] .is-failed")).to_contain_text("圆的面积.mp4")
    other.get_by_role("button", name="移除").click()
    copy = tmp_path / "U盘上的副本.mp4"
    copy.write_bytes(FILM)
    waiting.locator("input[type=file]").set_input_files(copy)

    expect(other.locator("#files")).to_contain_text(film.name, timeout=30_000)
    assert stored(hub) == [(film.name, hashlib.sha256(FILM).hexdigest())]


def test_what_the_hub_has_already_is_not_sent_and_what_it_does_not_take_is_said(
    hub: LiveHub, desk: Callable[[LiveHub], Desk], film: Path, tmp_path: Path
) -> None:
    page = desk(hub).page("wangmin")
    new_draft(page)
    files = page.locator(".drop-zone input[type=file]")
    files.set_input_files(film)
    expect(page.locator("#files")).to_contain_text(film.name, timeout=30_000)
    game = tmp_path / "game.exe"
    game.write_bytes(b"MZ")
    copy = tmp_path / "副本.mp4"
    copy.write_bytes(FILM)

    patches: list[str] = []
    page.on("request", lambda sent: patches.append(sent.url) if sent.method == "PATCH" else None)
    files.set_input_files([copy, game])

    expect(page.locator("#files")).to_contain_text(copy.name)
    expect(page.locator(".upload-note")).to_contain_text("这里已经有了")
    expect(page.locator(".is-failed")).to_contain_text("这里不收扩展名为 .exe 的文件")
    assert patches == []
    assert {key for _name, key in stored(hub)} == {hashlib.sha256(FILM).hexdigest()}


def test_whoever_writes_meanwhile_does_not_lose_the_place(
    hub: LiveHub, desk: Callable[[LiveHub], Desk], film: Path
) -> None:
    page = desk(hub).page("wangmin")
    slow(page, bytes_a_second=12 * MIB)
    new_draft(page)
    page.locator(".drop-zone input[type=file]").set_input_files(film)
    title = page.locator("input[name=title]")
    title.fill("圆的")

    expect(page.locator("#files")).to_contain_text(film.name, timeout=30_000)
    expect(page.locator("[data-uploads] li")).to_have_count(0)
    expect(title).to_be_focused()
    page.keyboard.type("面积")
    expect(title).to_have_value("圆的面积")


def test_the_same_bytes_under_two_names_are_sent_once(
    hub: LiveHub, desk: Callable[[LiveHub], Desk], film: Path, tmp_path: Path
) -> None:
    page = desk(hub).page("wangmin")
    slow(page, bytes_a_second=8 * MIB)
    new_draft(page)
    copy = tmp_path / "副本.mp4"
    copy.write_bytes(FILM)
    files = page.locator(".drop-zone input[type=file]")
    files.set_input_files(film)
    expect(page.locator(".upload-word")).to_contain_text("/s", timeout=20_000)
    files.set_input_files(copy)
    expect(page.locator("[data-uploads] li").last).to_contain_text("等待中")

    expect(page.locator("#files")).to_contain_text(copy.name, timeout=30_000)
    key = hashlib.sha256(FILM).hexdigest()
    assert stored(hub) == [(film.name, key), (copy.name, key)]


def test_a_file_that_is_changed_meanwhile_is_no_broken_line(
    hub: LiveHub, desk: Callable[[LiveHub], Desk], film: Path
) -> None:
    page = desk(hub).page("wangmin")
    slow(page, bytes_a_second=6 * MIB)
    new_draft(page)
    page.locator(".drop-zone input[type=file]").set_input_files(film)
    expect(page.locator(".upload-word")).to_contain_text("/s", timeout=20_000)
    with film.open("ab") as changed:
        changed.write(b"more")

    expect(page.locator(".is-failed")).to_contain_text("这个文件读不到了", timeout=15_000)


def test_a_folder_dropped_beside_the_zone_is_uploaded_too(
    hub: LiveHub, desk: Callable[[LiveHub], Desk], tmp_path: Path
) -> None:
    folder = tmp_path / "第三单元"
    (folder / "练习").mkdir(parents=True)
    (folder / "教案.txt").write_text("圆", "utf-8")
    (folder / "练习" / "一.txt").write_text("圆周", "utf-8")
    (folder / "练习" / "Thumbs.db").write_bytes(b"pictures")
    page = desk(hub).page("wangmin")
    new_draft(page)
    title = page.get_by_role("heading", level=1).bounding_box()
    assert title is not None
    session = page.context.new_cdp_session(page)
    dropped = {"items": [], "files": [str(folder)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        place = {"x": title["x"] + 5, "y": title["y"] + 5}
        session.send("Input.dispatchDragEvent", {"type": kind, "data": dropped, **place})

    expect(page.locator("#files")).to_contain_text("一.txt")
    expect(page.locator("#files")).to_contain_text("教案.txt")
    expect(page.locator(".is-over")).to_have_count(0)
    assert sorted(name for name, _key in stored(hub)) == ["一.txt", "教案.txt"]


def test_without_a_script_the_form_takes_the_file(
    hub: LiveHub, desk: Callable[[LiveHub], Desk], film: Path
) -> None:
    page = desk(hub).page("wangmin", script=False)
    page.get_by_role("link", name="上传").first.click()
    page.get_by_role("button", name="微课").click()
    page.locator("input[type=file]").set_input_files(film)
    page.locator(".drop-zone button").click()
    expect(page.locator("#files")).to_contain_text(film.name)
    assert stored(hub) == [(film.name, hashlib.sha256(FILM).hexdigest())]


def slow(page: Page, *, bytes_a_second: int) -> None:
    session = page.context.new_cdp_session(page)
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": 0,
            "downloadThroughput": -1,
            "uploadThroughput": bytes_a_second,
        },
    )

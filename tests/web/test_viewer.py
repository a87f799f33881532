"""The viewer: every page of a file in the browser, for those who may open the file."""

import re
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.domain.visibility import Audience
from resource_hub.files import Trouble
from resource_hub.models import Attachment, Blob, BlobText, Job, JobState, Preview
from resource_hub.services.previews import UNASKED, make_pages, note_pages, subject_of
from storage import Storage
from tests.given import Clock, Given
from tests.services.sheets import Printer
from tests.web.conftest import SignsIn

PDF = b"%PDF-1.4\n%%EOF\n"

IN_BLOCK = {"HX-Request": "true", "HX-Target": "stage"}


@pytest.fixture
def wang(given: Given) -> Person:
    return given.teacher("王敏", school=given.home())


@dataclass(frozen=True)
class Viewed:
    """A file, its viewer's address, and its bytes' name."""

    url: str
    key: str
    resource_url: str


class Press:
    """Puts files on the shelf and prints their pages."""

    def __init__(self, given: Given, wang: Person, storage: Storage) -> None:
        self.given, self.wang, self.storage = given, wang, storage

    def shelve(
        self,
        *names: str,
        content: bytes = PDF,
        audience: Audience = Audience.PUBLIC,
        is_draft: bool = False,
    ) -> Viewed:
        """A resource with these files, inspected; the first of them."""
        draft = self.given.draft(by=self.wang, audience=audience)
        for name in names:
            self.given.file(draft, by=self.wang, name=name, content=content + name.encode())
        revision = draft if is_draft else self.given.admit(draft)
        attachments = self.given.session.scalars(
            select(Attachment)
            .where(Attachment.revision_id == revision.id)
            .order_by(Attachment.position)
        ).all()
        for attachment in attachments:
            blob = self.given.session.get_one(Blob, attachment.blob_key)
            blob.inspected_at = blob.created_at
        first, public_id = attachments[0], revision.resource.public_id
        return Viewed(f"/r/{public_id}/view/{first.id}", first.blob_key, f"/r/{public_id}")

    def print(self, viewed: Viewed, printer: Printer, number: int = 1) -> None:
        """What the worker does for a job of pages."""
        session = self.given.session
        session.commit()
        stored = make_pages(session, self.storage, printer, subject_of(viewed.key, number))
        assert stored is not None
        note_pages(self.given.uow, self.storage, stored)
        session.commit()


@pytest.fixture
def press(given: Given, wang: Person, storage: Storage) -> Press:
    return Press(given, wang, storage)


def jobs(session: Session) -> list[tuple[str, str]]:
    session.rollback()
    rows = session.execute(select(Job.kind, Job.subject).where(Job.kind == "pages"))
    return [(kind, subject) for kind, subject in rows]


def pictures(text: str) -> list[str]:
    """The large pictures of a page of the viewer."""
    return re.findall(r'src="([^"]*-?/large\.webp[^"]*)"', text)


def test_the_page_in_the_address_is_shown_large(press: Press, browser: FlaskClient) -> None:
    viewed = press.shelve("教案.pdf")
    press.print(viewed, Printer(pages=3))

    first, second = browser.get(viewed.url), browser.get(viewed.url + "?page=2")

    assert [url.split("?")[0] for url in pictures(first.text)] == [f"{viewed.url}/1/large.webp"]
    assert [url.split("?")[0] for url in pictures(second.text)] == [f"{viewed.url}/2/large.webp"]
    assert "<title>教案.pdf · 分数的初步认识" in first.text
    assert "<title>教案.pdf · 第 2 页 · 分数的初步认识" in second.text
    assert 'alt="教案.pdf 第 2 页"' in second.text
    assert second.text.count("/small.webp") == 3


def test_a_picture_of_a_page_is_kept_and_comes_as_itself(
    press: Press, browser: FlaskClient
) -> None:
    viewed = press.shelve("教案.pdf")
    press.print(viewed, Printer(pages=1))

    answer = browser.get(f"{viewed.url}/1/small.webp")
    again = browser.get(
        f"{viewed.url}/1/small.webp", headers={"If-None-Match": answer.headers["ETag"]}
    )

    assert (answer.status_code, answer.mimetype, answer.data[:4]) == (200, "image/webp", b"RIFF")
    assert answer.headers["Cache-Control"] == "private, max-age=86400, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("tail", ["/2/small.webp", "/1/huge.webp", "/0/large.webp"])
def test_there_are_no_other_pictures(press: Press, browser: FlaskClient, tail: str) -> None:
    viewed = press.shelve("教案.pdf")
    press.print(viewed, Printer(pages=1))

    assert browser.get(viewed.url + tail).status_code == 404


def test_neither_viewer_nor_pictures_of_a_draft_are_for_others(
    press: Press, wang: Person, given: Given, browser: FlaskClient, browser_as: SignsIn
) -> None:
    viewed = press.shelve("教案.pdf", is_draft=True)
    press.print(viewed, Printer(pages=1))

    for tail in ("", "/1/small.webp", "/1/large.webp"):
        assert browser_as(wang).get(viewed.url + tail).status_code == 200
        assert browser.get(viewed.url + tail).status_code == 404
        assert browser_as(given.administrator()).get(viewed.url + tail).status_code == 404


def test_a_number_of_another_resource_leads_nowhere(press: Press, browser: FlaskClient) -> None:
    one, other = press.shelve("a.pdf"), press.shelve("b.pdf")
    press.print(one, Printer(pages=1))
    wrong = one.url.replace(one.resource_url, other.resource_url)

    assert browser.get(wrong).status_code == 404
    assert browser.get(wrong + "/1/small.webp").status_code == 404


def test_a_page_that_is_not_there_is_promised_once_and_waited_for(
    press: Press, browser: FlaskClient, session: Session
) -> None:
    viewed = press.shelve("教案.pdf")

    answer = browser.get(viewed.url)
    again = browser.get(viewed.url)

    assert answer.status_code == again.status_code == 200
    assert "第 1 页正在绘制" in answer.text
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in answer.text
    assert 'hx-trigger="every 1s"' in answer.text
    assert jobs(session) == [("pages", f"{viewed.key}:1")]


def test_who_opens_a_file_goes_before_those_whose_files_nobody_looks_at(
    press: Press, browser: FlaskClient, session: Session
) -> None:
    viewed = press.shelve("教案.pdf")
    waiting = viewed.url + "?waits=1&seen=0"
    press.given.uow.promise_once(UNASKED, f"{viewed.key}:1")
    session.commit()

    answers = [browser.get(waiting, headers=IN_BLOCK).status_code for _ in range(2)]

    assert answers == [204, 204]
    assert jobs(session) == [("pages", f"{viewed.key}:1")]


def test_who_waits_hears_nothing_until_the_page_is_there(
    press: Press, browser: FlaskClient
) -> None:
    viewed = press.shelve("教案.pdf")
    browser.get(viewed.url)

    before = browser.get(viewed.url + "?waits=1&seen=0", headers=IN_BLOCK)
    press.print(viewed, Printer(pages=2))
    after = browser.get(viewed.url + "?waits=1&seen=0", headers=IN_BLOCK)

    assert (before.status_code, before.data) == (204, b"")
    assert after.status_code == 200
    assert "<html" not in after.text
    assert pictures(after.text) != []
    assert 'id="thumbs"' in after.text
    assert 'hx-swap-oob="true"' in after.text


def test_who_reads_on_finds_the_next_pages_on_their_way(
    press: Press, browser: FlaskClient, session: Session
) -> None:
    viewed = press.shelve("教案.pdf")
    press.print(viewed, Printer(pages=30))

    first, again = browser.get(viewed.url), browser.get(viewed.url + "?page=2")
    assert jobs(session) == [("pages", f"{viewed.key}:4")]
    press.print(viewed, Printer(pages=30), number=4)
    session.query(Job).filter_by(kind="pages").delete()
    there = browser.get(viewed.url + "?page=3")
    assert jobs(session) == []
    browser.get(viewed.url + "?page=4")

    assert jobs(session) == [("pages", f"{viewed.key}:12")]
    waiting = 'hx-trigger="load delay:1s"'
    assert [waiting in page.text for page in (first, again, there)] == [True, True, False]


def test_small_pages_appear_by_themselves(press: Press, browser: FlaskClient) -> None:
    viewed = press.shelve("教案.pdf")
    press.print(viewed, Printer(pages=11))
    press.print(viewed, Printer(pages=11), number=4)

    answer = browser.get(viewed.url, headers=IN_BLOCK | {"HX-Target": "thumbs"})

    assert "<html" not in answer.text
    assert pictures(answer.text) == []
    assert answer.text.count("/small.webp") == 11
    assert "hx-trigger" not in answer.text


def test_pages_that_failed_again_and_again_are_not_waited_for(
    press: Press, browser: FlaskClient, session: Session
) -> None:
    viewed = press.shelve("教案.pdf")
    browser.get(viewed.url)
    for job in session.scalars(select(Job).where(Job.kind == "pages")):
        job.state = JobState.SET_ASIDE

    answer = browser.get(viewed.url)

    assert "现在无法绘制页面" in answer.text
    assert "hx-trigger" not in answer.text


def test_after_a_minute_it_takes_longer_than_usual(
    press: Press, browser: FlaskClient, clock: Clock
) -> None:
    viewed = press.shelve("教案.pdf")
    browser.get(viewed.url)
    clock.pass_(seconds=61)

    assert "比平时久" in browser.get(viewed.url).text


def test_a_number_beyond_the_end_is_the_last_page(press: Press, browser: FlaskClient) -> None:
    viewed = press.shelve("教案.pdf")
    press.print(viewed, Printer(pages=2))

    for asked in ("2", "99", "-1", "x", ""):
        answer = browser.get(f"{viewed.url}?page={asked}")
        page = 2 if asked in {"2", "99"} else 1
        assert f"{viewed.url}/{page}/large.webp" in answer.text


def test_beyond_forty_pages_the_file_itself_is_offered(
    press: Press, browser: FlaskClient, session: Session
) -> None:
    viewed = press.shelve("教案.pdf")
    press.print(viewed, Printer(pages=40))
    press.print(viewed, Printer(pages=40), number=40)
    session.get_one(Blob, viewed.key).pages = 57
    session.add(BlobText(blob_key=viewed.key, text="第五十页的字", places=[[0, "page", "50"]]))

    answer = browser.get(viewed.url + "?page=50")

    assert "前 40 页" in answer.text
    assert "第五十页的字" in answer.text
    assert "/ 57" in answer.text
    assert jobs(session) == []


def test_the_text_of_the_page_stands_below_it(
    press: Press, browser: FlaskClient, session: Session
) -> None:
    viewed = press.shelve("课件.pdf")
    press.print(viewed, Printer(pages=2))
    session.add(
        BlobText(
            blob_key=viewed.key,
            text="月饼分一半\n四分之一<b>",
            places=[[0, "page", "1"], [6, "page", "2"]],
        )
    )

    first, second = browser.get(viewed.url).text, browser.get(viewed.url + "?page=2").text

    assert "月饼分一半" in first
    assert "四分之一" not in first
    assert "四分之一&lt;b&gt;" in second


def test_a_long_text_without_pages_comes_in_parts(
    press: Press, browser: FlaskClient, session: Session
) -> None:
    viewed = press.shelve("教案.pdf")
    press.print(viewed, Printer(pages=1))
    session.add(BlobText(blob_key=viewed.key, text="甲" * 6_000 + "乙" * 10, places=[]))

    first, second = browser.get(viewed.url).text, browser.get(viewed.url + "?part=2").text

    assert "1 / 2" in first
    assert "乙" not in first
    assert "乙" * 10 in second


def test_an_approximation_says_so_and_offers_the_original(
    press: Press, browser: FlaskClient
) -> None:
    viewed = press.shelve("教案.pdf")
    press.print(viewed, Printer(pages=1, approximate=True))
    true = press.shelve("另一个.pdf")
    press.print(true, Printer(pages=1))

    assert "下载原文件" in browser.get(viewed.url).text
    assert "下载原文件" not in browser.get(true.url).text


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (Trouble.ENCRYPTED, "要求输入密码"),
        (Trouble.EMPTY, "是空的"),
        (Trouble.TOO_LARGE, "太大"),
    ],
)
def test_what_has_no_pages_says_why_and_what_to_do(
    press: Press, browser: FlaskClient, session: Session, trouble: Trouble, words: str
) -> None:
    viewed = press.shelve("教案.pdf")
    session.get_one(Blob, viewed.key).trouble = trouble

    answer = browser.get(viewed.url)

    assert words in answer.text
    assert "下载" in answer.text
    assert jobs(session) == []


def test_slides_without_a_word_are_no_type_that_is_not_shown(
    press: Press, browser: FlaskClient, session: Session, clock: Clock
) -> None:
    viewed = press.shelve("课件.pdf")
    session.add(Preview(blob_key=viewed.key, pages=0, trouble=Trouble.NO_TEXT, made_at=clock()))

    page = browser.get(viewed.url).text

    assert "这个文件里没有可以排成页面的文字" in page
    assert "浏览器无法显示这种类型" not in page


def test_a_file_of_an_unknown_type_is_offered_for_download(
    press: Press, browser: FlaskClient, session: Session
) -> None:
    viewed = press.shelve("课.bin", content=b"\1\2\3")

    answer = browser.get(viewed.url)

    assert "无法在浏览器中显示" in answer.text
    assert jobs(session) == []


def test_an_archive_shows_what_is_in_it(
    press: Press, browser: FlaskClient, session: Session
) -> None:
    viewed = press.shelve("作业.zip", content=b"PK\5\6" + bytes(18))
    session.add(
        BlobText(
            blob_key=viewed.key,
            text="第一课.docx",
            places=[],
            listing={"total": 2, "members": [["第一课/<教案>.docx", 2048]]},
        )
    )

    answer = browser.get(viewed.url)

    assert "第一课/&lt;教案&gt;.docx" in answer.text
    assert "2 个文件" in answer.text
    assert "只显示前 1 个" in answer.text


def test_every_size_is_a_link_and_stays_while_pages_are_turned(
    press: Press, browser: FlaskClient
) -> None:
    viewed = press.shelve("教案.pdf")
    press.print(viewed, Printer(pages=3))

    fit, double = browser.get(viewed.url).text, browser.get(viewed.url + "?zoom=200&page=2").text

    assert f'href="{viewed.url}?zoom=100"' in fit
    assert 'width="1200"' in fit
    assert 'width="2400"' in double
    assert f'id="following" href="{viewed.url}?page=3&amp;zoom=200"' in double
    assert f'id="smaller" href="{viewed.url}?page=2&amp;zoom=150"' in double
    assert 'width="1200"' in browser.get(viewed.url + "?zoom=nonsense").text


def test_other_files_of_the_resource_are_one_step_away(press: Press, browser: FlaskClient) -> None:
    viewed = press.shelve("教案.pdf", "讲稿.pdf")

    answer = browser.get(viewed.url)

    assert "讲稿.pdf" in answer.text
    assert f'href="{viewed.resource_url}" data-back' in answer.text


def test_the_web_never_opens_a_file_to_show_it(
    press: Press, browser: FlaskClient, storage: Storage
) -> None:
    viewed = press.shelve("教案.pdf")
    press.print(viewed, Printer(pages=1))
    storage.delete(viewed.key)

    assert browser.get(viewed.url).status_code == 200
    assert browser.get(f"{viewed.url}/1/large.webp").status_code == 200


def test_a_draft_is_left_for_its_files_and_come_back_to(
    press: Press, wang: Person, session: Session, browser_as: SignsIn
) -> None:
    viewed = press.shelve("教案.pdf", is_draft=True)
    revision_id = session.scalars(select(Attachment.revision_id)).one()
    browser = browser_as(wang)

    assert f'<a href="{viewed.url}">教案.pdf</a>' in browser.get(f"/submit/{revision_id}").text
    back = f'href="/submit/{revision_id}#part-files" data-back'
    assert back in browser.get(viewed.url).text


def test_a_file_is_found_by_the_name_that_search_knows(press: Press, browser: FlaskClient) -> None:
    viewed = press.shelve("课件 一.pdf")
    draft = press.shelve("草稿.pdf", is_draft=True)

    answer = browser.get(f"{viewed.resource_url}/view?file=课件 一.pdf&page=7")

    assert (answer.status_code, answer.location) == (302, f"{viewed.url}?page=7")
    assert browser.get(f"{viewed.resource_url}/view?file=别的.pdf").status_code == 404
    assert browser.get(f"{draft.resource_url}/view?file=草稿.pdf").status_code == 404


def test_the_page_of_a_resource_shows_the_first_pages_of_its_files(
    press: Press, browser: FlaskClient
) -> None:
    viewed = press.shelve("教案.pdf", "课.bin")
    press.print(viewed, Printer(pages=9))

    page = browser.get(viewed.resource_url).text

    for number in (1, 2, 3):
        assert f"{viewed.url}/{number}/small.webp?v=" in page
    assert f'href="{viewed.url}?page=2"' in page
    assert f'href="{viewed.url}?page=4">+ 6<' in page
    assert page.count("/small.webp") == 3


def test_a_single_page_is_shown_large(press: Press, browser: FlaskClient) -> None:
    viewed = press.shelve("教案.pdf")
    press.print(viewed, Printer(pages=1))

    page = browser.get(viewed.resource_url).text

    assert f"{viewed.url}/1/large.webp?v=" in page
    assert "/small.webp" not in page

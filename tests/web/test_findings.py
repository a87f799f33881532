"""Numbers of people in a file are told to its author and its reviewers, never in full."""

import io
import re
from dataclasses import replace

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.file_policy import FilePolicy
from resource_hub.domain.people import Person
from resource_hub.domain.review import Action
from resource_hub.domain.visibility import Audience
from resource_hub.jobs.worker import Worker
from resource_hub.models import Resource, School, Submission
from resource_hub.services import review
from tests.files import made
from tests.given import Given
from tests.web.conftest import SignsIn

PHONE = "13812345678"
LINES = ["第 2 页：一个手机号码（138******78）"]
OWN = ["正文中：一个手机号码（138******78）"]


@pytest.fixture
def wang(given: Given) -> Person:
    school = given.school("实验小学")
    given.alliance(school, name="城乡教共体")
    return given.teacher("王敏", school=school)


def told(page: str) -> list[str]:
    """The lines below a warning of numbers."""
    return [
        line
        for warning in re.findall(r'people-numbers">.*?<ul>(.*?)</ul>', page, re.DOTALL)
        for line in re.findall("<li>(.*?)</li>", warning)
    ]


def test_author_and_reviewer_are_told_and_nobody_else(
    given: Given, wang: Person, app: Flask, session: Session, browser_as: SignsIn
) -> None:
    school = session.get_one(School, wang.school_id)
    reviewer = given.reviewer("李红", school=school)
    draft = given.draft(by=wang, audience=Audience.PUBLIC, text=f"请打 {PHONE}")
    content = made.pdf("静夜思", f"家长 {PHONE}")
    given.file(draft, by=wang, name="名单.pdf", content=content)
    revision_id = draft.id
    mine = browser_as(wang)

    assert told(mine.get(f"/submit/{revision_id}").text) == OWN
    Worker(app).drain(("inspect",))
    page = mine.get(f"/submit/{revision_id}").text
    assert told(page) == LINES + OWN
    assert page.count(PHONE) == 1  # in the field where the author wrote it

    submitted = review.take_step(given.uow, wang, revision_id, Action.SUBMIT, rights_declared=True)
    submission_id = session.scalars(select(Submission.id)).one()
    public_id = session.get_one(Resource, submitted.resource_id).public_id
    assert told(browser_as(reviewer).get(f"/review/{submission_id}").text) == LINES + OWN
    seen = browser_as(reviewer).get(f"/r/{public_id}/v/1").text
    assert "名单.pdf" in seen
    assert told(seen) == []


def test_the_author_reads_that_a_photograph_says_where_it_was_taken(
    given: Given, wang: Person, app: Flask, browser_as: SignsIn
) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (31.0, 14.0, 0.0), 3: "E", 4: (121.0, 28.0, 0.0)})
    photograph = io.BytesIO()
    Image.new("RGB", (80, 40), "blue").save(photograph, "JPEG", exif=exif)
    draft = given.draft(by=wang)
    given.file(draft, by=wang, name="操场.jpg", content=photograph.getvalue())
    mine = browser_as(wang)
    mine.get("/")
    Worker(app).drain(("inspect",))

    page = mine.get(f"/submit/{draft.id}").text

    assert "这张照片里记录了拍摄地点（GPS）" in page
    assert told(page) == []


@pytest.mark.parametrize("number", [6, 9])
def test_a_long_list_is_told_in_short(
    given: Given, wang: Person, app: Flask, browser_as: SignsIn, number: int
) -> None:
    draft = given.draft(by=wang)
    names = "\n".join(f"1381234567{each}" for each in range(number))
    given.file(draft, by=wang, name="名单.txt", content=names.encode())
    mine = browser_as(wang)
    mine.get("/")
    Worker(app).drain(("inspect",))
    lines = told(mine.get(f"/submit/{draft.id}").text)
    first = [f"正文中：一个手机号码（138******7{each}）" for each in range(6)]
    assert lines == (first if number == 6 else [*first, "还有 3 处。"])


def test_a_file_that_a_setting_refuses_is_not_taken(
    given: Given, wang: Person, app: Flask, browser_as: SignsIn
) -> None:
    hub = app.extensions["hub"]
    policy = FilePolicy(misnamed=False)
    app.extensions["hub"] = replace(hub, limits=replace(hub.limits, policy=policy))
    draft = given.draft(by=wang)
    revision_id = draft.id
    answer = browser_as(wang).post(
        f"/submit/{revision_id}/files",
        data={"files": (io.BytesIO(made.pdf("x")), "教案.docx")},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 422
    assert "“教案.docx”的扩展名与内容不符，资源库不收这样的文件" in answer.text


def test_of_two_names_of_the_same_bytes_the_wrong_one_is_told(
    given: Given, wang: Person, browser_as: SignsIn
) -> None:
    draft = given.draft(by=wang)
    for name in ("教案.docx", "教案.pdf"):
        given.file(draft, by=wang, name=name, content=made.pdf("静夜思"))
    page = browser_as(wang).get(f"/submit/{draft.id}").text
    rows = page.partition('id="files"')[2].split('<div class="file-name">')[1:]
    assert ["扩展名与内容不符" in row for row in rows] == [True, False]


def test_numbers_in_a_title_and_in_the_name_of_a_file_are_told_too(
    given: Given, wang: Person, browser_as: SignsIn
) -> None:
    draft = given.draft(by=wang, title=f"找王老师 {PHONE}", text="")
    given.file(draft, by=wang, name="11010519491231002X.txt", content="静夜思".encode())
    assert told(browser_as(wang).get(f"/submit/{draft.id}").text) == [
        "文件名中：一个身份证号码（110*************2X）",
        *OWN,
    ]

"""A teacher writes: nothing that was typed or uploaded is lost, and what is missing is said."""

import io
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session, selectinload

from resource_hub.domain.people import Person
from resource_hub.domain.review import Action, Policy, Stage, State
from resource_hub.domain.visibility import Audience
from resource_hub.files import Family
from resource_hub.models import Assignment, Attachment, Blob, Job, PolicyRow, Resource, Revision
from resource_hub.services import review
from resource_hub.services.previews import promise_first_pages
from resource_hub.services.unit_of_work import UnitOfWork
from resource_hub.web.description_form import split_keywords
from storage import StorageFull
from tests.given import NOON, Clock, Given
from tests.opinions import CHECKED
from tests.web.conftest import SignsIn

FORM: dict[str, Any] = {
    "kind": "exercise",
    "title": " 分数的  初步认识 ",
    "summary": "从分月饼开始。\r\n\r\n认识几分之一。",
    "school_stage": "primary",
    "subject": "math",
    "grades": ["g3", "g4"],
    "volume": "first",
    "edition": "renjiao",
    "unit": "第八单元",
    "keywords": "分数、月饼，平均分 图形",
    "language": "zh-Hans",
    "licence": "cc-by-4.0",
    "audience": "alliance",
    "release_on": "2026-11-01",
    "source": "",
    "text": "把一个月饼平均分成两份。",
}


@pytest.fixture
def wang(given: Given) -> Person:
    school = given.school("实验小学")
    given.alliance(school, name="城乡教共体")
    return given.teacher("王敏", school=school)


@pytest.fixture
def stored(session: Session) -> Callable[[int], Revision]:
    """The revision as the tables have it now."""

    def read(revision_id: int) -> Revision:
        session.rollback()
        revision = session.scalar(
            select(Revision)
            .where(Revision.id == revision_id)
            .options(selectinload(Revision.resource), selectinload(Revision.attachments))
            .execution_options(populate_existing=True)
        )
        assert revision is not None
        return revision

    return read


def begin(browser: FlaskClient, kind: str = "exercise") -> int:
    answer = browser.post("/submit", data={"kind": kind})
    assert answer.status_code == 303
    return int(answer.headers["Location"].rsplit("/", 1)[1])


def form(wang: Person, **changes: Any) -> dict[str, Any]:
    return FORM | {"alliance_id": str(min(wang.alliance_ids))} | changes


def upload(
    browser: FlaskClient, revision_id: int, *files: tuple[str, bytes], htmx: bool = False
) -> Any:
    return browser.post(
        f"/submit/{revision_id}/files",
        data={"files": [(io.BytesIO(content), name) for name, content in files]},
        headers={"HX-Request": "true"} if htmx else {},
    )


def test_a_stranger_is_asked_to_sign_in_and_brought_back(browser: FlaskClient) -> None:
    answer = browser.get("/submit")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in?next=/submit")


def test_who_belongs_to_no_school_is_told_so(given: Given, browser_as: SignsIn) -> None:
    browser = browser_as(given.administrator())

    page = browser.get("/submit")
    answer = browser.post("/submit", data={"kind": "case"})

    assert page.status_code == 200
    assert 'name="kind"' not in page.text
    assert answer.status_code == 403


def test_six_kinds_are_offered_and_one_begins_a_draft(
    wang: Person, browser_as: SignsIn, stored: Callable[[int], Revision]
) -> None:
    browser = browser_as(wang)

    page = browser.get("/submit")
    revision = stored(begin(browser, "outline"))

    assert re.findall(r'name="kind" value="(\w+)"', page.text) == [
        "lesson_plan", "micro_lesson", "case", "courseware", "exercise", "outline"
    ]  # fmt: skip
    assert (revision.state, revision.resource.kind.value) == (State.DRAFT, "outline")
    assert browser.post("/submit", data={"kind": "poem"}).status_code == 422


def test_what_was_typed_is_saved_clean(
    wang: Person, browser_as: SignsIn, stored: Callable[[int], Revision]
) -> None:
    browser = browser_as(wang)
    revision_id = begin(browser)

    answer = browser.post(f"/submit/{revision_id}", data=form(wang, action="save"))
    revision = stored(revision_id)

    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/submit/{revision_id}"
    assert revision.title == "分数的 初步认识"
    assert revision.summary == "从分月饼开始。\n\n认识几分之一。"
    assert revision.grades == ("g3", "g4")
    assert revision.keywords == ["分数", "月饼", "平均分", "图形"]
    assert str(revision.release_on) == "2026-11-01"
    assert revision.alliance_id == min(wang.alliance_ids)


def test_the_form_shows_what_is_stored(wang: Person, browser_as: SignsIn) -> None:
    browser = browser_as(wang)
    revision_id = begin(browser)
    browser.post(f"/submit/{revision_id}", data=form(wang, action="save"))

    page = browser.get(f"/submit/{revision_id}").text

    assert 'value="分数的 初步认识"' in page
    assert 'value="分数、月饼、平均分、图形"' in page
    assert re.findall(r'name="grades" value="(\w+)" checked', page) == ["g3", "g4"]
    assert re.findall(r'name="audience" value="(\w+)" checked', page) == ["alliance"]
    assert 'value="2026-11-01"' in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("a,b，c、d；e;f g", ("a", "b", "c", "d", "e", "f", "g")),
        ("  a 、a,, ", ("a",)),
        ("", ()),
    ],
)
def test_keywords_are_parted_by_any_of_the_usual_marks(typed: str, words: tuple[str, ...]) -> None:
    assert split_keywords(typed) == words


def test_a_refused_submission_keeps_everything_and_says_what_is_missing(
    wang: Person, browser_as: SignsIn, stored: Callable[[int], Revision]
) -> None:
    browser = browser_as(wang)
    revision_id = begin(browser, "lesson_plan")
    typed = form(
        wang,
        action="submit",
        kind="lesson_plan",
        summary="",
        subject="physics",
        licence="",
        section_objectives="会读写几分之一",
        message="请重点看练习",
    )

    answer = browser.post(f"/submit/{revision_id}", data=typed)

    assert answer.status_code == 422
    assert re.findall(r'<li><a href="#field-(\w+)"', answer.text) == [
        "summary", "subject", "licence", "rights", "checked"
    ]  # fmt: skip
    for name in ("summary", "subject", "licence", "rights", "checked"):
        assert f'id="field-{name}-problem"' in answer.text
    assert "请重点看练习" in answer.text
    assert "会读写几分之一" in answer.text
    saved = stored(revision_id)
    assert (saved.title, saved.state) == ("分数的 初步认识", State.DRAFT)
    assert saved.sections == {"objectives": "会读写几分之一"}


def test_what_is_too_long_is_refused_and_still_in_the_form(
    wang: Person, browser_as: SignsIn, stored: Callable[[int], Revision]
) -> None:
    browser = browser_as(wang)
    revision_id = begin(browser)
    browser.post(f"/submit/{revision_id}", data=form(wang, action="save"))

    answer = browser.post(
        f"/submit/{revision_id}", data=form(wang, action="save", title="长" * 201)
    )

    assert answer.status_code == 422
    assert "长" * 201 in answer.text
    assert stored(revision_id).title == "分数的 初步认识"


def test_an_unreadable_day_does_not_cost_the_rest(
    wang: Person, browser_as: SignsIn, stored: Callable[[int], Revision]
) -> None:
    browser = browser_as(wang)
    revision_id = begin(browser)

    answer = browser.post(
        f"/submit/{revision_id}", data=form(wang, action="submit", release_on="下周", rights="1")
    )

    assert answer.status_code == 422
    assert 'value="下周"' in answer.text
    assert (stored(revision_id).title, stored(revision_id).state) == (
        "分数的 初步认识",
        State.DRAFT,
    )


def test_a_word_that_is_in_no_list_is_a_problem_and_no_failure(
    wang: Person, browser_as: SignsIn
) -> None:
    browser = browser_as(wang)
    revision_id = begin(browser)
    for name in ("kind", "language", "audience", "school_stage", "subject", "licence", "volume"):
        answer = browser.post(
            f"/submit/{revision_id}", data=form(wang, action="save", **{name: "<nonsense>"})
        )
        assert answer.status_code == 422
        assert f'href="#field-{name}"' in answer.text


def test_the_author_checks_the_list_of_the_reviewers_first(
    wang: Person, browser_as: SignsIn, stored: Callable[[int], Revision]
) -> None:
    browser = browser_as(wang)
    revision_id = begin(browser)

    answer = browser.post(
        f"/submit/{revision_id}",
        data={**form(wang, action="submit", rights="1"), "checked": CHECKED[:5]},
    )

    assert answer.status_code == 422
    assert "2" in re.findall(r'id="field-checked-problem">(.*?)</p>', answer.text)[0]
    assert answer.text.count(' name="checked" value="') == 7
    assert len(re.findall(r' name="checked" value="\w+" checked', answer.text)) == 5
    assert stored(revision_id).state is State.DRAFT


def test_submitting_sends_it_to_the_school(
    wang: Person, browser_as: SignsIn, stored: Callable[[int], Revision]
) -> None:
    browser = browser_as(wang)
    revision_id = begin(browser)

    answer = browser.post(
        f"/submit/{revision_id}",
        data={**form(wang, action="submit", rights="1"), "checked": CHECKED},
    )
    revision = stored(revision_id)

    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/r/{revision.resource.public_id}/v/1"
    assert revision.state is State.IN_REVIEW
    page = browser.get(answer.headers["Location"])
    assert "分数的 初步认识" in page.text
    assert 'aria-current="step"' in page.text
    assert "“分数的 初步认识”已送校级初审，有了结果会通知您。" in page.text


@pytest.mark.parametrize(
    ("stages", "where"), [(tuple(Stage), "校级初审"), ((Stage.ALLIANCE,), "联盟终审")]
)
def test_the_message_names_the_stage_and_the_day_by_which_a_result_is_expected(
    given: Given, session: Session, browser_as: SignsIn, stages: tuple[Stage, ...], where: str
) -> None:
    own, other = given.school("实验小学"), given.school("山口小学")
    alliance = given.alliance(own, other)
    author = given.teacher(school=own)
    given.reviewer(school=own)
    given.reviewer("外校", school=other, alliance=alliance)
    session.add(PolicyRow(alliance_id=alliance.id, kind="", policy=Policy(stages), changed_at=NOON))
    session.commit()
    browser = browser_as(author)
    revision_id = begin(browser)

    data = {**form(author, action="submit", rights="1"), "checked": CHECKED}
    answer = browser.post(f"/submit/{revision_id}", data=data, follow_redirects=True)

    by = session.scalars(select(Assignment.due_on)).one()
    assert f"“分数的 初步认识”已送{where}，预计{by.month}月{by.day}日前有结果。" in answer.text


def test_what_is_under_review_is_shown_and_not_edited(
    given: Given, wang: Person, browser_as: SignsIn
) -> None:
    revision = given.submitted(by=wang)
    public_id, revision_id = revision.resource.public_id, revision.id
    browser = browser_as(wang)

    shown = browser.get(f"/submit/{revision_id}")
    saved = browser.post(f"/submit/{revision_id}", data=form(wang, action="save"))
    autosaved = browser.post(
        f"/submit/{revision_id}/autosave",
        data=form(wang),
        headers={"Accept": "application/json"},
    )

    assert (shown.status_code, shown.headers["Location"]) == (302, f"/r/{public_id}/v/1")
    assert saved.status_code == 409
    assert (autosaved.status_code, autosaved.mimetype) == (409, "application/problem+json")


def test_typing_is_saved_by_itself(
    wang: Person, clock: Clock, browser_as: SignsIn, stored: Callable[[int], Revision]
) -> None:
    browser = browser_as(wang)
    revision_id = begin(browser)

    answer = browser.post(f"/submit/{revision_id}/autosave", data=form(wang, summary="写到一半"))

    assert answer.json == {"saved_at": clock().isoformat()}
    assert stored(revision_id).summary == "写到一半"


def test_sections_are_kept_while_another_kind_is_chosen(
    wang: Person, browser_as: SignsIn, stored: Callable[[int], Revision]
) -> None:
    browser = browser_as(wang)
    revision_id = begin(browser, "lesson_plan")
    lesson = form(wang, kind="lesson_plan", section_board="板书")
    browser.post(f"/submit/{revision_id}", data=lesson | {"action": "save"})

    browser.post(f"/submit/{revision_id}", data=form(wang, kind="case", action="save"))

    assert stored(revision_id).resource.kind.value == "case"
    assert stored(revision_id).sections == {"board": "板书"}


def test_the_reviewers_words_stand_above_what_is_to_be_changed(
    given: Given, wang: Person, uow: UnitOfWork, browser_as: SignsIn
) -> None:
    revision = given.submitted(by=wang)
    li = given.reviewer("李文", school=revision.resource.school)
    review.take_step(uow, li, revision.id, Action.REQUEST_CHANGES, comment="目标太笼统")

    page = browser_as(wang).get(f"/submit/{revision.id}").text

    assert page.index("李文") < page.index("目标太笼统") < page.index('id="files"')


@pytest.mark.parametrize("where", ["", "/autosave", "/files", "/files/1/remove"])
def test_nobody_else_writes_on_a_draft(
    given: Given, wang: Person, browser: FlaskClient, browser_as: SignsIn, where: str
) -> None:
    draft = given.draft(by=wang)
    revision_id, school = draft.id, draft.resource.school
    colleague = given.teacher(school=school)
    elsewhere = given.teacher(school=given.school())
    coordinator = given.coordinator(school=school)

    for person in (colleague, elsewhere, coordinator):
        answer = browser_as(person).post(f"/submit/{revision_id}{where}", data={})
        assert answer.status_code == 404
    assert browser.post(f"/submit/{revision_id}{where}", data={}).status_code == 401


def test_a_coordinator_may_read_what_was_sent_back_but_not_change_it(
    given: Given, wang: Person, uow: UnitOfWork, browser_as: SignsIn
) -> None:
    revision = given.submitted(by=wang)
    school, revision_id = revision.resource.school, revision.id
    review.take_step(
        uow, given.reviewer(school=school), revision_id, Action.REQUEST_CHANGES, comment="目标"
    )
    browser = browser_as(given.coordinator(school=school))

    assert browser.get(f"/submit/{revision_id}").status_code == 403
    assert browser.post(f"/submit/{revision_id}", data={"action": "save"}).status_code == 403


def test_several_files_are_taken_at_once(
    wang: Person, browser_as: SignsIn, stored: Callable[[int], Revision]
) -> None:
    browser = browser_as(wang)
    revision_id = begin(browser)

    answer = upload(browser, revision_id, ("教案.txt", b"one"), ("课件/练习.md", b"two"))

    assert answer.status_code == 303
    assert [file.filename for file in stored(revision_id).attachments] == ["教案.txt", "练习.md"]
    page = browser.get(f"/submit/{revision_id}").text
    assert page.index("教案.txt") < page.index("练习.md")


def test_a_dropped_file_is_answered_with_the_list_alone(wang: Person, browser_as: SignsIn) -> None:
    browser = browser_as(wang)
    revision_id = begin(browser)

    answer = upload(browser, revision_id, ("教案.txt", b"one"), htmx=True)

    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div id="files"')
    assert "教案.txt" in answer.text
    assert "<html" not in answer.text


def test_a_file_that_fails_is_named_and_the_others_are_kept(
    wang: Person, browser_as: SignsIn, stored: Callable[[int], Revision]
) -> None:
    browser = browser_as(wang)
    revision_id = begin(browser)
    browser.post(f"/submit/{revision_id}", data=form(wang, action="save"))

    upload(browser, revision_id, ("空.txt", b""), ("教案.txt", b"one"))
    page = browser.get(f"/submit/{revision_id}").text
    dropped = upload(browser, revision_id, ("空.txt", b""), htmx=True)

    assert [file.filename for file in stored(revision_id).attachments] == ["教案.txt"]
    assert stored(revision_id).title == "分数的 初步认识"
    assert "“空.txt”" in page
    assert dropped.status_code == 422
    assert "data-problem" in dropped.text


def test_a_full_disk_keeps_the_draft(
    wang: Person,
    app: Flask,
    browser_as: SignsIn,
    stored: Callable[[int], Revision],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    browser = browser_as(wang)
    revision_id = begin(browser)
    browser.post(f"/submit/{revision_id}", data=form(wang, action="save"))

    def full(_source: object) -> None:
        raise StorageFull("no room")

    monkeypatch.setattr(app.extensions["hub"].storage, "put", full)
    answer = upload(browser, revision_id, ("教案.txt", b"one"), htmx=True)

    assert answer.status_code == 413
    assert stored(revision_id).title == "分数的 初步认识"
    assert stored(revision_id).attachments == []


def test_a_file_is_taken_out_again(
    given: Given, wang: Person, browser_as: SignsIn, stored: Callable[[int], Revision]
) -> None:
    draft = given.draft(by=wang)
    given.file(draft, by=wang, name="教案.txt")
    given.file(draft, by=wang, name="练习.txt")
    given.session.refresh(draft, ["attachments"])
    first, revision_id = draft.attachments[0].id, draft.id
    browser = browser_as(wang)

    answer = browser.post(
        f"/submit/{revision_id}/files/{first}/remove", headers={"HX-Request": "true"}
    )
    again = browser.post(f"/submit/{revision_id}/files/{first}/remove")

    assert answer.status_code == 200
    assert "教案.txt" not in answer.text
    assert [file.filename for file in stored(revision_id).attachments] == ["练习.txt"]
    assert again.status_code == 303


def test_the_list_asks_again_until_the_files_have_been_looked_into(
    given: Given, wang: Person, clock: Clock, session: Session, browser_as: SignsIn
) -> None:
    draft = given.draft(by=wang)
    given.file(draft, by=wang)
    revision_id = draft.id
    browser = browser_as(wang)
    headers = {"HX-Request": "true"}

    waiting = browser.get(f"/submit/{revision_id}/files", headers=headers).text
    blob = session.scalar(select(Blob))
    assert blob is not None
    blob.inspected_at, blob.trouble = clock(), "damaged"
    done = browser.get(f"/submit/{revision_id}/files", headers=headers).text

    assert 'hx-trigger="every 2s"' in waiting
    assert "hx-trigger" not in done
    assert 'class="file-note"' in done


def test_the_list_asks_again_until_the_covers_are_drawn(
    given: Given, wang: Person, clock: Clock, session: Session, browser_as: SignsIn
) -> None:
    draft = given.draft(by=wang)
    given.file(draft, by=wang, name="分数.pptx")
    blob = session.scalars(select(Blob)).one()
    blob.family, blob.inspected_at = Family.SLIDES.value, clock()
    promise_first_pages(given.uow, blob.key)
    address, browser = f"/submit/{draft.id}/files", browser_as(wang)
    headers = {"HX-Request": "true"}

    waiting = browser.get(address, headers=headers).text
    clock.pass_(minutes=11)
    in_vain = browser.get(address, headers=headers).text
    session.execute(delete(Job).where(Job.kind == "preview"))
    done = browser.get(address, headers=headers).text

    assert 'hx-trigger="every 2s"' in waiting
    assert "hx-trigger" not in in_vain
    assert "hx-trigger" not in done


def test_while_nothing_changes_the_list_is_left_alone(
    given: Given, wang: Person, clock: Clock, session: Session, browser_as: SignsIn
) -> None:
    draft = given.draft(by=wang)
    given.file(draft, by=wang)
    browser, headers = browser_as(wang), {"HX-Request": "true"}
    page = browser.get(f"/submit/{draft.id}").text
    address = unescape(page.split('id="files" hx-get="')[1].split('"')[0])

    same = browser.get(address, headers=headers)
    session.scalars(select(Blob)).one().inspected_at = clock()
    changed = browser.get(address, headers=headers)

    assert (same.status_code, same.text) == (204, "")
    assert changed.status_code == 200
    assert "hx-trigger" not in changed.text


def test_a_page_does_not_wait_for_ever(
    given: Given, wang: Person, clock: Clock, browser_as: SignsIn
) -> None:
    draft = given.draft(by=wang)
    given.file(draft, by=wang)
    revision_id = draft.id
    clock.pass_(minutes=11)

    page = browser_as(wang).get(f"/submit/{revision_id}").text

    assert 'hx-trigger="every' not in page


def test_without_a_file_chosen_nothing_happens_and_it_is_said(
    wang: Person, browser_as: SignsIn
) -> None:
    browser = browser_as(wang)
    revision_id = begin(browser)

    answer = browser.post(f"/submit/{revision_id}/files", data={"files": (io.BytesIO(b""), "")})

    assert answer.status_code == 303
    assert 'class="flash flash-warning"' in browser.get(f"/submit/{revision_id}").text


def test_the_next_version_begins_with_the_words_and_files_of_the_last(
    given: Given, wang: Person, browser_as: SignsIn, session: Session
) -> None:
    draft = given.draft(by=wang, audience=Audience.PUBLIC)
    given.file(draft, by=wang, name="教案.txt")
    given.admit(draft)
    revision_id, public_id = draft.id, draft.resource.public_id
    browser = browser_as(wang)

    answer = browser.post(f"/my/{revision_id}/revise")
    page = browser.get(answer.headers["Location"]).text

    assert answer.status_code == 303
    assert "分数的初步认识" in page
    assert "教案.txt" in page
    assert 'name="kind"' not in page
    session.rollback()
    assert session.scalar(select(Resource.public_id)) == public_id
    assert len(session.scalars(select(Attachment)).all()) == 2

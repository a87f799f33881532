"""The pages of administrators and coordinators: who sees them, and what their buttons do."""

import io
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person, Role
from resource_hub.domain.review import Action
from resource_hub.domain.taxonomy import Scheme
from resource_hub.files.confinement import locks_files
from resource_hub.files.office_to_pdf import OfficeState
from resource_hub.jobs.handlers import HANDLERS
from resource_hub.models import (
    Alliance,
    Appointed,
    Job,
    JobState,
    Membership,
    School,
    Standing,
    TermRow,
    User,
)
from resource_hub.services.review import take_step
from resource_hub.services.unit_of_work import UnitOfWork
from resource_hub.web import admin_import
from resource_hub.web.admin import JOB_WORDS, OFFICE_WORDS
from tests.given import NOON, PASSWORD, Clock, Given
from tests.web.conftest import SignsIn
from tests.web.reading import read
from tests.web.test_review_pages import count_queries


class Cast:
    """A village school with a coordinator, a neighbour in its alliance, an administrator."""

    def __init__(self, given: Given) -> None:
        self.town, self.village = given.school("镇中心小学"), given.school("山口小学")
        self.alliance = given.alliance(self.town, self.village, name="青山联盟")
        self.teacher = given.teacher("王敏", school=self.village)
        self.neighbour = given.teacher("赵云", school=self.town)
        self.coordinator = given.coordinator("周校", school=self.village)
        self.administrator = given.administrator("管理员")
        self.people: dict[str, Person] = {
            "teacher": self.teacher,
            "neighbour": self.neighbour,
            "reviewer": given.reviewer(school=self.village),
            "editor": given.editor(alliance=self.alliance, school=self.town),
            "coordinator": self.coordinator,
            "other coordinator": given.coordinator(school=self.town),
            "administrator": self.administrator,
        }


@pytest.fixture
def cast(given: Given, session: Session) -> Cast:
    cast = Cast(given)
    for user in session.scalars(select(User)):
        user.language = "en"
    return cast


@pytest.fixture
def admin(browser_as: SignsIn, cast: Cast) -> FlaskClient:
    return browser_as(cast.administrator)


@pytest.fixture
def coordinator(browser_as: SignsIn, cast: Cast) -> FlaskClient:
    return browser_as(cast.coordinator)


PAGES = {
    "/admin": "303 303 200",
    "/admin/schools/{village}": "200 403 200",
    "/admin/people": "200 200 200",
    "/admin/people?school=s1": "200 200 200",
    "/admin/people/new": "200 200 200",
    "/admin/people/import": "200 200 200",
    "/admin/people/{teacher}": "200 404 200",
    "/admin/schools": "403 403 200",
    "/admin/alliances": "403 403 200",
    "/admin/alliances/{alliance}": "403 403 200",
    "/admin/terms/subject": "403 403 200",
    "/admin/terms/subject/math": "403 403 200",
    "/admin/jobs": "403 403 200",
}
"""What coordinator, coordinator of another school and administrator get; all others get 403."""

ACTS: dict[str, tuple[str, dict[str, str]]] = {
    "/admin/schools": ("403 403 303", {"lines": "新学校"}),
    "/admin/alliances": ("403 403 303", {"name": "新联盟", "kind": "group"}),
    "/admin/alliances/{alliance}/join": ("403 403 303", {"lines": "镇中心小学"}),
    "/admin/alliances/{alliance}/schools/{village}": ("403 403 303", {"standing": "core"}),
    "/admin/alliances/{alliance}/schools/{village}/leave": ("403 403 303", {}),
    "/admin/terms/subject": ("403 403 303", {"code": "chess", "zh_Hans": "围棋"}),
    "/admin/terms/volume/first": ("403 403 303", {"zh_Hans": "上"}),
    "/admin/people/{teacher}/roles": ("303 404 303", {"role": "reviewer:school:{village}"}),
    "/admin/people/{teacher}/link": ("200 404 200", {}),
    "/admin/people/{teacher}/open": ("303 404 303", {}),
    "/admin/people/{teacher}/close": ("303 404 303", {}),
    "/admin/people/{teacher}/roles/{held}/dismiss": ("303 404 303", {}),
}


def places(cast: Cast, session: Session) -> dict[str, object]:
    held = select(Appointed.id).where(Appointed.user_id == cast.teacher.id)
    return {
        "village": cast.village.id,
        "teacher": cast.teacher.id,
        "alliance": cast.alliance.id,
        "held": session.scalars(held).one(),
    }


@pytest.mark.parametrize("page", PAGES)
def test_each_page_opens_to_the_right_people_alone(
    browser: FlaskClient, browser_as: SignsIn, cast: Cast, session: Session, page: str
) -> None:
    address = page.format(**places(cast, session))
    answers = {
        name: str(browser_as(person).get(address).status_code)
        for name, person in cast.people.items()
    }
    own, other, administrator = PAGES[page].split()
    assert answers == dict.fromkeys(cast.people, "403") | {
        "coordinator": own,
        "other coordinator": other,
        "administrator": administrator,
    }
    answer = browser.get(address)
    assert (answer.status_code, answer.location[:9]) == (302, "/sign-in?")


@pytest.mark.parametrize("act", ACTS)
def test_each_button_works_for_the_right_people_alone(
    browser: FlaskClient, browser_as: SignsIn, cast: Cast, session: Session, act: str
) -> None:
    words = places(cast, session)
    address, (expected, form) = act.format(**words), ACTS[act]
    filled = {name: value.format(**words) for name, value in form.items()}
    in_order = sorted(cast.people, key=lambda name: name in {"coordinator", "administrator"})
    own, other, administrator = expected.split()
    wanted = dict.fromkeys(cast.people, "403") | {
        "coordinator": own,
        "other coordinator": other,
        "administrator": administrator,
    }
    assert browser.post(address, data=filled).status_code == 401
    if "dismiss" in act:  # what the coordinator takes back is gone for the administrator
        in_order.remove("administrator")
        wanted.pop("administrator")
    answers = {
        name: str(browser_as(cast.people[name]).post(address, data=filled).status_code)
        for name in in_order
    }
    assert answers == wanted


# The overview and the queue


def test_the_overview_shows_figures_and_what_has_failed(
    admin: FlaskClient, session: Session
) -> None:
    page = admin.get("/admin").text
    assert '<dt>Schools</dt><dd><a href="/admin/schools">2</a></dd>' in page
    assert "Nothing waits: everything that was promised is done." in page
    session.add(job(error="disk full"))
    page = admin.get("/admin").text
    assert "1 jobs have failed for good." in page
    assert "disk full" in admin.get("/admin/jobs").text


def job(error: str) -> Job:
    return Job(
        kind="index", subject="7", state=JobState.SET_ASIDE, run_at=NOON, attempts=5,
        error=error, created_at=NOON,
    )  # fmt: skip


def test_the_overview_says_who_draws_office_files(
    admin: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "LibreOffice is not installed on this machine" in read(admin, "/admin").text
    (tmp_path / "soffice").touch(mode=0o755)
    of_this_kernel = OFFICE_WORDS[OfficeState.DRAWS if locks_files() else OfficeState.NOT_LOCKED]
    assert of_this_kernel in read(admin, "/admin").text
    assert set(OFFICE_WORDS) == set(OfficeState)


def test_every_kind_of_job_has_words_and_no_others_have() -> None:
    assert sorted(JOB_WORDS) == sorted(HANDLERS)


def test_what_was_set_aside_is_tried_again(admin: FlaskClient, session: Session) -> None:
    one, two, three = job("a"), job("b"), job("c")
    session.add_all([one, two, three])
    session.flush()
    admin.post("/admin/jobs", data={"job": str(one.id)})
    session.expire_all()
    assert [each.state for each in (one, two, three)] == [
        JobState.WAITING,
        JobState.SET_ASIDE,
        JobState.SET_ASIDE,
    ]
    admin.post("/admin/jobs", data={"all": "1"})
    session.expire_all()
    assert {each.state for each in (one, two, three)} == {JobState.WAITING}
    assert admin.post("/admin/jobs", data={"all": "1"}).status_code == 409


# Schools and alliances


def test_many_schools_are_added_at_once(admin: FlaskClient, session: Session) -> None:
    answer = admin.post("/admin/schools", data={"lines": "河东小学, hedong\n\n 河西小学 \r\n"})
    assert (answer.status_code, answer.location) == (303, "/admin/schools")
    page = admin.get("/admin/schools").text
    assert "2 schools are added." in page
    assert "<code>hedong</code>" in page
    assert session.scalar(select(School.code).where(School.name == "河西小学")) == "s4"


def test_one_wrong_line_adds_nothing_and_is_named(admin: FlaskClient, session: Session) -> None:
    lines = "河东小学\n山口小学\n河西小学, ??"
    answer = admin.post("/admin/schools", data={"lines": lines})
    assert answer.status_code == 422
    assert "Line 2: There is already a school with this name." in answer.text
    assert "Line 3: A code has small letters" in answer.text
    assert lines in answer.text.replace("\r", "")
    assert len(session.scalars(select(School)).all()) == 2


def test_an_alliance_is_founded_and_its_schools_join(admin: FlaskClient, session: Session) -> None:
    answer = admin.post("/admin/alliances", data={"name": "蓝水联盟", "kind": "paired"})
    alliance = session.scalars(select(Alliance).where(Alliance.name == "蓝水联盟")).one()
    assert answer.location == f"/admin/alliances/{alliance.id}"
    admin.post(f"{answer.location}/join", data={"lines": "镇中心小学", "standing": "core"})
    admin.post(f"{answer.location}/join", data={"lines": "s2"})
    refused = admin.post(f"{answer.location}/join", data={"lines": "没有的学校"})
    assert refused.status_code == 422
    assert "Line 1: There is no school “没有的学校”." in refused.text
    rows = session.execute(
        select(School.name, Membership.standing)
        .join(Membership.school)
        .where(Membership.alliance_id == alliance.id)
        .order_by(School.id)
    )
    assert [tuple(row) for row in rows] == [
        ("镇中心小学", Standing.CORE),
        ("山口小学", Standing.MEMBER),
    ]


# People


def test_an_administrator_finds_everybody_and_a_coordinator_the_own_school(
    admin: FlaskClient, coordinator: FlaskClient
) -> None:
    def found(browser: FlaskClient, query: str = "") -> set[str]:
        return set(re.findall(r'href="/admin/people/\d+">([^<]+)<', browser.get(
            f"/admin/people{query}").text))  # fmt: skip

    assert {"王敏", "赵云", "管理员"} <= found(admin)
    assert found(coordinator) == {"王敏", "周校", "李老师"}
    assert found(admin, "?q=王") == {"王敏"}
    assert found(admin, "?school=s1") == {"赵云", "编辑", "校管理员"}
    assert found(coordinator, "?school=s1") == set()
    assert found(coordinator, "?q=赵云") == set()


def test_a_coordinator_opens_an_account_at_the_own_school(
    coordinator: FlaskClient, cast: Cast, session: Session
) -> None:
    answer = coordinator.post(
        "/admin/people",
        data={"name": "新老师", "account": "xin", "subjects": ["math", "nonsense"]},
    )
    user = session.scalars(select(User).where(User.account == "xin")).one()
    assert answer.location == f"/admin/people/{user.id}"
    assert (user.school_id, user.subjects) == (cast.village.id, ("math",))
    refused = coordinator.post(
        "/admin/people", data={"name": "混入", "account": "hun", "school_id": cast.town.id}
    )
    assert refused.status_code == 403


def test_a_wrong_form_is_kept_and_says_what_is_wrong(admin: FlaskClient) -> None:
    answer = admin.post(
        "/admin/people", data={"name": "", "account": "x!", "school": "没有", "grades": ["g3"]}
    )
    assert answer.status_code == 422
    assert "There is no school “没有”." in answer.text
    answer = admin.post("/admin/people", data={"name": "", "account": "x!", "grades": ["g3"]})
    assert "Give the person&#39;s name" in answer.text
    assert 'value="x!"' in answer.text
    assert 'value="g3" checked' in answer.text


def test_the_link_sets_a_password_once(app: Flask, coordinator: FlaskClient, cast: Cast) -> None:
    answer = coordinator.post(f"/admin/people/{cast.teacher.id}/link")
    assert answer.headers["Cache-Control"] == "no-store"
    found = re.search(r'class="once">([^<]+)<', answer.text)
    assert found is not None
    path = "/reset/" + found[1].rpartition("/reset/")[2]
    assert 'class="once"' not in coordinator.get(f"/admin/people/{cast.teacher.id}").text
    stranger = app.test_client()
    assert stranger.get(path).status_code == 200
    stranger.post(path, data={"password": PASSWORD + "!"})
    assert stranger.get(path).status_code == 410


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.EDITOR, Role.REVIEWER])
def test_a_coordinator_cannot_take_over_who_serves_beyond_the_school(
    coordinator: FlaskClient, given: Given, cast: Cast, session: Session, role: Role
) -> None:
    alliance = None if role is Role.ADMINISTRATOR else cast.alliance
    person = given.with_role(cast.teacher, role, alliance=alliance)
    page = coordinator.get(f"/admin/people/{person.id}")
    assert "This person serves beyond your school" in page.text
    for act in ("link", "close"):
        assert coordinator.post(f"/admin/people/{person.id}/{act}").status_code == 403
    session.expire_all()
    assert session.get_one(User, person.id).is_active


def test_roles_are_given_with_subjects_and_taken_back(
    admin: FlaskClient, cast: Cast, session: Session
) -> None:
    page = f"/admin/people/{cast.teacher.id}"
    admin.post(
        f"{page}/roles",
        data={
            "role": f"reviewer:alliance:{cast.alliance.id}",
            "subjects": ["math", "science"],
            "stages": ["primary"],
        },
    )
    held = session.scalars(
        select(Appointed).where(
            Appointed.user_id == cast.teacher.id, Appointed.role == Role.REVIEWER
        )
    ).one()
    assert (held.alliance_id, held.subjects, held.stages) == (
        cast.alliance.id,
        ("math", "science"),
        ("primary",),
    )
    text = admin.get(page).text
    assert "Mathematics, Science" in text
    admin.post(f"{page}/roles/{held.id}/dismiss")
    assert "Mathematics, Science" not in admin.get(page).text


@pytest.mark.parametrize(
    "role",
    ["editor:alliance:{alliance}", "administrator", "coordinator:school:{village}",
     "reviewer:alliance:{alliance}", "reviewer:school:{town}"],
)  # fmt: skip
def test_a_coordinator_gives_no_role_beyond_teacher_and_reviewer_of_the_school(
    coordinator: FlaskClient, cast: Cast, session: Session, role: str
) -> None:
    value = role.format(alliance=cast.alliance.id, village=cast.village.id, town=cast.town.id)
    answer = coordinator.post(f"/admin/people/{cast.teacher.id}/roles", data={"role": value})
    assert answer.status_code == 403
    held = session.scalars(select(Appointed.role).where(Appointed.user_id == cast.teacher.id))
    assert held.all() == [Role.TEACHER]
    assert value not in coordinator.get(f"/admin/people/{cast.teacher.id}").text


@pytest.mark.parametrize("role", ["", "x", "reviewer:school:x", "reviewer:moon:1", "teacher:"])
def test_a_role_that_is_none_is_refused_in_words(admin: FlaskClient, cast: Cast, role: str) -> None:
    answer = admin.post(f"/admin/people/{cast.teacher.id}/roles", data={"role": role})
    assert answer.status_code == 422


def test_a_role_of_another_person_is_not_taken_back_under_this_name(
    coordinator: FlaskClient, cast: Cast, session: Session
) -> None:
    other = session.scalars(
        select(Appointed.id).where(Appointed.user_id == cast.neighbour.id)
    ).one()
    answer = coordinator.post(f"/admin/people/{cast.teacher.id}/roles/{other}/dismiss")
    assert answer.status_code == 404


def test_the_last_administrator_stays(admin: FlaskClient, cast: Cast, session: Session) -> None:
    page = f"/admin/people/{cast.administrator.id}"
    held = session.scalars(
        select(Appointed.id).where(Appointed.user_id == cast.administrator.id)
    ).one()
    answer = admin.post(f"{page}/roles/{held}/dismiss")
    assert answer.status_code == 422
    assert "The hub needs at least one administrator." in answer.text
    answer = admin.post(f"{page}/close")
    assert answer.status_code == 422
    assert "You cannot close your own account." in answer.text


def test_a_closed_account_signs_nobody_in_until_it_is_opened_again(
    admin: FlaskClient, browser_as: SignsIn, cast: Cast
) -> None:
    teacher = browser_as(cast.teacher)
    assert teacher.get("/my").status_code == 200
    admin.post(f"/admin/people/{cast.teacher.id}/close")
    assert teacher.get("/my").status_code == 302
    assert "This account is closed" in admin.get(f"/admin/people/{cast.teacher.id}").text
    assert admin.post(f"/admin/people/{cast.teacher.id}/link").status_code == 409
    admin.post(f"/admin/people/{cast.teacher.id}/open")
    assert browser_as(cast.teacher).get("/my").status_code == 200


def test_a_list_of_many_people_costs_no_more_queries_than_one_of_few(
    app: Flask, admin: FlaskClient, given: Given, cast: Cast
) -> None:
    few = count_queries(app, lambda: admin.get("/admin/people"))
    for _number in range(3):
        given.reviewer(school=cast.town, alliance=cast.alliance)
    assert count_queries(app, lambda: admin.get("/admin/people")) == few


def upload(browser: FlaskClient, table: str, **form: str) -> str:
    data = {"table": (io.BytesIO(table.encode()), "老师.csv"), **form}
    answer = browser.post("/admin/people/import", data=data)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.text


TABLE = (
    "姓名,账号,学校,角色,鞋码\n孙一,sun1,山口小学,,40\n,qian2,山口小学,,\n李三,li3,镇中心小学,,\n"
)


def test_a_table_of_people_is_reported_line_by_line(admin: FlaskClient, session: Session) -> None:
    page = upload(admin, TABLE, dry_run="1")
    assert "would be added" in page
    assert session.scalar(select(User.id).where(User.account == "sun1")) is None
    page = upload(admin, TABLE)
    assert "added: 2" in page
    assert "refused: 1" in page
    assert page.count('class="once"') == 2
    assert "鞋码" in page
    assert "there already: 2" in upload(admin, TABLE)


def test_a_coordinators_table_reaches_the_own_school_alone(
    coordinator: FlaskClient, session: Session
) -> None:
    page = upload(coordinator, TABLE)
    assert "added: 1" in page
    assert "Only an administrator or the school&#39;s coordinator can do this." in page
    assert session.scalar(select(User.id).where(User.account == "li3")) is None


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("", b"", "Choose a table: CSV or XLSX."),
        ("老师.csv", b"x" * 1_001, "The table may have 1 kB."),
        ("老师.xlsx", b"x", "This table is damaged and cannot be read."),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_in_words(
    admin: FlaskClient, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes, sentence: str
) -> None:
    monkeypatch.setattr(admin_import, "MOST_BYTES", 1_000)
    answer = admin.post("/admin/people/import", data={"table": (io.BytesIO(content), name)})
    assert answer.status_code in {413, 422}
    assert sentence in answer.text


# The coordinator's school


def test_the_coordinator_sees_who_holds_what_and_who_has_shared(
    coordinator: FlaskClient, uow: UnitOfWork, given: Given, cast: Cast, clock: Clock
) -> None:
    given.published(by=cast.teacher, title="已发布")
    revision = given.submitted(by=cast.teacher, title="在审")
    given.submitted(by=cast.coordinator, title="自己的")
    given.submitted(by=cast.neighbour, title="别校的")
    clock.pass_(days=8)
    take_step(uow, cast.people["reviewer"], revision.id, Action.CLAIM)
    answer = coordinator.get("/admin")
    assert answer.location == f"/admin/schools/{cast.village.id}"
    page = coordinator.get(answer.location).text
    assert "别校的" not in page
    under_review, _, contributions = page.partition('id="contributions"')
    assert re.search(r'href="/review/\d+"><bdi>在审<', under_review)
    assert re.search(r'href="/r/R-\w+/v/1"><bdi>自己的<', under_review)
    assert "李老师 <span" in under_review
    assert "8 days" in under_review
    rows = re.findall(r'">([^<]+)</a></th>\s*((?:<td[^>]*>\d+</td>)+)', contributions)
    assert [(name, re.findall(r">(\d+)<", cells)) for name, cells in rows] == [
        ("王敏", ["2", "1", "0"]),
        ("周校", ["1", "0", "0"]),
    ]
    assert "1 further person has not submitted anything yet." in page


# Terms


def test_a_term_gets_other_words_everywhere_and_keeps_its_code(
    admin: FlaskClient, session: Session
) -> None:
    page = admin.get("/admin/terms/subject/math").text
    assert 'value="数学"' in page
    admin.post(
        "/admin/terms/subject/math",
        data={"zh_Hans": "算术", "zh_Hant": "算術", "en": "Arithmetic",
              "stages": ["primary"], "colour": "9"},
    )  # fmt: skip
    row = session.scalars(
        select(TermRow).where(TermRow.scheme == Scheme.SUBJECT, TermRow.code == "math")
    ).one()
    assert (row.zh_hans, row.en, row.stages, row.colour) == ("算术", "Arithmetic", ("primary",), 9)
    assert "算术" in admin.get("/admin/terms/subject").text


def test_a_term_is_added_and_hidden(admin: FlaskClient) -> None:
    admin.post("/admin/terms/edition", data={"code": "local", "zh_Hans": "地方版"})
    assert "地方版" in admin.get("/admin/terms/edition").text
    admin.post("/admin/terms/edition/local", data={"zh_Hans": "地方版", "hidden": "1"})
    assert '<span class="chip" lang="en">hidden</span>' in admin.get("/admin/terms/edition").text


def test_a_wrong_term_is_kept_and_says_what_is_wrong(admin: FlaskClient) -> None:
    answer = admin.post("/admin/terms/subject", data={"code": "9", "zh_Hans": "数学"})
    assert answer.status_code == 422
    assert "A code begins with a letter" in answer.text
    assert "Another term of this list has this word." in answer.text
    assert 'value="数学"' in answer.text
    answer = admin.post("/admin/terms/grade/g3", data={"zh_Hans": "三年级"})
    assert "A grade belongs to exactly one stage of school." in answer.text


@pytest.mark.parametrize("path", ["terms/nonsense", "terms/subject/nonsense", "people/99999",
                                  "schools/99999", "alliances/99999"])  # fmt: skip
def test_what_is_not_there_is_said_so(admin: FlaskClient, path: str) -> None:
    assert admin.get(f"/admin/{path}").status_code == 404

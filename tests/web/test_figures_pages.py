"""Figures as people read them in their browsers, from the own page to the signed sheet."""

import io
from collections.abc import Callable

import openpyxl
import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.http import parse_options_header

from resource_hub.domain.people import STRANGER, Person
from resource_hub.edge.extensions import db
from resource_hub.jobs.worker import Worker
from resource_hub.services.discussion import comment
from tests.given import Clock, Given
from tests.services.test_figures import MONTH, RULE, Cast
from tests.web.conftest import SignsIn
from tests.web.reading import in_english, read
from tests.web.test_my import Counted


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


@pytest.fixture
def english(browser_as: SignsIn) -> Callable[[Person], FlaskClient]:
    return lambda person: in_english(browser_as(person))


def school_page(cast: Cast) -> str:
    return f"/figures/{cast.alliance.id}/{MONTH}/schools/{cast.home.id}"


def test_a_teacher_reads_the_own_figures_and_the_list_behind_each(
    cast: Cast, english: Callable[[Person], FlaskClient]
) -> None:
    author = english(cast.author)
    page = read(author, f"/my/figures?period={MONTH}")
    assert "Works accepted1" in page.text
    assert "Points6" in page.text
    assert "By the hub's usual rule: Works accepted: 5 points each; " in page.text
    assert "This time is not over yet." in page.text
    listed = read(author, page.links["1 Works accepted"])
    assert "分数的初步认识" in listed.text
    assert "Works accepted 1" in listed.text


def test_the_running_term_is_shown_where_nobody_chose(
    cast: Cast, english: Callable[[Person], FlaskClient]
) -> None:
    assert "1 Sep 2026 – 31 Jan 2027" in read(english(cast.author), "/my/figures").text


def test_who_answers_for_nobody_is_led_to_the_own_figures(
    cast: Cast, english: Callable[[Person], FlaskClient]
) -> None:
    assert english(cast.author).get("/figures").headers["Location"] == "/my/figures"
    assert english(cast.coordinator).get("/figures").status_code == 200
    assert english(cast.editor).get("/figures").status_code == 200


@pytest.mark.parametrize("place", ["", "/schools/{school}", "/list/accepted?school={school}"])
def test_neighbours_and_strangers_find_no_page(cast: Cast, browser_as: SignsIn, place: str) -> None:
    address = f"/figures/{cast.alliance.id}/{MONTH}" + place.format(school=cast.home.id)
    for person in (cast.author, cast.colleague, cast.neighbour, cast.stranger):
        assert browser_as(person).get(address).status_code == 404
    assert browser_as(cast.editor).get(address).status_code == 200
    assert STRANGER.id is None


def test_from_objection_to_answer_to_the_signed_sheet(
    app: Flask,
    cast: Cast,
    clock: Clock,
    browser_as: SignsIn,
    english: Callable[[Person], FlaskClient],
) -> None:
    clock.at = clock.at.replace(month=11, day=2)
    author, coordinator = english(cast.author), english(cast.coordinator)
    own = f"/my/figures/{cast.alliance.id}/{cast.home.id}/{MONTH}"
    assert author.post(own, data={"note": "  "}).status_code == 422
    author.post(own, data={"note": "少了一篇"})
    page = read(coordinator, school_page(cast))
    assert "少了一篇" in page.text
    assert f"{school_page(cast)}/fix" not in page.forms
    (answering,) = [form for form in page.forms if "/answers/" in form]
    refused = coordinator.post(answering, data={"answer": " "})
    assert refused.status_code == 422
    coordinator.post(answering, data={"answer": "那篇在九月"})
    assert "那篇在九月" in read(author, f"/my/figures?period={MONTH}").text
    early = coordinator.post(f"{school_page(cast)}/fix")
    assert (early.status_code, "until 7 Nov; they" in early.text) == (409, True)
    early = browser_as(cast.coordinator).post(f"{school_page(cast)}/fix")
    assert "11月7日" in early.text
    clock.pass_(days=7)
    assert coordinator.post(f"{school_page(cast)}/fix").status_code == 303
    assert "are being written" in read(coordinator, school_page(cast)).text
    with app.app_context():
        db.session.remove()
    Worker(app).drain(("statement_files",))
    signed = read(coordinator, school_page(cast))
    with coordinator.get(signed.links["PDF to sign · 简体中文"]) as answer:
        pdf, known = answer.data, {"If-None-Match": answer.headers["ETag"]}
    name = parse_options_header(answer.headers["Content-Disposition"])[1]["filename"]
    assert (name, answer.mimetype) == ("Figures-第1小学-10-2026.pdf", "application/pdf")
    with coordinator.get(signed.links["PDF to sign · 简体中文"], headers=known) as answer:
        assert answer.status_code == 304
    document = pypdfium2.PdfDocument(pdf)
    words = "".join(sheet.get_textpage().get_text_range() for sheet in document)
    for word in (
        "王敏",
        "签名",
        "按本平台的通用规则",
        "校管理员于",
        "共1页",
        "2026年10月1日–2026年10月31日",
    ):
        assert word in "".join(words.split())
    book = openpyxl.load_workbook(
        io.BytesIO(coordinator.get(signed.links["Workbook (XLSX) · 简体中文"]).data)
    )
    figures, items = book.worksheets
    assert str(figures["A2"].value).endswith(" · 2026年10月1日 – 2026年10月31日")
    assert [cell.value for cell in figures[7]][:3] == ["王敏", 1, 1]
    assert [cell.value for cell in items[2]][1:3] == ["王敏", cast.public_id]
    assert author.get(signed.links["PDF to sign · 简体中文"]).status_code == 404
    assert "do not change any more" in read(author, f"/my/figures?period={MONTH}").text


def test_what_was_typed_too_late_is_shown_to_be_copied(
    cast: Cast, clock: Clock, english: Callable[[Person], FlaskClient]
) -> None:
    clock.at = clock.at.replace(month=11, day=2)
    author, coordinator = english(cast.author), english(cast.coordinator)
    own = f"/my/figures/{cast.alliance.id}/{cast.home.id}/{MONTH}"
    author.post(own, data={"note": "少了一篇"})
    again = author.post(own, data={"note": "还少了另一篇"})
    assert (again.status_code, "还少了另一篇</textarea>" in again.text) == (409, True)
    (answering,) = [
        form for form in read(coordinator, school_page(cast)).forms if "/answer" in form
    ]
    english(cast.editor).post(answering, data={"answer": "已核"})
    late = coordinator.post(answering, data={"answer": "那篇在九月"})
    assert (late.status_code, "那篇在九月</textarea>" in late.text) == (409, True)


def test_a_refused_objection_stands_on_its_own_sheet_alone(
    cast: Cast, clock: Clock, english: Callable[[Person], FlaskClient]
) -> None:
    clock.at = clock.at.replace(month=11, day=2)
    cast.given.alliance(cast.home, cast.far)
    author = english(cast.given.again(cast.author.id))
    refused = author.post(
        f"/my/figures/{cast.alliance.id}/{cast.home.id}/{MONTH}", data={"note": "长" * 2_001}
    )
    assert refused.status_code == 422
    assert refused.text.count("长" * 2_001 + "</textarea>") == 1
    assert refused.text.count('id="field-note"') == 1
    assert refused.text.count('name="note"') == 2


def test_rules_and_terms_are_changed_on_a_page_that_keeps_what_was_typed(
    cast: Cast, english: Callable[[Person], FlaskClient]
) -> None:
    editor, rules = english(cast.editor), f"/figures/{cast.alliance.id}/rules"
    refused = editor.post(rules, data=RULE | {"accepted": "viel", "seen": "0"})
    assert refused.status_code == 422
    assert 'value="viel"' in refused.text
    editor.post(rules, data=RULE | {"seen": "0"})
    page = read(editor, rules)
    assert "By rule 1 of the alliance, valid from 2026-09-01: Works accepted: 5 points" in page.text
    assert editor.post(rules, data=RULE | {"seen": "0"}).status_code == 409
    terms = f"/figures/{cast.alliance.id}/terms"
    dates = {"year": "2026", "first": "2026-09-01", "second": "2027-02-22"}
    seen = {"seen": "2026-09-01 2027-02-01"}
    assert editor.post(terms, data=dates | seen).status_code == 303
    wrong = editor.post(terms, data=dates | seen | {"second": "2028-02-22"})
    assert (wrong.status_code, 'value="2028-02-22"' in wrong.text) == (422, True)
    assert wrong.text.count('id="field-second" name="second"') == 1
    stale = editor.post(terms, data=dates | seen | {"second": "2027-02-15"})
    assert (stale.status_code, 'value="2027-02-15"' in stale.text) == (409, True)
    for person in (cast.author, cast.coordinator, cast.stranger):
        assert english(person).post(rules, data=RULE).status_code == 403
        assert english(person).post(terms, data=dates).status_code == 403


def test_more_people_cost_no_more_queries(
    app: Flask, cast: Cast, english: Callable[[Person], FlaskClient]
) -> None:
    with app.app_context():
        counted = Counted(db.engine)
    coordinator, editor = english(cast.coordinator), english(cast.editor)
    whole = f"/figures/{cast.alliance.id}/{MONTH}"
    pages = ((coordinator, school_page(cast)), (editor, whole))
    for browser, address in pages:
        browser.get(address)
    few = [counted.during(*each) for each in pages]
    for n in range(3):
        cast.given.submitted(by=cast.given.teacher(f"又{n}", school=cast.home))
    assert [counted.during(*each) for each in pages] == few


def test_the_annual_report_has_the_sums_as_charts_and_as_pdf(
    cast: Cast, english: Callable[[Person], FlaskClient]
) -> None:
    editor, here = english(cast.editor), f"/figures/{cast.alliance.id}"
    page = read(editor, f"{here}/2026-2027/annual")
    assert "Works accepted1" in page.text
    behind = page.links["1 Works accepted"]
    assert behind == f"{here}/2026-2027/list/accepted"
    assert editor.get(behind).status_code == 200
    assert "Works by month" in page.text
    assert "Reviews by school" in page.text
    assert "Downloads by school" not in page.text  # nothing was downloaded
    words = "".join(
        sheet.get_textpage().get_text_range()
        for sheet in pypdfium2.PdfDocument(editor.get(f"{here}/2026/annual.pdf").data)
    )
    for word in ("Annual report", "Year 2026", "Works by subject", "Page 1 of"):
        assert word in " ".join(words.split())
    assert "Talk and lessons by month" not in page.text
    comment(cast.given.uow, cast.judge, cast.work.resource_id, "好")
    page = read(editor, f"{here}/2026-2027/annual")
    assert "Talk and lessons by month" in page.text
    assert "Talk and lessons by school" in page.text
    assert editor.get(f"{here}/2026-10/annual").status_code == 404
    assert english(cast.coordinator).get(f"{here}/2026/annual").status_code == 404

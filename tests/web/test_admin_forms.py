"""An administrator edits the form of reviews; what is wrong comes back as it was typed."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from resource_hub.domain.review_form import Form
from resource_hub.domain.taxonomy import Kind
from resource_hub.services.review_forms import form_for, shipped_form
from tests.given import Given
from tests.web.conftest import SignsIn
from tests.web.test_review_pages import speak_english


@pytest.fixture
def administrators_browser(browser_as: SignsIn, given: Given, session: Session) -> FlaskClient:
    administrator = given.administrator()
    speak_english(administrator, session)
    return browser_as(administrator)


def sent(form: Form, **changes: str) -> dict[str, str | list[str]]:
    """The page's form as a browser sends it back, with these fields changed."""
    fields: dict[str, str | list[str]] = {}
    for part, items in (("criteria", form.criteria), ("scores", form.scores)):
        fields[f"{part}-code"] = [*(item.code for item in items), "new_line"]
        for place, item in enumerate(items, start=1):
            fields[f"{part}-{item.code}-place"] = str(place)
            for locale in ("zh_Hans", "zh_Hant", "en"):
                fields[f"{part}-{item.code}-label-{locale}"] = item.labels[locale]
                fields[f"{part}-{item.code}-note-{locale}"] = item.notes[locale]
    return {**fields, **{name.replace("__", "-"): value for name, value in changes.items()}}


def test_lines_are_renamed_added_moved_and_taken_out(
    administrators_browser: FlaskClient, session: Session
) -> None:
    changes = {
        "criteria__science__label__zh_Hans": "准确性",
        "criteria__politics__place": "99",
        "scores__effect__drop": "1",
        "scores__new_line__label__zh_Hans": "板书",
        "scores__new_line__note__zh_Hans": "板书清楚。",
    }
    answer = administrators_browser.post(
        "/admin/forms/exercise", data=sent(shipped_form(), **changes)
    )
    assert answer.status_code == 303
    form = form_for(session, Kind.EXERCISE)
    assert [item.label("zh_Hans") for item in form.criteria][1:3] == ["准确性", "适用性"]
    assert form.criteria[-1].code == "politics"
    assert [(item.code, item.label("en")) for item in form.scores][-2:] == [
        ("delivery", "Delivery"),
        ("line_1", "板书"),
    ]
    assert form_for(session, Kind.CASE) == shipped_form()
    page = administrators_browser.get("/admin/forms/exercise").text
    assert "As for all kinds" in page
    administrators_browser.post("/admin/forms/exercise", data={"drop": "1"})
    session.expire_all()
    assert form_for(session, Kind.EXERCISE) == shipped_form()


def test_a_name_that_is_missing_is_said_beside_it_and_nothing_typed_is_lost(
    administrators_browser: FlaskClient, session: Session
) -> None:
    changes = {
        "criteria__science__label__zh_Hans": "",
        "criteria__norms__note__zh_Hans": "格式要规范。",
    }
    answer = administrators_browser.post("/admin/forms/all", data=sent(shipped_form(), **changes))
    assert answer.status_code == 422
    assert 'href="#field-criteria-science-label-zh_Hans"' in answer.text
    assert "格式要规范。" in answer.text
    assert form_for(session, Kind.CASE) == shipped_form()

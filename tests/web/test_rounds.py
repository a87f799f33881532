"""The pages of a discussion round: planned, talked in, minuted; what was typed wrong stays."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.jobs.worker import Worker
from resource_hub.models import AgendaItem, FollowUp, IssueRound, Thread
from resource_hub.services.unit_of_work import UnitOfWork
from tests.given import Clock, Given
from tests.services.test_issue_rounds import CLOSES, OPENS, Cast
from tests.web.conftest import SignsIn
from tests.web.reading import in_english, read

FORM = {"opens": "2026-11-02T08:00", "closes": "2026-11-16T21:00", "host": "周静"}


@pytest.fixture
def cast(given: Given, uow: UnitOfWork, clock: Clock) -> Cast:
    return Cast(given, uow, clock)


@pytest.fixture
def place(cast: Cast) -> str:
    return f"/catalogue/2026-10/{cast.alliance.id}/round"


@pytest.fixture
def editor(cast: Cast, browser_as: SignsIn) -> FlaskClient:
    return in_english(browser_as(cast.editor))


@pytest.fixture
def host(cast: Cast, browser_as: SignsIn) -> FlaskClient:
    return in_english(browser_as(cast.host))


@pytest.fixture
def wang(cast: Cast, browser_as: SignsIn) -> FlaskClient:
    return in_english(browser_as(cast.wang))


def test_an_editor_plans_it_from_the_page_of_the_issue(
    editor: FlaskClient, wang: FlaskClient, place: str
) -> None:
    issue = place.removesuffix("/round")
    assert "Nobody has planned one for this issue." in read(editor, issue).text
    assert editor.get(place).headers["Location"] == f"{place}/plan"
    assert '"2026-11-02T08:00"' in editor.get(f"{place}/plan").text, "tomorrow at eight"
    answer = editor.post(f"{place}/plan", data=FORM)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{place}/plan")
    assert "分数的初步认识" in read(wang, place).text
    assert "planned" in read(wang, issue).text
    assert "Discussion of Issue 10 of 2026" in read(wang, "/catalogue").text


def test_what_was_typed_wrong_comes_back_with_what_is_wrong(
    editor: FlaskClient, place: str, session: Session
) -> None:
    wrong = FORM | {"closes": "2026-11-01T08:00", "host": "无此人", "place": "三楼会议室"}
    answer = editor.post(f"{place}/plan", data=wrong)
    assert answer.status_code == 422
    for words in ("It closes before it opens", "Nobody of the alliance is called “无此人”",
                  'value="三楼会议室"', 'value="2026-11-01T08:00"'):  # fmt: skip
        assert words in answer.text
    assert session.scalar(select(IssueRound.id)) is None


def test_of_two_hosts_the_second_gets_the_own_words_back_beside_what_is_kept(
    editor: FlaskClient, host: FlaskClient, place: str
) -> None:
    editor.post(f"{place}/plan", data=FORM)
    assert host.post(f"{place}/plan", data=FORM | {"place": "三楼", "seen": "0"}).status_code == 303
    answer = editor.post(f"{place}/plan", data=FORM | {"place": "二楼", "seen": "0"})
    assert answer.status_code == 409
    for words in ('value="二楼"', "三楼", "Somebody else changed this round", 'value="1"'):
        assert words in answer.text
    again = editor.post(f"{place}/plan", data=FORM | {"place": "二楼", "seen": "1"})
    assert again.status_code == 303
    assert "二楼" in read(host, place).text


def test_a_button_of_the_agenda_keeps_what_was_typed_beside_it(
    editor: FlaskClient, place: str, session: Session
) -> None:
    editor.post(f"{place}/plan", data=FORM)
    item = session.scalars(select(AgendaItem.id)).one()
    form = FORM | {"seen": "0", f"title-{item}": "月饼与分数", f"words-{item}": "怎样分？"}
    answer = editor.post(f"{place}/plan", data=form | {"new-title": "下月", "do": "add"})
    assert answer.headers["Location"] == f"{place}/plan#agenda"
    page = read(editor, place).text
    assert page.index("月饼与分数") < page.index("怎样分？") < page.index("下月")
    odd = form | {"seen": "1", f"title-{'9' * 5000}": "x", "do": f"up:{'9' * 5000}"}
    assert editor.post(f"{place}/plan", data=odd).status_code == 404
    refused = editor.post(f"{place}/plan", data=form | {"seen": "1", "place": "x", "do": "add"})
    assert refused.status_code == 422
    assert 'value="x"' in refused.text


def test_the_calendar_gets_the_round_of_now(
    editor: FlaskClient, wang: FlaskClient, place: str
) -> None:
    editor.post(f"{place}/plan", data=FORM | {"introduction": "先读，再试。"})

    def invitation() -> tuple[str, int, object, object]:
        answer = wang.get(f"{place}/invitation.ics")
        assert answer.mimetype == "text/calendar"
        assert "attachment" in answer.headers["Content-Disposition"]
        (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
        assert "先读，再试。\n\n1. 分数的初步认识" in str(event["DESCRIPTION"])
        return (
            str(event["UID"]), event.decoded("SEQUENCE"),
            event.decoded("DTSTART"), event.decoded("DTEND"),
        )  # fmt: skip

    uid, sequence, starts, ends = invitation()
    assert (sequence, starts, ends) == (0, OPENS, CLOSES)
    moved = FORM | {"introduction": "先读，再试。", "opens": "2026-11-03T08:00", "seen": "0"}
    assert editor.post(f"{place}/plan", data=moved).status_code == 303
    assert invitation()[:2] == (uid, 1)


def test_a_round_is_called_off_with_a_reason_and_planned_again(
    editor: FlaskClient, host: FlaskClient, wang: FlaskClient, place: str, clock: Clock
) -> None:  # fmt: skip
    editor.post(f"{place}/plan", data=FORM)
    wang.post(f"{place}/come", data={"comes": "yes"})
    assert "You have said that you will come." in read(wang, place).text
    refused = host.post(f"{place}/call-off", data={"why": " "})
    assert (refused.status_code, "Say why" in refused.text) == (422, True)
    assert wang.post(f"{place}/call-off", data={"why": "停电"}).status_code == 403
    assert host.post(f"{place}/call-off", data={"why": "停电，改期"}).headers["Location"] == place
    late = editor.post(f"{place}/call-off", data={"why": "我也要取消"})
    assert late.status_code == 409
    assert "我也要取消" in late.text
    page = read(wang, place)
    assert "This round is called off. 停电，改期" in page.text
    notice = read(wang, "/my/notices").text
    assert notice.index("on the catalogue of October 2026 is called off.") < notice.index("停电")
    (calendar,) = Calendar.from_ical(wang.get(f"{place}/invitation.ics").data).walk("VCALENDAR")
    (event,) = calendar.walk("VEVENT")
    assert (str(calendar["METHOD"]), str(event["STATUS"])) == ("CANCEL", "CANCELLED")
    assert event.decoded("SEQUENCE") == 1
    assert str(event["ORGANIZER"]).endswith(place)
    assert event["ORGANIZER"].params["CN"] == "周静"
    assert str(event["DESCRIPTION"]).startswith("停电，改期")
    assert event.walk("VALARM") == []
    clock.at = CLOSES
    again = FORM | {"opens": "2026-12-01T08:00", "closes": "2026-12-10T21:00", "seen": "1"}
    assert "Plan it again" in read(host, f"{place}/plan").text
    assert host.post(f"{place}/plan", data=again).headers["Location"] == place
    (event,) = Calendar.from_ical(wang.get(f"{place}/invitation.ics").data).walk("VEVENT")
    assert (str(event["STATUS"]), event.decoded("SEQUENCE")) == ("CONFIRMED", 2)
    assert "has other dates" in read(wang, "/my/notices").text


def test_people_talk_sign_and_the_host_concludes(
    editor: FlaskClient, host: FlaskClient, wang: FlaskClient, place: str, clock: Clock,
    session: Session,
) -> None:  # fmt: skip
    editor.post(f"{place}/plan", data=FORM)
    item = session.scalars(select(AgendaItem.id)).one()
    assert wang.post(f"{place}/agenda/{item}/talk").status_code == 409, "it is not open yet"
    clock.at = OPENS
    thread = wang.post(f"{place}/agenda/{item}/talk").headers["Location"]
    said = {"text": "用**折纸**引入很好。", "key": "k1"}
    assert wang.post(thread, data=said).status_code == 303
    assert wang.post(thread, data=said).status_code == 303, "pressed twice"
    empty = host.post(thread, data={"text": " ", "key": "k2"})
    assert (empty.status_code, "Write something first." in empty.text) == (422, True)
    host.post(thread, data={"text": "同意", "answers": "1", "key": "k3"})
    assert "What it came to, for the minutes" in read(host, thread).text
    assert "What it came to, for the minutes" not in read(wang, thread).text
    concluded = {"concluded": "先折纸", "seen": str(session.scalars(select(Thread.version)).one())}
    assert host.post(f"{thread}/conclusion", data=concluded).status_code == 303
    assert wang.post(f"{thread}/conclusion", data={"concluded": "x"}).status_code == 403
    wang.post(f"{place}/attend")
    text = read(wang, place).text
    assert "先折纸" in text
    assert "2 posts" in text
    assert "You have signed the list." in text
    assert "青石小学 王敏" in text
    clock.at = CLOSES
    late = wang.post(thread, data={"text": "太晚了", "key": "k4"})
    assert late.status_code == 409
    assert "This round is not open now" in late.text


def test_a_free_thread_has_a_title(
    editor: FlaskClient, wang: FlaskClient, place: str, clock: Clock
) -> None:
    editor.post(f"{place}/plan", data=FORM)
    clock.at = OPENS
    assert wang.post(f"{place}/threads", data={"title": ""}).status_code == 422
    assert wang.post(f"{place}/threads", data={"title": "下月"}).status_code == 303


def test_minutes_are_drafted_saved_overtaken_published_and_printed(
    editor: FlaskClient, host: FlaskClient, wang: FlaskClient, place: str, clock: Clock, app: Flask,
    browser: FlaskClient,
) -> None:  # fmt: skip
    editor.post(f"{place}/plan", data=FORM)
    clock.at = CLOSES
    assert "### 1. 分数的初步认识" in host.get(f"{place}/minutes").text
    first = {"minutes": "## 结论\n\n先折纸。", "seen": "0", "do": "save"}
    assert host.post(f"{place}/minutes", data=first).status_code == 303
    second = editor.post(f"{place}/minutes", data=first | {"minutes": "编辑写的"})
    assert second.status_code == 409
    for words in ("编辑写的", "先折纸。", "Somebody else changed the minutes"):
        assert words in second.text
    assert "先折纸" not in read(wang, place).text, "not before they are published"
    final = first | {"seen": "1", "do": "publish"}
    assert host.post(f"{place}/minutes", data=final).headers["Location"] == f"{place}#minutes"
    Worker(app).drain(("round_minutes",))
    page = read(wang, place)
    assert "先折纸。" in page.text
    assert "结论" in page.headings
    assert "Minutes for print (PDF)" in page.text
    (link,) = [line for line in wang.get(place).text.split('"') if "/files/" in line]
    printed = wang.get(link)
    assert (printed.mimetype, printed.data[:5]) == ("application/pdf", b"%PDF-")
    assert browser.get(link).status_code == 404
    assert host.get(f"{place}/minutes").status_code == 409
    assert host.post(f"{place}/minutes", data=final).status_code == 409


def test_a_task_stands_on_its_resource_until_the_host_confirms(
    editor: FlaskClient, host: FlaskClient, wang: FlaskClient, place: str, clock: Clock, cast: Cast,
    session: Session,
) -> None:  # fmt: skip
    resource = f"/r/{cast.public_id}"
    editor.post(f"{place}/plan", data=FORM)
    clock.at = OPENS
    wrong = host.post(f"{place}/tasks", data={"resource": "R-000000", "task": "补充练习"})
    assert wrong.status_code == 422
    assert "补充练习" in wrong.text
    late = host.post(
        f"{place}/tasks",
        data={"resource": cast.public_id, "task": "补充练习", "due": "2026-11-01"},
    )
    assert (late.status_code, "This day is over" in late.text) == (422, True)
    right = {
        "resource": cast.public_id.lower(), "task": "补充三年级练习", "due": "2026-11-20",
    }  # fmt: skip
    assert host.post(f"{place}/tasks", data=right).headers["Location"] == f"{place}#tasks"
    task = session.scalars(select(FollowUp.id)).one()
    assert "补充三年级练习" in read(wang, resource).text
    own = read(wang, "/my")
    assert "Tasks after discussions" in own.headings
    assert "by 20 Nov" in own.text
    done = wang.post(f"/tasks/{task}/do", data={"words": "加了五道题"})
    assert done.headers["Location"] == resource
    assert "done, to be confirmed" in read(host, place).text
    assert "Tasks after discussions" not in read(wang, "/my").text
    host.post(f"/tasks/{task}/reopen", data={"words": "还缺答案"})
    assert "Host: 还缺答案" in read(wang, resource).text
    host.post(f"/tasks/{task}/confirm")
    assert "补充三年级练习" not in read(wang, resource).text
    late = wang.post(f"/tasks/{task}/do", data={"words": "又加了两道题"})
    assert late.status_code == 409
    for words in ("This task stands differently by now.", "What you typed: 又加了两道题"):
        assert words in late.text


def test_nobody_outside_sees_that_there_is_a_round(
    editor: FlaskClient, place: str, cast: Cast, browser: FlaskClient, browser_as: SignsIn,
    session: Session, clock: Clock,
) -> None:  # fmt: skip
    editor.post(f"{place}/plan", data=FORM)
    clock.at = OPENS
    editor.post(f"{place}/threads", data={"title": "下月"})
    thread = session.scalars(select(Thread.id)).one()
    outsider = in_english(browser_as(cast.outsider))
    for path in ("", "/plan", "/minutes", "/invitation.ics"):
        assert outsider.get(place + path).status_code == 404
        assert "/sign-in" in browser.get(place + path).headers["Location"]
    assert outsider.get(f"/talk/{thread}").status_code == 404
    for client in (outsider, browser):
        assert "Discussion round" not in read(client, place.removesuffix("/round")).text
        assert "Discussion of" not in read(client, "/catalogue?all=1").text

"""Talk as people see it in their browsers: nothing typed is lost, nothing hostile runs."""

import re
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.catalogue import Month
from resource_hub.domain.review import Action
from resource_hub.domain.visibility import Audience
from resource_hub.models import ClassUse, Post, PostPicture, Rating
from resource_hub.services import catalogue, moderation
from resource_hub.services.discussion import comment, open_thread
from resource_hub.services.moderation import hide_post, lock_thread
from resource_hub.services.review import take_step
from resource_hub.services.unit_of_work import UnitOfWork
from resource_hub.web.talk import post_words
from tests.given import Given
from tests.services.test_discussion import Staff
from tests.web.conftest import SignsIn
from tests.web.test_review_pages import speak_english

HOSTILE = "<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1))"


@pytest.fixture
def staff(given: Given, session: Session) -> Staff:
    made = Staff(given)
    for person in (made.author, made.colleague, made.neighbour, made.coordinator, made.foreigner):
        speak_english(person, session)
    return made


def test_a_comment_is_posted_from_the_page_of_the_resource_and_leads_back(
    browser_as: SignsIn, staff: Staff, session: Session
) -> None:
    address = f"/r/{staff.resource.public_id}"
    neighbour = browser_as(staff.neighbour)
    page = neighbour.get(address).text
    [key] = re.findall(r'name="key" value="([^"]+)"', page)
    form = {"text": f"**好** @王敏 {HOSTILE}", "key": key}
    answers = [neighbour.post(f"{address}/talk", data=form) for _ in range(2)]
    post = session.scalars(select(Post)).one()
    there = f"/talk/{post.thread_id}?page=1#post-{post.id}"
    assert [(each.status_code, each.headers["Location"]) for each in answers] == [(303, there)] * 2
    author = browser_as(staff.author)
    assert f'href="/post/{post.id}"' in author.get("/my/notices").text
    assert author.get(f"/post/{post.id}").headers["Location"] == there
    page = author.get(address).text
    assert "<strong>好</strong> @<strong>王敏</strong> &lt;script&gt;" in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert 'href="javascript' not in page
    box = author.get(f"/talk/{post.thread_id}?answers={post.id}&quote=1").text
    assert f'name="answers" value="{post.id}"' in box
    assert "&gt; **好** @王敏" in box


def test_without_an_account_one_reads_the_figures_alone(
    browser: FlaskClient, given: Given, staff: Staff, uow: UnitOfWork, session: Session
) -> None:

    revision = given.published(by=staff.author, title="公开", audience=Audience.PUBLIC)
    address = f"/r/{revision.resource.public_id}"
    comment(uow, staff.neighbour, revision.resource_id, "只给同事看的话")
    session.commit()
    page = browser.get(address).text
    assert "只给同事看的话" not in page
    assert 'id="talk"' in page


def test_whatever_is_wrong_the_words_come_back(
    browser_as: SignsIn, staff: Staff, uow: UnitOfWork, session: Session
) -> None:
    said = comment(uow, staff.colleague, staff.resource.id, "先有一条")
    session.commit()
    neighbour = browser_as(staff.neighbour)
    talk, page = f"/talk/{said.thread_id}", f"/r/{staff.resource.public_id}/talk"
    for address in (talk, page):
        answer = neighbour.post(address, data={"text": "长" * 5_001})
        assert answer.status_code == 422
        assert "长" * 5_001 in answer.text
        assert "At most 5000 characters" in answer.text
        answer = neighbour.post(address, data={"text": "", "answers": str(said.id)})
        assert (answer.status_code, "Write something first." in answer.text) == (422, True)
        picture = {"text": "看图", "pictures": (BytesIO(b"<svg/>"), "图.svg")}
        answer = neighbour.post(address, data=picture)
        assert (answer.status_code, "看图</textarea>" in answer.text) == (422, True)
        answer = neighbour.post(address, data={"text": "x" * 1_000_000})
        assert (answer.status_code, "At most 5000 characters" in answer.text) == (422, True)
    lock_thread(uow, staff.coordinator, said.thread_id)
    session.commit()
    answer = neighbour.post(talk, data={"text": "写了很久的话"})
    assert (answer.status_code, "写了很久的话</textarea>" in answer.text) == (409, True)
    assert "This thread is locked" in answer.text
    take_step(uow, staff.author, staff.revision.id, Action.WITHDRAW, comment="有错")
    session.commit()
    for address in (talk, page):
        answer = neighbour.post(address, data={"text": "写了很久的话"})
        assert (answer.status_code, "写了很久的话</textarea>" in answer.text) == (409, True)
        assert "taken down meanwhile" in answer.text
        answer = browser_as(staff.foreigner).post(address, data={"text": "写了很久的话"})
        assert (answer.status_code, "写了很久的话</textarea>" in answer.text) == (404, True)


def test_a_lesson_a_picture_and_stars_from_their_forms(
    browser_as: SignsIn, staff: Staff, session: Session
) -> None:
    address = f"/r/{staff.resource.public_id}"
    neighbour = browser_as(staff.neighbour)
    wrong = neighbour.post(
        f"{address}/used", data={"grade": "g3", "held_on": "昨天", "changed": "改成分组"}
    )
    assert (wrong.status_code, "改成分组</textarea>" in wrong.text) == (422, True)
    assert "Give the day of the lesson" in wrong.text
    form = {"grade": "g3", "held_on": "2026-10-12", "worked": "**折纸**", "changed": "改成分组"}
    assert neighbour.post(f"{address}/used", data=form).status_code == 303
    assert session.scalars(select(ClassUse.changed)).all() == ["改成分组"]
    picture = BytesIO()
    Image.new("RGB", (40, 30)).save(picture, "PNG")
    picture.seek(0)
    neighbour.post(f"{address}/talk", data={"text": "看图", "pictures": (picture, "黑板.png")})
    number = session.scalars(select(PostPicture.id)).one()
    assert neighbour.get(f"/post/pictures/{number}").mimetype == "image/webp"
    for stars in ("5", "3"):
        assert neighbour.post(f"{address}/stars", data={"stars": stars}).status_code == 303
    assert session.scalars(select(Rating.stars)).all() == [3]
    page = browser_as(staff.colleague).get(address).text
    assert "used in class 1 time" in page
    assert "<li><bdi>used in class 1 time</bdi></li>" in neighbour.get("/browse/subject/math").text
    assert "1 rating; the mean is shown from three on" in page
    assert "<strong>折纸</strong>" in page
    lesson = session.scalars(select(ClassUse.post_id)).one()
    reported = browser_as(staff.colleague).get(f"/post/{lesson}/report").text
    assert ("<strong>折纸</strong>" in reported, "改成分组" in reported) == (True, True)
    assert f'src="/post/pictures/{number}"' in page
    assert neighbour.post(f"{address}/stars", data={"stars": "0"}).status_code == 303
    assert session.scalars(select(Rating)).all() == []


def test_a_hidden_post_looks_as_each_may_see_it(
    browser_as: SignsIn, staff: Staff, uow: UnitOfWork, session: Session
) -> None:
    said = comment(uow, staff.neighbour, staff.resource.id, "加我微信")
    session.commit()
    coordinator = browser_as(staff.coordinator)
    assert "加我微信" in coordinator.get(f"/post/{said.id}/hide").text
    empty = coordinator.post(f"/post/{said.id}/hide", data={"reason": ""})
    assert (empty.status_code, "Say why" in empty.text) == (422, True)
    hide_post(uow, staff.coordinator, said.id, "广告")
    session.commit()
    address = f"/talk/{said.thread_id}"
    others = browser_as(staff.colleague).get(address).text
    assert ("This post was hidden" in others, "加我微信" in others, "广告" in others) == (
        True,
        False,
        False,
    )
    own = browser_as(staff.neighbour).get(address).text
    assert ("The reason: 广告" in own, "加我微信" in own) == (True, True)
    assert "Show again" in coordinator.get(address).text


def test_a_reason_is_not_lost_to_who_was_faster(
    browser_as: SignsIn, staff: Staff, uow: UnitOfWork, session: Session
) -> None:
    said = comment(uow, staff.neighbour, staff.resource.id, "加我微信")
    hide_post(uow, staff.editor, said.id, "广告")
    session.commit()
    for act, person in (("hide", staff.coordinator), ("report", staff.colleague)):
        answer = browser_as(person).post(f"/post/{said.id}/{act}", data={"reason": "卖卷子的"})
        assert (answer.status_code, "卖卷子的</textarea>" in answer.text) == (409, True)
        assert "It is hidden already." in answer.text


def test_of_two_conclusions_the_second_stands_beside_the_first(
    browser_as: SignsIn, staff: Staff, uow: UnitOfWork, session: Session
) -> None:
    catalogue.build(uow, staff.editor, staff.alliance.id, Month(2026, 9))
    issue = catalogue.publish(uow, staff.editor, staff.alliance.id, Month(2026, 9))
    thread = open_thread(uow, staff.neighbour, issue_id=issue.id, title="分数怎么教")
    session.commit()
    coordinator, address = browser_as(staff.coordinator), f"/talk/{thread.id}"
    [seen] = re.findall(r'name="seen" value="(\d+)"', coordinator.get(address).text)
    moderation.conclude_thread(uow, staff.editor, thread.id, "先**折**后画", seen=int(seen))
    session.commit()
    form = {"concluded": "先画后折", "seen": seen}
    answer = coordinator.post(f"{address}/conclusion", data=form)
    assert (answer.status_code, "先画后折</textarea>" in answer.text) == (409, True)
    assert "先<strong>折</strong>后画" in answer.text
    [form["seen"]] = re.findall(r'name="seen" value="(\d+)"', answer.text)
    assert coordinator.post(f"{address}/conclusion", data=form).status_code == 303
    stranger = browser_as(staff.foreigner).post(f"{address}/conclusion", data=form)
    assert (stranger.status_code, "先画后折</textarea>" in stranger.text) == (404, True)
    long = coordinator.post(f"{address}/conclusion", data={"concluded": "长" * 5_001})
    assert (long.status_code, "长" * 5_001 in long.text) == (422, True)


def test_two_names_of_which_one_begins_the_other_are_each_shown_whole() -> None:
    words = post_words("@王敏华 和 @王敏", ["王敏", "王敏华"])
    assert "@<strong>王敏华</strong> 和 @<strong>王敏</strong>" in words


def test_from_the_list_of_what_is_reported_one_comes_back_to_it(
    browser_as: SignsIn, staff: Staff, uow: UnitOfWork, session: Session
) -> None:
    said = [comment(uow, staff.neighbour, staff.resource.id, words) for words in ("胡说", "广告")]
    for one in said:
        moderation.report_post(uow, staff.colleague, one.id, "不文明")
    session.commit()
    coordinator = browser_as(staff.coordinator)
    page = coordinator.get("/inbox/reported").text
    assert page.index("胡说") < page.index("广告")
    assert "李强 reports this: 不文明" in page
    assert 'Reported <span class="number">2</span>' in page
    for act, form in ((f"{said[0].id}/leave", {}), (f"{said[1].id}/hide", {"reason": "广告"})):
        assert f"/post/{act}?to=reported" in page
        answer = coordinator.post(f"/post/{act}?to=reported", data=form)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/inbox/reported")
    assert "Nothing is reported" in coordinator.get("/inbox/reported").text


def test_a_thread_is_muted_on_its_page_and_told_of_again(
    browser_as: SignsIn, staff: Staff, uow: UnitOfWork, session: Session
) -> None:
    said = comment(uow, staff.neighbour, staff.resource.id, "好")
    session.commit()
    author, address = browser_as(staff.author), f"/talk/{said.thread_id}"
    for act, words in (("mute", "Mute this thread"), ("unmute", "Tell me again")):
        assert words in author.get(address).text
        answer = author.post(f"{address}/{act}")
        assert (answer.status_code, answer.headers["Location"]) == (303, address)
    assert "Mute this thread" in author.get(address).text

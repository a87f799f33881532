"""What people are told arrives in their mailbox, once, in their language."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.domain.review import Action, Reason, Stage
from resource_hub.domain.telling import How, Topic
from resource_hub.edge.letters import stop_token
from resource_hub.jobs.worker import Worker
from resource_hub.models import Job, JobState, Letter, Notice, Revision, Submission, User
from resource_hub.services import mailing
from resource_hub.services.invitations import invite
from resource_hub.services.notices import mark_read
from resource_hub.services.periodic import due_ticks, promise_tick
from resource_hub.services.review import take_step
from resource_hub.services.sign_in import promise_link
from resource_hub.services.thread import say
from resource_hub.services.unit_of_work import UnitOfWork
from tests.conftest import SHANGHAI
from tests.given import Clock, Given
from tests.jobs.mail_server import Mailbox, mail_server, part

MAIL = ("mail_notice", "letters", "mail_letter", "mail_password", "mail_invitation")
PUBLIC = "https://hub.school.example"


@pytest.fixture
def mailbox(app: Flask) -> Iterator[Mailbox]:
    with mail_server() as mailbox:
        parts = app.extensions["hub"]
        app.extensions["hub"] = replace(parts, smtp_url=mailbox.url, public_url=PUBLIC)
        yield mailbox


@pytest.fixture
def deliver(app: Flask, session: Session) -> Callable[[], int]:
    """Lets the worker mail what is due now."""

    def work() -> int:
        session.commit()
        return Worker(app).drain(MAIL)

    return work


class Cast:
    def __init__(self, given: Given) -> None:
        self.school = given.home()
        self.author = given.teacher("王敏", school=self.school, account="wang")
        self.reviewer = given.reviewer("李老师", school=self.school)
        self.second = given.reviewer("周老师", school=self.school)
        self.revision: Revision = given.submitted(by=self.author)
        found = given.session.scalars(
            select(Submission).where(Submission.revision_id == self.revision.id)
        )
        self.submission = found.one()
        given.session.execute(delete(Job))  # the reviewer was told of it long ago
        given.session.execute(delete(Notice))


@pytest.fixture
def cast(given: Given) -> Cast:
    return Cast(given)


ADDRESS = "wang@example.org"


def wish(uow: UnitOfWork, person: Person, topic: Topic, how: How) -> None:
    mailing.choose(uow, person.id or 0, {topic: how})


def morning(clock: Clock, uow: UnitOfWork, session: Session) -> None:
    """The next day at half past seven, and what is promised then."""
    session.commit()
    local = clock().astimezone(SHANGHAI) + timedelta(days=1)
    clock.at = local.replace(hour=7, minute=30)
    for kind, day in due_ticks(session, clock(), SHANGHAI):
        promise_tick(uow, kind, day)
    session.commit()


def test_a_message_arrives_with_what_was_said_and_a_link_to_the_place(
    mailbox: Mailbox, deliver: Callable[[], int], cast: Cast, uow: UnitOfWork, app: Flask
) -> None:
    said = "第3页的图是**哪里**来的？\n\n<script>alert(1)</script>"
    message = say(uow, cast.reviewer, cast.submission.id, said)
    place = f"/thread/{cast.submission.id}#message-{message.id}"
    deliver()
    [mail] = mailbox.arrived
    assert (mail["To"], mail["From"], mail["Subject"]) == (
        ADDRESS,
        "校际资源库 <hub@school.example>",
        "李老师就《分数的初步认识》给您留言",
    )
    text = part(mail, "plain")
    assert "王敏，您好：" in text
    assert "> 第3页的图是**哪里**来的？" in text
    html = part(mail, "html")
    assert "第3页的图是<strong>哪里</strong>来的？" in html
    assert "<script" not in html
    assert '<html lang="zh-Hans">' in html
    [path] = set(re.findall(rf"{PUBLIC}(/told/\d+)", text + html))
    stranger = app.test_client()
    asked = stranger.get(path)
    assert asked.headers["Location"] == f"/sign-in?next={path}"
    signed_in = stranger.post(
        asked.headers["Location"], data={"login": "wang", "password": "lesson-plan-9"}
    )
    assert signed_in.headers["Location"] == path
    assert stranger.get(path).headers["Location"] == place
    assert "哪里" in stranger.get(place).text


def test_subject_and_words_are_in_the_readers_language(
    mailbox: Mailbox, deliver: Callable[[], int], cast: Cast, uow: UnitOfWork, session: Session
) -> None:
    session.get_one(User, cast.author.id).language = "en"
    take_step(
        uow, cast.reviewer, cast.revision.id, Action.REQUEST_CHANGES, comment="Cite the source."
    )
    deliver()
    [mail] = mailbox.arrived
    assert mail["Subject"] == "李老师 asks for changes to “分数的初步认识”"
    assert mail["Content-Language"] == "en"
    assert "> Cite the source." in part(mail, "plain")
    assert "<p>Cite the source.</p>" in part(mail, "html")


def test_what_a_reviewer_wrote_for_reviewers_is_in_no_mail(
    mailbox: Mailbox, deliver: Callable[[], int], cast: Cast, uow: UnitOfWork
) -> None:
    cast.submission.policy = replace(cast.submission.policy, approvals={Stage.SCHOOL: 2})
    take_step(uow, cast.reviewer, cast.revision.id, Action.APPROVE, comment="还可以，但太长")
    deliver()
    assert "太长" not in "".join(part(mail, "plain") for mail in mailbox.arrived)
    assert "太长" not in "".join(part(mail, "html") for mail in mailbox.arrived)


def test_a_server_that_is_away_is_tried_again_ever_more_slowly_and_the_mail_comes_once(
    mailbox: Mailbox,
    deliver: Callable[[], int],
    cast: Cast,
    uow: UnitOfWork,
    session: Session,
    clock: Clock,
) -> None:
    mailbox.answer = "451 try again later"
    say(uow, cast.reviewer, cast.submission.id, "您好")
    pauses = []
    for attempt in range(1, 9):
        assert deliver() == 1
        session.rollback()
        job = session.scalars(select(Job).where(Job.kind == "mail_notice")).one()
        assert (job.state, job.attempts) == (JobState.WAITING, attempt)
        assert "451" in job.error
        pauses.append((job.run_at - clock()) // timedelta(minutes=1))
        assert deliver() == 0
        clock.at = job.run_at
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]
    assert session.scalars(select(Letter)).all() == []
    mailbox.answer = "250 OK"
    assert (deliver(), deliver()) == (1, 0)
    assert len(mailbox.to(ADDRESS)) == 1
    session.rollback()
    assert session.scalars(select(Letter)).one().sent_at == clock()


def test_a_mail_that_was_on_its_way_when_the_worker_died_is_not_sent_again_but_told_in_the_morning(
    mailbox: Mailbox,
    deliver: Callable[[], int],
    cast: Cast,
    uow: UnitOfWork,
    session: Session,
    clock: Clock,
) -> None:
    say(uow, cast.reviewer, cast.submission.id, "您好")
    notice_id = int(session.scalars(select(Job.subject).where(Job.kind == "mail_notice")).one())
    mailing.begin(uow, f"notice:{notice_id}", cast.author.id or 0, [notice_id])
    deliver()
    assert mailbox.arrived == []
    morning(clock, uow, session)
    deliver()
    [mail] = mailbox.to(ADDRESS)
    assert mail["Subject"] == "校际资源库：您有1条未读通知"


def test_the_letter_of_the_morning_holds_everything_and_comes_once_a_day(
    mailbox: Mailbox,
    deliver: Callable[[], int],
    cast: Cast,
    uow: UnitOfWork,
    session: Session,
    clock: Clock,
) -> None:
    wish(uow, cast.author, Topic.TALK, How.MORNING)
    wish(uow, cast.author, Topic.OWN_WORK, How.NEVER)
    take_step(uow, cast.reviewer, cast.revision.id, Action.CLAIM)
    for words in ("第一条", "第二条"):
        say(uow, cast.reviewer, cast.submission.id, words)
    deliver()
    assert mailbox.arrived == []
    morning(clock, uow, session)
    deliver()
    session.add(Job(kind="letters", subject="2026-10-13", run_at=clock(), created_at=clock()))
    deliver()
    [mail] = mailbox.arrived
    assert mail["Subject"] == "校际资源库：您有2条未读通知"
    assert re.findall(r"> (\S+)", part(mail, "plain")) == ["第一条", "第二条"]
    assert "开始审核" not in part(mail, "plain")
    morning(clock, uow, session)
    deliver()
    assert len(mailbox.arrived) == 1


def test_a_reviewers_letter_says_how_much_waits(
    mailbox: Mailbox,
    deliver: Callable[[], int],
    cast: Cast,
    uow: UnitOfWork,
    session: Session,
    clock: Clock,
) -> None:
    wish(uow, cast.reviewer, Topic.TALK, How.MORNING)
    take_step(uow, cast.reviewer, cast.revision.id, Action.CLAIM)
    say(uow, cast.author, cast.submission.id, "请多指教")
    morning(clock, uow, session)
    deliver()
    [mail] = [mail for mail in mailbox.arrived if mail["To"] != ADDRESS]
    assert f"有1份送审等您审核。\n\n去看待审的送审: {PUBLIC}/review" in part(mail, "plain")


def test_what_was_read_meanwhile_is_not_mailed(
    mailbox: Mailbox, deliver: Callable[[], int], cast: Cast, uow: UnitOfWork, session: Session
) -> None:
    say(uow, cast.reviewer, cast.submission.id, "您好")
    mark_read(uow, cast.author)
    assert deliver() >= 1
    assert mailbox.arrived == []
    session.rollback()


def one_click(app: Flask, mail: EmailMessage) -> FlaskClient:
    """What a mailbox does when its button is pressed: one POST, no cookie, no CSRF token."""
    app.config["WTF_CSRF_ENABLED"] = True
    [address] = re.findall(rf"<{PUBLIC}(/mail/stop/[^>]+)>", mail["List-Unsubscribe"])
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    client = app.test_client()
    answer = client.post(address, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    return client


def test_one_click_ends_mails_of_this_kind_and_no_other(
    mailbox: Mailbox, deliver: Callable[[], int], cast: Cast, uow: UnitOfWork, app: Flask
) -> None:
    say(uow, cast.reviewer, cast.submission.id, "您好")
    deliver()
    one_click(app, mailbox.arrived[0])
    say(uow, cast.reviewer, cast.submission.id, "还在吗？")
    take_step(
        uow, cast.reviewer, cast.revision.id, Action.REJECT, comment="不合适", reason=Reason.OTHER
    )
    deliver()
    assert [mail["Subject"][:3] for mail in mailbox.arrived] == ["李老师", "李老师"]
    assert "不合适" in part(mailbox.arrived[1], "plain")


def test_a_hub_without_https_offers_the_page_that_ends_mails_and_no_one_click(
    mailbox: Mailbox, deliver: Callable[[], int], cast: Cast, uow: UnitOfWork, app: Flask
) -> None:
    app.extensions["hub"] = replace(app.extensions["hub"], public_url="http://hub.lan:8000")
    say(uow, cast.reviewer, cast.submission.id, "您好")
    deliver()
    [mail] = mailbox.arrived
    assert mail["List-Unsubscribe-Post"] is None
    [address] = re.findall(r"<http://hub\.lan:8000(/mail/stop/[^>]+)>", mail["List-Unsubscribe"])
    assert app.test_client().get(address).status_code == 200


def test_one_click_in_the_morning_ends_all_letters_of_the_morning(
    mailbox: Mailbox,
    deliver: Callable[[], int],
    cast: Cast,
    uow: UnitOfWork,
    session: Session,
    clock: Clock,
    app: Flask,
) -> None:
    wish(uow, cast.author, Topic.TALK, How.MORNING)
    say(uow, cast.reviewer, cast.submission.id, "您好")
    morning(clock, uow, session)
    deliver()
    one_click(app, mailbox.arrived[0])
    session.rollback()
    kept = mailing.choices(session, cast.author.id or 0)
    assert kept == {
        Topic.OWN_WORK: How.AT_ONCE,
        Topic.TALK: How.NEVER,
        Topic.DISCUSSION: How.NEVER,
        Topic.TO_REVIEW: How.NEVER,
        Topic.CATALOGUE: How.AT_ONCE,
        Topic.OTHER: How.NEVER,
    }


def test_looking_at_the_link_changes_nothing_and_a_forged_one_does_nothing(
    mailbox: Mailbox, cast: Cast, app: Flask, session: Session
) -> None:
    del mailbox
    before = mailing.choices(session, cast.author.id or 0)
    session.commit()
    with app.app_context():
        token = stop_token(cast.author.id or 0, "talk")
    assert "这类邮件" in app.test_client().get(f"/mail/stop/{token}").text
    assert app.test_client().post(f"/mail/stop/{token}x").status_code == 404
    session.rollback()
    assert mailing.choices(session, cast.author.id or 0) == before


def test_an_address_that_is_refused_is_not_tried_again_and_the_person_is_told(
    mailbox: Mailbox,
    deliver: Callable[[], int],
    cast: Cast,
    uow: UnitOfWork,
    session: Session,
) -> None:
    mailbox.refuses = "550 no such mailbox"
    say(uow, cast.reviewer, cast.submission.id, "您好")
    assert (deliver(), deliver()) == (1, 0)
    session.rollback()
    assert mailing.last_refusal(session, cast.author) == "550 no such mailbox"


def test_a_title_cannot_add_headers(
    mailbox: Mailbox, deliver: Callable[[], int], cast: Cast, uow: UnitOfWork
) -> None:
    cast.revision.title = "课\r\nBcc: everybody@example.org"
    say(uow, cast.reviewer, cast.submission.id, "您好")
    deliver()
    [mail] = mailbox.arrived
    assert mail["Bcc"] is None
    assert mail["Subject"] == "李老师就《课 Bcc: everybody@example.org》给您留言"


def test_the_same_mail_has_the_same_message_id(
    mailbox: Mailbox, deliver: Callable[[], int], cast: Cast, uow: UnitOfWork, session: Session
) -> None:
    say(uow, cast.reviewer, cast.submission.id, "您好")
    deliver()
    session.rollback()
    letter = session.scalars(select(Letter)).one()
    mailing.take_back(uow, letter.id)
    session.add(
        Job(
            kind="mail_notice",
            subject=letter.key.removeprefix("notice:"),
            run_at=uow.now(),
            created_at=uow.now(),
        )
    )
    deliver()
    first, second = mailbox.arrived
    assert first["Message-ID"] == second["Message-ID"]


def test_the_link_for_a_password_comes_by_mail(
    mailbox: Mailbox, deliver: Callable[[], int], cast: Cast, uow: UnitOfWork, app: Flask
) -> None:
    promise_link(uow, cast.author.id or 0)
    deliver()
    [mail] = mailbox.arrived
    assert mail["Subject"] == "校际资源库：设置新密码"
    assert mail["List-Unsubscribe"] is None
    [path] = set(re.findall(rf"{PUBLIC}(/reset/\S+)", part(mail, "plain")))
    assert app.test_client().get(path).status_code == 200


def test_without_a_server_nothing_is_mailed_and_nothing_fails(
    deliver: Callable[[], int], cast: Cast, uow: UnitOfWork, session: Session
) -> None:
    say(uow, cast.reviewer, cast.submission.id, "您好")
    assert deliver() >= 1
    session.rollback()
    assert session.scalars(select(Letter)).all() == []
    assert session.scalars(select(Job).where(Job.kind.in_(MAIL))).all() == []


def test_a_guest_is_asked_by_mail_and_reminded_once_a_day_with_the_same_link(
    mailbox: Mailbox,
    deliver: Callable[[], int],
    cast: Cast,
    uow: UnitOfWork,
    given: Given,
    app: Flask,
) -> None:
    cast.submission.policy = replace(cast.submission.policy, externals=True)
    chief = given.coordinator("赵主任", school=cast.school)
    made = invite(
        uow,
        chief,
        cast.submission.id,
        name="钱教授",
        email="qian@example.org",
        secret=app.extensions["hub"].secret,
    )
    deliver()
    for _twice in range(2):
        uow.promise("mail_invitation", f"{made.id}:2026-10-16")
        deliver()
    assert [(mail["To"], mail["Subject"]) for mail in mailbox.arrived] == [
        ("qian@example.org", "赵主任 (第1小学)请您审核《分数的初步认识》"),
        ("qian@example.org", "提醒：请在10月19日前对《分数的初步认识》给出意见"),
    ]
    asked, reminder = (
        re.findall(rf"{PUBLIC}/invited/\S+", part(mail, "plain")) for mail in mailbox.arrived
    )
    assert asked == reminder
    assert "请在10月19日前给出意见。" in part(mailbox.arrived[0], "plain")

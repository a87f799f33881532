"""Signing in and out, passwords, language: what a cookie is worth, and where it may lead."""

import hashlib
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import MetaData, select
from sqlalchemy.orm import Session
from werkzeug.routing import (
    AnyConverter,
    BaseConverter,
    IntegerConverter,
    PathConverter,
    Rule,
    UnicodeConverter,
)

from resource_hub.domain.people import Person, Role
from resource_hub.edge.extensions import db
from resource_hub.models import Appointed, Job, SignIn, User
from resource_hub.services import passwords
from resource_hub.web import converters
from tests.given import PASSWORD, Clock, Given
from tests.web.conftest import SignsIn
from tests.web.reading import Page, in_english, read

NEW_PASSWORD = "another-lesson-9"


@pytest.fixture
def wang(given: Given) -> Person:
    return given.teacher("王敏", school=given.school("青石小学"))


@pytest.fixture
def user(session: Session, wang: Person) -> User:
    return session.scalars(select(User).where(User.id == wang.id)).one()


def signs_in(browser: FlaskClient, login: str, password: str = PASSWORD, **more: str) -> int:
    form = {"login": login, "password": password} | more
    return browser.post("/sign-in", data=form).status_code


def is_signed_in(browser: FlaskClient) -> bool:
    return browser.get("/account").status_code == 200


# In and out


def test_a_person_signs_in_and_goes_on_where_they_wanted(user: User, browser: FlaskClient) -> None:
    asked = browser.get("/account")
    assert asked.headers["Location"] == "/sign-in?next=/account"
    page = read(browser, asked.headers["Location"])
    assert page.typed["next"] == "/account"
    form = page.typed | {"login": user.account, "password": PASSWORD}
    answer = browser.post("/sign-in", data=form)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    assert read(browser, "/account").heading == "王敏"
    assert browser.get("/sign-in?next=/account").headers["Location"] == "/account"


def test_a_failure_keeps_the_name_and_does_not_say_which_was_wrong(
    user: User, browser: FlaskClient
) -> None:
    pages = [
        Page(
            in_english(browser).post(
                "/sign-in", data={"login": login, "password": "wrong", "next": "/my"}
            )
        )
        for login in (user.account, "nobody")
    ]
    assert [page.status for page in pages] == [422, 422]
    assert [page.typed["login"] for page in pages] == [user.account, "nobody"]
    assert pages[0].typed["next"] == "/my"
    assert pages[0].typed["password"] == ""
    assert pages[0].text == pages[1].text
    assert "The name or the password is not right." in pages[0].text
    assert not is_signed_in(browser)


def test_a_session_planted_before_is_gone_after_signing_in(
    user: User, browser: FlaskClient
) -> None:
    with browser.session_transaction() as cookies:
        cookies["planted"] = "by someone else"
        cookies["_user_id"] = "known to someone else"
        cookies["language"] = "en"
    before = browser.get_cookie("hub")
    assert signs_in(browser, user.account) == 303
    after = browser.get_cookie("hub")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    with browser.session_transaction() as cookies:
        assert "planted" not in cookies
        assert cookies["_user_id"] != "known to someone else"
        assert cookies["language"] == "en", "the language was the visitor's own choice"


def test_every_sign_in_has_a_token_of_its_own(user: User, app: Flask) -> None:
    tokens = set()
    for _ in range(2):
        browser = app.test_client()
        signs_in(browser, user.account)
        with browser.session_transaction() as cookies:
            tokens.add(cookies["_user_id"])
    assert len(tokens) == 2


def test_a_cookie_copied_before_signing_out_is_worthless_after(
    user: User, app: Flask, browser: FlaskClient
) -> None:
    signs_in(browser, user.account)
    copied = browser.get_cookie("hub")
    assert copied is not None
    thief = app.test_client()
    thief.set_cookie("hub", copied.value)
    assert is_signed_in(thief)
    answer = browser.post("/sign-out")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert not is_signed_in(browser)
    assert not is_signed_in(thief)


def test_the_cookie_cannot_be_read_by_scripts_nor_sent_by_other_sites(
    user: User, browser: FlaskClient
) -> None:
    answer = browser.post("/sign-in", data={"login": user.account, "password": PASSWORD})
    cookie = answer.headers["Set-Cookie"]
    assert ("HttpOnly" in cookie, "SameSite=Lax" in cookie) == (True, True)


def test_a_sign_in_ends_after_thirty_days_without_use(
    user: User, browser: FlaskClient, clock: Clock
) -> None:
    signs_in(browser, user.account)
    for days, still in ((29, True), (29, True), (30, True), (31, False)):
        clock.pass_(days=days)
        assert is_signed_in(browser) is still


def test_the_cookie_stays_the_same_for_a_while_so_that_browsers_keep_pictures(
    user: User, browser: FlaskClient, clock: Clock
) -> None:
    signs_in(browser, user.account)
    browser.get("/my")
    same = browser.get("/my").headers.getlist("Set-Cookie")

    clock.pass_(days=2)
    anew = browser.get("/my").headers.getlist("Set-Cookie")

    assert same == []
    assert [cookie.startswith("hub=") and "Expires=" in cookie for cookie in anew] == [True]


def test_a_closed_account_does_not_open(user: User, browser: FlaskClient, app: Flask) -> None:
    signed_in = app.test_client()
    signs_in(signed_in, user.account)
    user.is_active = False
    assert signs_in(browser, user.account) == 422
    assert not is_signed_in(signed_in)


def test_too_many_failures_close_the_door_for_a_while(app: Flask, user: User, clock: Clock) -> None:
    browser = in_english(app.test_client())
    for _ in range(10):
        assert signs_in(browser, user.account, "wrong") == 422
    answer = browser.post("/sign-in", data={"login": user.account, "password": PASSWORD})
    assert answer.status_code == 429
    assert "Wait 15 minutes" in Page(answer).text
    assert Page(answer).typed["login"] == user.account
    clock.pass_(minutes=16)
    assert signs_in(browser, user.account) == 303


def test_failures_count_by_address_too(
    given: Given, wang: Person, user: User, browser: FlaskClient
) -> None:
    del given, wang
    for number in range(10):
        signs_in(browser, f"guess{number}", "wrong")
    assert signs_in(browser, user.account) == 429
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    form = {"login": user.account, "password": PASSWORD}
    assert browser.post("/sign-in", data=form, environ_base=elsewhere).status_code == 303


ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "\n//evil.example",
    " //evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    "evil.example",
    "/ok\r\nSet-Cookie: a=b",
    "",
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nothing_leads_to_another_site(user: User, browser: FlaskClient, target: str) -> None:
    form = {"login": user.account, "password": PASSWORD, "next": target}
    assert browser.post("/sign-in", data=form).headers["Location"] == "/"
    again = browser.get("/sign-in", query_string={"next": target})
    assert again.headers["Location"] == "/"
    language = browser.post("/language", data={"language": "en", "next": target})
    assert language.headers["Location"] == "/"


@pytest.mark.parametrize(
    "target",
    ["/", "/search?q=%E5%88%86%E6%95%B0&page=2", "/r/R-7K3QF2#files", "/browse/grade/g3"],
)
def test_a_path_of_the_hub_leads_there(user: User, browser: FlaskClient, target: str) -> None:
    form = {"login": user.account, "password": PASSWORD, "next": target}
    assert browser.post("/sign-in", data=form).headers["Location"] == target


# Language, profile, passwords


def test_the_language_switch_holds_for_the_person_in_every_browser(
    session: Session, wang: Person, browser_as: SignsIn, app: Flask
) -> None:
    browser = browser_as(wang)
    answer = browser.post("/language", data={"language": "zh_Hant", "next": "/help"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/help")
    assert '<html lang="zh-Hant"' in browser.get("/help").text
    assert '<html lang="zh-Hant"' in browser_as(wang).get("/help").text
    assert '<html lang="zh-Hans"' in app.test_client().get("/help").text
    browser.post("/language", data={"language": "xx"})
    session.expire_all()
    assert session.scalars(select(User.language).where(User.id == wang.id)).one() == "zh_Hant"


def test_a_profile_shows_roles_and_where_they_are_held(
    given: Given, session: Session, browser_as: SignsIn
) -> None:
    school = given.school("青石小学")
    alliance = given.alliance(school, name="青石教共体")
    person = given.reviewer("李老师", school=school, alliance=alliance, subjects=("math",))
    page = read(browser_as(person), "/account")
    assert page.heading == "李老师"
    assert "Teacher · 青石小学" in page.text
    assert "Reviewer · 青石教共体Mathematics" in page.text
    assert session.scalars(select(Appointed.role)).all() == [Role.TEACHER, Role.REVIEWER]


def test_a_changed_password_signs_every_browser_out(
    session: Session, user: User, app: Flask, browser: FlaskClient
) -> None:
    other = app.test_client()
    signs_in(other, user.account)
    signs_in(browser, user.account)
    form = {"old": PASSWORD, "password": NEW_PASSWORD}
    answer = browser.post("/account/password", data=form)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
    assert (is_signed_in(browser), is_signed_in(other)) == (False, False)
    assert session.scalars(select(SignIn)).all() == []
    assert signs_in(browser, user.account) == 422
    assert signs_in(browser, user.account, NEW_PASSWORD) == 303


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("wrong", NEW_PASSWORD, "The present password is not right."),
        (PASSWORD, "tiny-1", "A password needs at least 8 characters."),
        (
            PASSWORD,
            "aaaaaaaa",
            "This password is too easy to guess; use several different characters.",
        ),
    ],
)
def test_a_password_that_cannot_be_changed_says_why(
    wang: Person, browser_as: SignsIn, old: str, new: str, sentence: str
) -> None:
    browser = in_english(browser_as(wang))
    answer = browser.post("/account/password", data={"old": old, "password": new})
    assert (answer.status_code, sentence in Page(answer).text) == (422, True)
    assert new not in answer.text
    assert is_signed_in(browser)


def test_without_mail_the_page_says_whom_to_ask(browser: FlaskClient) -> None:
    assert "Ask the coordinator of your school" in read(browser, "/forgotten").text


def test_asking_for_a_link_answers_the_same_for_everybody(
    app: Flask, session: Session, user: User, browser: FlaskClient
) -> None:
    app.extensions["hub"] = replace(app.extensions["hub"], smtp_url="smtp://127.0.0.1:1")
    texts = {
        Page(in_english(browser).post("/forgotten", data={"login": login})).text
        for login in (user.account, "nobody")
    }
    assert len(texts) == 1
    promised = session.execute(select(Job.kind, Job.subject)).all()
    assert [tuple(job) for job in promised] == [("mail_password", str(user.id))]


def test_a_link_sets_a_new_password_once(
    app: Flask, session: Session, user: User, browser: FlaskClient
) -> None:
    link = f"/reset/{passwords.reset_token(app.extensions['hub'].secret, user)}"
    assert f"For the account {user.account}." in read(browser, link).text
    refused = browser.post(link, data={"password": "short"})
    assert refused.status_code == 422
    answer = browser.post(link, data={"password": NEW_PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
    for again in (browser.get(link), browser.post(link, data={"password": PASSWORD})):
        assert again.status_code == 410
    session.expire_all()
    assert signs_in(browser, user.account, NEW_PASSWORD) == 303


def test_a_forged_link_or_a_closed_account_sets_nothing(
    app: Flask, user: User, browser: FlaskClient
) -> None:
    assert browser.get("/reset/forged").status_code == 410
    assert browser.post("/reset/forged", data={"password": NEW_PASSWORD}).status_code == 410
    link = f"/reset/{passwords.reset_token(app.extensions['hub'].secret, user)}"
    user.is_active = False
    assert browser.post(link, data={"password": NEW_PASSWORD}).status_code == 403
    assert passwords.matches(user.password_hash, PASSWORD)


# Forged requests


EXAMPLES: dict[type[BaseConverter], str] = {
    IntegerConverter: "1",
    converters.NumberConverter: "1",
    UnicodeConverter: "x",
    PathConverter: "x",
    converters.ActionConverter: "approve",
    converters.AxisConverter: "subject",
    converters.MonthConverter: "2026-10",
    converters.PublicIdConverter: "R-7K3QF2",
}


def example(app: Flask, rule: Rule) -> str:
    """An address that ``rule`` takes."""
    values = {name: _value(each) for name, each in rule._converters.items()}
    address = rule.rule
    for _, name in sorted((-len(name), name) for name in values):
        inside = next(part for part in _places(address) if part.split(":")[-1] == name)
        address = address.replace(f"<{inside}>", values[name])
    assert app.url_map.bind("localhost").match(address, method="POST")[0] == rule.endpoint
    return address


def _value(converter: BaseConverter) -> str:
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return EXAMPLES[type(converter)]


def _places(address: str) -> list[str]:
    return [part.split(">")[0] for part in address.split("<")[1:]]


def everything(metadata: MetaData) -> str:
    """One word for all that the database holds."""
    with db.engine.connect() as connection:
        rows = [
            (table.name, [tuple(row) for row in connection.execute(table.select())])
            for table in metadata.sorted_tables
        ]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def test_no_address_takes_a_form_without_its_token(
    app: Flask, given: Given, browser_as: SignsIn
) -> None:
    """Whoever is signed in, and whatever the address: nothing happens, and the page says why."""
    administrator = given.administrator()
    browser = in_english(browser_as(administrator))
    given.session.commit()
    app.config["WTF_CSRF_ENABLED"] = True
    addresses = sorted(
        example(app, rule)
        for rule in app.url_map.iter_rules()
        if {"POST", "PUT", "PATCH", "DELETE"} & (rule.methods or set())
        and rule.endpoint != "mail.stop"  # a mailbox's button has none; what it does is in its link
    )
    assert len(addresses) > 10
    with app.app_context():
        before = everything(db.metadata)
        for address in addresses:
            answer = browser.post(address, data={"language": "zh_Hant", "month": "2026-10"})
            assert (address, answer.status_code) == (address, 409)
            assert "The page had been open for too long." in Page(answer).text
        assert everything(db.metadata) == before


def test_a_form_with_its_token_is_taken(app: Flask, user: User, browser: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    form = read(browser, "/sign-in").typed
    assert signs_in(browser, user.account, csrf_token=form["csrf_token"]) == 303

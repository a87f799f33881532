"""The hub as browsers see it: an application on the test's database, and people signed in to it."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from config import Settings
from resource_hub.app import create_app
from resource_hub.domain.people import Person
from resource_hub.edge.extensions import db
from resource_hub.jobs.worker import Worker
from resource_hub.models import SignIn
from resource_hub.services.sign_in import token_hash
from resource_hub.services.vocabulary import search_vocabulary
from search_index import Completion, IndexUnavailable, Page, SearchRequest, engine_from_url
from storage import storage_from_url
from tests.given import Clock

SignsIn = Callable[[Person], FlaskClient]


@pytest.fixture(scope="session")
def empty_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index as ``hub init`` leaves it, copied for each test."""
    path = tmp_path_factory.mktemp("empty") / "index"
    engine = engine_from_url(f"tantivy://{path}", vocabulary=search_vocabulary())
    assert list(engine.rebuild([])) == []
    engine.close()
    return path


@pytest.fixture(scope="session")
def applications() -> dict[str, Flask]:
    """By the address of their database; see ``here``."""
    return {}


@pytest.fixture
def app(
    database_url: str,
    session: Session,
    empty_index: Path,
    here: Path,
    clock: Clock,
    applications: dict[str, Flask],
) -> Iterator[Flask]:
    """The whole application, as good as new; CSRF is off, for a test that wants it puts it on."""
    shutil.copytree(empty_index, here / "index")
    search_url = f"tantivy://{here / 'index'}"
    if database_url not in applications:
        settings = Settings(
            data=here,
            database_url=database_url,
            storage_url=f"file://{here / 'blobs'}",
            search_url=search_url,
            secret_key="test",
            ocr=False,  # a second for each picture; the tests that want it put it on
        ).with_defaults()
        applications[database_url] = create_app(settings)
    app = applications[database_url]
    as_made = dict(app.config), dict(app.extensions)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    app.extensions["hub"] = replace(
        app.extensions["hub"],
        now=clock,
        storage=storage_from_url(f"file://{here / 'blobs'}"),
        search=engine_from_url(search_url, vocabulary=search_vocabulary()),
    )

    class Browser(FlaskClient):
        """Commits what the test has arranged before each request, so that the hub sees it.

        It takes the whole answer and closes it, as servers do: a file left open by an answer that
        nobody read would be found in some later test.
        """

        def open(self, *args: Any, buffered: bool = True, **more: Any) -> TestResponse:
            session.commit()  # Any: as Werkzeug takes them
            return super().open(*args, buffered=buffered, **more)

    app.test_client_class = Browser
    yield app
    app.extensions["hub"].search.close()
    with app.app_context():
        db.engine.dispose()
    for kept, made in zip((app.config, app.extensions), as_made, strict=True):
        kept.clear()
        kept.update(made)


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    """A stranger's."""
    return app.test_client()


@pytest.fixture
def browser_as(app: Flask, session: Session, clock: Clock) -> SignsIn:
    """Gives a browser in which a person is signed in already."""

    def sign_in(person: Person) -> FlaskClient:
        token = f"token of {person.id}"
        if session.query(SignIn).filter_by(token_hash=token_hash(token)).first() is None:
            session.add(
                SignIn(
                    token_hash=token_hash(token),
                    user_id=person.id,
                    created_at=clock(),
                    seen_at=clock(),
                )
            )
        client = app.test_client()
        with client.session_transaction() as cookies:
            cookies["_user_id"] = token
        return client

    return sign_in


@pytest.fixture
def settle(app: Flask, session: Session) -> Callable[[], None]:
    """Has the worker do all that was promised up to now: afterwards search knows everything."""

    def work() -> None:
        session.commit()
        Worker(app).drain(("index",))

    return work


class Unreachable:
    """An engine whose machine is down."""

    needs_rebuild = True

    def search(self, request: SearchRequest) -> Page:
        raise IndexUnavailable(f"nobody answers {request.query}")

    def complete(
        self, text: str, seen_by: frozenset[str], *, limit: int = 8
    ) -> tuple[Completion, ...]:
        raise IndexUnavailable(f"nobody completes {text} for {seen_by}, {limit} times")

    def more_like(
        self, resource_id: int, seen_by: frozenset[str], *, limit: int = 6
    ) -> tuple[int, ...]:
        raise IndexUnavailable(f"nobody knows {limit} like {resource_id} for {seen_by}")

    def close(self) -> None:
        """There is nothing to close."""


@pytest.fixture
def no_index(app: Flask) -> None:
    hub = app.extensions["hub"]
    hub.search.close()
    app.extensions["hub"] = replace(hub, search=Unreachable())

"""Refusals and faults in the caller's way: a page, or problem+json."""

import json

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from config import Settings
from resource_hub.app import create_app
from resource_hub.domain.errors import HubError, Invalid, Problem, TooLarge
from resource_hub.edge.errors import STATUS, status_of

PACKAGE = HubError.__module__.rpartition(".")[0]


def subclasses(kind: type[HubError]) -> set[type[HubError]]:
    return {kind} | {each for child in kind.__subclasses__() for each in subclasses(child)}


def test_every_refusal_has_a_status_and_a_code_of_its_own() -> None:
    own = {each for each in subclasses(HubError) if each.__module__.startswith(PACKAGE)}
    assert {each for each in own if each is HubError or HubError in each.__bases__} <= set(STATUS)
    assert set(STATUS) <= own
    assert len({each.code for each in own}) == len(own)


def test_the_nearest_entry_of_the_table_counts() -> None:
    class Special(TooLarge):
        pass

    assert status_of(Special("…")) == 413


@pytest.fixture
def hub(tmp_path_factory: pytest.TempPathFactory, database_url: str) -> Flask:
    """A hub as it runs for real, with three addresses that fail on purpose."""
    folder = tmp_path_factory.mktemp("hub")
    app = create_app(
        Settings(data=folder, database_url=database_url, secret_key="test").with_defaults()
    )

    def invalid() -> str:
        raise Invalid(
            [Problem("title", "Give it a title."), Problem("grades", "No %(g)s", {"g": 7})]
        )

    def fault() -> str:
        raise RuntimeError("a fault of ours")

    def away() -> str:
        raise OperationalError("SELECT 1", {}, Exception("the database is away"))

    for view in (invalid, fault, away):
        app.add_url_rule(f"/-{view.__name__}", view.__name__, view)
    return app


def test_problem_json_names_each_field(hub: Flask) -> None:
    answer = hub.test_client().get(
        "/-invalid", headers={"Accept": "application/json", "Accept-Language": "en"}
    )
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    problem = json.loads(answer.data)
    assert problem["type"] == "/help/errors#invalid"
    assert problem["errors"] == [
        {"field": "title", "detail": problem["errors"][0]["detail"]},
        {"field": "grades", "detail": "No 7"},
    ]


@pytest.mark.parametrize(("path", "status"), [("/-fault", 500), ("/-away", 503)])
def test_a_fault_is_a_page_with_a_number_and_no_secrets(
    hub: Flask, caplog: pytest.LogCaptureFixture, path: str, status: int
) -> None:
    answer = hub.test_client().get(path)
    assert answer.status_code == status
    [record] = [each for each in caplog.records if each.name == "resource_hub.edge.errors"]
    assert isinstance(record.args, tuple)
    assert str(record.args[0]) in answer.text
    assert "a fault of ours" not in answer.text
    assert "SELECT" not in answer.text


def test_an_unknown_address_is_a_friendly_page(hub: Flask) -> None:
    answer = hub.test_client().get("/no/such/page", headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert "text/html" in answer.headers["Content-Type"]


def test_every_answer_carries_the_security_headers(hub: Flask) -> None:
    for path in ("/healthz", "/no/such/page", "/-fault"):
        headers = hub.test_client().get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"].startswith("default-src 'self'")
        assert headers["Referrer-Policy"] == "same-origin"

"""Help: every page opens, every refusal is explained, every example of search works."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from resource_hub.domain import errors
from resource_hub.services.vocabulary import search_vocabulary
from resource_hub.web.help import EXPLAINED, PAGES
from search_index.language import QueryReader
from tests.web.reading import read


def test_help_leads_to_every_page(browser: FlaskClient) -> None:
    links = read(browser, "/help").links
    assert [url for url in links.values() if url.startswith("/help/")] == [
        f"/help/{name}" for name in PAGES
    ]


@pytest.mark.parametrize("name", list(PAGES))
def test_each_page_of_help_opens_under_its_title(browser: FlaskClient, name: str) -> None:
    page = read(browser, f"/help/{name}")
    assert (page.status, page.heading) == (200, PAGES[name])


@pytest.mark.parametrize("name", ["nothing", "page", "index", "..%2Ferrors%2Fproblem"])
def test_there_are_no_other_pages_of_help(browser: FlaskClient, name: str) -> None:
    assert browser.get(f"/help/{name}").status_code == 404


def test_every_kind_of_refusal_is_explained_at_its_code(browser: FlaskClient) -> None:
    """A problem's ``type`` points to ``/help/errors#code``."""
    kinds = {
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.HubError)
    }
    assert set(EXPLAINED) == kinds
    text = browser.get("/help/errors").text
    for kind in kinds:
        paragraph = re.search(rf'<dt id="{kind.code}">.*?<dd>(.*?)</dd>', text, re.DOTALL)
        assert paragraph is not None
        assert len(paragraph[1]) > 20


def test_a_problem_points_to_its_explanation(app: Flask, browser: FlaskClient) -> None:
    del app
    answer = browser.get("/browse/subject/nothing", headers={"Accept": "application/json"})
    assert answer.json is not None
    assert answer.json["type"] == "/help/errors#not-found"


def test_the_examples_of_search_are_read_as_the_page_says(browser: FlaskClient) -> None:
    """Each example that uses a sign is understood as more than its words."""
    reader = QueryReader(search_vocabulary())
    examples = [query for query in read(browser, "/help/search").examples if query != "分数 月饼"]
    assert len(examples) == 12
    assert [query for query in examples if not reader.read(query).understood] == []

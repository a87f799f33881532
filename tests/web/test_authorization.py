"""Every address, for every kind of person, against a table that a person wrote."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.web.authorization import TABLE, Row
from tests.web.world import PEOPLE, World, make_world

NOT_PAGES = {"static", "bootstrap.static"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[World]:
    made = make_world(tmp_path_factory.mktemp("world"), sqlite_template)
    yield made
    made.app.extensions["hub"].search.close()


def outcome(world: World, row: Row, name: str) -> str:
    """What the hub answers to ``name``, in the words of the table."""
    client = world.app.test_client()
    person = world.people[name]
    if person.id is not None:
        with client.session_transaction() as cookies:
            cookies["_user_id"] = f"token of {person.id}"
    answer = client.open(
        row.path.format(**world.places),
        method=row.method,
        data={key: value.format(**world.places) for key, value in row.form.items()},
    )
    if answer.status_code in {301, 302, 303}:
        return "in" if "/sign-in?" in answer.headers["Location"] else "go"
    return {200: "ok", 401: "in", 403: "no"}.get(answer.status_code, str(answer.status_code))


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_each_address_answers_each_person_as_the_table_says(world: World, row: Row) -> None:
    answers = []
    for name in PEOPLE:
        if row.method != "GET":
            world.rewind()
        answers.append(outcome(world, row, name))
    world.rewind()
    assert " ".join(answers) == " ".join(row.answers.split())


def test_no_address_is_missing_from_the_table(world: World) -> None:
    assert missing_routes(world.app) == []


def missing_routes(app: Flask) -> list[str]:
    """Rules and methods that no row of the table tries."""
    adapter = app.url_map.bind("hub")
    tried = set()
    for row in TABLE:
        path = row.path.split("?")[0].format_map(Stand_in())
        rule, _values = adapter.match(path, method=row.method, return_rule=True)
        tried.add((rule.endpoint, row.method))
    return sorted(
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in NOT_PAGES
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if (rule.endpoint, method) not in tried
    )


class Stand_in(dict[str, object]):  # noqa: N801 - reads as what it is
    """Any place of an address, as something that its converter takes."""

    def __missing__(self, key: str) -> str:
        months = {"published": "2026-01", "unpublished": "2026-02"}
        ids = {"open", "shared", "own", "gone", "waiting_id"}
        if key in months:
            return months[key]
        return "R-7K3QF2" if key in ids else "7"

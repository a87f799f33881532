"""The cards of a page of results: found by their ids, however large the hub is."""

from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from resource_hub.services.queries.shelf import cards
from tests.given import Given

A_PAGE = range(1, 25)


def test_a_resource_without_a_live_revision_has_no_card(given: Given, session: Session) -> None:
    school = given.school("青石小学")
    given.alliance(school)
    wang = given.teacher("王敏", school=school)
    published, draft = given.published(by=wang, title="公开课"), given.draft(by=wang)
    ids = [published.resource_id, draft.resource_id]

    assert {number: card.title for number, card in cards(session, ids).items()} == {
        published.resource_id: "公开课"
    }


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_page_of_cards_does_not_go_through_all_that_is_published(session: Session) -> None:
    """SQLite without statistics chooses by how many ids there are: eight are no proof for 24."""
    connection = session.connection()
    sent: list[tuple[str, tuple[int, ...]]] = []

    def note(*details: Any) -> None:  # Any: as SQLAlchemy gives them
        sent.append((details[2], details[3]))

    event.listen(connection, "before_cursor_execute", note)
    cards(session, A_PAGE)
    event.remove(connection, "before_cursor_execute", note)
    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sent[0][0]}", sent[0][1])

    first, second = [step.detail for step in plan][:2]
    assert first == "SEARCH resource USING INTEGER PRIMARY KEY (rowid=?)"
    assert second.startswith("SEARCH revision USING INDEX uq_revision_live (resource_id=?)")

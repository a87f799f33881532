"""Processes that analyse beside the writer give the same entries and never hang."""

import pytest

from search_index import analysts
from search_index.base import IndexUnavailable
from search_index.fields import entry_of
from tests.search_index.documents import lesson


def test_processes_give_the_entry_of_each_document_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysts, "WORTH_IT", 10)
    documents = [lesson(number, f"第{number}课", "床前明月光。" * 500) for number in range(1, 400)]
    found = list(analysts.entries(documents, processes=2))
    found.sort(key=lambda entry: entry.resource_id)
    assert found == [entry_of(document) for document in documents]


def test_a_machine_with_one_core_does_it_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysts, "WORTH_IT", 1)
    documents = [lesson(number, "课") for number in range(1, 4)]
    assert [e.resource_id for e in analysts.entries(documents, processes=0)] == [1, 2, 3]


def test_a_process_that_dies_ends_the_rebuild_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(analysts, "WORTH_IT", 0)
    monkeypatch.setenv("PYTHONHASHSEED", "no number")  # Python refuses to start so
    documents = [lesson(number, "课") for number in range(1, 200)]
    with pytest.raises(IndexUnavailable, match="has died"):
        list(analysts.entries(documents, processes=1))

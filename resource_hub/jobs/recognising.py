"""The job that recognises text in pictures: it lets everything go first that somebody waits for."""

from contextlib import closing

from resource_hub.edge.current import hub, reading, writing
from resource_hub.jobs.tools import Tools
from resource_hub.services import queue
from resource_hub.services.recognising import let_be, note_page, recognise_pages

FIRST = ("inspect", "pages", "preview")
"""Kinds of jobs that people wait for, and that take the same processor."""


def recognise(key: str, tools: Tools) -> bool:
    """Recognise the pages of a file, each written down at once; False when it must wait."""
    if not hub().ocr:
        with writing() as uow:
            let_be(uow, key)
        return True
    if _must_wait(tools):
        return False
    with closing(recognise_pages(reading(), hub().storage, tools, key)) as pages:
        for page in pages:
            with writing() as uow:
                note_page(uow, key, page)
            if not page.is_last and _must_wait(tools):
                return False
    if not _is_due("recognise"):
        tools.rest()  # the engine keeps 400 MB, and it may be weeks until the next scan
    return True


def _must_wait(tools: Tools) -> bool:
    if tools.stopping():
        return True
    return _is_due(*FIRST)


def _is_due(*kinds: str) -> bool:
    due = queue.due_kinds(reading(), kinds, hub().now())
    reading().rollback()
    return bool(due)

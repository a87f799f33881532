"""What stands in the middle of the viewer: a page, that it is being made, or why it never will."""

from dataclasses import dataclass, replace
from datetime import timedelta

from flask_babel import gettext as _

from resource_hub.edge.current import hub, reading
from resource_hub.files import Family
from resource_hub.services.previews import MOST_PAGES, STRIDE, has_pages, wait_for
from resource_hub.services.queries.previews import FileView, Page
from resource_hub.web.file_words import PATIENCE
from resource_hub.web.viewer_words import BEYOND, NOT_NOW, why_not

LATE = timedelta(seconds=60)
"""After this the page says that it takes longer than usual."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One page of the viewer.

    Attributes:
        total: How many pages the file has, if it is known.
        last: The last page that one may turn to.
        why: In words, where there is neither a page nor one to wait for.
        to_promise: A page that is to be made: this one, or the next one that is missing.
        is_more_coming: Pages near this one are promised: small ones are about to appear.
    """

    number: int = 1
    total: int | None = None
    last: int = 1
    page: Page | None = None
    is_waiting: bool = False
    is_late: bool = False
    why: str = ""
    to_promise: int | None = None
    is_more_coming: bool = False


def stage_of(view: FileView, wanted: int) -> Stage:
    """Page ``wanted`` of a file, or the nearest that it has."""
    if why := _why_none_at_all(view):
        return Stage(why=why)
    total, made = _total(view), max(view.pages, default=0)
    last = total or min(made + 1, MOST_PAGES)
    number = min(wanted, last) if total or made else wanted
    frame = Stage(number, total, last, page=view.pages.get(number))
    if frame.page is not None:
        return _reading_ahead(view, frame)
    if why := _why_not_this(view, number):
        return replace(frame, why=why)
    return _waiting(view, frame)


def _why_none_at_all(view: FileView) -> str:
    if not has_pages(view.blob):
        return why_not(view.blob)
    if view.preview is not None and view.preview.pages == 0:
        return why_not(view.blob, view.preview.trouble)
    return ""


def _why_not_this(view: FileView, number: int) -> str:
    if number > MOST_PAGES:
        return str(_(BEYOND, number=MOST_PAGES))
    if view.preview is not None and view.preview.trouble:
        return why_not(view.blob, view.preview.trouble)
    return ""


def _waiting(view: FileView, frame: Stage) -> Stage:
    now = hub().now()
    if view.blob.inspected_at is None and now - view.blob.created_at < PATIENCE:
        return replace(frame, is_waiting=True)  # what is inspected gets its first pages unasked
    wait = wait_for(reading(), view.blob.key, frame.number)
    if wait is None:
        return replace(frame, is_waiting=True, to_promise=frame.number)
    if wait.given_up:
        return replace(frame, why=_(NOT_NOW))
    frame = replace(frame, is_waiting=True, is_late=now - wait.since > LATE)
    # What was promised unasked may stand behind the files of fifty others.
    return frame if wait.is_asked else replace(frame, to_promise=frame.number)


def _reading_ahead(view: FileView, frame: Stage) -> Stage:
    """The pages after this one are on their way before they are turned to."""
    end = min(frame.last, frame.number + STRIDE, MOST_PAGES)
    missing = [page for page in range(frame.number + 1, end + 1) if page not in view.pages]
    if not missing or (view.preview is not None and view.preview.trouble):
        return frame
    wait = wait_for(reading(), view.blob.key, missing[0])
    if wait is None:
        return replace(frame, to_promise=missing[0], is_more_coming=True)
    return replace(frame, is_more_coming=not wait.given_up)


def _total(view: FileView) -> int | None:
    """How many pages there are; of what has not been laid out yet, what the file itself says."""
    family = Family(view.blob.family)
    said = view.blob.pages if family in {Family.PDF, Family.SLIDES} else None
    if family is Family.IMAGE:
        said = 1
    if view.preview is None or view.preview.pages is None:
        return said
    drawn = view.preview.pages
    return max(drawn, said or 0) if drawn == MOST_PAGES else drawn

"""Where a remark stands and what became of that place, in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from resource_hub.domain.anchors import AnchorKind, Change, PlaceNow
from resource_hub.domain.remarks import FIELD_LABELS, WEIGHT_LABELS, clock_words
from resource_hub.services.queries.remarks import ShownRemark, sort_by_place


@dataclass(frozen=True, slots=True)
class RemarkLine:
    """A remark with everything that a page says of it.

    Attributes:
        where: ``slides.pptx, page 3``.
        url: where one sees the place; None when it is gone, or not the reader's to see.
        change: what became of the place since, and its code; empty in the round it is of.
        field: the field of the form, for the author.
    """

    shown: ShownRemark
    where: str
    url: str | None
    change: str
    change_code: str
    weight: str

    @property
    def field(self) -> str:
        return self.shown.remark.field


def remark_lines(
    found: Sequence[ShownRemark], public_id: str, *, written_in: int | None
) -> list[RemarkLine]:
    """The remarks as a page says them, in the order of the work.

    Args:
        written_in: the submission that is under way: of its own remarks nothing has changed yet.
    """
    return [
        RemarkLine(
            shown,
            where=where_words(shown),
            url=_url(shown, public_id),
            change="" if _is_of(shown, written_in) else change_words(shown.now),
            change_code=shown.now.change.value if shown.now else "",
            weight=_(WEIGHT_LABELS[shown.remark.weight]),
        )
        for shown in sort_by_place(found)
    ]


def _is_of(shown: ShownRemark, submission_id: int | None) -> bool:
    return shown.remark.submission_id == submission_id


def where_words(shown: ShownRemark) -> str:
    """The place as it was when the remark was written."""
    remark = shown.remark
    if remark.field:
        return str(_(FIELD_LABELS[remark.field]))
    if remark.second is not None:
        moment = clock_words(remark.second)
        return str(_("%(name)s, at %(moment)s", name=remark.filename, moment=moment))
    if remark.page is not None:
        return str(_("%(name)s, page %(page)s", name=remark.filename, page=remark.page))
    return remark.filename


def change_words(now: PlaceNow | None) -> str:
    """What became of a place, in a sentence; empty where the reader may not know."""
    if now is None:
        return ""
    if now.change is Change.MOVED and now.page is not None:
        return str(_("It stands on page %(page)s now.", page=now.page))
    if now.change is Change.CHANGED and now.words:
        return str(_("Now it reads: “%(words)s”", words=now.words[:200]))
    sentences = {
        Change.SAME: _("This place has not changed."),
        Change.CHANGED: _("This place has changed."),
        Change.MOVED: _("These words stand elsewhere now."),
        Change.GONE: _("This place is not there any more."),
        Change.UNKNOWN: _("Whether this place has changed cannot be told yet."),
    }
    return str(sentences[now.change])


def _url(shown: ShownRemark, public_id: str) -> str | None:
    """The viewer at the place, as far as it is known where that is now."""
    if shown.attachment is None:
        return None
    remark, now = shown.remark, shown.now
    page = now.page if now is not None and now.page is not None else remark.page
    if now is not None and now.change is Change.GONE:
        page = None
    return url_for(
        "viewer.show",
        public_id=public_id,
        attachment_id=shown.attachment.id,
        page=page if page is not None and page > 1 else None,
        t=int(remark.second) if remark.second is not None else None,
        _anchor=f"remark-{remark.id}" if remark.kind is not AnchorKind.PASSAGE else "words",
    )

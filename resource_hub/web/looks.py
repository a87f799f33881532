"""The first pages of the files of a revision, as its page and the reviewer's desk show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for

from resource_hub.edge.current import reading
from resource_hub.models import Attachment
from resource_hub.services.previews import FIRST_PAGES
from resource_hub.services.queries.previews import Page, page_totals, pages_of


@dataclass(frozen=True, slots=True)
class Look:
    """What a file looks like; ``total`` is how many pages it has, if that is known."""

    url: str
    """Of its viewer."""
    pages: Sequence[Page]
    total: int | None


def looks_of(attachments: Sequence[Attachment], public_id: str) -> Mapping[int, Look]:
    """A look into each file, by the number of its attachment, in two queries.

    The caller has made sure that the person may open the files; each picture is asked for again.
    """
    keys = {attachment.blob_key for attachment in attachments}
    pages = pages_of(reading(), keys, most=FIRST_PAGES)
    totals = page_totals(reading(), keys)
    return {
        attachment.id: Look(
            url_for("viewer.show", public_id=public_id, attachment_id=attachment.id),
            pages.get(attachment.blob_key, ()),
            totals.get(attachment.blob_key),
        )
        for attachment in attachments
    }

"""Text out of a web page saved as one file, which many files called doc are inside."""

from email import message_from_bytes
from typing import BinaryIO

from resource_hub.files.facts import Trouble
from resource_hub.files.gathering import Gathering
from resource_hub.files.guard import MIB, Unreadable
from resource_hub.files.plain import html_text

_MOST = 16 * MIB  # bytes read of a file: the page stands before its pictures


def read_mht(stream: BinaryIO, gathering: Gathering) -> None:
    """Gather what the pages inside show; raises ``Unreadable`` where there is none."""
    stream.seek(0)
    pages = [
        part.get_payload(decode=True)
        for part in message_from_bytes(stream.read(_MOST)).walk()
        if part.get_content_type() == "text/html"
    ]
    if not pages:
        raise Unreadable(Trouble.DAMAGED)
    for page in pages:
        if isinstance(page, bytes) and page and not gathering.full:
            gathering.add(html_text(page))

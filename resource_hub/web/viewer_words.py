"""What the viewer says where there is nothing to see: why, and what the reader can do."""

from collections.abc import Mapping

from flask_babel import gettext

from resource_hub.domain.errors import N_
from resource_hub.files import Family, Trouble
from resource_hub.models import Blob

WHY_NOT: Mapping[Trouble, str] = {
    Trouble.EMPTY: N_("This file is empty. Tell its author."),
    Trouble.ENCRYPTED: N_(
        "This file asks for a password, so it cannot be shown here. Download it and open it with "
        "the password, or ask its author for a version without one."
    ),
    Trouble.DAMAGED: N_(
        "This file is damaged or was cut short, so not all of it can be shown here. Download it "
        "and try to open it, or tell its author."
    ),
    Trouble.NO_TEXT: N_(
        "There are no words in this file of which pages could be set here, perhaps pictures alone. "
        "Download it to see it."
    ),
    Trouble.TOO_LARGE: N_(
        "What is inside this file is too large to be shown here. Download it to see it."
    ),
    Trouble.TOO_SLOW: N_(
        "Drawing the pages of this file took too long, so not all of it can be shown here. "
        "Download it to see it."
    ),
    Trouble.KILLED: N_(
        "The pages of this file could not be drawn, so not all of it can be shown here. Download "
        "it to see it."
    ),
}

NO_PAGES = N_(
    "Files of this type cannot be shown in the browser. Download it and open it with a program "
    "that knows it."
)

NOT_NOW = N_(
    "The pages could not be drawn just now. Download the file to see it; the administrator "
    "has been told."
)

BEYOND = N_(
    "Pictures are made of the first %(number)s pages. Download the file to see this page; its text "
    "is below."
)


def why_not(blob: Blob, trouble: str | None = None) -> str:
    """Why a file, or the rest of it, has no pages, in the reader's language."""
    code = trouble or blob.trouble
    sentence = WHY_NOT.get(Trouble(code), NO_PAGES) if code else NO_PAGES
    return str(gettext(sentence))


def shows_as(blob: Blob) -> str:
    """How the viewer shows a file: ``film``, ``sound``, ``listing`` or ``pages``."""
    special = {Family.VIDEO: "film", Family.AUDIO: "sound", Family.ARCHIVE: "listing"}
    return special.get(Family(blob.family), "pages")

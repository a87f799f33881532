"""What is inside a file: its true type, its text, a small picture of it; pure functions.

Here is what is light to import. ``inspection.inspect`` and ``cover.drawn_cover`` bring the readers
of PDF and pictures with them.
"""

from resource_hub.files.detection import detect, is_misnamed
from resource_hub.files.facts import (
    MACROS,
    MISNAMED,
    PLACE_TAKEN,
    READERS,
    SENTENCES,
    Facts,
    Finding,
    Part,
    PersonalData,
    PlaceKind,
    Trouble,
)
from resource_hub.files.types import EXTENSIONS, TYPES, Family, FileType
from resource_hub.files.workshop import Workshop, WorkshopClosed

__all__ = [
    "EXTENSIONS",
    "MACROS",
    "MISNAMED",
    "PLACE_TAKEN",
    "READERS",
    "SENTENCES",
    "TYPES",
    "Facts",
    "Family",
    "FileType",
    "Finding",
    "Part",
    "PersonalData",
    "PlaceKind",
    "Trouble",
    "Workshop",
    "WorkshopClosed",
    "detect",
    "is_misnamed",
]

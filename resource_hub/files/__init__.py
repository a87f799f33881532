"""What is inside a file: its true type, its text, a small picture of it; pure functions.

Here is what is light to import. ``inspection.inspect`` and ``cover.drawn_cover`` bring the readers
of PDF and pictures with them.
"""

from resource_hub.files.detection import detect
from resource_hub.files.facts import MISNAMED, SENTENCES, Facts, Part, PlaceKind, Trouble
from resource_hub.files.types import EXTENSIONS, TYPES, Family, FileType
from resource_hub.files.workshop import Workshop, WorkshopClosed

__all__ = [
    "EXTENSIONS",
    "MISNAMED",
    "SENTENCES",
    "TYPES",
    "Facts",
    "Family",
    "FileType",
    "Part",
    "PlaceKind",
    "Trouble",
    "Workshop",
    "WorkshopClosed",
    "detect",
]

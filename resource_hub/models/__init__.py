"""The tables. Importing this package makes every one of them known to ``Base.metadata``."""

from resource_hub.models.base import Base
from resource_hub.models.catalogue import Entry, Issue
from resource_hub.models.jobs import Job, JobState
from resource_hub.models.log import AuditEvent, Notice
from resource_hub.models.organisation import Alliance, Membership, School, Standing
from resource_hub.models.people import Appointed, SignIn, SignInFailure, User
from resource_hub.models.resource import (
    Attachment,
    Blob,
    BlobText,
    Resource,
    Revision,
    RevisionGrade,
)
from resource_hub.models.review import Review, Submission
from resource_hub.models.searching import FruitlessSearch, SearchWord, WordKind
from resource_hub.models.taxonomy import TermRow
from resource_hub.models.wishes import Wish, WishAudience, Wisher

__all__ = [
    "Alliance",
    "Appointed",
    "Attachment",
    "AuditEvent",
    "Base",
    "Blob",
    "BlobText",
    "Entry",
    "FruitlessSearch",
    "Issue",
    "Job",
    "JobState",
    "Membership",
    "Notice",
    "Resource",
    "Review",
    "Revision",
    "RevisionGrade",
    "School",
    "SearchWord",
    "SignIn",
    "SignInFailure",
    "Standing",
    "Submission",
    "TermRow",
    "User",
    "Wish",
    "WishAudience",
    "Wisher",
    "WordKind",
]

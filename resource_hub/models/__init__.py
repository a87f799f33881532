"""The tables. Importing this package makes every one of them known to ``Base.metadata``."""

from resource_hub.models.absence import Absence
from resource_hub.models.assignment import Assignment, EndedAs
from resource_hub.models.base import Base
from resource_hub.models.catalogue import Entry, Issue
from resource_hub.models.closeness import CoAuthor, MentorPair
from resource_hub.models.comparisons import PageComparison
from resource_hub.models.discussion import (
    Mention,
    Post,
    PostPicture,
    PostReport,
    Thread,
    ThreadMute,
)
from resource_hub.models.feedback import ClassUse, Rating
from resource_hub.models.figures import (
    Objection,
    PointsRuleRow,
    SchoolYear,
    Statement,
    StatementFile,
)
from resource_hub.models.holidays import HolidayYear
from resource_hub.models.invitation import Invitation
from resource_hub.models.issue_parts import Artefact, Asked, Highlighted, IssueErratum
from resource_hub.models.jobs import Job, JobState
from resource_hub.models.judged import JudgedCopy, JudgedFile
from resource_hub.models.log import AuditEvent, Notice
from resource_hub.models.mail import Letter, LetterNotice, MailChoice
from resource_hub.models.messages import Message
from resource_hub.models.opinions import HalfWritten, OwnSentence
from resource_hub.models.organisation import Alliance, Membership, School, Standing
from resource_hub.models.page_prints import PageBand, PagePrint, PrintedFile
from resource_hub.models.people import Appointed, SignIn, SignInFailure, User
from resource_hub.models.policy import PolicyRow
from resource_hub.models.remarks import Remark
from resource_hub.models.renditions import Preview, Rendition, RenditionKind
from resource_hub.models.resource import (
    Attachment,
    Blob,
    BlobText,
    Playing,
    Recognition,
    Resource,
    Revision,
    RevisionGrade,
)
from resource_hub.models.review import Review, Submission
from resource_hub.models.review_forms import FormChoice, FormText
from resource_hub.models.robots import IssueNotice, Posting, RobotRow
from resource_hub.models.rounds import AgendaItem, Attendance, Coming, FollowUp, IssueRound
from resource_hub.models.safekeeping import (
    AskedBy,
    Fault,
    FaultKind,
    SchoolQuota,
    StickSubmission,
    Tick,
    UnusedBlob,
    Verification,
)
from resource_hub.models.searching import FruitlessSearch, SearchWord, WordKind
from resource_hub.models.similarity import (
    Comparison,
    FoundAlike,
    Kinship,
    Relation,
    WorkPrint,
    WorkValue,
)
from resource_hub.models.taxonomy import TermRow
from resource_hub.models.uploads import Upload
from resource_hub.models.usage import DownloadOfDay, MonthOfUse
from resource_hub.models.wishes import Wish, WishAudience, Wisher

__all__ = [
    "Absence",
    "AgendaItem",
    "Alliance",
    "Appointed",
    "Artefact",
    "Asked",
    "AskedBy",
    "Assignment",
    "Attachment",
    "Attendance",
    "AuditEvent",
    "Base",
    "Blob",
    "BlobText",
    "ClassUse",
    "CoAuthor",
    "Coming",
    "Comparison",
    "DownloadOfDay",
    "EndedAs",
    "Entry",
    "Fault",
    "FaultKind",
    "FollowUp",
    "FormChoice",
    "FormText",
    "FoundAlike",
    "FruitlessSearch",
    "HalfWritten",
    "Highlighted",
    "HolidayYear",
    "Invitation",
    "Issue",
    "IssueErratum",
    "IssueNotice",
    "IssueRound",
    "Job",
    "JobState",
    "JudgedCopy",
    "JudgedFile",
    "Kinship",
    "Letter",
    "LetterNotice",
    "MailChoice",
    "Membership",
    "Mention",
    "MentorPair",
    "Message",
    "MonthOfUse",
    "Notice",
    "Objection",
    "OwnSentence",
    "PageBand",
    "PageComparison",
    "PagePrint",
    "Playing",
    "PointsRuleRow",
    "PolicyRow",
    "Post",
    "PostPicture",
    "PostReport",
    "Posting",
    "Preview",
    "PrintedFile",
    "Rating",
    "Recognition",
    "Relation",
    "Remark",
    "Rendition",
    "RenditionKind",
    "Resource",
    "Review",
    "Revision",
    "RevisionGrade",
    "RobotRow",
    "School",
    "SchoolQuota",
    "SchoolYear",
    "SearchWord",
    "SignIn",
    "SignInFailure",
    "Standing",
    "Statement",
    "StatementFile",
    "StickSubmission",
    "Submission",
    "TermRow",
    "Thread",
    "ThreadMute",
    "Tick",
    "UnusedBlob",
    "Upload",
    "User",
    "Verification",
    "Wish",
    "WishAudience",
    "Wisher",
    "WordKind",
    "WorkPrint",
    "WorkValue",
]

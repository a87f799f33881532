"""What each kind of promise means. Handlers take ids only, and may run twice."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from resource_hub.edge.current import hub, reading, writing
from resource_hub.edge.issue_words import data_of, labels_in
from resource_hub.files.clamd import ScannerSilent
from resource_hub.files.playable import make_at_a_distance
from resource_hub.jobs import mailing, posting, recognising, reviews, rounds, upkeep
from resource_hub.jobs.tools import Tools
from resource_hub.models import Revision
from resource_hub.services import comparisons, delivering
from resource_hub.services.blob_uses import claim
from resource_hub.services.catalogue_due import build_due
from resource_hub.services.figures_files import note_statement, write_statement
from resource_hub.services.films import make_film, note_film
from resource_hub.services.indexing import index_resources, is_sound
from resource_hub.services.inspecting import look_into, note_facts
from resource_hub.services.issue_files import note_file, write_files
from resource_hub.services.kinships import note_comparison
from resource_hub.services.page_prints import (
    make_page_prints,
    note_page_prints,
    promise_page_prints,
)
from resource_hub.services.previews import (
    FIRST_OF_SPANS,
    make_pages,
    note_pages,
    promise_first_pages,
    subject_of,
)
from resource_hub.services.queue import Patience
from resource_hub.services.recognising import promise_recognition
from resource_hub.services.scanning import look_for_virus, note_verdict
from resource_hub.services.similarity import compare_work
from search_index import IndexBusy, SearchIndexError


class NotNow(Exception):
    """What the job needs is out of order, not the job: it waits; ``str(error)`` says for what."""


Handler = Callable[[Sequence[str], Tools], None]


def index(subjects: Sequence[str], _tools: Tools) -> None:
    """Bring the search index up to date for these resources, in one commit."""
    ids = [int(subject) for subject in subjects]
    try:
        index_resources(reading(), hub().search, ids, now=hub().now())
    except SearchIndexError as error:
        if isinstance(error, IndexBusy) or not is_sound(hub().search):
            raise NotNow(str(error)) from error
        raise


def inspect(subjects: Sequence[str], tools: Tools) -> None:
    """Look into these blobs: text, pages, thumbnail."""
    for key in subjects:
        found = look_into(reading(), hub().storage, tools.workshop(), key)
        if found is None:
            continue
        facts, thumbnail_key = found
        with writing() as uow:
            if thumbnail_key is not None:
                claim(uow, hub().storage, thumbnail_key)
            note_facts(uow, key, facts, thumbnail_key)
            promise_first_pages(uow, key)
            promise_page_prints(uow, key)
            if hub().ocr:
                promise_recognition(uow, key)


def draw_pages(subjects: Sequence[str], tools: Tools) -> None:
    """Draw pages of these blobs; a subject is a blob and the first page that is wanted."""
    for subject in subjects:
        stored = make_pages(reading(), hub().storage, tools, subject)
        if stored is None:
            continue
        with writing() as uow:
            note_pages(uow, hub().storage, stored)


def print_pages(subjects: Sequence[str], tools: Tools) -> None:
    """Look how the pages of these blobs look, so that they are found again."""
    for key in subjects:
        prints = make_page_prints(reading(), hub().storage, tools, key)
        if prints is None:
            continue
        with writing() as uow:
            note_page_prints(uow, key, prints)


def recognise(subjects: Sequence[str], tools: Tools) -> None:
    """Recognise the text of these blobs, which are pictures; it goes on where it was."""
    for key in subjects:
        if not recognising.recognise(key, tools):
            raise NotNow("what people wait for goes first; recognition goes on where it was")


def film(subjects: Sequence[str], tools: Tools) -> None:
    """Make of these blobs films that browsers play; it is begun again if the worker ends."""

    def tick() -> None:
        if tools.stopping():
            raise NotNow("the worker ends; the film is begun anew when it runs again")

    for key in subjects:
        made = make_film(reading(), hub().storage, make_at_a_distance, key, tick)
        if made is None:
            continue
        with writing() as uow:
            note_film(uow, hub().storage, made)


def compare(subjects: Sequence[str], _tools: Tools) -> None:
    """Compare these revisions with what their alliances have, and let others be compared."""
    for subject in dict.fromkeys(subjects):
        revision_id = int(subject)
        if reading().get(Revision, revision_id) is None:
            continue
        compared = compare_work(reading(), revision_id)
        with writing() as uow:
            note_comparison(uow, compared)


def scan(subjects: Sequence[str], _tools: Tools) -> None:
    """Have these files looked at for viruses; while the scanner is silent, they wait."""
    if not hub().clamd:
        return
    for key in subjects:
        try:
            virus = look_for_virus(reading(), hub().storage, hub().clamd, key)
        except ScannerSilent as error:
            raise NotNow(str(error)) from error
        with writing() as uow:
            note_verdict(uow, key, virus)


def compare_looks(subjects: Sequence[str], tools: Tools) -> None:
    """Draw the pages of two files, then say which look different."""
    for subject in subjects:
        keys = comparisons.waiting(reading(), subject)
        if keys is None:
            continue
        draw_pages([subject_of(key, first) for key in keys for first in FIRST_OF_SPANS], tools)
        pages = comparisons.compare(reading(), hub().storage, keys)
        with writing() as uow:
            comparisons.note_comparison(uow, subject, pages)


def mail_password(subjects: Sequence[str], _tools: Tools) -> None:
    """Mail a link for a new password."""
    for subject in subjects:
        mailing.password_link(int(subject))


def mail_notice(subjects: Sequence[str], _tools: Tools) -> None:
    """Mail these notices to whom wants them at once."""
    for subject in subjects:
        mailing.notice(int(subject))


def mail_invitation(subjects: Sequence[str], _tools: Tools) -> None:
    """Mail people from outside the links of their invitations; with a day, as a reminder."""
    for subject in subjects:
        number, _colon, day = subject.partition(":")
        mailing.invitation(int(number), day)


def letters(subjects: Sequence[str], _tools: Tools) -> None:
    """Promise everybody who has something unread a letter of this morning."""
    for day in subjects:
        mailing.promise_letters(day)


def mail_letter(subjects: Sequence[str], _tools: Tools) -> None:
    """Mail the letter of a morning; a subject is a person and the day."""
    for subject in subjects:
        user_id, _colon, day = subject.partition(":")
        mailing.letter(int(user_id), day)


def verify(_subjects: Sequence[str], tools: Tools) -> None:
    """Read every blob, as far as there is time; what is left comes when the worker runs again."""
    if not upkeep.verify(tools.stopping):
        raise NotNow("the worker ends; the verification goes on where it was")


def tidy(_subjects: Sequence[str], _tools: Tools) -> None:
    """Remove what nothing uses any more."""
    upkeep.tidy()


def catalogue(subjects: Sequence[str], _tools: Tools) -> None:
    """Build the issue of a month that is over; a subject is the month and the alliance."""
    for subject in subjects:
        with writing() as uow:
            build_due(uow, subject)


def issue_files(subjects: Sequence[str], _tools: Tools) -> None:
    """Write the files of these published issues, as far as they are not there."""
    for subject in dict.fromkeys(subjects):
        number = int(subject)
        for file in write_files(reading(), hub().storage, number, data_of, labels_in):
            with writing() as uow:
                note_file(uow, hub().storage, number, file)


def statement_files(subjects: Sequence[str], _tools: Tools) -> None:
    """Write workbook and PDF of these fixed figures, as far as they are not there."""
    for number in {int(subject) for subject in subjects}:
        written = write_statement(reading(), hub().storage, number, labels_in)
        with writing() as uow:
            note_statement(uow, hub().storage, number, written)


def issue_out(subjects: Sequence[str], _tools: Tools) -> None:
    """Tell everybody in the alliance of a published issue, and promise its cards."""
    for subject in subjects:
        with writing() as uow:
            delivering.go_out(uow, int(subject))


def post_card(subjects: Sequence[str], _tools: Tools) -> None:
    """Post a card of an issue, or of its round, to a group."""
    for subject in subjects:
        posting.card(int(subject))


HANDLERS: Mapping[str, Handler] = {
    "catalogue": catalogue,
    "compare": compare,
    "film": film,
    "index": index,
    "inspect": inspect,
    "looks": compare_looks,
    "issue_files": issue_files,
    "issue_out": issue_out,
    "letters": letters,
    "mail_invitation": mail_invitation,
    "mail_letter": mail_letter,
    "mail_notice": mail_notice,
    "mail_password": mail_password,
    "page_prints": print_pages,
    "pages": draw_pages,
    "post_card": post_card,
    "preview": draw_pages,
    "rebalance": reviews.rebalance,
    "recognise": recognise,
    "review_clock": reviews.review_clock,
    "round_closes": rounds.closes,
    "round_minutes": rounds.minutes,
    "round_opens": rounds.opens,
    "scan": scan,
    "statement_files": statement_files,
    "tidy": tidy,
    "turns": reviews.turns,
    "verify": verify,
}

BATCH: Mapping[str, int] = {"compare": 10, "index": 500, "rebalance": 50}
"""How many jobs of a kind are taken at once; one at a time unless it says so.

What is taken is done before the worker ends: so few that it ends within seconds.
"""

_MAIL = Patience(attempts=16, first_pause=timedelta(minutes=1))
"""A mail server may be away for a night: a minute, two, four, then every hour for ten hours."""

PATIENCE: Mapping[str, Patience] = dict.fromkeys(
    ("mail_invitation", "mail_letter", "mail_notice", "mail_password", "post_card"), _MAIL
)
"""Of kinds that wait for others longer than is usual."""

LANES: Mapping[str, tuple[str, ...]] = {
    "quick": ("index",),
    "mails": ("mail_password", "mail_notice", "mail_invitation", "letters", "mail_letter"),
    "files": ("pages", "inspect", "preview"),
    "looks": ("looks", "page_prints"),
    "films": ("film",),
    "scripts": ("recognise",),
    "likenesses": ("compare",),
    "scans": ("scan",),
    "upkeep": ("tidy", "verify"),
    "review": ("review_clock", "turns", "rebalance"),
    "issues": ("catalogue", "issue_out", "issue_files", "round_minutes", "statement_files"),
    "rounds": ("round_opens", "round_closes"),
    "cards": ("post_card",),
}
"""Each lane is a thread: a file that takes two minutes must not hold up the search index."""

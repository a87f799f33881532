"""What each kind of promise means. Handlers take ids only, and may run twice."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from resource_hub.edge.current import hub, reading, writing
from resource_hub.files import Workshop
from resource_hub.models import User
from resource_hub.notifications.mail import send_password_link
from resource_hub.services.indexing import index_resources, is_sound
from resource_hub.services.inspecting import look_into, note_facts
from resource_hub.services.passwords import reset_token
from search_index import IndexBusy, SearchIndexError


@dataclass(slots=True)
class Tools:
    """What a lane keeps between jobs: the workshop is a process, started when first needed."""

    stack: ExitStack = field(default_factory=ExitStack)
    _workshop: Workshop | None = None

    def workshop(self) -> Workshop:
        if self._workshop is None:
            self._workshop = self.stack.enter_context(
                Workshop(seconds=hub().file_seconds, memory_bytes=hub().file_memory)
            )
        return self._workshop


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
        with writing() as uow:
            note_facts(uow, key, *found)


def mail_password(subjects: Sequence[str], _tools: Tools) -> None:
    """Mail a link for a new password; the token is made here, so the queue holds no secret."""
    for subject in subjects:
        user = reading().get(User, int(subject))
        if user is None or not user.email or not user.is_active or not hub().smtp_url:
            continue
        send_password_link(
            hub().smtp_url,
            to=user.email,
            name=user.name,
            language=user.language or hub().language,
            link=f"{hub().public_url}/reset/{reset_token(hub().secret, user)}",
        )


HANDLERS: Mapping[str, Handler] = {
    "index": index,
    "inspect": inspect,
    "mail_password": mail_password,
}

BATCH: Mapping[str, int] = {"index": 500}
"""How many jobs of a kind are taken at once; one at a time unless it says so."""

LANES: Mapping[str, tuple[str, ...]] = {
    "quick": ("index", "mail_password"),
    "files": ("inspect",),
}
"""Each lane is a thread: a file that takes two minutes must not hold up the search index."""

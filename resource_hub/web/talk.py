"""What pages need to show a thread and the box to write in, wherever it stands."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from markupsafe import Markup

from resource_hub.domain.errors import Problem
from resource_hub.domain.thread import MOST_CHARACTERS
from resource_hub.edge.markdown import markdown
from resource_hub.services.post_pictures import MAX_BYTES, MOST_PICTURES
from resource_hub.services.queries.discussion import ShownPost

LONGEST_QUOTE = 400
"""Characters of a post that are put into the box of one who quotes it."""


@dataclass(frozen=True, slots=True)
class Written:
    """The box to write in: where it is sent, and what stands in it."""

    to: str
    text: str = ""
    answered: ShownPost | None = None
    problems: Sequence[Problem] = ()
    key: str = ""
    most_characters: int = MOST_CHARACTERS
    most_pictures: int = MOST_PICTURES


def form_key() -> str:
    """A name for a form that is shown now: the one it came back with, or a new one."""
    return request.form.get("key", "") or secrets.token_urlsafe(12)


def quoted(text: str) -> str:
    """A post as a quotation in Markdown, with room to answer below."""
    short = text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + "…"
    return "\n".join(f"> {line}".rstrip() for line in short.split("\n")) + "\n\n"


def sent_pictures() -> list[bytes]:
    """The pictures that came with the form; one too many and one byte too many, to be refused."""
    sent = [file for file in request.files.getlist("pictures") if file.filename]
    return [file.stream.read(MAX_BYTES + 1) for file in sent[: MOST_PICTURES + 1]]


def post_words(text: str, names: Sequence[str]) -> Markup:
    """A post as it is shown: Markdown, and whom it names in bold."""
    longest_first = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return markdown(re.sub(f"([@＠])({longest_first})", r"\1**\2**", text) if names else text)

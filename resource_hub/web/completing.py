"""What a person may be about to type, and the query that each guess stands for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext

from resource_hub.domain.errors import N_
from resource_hub.services.queries.search import Completion, CompletionKind

LONGEST = 100
"""Characters of what is typed that guesses are made from."""

QUERIES: Mapping[CompletionKind, str] = {
    CompletionKind.AUTHOR: N_('author:"%(words)s"'),
    CompletionKind.SCHOOL: N_('school:"%(words)s"'),
    CompletionKind.UNIT: N_('unit:"%(words)s"'),
}
"""The field that is searched when such a guess is taken; a title is searched as words."""

LABELS: Mapping[CompletionKind, str] = {
    CompletionKind.TITLE: N_("Title"),
    CompletionKind.UNIT: N_("Unit"),
    CompletionKind.AUTHOR: N_("Author"),
    CompletionKind.SCHOOL: N_("School"),
}

ICONS: Mapping[CompletionKind, str] = {
    CompletionKind.TITLE: "search",
    CompletionKind.UNIT: "layers",
    CompletionKind.AUTHOR: "person",
    CompletionKind.SCHOOL: "school",
}

_MEANS_SOMETHING = re.compile(r"""["“”＂「」()*＊~～:：]|(^|\s)[-+－＋]|\b(AND|OR|NOT)\b""")
"""What the search language would not take as words."""


_QUOTES = re.compile('["“”＂「」]')


@dataclass(frozen=True, slots=True)
class Guess:
    """One line of the list: what is shown, and what is searched when it is taken."""

    text: str
    query: str
    label: str
    icon: str


def guess_of(completion: Completion) -> Guess:
    """The guess in the reader's language."""
    kind = completion.kind
    return Guess(completion.text, _query(completion), gettext(LABELS[kind]), ICONS[kind])


def _query(completion: Completion) -> str:
    words = " ".join(completion.text.split())
    plain = " ".join(_QUOTES.sub(" ", words).split())
    if completion.kind in QUERIES:
        return str(gettext(QUERIES[completion.kind], words=plain))
    return f'"{plain}"' if _MEANS_SOMETHING.search(words) else words

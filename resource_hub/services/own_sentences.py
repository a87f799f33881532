"""The sentences that a reviewer keeps to use again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import N_, Invalid, Missing, NotAllowed, Problem
from resource_hub.domain.people import Person
from resource_hub.models import OwnSentence
from resource_hub.services.unit_of_work import UnitOfWork

FIELDS = ("strengths", "comment", "hidden")
"""Where a sentence belongs: the texts of the form."""
MAX_SENTENCE = 300
MOST_SENTENCES = 60


@dataclass(frozen=True, slots=True)
class Sentence:
    id: int
    text: str


def own_sentences(session: Session, person: Person) -> Mapping[str, Sequence[Sentence]]:
    """By field, in the order in which they were added; one query."""
    found: dict[str, list[Sentence]] = {name: [] for name in FIELDS}
    rows = session.execute(
        select(OwnSentence.id, OwnSentence.field, OwnSentence.text)
        .where(OwnSentence.user_id == person.id)
        .order_by(OwnSentence.id)
    )
    for number, name, text in rows:
        found[name].append(Sentence(number, text))
    return found


def add_sentence(uow: UnitOfWork, person: Person, field: str, text: str) -> OwnSentence:
    """Keep a sentence for this field; one that is there already is not kept twice.

    Raises:
        NotAllowed: nobody is signed in.
        Invalid: it is empty or too long, belongs nowhere, or there are too many.
    """
    if not person.id:
        raise NotAllowed(N_("Please sign in."))
    text = " ".join(text.split())
    own = select(OwnSentence).where(OwnSentence.user_id == person.id)
    present = uow.session.scalar(own.where(OwnSentence.field == field, OwnSentence.text == text))
    if present is not None:
        return present
    number = uow.session.scalar(select(func.count()).select_from(own.subquery())) or 0
    if problems := _problems(field, text, number):
        raise Invalid(problems)
    sentence = OwnSentence(user_id=person.id, field=field, text=text)
    uow.session.add(sentence)
    uow.session.flush()
    return sentence


def _problems(field: str, text: str, number: int) -> list[Problem]:
    found = []
    if field not in FIELDS:
        found.append(Problem("field", N_("Choose where the sentence belongs.")))
    if not text:
        found.append(Problem("text", N_("Write the sentence first.")))
    if len(text) > MAX_SENTENCE:
        found.append(
            Problem(
                "text",
                N_("At most %(limit)s characters; this has %(length)s."),
                {"limit": MAX_SENTENCE, "length": len(text)},
            )
        )
    if number >= MOST_SENTENCES:
        found.append(
            Problem(
                "text",
                N_("You keep %(limit)s sentences already: take one out first."),
                {"limit": MOST_SENTENCES},
            )
        )
    return found


def remove_sentence(uow: UnitOfWork, person: Person, sentence_id: int) -> None:
    """Raises ``Missing`` unless it is the person's own."""
    uow.session.delete(own_sentence(uow.session, person, sentence_id))


def own_sentence(session: Session, person: Person, sentence_id: int) -> OwnSentence:
    """Raises ``Missing`` unless it is the person's own."""
    row = session.scalar(
        select(OwnSentence).where(OwnSentence.id == sentence_id, OwnSentence.user_id == person.id)
    )
    if row is None:
        raise Missing(N_("There is no such sentence of yours."))
    return row

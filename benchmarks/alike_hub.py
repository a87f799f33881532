"""A hub of which nearly every work is unlike any other, with the works that are copied."""

import random
import string
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC
from itertools import islice
from pathlib import Path

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from benchmarks.alike_pairs import Material
from benchmarks.disguises import Work, in_template
from benchmarks.filled_hub import filled_hub
from benchmarks.material import NEWEST, documents
from benchmarks.measuring import tell, told
from config import Settings
from resource_hub.domain.review import State
from resource_hub.domain.similarity import cut, print_of
from resource_hub.models import Resource, Revision, WorkPrint
from resource_hub.models.database import WRITING, open_database
from resource_hub.services.unit_of_work import UnitOfWork
from resource_hub.services.work_prints import keep_print
from resource_hub.services.work_texts import texts_of
from search_index import IndexDocument

TOGETHER = 4_000
"""Prints that are written in one transaction."""

FIRST_IDEOGRAPH, IDEOGRAPHS = 0x4E00, 20_000


def alike_hub(data: Path, count: int, given: Material) -> Settings:
    """The settings of a hub with ``count`` published works, all with prints, and asked drafts.

    The first works are the corpus of ``given``; the drafts follow after ``count``, in the order of
    ``given.asked``. What was filled in an earlier run is taken as it is.
    """

    def make(whole: int) -> Iterator[IndexDocument]:
        texts = (
            *given.corpus,
            *[None] * (count - len(given.corpus)),
            *(a.work for a in given.asked),
        )
        for number, document in enumerate(documents(whole)):
            yield _written(document, texts[number])

    settings = filled_hub(data, count + len(given.asked), make)
    engine = open_database(settings.database_url)
    try:
        with Session(engine) as session:
            there = session.scalar(select(func.max(WorkPrint.revision_id))) or 0
        waiting = told("keeping prints", range(there + 1, count + 1))
        while numbers := list(islice(waiting, TOGETHER)):
            with engine.connect().execution_options(**{WRITING: True}) as connection:
                connection.exec_driver_sql("PRAGMA cache_size = -400000")  # 400 MB
                _keep_prints(Session(connection, join_transaction_mode="rollback_only"), numbers)
                connection.commit()
        with engine.connect().execution_options(**{WRITING: True}) as connection:
            connection.execute(
                update(Revision)
                .where(Revision.id > count)
                .values(state=State.DRAFT, published_at=None, basis=None, available_at=None)
            )
            connection.execute(
                update(Resource)
                .where(Resource.id > count)
                .values(audience_token=None, available_at=None)
            )
            connection.commit()
    finally:
        engine.dispose()
    tell(f"{count:,} works have prints")
    return settings


def _keep_prints(session: Session, numbers: Sequence[int]) -> None:
    uow = UnitOfWork(session, lambda: NEWEST, UTC)
    for number, work in texts_of(session, numbers).items():
        keep_print(uow, number, print_of(cut(work.folded)))
    session.flush()


def _written(document: IndexDocument, work: Work | None) -> IndexDocument:
    if work is None:
        title, summary, body = (
            _nobody_elses(text, document.resource_id)
            for text in (document.title, document.summary, document.body)
        )
        work = Work("", "", title, summary, (body,))
        if document.resource_id % 2:
            work = in_template(work)
    return replace(document, title=work.title, summary=work.summary, body="\n".join(work.sections))


def _nobody_elses(text: str, seed: int) -> str:
    """The text in a secret writing of its own: signs, lengths and repetitions stay as they were."""
    dice = random.Random(seed)
    letters = list(string.ascii_lowercase)
    dice.shuffle(letters)
    table = dict(zip(map(ord, string.ascii_lowercase), letters, strict=True))
    step, start = dice.randrange(1, IDEOGRAPHS, 2), dice.randrange(IDEOGRAPHS)
    for letter in {ord(letter) for letter in text if "\u4e00" <= letter <= "\u9fff"}:
        table[letter] = chr(FIRST_IDEOGRAPH + (letter * step + start) % IDEOGRAPHS)
    return text.lower().translate(table)

"""The figures beside the words of the navigation and of the inbox."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.services.queries.boxes import (
    Box,
    boxes_of,
    number_to_answer,
    number_to_publish,
    number_untold,
)
from resource_hub.services.queries.inbox import number_waiting
from resource_hub.services.queries.reported import number_reported


@dataclass(frozen=True, slots=True)
class Counts:
    to_review: int = 0
    to_answer: int = 0
    to_publish: int = 0
    reported: int = 0
    notices: int = 0

    @property
    def total(self) -> int:
        return sum(map(self.of, Box))

    def of(self, box: Box) -> int:
        numbers = {
            Box.REVIEW: self.to_review,
            Box.ANSWER: self.to_answer,
            Box.PUBLISH: self.to_publish,
            Box.REPORTED: self.reported,
            Box.TOLD: self.notices,
        }
        return numbers[box]


def counts_of(
    session: Session, person: Person, now: datetime, *, to_review: int | None = None
) -> Counts:
    """What waits for ``person``, in one query; nothing waits for a stranger.

    Args:
        to_review: where the caller has counted that already.
    """
    if not person.is_signed_in:
        return Counts()
    known = {} if to_review is None else {Box.REVIEW: to_review}
    asked = [box for box in boxes_of(person) if box not in known]
    numbers = [_number(box, person, now).scalar_subquery() for box in asked]
    row = session.execute(select(*numbers)).one()
    found = known | dict(zip(asked, row, strict=True))
    return Counts(*(found.get(box, 0) for box in Box))


def _number(box: Box, person: Person, now: datetime) -> Select[int]:
    match box:
        case Box.REVIEW:
            return number_waiting(person)
        case Box.ANSWER:
            return number_to_answer(person, now)
        case Box.PUBLISH:
            return number_to_publish(person, now)
        case Box.REPORTED:
            return number_reported(person, now)
        case Box.TOLD:
            return number_untold(person)

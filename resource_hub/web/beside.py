"""The list from which a reader came to a submission: what stands before and after it there.

The desk's address carries the list as ``?list=``: the filters and the order of the inbox, as its
own address has them. So every window has its own list.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import request, url_for

from resource_hub.domain.people import Person
from resource_hub.domain.review import Stage
from resource_hub.domain.taxonomy import Kind
from resource_hub.edge.current import reading
from resource_hub.services.queries.inbox import may_judge
from resource_hub.services.queries.oversight import answers_for, may_oversee
from resource_hub.services.queries.queues import (
    Order,
    Queue,
    Sought,
    Whose,
    neighbours,
    next_turn,
)
from resource_hub.web.ages import today
from resource_hub.web.converters import row_number

CHOICES = ("subject", "kind", "stage", "whose", "late", "order")
"""The names of the filters in the address of the inbox."""

HOLDER = "holder"
"""In the list of who holds what: whose part of it; empty for all."""

LONGEST = 300
"""Characters of a list that is looked at; the hub's own lists are far shorter."""


@dataclass(frozen=True, slots=True)
class Beside:
    """Where j and k lead; empty where the list ends."""

    list: str
    """The list, for the forms of the desk to carry on."""
    back: str
    """Its address."""
    before: str = ""
    after: str = ""


def sought_in(asked: Mapping[str, str]) -> Sought:
    """What an address asks for; words that mean nothing are passed over."""
    kind, stage = asked.get("kind", ""), asked.get("stage", "")
    whose, order = asked.get("whose", ""), asked.get("order", "")
    return Sought(
        subject=asked.get("subject", ""),
        kind=Kind(kind) if kind in set(Kind) else None,
        stage=Stage(stage) if stage in set(Stage) else None,
        whose=Whose(whose) if whose in set(Whose) else None,
        late=asked.get("late") == "1",
        order=Order(order) if order in set(Order) else Order.MINE,
    )


def list_here() -> str:
    """The list that the address of the inbox asks for, without its page."""
    return urlencode({name: asked for name in CHOICES if (asked := request.args.get(name))})


def list_held(holder: int | None) -> str:
    """The list of who holds what, or of one person's part of it."""
    return urlencode({HOLDER: "" if holder is None else holder})


def beside(person: Person, submission_id: int) -> Beside | None:
    """What stands beside a submission in the list its reader came from; None for who has none."""
    found = _queue(person)
    if found is None:
        return None
    queue, sought, back = found
    near = neighbours(reading(), queue, sought, submission_id)
    return Beside(_asked(), back, _desk(near.before), _desk(near.after))


def back_to_list(person: Person) -> str:
    """The address of the list, or of the usual inbox."""
    found = _queue(person)
    return url_for("inbox.to_review") if found is None else found[2]


def where_next(person: Person, submission_id: int) -> str:
    """The next of the list that this person may judge now, once this one is decided.

    To be asked before the decision, which takes the submission out of the list; empty where the
    form carries no list, or nothing is left in it.
    """
    found = _queue(person) if "list" in request.form else None
    if found is None or not person.is_reviewer:
        return ""
    queue, sought, _back = found
    return _desk(next_turn(reading(), queue, sought, submission_id))


def _asked() -> str:
    return request.values.get("list", "")[:LONGEST]


def _queue(person: Person) -> tuple[Queue, Sought, str] | None:
    if person.guest_of is not None:
        return None
    asked = dict(parse_qsl(_asked(), keep_blank_values=True))
    if HOLDER in asked and may_oversee(person):
        try:
            holder: int | None = row_number(asked[HOLDER])
        except ValueError:
            holder = None
        queue = Queue(person, answers_for(person), today(), holder)
        return queue, Sought(order=Order.DUE), url_for("overseeing.who_holds_what", holder=holder)
    if not person.is_reviewer:
        return None
    kept: dict[str, Any] = {name: asked[name] for name in CHOICES if asked.get(name)}  # Any: words
    queue = Queue(person, may_judge(person), today())
    return queue, sought_in(asked), url_for("inbox.to_review", **kept)


def _desk(submission_id: int | None) -> str:
    if submission_id is None:
        return ""
    asked = _asked()
    return url_for("review.desk", submission_id=submission_id, list=asked or None)

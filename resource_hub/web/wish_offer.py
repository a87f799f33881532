"""The way from a search in vain to a wish."""

from dataclasses import dataclass, field

from resource_hub.domain.taxonomy import Scheme
from resource_hub.domain.wishes import MAX_TEXT
from resource_hub.edge.current import current_person, taxonomy
from resource_hub.edge.words import label
from resource_hub.services.queries.search import Answer
from resource_hub.web.asked import Asked


@dataclass(frozen=True, slots=True)
class WishOffer:
    """What the form begins with; the lists are empty where only a link is shown."""

    text: str
    subject: str
    grade: str
    may_leave: bool
    """A person of a school; a stranger is asked to sign in first."""
    most: int = MAX_TEXT
    subjects: list[tuple[str, str]] = field(default_factory=list)
    grades: list[tuple[str, str]] = field(default_factory=list)


def wish_offer(asked: Asked, answer: Answer) -> WishOffer | None:
    """The words as a wish, where nothing fitted them; None where something did."""
    text = " ".join(asked.query.replace("\0", " ").split())[:MAX_TEXT]
    if not text or (answer.paging.total and answer.relaxed is None):
        return None
    offer = WishOffer(
        text=text,
        subject=_only(asked, "subject"),
        grade=_only(asked, "grade"),
        may_leave=current_person().school_id is not None,
    )
    if offer.may_leave and not answer.paging.total:
        offer.subjects.extend(_terms(Scheme.SUBJECT))
        offer.grades.extend(_terms(Scheme.GRADE))
    return offer


def _only(asked: Asked, name: str) -> str:
    """What is chosen, if it is one."""
    codes = asked.filters.get(name, frozenset())
    return next(iter(codes)) if len(codes) == 1 else ""


def _terms(scheme: Scheme) -> list[tuple[str, str]]:
    return [(term.code, label(term.code, scheme.value)) for term in taxonomy().offered(scheme)]

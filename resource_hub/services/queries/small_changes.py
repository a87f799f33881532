"""Which of several submissions may be approved together, and what must be answered first."""

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.people import Person
from resource_hub.domain.review_form import Form, Item
from resource_hub.domain.verdict import what_decides
from resource_hub.models import Resource, Revision, Submission
from resource_hub.services.queries.inbox import may_judge
from resource_hub.services.review_forms import ALL_KINDS, forms_in_use, shipped_form


@dataclass(slots=True)
class Alike:
    """Small changes that are judged by the same form."""

    form: Form
    asked: set[str] = field(default_factory=set)
    """The criteria that decide by the policy of at least one."""
    titles: dict[int, str] = field(default_factory=dict)
    """By submission."""

    @property
    def criteria(self) -> list[Item]:
        return [item for item in self.form.criteria if item.code in self.asked]


@dataclass(frozen=True, slots=True)
class SmallChanges:
    """What of the chosen can be approved together."""

    groups: tuple[Alike, ...]
    scored: dict[int, str]
    """Titles of those that must be opened, for by their policy the scores decide too."""

    def __len__(self) -> int:
        return sum(len(group.titles) for group in self.groups)


def small_changes(session: Session, person: Person, numbers: Collection[int]) -> SmallChanges:
    """Those of these submissions that ``person`` may judge and took the fast lane; two queries."""
    rows = session.execute(
        select(Submission.id, Submission.policy, Revision.title, Resource.kind)
        .join(Submission.revision)
        .join(Revision.resource)
        .where(Submission.id.in_(numbers), Submission.fast_lane, may_judge(person))
        .order_by(Submission.id)
    ).all()
    forms = forms_in_use(session)
    groups: dict[str, Alike] = {}
    scored = {}
    for row in rows:
        form = forms.get(row.kind.value) or forms.get(ALL_KINDS) or shipped_form()
        asked = what_decides(row.policy, form)
        if asked.scores:
            scored[row.id] = row.title
            continue
        group = groups.setdefault(form.digest, Alike(form))
        group.titles[row.id] = row.title
        group.asked.update(item.code for item in asked.criteria)
    return SmallChanges(tuple(groups.values()), scored)

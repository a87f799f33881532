"""The form of a review: what a reviewer answers, and what must be answered before deciding."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from statistics import fmean
from typing import Any

from resource_hub.domain.errors import N_, Problem

SCORES = range(1, 6)
MAX_WORDS = 5_000
"""Characters of each of the three texts."""
LOCALES = ("zh_Hans", "zh_Hant", "en")
MAX_LABEL = 40
MAX_NOTE = 200
MOST_ITEMS = 12
"""Of each part: more would be no ten minutes."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the form: a stable code, its name and a sentence about it, by locale."""

    code: str
    labels: Mapping[str, str]
    """By locale: ``zh_Hans``, ``zh_Hant``, ``en``; the first is always there."""
    notes: Mapping[str, str] = field(default_factory=dict)

    def label(self, locale: str) -> str:
        return self.labels.get(locale) or self.labels["zh_Hans"]

    def note(self, locale: str) -> str:
        return self.notes.get(locale) or self.notes.get("zh_Hans", "")


@dataclass(frozen=True, slots=True)
class Form:
    """What is asked: criteria, which are met or not, and what is scored from 1 to 5."""

    criteria: tuple[Item, ...]
    scores: tuple[Item, ...]

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        """``{"criteria": [{"code", "labels", "notes"}, …], "scores": […]}``."""
        return {"criteria": _listed(self.criteria), "scores": _listed(self.scores)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Form":  # Any: JSON
        return cls(_items(data["criteria"]), _items(data["scores"]))

    @property
    def digest(self) -> str:
        """SHA-256 of what it says: two forms with the same words are the same form."""
        said = json.dumps(self.to_json(), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()

    def answers(self, sheet: "Sheet") -> "Sheet":
        """The sheet with those answers alone that this form asks for."""
        criteria = {item.code for item in self.criteria}
        scores = {item.code for item in self.scores}
        return replace(
            sheet,
            passes={code: met for code, met in sheet.passes.items() if code in criteria},
            scores={code: score for code, score in sheet.scores.items() if code in scores},
        )

    def unanswered(self, sheet: "Sheet") -> Iterator[Problem]:
        """What an approval still needs: a word on each criterion, points for each score."""
        if open_criteria := [i for i in self.criteria if sheet.passes.get(i.code) is None]:
            yield Problem(
                f"pass-{open_criteria[0].code}",
                N_("Say of each criterion whether it is met: %(number)s are left."),
                {"number": len(open_criteria)},
            )
        if open_scores := [item for item in self.scores if item.code not in sheet.scores]:
            yield Problem(
                f"score-{open_scores[0].code}",
                N_("Give 1 to 5 points for each: %(number)s are left."),
                {"number": len(open_scores)},
            )


def _listed(items: tuple[Item, ...]) -> list[dict[str, Any]]:  # Any: JSON
    return [
        {"code": item.code, "labels": dict(item.labels), "notes": dict(item.notes)}
        for item in items
    ]


def _items(rows: list[dict[str, Any]]) -> tuple[Item, ...]:  # Any: JSON
    return tuple(Item(row["code"], row["labels"], row["notes"]) for row in rows)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One reviewer's answers, by the codes of the form that was on the page."""

    passes: Mapping[str, bool | None] = field(default_factory=dict)
    """Criterion → met, not met; None or absent: not answered."""
    scores: Mapping[str, int] = field(default_factory=dict)
    """What is scored → 1-5; absent: not answered."""
    strengths: str = ""
    changes: str = ""
    """What to change: for the author, needed when changes are asked for or it is rejected."""
    hidden_note: str = ""
    """For reviewers and coordinators; never shown to the author, in any form."""
    form: str = ""
    """The digest of the form that was answered; empty where there was none."""

    @property
    def mean(self) -> float | None:
        """The mean of the scores given; None where there are none."""
        return fmean(self.scores.values()) if self.scores else None

    @property
    def failed(self) -> frozenset[str]:
        """The criteria that are not met."""
        return frozenset(code for code, met in self.passes.items() if met is False)


def malformed(sheet: Sheet) -> Iterator[Problem]:
    """What no form allows, whatever is decided: scores that do not exist, texts without end."""
    for code, score in sheet.scores.items():
        if score not in SCORES:
            yield Problem(f"score-{code}", N_("Give 1 to 5 points."))
    texts = {"strengths": sheet.strengths, "comment": sheet.changes, "hidden": sheet.hidden_note}
    for name, text in texts.items():
        if len(text) > MAX_WORDS:
            yield Problem(
                name,
                N_("At most %(limit)s characters; this has %(length)s."),
                {"limit": MAX_WORDS, "length": len(text)},
            )


def unfit(form: Form) -> Iterator[Problem]:
    """Why this cannot be a form: too little, too much, or a name missing, too long or twice."""
    for part, items in (("criteria", form.criteria), ("scores", form.scores)):
        if not 1 <= len(items) <= MOST_ITEMS:
            yield Problem(
                part, N_("Between 1 and %(limit)s lines are possible here."), {"limit": MOST_ITEMS}
            )
        seen: set[str] = set()
        for item in items:
            name = f"{part}-{item.code}-label-zh_Hans"
            if not item.labels.get("zh_Hans"):
                yield Problem(name, N_("Give the word in simplified Chinese."))
            elif item.labels["zh_Hans"] in seen:
                yield Problem(name, N_("Two lines have this name."))
            seen.add(item.labels.get("zh_Hans", ""))
            for what, words, limit in (
                ("label", item.labels, MAX_LABEL),
                ("note", item.notes, MAX_NOTE),
            ):
                for locale, word in words.items():
                    if len(word) > limit:
                        yield Problem(
                            f"{part}-{item.code}-{what}-{locale}",
                            N_("At most %(limit)s characters."),
                            {"limit": limit},
                        )

"""The reviewer's form as it was typed, and as the page shows it."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from flask import request

from resource_hub.domain.review import Reason
from resource_hub.domain.review_form import SCORES, Form, Item, Sheet
from resource_hub.edge.words import locale_name
from resource_hub.services.opinions import Written

_MET = {"1": True, "0": False}


def written_typed() -> Written:
    """The form as it was sent; whatever is no answer counts as none."""
    form = request.form
    passes: dict[str, bool | None] = {}
    scores: dict[str, int] = {}
    for name, value in form.items():
        part, _, code = name.partition("-")
        if part == "pass" and value in _MET:
            passes[code] = _MET[value]
        elif part == "score" and value.isascii() and value.isdigit() and len(value) == 1:
            scores[code] = int(value)
    return Written(
        Sheet(
            passes=passes,
            scores=scores,
            strengths=lines(form.get("strengths", "")),
            changes=lines(form.get("comment", "")),
            hidden_note=lines(form.get("hidden", "")),
            form=form.get("form", "")[:64],
        ),
        form.get("reason", "")[:24],
    )


def reason_of(written: Written) -> Reason | None:
    return Reason(written.reason) if written.reason in set(Reason) else None


def window_typed() -> str:
    """The name of the page that writes; a page without one gets a new one."""
    return request.form.get("window", "")[:32] or new_window()


def version_typed() -> str:
    return request.form.get("version", "")[:40]


def new_window() -> str:
    return secrets.token_hex(16)


def lines(text: str) -> str:
    """Line ends as the rest of the hub keeps them: a browser sends two characters for each."""
    return text.replace("\r\n", "\n")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the form in the reader's language, with the answer so far."""

    code: str
    label: str
    note: str
    answer: str
    """``1`` or ``0`` for a criterion, ``1``-``5`` for a score, else empty."""


@dataclass(frozen=True, slots=True)
class ShownForm:
    digest: str
    criteria: tuple[Line, ...]
    scores: tuple[Line, ...]
    points: tuple[int, ...] = tuple(SCORES)

    @property
    def number(self) -> int:
        return len(self.criteria) + len(self.scores)

    @property
    def answered(self) -> int:
        return sum(1 for line in (*self.criteria, *self.scores) if line.answer)


def shown_form(form: Form, sheet: Sheet) -> ShownForm:
    """The form with the answers of ``sheet``."""
    met = {code: str(int(each)) for code, each in sheet.passes.items() if each is not None}
    points = {code: str(each) for code, each in sheet.scores.items()}
    return ShownForm(form.digest, _lines(form.criteria, met), _lines(form.scores, points))


def _lines(items: tuple[Item, ...], answers: Mapping[str, str]) -> tuple[Line, ...]:
    locale = locale_name()
    return tuple(
        Line(item.code, item.label(locale), item.note(locale), answers.get(item.code, ""))
        for item in items
    )

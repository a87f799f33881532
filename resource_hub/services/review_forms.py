"""Which form a review is given on: shipped, edited for all kinds, or edited for one of them."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files

from sqlalchemy import Insert, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from resource_hub.domain.errors import N_, Invalid, Problem
from resource_hub.domain.people import Person
from resource_hub.domain.review_form import LOCALES, Form, Item, Sheet, unfit
from resource_hub.domain.taxonomy import Kind
from resource_hub.models import FormChoice, FormText, Submission
from resource_hub.services.organisations import require_administrator
from resource_hub.services.unit_of_work import UnitOfWork

ALL_KINDS = "all"


@cache
def shipped_form() -> Form:
    """The form of ``resource_hub/review_form.toml``, in the order of the file."""
    data = tomllib.loads((files("resource_hub") / "review_form.toml").read_text("utf-8"))

    def items(part: str) -> tuple[Item, ...]:
        return tuple(
            Item(
                code,
                dict(zip(LOCALES, row["label"], strict=True)),
                dict(zip(LOCALES, row["note"], strict=True)),
            )
            for code, row in data[part].items()
        )

    return Form(items("criteria"), items("scores"))


def form_for(session: Session, kind: Kind) -> Form:
    """The form that reviews of this kind are given on now; one query."""
    used = forms_in_use(session, kind.value)
    return used.get(kind.value) or used.get(ALL_KINDS) or shipped_form()


def forms_in_use(session: Session, *kinds: str) -> Mapping[str, Form]:
    """The edited forms, by kind and ``all``; if ``kinds`` are given, no other kind's."""
    statement = select(FormChoice.kind, FormText.content).join(
        FormText, FormText.digest == FormChoice.digest
    )
    if kinds:
        statement = statement.where(FormChoice.kind.in_([*kinds, ALL_KINDS]))
    return {kind: Form.from_json(content) for kind, content in session.execute(statement)}


def kept_forms(session: Session, digests: set[str]) -> Mapping[str, Form]:
    """The forms that reviews were given on, by digest; one query."""
    if not digests:
        return {}
    rows = session.execute(
        select(FormText.digest, FormText.content).where(FormText.digest.in_(digests))
    )
    return {digest: Form.from_json(content) for digest, content in rows}


def answered(
    uow: UnitOfWork, kind: Kind, sheet: Sheet, *, asked: Callable[[Form], Form] | None
) -> tuple[Sheet, list[Problem]]:
    """The answers with the form they are kept with, and what of ``asked`` has none.

    The form is the one that was on the page (``sheet.form``), also if it was changed meanwhile;
    answers to what it does not ask are dropped. A digest that nobody knows: the form of today.

    Args:
        asked: which part of the form must be answered; None: nothing, for it is no approval.
    """
    form = form_on_page(uow.session, kind, sheet.form)
    kept = replace(form.answers(sheet), form=keep_form(uow.session, form))
    return kept, list(asked(form).unanswered(kept)) if asked else []


def form_on_page(session: Session, kind: Kind, digest: str) -> Form:
    """The form with this digest if it is known, else the one for ``kind``."""
    form = form_for(session, kind)
    if digest and digest != form.digest:
        form = kept_forms(session, {digest}).get(digest, form)
    return form


def unchecked(session: Session, kind: Kind, checked: frozenset[str] | None) -> list[Problem]:
    """What the author has not checked yet; nothing where nobody was asked (None)."""
    if checked is None:
        return []
    left = [item for item in form_for(session, kind).criteria if item.code not in checked]
    if not left:
        return []
    sentence = N_("Check your work against each point first: %(number)s are left.")
    return [Problem("checked", sentence, {"number": len(left)})]


def note_self_check(
    session: Session, submission: Submission, kind: Kind, checked: frozenset[str] | None
) -> None:
    """Remember with the submission what the author checked, and by which wording."""
    if checked is None:
        return
    form = form_for(session, kind)
    submission.checked = tuple(item.code for item in form.criteria if item.code in checked)
    submission.checked_form = keep_form(session, form)


def keep_form(session: Session, form: Form) -> str:
    """Remember this wording for ever; keeping it twice, or two at once, is the same."""
    row = {"digest": form.digest, "content": form.to_json()}
    session.execute(_once(session).values(row))
    return form.digest


def _once(session: Session) -> Insert:
    if session.connection().dialect.name == "sqlite":
        return sqlite.insert(FormText).on_conflict_do_nothing()
    return postgresql.insert(FormText).on_conflict_do_nothing()


def change_form(uow: UnitOfWork, by: Person, kind: Kind | None, form: Form) -> Form:
    """Use ``form`` from now on, for ``kind`` or (None) for every kind that has none of its own.

    Reviews that were given, and opinions that are being written, keep the form they were on.

    Raises:
        NotAllowed: ``by`` is no administrator.
        Invalid: it asks nothing, or a name is missing, too long, or there twice.
    """
    require_administrator(by)
    if problems := list(unfit(form)):
        raise Invalid(problems)
    for_kind = kind.value if kind else ALL_KINDS
    before = forms_in_use(uow.session).get(for_kind) or shipped_form()
    keep_form(uow.session, before)
    uow.session.merge(
        FormChoice(
            kind=for_kind,
            digest=keep_form(uow.session, form),
            changed_at=uow.now(),
            changed_by_id=by.id or None,
        )
    )
    uow.session.flush()
    uow.record("review_form:change", by=by, kind=for_kind, before=before.digest, after=form.digest)
    return form


def drop_form(uow: UnitOfWork, by: Person, kind: Kind | None) -> None:
    """Go back to the form for all kinds, or (None) to the shipped one.

    Raises:
        NotAllowed: ``by`` is no administrator.
    """
    require_administrator(by)
    for_kind = kind.value if kind else ALL_KINDS
    uow.session.execute(delete(FormChoice).where(FormChoice.kind == for_kind))
    uow.record("review_form:drop", by=by, kind=for_kind)

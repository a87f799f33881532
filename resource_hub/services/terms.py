"""Edit the taxonomy: new terms, other words for them, and terms that are no longer offered."""

import re
from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import N_, Invalid, Missing, Problem
from resource_hub.domain.people import Person
from resource_hub.domain.taxonomy import Scheme
from resource_hub.models import TermRow
from resource_hub.services.organisations import require_administrator
from resource_hub.services.unit_of_work import UnitOfWork

LOCALES = ("zh_Hans", "zh_Hant", "en")
MAX_LABEL = 60
COLOURS = range(17)
"""0: none; 1-16 as the pages colour subjects."""

_CODE = re.compile(r"[a-z][a-z0-9_]{0,38}")


def add_term(
    uow: UnitOfWork,
    by: Person,
    scheme: Scheme,
    *,
    code: str,
    labels: Mapping[str, str],
    stages: tuple[str, ...] = (),
    colour: int = 0,
) -> TermRow:
    """Add a term at the end of its list.

    Args:
        code: kept for ever, so it is chosen once: small letters, digits and underscores.
        labels: by locale; the simplified one is needed, the others repeat it when empty.
        stages: the stages of school to which it belongs; none means all of them.

    Raises:
        NotAllowed: ``by`` is no administrator.
        Invalid: the code or a label is malformed or taken.
    """
    require_administrator(by)
    code, labels = code.strip().lower(), _cleaned(labels)
    problems = _label_problems(uow.session, scheme, code, labels)
    if not _CODE.fullmatch(code):
        problems.insert(
            0,
            Problem(
                "code",
                N_("A code begins with a letter and has small letters, digits and underscores."),
            ),
        )
    elif _row(uow.session, scheme, code) is not None:
        problems.insert(0, Problem("code", N_("There is already a term with this code.")))
    problems += _place_problems(uow.session, scheme, stages, colour)
    if problems:
        raise Invalid(problems)
    last = uow.session.scalar(select(func.max(TermRow.position)))
    row = TermRow(
        scheme=scheme,
        code=code,
        zh_hans=labels["zh_Hans"],
        zh_hant=labels["zh_Hant"],
        en=labels["en"],
        stages=stages,
        colour=colour,
        position=(last or 0) + 1,
    )
    uow.session.add(row)
    uow.session.flush()
    uow.record("term:add", by=by, scheme=scheme.value, code=code, labels=labels)
    return row


def change_term(
    uow: UnitOfWork,
    by: Person,
    scheme: Scheme,
    code: str,
    *,
    labels: Mapping[str, str],
    stages: tuple[str, ...],
    colour: int,
    hidden: bool,
) -> TermRow:
    """Give a term other words, stages and colour; hide it, or offer it again.

    The code stays, so everything that was described with it now carries the new words; a hidden
    term is still shown where it was used.

    Raises:
        NotAllowed: ``by`` is no administrator.
        Missing: there is no such term.
        Invalid: a label is missing or belongs to another term, or nothing would be left to choose.
    """
    require_administrator(by)
    row = _row(uow.session, scheme, code)
    if row is None:
        raise Missing(N_("There is no such term."))
    labels = _cleaned(labels)
    problems = _label_problems(uow.session, scheme, code, labels)
    problems += _place_problems(uow.session, scheme, stages, colour)
    if hidden and not row.hidden and _offered(uow.session, scheme) == [code]:
        problems.append(Problem("hidden", N_("It is the last one: something must be left.")))
    if problems:
        raise Invalid(problems)
    before = {"zh_Hans": row.zh_hans, "zh_Hant": row.zh_hant, "en": row.en}
    row.zh_hans, row.zh_hant, row.en = (labels[locale] for locale in LOCALES)
    row.stages, row.colour, row.hidden = stages, colour, hidden
    uow.record(
        "term:change",
        by=by,
        scheme=scheme.value,
        code=code,
        before=before,
        after=labels,
        hidden=hidden,
    )
    return row


def _row(session: Session, scheme: Scheme, code: str) -> TermRow | None:
    return session.scalar(select(TermRow).where(TermRow.scheme == scheme, TermRow.code == code))


def _offered(session: Session, scheme: Scheme) -> list[str]:
    return list(
        session.scalars(
            select(TermRow.code).where(TermRow.scheme == scheme, TermRow.hidden.is_(False))
        )
    )


def _cleaned(labels: Mapping[str, str]) -> dict[str, str]:
    """Every locale has its word; where none was given, the simplified one."""
    trimmed = {locale: " ".join(labels.get(locale, "").split()) for locale in LOCALES}
    return {locale: trimmed[locale] or trimmed["zh_Hans"] for locale in LOCALES}


def _label_problems(
    session: Session, scheme: Scheme, code: str, labels: Mapping[str, str]
) -> list[Problem]:
    """Two terms of one list with the same word could not be told apart in an import."""
    if not labels["zh_Hans"]:
        return [Problem("zh_Hans", N_("Give the word in simplified Chinese."))]
    found = [
        Problem(locale, N_("At most %(limit)s characters."), {"limit": MAX_LABEL})
        for locale in LOCALES
        if len(labels[locale]) > MAX_LABEL
    ]
    columns = {"zh_Hans": TermRow.zh_hans, "zh_Hant": TermRow.zh_hant, "en": TermRow.en}
    for locale, column in columns.items():
        taken = select(TermRow.code).where(
            TermRow.scheme == scheme, TermRow.code != code, column == labels[locale]
        )
        if session.scalar(taken.limit(1)) is not None:
            found.append(Problem(locale, N_("Another term of this list has this word.")))
    return found


def _place_problems(
    session: Session, scheme: Scheme, stages: tuple[str, ...], colour: int
) -> list[Problem]:
    found = []
    known = set(session.scalars(select(TermRow.code).where(TermRow.scheme == Scheme.SCHOOL_STAGE)))
    if not known.issuperset(stages):
        found.append(Problem("stages", N_("There is no such stage of school.")))
    if scheme is Scheme.GRADE and len(stages) != 1:
        found.append(Problem("stages", N_("A grade belongs to exactly one stage of school.")))
    if colour not in COLOURS:
        found.append(Problem("colour", N_("Choose one of the sixteen colours.")))
    return found

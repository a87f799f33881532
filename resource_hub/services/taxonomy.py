"""Load the taxonomy that is shipped, and read the one that is in use."""

import tomllib
from importlib.resources import files

from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.taxonomy import Scheme, Taxonomy, Term
from resource_hub.models import TermRow


def shipped_terms() -> list[Term]:
    """The terms of ``resource_hub/taxonomy.toml``, in the order of the file."""
    data = tomllib.loads((files("resource_hub") / "taxonomy.toml").read_text("utf-8"))
    return [
        Term(
            scheme=Scheme(scheme),
            code=code,
            labels=dict(zip(("zh_Hans", "zh_Hant", "en"), row[:3], strict=True)),
            stages=frozenset(row[3].split()) if len(row) > 3 else frozenset(),  # noqa: PLR2004 - column of the file
            colour=row[4] if len(row) > 4 else 0,  # noqa: PLR2004 - column of the file
        )
        for scheme, terms in data.items()
        for code, row in terms.items()
    ]


def load_shipped(session: Session) -> int:
    """Add the shipped terms that are not there yet; what was edited stays. Returns how many."""
    present = set(session.execute(select(TermRow.scheme, TermRow.code)))
    added = 0
    for position, term in enumerate(shipped_terms()):
        if (term.scheme, term.code) in present:
            continue
        session.add(
            TermRow(
                scheme=term.scheme,
                code=term.code,
                zh_hans=term.labels["zh_Hans"],
                zh_hant=term.labels["zh_Hant"],
                en=term.labels["en"],
                stages=tuple(sorted(term.stages)),
                colour=term.colour,
                position=position,
            )
        )
        added += 1
    return added


def read_taxonomy(session: Session) -> Taxonomy:
    """The terms in use; one query of about a hundred short rows."""
    rows = session.execute(
        select(
            TermRow.scheme,
            TermRow.code,
            TermRow.zh_hans,
            TermRow.zh_hant,
            TermRow.en,
            TermRow.stages,
            TermRow.colour,
            TermRow.hidden,
        ).order_by(TermRow.position, TermRow.id)
    )
    return Taxonomy.of(
        Term(
            scheme,
            code,
            {"zh_Hans": hans, "zh_Hant": hant, "en": en},
            frozenset(stages),
            colour,
            hidden,
        )
        for scheme, code, hans, hant, en, stages, colour, hidden in rows
    )

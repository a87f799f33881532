"""Between the form in which a teacher describes a resource and the description that rules know."""

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from werkzeug.datastructures import MultiDict

from resource_hub.domain.description import MAX_TITLE, Description
from resource_hub.domain.errors import N_, Problem
from resource_hub.domain.people import Person
from resource_hub.domain.taxonomy import Kind, Language, Scheme, Section, Taxonomy
from resource_hub.domain.visibility import Audience

Word = TypeVar("Word", bound=StrEnum)
Form = MultiDict[str, str]
Values = Mapping[str, Any]  # Any: texts, lists of codes, and the mapping of sections

_BETWEEN_KEYWORDS = re.compile(r"[\s,，、;；]+")


BEGUN = ("title", "subject", "grade")
"""What an address such as ``/submit?title=…`` may know of a resource that is not yet written."""


def begun(person: Person, kind: Kind, known: Mapping[str, str], terms: Taxonomy) -> Description:
    """A description that holds what is known already; what is no code of a list is left out."""
    subject, grade = known.get("subject", ""), terms.term(Scheme.GRADE, known.get("grade", ""))
    stages = sorted(grade.stages) if grade else []
    return Description(
        kind=kind,
        title=" ".join(known.get("title", "").replace("\0", "").split())[:MAX_TITLE],
        school_stage=stages[0] if len(stages) == 1 else "",
        subject=subject if terms.has(Scheme.SUBJECT, subject) else "",
        grades=(grade.code,) if grade else (),
        alliance_id=min(person.alliance_ids, default=None),
    )


def read_description(form: Form, stored: Description) -> tuple[Description, list[Problem]]:
    """What was typed, cleaned; what cannot be read stays as it is stored, and is a problem."""
    problems: list[Problem] = []

    def line(name: str) -> str:
        return " ".join(form.get(name, "").split())

    def block(name: str) -> str:
        return form.get(name, "").replace("\r\n", "\n").strip()

    def choice(name: str, kind: type[Word], before: Word) -> Word:
        code = form.get(name, before.value)
        try:
            return kind(code)
        except ValueError:
            sentence = N_("“%(code)s” is not in the list; choose one that is.")
            problems.append(Problem(name, sentence, {"code": code}))
            return before

    release_on = stored.release_on
    try:
        typed = form.get("release_on", "").strip()
        release_on = date.fromisoformat(typed) if typed else None
    except ValueError:
        problems.append(Problem("release_on", N_("Write the day like this: 2026-09-01.")))
    alliance = form.get("alliance_id", "")
    description = Description(
        kind=choice("kind", Kind, stored.kind),
        title=line("title"),
        summary=block("summary"),
        school_stage=form.get("school_stage", ""),
        subject=form.get("subject", ""),
        grades=tuple(dict.fromkeys(form.getlist("grades"))),
        volume=form.get("volume", ""),
        edition=form.get("edition", ""),
        unit=line("unit"),
        keywords=split_keywords(form.get("keywords", "")),
        language=choice("language", Language, stored.language),
        licence=form.get("licence", ""),
        audience=choice("audience", Audience, stored.audience),
        alliance_id=int(alliance) if re.fullmatch(r"[0-9]{1,9}", alliance) else None,
        release_on=release_on,
        # A kind without sections does not show them; what was written in them is kept.
        sections={
            section: text
            for section in Section
            if (text := block(f"section_{section}") or _unshown(form, stored, section))
        },
        text=block("text"),
        source=line("source"),
    )
    return description, problems


def _unshown(form: Form, stored: Description, section: Section) -> str:
    return "" if f"section_{section}" in form else stored.sections.get(section, "")


def split_keywords(typed: str) -> tuple[str, ...]:
    """Keywords parted by commas, enumeration commas, semicolons or spaces, each once."""
    return tuple(dict.fromkeys(word for word in _BETWEEN_KEYWORDS.split(typed) if word))


def values_of(description: Description) -> Values:
    """What the fields show of a draft."""
    return {
        "kind": description.kind.value,
        "title": description.title,
        "summary": description.summary,
        "school_stage": description.school_stage,
        "subject": description.subject,
        "grades": description.grades,
        "volume": description.volume,
        "edition": description.edition,
        "unit": description.unit,
        "keywords": "、".join(description.keywords),
        "language": description.language.value,
        "licence": description.licence,
        "audience": description.audience.value,
        "alliance_id": str(description.alliance_id or ""),
        "release_on": description.release_on.isoformat() if description.release_on else "",
        "sections": {section.value: text for section, text in description.sections.items()},
        "text": description.text,
        "source": description.source,
        "rights": "",
        "message": "",
    }


def values_typed(form: Form, stored: Description) -> Values:
    """What the fields show after a refusal: everything as it was typed."""
    before = values_of(stored)
    typed: dict[str, Any] = {
        name: form.get(name, before[name]) for name in before
    }  # Any: as Values
    typed["grades"] = tuple(form.getlist("grades"))
    typed["sections"] = {
        section.value: form.get(f"section_{section}", before["sections"].get(section.value, ""))
        for section in Section
    }
    typed["rights"] = form.get("rights", "")
    return typed

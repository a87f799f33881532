"""What an author says about a resource, and what is still missing before it can be submitted."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from resource_hub.domain.errors import N_, Problem
from resource_hub.domain.licences import ALLIANCE_ONLY, LICENCES
from resource_hub.domain.taxonomy import Kind, Language, Scheme, Section, Taxonomy
from resource_hub.domain.visibility import Audience

MAX_TITLE = 200
MAX_SUMMARY = 2_000
MAX_UNIT = 120
MAX_KEYWORDS = 20
MAX_KEYWORD = 40
MAX_SECTION = 20_000
MAX_TEXT = 200_000


@dataclass(frozen=True, slots=True)
class Description:
    """The form, as typed and cleaned; every field may be empty in a draft. Codes, not labels."""

    kind: Kind
    title: str = ""
    summary: str = ""
    school_stage: str = ""
    subject: str = ""
    grades: tuple[str, ...] = ()
    volume: str = ""
    edition: str = ""
    unit: str = ""
    keywords: tuple[str, ...] = ()
    language: Language = Language.SIMPLIFIED
    licence: str = ""
    audience: Audience = Audience.ALLIANCE
    alliance_id: int | None = None
    release_on: date | None = None
    """Not to be seen by others before this day; None: at once."""
    sections: Mapping[Section, str] = field(default_factory=dict)
    text: str = ""
    """A resource may be a text, without any file: an exercise, a poem."""
    source: str = ""
    """Where it was taken from, when it was not written by its owner."""


def format_problems(description: Description, taxonomy: Taxonomy) -> list[Problem]:
    """What cannot even be kept in a draft: too long, or not in the lists."""
    found = [
        Problem(
            name,
            N_("At most %(limit)s characters; this has %(length)s."),
            {"limit": limit, "length": len(text)},
        )
        for name, text, limit in _lengths(description)
        if len(text) > limit
    ]
    if len(description.keywords) > MAX_KEYWORDS:
        found.append(
            Problem("keywords", N_("At most %(limit)s keywords."), {"limit": MAX_KEYWORDS})
        )
    chosen = [
        (Scheme.SCHOOL_STAGE, "school_stage", [description.school_stage]),
        (Scheme.SUBJECT, "subject", [description.subject]),
        (Scheme.GRADE, "grades", list(description.grades)),
        (Scheme.VOLUME, "volume", [description.volume]),
        (Scheme.EDITION, "edition", [description.edition]),
    ]
    found += [
        Problem(name, N_("“%(code)s” is not in the list; choose one that is."), {"code": code})
        for scheme, name, codes in chosen
        for code in codes
        if code and not taxonomy.has(scheme, code)
    ]
    if description.licence and description.licence not in LICENCES:
        found.append(
            Problem(
                "licence",
                N_("“%(code)s” is not in the list; choose one that is."),
                {"code": description.licence},
            )
        )
    return found


def _lengths(description: Description) -> list[tuple[str, str, int]]:
    fields = [
        ("title", description.title, MAX_TITLE),
        ("summary", description.summary, MAX_SUMMARY),
        ("unit", description.unit, MAX_UNIT),
        ("text", description.text, MAX_TEXT),
        ("source", description.source, MAX_TITLE),
    ]
    fields += [("keywords", word, MAX_KEYWORD) for word in description.keywords]
    fields += [
        (f"section_{name}", text, MAX_SECTION) for name, text in description.sections.items()
    ]
    return fields


def missing(
    description: Description,
    taxonomy: Taxonomy,
    *,
    file_count: int,
    alliance_ids: Collection[int],
    rights_declared: bool,
) -> list[Problem]:
    """What stands between this draft and its submission, field by field, in the order of the form.

    Args:
        alliance_ids: the alliances of the author's school.
    """
    found: list[Problem] = []

    def need(name: str, sentence: str, *, given: object) -> None:
        if not given:
            found.append(Problem(name, sentence))

    need("title", N_("Give it a title."), given=description.title)
    need("summary", N_("Say in a sentence or two what it is good for."), given=description.summary)
    need("school_stage", N_("Choose the stage of school."), given=description.school_stage)
    need("subject", N_("Choose the subject."), given=description.subject)
    need("grades", N_("Choose at least one grade."), given=description.grades)
    found += _mismatches(description, taxonomy)
    need("licence", N_("Choose how others may use it."), given=description.licence)
    if description.audience is Audience.PUBLIC and description.licence == ALLIANCE_ONLY:
        found.append(
            Problem(
                "licence",
                N_("What everyone may see needs an open licence, or choose the alliance."),
            )
        )
    if description.audience is not Audience.SCHOOL:
        if not alliance_ids:
            found.append(
                Problem(
                    "audience", N_("Your school is in no alliance yet: choose your own school.")
                )
            )
        elif description.alliance_id not in alliance_ids:
            found.append(
                Problem("alliance_id", N_("Choose the alliance whose reviewers shall judge it."))
            )
    has_content = file_count or description.text or any(description.sections.values())
    need("files", N_("Add a file, or write the text."), given=has_content)
    need("rights", N_("Declare that you may share it."), given=rights_declared)
    return found


def _mismatches(description: Description, taxonomy: Taxonomy) -> list[Problem]:
    """A grade or subject that does not belong to the chosen stage of school."""
    stage = description.school_stage
    if not stage:
        return []
    found = []
    subject = taxonomy.term(Scheme.SUBJECT, description.subject)
    if subject and subject.stages and stage not in subject.stages:
        found.append(Problem("subject", N_("This subject is not taught at the chosen stage.")))
    for code in description.grades:
        grade = taxonomy.term(Scheme.GRADE, code)
        if grade and grade.stages and stage not in grade.stages:
            found.append(Problem("grades", N_("A chosen grade does not belong to this stage.")))
            break
    return found

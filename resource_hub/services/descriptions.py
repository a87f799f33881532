"""Between the columns of a revision and the description that the rules and the form know."""

from sqlalchemy.orm import object_session

from resource_hub.domain.description import Description
from resource_hub.domain.taxonomy import Language, Section
from resource_hub.models import Resource, Revision, RevisionGrade


def description_of(resource: Resource, revision: Revision) -> Description:
    return Description(
        kind=resource.kind,
        title=revision.title,
        summary=revision.summary,
        school_stage=revision.school_stage,
        subject=revision.subject,
        grades=revision.grades,
        volume=revision.volume,
        edition=revision.edition,
        unit=revision.unit,
        keywords=tuple(revision.keywords),
        language=Language(revision.language),
        licence=revision.licence,
        audience=revision.audience,
        alliance_id=revision.alliance_id,
        release_on=revision.release_on,
        sections={Section(name): text for name, text in revision.sections.items()},
        text=revision.text,
        source=revision.source,
    )


def write_description(revision: Revision, description: Description) -> None:
    """Put a checked description into the columns; the kind belongs to the resource."""
    revision.title = description.title
    revision.summary = description.summary
    revision.school_stage = description.school_stage
    revision.subject = description.subject
    if revision.grades != description.grades:
        session = object_session(revision)
        if session is not None and revision.grade_rows:
            revision.grade_rows = []
            session.flush()  # a grade that stays would else be added before its old row is gone
        revision.grade_rows = [
            RevisionGrade(grade=grade) for grade in dict.fromkeys(description.grades)
        ]
    revision.volume = description.volume
    revision.edition = description.edition
    revision.unit = description.unit
    revision.keywords = list(description.keywords)
    revision.language = description.language.value
    revision.licence = description.licence
    revision.audience = description.audience
    revision.alliance_id = description.alliance_id
    revision.release_on = description.release_on
    revision.sections = {
        name.value: text for name, text in description.sections.items() if text.strip()
    }
    revision.text = description.text
    revision.source = description.source

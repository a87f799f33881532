"""Keep what a round of review is about, so that the next one can say what changed since."""

from datetime import date
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from resource_hub.domain.description import Description
from resource_hub.domain.taxonomy import Kind, Language, Section
from resource_hub.domain.visibility import Audience
from resource_hub.models import JudgedCopy, JudgedFile, Review, Revision, Submission
from resource_hub.services.descriptions import description_of


def keep_copy(session: Session, submission: Submission, revision: Revision) -> None:
    """Copy what is submitted, in the transaction of the submission.

    ``revision`` comes with its attachments and its resource; ``submission`` has its number.
    """
    session.add(
        JudgedCopy(
            submission_id=submission.id,
            description=packed(description_of(revision.resource, revision)),
            files=[
                JudgedFile(
                    blob_key=attachment.blob_key, filename=attachment.filename, position=place
                )
                for place, attachment in enumerate(revision.attachments)
            ],
        )
    )


def forget_unjudged_copy(session: Session, submission: Submission) -> None:
    """After a round was taken back: what nobody judged need not fill the author's room."""
    judged = exists().where(Review.submission_id == submission.id)
    if session.scalar(select(judged)):
        return
    copy = session.get(JudgedCopy, submission.id)
    if copy is not None:
        session.refresh(copy, ["files"])
        session.delete(copy)


def packed(description: Description) -> dict[str, Any]:  # Any: JSON
    """The description in the words of JSON; ``unpacked`` gives it back."""
    return {
        "kind": description.kind.value,
        "title": description.title,
        "summary": description.summary,
        "school_stage": description.school_stage,
        "subject": description.subject,
        "grades": list(description.grades),
        "volume": description.volume,
        "edition": description.edition,
        "unit": description.unit,
        "keywords": list(description.keywords),
        "language": description.language.value,
        "licence": description.licence,
        "audience": description.audience.value,
        "alliance_id": description.alliance_id,
        "release_on": description.release_on.isoformat() if description.release_on else None,
        "sections": {section.value: text for section, text in description.sections.items()},
        "text": description.text,
        "source": description.source,
    }


def unpacked(words: dict[str, Any]) -> Description:  # Any: JSON
    """A description out of ``packed``; a field that came later than the copy is empty."""
    known = dict(words)
    released = known.pop("release_on", None)
    return Description(
        kind=Kind(known.pop("kind")),
        grades=tuple(known.pop("grades", ())),
        keywords=tuple(known.pop("keywords", ())),
        language=Language(known.pop("language")),
        audience=Audience(known.pop("audience")),
        release_on=date.fromisoformat(released) if released else None,
        sections={Section(name): text for name, text in known.pop("sections", {}).items()},
        **known,
    )

"""A resource as machines read it: schema.org LearningResource in JSON-LD."""

import json
from typing import Any

from flask import url_for
from markupsafe import Markup

from resource_hub.domain.licences import LICENCES
from resource_hub.edge.current import hub
from resource_hub.edge.words import label
from resource_hub.services.queries.resource_page import ResourcePage


def address(endpoint: str, **values: Any) -> str:  # Any: the values of an address
    """The full address of a page of this hub, as people outside reach it."""
    return hub().public_url + url_for(endpoint, **values)


def learning_resource(page: ResourcePage) -> Markup:
    """The text for ``<script type="application/ld+json">``; nothing in it can end the element."""
    resource, revision = page.resource, page.revision
    here = address("resource.show", public_id=resource.public_id)
    licence = LICENCES.get(revision.licence)
    authors = [{"@type": "Person", "name": name} for name in revision.authors]
    facts: dict[str, Any] = {  # Any: JSON
        "@context": "https://schema.org",
        "@type": "LearningResource",
        "@id": here,
        "url": here,
        "identifier": resource.public_id,
        "name": revision.title,
        "image": address("covers.show", public_id=resource.public_id),
        "description": revision.summary,
        "learningResourceType": label(resource.kind, "kind"),
        "about": label(revision.subject, "subject"),
        "educationalLevel": [label(grade, "grade") for grade in revision.grades],
        "keywords": list(revision.keywords),
        "inLanguage": revision.language,
        "version": str(revision.number),
        "author": authors[0] if len(authors) == 1 else authors,
        "sourceOrganization": {"@type": "School", "name": resource.school.name},
        "license": licence.url if licence else "",
        "isAccessibleForFree": True,
        "datePublished": revision.available_at.date().isoformat() if revision.available_at else "",
        "encoding": [
            {
                "@type": "MediaObject",
                "name": attachment.filename,
                "encodingFormat": attachment.blob.media_type,
                "contentSize": str(attachment.blob.size),
                "contentUrl": address(
                    "files.download",
                    public_id=resource.public_id,
                    attachment_id=attachment.id,
                    filename=attachment.filename,
                ),
            }
            for attachment in revision.attachments
        ],
    }
    text = json.dumps({name: value for name, value in facts.items() if value}, ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - what could end the element was escaped above

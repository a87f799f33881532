"""What the pages read about each resource: a head for lists, the details when it is opened."""

from datetime import tzinfo

from resource_hub.pack.data import PackEntry, PackFile, PackIssue, PackResource
from resource_hub.pack.places import Places
from resource_hub.pack.scripts import Plain


def head_of(one: PackResource, places: Places, zone: tzinfo | None) -> list[Plain]:
    """A row without names, for there are thousands; ``lists.js`` gives them again."""
    return [
        one.public_id,
        one.kind,
        one.title,
        one.summary,
        one.language,
        one.school_stage,
        one.subject,
        list(one.grades),
        one.volume,
        one.school_code,
        one.school_name,
        one.author_name,
        f"{one.available_at.astimezone(zone):%Y-%m-%d}",
        one.uses,
        places.of_picture(one.cover) if one.cover else "",
        len(one.files),
        round(max((file.seconds or 0 for file in one.files), default=0)),
        one.badge,
        one.class_uses,
    ]


def detail_of(one: PackResource, places: Places) -> dict[str, Plain]:
    """The rest; what is empty is left away."""
    found = {
        "revision": one.revision,
        "unit": one.unit,
        "edition": one.edition,
        "keywords": list(one.keywords),
        "licence": one.licence,
        "source": one.source,
        "text": one.text,
        "sections": [[name, text] for name, text in one.sections],
        "files": [_file(file, places) for file in one.files],
    }
    return {name: value for name, value in found.items() if value}


def _file(file: PackFile, places: Places) -> dict[str, Plain]:
    found = {
        "name": file.name,
        "path": places.of_file(file),
        "size": (file.film or file.original).size,
        "format": file.film_ending or file.format,
        "family": file.family,
        "pages": [places.of_picture(page) for page in file.pages],
        "total": file.total_pages,
        "plays": file.plays or file.film is not None,
        "poster": places.of_picture(file.poster) if file.poster else "",
        "seconds": round(file.seconds or 0),
    }
    return {name: value for name, value in found.items() if value}


def issue_of(issue: PackIssue, places: Places) -> dict[str, Plain]:
    return {
        "pdf": places.of_file(issue.pdf) if issue.pdf else "",
        "month": issue.month,
        "number": issue.number,
        "published": f"{issue.published_on:%Y-%m-%d}",
        "preface": issue.preface,
        "entries": [_entry(entry) for entry in issue.entries],
        "highlights": [list(one) for one in issue.highlights],
        "errata": [[f"{one.day:%Y-%m-%d}", one.words, one.public_id] for one in issue.errata],
    }


def _entry(entry: PackEntry) -> list[Plain]:
    return [
        entry.public_id,
        entry.change,
        entry.title,
        entry.summary,
        entry.kind,
        entry.subject,
        list(entry.grades),
        entry.school_name,
        entry.author_name,
    ]

"""An issue as a table: CSV for spreadsheets, and JSON with words for programs.

The same issue in the same language gives the same bytes, today and next year.
"""

import csv
import io

from resource_hub.catalogue.data import SCHEMA, EntryData, IssueData, as_object, written
from resource_hub.catalogue.labels import Labels, badge_word, change_word, date_words
from resource_hub.catalogue.plain import harmless, printable
from resource_hub.domain.endorsement import Badge
from resource_hub.domain.errors import N_

COLUMNS = (
    N_("No."), N_("Change"), N_("Title"), N_("Kind"), N_("Stage of school"), N_("Subject"),
    N_("Grades"), N_("School"), N_("Author"), N_("Summary"), N_("Version"), N_("Address"),
)  # fmt: skip
BADGE = N_("Badge")
"""The last column: what people's own sheets count on stays where it is."""
ERRATA = N_("Errata")
"""Behind the last one in CSV, where an issue has any; the workbook has a sheet of them."""


def columns(issue: IssueData) -> tuple[str, ...]:
    """The headings; ``BADGE`` only where there are any, so that older issues keep their bytes."""
    return (*COLUMNS, BADGE) if any(entry.badge for entry in issue.all_entries) else COLUMNS


def as_csv(issue: IssueData, labels: Labels) -> bytes:
    """UTF-8 with a byte order mark, so that Excel and WPS read it; one record for each entry.

    An erratum of the whole issue stands in every record: people take records out of a table.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    head, more = columns(issue), (ERRATA,) if issue.errata else ()
    writer.writerow([labels.say(column) for column in head + more])
    of_all = errata_words(issue, "", labels)
    for number, entry in enumerate(issue.all_entries, start=1):
        record = [str(number), *cells(entry, labels)][: len(head)]
        if more:
            own = errata_words(issue, entry.public_id, labels)
            record.append(labels.say(N_("; ")).join(words for words in (own, of_all) if words))
        writer.writerow([harmless(cell) for cell in record])
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8", "replace")


def cells(entry: EntryData, labels: Labels) -> tuple[str, ...]:
    """What stands below ``COLUMNS`` and ``BADGE``, all but the number; not yet harmless."""
    return (
        change_word(labels, entry.change),
        printable(entry.title),
        labels.label(entry.kind, "kind"),
        labels.label(entry.stage, "school_stage"),
        labels.label(entry.subject, "subject"),
        grade_words(entry, labels),
        printable(entry.school),
        printable(entry.author),
        printable(entry.summary),
        str(entry.revision),
        entry.address,
        badge_word(labels, entry.badge),
    )


def errata_words(issue: IssueData, public_id: str, labels: Labels) -> str:
    """What was corrected of an entry, or with an empty id of the whole, each with its day."""
    said = labels.say(N_("Errata, %(day)s: %(words)s"))
    return labels.say(N_("; ")).join(
        said % {"day": date_words(labels, each.at), "words": printable(each.words)}
        for each in issue.errata
        if each.public_id == public_id
    )


def grade_words(entry: EntryData, labels: Labels) -> str:
    """Its grades in a row, such as 三年级、四年级."""
    return labels.say(", ").join(labels.label(grade, "grade") for grade in entry.grades)


def as_json(issue: IssueData, labels: Labels) -> bytes:
    """The data file with ``labels`` that say its codes; ``from_json`` reads it as well."""
    entries = issue.all_entries
    asked, tallies = issue.asked_for, issue.figures.by_subject
    codes: dict[str, set[str]] = {
        "kind": {entry.kind for entry in entries},
        "school_stage": {entry.stage for entry in entries},
        "subject": {entry.subject for entry in entries}
        | {each.subject for each in asked}
        | {each.name for each in tallies},
        "grade": {grade for entry in entries for grade in entry.grades}
        | {each.grade for each in asked},
    }
    words = {
        "change": {kind: change_word(labels, kind) for kind in ("new", "updated", "withdrawn")}
    }
    badges = {entry.badge for entry in entries}
    if found := {badge.value: badge_word(labels, badge) for badge in Badge if badge in badges}:
        words["badge"] = found
    for scheme, used in codes.items():
        words[scheme] = {code: labels.label(code, scheme) for code in sorted(used - {""})}
    return written({"schema": SCHEMA, **as_object(issue), "labels": words})

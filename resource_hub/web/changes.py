"""What changed in a version or a round: fields, texts and files, the old beside the new."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from resource_hub.domain.differences import Difference
from resource_hub.domain.errors import Missing
from resource_hub.domain.matched_files import FileChange
from resource_hub.domain.shown_rows import Shown, in_brief, in_full
from resource_hub.domain.text_differences import differences
from resource_hub.edge.current import current_person, hub, reading
from resource_hub.services.comparisons import judged_page
from resource_hub.services.queries.changes import (
    ChangedFile,
    Changes,
    SideFile,
    changes_of,
    full_texts,
)
from resource_hub.services.revisions import NO_SUCH
from resource_hub.web.changed_looks import Looks, keyed, looks_of_changes
from resource_hub.web.difference_words import (
    changes_url,
    counted,
    field_label,
    field_value,
    file_change_word,
    standing_words,
)
from resource_hub.web.file_words import icon_of

blueprint = Blueprint("changes", __name__)

DAY_SECONDS = 24 * 3600

WRITTEN = frozenset({"title", "summary", "unit", "text", "source"})
"""Fields that are compared word by word, as are the sections."""

ROOM, ROOM_OF_ONE = 12_000, 3_000
"""Characters of differences on the page, and of one text."""

MOST_COMPARED = 800_000
"""Characters that are compared for one page, which takes up to two seconds."""

PART = 6_000
"""Characters of a text in full on one page."""


@dataclass(slots=True)
class ShownText:
    """A text on the page; ``shown`` is None where it is compared on a page of its own alone."""

    key: str
    heading: str
    url: str
    shown: Shown | None = None


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field whose values stand one beside the other."""

    heading: str
    before: str
    after: str


@dataclass(slots=True)
class ShownChange:
    """A file that is not as it was."""

    name: str
    earlier_name: str
    """When it was called otherwise; else empty."""
    word: str
    change: str
    icon: str
    url: str | None
    earlier_url: str | None
    text: ShownText | None = None
    looks: Looks | None = None


@dataclass(slots=True)
class Room:
    """What may still be compared and shown on this page."""

    characters: int = ROOM
    compared: int = MOST_COMPARED

    def show(self, text: ShownText, before: str, after: str) -> ShownText:
        size = len(before) + len(after)
        if size <= self.compared and self.characters > 0:
            self.compared -= size
            text.shown = in_brief(differences(before, after), min(ROOM_OF_ONE, self.characters))
            self.characters -= sum(row.length for row in text.shown.rows)
        return text


@blueprint.get("/r/<public_id:public_id>/v/<int:number>/changes/<int:judged_id>/<int:page>.webp")
def judged_picture(public_id: str, number: int, judged_id: int, page: int) -> ResponseReturnValue:
    """A page of a file as it was judged, for those who may see that round."""
    found = judged_page(
        reading(), current_person(), public_id, number, judged_id, number=page, now=hub().now()
    )
    with hub().storage.open(found.key) as stream:
        answer = Response(stream.read(), mimetype=found.media_type)
    answer.headers["Cache-Control"] = f"private, max-age={DAY_SECONDS}, immutable"
    answer.set_etag(found.key)
    return answer.make_conditional(request)


@blueprint.get("/r/<public_id:public_id>/v/<int:number>/changes")
def show(public_id: str, number: int) -> ResponseReturnValue:
    """Compared with ``since``; ``to`` a round as it was judged; ``text``: one in full."""
    changes = changes_of(
        reading(),
        current_person(),
        public_id,
        number,
        hub().now(),
        since=request.args.get("since", ""),
        judged_in=request.args.get("to", type=int),
    )
    wanted = request.args.get("text", "")
    if wanted:
        return _one_text(changes, wanted)
    room = Room()
    looks = looks_of_changes(changes)
    written = [each for each in changes.fields if _is_written(each)]
    return render_template(
        "changes/show.html",
        changes=changes,
        words=standing_words,
        counted=counted(changes),
        bases=[(each.code, standing_words(each)) for each in changes.bases],
        fields=[_field(each) for each in changes.fields if not _is_written(each)],
        texts=[
            room.show(_text_of(changes, each), str(each.before), str(each.after))
            for each in written
        ],
        files=list(_files(changes, room, looks)),
    )


def _one_text(changes: Changes, wanted: str) -> ResponseReturnValue:
    """One text with nothing folded away, part by part."""
    heading, before, after = _pair_of(changes, wanted)
    parts = in_full(differences(before, after), PART)
    number = min(max(1, request.args.get("part", 1, type=int)), len(parts))
    return render_template(
        "changes/text.html",
        changes=changes,
        words=standing_words,
        heading=heading,
        rows=parts[number - 1],
        number=number,
        total=len(parts),
        urls=[
            changes_url(changes, text=wanted, part=each) if 1 <= each <= len(parts) else None
            for each in (number - 1, number + 1)
        ],
        back=changes_url(changes),
    )


def _pair_of(changes: Changes, wanted: str) -> tuple[str, str, str]:
    """Heading, old and new text.

    Raises:
        Missing: there is no text of this name that is different.
    """
    for each in changes.fields:
        if each.field == wanted and _is_written(each):
            return field_label(each.field), str(each.before), str(each.after)
    for key, file in keyed(changes.files):
        if key == wanted:
            texts = full_texts(reading(), _keys(file))
            return file.name, _text(file.before, texts), _text(file.after, texts)
    raise Missing(NO_SUCH)


def _is_written(difference: Difference) -> bool:
    return difference.field in WRITTEN or difference.field.startswith("section_")


def _field(difference: Difference) -> ShownField:
    return ShownField(
        field_label(difference.field),
        field_value(difference, difference.before) if difference.field != "alliance_id" else "",
        field_value(difference, difference.after),
    )


def _text_of(changes: Changes, difference: Difference) -> ShownText:
    name = difference.field
    return ShownText(name, field_label(name), changes_url(changes, text=name))


def _files(changes: Changes, room: Room, looks: Mapping[str, Looks]) -> Iterator[ShownChange]:
    replaced = [file for file in changes.files if file.change is FileChange.REPLACED]
    texts = full_texts(reading(), {key for file in replaced for key in _keys(file)})
    for key, file in keyed(changes.files):
        side = file.after or file.before
        if side is None:
            continue
        shown = ShownChange(
            name=file.name,
            earlier_name=_earlier_name(file),
            word=file_change_word(file.change),
            change=file.change.value,
            icon=icon_of(side.blob),
            url=_url(changes, file.after),
            earlier_url=_url(changes, file.before),
            looks=looks.get(key),
        )
        before, after = _text(file.before, texts), _text(file.after, texts)
        if file.change is FileChange.REPLACED and (before or after):
            text = ShownText(key, file.name, changes_url(changes, text=key))
            shown.text = room.show(text, before, after)
        yield shown


def _keys(file: ChangedFile) -> set[str]:
    return {side.blob.key for side in (file.before, file.after) if side}


def _text(side: SideFile | None, texts: Mapping[str, str]) -> str:
    return texts.get(side.blob.key, "") if side else ""


def _earlier_name(file: ChangedFile) -> str:
    if file.before is None or file.after is None:
        return ""
    return file.before.filename if file.before.filename != file.after.filename else ""


def _url(changes: Changes, side: SideFile | None) -> str | None:
    """Where one looks into the file, if it is still there."""
    if side is None or side.attachment_id is None:
        return None
    return url_for(
        "viewer.show", public_id=changes.resource.public_id, attachment_id=side.attachment_id
    )

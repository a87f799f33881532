"""The files of a draft: announced, added, listed, taken out; unfinished uploads given up."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from resource_hub.domain.errors import (
    HubError,
    Invalid,
    Missing,
    TooLarge,
    Unavailable,
    WrongState,
)
from resource_hub.domain.people import Person
from resource_hub.domain.uploads import Announcement
from resource_hub.edge.current import (
    current_person,
    hub,
    reading,
    reception,
    require_person,
    writing,
)
from resource_hub.edge.errors import status_of
from resource_hub.edge.words import say
from resource_hub.models import Revision
from resource_hub.services import uploading
from resource_hub.services.previews import still_drawn
from resource_hub.services.queries import mine, uploads
from resource_hub.web.file_words import PATIENCE, shown_file

blueprint = Blueprint("draft_files", __name__)


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that could not be taken, and why, in the reader's language."""

    name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An upload that waits for the rest of its bytes; sizes in bytes."""

    id: str
    name: str
    received: int
    size: int | None
    percent: int
    until: datetime


def files_of(revision: Revision) -> dict[str, Any]:  # Any: what the fragment needs
    """What ``submit/files.html`` shows.

    It is ``pending`` while something of it is still to come: what is in a file, or its cover.
    ``stamp`` changes with what is shown.
    """
    public_id, now = revision.resource.public_id, hub().now()
    files = [shown_file(attachment, public_id, now) for attachment in revision.attachments]
    bare = {file.blob_key for file in revision.attachments if file.blob.thumbnail_key is None}
    pending = any(file.is_pending for file in files) or still_drawn(reading(), bare, now - PATIENCE)
    stamp = hashlib.sha256(repr((files, pending)).encode()).hexdigest()[:16]
    return {"files": files, "pending": pending, "stamp": stamp}


def unfinished_of(person: Person, revision_id: int) -> list[Unfinished]:
    """What the person began to upload, here or at another computer, and can go on with."""
    return [
        Unfinished(
            upload.id,
            upload.filename,
            upload.received,
            upload.size,
            100 * upload.received // upload.size if upload.size else 0,
            upload.expires_at,
        )
        for upload in uploads.unfinished_of(reading(), person, revision_id, hub().now())
    ]


@blueprint.get("/submit/<int:revision_id>/files")
def listed(revision_id: int) -> ResponseReturnValue:
    """The list of files alone, for the page that waits until they have been looked into.

    Nothing where the page has it already: what is replaced loses the focus.
    """
    if "HX-Request" not in request.headers:
        return redirect(url_for("submit.edit", revision_id=revision_id))
    revision = mine.own_draft(reading(), current_person(), revision_id, hub().now())
    shown = files_of(revision)
    if request.args.get("have") == shown["stamp"]:
        return "", HTTPStatus.NO_CONTENT
    return _rendered(revision, shown)


@blueprint.post("/submit/<int:revision_id>/uploads")
def announce(revision_id: int) -> ResponseReturnValue:
    """Hear of a file before its bytes travel: where to send it, or that it is here already."""
    person = require_person()
    size = request.form.get("size", type=int)
    file = Announcement.of(
        request.form.get("name", ""),
        0 if size is None else size,
        first=request.form.get("first", ""),
        last=request.form.get("last", ""),
        whole=request.form.get("whole", ""),
    )
    wanted = request.form.get("upload", "")
    begun = reception().announce(person, revision_id, file, upload_id=wanted)
    if begun is None:
        return jsonify(here=True)
    url = url_for("tus.send", upload_id=begun.id)
    return jsonify(here=False, upload=begun.id, url=url, received=begun.received)


@blueprint.post("/submit/<int:revision_id>/uploads/<upload_id>/discard")
def discard(revision_id: int, upload_id: str) -> ResponseReturnValue:
    """Give up an unfinished upload; one that is gone already is no reason to complain."""
    person = require_person()
    mine.own_draft(reading(), person, revision_id, hub().now())
    try:
        reception().discard(person, upload_id)
    except Missing as error:
        flash(say(error), "info")
    return redirect(url_for("submit.edit", revision_id=revision_id, _anchor="part-files"), code=303)


@blueprint.post("/submit/<int:revision_id>/files")
def add(revision_id: int) -> ResponseReturnValue:
    """Keep each file that can be kept; say by name what was wrong with the others."""
    person = require_person()
    mine.own_draft(reading(), person, revision_id, hub().now())
    refused: list[Refused] = []
    errors: list[HubError] = []
    chosen = [upload for upload in request.files.getlist("files") if upload.filename]
    for upload in chosen:
        name = upload.filename or ""
        try:
            kept = uploading.keep(hub().storage, upload.stream, name)  # type: ignore[arg-type]  # Werkzeug says IO[bytes], and means the same
            with writing() as uow:
                uploading.attach(uow, person, revision_id, kept, limits=hub().limits)
        except (Invalid, TooLarge, Unavailable, WrongState) as error:
            problems = error.problems if isinstance(error, Invalid) else ()
            sentence = " ".join(say(problem) for problem in problems) or say(error)
            refused.append(Refused(name, sentence))
            errors.append(error)
    if "HX-Request" in request.headers:
        page = _fragment(revision_id, refused)
        return (page, status_of(errors[0])) if errors else page
    for item in refused:
        flash(_("“%(name)s” was not taken.", name=item.name) + " " + item.sentence, "danger")
    if not chosen:
        flash(_("Choose a file first, then upload it."), "warning")
    anchor = "files" if chosen and not refused else None  # what went wrong is said on top
    return redirect(url_for("submit.edit", revision_id=revision_id, _anchor=anchor), code=303)


@blueprint.post("/submit/<int:revision_id>/files/<int:attachment_id>/remove")
def remove(revision_id: int, attachment_id: int) -> ResponseReturnValue:
    """Take a file out of the draft; one that is gone already is no reason to complain."""
    person = require_person()
    mine.own_draft(reading(), person, revision_id, hub().now())
    try:
        with writing() as uow:
            uploading.remove(uow, person, revision_id, attachment_id)
    except Missing as error:
        flash(say(error), "info")
    if "HX-Request" in request.headers:
        return _fragment(revision_id)
    return redirect(url_for("submit.edit", revision_id=revision_id, _anchor="files"), code=303)


def _fragment(revision_id: int, refused: Sequence[Refused] = ()) -> str:
    revision = mine.own_draft(reading(), current_person(), revision_id, hub().now())
    return _rendered(revision, files_of(revision), refused)


def _rendered(
    revision: Revision, shown: Mapping[str, Any], refused: Sequence[Refused] = ()
) -> str:  # Any: as above
    return render_template("submit/files.html", revision=revision, refused=refused, **shown)
